"""From entries to articles: fetch the page where the feed brought too little, and keep the text."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.domain.article import Article
from bot.domain.feed_entry import StoredEntry
from bot.domain.ports import Clock
from bot.domain.subscription import SubscriptionKey
from bot.domain.text_length import text_length
from bot.errors import (
    Aborted,
    GiveUp,
    NotAnArticle,
    SourceUnavailable,
    StoreUnavailable,
    TryLater,
    Unforeseen,
    reason_of,
)
from bot.gather.catalogue.outlets import OutletName, load_outlets
from bot.gather.http.earlier_keys import earlier_page_key
from bot.gather.http.fetch import Fetcher
from bot.gather.http.robots import Robots
from bot.gather.http.urls import canonical_url, page_key
from bot.gather.pages.kinds import PageSigns, kind_of
from bot.gather.pages.repeats import digest, repeated, without
from bot.gather.tasks import extract_article
from bot.gather.values import Extracted
from bot.group import fingerprint, is_same_article
from bot.logs import event
from bot.steps.matching import Matching
from bot.store import Store
from bot.workers import AnyWorkers

__all__ = ["ReadReport", "Reading"]

# Entries in hand at once, and the places that must be free before more are claimed.
_IN_HAND = 64
_BATCH = 16
# A page that hangs holds up no entry that comes in meanwhile for longer than this.
_LOOK_AGAIN_S = 1.0
_LEASE = timedelta(minutes=10)
# A page that cannot be had is tried again after these waits, then given up.
_RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# Where a page gives no article, a teaser of this length from the feed stands in for it; else the
# entry is told by its title and link.
_MIN_TEASER_CHARS = 80
# A page that is not there is one that its publisher took back: 410 says so; a 404 does where the
# entry is older than this. Before, the feed may be ahead of the page.
_NOT_THERE_YET = timedelta(days=1)
_EXTRACT_TIMEOUT_S = 5.0
# So many of an outlet's last articles are held beside a new one, to learn what they repeat.
_COMPARED = 20
# The migration to schema 0004 has put this before the keys of the articles it found.
_SCHEMA_3 = "schema-3:"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """How many entries a run of reading made articles of, and how many gave none.

    One that leads to an article known already counts as an article.
    """

    articles: int = 0
    failed: int = 0


class Reading:
    """The step that turns entries into articles."""

    def __init__(
        self,
        store: Store,
        *,
        fetcher: Fetcher,
        robots: Robots,
        workers: AnyWorkers,
        matching: Matching,
        clock: Clock,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._robots = robots
        self._workers = workers
        self._matching = matching
        self._clock = clock
        self._saving = asyncio.Lock()
        self._pages: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def read(self, keys: Sequence[str] = ()) -> ReadReport:
        """Read every pending entry, with ``keys`` only of feeds that serve them or everything.

        Up to 64 are in hand at once. Takes as long as the slowest page at least, and as long as
        more come in meanwhile. Each entry ends as an article, as failed, or with an instant to
        retry at, within a transaction of its own; it is left to its lease, of 10 minutes, if the
        database refuses even that. Retries come after 5 and 30 minutes, then 2 hours, or when the
        host asks for if later, in this run if it is still on, else in later ones; they count as
        failed in the report too. Raises an ExceptionGroup that holds StoreUnavailable; what was
        claimed and not ended by then, or when the run is cancelled, is released.
        """
        done: list[bool] = []
        in_hand: set[asyncio.Task[bool]] = set()
        claimed: set[int] = set()
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    if len(in_hand) <= _IN_HAND - _BATCH:
                        entries = await self._store.entries.claim(
                            now=self._clock.now(),
                            limit=_IN_HAND - len(in_hand),
                            lease=_LEASE,
                            keys=keys,
                        )
                        claimed.update(entry.id for entry in entries)
                        in_hand |= {
                            group.create_task(self._end(entry, claimed)) for entry in entries
                        }
                    if not in_hand:
                        break
                    ended, in_hand = await asyncio.wait(
                        in_hand, timeout=_LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED
                    )
                    done += [task.result() for task in ended]
        finally:
            if claimed:  # cancelled, or the database did not answer: nobody got to these
                with suppress(StoreUnavailable):
                    await self._store.entries.release(claimed)
        return ReadReport(articles=sum(done), failed=len(done) - sum(done))

    async def _end(self, stored_entry: StoredEntry, claimed: set[int]) -> bool:
        """Bring an entry to its end, whatever happens to it, and take it out of ``claimed``."""
        try:
            is_article = await self._read_entry(stored_entry)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: it ends this entry alone
            event(_log, "entry-broken", level=logging.ERROR, entry=stored_entry.id, exc_info=error)
            is_article = False
            try:
                await self._put_off(stored_entry, error)
            except StoreUnavailable:
                raise
            except Exception as worse:  # noqa: BLE001 - its lease brings it back
                event(
                    _log, "entry-lost", level=logging.ERROR, entry=stored_entry.id, exc_info=worse
                )
        claimed.discard(stored_entry.id)
        return is_article

    async def _read_entry(self, stored_entry: StoredEntry) -> bool:
        """Make an article of an entry, or record why not; return whether there is one."""
        url = stored_entry.entry.url
        key = page_key(url)
        # Outlets list one article in several of their feeds; its page is fetched once.
        async with self._pages.setdefault(key, asyncio.Lock()):
            is_shared = stored_entry.public and not stored_entry.entry.complete
            if is_shared and await self._store.articles.end_known(
                [key, *_keys_of_before(url)], entry_id=stored_entry.id
            ):
                return True
            try:
                read = await self._article(stored_entry)
            except (TryLater, Aborted, Unforeseen) as error:
                if isinstance(error, StoreUnavailable):
                    raise
                await self._put_off(stored_entry, error)
            except GiveUp as error:
                await self._store.entries.fail(stored_entry.id, error=error.reason)
                # The address of a feed that a reader added is nobody else's business.
                event(
                    _log,
                    "page",
                    feed=stored_entry.feed_id,
                    entry=stored_entry.id,
                    url=url if stored_entry.public else None,
                    error=error,
                )
            else:
                await self._save(stored_entry, read)
                return True
        return False

    async def _article(self, stored_entry: StoredEntry) -> "_Read":
        """Return the article of an entry: the feed's text if whole, else its page's.

        A teaser of the feed stands in for a page that gives none, once no retry can help, and
        nothing but the title where the page may not be read or holds something else; not for one
        that is gone: that answers 410, or 404 a day after it was published.
        """
        entry = stored_entry.entry
        if entry.complete:
            return _Read(_from_feed(stored_entry, entry.text))
        is_gone, is_there = False, True
        try:
            if not await self._robots.allows(entry.url):
                raise NotAnArticle("robots-excluded")
            page = await self._fetcher.fetch(entry.url)
            age = self._clock.now() - (entry.published_at or stored_entry.seen_at)
            is_gone = page.status == 410 or (page.status == 404 and age > _NOT_THERE_YET)
            is_there = page.status != 404
            if page.status != 200:
                raise NotAnArticle("page-status", status=page.status)
            extracted: Extracted = await self._workers.run(
                extract_article,
                page.body,
                url=page.url,
                content_type=page.content_type,
                expected_title=entry.title,
                expected_text=entry.text,
                timeout_s=_EXTRACT_TIMEOUT_S,
            )
        except (NotAnArticle, SourceUnavailable) as error:
            is_refused = isinstance(error, NotAnArticle)
            is_final = is_refused or stored_entry.attempts > len(_RETRY_AFTER)
            is_teaser = text_length(entry.text) >= _MIN_TEASER_CHARS
            is_title = is_refused and is_there and entry.title != ""
            if is_gone or not is_final or not (is_teaser or is_title):
                raise
            article = _from_feed(stored_entry, entry.text if is_teaser else "")
            return _Read(replace(article, paywalled=error.reason.code == "paywalled"))
        own, claim = page_key(page.url), extracted.canonical_url
        claimed = page_key(claim) if claim else ""
        article = Article(
            # What a page claims is its address where only the spelling, or a twin, is meant.
            url=claim if claimed == own else canonical_url(page.url),
            title=entry.title or extracted.title,
            text=extracted.text,
            language=extracted.language or entry.language,
            source=stored_entry.source,
            published_at=entry.published_at or extracted.published_at,
            seen_at=stored_entry.seen_at,
            outlet=_outlet(stored_entry),
            kind=extracted.kind,
            paywalled=extracted.paywalled,
        )
        name = load_outlets().named_by_page(article.outlet, page.url, extracted.outlet)
        return _Read(article, claim="" if claimed == own else claimed, outlet_name=name)

    async def _save(self, stored_entry: StoredEntry, read: "_Read") -> None:
        """Store an entry's article, without the lines that its outlet puts into every one."""
        articles, furniture, article = self._store.articles, self._store.furniture, read.article
        if (name := read.outlet_name) is not None:
            known = await self._store.outlets.learn([(name.outlet, name.name, name.naming)])
            article = replace(article, source=known[name.outlet])
        own = page_key(article.url)
        keys = list(dict.fromkeys((own, page_key(stored_entry.entry.url))))
        async with self._saving:  # the outlet's next article is compared with this one
            known_as = await self._known_as(article, keys, read.claim)
            if stored_entry.public:
                others = await articles.texts_of(
                    article.outlet, limit=_COMPARED, besides=article.url
                )
                lines = await furniture.of(article.outlet)
                found = await asyncio.to_thread(repeated, [article.text, *others])
                seen = {digest(line) for line in article.text.split("\n")}
                if again := ({digest(line) for line in found} | lines) & seen:
                    await furniture.learn(article.outlet, again, now=self._clock.now())
                    article = replace(article, text=without(article.text, again))

            def examine() -> tuple[dict[str, float], int]:
                if not stored_entry.public:
                    return {SubscriptionKey.of_feed(stored_entry.feed_id): 1.0}, fingerprint(
                        article.text
                    )
                matches = self._matching.match(article.title, article.text, article.language)
                return matches, fingerprint(article.text)

            # A long text takes some milliseconds, and many texts come in at once.
            matches, copy_fingerprint = await asyncio.to_thread(examine)
            await articles.save(
                article,
                page_key=own,
                entry_id=stored_entry.id,
                public=stored_entry.public,
                fingerprint=copy_fingerprint,
                matches=matches,
                known_as=known_as,
                keys=keys,
                claim=read.claim,
            )

    async def _known_as(self, article: Article, keys: Sequence[str], claim: str) -> int | None:
        """Return the id of the stored article that this one is, None if it is a new one.

        Its own address, or the link that led to it, is its identity. A claimed address, of this
        page or of the other one, joins two only where their titles or texts agree.
        """
        before = _keys_of_before(article.url)
        article_id, is_own = await self._store.articles.known_by([*keys, *before], claim=claim)
        if article_id is None or is_own:
            return article_id
        other = await self._store.articles.get(article_id)
        if other is None:
            return None
        is_same = await asyncio.to_thread(is_same_article, article, other.article)
        return article_id if is_same else None

    async def _put_off(self, stored_entry: StoredEntry, error: Exception) -> None:
        if stored_entry.attempts > len(_RETRY_AFTER):
            await self._store.entries.fail(stored_entry.id, error=reason_of(error))
            return
        wait = _RETRY_AFTER[stored_entry.attempts - 1]
        if isinstance(error, SourceUnavailable) and error.retry_after_s:
            wait = max(wait, timedelta(seconds=error.retry_after_s))
        at: datetime = self._clock.now() + wait
        await self._store.entries.retry(stored_entry.id, not_before=at, error=reason_of(error))


@dataclass(frozen=True, slots=True)
class _Read:
    """An article as it was read, with the key that its page claims, and its outlet's name there."""

    article: Article
    claim: str = ""
    outlet_name: OutletName | None = None


def _keys_of_before(url: str) -> tuple[str, ...]:
    """Return the keys under which schema 0003 may have stored the article at ``url``."""
    keys = dict.fromkeys((earlier_page_key(url), page_key(url)))
    return tuple(f"{_SCHEMA_3}{key}" for key in keys)


def _outlet(stored_entry: StoredEntry) -> str:
    """Return the id of an entry's outlet; of a feed that has none, its name."""
    return stored_entry.outlet or stored_entry.source


def _from_feed(stored_entry: StoredEntry, text: str) -> Article:
    entry = stored_entry.entry
    return Article(
        url=canonical_url(entry.url),
        title=entry.title,
        text=text,
        language=entry.language,
        source=stored_entry.source,
        published_at=entry.published_at,
        seen_at=stored_entry.seen_at,
        outlet=_outlet(stored_entry),
        kind=kind_of(
            PageSigns(
                url=entry.url,
                title=entry.title,
                lead=entry.text.partition("\n")[0],
                text=text,
                language=entry.language,
            )
        ),
    )

"""Articles, their immutable texts, and the stories they tell."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.article import Article, StoredArticle
from bot.store.article_keys import holder, save_keys
from bot.store.article_queries import (
    SAME_FIELDS,
    best_topics,
    broadest_stories,
    matching_stories,
    members_of,
    select_articles,
    stored_article,
)
from bot.store.database import CHUNK, Database
from bot.store.tables import (
    article,
    article_match,
    article_text,
    feed_entry,
    quote,
    story,
    story_article,
    told,
)
from bot.store.upsert import insert_missing, insert_or_update

__all__ = ["ArticleRows", "StoredStory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story with the articles a reader may see, by date (published, else seen), oldest first.

    ``matches`` maps subscription keys to the best score of the articles in the window.
    ``fingerprints`` has one for each article. Dates are the story's, whatever is visible of it.
    """

    id: int
    first_at: datetime
    last_at: datetime
    matches: Mapping[str, float]
    articles: tuple[StoredArticle, ...]
    fingerprints: tuple[int, ...]


class ArticleRows:
    """The repository of articles and stories.

    Instants are aware, and returned in UTC. Naive ones, and unknown ids of articles and stories,
    raise SQLAlchemy's StatementError, unpaired surrogates UnicodeEncodeError, and store nothing; an
    entry that is not there is passed over. "Oldest" and "newest" are by id, that is, when stored.
    Of several texts an article has the one whose id is highest. Limits are 0 or more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self,
        new: Article,
        *,
        page_key: str,
        entry_id: int,
        public: bool,
        fingerprint: int,
        matches: Mapping[str, float],
        known_as: int | None = None,
        keys: Collection[str] = (),
        claim: str = "",
    ) -> StoredArticle:
        """Store an article that an entry led to, and end the entry; return ``new`` with its ids.

        It is that of ``page_key``, or the article with the id ``known_as``; either will be known
        by ``keys`` too, except by those that are another article's, and by ``claim`` as long as no
        article has that for its own. One that is known keeps its address, title, dates and all
        else; a text that differs from those stored is kept beside them, since quotes point to the
        old ones, and "" where there is none yet. A private article that is now saved as ``public``
        becomes public. ``matches`` maps subscription keys to scores, which replace or join those
        stored. ``fingerprint`` is below 2**63. The entry's own text is deleted. One transaction.
        May be repeated.
        """
        values = {name: getattr(new, name) for name in SAME_FIELDS}
        values |= {"page_key": page_key, "canonical_url": new.url}
        values |= {"fingerprint": fingerprint, "public": public}
        digest = hashlib.sha256(new.text.encode("utf-8", "surrogatepass")).hexdigest()
        async with self._database.write() as connection:
            which = article.c.page_key == page_key
            if known_as is None:
                await insert_missing(connection, article, values)
            else:
                which = article.c.id == known_as
            known = select(article.c.id, article.c.public).where(which)
            row = (await connection.execute(known)).one()
            if public and not row.public:
                published = update(article).where(article.c.id == row.id).values(public=True)
                await connection.execute(published)
            newest = select(func.max(article_text.c.id)).where(article_text.c.article_id == row.id)
            text_id = (await connection.execute(newest)).scalar_one()
            if new.text or text_id is None:  # a title alone takes no text away
                text_row = {"article_id": row.id, "hash": digest, "text": new.text}
                await insert_missing(connection, article_text, text_row)
                its_text = newest.where(article_text.c.hash == digest)
                text_id = (await connection.execute(its_text)).scalar_one()
            await save_keys(connection, row.id, own={page_key, *keys}, claim=claim)
            await _end_entry(connection, entry_id, row.id)
            await _save_matches(connection, [(row.id, matches)])
        return StoredArticle(id=row.id, text_id=text_id, article=new)

    async def known_by(self, keys: Sequence[str], *, claim: str = "") -> tuple[int | None, bool]:
        """Return (id, is own) of the article known by one of ``keys``, the first that is known.

        Else of the one known by ``claim``, its own or claimed, or claiming one of ``keys``: that
        may be another article. (None, False) if there is none. At most three queries.
        """
        async with self._database.read() as connection:
            found = await holder(connection, keys)
            if found is not None:
                return found, True
            asked = [claim, *keys] if claim else keys
            return await holder(connection, asked, claimed=True), False

    async def get(self, article_id: int) -> StoredArticle | None:
        """Return the article with an id, private ones too, or None; one query."""
        statement = select_articles().where(article.c.id == article_id)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
            return None if row is None else stored_article(row)

    async def end_known(self, keys: Sequence[str], *, entry_id: int) -> bool:
        """End an entry that leads to a public article known by one of ``keys``.

        Otherwise return False, do nothing. Claimed keys don't count. The entry's own text is
        deleted, as by ``save``. At most two queries, and a transaction to end it.
        """
        async with self._database.read() as connection:
            article_id = await holder(connection, keys, public=True)
        if article_id is None:
            return False
        async with self._database.write() as connection:
            await _end_entry(connection, entry_id, article_id)
        return True

    async def add_matches(self, found: Iterable[tuple[int, Mapping[str, float]]]) -> None:
        """Record which further keys articles answer to, such as a new subscription's.

        ``found`` is (article id, score by key); a key known already gets the new score.
        """
        async with self._database.write() as connection:
            await _save_matches(connection, found)

    async def since(
        self, at: datetime, *, public: bool = True, after: int = 0, limit: int | None = None
    ) -> list[StoredArticle]:
        """Return the articles seen at an instant or since, in the order of their ids; one query.

        Only public ones, unless ``public`` is False: then all. All texts are held in memory:
        ``limit`` asks for a page of so many; the next one starts ``after`` its last id.
        """
        statement = select_articles().where(article.c.seen_at >= at, article.c.id > after)
        statement = statement.order_by(article.c.id).limit(limit)
        if public:
            statement = statement.where(article.c.public)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [stored_article(row) for row in rows]

    async def texts_of(self, outlet: str, *, limit: int, besides: str) -> list[str]:
        """Return the texts of an outlet's ``limit`` newest public articles, newest first.

        The outlet is named by its id. Those at the address ``besides`` are left out. One query.
        """
        statement = (
            select_articles()
            .where(article.c.outlet == outlet, article.c.public)
            .where(article.c.canonical_url != besides)
            .order_by(article.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [row["text"] for row in (await connection.execute(statement)).mappings()]

    async def ungrouped(self, limit: int, *, after: int = 0) -> list[StoredArticle]:
        """Return up to ``limit`` articles of no story with ids over ``after``, by id; one query."""
        grouped = exists().where(story_article.c.article_id == article.c.id)
        statement = select_articles().where(~grouped, article.c.id > after)
        async with self._database.read() as connection:
            found = await connection.execute(statement.order_by(article.c.id).limit(limit))
            return [stored_article(row) for row in found.mappings()]

    async def grouped_since(self, at: datetime) -> list[tuple[StoredArticle, int]]:
        """Return (article, story id) for what was seen since an instant, oldest first.

        Private articles too, and all texts are held in memory. One query.
        """
        statement = (
            select_articles(story_article.c.story_id)
            .join(story_article, story_article.c.article_id == article.c.id)
            .where(article.c.seen_at >= at)
            .order_by(article.c.id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [(stored_article(row), row["story_id"]) for row in rows]

    async def assign(self, groups: Mapping[int, Sequence[StoredArticle]]) -> dict[int, int]:
        """Put articles into stories; return the permanent id for each key of ``groups``.

        A positive key is an existing story's id; a negative one stands for a new story. An empty
        group raises ValueError. An article that has a story already stays there, and of two groups
        the first given counts; a new story of such alone is stored all the same, and an unknown one
        raises nothing. A known story's ``last_at`` is moved on, its ``first_at`` stays. One
        transaction, a statement per group.
        """
        ids = {key: key for key in groups}
        async with self._database.write() as connection:
            # New stories in the order given, then known ones in that of their ids.
            for key in sorted(groups, key=lambda key: max(key, 0)):
                dates = [member.article.dated_at for member in groups[key]]
                if key < 0:
                    new = story.insert().values(first_at=min(dates), last_at=max(dates))
                    ids[key] = (await connection.execute(new.returning(story.c.id))).scalar_one()
                else:
                    older = (story.c.id == key) & (story.c.last_at < max(dates))
                    later = update(story).where(older).values(last_at=max(dates))
                    await connection.execute(later)
            rows = [
                {"article_id": member.id, "story_id": ids[key]}
                for key, members in groups.items()
                for member in members
            ]
            await insert_missing(connection, story_article, rows)
        return ids

    async def merge(self, merges: Iterable[tuple[int, int]]) -> None:
        """Let stories join others, each given as (gone, kept), in the order given.

        What a room was told of ``gone`` counts as told of ``kept``, except by an edition that
        told both; where it told one and listed the other, ``kept`` was told. Dates of ``kept``
        stay. Two different ids each; one transaction, four statements a pair; an unknown ``gone``
        is passed over.
        """
        other = told.alias("other")
        same = (other.c.room_id == told.c.room_id) & (other.c.edition_id == told.c.edition_id)
        async with self._database.write() as connection:
            for gone, kept in merges:
                moved = update(story_article).where(story_article.c.story_id == gone)
                await connection.execute(moved.values(story_id=kept))
                merged = update(story).where(story.c.id == gone)
                await connection.execute(merged.values(merged_into=kept))
                in_full = (other.c.story_id == gone) & (other.c.listed == 0)
                only_listed = (told.c.story_id == kept) & (told.c.listed > 0)
                await connection.execute(
                    delete(told).where(only_listed, exists().where(same, in_full))
                )
                told_of_both = exists().where(same, other.c.story_id == kept)
                told_of_gone = update(told).where(told.c.story_id == gone, ~told_of_both)
                await connection.execute(told_of_gone.values(story_id=kept))

    async def stories_for(
        self, keys: Sequence[str], *, since: datetime, feed_keys: Sequence[str]
    ) -> list[StoredStory]:
        """Return the stories with an article that answers to ``keys`` and was seen since.

        Only articles visible to the room count: public ones, and those of its own feeds
        (``feed_keys``). Stories come key by key, a key's newest first, at most 300 a key, each
        once; newest is what was seen last. Their visible articles come along, the 40 newest at
        most, with "" for a text: most stories are looked at and not told. One query a key, and
        one more, which reads all articles of these stories. At most 100 keys of either sort.
        """
        async with self._database.read() as connection:
            matches: dict[int, dict[str, float]] = defaultdict(dict)
            for key in keys:
                for story_id, score in await matching_stories(connection, key, since, feed_keys):
                    matches[story_id][key] = score
            rows = await members_of(connection, list(matches), feed_keys)
        return _stories(matches, rows)

    async def broadest(
        self, *, since: datetime, languages: Sequence[str], limit: int
    ) -> list[StoredStory]:
        """Return up to ``limit`` stories that most outlets told since an instant, broadest first.

        Whatever they are about: ``matches`` are empty. Only public articles come along, the 40
        newest at most, with "" for a text; with ``languages`` only stories with articles in these.
        Two queries, the first of which reads all public articles seen since.
        """
        async with self._database.read() as connection:
            ids = await broadest_stories(connection, since, languages, limit)
            rows = await members_of(connection, ids, ())
        return _stories({story_id: {} for story_id in ids}, rows)

    async def topics_of(self, story_ids: Sequence[int]) -> dict[int, str]:
        """Return of each story the topic that its articles match best, by story.

        A story without one is left out. Of equals the first by name. One query.
        """
        if not story_ids:
            return {}
        async with self._database.read() as connection:
            return await best_topics(connection, story_ids)

    async def texts(self, text_ids: Collection[int]) -> dict[int, str]:
        """Return texts by their ids, in no order; an id without a text is left out.

        Ids may be many: one query per 10,000.
        """
        ids, texts = list(text_ids), select(article_text.c.id, article_text.c.text)
        found: dict[int, str] = {}
        async with self._database.read() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = texts.where(article_text.c.id.in_(ids[start : start + CHUNK]))
                found |= {row.id: row.text for row in await connection.execute(chunk)}
        return found

    async def live_keys(
        self, keys: Sequence[str], *, since: datetime, languages: Sequence[str] = ()
    ) -> dict[str, int]:
        """Return how many public articles seen since an instant answer to each of ``keys``.

        A key to which none answers is left out. With ``languages`` only articles in these
        count, and those of unknown language. At most 10,000 keys. In no order; one query.
        """
        statement = (
            select(article_match.c.key, func.count())
            .join(article, article.c.id == article_match.c.article_id)
            .where(article_match.c.key.in_(keys), article.c.public, article.c.seen_at >= since)
            .group_by(article_match.c.key)
        )
        if languages:
            statement = statement.where(article.c.language.in_([*languages, ""]))
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def purge(self, before: datetime) -> int:
        """Delete articles first seen before an instant that nothing quotes; return how many.

        Their texts, matches and entries go along, and stories without articles that are as old.
        One transaction.
        """
        quoted = (
            select(article_text.c.article_id)
            .join(quote, quote.c.article_text_id == article_text.c.id)
            .where(article_text.c.article_id == article.c.id)
        )
        old = delete(article).where(article.c.seen_at < before, ~exists(quoted))
        async with self._database.write() as connection:
            gone = (await connection.execute(old)).rowcount
            members = exists().where(story_article.c.story_id == story.c.id)
            await connection.execute(delete(story).where(story.c.last_at < before, ~members))
            return int(gone)


def _stories(
    matches: Mapping[int, Mapping[str, float]], rows: Mapping[int, list[RowMapping]]
) -> list[StoredStory]:
    """Return the stories of ``matches``, in order, with the articles that are visible."""
    found = []
    for story_id, scores in matches.items():
        if not (members := rows[story_id]):
            continue
        members.sort(key=lambda row: (row["published_at"] or row["seen_at"], row["id"]))
        found.append(
            StoredStory(
                id=story_id,
                first_at=members[0]["first_at"],
                last_at=members[0]["last_at"],
                matches=scores,
                articles=tuple(stored_article(row) for row in members),
                fingerprints=tuple(row["fingerprint"] for row in members),
            )
        )
    return found


async def _end_entry(connection: AsyncConnection, entry_id: int, article_id: int) -> None:
    ended = {"state": "done", "article_id": article_id, "error": "", "not_before": None}
    # The text lives on in article_text; the entry only has to be recognised.
    its_entry = update(feed_entry).where(feed_entry.c.id == entry_id)
    await connection.execute(its_entry.values(**ended, text=""))


async def _save_matches(
    connection: AsyncConnection, found: Iterable[tuple[int, Mapping[str, float]]]
) -> None:
    rows = [
        {"article_id": article_id, "key": key, "score": score}
        for article_id, matches in found
        for key, score in matches.items()
    ]
    await insert_or_update(connection, article_match, rows)

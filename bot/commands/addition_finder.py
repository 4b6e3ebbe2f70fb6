"""Finds what a text asks to subscribe to: topics, own words, outlets and addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.additions import Addition, outlet_addition, own_words, topic_addition
from bot.commands.feeds import FeedFinder
from bot.commands.in_time import ended_in_time
from bot.commands.request import Request
from bot.commands.wanted import Unclear, are_addresses, few, place_test, wanted_things
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.domain.topic import Topic
from bot.errors import DaybriefError, ReaderError, StoreUnavailable
from bot.reasons import Reason
from bot.topics import Topics, parse_query, query_key

__all__ = ["SCHEME", "URL", "AdditionFinder", "Wanted"]

# Of a reader's patience, what storing and answering may take.
_ANSWER_S = 2.0
# Tried once a word, not at each of its letters: a long message must not hold up others.
URL = re.compile(r"(?<!\S)\S+\.[a-z]{2,}/", re.IGNORECASE)
SCHEME = re.compile(r"(?<![a-z0-9+.-])[0-9+.-]*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text asks for, each once, what in it is unclear, and addresses that were too slow.

    ``offers`` are topics that may have been meant where own words were taken.
    """

    additions: list[Addition]
    unclear: Sequence[Unclear] = ()
    late: Sequence[str] = ()
    offers: Sequence[Topic] = ()


class AdditionFinder:
    """Finds subscriptions to be made; the feeds of addresses are asked for by ``feeds``."""

    def __init__(self, topics: Topics, feeds: FeedFinder) -> None:
        self._topics = topics
        self._feeds = feeds

    async def find(self, text: str, request: Request) -> Wanted:
        """Return what ``text`` asks for: addresses, or topics and own words.

        What is the name of an outlet is not unclear. If one word is an address, each is taken for
        one, and costs what ``FeedFinder.find`` costs, for 20 s at most, a wait in line included.
        Raises ReaderError for more than ten things, no query, or an address without a feed, and
        StoreUnavailable.
        """
        texts = request.texts
        if SCHEME.search(text) or URL.search(text) or are_addresses(text):
            return await self._find_feeds(few(text.split()), request)
        additions: dict[SubscriptionKey, Addition] = {}
        unclear: list[Unclear] = []
        offers: list[Topic] = []
        is_place = place_test(request.now)
        for thing in wanted_things(text, self._topics, request.room.chat.spoken, is_place):
            if isinstance(thing, Unclear) and not (thing.is_name and len(thing.topics) == 1):
                unclear.append(thing)
                continue
            if isinstance(thing, Unclear):
                # The words are what was said; the topic that covers them is offered.
                offers += thing.topics
                thing = thing.words  # noqa: PLW2901
            if isinstance(thing, Topic):
                addition = topic_addition(thing, texts)
            elif outlet := await self._feeds.named(thing, request.room):
                addition = outlet_addition(outlet)
            else:
                label = own_words(thing)
                unquoted = label.replace('"', "")
                addition = Addition(
                    kind=SubscriptionKind.QUERY,
                    key=query_key(parse_query(thing)),
                    label=label,
                    shown=texts._("“{words}”", words=unquoted),
                )
            additions[addition.key] = addition
        return Wanted(list(additions.values()), unclear=unclear, offers=offers)

    async def _find_feeds(self, words: list[str], request: Request) -> Wanted:
        """Return the feeds at addresses, and the addresses that did not answer in time.

        Raises ReaderError for the first that answered and has no feed, or if none answered.
        """
        async with request.lane() as left_s:
            calls = {word: self._feed_addition(word, request) for word in words}
            found = await ended_in_time(calls, left_s - _ANSWER_S)
        if not found:
            raise ReaderError(
                "no-feed-there", address=words[0][:100], reason=Reason("no-answer-in-time")
            )
        late = [word for word in words if word not in found]
        return Wanted(list(found.values()), late=late)

    async def _feed_addition(self, word: str, request: Request) -> Addition:
        texts = request.texts
        url = word if "://" in word else f"https://{word}"
        try:
            found = await self._feeds.find(url)
        except (ReaderError, StoreUnavailable):  # the database's fault is not the address's
            raise
        except DaybriefError as error:
            raise ReaderError("no-feed-there", address=word[:100], reason=error.reason) from error
        count = texts.ngettext("{n} article so far", "{n} articles so far", found.entries)
        if found.latest_at is not None:
            ago = texts.ago(found.latest_at, request.now)
            count = texts._("{count}, latest: {ago}", count=count, ago=ago)
        return Addition(
            kind=SubscriptionKind.FEED,
            key=SubscriptionKey.of_feed(found.feed_id),
            label=found.title,
            shown=f"{found.title} ({count})",
        )

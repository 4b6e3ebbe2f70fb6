"""What the sections of a room's briefing may tell, from the store."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.domain.article import StoredArticle
from bot.domain.room import Room
from bot.domain.subscription import Subscription, SubscriptionKind
from bot.errors import StoreUnavailable, reason_of
from bot.group import copies
from bot.logs import event
from bot.pick import SectionCandidates, StoryCandidate, Told, shortlist
from bot.reasons import Reason
from bot.store import Store
from bot.store.articles import StoredStory
from bot.topics import Topics

__all__ = ["CandidateLoader"]

_log = logging.getLogger(__name__)

# What was published this long before the last edition is no news, even if seen only now.
_OLD_NEWS = timedelta(days=3)
# More failing feeds than this are not named one by one.
_MAX_FAILED_NAMES = 3


class CandidateLoader:
    """Finds the stories that a room's subscriptions may tell.

    A topic has hundreds of them and a briefing seven in all: only the texts of those that
    may be told are read.
    """

    def __init__(self, store: Store, topics: Topics) -> None:
        self._store = store
        self._topics = topics

    async def of(
        self,
        room: Room,
        subscriptions: Sequence[Subscription],
        told: Mapping[int, Told],
        now: datetime,
    ) -> tuple[SectionCandidates, ...]:
        """Return a section for each subscription, with what is new since the last edition.

        A subscription that breaks comes without stories, and with the reason.
        """
        try:
            return await self._of(room, subscriptions, told, now)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: found and left out below
            if len(subscriptions) == 1:
                only = subscriptions[0]
                event(
                    _log,
                    "subscription-broken",
                    level=logging.ERROR,
                    subscription=only.id,
                    exc_info=error,
                )
                return (self._broken(room, only, reason_of(error)),)
        found = [await self.of(room, [each], told, now) for each in subscriptions]
        return tuple(chain.from_iterable(found))

    async def _of(
        self,
        room: Room,
        subscriptions: Sequence[Subscription],
        told: Mapping[int, Told],
        now: datetime,
    ) -> tuple[SectionCandidates, ...]:
        stories = await self._stories(room, subscriptions, now)
        sections = [await self._section(room, one, stories) for one in subscriptions]
        likely = shortlist(sections, told, room.settings, now)
        # What was told before and has not grown is only counted.
        left = {one.id: one for one in stories if one.id in likely or one.id in told}
        texts = await self._store.articles.texts(
            [one.text_id for story_id in likely for one in left[story_id].articles]
        )
        return tuple(
            replace(
                section,
                candidates=tuple(
                    _with_texts(one, texts) for one in section.candidates if one.story_id in left
                ),
            )
            for section in sections
        )

    async def _stories(
        self, room: Room, subscriptions: Sequence[Subscription], now: datetime
    ) -> list[StoredStory]:
        last_at = await self._store.editions.last_at(room.id)
        stories = await self._store.articles.stories_for(
            [one.key for one in subscriptions],
            since=last_at or datetime.min.replace(tzinfo=now.tzinfo),
            feed_keys=[one.key for one in subscriptions if one.kind is SubscriptionKind.FEED],
        )
        if last_at is None:
            return stories
        return [story for story in stories if story.last_at > last_at - _OLD_NEWS]

    async def _section(
        self, room: Room, one: Subscription, stories: Sequence[StoredStory]
    ) -> SectionCandidates:
        if one.kind is SubscriptionKind.TOPIC and self._topics.get(one.key) is None:
            return self._broken(room, one, Reason("retired-topic"))
        failing = await self._store.feeds.failing([one.key])
        failed = tuple(dict.fromkeys(feed.source for feed in failing))
        return SectionCandidates(
            key=one.key,
            name=self._name(one, room.chat.language),
            own_words=one.kind is SubscriptionKind.QUERY,
            weight=one.weight,
            candidates=tuple(_candidate(s, one.key) for s in stories if one.key in s.matches),
            failed_sources=failed[:_MAX_FAILED_NAMES],
        )

    def _broken(self, room: Room, one: Subscription, reason: Reason) -> SectionCandidates:
        return SectionCandidates(
            key=one.key,
            name=self._name(one, room.chat.language),
            own_words=one.kind is SubscriptionKind.QUERY,
            reason=reason,
        )

    def _name(self, one: Subscription, language: str) -> str:
        topic = self._topics.get(one.key) if one.kind is SubscriptionKind.TOPIC else None
        # Phrases are kept in quotes; a section puts its own around the whole.
        return topic.name(language) if topic else one.label.replace('"', "")


def _candidate(story: StoredStory, key: str) -> StoryCandidate:
    return StoryCandidate(
        story_id=story.id,
        articles=story.articles,
        match=story.matches[key],
        first_at=story.first_at,
        last_at=story.last_at,
        copies=_copies(story),
    )


def _copies(story: StoredStory) -> frozenset[int]:
    """Return the ids of articles whose text an earlier one of the story already has."""
    return frozenset(story.articles[at].id for at in copies(story.fingerprints))


def _with_texts(candidate: StoryCandidate, texts: Mapping[int, str]) -> StoryCandidate:
    def whole(one: StoredArticle) -> StoredArticle:
        return replace(one, article=replace(one.article, text=texts[one.text_id]))

    if not all(one.text_id in texts for one in candidate.articles):
        return candidate
    return replace(candidate, articles=tuple(map(whole, candidate.articles)))

"""Loads from the store what the sections of a room's briefing may tell."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from bot.domain.room import Room, RoomSettings
from bot.domain.subscription import TOP, Subscription, SubscriptionKey, SubscriptionKind
from bot.errors import StoreUnavailable, reason_of
from bot.group import copies
from bot.logs import event
from bot.pick import TOLD_FROM, SectionCandidates, StoryCandidate, Told, shortlist
from bot.reasons import Reason
from bot.steps.top_stories import with_top_stories
from bot.store import Store
from bot.store.articles import StoredStory
from bot.topics import Topics

__all__ = ["CandidateLoader"]

_log = logging.getLogger(__name__)

# What was published this long before the last edition is no news, even if seen only now.
_OLD_NEWS = timedelta(days=3)
# More failing feeds than this are not named one by one.
_MAX_FAILED_NAMES = 3
# Nor are more languages in which there is something.
_MAX_LANGUAGE_CODES = 3


class CandidateLoader:
    """Loads the stories that a room's subscriptions may tell.

    A topic has hundreds of stories and a briefing seven in all: only the texts of those that
    are likely to be told are read.
    """

    def __init__(self, store: Store, topics: Topics) -> None:
        self._store = store
        self._topics = topics

    async def load(
        self,
        room: Room,
        subscriptions: Sequence[Subscription],
        told: Mapping[int, Told],
        now: datetime,
    ) -> tuple[SectionCandidates, ...]:
        """Return a section for each subscription, in their order, with what it may tell.

        That is, of what came in since the room's last edition, or ever for its first, what is
        likely to be told, with its texts (``shortlist``), and all that was told before: its
        texts are "" unless it has grown. Not what was published over three days before that
        edition. Of a key the 300 newest stories count, of a story 40 articles; stories come in
        no order. ``told`` is by story id, ``now`` aware. A subscription that breaks, or whose
        topic is retired, has no stories, and the reason. Raises StoreUnavailable. Costs four
        queries and one for each subscription, three more for the top stories; if one breaks, that
        for each of them again.
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
        found = [await self.load(room, [single], told, now) for single in subscriptions]
        return tuple(chain.from_iterable(found))

    async def _of(
        self,
        room: Room,
        subscriptions: Sequence[Subscription],
        told: Mapping[int, Told],
        now: datetime,
    ) -> tuple[SectionCandidates, ...]:
        last_at = await self._store.editions.last_at(room.id)
        stories = await self._store.articles.stories_for(
            [subscription.key for subscription in subscriptions],
            since=last_at or datetime.min.replace(tzinfo=UTC),
            feed_keys=[s.key for s in subscriptions if s.kind is SubscriptionKind.FEED],
        )
        if any(subscription.key == TOP for subscription in subscriptions):
            stories = await with_top_stories(
                self._store,
                stories,
                since=last_at,
                now=now,
                languages=room.settings.languages or (),
                told=told,
            )
        if last_at is not None:
            stories = [story for story in stories if story.last_at > last_at - _OLD_NEWS]
        failing = await self._store.feeds.failing_names([wanted.key for wanted in subscriptions])
        sections = [
            self._section(room, wanted, stories, failing.get(wanted.key, ()))
            for wanted in subscriptions
        ]
        likely = shortlist(sections, told, room.settings, now)
        # What was told before and has not grown is only counted.
        left = {story.id: story for story in stories if story.id in likely or story.id in told}
        texts = await self._store.articles.texts(
            [stored.text_id for story_id in likely for stored in left[story_id].articles]
        )
        loaded = []
        for section in sections:
            candidates = [c for c in section.candidates if c.story_id in left]
            for place, candidate in enumerate(candidates):
                if all(stored.text_id in texts for stored in candidate.articles):
                    whole = tuple(
                        replace(stored, article=replace(stored.article, text=texts[stored.text_id]))
                        for stored in candidate.articles
                    )
                    candidates[place] = replace(candidate, articles=whole)
            loaded.append(replace(section, candidates=tuple(candidates)))
        return tuple(loaded)

    def _section(
        self,
        room: Room,
        subscription: Subscription,
        stories: Sequence[StoredStory],
        failing: Sequence[str],
    ) -> SectionCandidates:
        key = subscription.key
        topic = self._topics.get(key) if subscription.kind is SubscriptionKind.TOPIC else None
        if subscription.kind is SubscriptionKind.TOPIC and topic is None:
            return self._broken(room, subscription, Reason("retired-topic"))
        section = SectionCandidates(
            key=key,
            name=self._name(subscription, room.language),
            own_words=subscription.kind is SubscriptionKind.QUERY,
            sign=topic.sign if topic else "",
            weight=subscription.weight,
            candidates=tuple(
                _candidate(story, key)
                for story in stories
                if story.matches.get(key, 0.0) >= TOLD_FROM
            ),
            failed_sources=tuple(failing[:_MAX_FAILED_NAMES]),
        )
        return _in_its_language(section, room.settings)

    def _broken(self, room: Room, subscription: Subscription, reason: Reason) -> SectionCandidates:
        return SectionCandidates(
            key=subscription.key,
            name=self._name(subscription, room.language),
            own_words=subscription.kind is SubscriptionKind.QUERY,
            reason=reason,
        )

    def _name(self, subscription: Subscription, language: str) -> str:
        is_topic = subscription.kind is SubscriptionKind.TOPIC
        topic = self._topics.get(subscription.key) if is_topic else None
        # Phrases are kept in quotes; a section puts its own around the whole.
        return topic.name(language) if topic else subscription.label.replace('"', "")


def _in_its_language(section: SectionCandidates, settings: RoomSettings) -> SectionCandidates:
    """Return a section that may be told in other languages, if its reader asked for them.

    A site that was named is told in its language. So are own words to which nothing in the room's
    languages answers, if these are our default: it must not hide what was asked for. If they are
    the reader's choice, the section says in which languages there is something.
    """
    kind = SubscriptionKey(section.key).kind
    if not settings.languages or kind is SubscriptionKind.TOPIC:
        return section
    if kind is SubscriptionKind.FEED:
        return replace(section, any_language=True)
    found = Counter(
        stored.article.language for candidate in section.candidates for stored in candidate.articles
    )
    if not found or not found.keys().isdisjoint({*settings.languages, ""}):
        return section
    if "languages" not in settings.chosen:
        return replace(section, any_language=True)
    codes = tuple(code for code, _ in found.most_common(_MAX_LANGUAGE_CODES))
    return replace(section, reason=Reason("other-languages", {"languages": codes}))


def _candidate(story: StoredStory, key: str) -> StoryCandidate:
    return StoryCandidate(
        story_id=story.id,
        articles=story.articles,
        match=story.matches[key],
        first_at=story.first_at,
        last_at=story.last_at,
        # Articles whose text an earlier one of the story already has.
        copies=frozenset(story.articles[at].id for at in copies(story.fingerprints)),
    )

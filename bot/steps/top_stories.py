"""The most widely told stories, whatever they are about, spread over subjects and outlets."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.subscription import TOP
from bot.pick import TOLD_FROM
from bot.store import Store
from bot.store.articles import StoredStory

__all__ = ["with_top_stories"]

# A first edition, and one after a pause, tells the best of so many days.
_DAYS = timedelta(days=2)
_LOOKED_AT = 60
_COUNT = 20
# Of one subject or country, and of one outlet, at the head of a story.
_MAX_OF_TOPIC = 2
_MAX_OF_OUTLET = 3


async def with_top_stories(
    store: Store,
    stories: Sequence[StoredStory],
    *,
    since: datetime | None,
    now: datetime,
    languages: Sequence[str],
    told: Collection[int],
) -> list[StoredStory]:
    """Return ``stories`` with the top stories among them: these answer to ``TOP``, too.

    They are the public stories of ``languages`` (of any, without) that most outlets told since the
    room's last edition, of two days at most: up to twenty, two of a subject or country and three of
    an outlet, and those that were ``told``. They match just enough to be told, so that a story
    stands in the section of its own topic where a room has that. Three queries. Raises
    StoreUnavailable.
    """
    since = max(since or now - _DAYS, now - _DAYS)
    broadest = await store.articles.broadest(since=since, languages=languages, limit=_LOOKED_AT)
    topics = await store.articles.topics_of([story.id for story in broadest])
    known = {story.id: story for story in stories}
    for story in _spread(broadest, topics, told):
        before = known.get(story.id, story)
        known[story.id] = replace(before, matches={**before.matches, TOP: TOLD_FROM})
    return list(known.values())


def _spread(
    stories: Sequence[StoredStory], topics: Mapping[int, str], told: Collection[int]
) -> list[StoredStory]:
    """Return the first of ``stories`` that do not crowd others out, and all that were told."""
    chosen: list[StoredStory] = []
    seen: Counter[str] = Counter()
    for story in stories:
        topic, outlet = topics.get(story.id, ""), story.articles[0].article.outlet_key
        of_outlet = f"outlet {outlet}"
        crowds = (topic and seen[topic] >= _MAX_OF_TOPIC) or seen[of_outlet] >= _MAX_OF_OUTLET
        if story.id in told or (not crowds and len(chosen) < _COUNT):
            seen.update((topic, of_outlet))
            chosen.append(story)
    return chosen

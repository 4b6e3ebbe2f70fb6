"""Stories of the last days: articles go in, story ids come out.

window = StoryWindow()
window.seed(articles, story_ids)         # at start, from the store
ids = window.add(batch, now)             # positive: a story we have; negative: a new one
window.rename({-1: 4711})                # as soon as the store has given it an id
for merge in window.take_merges(): ...   # two stories turned out to be one
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from bot.domain.article import Article
from bot.domain.article_kind import is_of_one_event
from bot.group.facts import NO_FACTS, FactFinder
from bot.group.graph import StoryGraph
from bot.group.neighbours import IndexedArticle, Neighbours
from bot.group.terms import Rarity, terms
from bot.group.twins import Twins
from bot.kinds import is_of_many_things

__all__ = ["Merge", "StoryWindow", "group_articles"]

_KEEP = timedelta(days=5)
# Some 20 kB each with its terms and links where all are alike: 300 MB at the worst.
_MAX_ARTICLES = 15_000
# Articles that group_articles adds at once, as a busy quarter of an hour brings them.
_BATCH = 100
_DAY_S = 86_400.0
# The kind of a ticker, which goes on from one event to the next.
_LIVE = "live"


@dataclass(frozen=True, slots=True)
class Merge:
    """Two stories turned out to be one: what was ``gone`` is now part of ``kept``."""

    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What is needed to forget an article: its language and its counted terms."""

    language: str
    counted: Mapping[str, float]


class StoryWindow:
    """The stories of the last days, and which of them an article tells.

    A story id that was given out stays with its articles, except for merges, which
    ``take_merges`` reports. A new story has a negative id until ``rename`` gives it the
    store's. Articles older than ``keep`` (by the date we trust), and the oldest ones beyond
    ``max_articles``, are forgotten; a story is, with its last article. The window can be
    pickled. It is not safe to use from two threads at once.
    """

    def __init__(self, *, keep: timedelta = _KEEP, max_articles: int = _MAX_ARTICLES) -> None:
        self._keep = keep
        self._max_articles = max_articles
        self._neighbours = Neighbours()
        self._twins = Twins()
        self._graph = StoryGraph()
        self._rarity: dict[str, Rarity] = {}
        self._finders: dict[str, FactFinder] = {}
        self._remembered: dict[int, _Remembered] = {}
        self._by_age: list[tuple[float, int]] = []  # heap of (day, article)
        self._next_article = count()
        self._next_new = count(-1, -1)
        self._public: dict[int, int] = {}  # story of the graph -> id given out
        self._private: dict[int, int] = {}  # and back
        self._merges: list[Merge] = []

    def __len__(self) -> int:
        """Return how many articles are remembered."""
        return len(self._remembered)

    def seed(self, articles: Sequence[Article], story_ids: Sequence[int]) -> None:
        """Enter articles whose stories are known, positive ids as the store gave them.

        Nothing is merged or forgotten before the next ``add``. ``dated_at`` is aware. An article
        entered twice is two. CPU work that blocks, linear in the articles: call it in a thread.
        Raises ValueError if the two differ in length, once the shorter one is entered.
        """
        for article, story_id in zip(articles, story_ids, strict=True):
            if story_id not in self._private:
                self._give(self._graph.new_story(), story_id)
            self._enter(article, self._private[story_id])

    def add(self, articles: Sequence[Article], now: datetime) -> list[int]:
        """Return the story id of each article, in order.

        An id handed out before, or seeded, is that story's; a negative one not seen before
        is a new story, and several articles may share it. Forgets what is too old at
        ``now`` (aware). An article that is itself too old still gets its id, and is forgotten
        by the next call; one added twice is two. CPU work, without I/O, that blocks: call it in a
        thread. Cost grows with the number of ``articles`` only. One of a kind that tells of no
        one event, such as a list or a ticker, is a story of its own.
        """
        oldest_day = _day(now - self._keep)
        while self._by_age and self._by_age[0][0] < oldest_day:
            self._forget_oldest()
        keys = [self._enter(article, self._graph.new_story()) for article in articles]
        for gone, kept in self._graph.settle():
            given = [self._public.pop(story) for story in (gone, kept) if story in self._public]
            if not given:
                continue
            # The store's id wins over a temporary one, and the older over the newer.
            winner = min(given, key=lambda story_id: (story_id < 0, abs(story_id)))
            for story_id in given:
                if story_id != winner:
                    del self._private[story_id]
                    self._merges.append(Merge(story_id, winner))
            self._give(kept, winner)
        ids = []
        for story in map(self._graph.story_of, keys):
            if story not in self._public:
                self._give(story, next(self._next_new))
            ids.append(self._public[story])
        while len(self._by_age) > self._max_articles:
            self._forget_oldest()
        return ids

    def rename(self, names: Mapping[int, int]) -> None:
        """Replace story ids by others: new ones by the store's.

        One after the other, in their order. Ids that are not remembered are passed over. A name
        that another story has makes the two one story, which ``take_merges`` does not report.
        Merges not yet taken keep the ids they were made with. O(n) in ``names``, but for stories
        that become one.
        """
        for old, new in names.items():
            if old == new or old not in self._private:
                continue
            story = self._private.pop(old)
            del self._public[story]
            if new in self._private:
                _, story = self._graph.merge(story, self._private[new])
            self._give(story, new)

    def take_merges(self) -> list[Merge]:
        """Return the merges since the last call, in the order they happened, and forget them.

        What is kept by one may be gone by a later one. Only stories whose id was given out are
        reported, under their ids of that moment. The store's id wins over a temporary one, and
        the older over the newer.
        """
        merges, self._merges = self._merges, []
        return merges

    def _enter(self, article: Article, story: int) -> int:
        """Remember an article as part of a story; return its key."""
        key = next(self._next_article)
        # What tells of many things, or of nothing that happened, is a story of its own.
        is_alone = (
            article.kind == _LIVE
            or not is_of_one_event(article.kind)
            or is_of_many_things(article.title)
        )
        counted = {} if is_alone else terms(article)
        rarity, finder = self._rarity.get(article.language), self._finders.get(article.language)
        if rarity is None or finder is None:
            rarity = self._rarity[article.language] = Rarity()
            finder = self._finders[article.language] = FactFinder(article.language)
        day = _day(article.dated_at)
        vector = rarity.add(counted)
        facts = finder.find(article, counted) if counted else NO_FACTS
        entry = IndexedArticle(article.language, day, vector, facts)
        near = self._neighbours.add(key, entry)
        twins = self._twins.add(key, article, facts, day)
        self._graph.add(key, near, story, article.language, twins)
        self._remembered[key] = _Remembered(article.language, counted)
        heapq.heappush(self._by_age, (day, key))
        return key

    def _forget_oldest(self) -> None:
        _, key = heapq.heappop(self._by_age)
        remembered = self._remembered.pop(key)
        rarity = self._rarity[remembered.language]
        rarity.remove(remembered.counted)
        if not rarity:
            del self._rarity[remembered.language], self._finders[remembered.language]
        self._neighbours.remove(key)
        self._twins.remove(key)
        gone = self._graph.remove(key)
        if gone is not None and gone in self._public:
            del self._private[self._public.pop(gone)]

    def _give(self, story: int, story_id: int) -> None:
        self._public[story] = story_id
        self._private[story_id] = story


def group_articles(articles: Sequence[Article]) -> list[list[int]]:
    """Return the stories of ``articles``: their positions from 0, each in one story.

    Runs ``StoryWindow.add`` as the product does: in the order in which the articles were
    seen, in batches. The window is never reseeded, so an old story stays closed once it
    is forgotten. Stories go by their first position, and positions ascend in each; instants are
    aware. CPU work that blocks, linear in the articles.
    """
    window = StoryWindow()
    order = sorted(range(len(articles)), key=lambda n: (articles[n].seen_at, n))
    stories: dict[int, list[int]] = {}
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        now = articles[batch[-1]].seen_at
        for n, story in zip(batch, window.add([articles[n] for n in batch], now), strict=True):
            stories.setdefault(story, []).append(n)
        for merge in window.take_merges():
            stories.setdefault(merge.kept, []).extend(stories.pop(merge.gone))
    return sorted(sorted(story) for story in stories.values())


def _day(at: datetime) -> float:
    """Return an instant as days since 1970, with its fraction."""
    return at.timestamp() / _DAY_S

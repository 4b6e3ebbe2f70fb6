"""Which articles tell one story: average link over a sparse graph, merged bottom up."""

import heapq
import math
from collections.abc import Mapping

__all__ = ["StoryGraph"]

# Two stories are one when the likeness between their articles, summed and divided by
# the smaller's articles x the larger's, reaches _MIN_LINK: average link. But a story of more
# than _GREAT articles is told in many words, and its average falls as it grows; when it is
# the larger one, only _GREAT * (n / _GREAT) ** _GREAT_POWER of its n articles count, so that it
# takes in its stragglers. Found with benchmarks/stories.py: docs/decisions/0040, 0116.
_MIN_LINK = 0.16
_GREAT = 8
_GREAT_POWER = 0.4
# What is left of a sum when all its parts were taken away again; a real likeness is larger.
_ROUNDING = 1e-9


class StoryGraph:
    """Articles (the caller's keys), their likeness, and the stories they form (own keys).

    A likeness once added counts until one of its articles is removed. No method blocks on
    I/O; none is safe to call from two threads at once.
    """

    def __init__(self) -> None:
        self._likeness: dict[int, dict[int, float]] = {}
        self._story_of: dict[int, int] = {}
        self._articles: dict[int, set[int]] = {}
        self._links: dict[int, dict[int, float]] = {}
        self._touched: set[tuple[int, int]] = set()
        self._next_story = 0

    def story_of(self, article: int) -> int:
        """Return the story of an article, as merged so far; O(1).

        Raises KeyError for an article that is not there.
        """
        return self._story_of[article]

    def new_story(self) -> int:
        """Return the key of a new story without articles: 0, then one more each time."""
        story = self._next_story
        self._next_story += 1
        self._articles[story] = set()
        self._links[story] = {}
        return story

    def add(self, article: int, likeness: Mapping[int, float], story: int) -> None:
        """Enter a new article into a story, with its likeness (above 0) to articles that are there.

        These may be of any story. Raises KeyError if the story or one of them is not there; the
        graph is broken after that, and after an article that is not new. Merges nothing: see
        ``settle``. Cost is linear in ``likeness``.
        """
        self._story_of[article] = story
        self._articles[story].add(article)
        self._likeness[article] = dict(likeness)
        for other, value in likeness.items():
            self._likeness[other][article] = value
            self._link(story, self._story_of[other], value)

    def remove(self, article: int) -> int | None:
        """Forget an article; return its story if that is forgotten with it, else None.

        Raises KeyError for an article that is not there. Cost is linear in what it is like.
        """
        story = self._story_of.pop(article)
        for other, value in self._likeness.pop(article).items():
            del self._likeness[other][article]
            other_story = self._story_of[other]
            if other_story == story:
                continue
            total = self._links[story].get(other_story, 0.0) - value
            if total > _ROUNDING:
                self._links[story][other_story] = self._links[other_story][story] = total
            else:
                self._links[story].pop(other_story, None)
                self._links[other_story].pop(story, None)
        articles = self._articles[story]
        articles.remove(article)
        if articles:
            return None
        self._drop(story)
        return story

    def settle(self) -> list[tuple[int, int]]:
        """Merge stories while a link is strong enough; return (gone, kept) as they happened.

        A story that was kept may be gone in a later pair. Only links that ``add`` or ``merge``
        changed since the last call, and those of stories merged here, are looked at (not those that
        ``remove`` made stronger), so the cost does not grow with what is remembered. Ties go to the
        older stories.
        """
        heap: list[tuple[float, int, int]] = []
        for a, b in self._touched:
            self._push(heap, a, b)
        self._touched.clear()
        merged = []
        while heap:
            strength, a, b = heapq.heappop(heap)
            # A link that has changed since it was pushed has been pushed again.
            if strength != -self._strength(a, b):
                continue
            gone, kept = self.merge(a, b)
            merged.append((gone, kept))
            for other in self._links[kept]:
                self._push(heap, min(kept, other), max(kept, other))
        self._touched.clear()
        return merged

    def merge(self, a: int, b: int) -> tuple[int, int]:
        """Merge two stories, however weak their link; return (gone, kept).

        The one of more articles is kept, ``a`` of equals. Raises KeyError if one is not there;
        ``a`` and ``b`` must differ.
        """
        gone, kept = (a, b) if len(self._articles[a]) < len(self._articles[b]) else (b, a)
        for article in self._articles[gone]:
            self._story_of[article] = kept
        self._articles[kept] |= self._articles[gone]
        links = self._drop(gone)
        links.pop(kept, None)
        for other, value in links.items():
            self._link(kept, other, value)
        return gone, kept

    def _push(self, heap: list[tuple[float, int, int]], a: int, b: int) -> None:
        """Put a link that is strong enough where the strongest comes first."""
        strength = self._strength(a, b)
        if strength >= _MIN_LINK:
            heapq.heappush(heap, (-strength, a, b))

    def _strength(self, a: int, b: int) -> float:
        """Return the link of two stories, 0 where there is none."""
        total = self._links.get(a, {}).get(b, 0.0)
        if not total:
            return 0.0
        smaller, larger = len(self._articles[a]), len(self._articles[b])
        if smaller > larger:
            smaller, larger = larger, smaller
        if larger <= _GREAT:
            return total / (smaller * larger)
        return total / (smaller * _GREAT * math.pow(larger / _GREAT, _GREAT_POWER))

    def _link(self, a: int, b: int, value: float) -> None:
        if a == b:
            return
        total = self._links[a].get(b, 0.0) + value
        self._links[a][b] = self._links[b][a] = total
        self._touched.add((min(a, b), max(a, b)))

    def _drop(self, story: int) -> dict[int, float]:
        """Forget a story; return its links."""
        del self._articles[story]
        links = self._links.pop(story)
        for other in links:
            del self._links[other][story]
        return links

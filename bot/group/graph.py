"""Which articles tell one story: average link over a sparse graph, merged bottom up.

Within a language likeness decides. Stories of different languages are one where enough of their
articles are twins.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping

__all__ = ["StoryGraph"]

# Two stories are one when the likeness between their articles, summed and divided by
# the smaller's articles x the larger's, reaches _MIN_LINK: average link. But a story of more
# than _GREAT articles is told in many words, and its average falls as it grows; when it is
# the larger one, only _GREAT * (n / _GREAT) ** _GREAT_POWER of its n articles count, so that it
# takes in its stragglers. Found with benchmarks/stories.py: docs/decisions/0040, 0116.
_MIN_LINK = 0.16
_GREAT = 8
_GREAT_POWER = 0.4
# Stories of different languages are one if they have so many twins, of the smaller's articles.
_TWIN_SHARE = 0.3
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
        self._language_of: dict[int, str] = {}
        self._languages: dict[int, Counter[str]] = {}
        self._twins: dict[int, set[int]] = {}  # of articles, only of those that have any
        self._new_twins: set[tuple[int, int]] = set()
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
        self._languages[story] = Counter()
        self._links[story] = {}
        return story

    def add(
        self,
        article: int,
        likeness: Mapping[int, float],
        story: int,
        language: str = "",
        twins: Iterable[int] = (),
    ) -> None:
        """Enter a new article into a story, with its likeness (above 0) to articles that are there.

        These may be of any story, and so may its ``twins`` in other languages than ``language``,
        "" if unknown. Raises KeyError if the story or one of them is not there; the graph is broken
        after that, and after an article that is not new. Merges nothing: see ``settle``. Cost is
        linear in ``likeness`` and ``twins``.
        """
        self._story_of[article] = story
        self._articles[story].add(article)
        self._language_of[article] = language
        self._languages[story][language] += 1
        for twin in twins:
            self._twins.setdefault(article, set()).add(twin)
            self._twins.setdefault(twin, set()).add(article)
            self._new_twins.add((article, twin))
        self._likeness[article] = dict(likeness)
        for other, value in likeness.items():
            self._likeness[other][article] = value
        self._link(story, [(self._story_of[other], value) for other, value in likeness.items()])

    def remove(self, article: int) -> int | None:
        """Forget an article; return its story if that is forgotten with it, else None.

        Raises KeyError for an article that is not there. Cost is linear in what it is like.
        """
        story = self._story_of.pop(article)
        languages, language = self._languages[story], self._language_of.pop(article)
        languages[language] -= 1
        if not languages[language]:
            del languages[language]
        for twin in self._twins.pop(article, ()):
            self._twins[twin].discard(article)
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
        older stories. Stories of other languages are merged once those of each are: only such as
        share no language, so that no two events of one language are bridged by a third story.
        """
        merged = self._settle_links()
        while across := self._settle_twins():
            merged += [*across, *self._settle_links()]
        self._new_twins.clear()
        return merged

    def _settle_links(self) -> list[tuple[int, int]]:
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
                if other < kept:
                    self._push(heap, other, kept)
                else:
                    self._push(heap, kept, other)
        self._touched.clear()
        return merged

    def _settle_twins(self) -> list[tuple[int, int]]:
        """Merge the first stories of other languages that have twins enough."""
        for one, other in sorted(self._new_twins):
            a, b = self._story_of.get(one), self._story_of.get(other)
            if a is None or b is None or a == b or self._comparable(a, b):
                continue
            smaller, larger = sorted((a, b), key=lambda story: len(self._articles[story]))
            twins = sum(
                any(self._story_of[twin] == larger for twin in self._twins.get(article, ()))
                for article in self._articles[smaller]
            )
            if twins >= _TWIN_SHARE * len(self._articles[smaller]):
                return [self.merge(a, b)]
        return []

    def _comparable(self, a: int, b: int) -> int:
        """Return how many pairs of articles of two stories are not of two known languages."""
        pairs = len(self._articles[a]) * len(self._articles[b])
        of_a, of_b = self._languages[a], self._languages[b]
        known_a, known_b = of_a.total() - of_a[""], of_b.total() - of_b[""]
        same = sum(of_a[language] * of_b[language] for language in of_a if language)
        return pairs - known_a * known_b + same

    def merge(self, a: int, b: int) -> tuple[int, int]:
        """Merge two stories, however weak their link; return (gone, kept).

        The one of more articles is kept, ``a`` of equals. Raises KeyError if one is not there;
        ``a`` and ``b`` must differ.
        """
        gone, kept = (a, b) if len(self._articles[a]) < len(self._articles[b]) else (b, a)
        for article in self._articles[gone]:
            self._story_of[article] = kept
        self._articles[kept] |= self._articles[gone]
        self._languages[kept] += self._languages[gone]
        self._link(kept, self._drop(gone).items())
        return gone, kept

    def _push(self, heap: list[tuple[float, int, int]], a: int, b: int) -> None:
        """Put a link that is strong enough where the strongest comes first."""
        strength = self._strength(a, b)
        if strength >= _MIN_LINK:
            heapq.heappush(heap, (-strength, a, b))

    def _strength(self, a: int, b: int) -> float:
        """Return the link of two stories, 0 where there is none."""
        links = self._links.get(a)
        total = links.get(b) if links else None
        if not total:
            return 0.0
        larger, smaller = len(self._articles[a]), len(self._articles[b])
        of_a, of_b = self._languages[a], self._languages[b]
        if len(of_a) == 1 and of_a.keys() == of_b.keys():  # the common case
            pairs = larger * smaller
        else:
            pairs = self._comparable(a, b)
        larger = max(larger, smaller)
        if larger <= _GREAT:
            return total / pairs
        return total * larger / (pairs * _GREAT * math.pow(larger / _GREAT, _GREAT_POWER))

    def _link(self, story: int, values: Iterable[tuple[int, float]]) -> None:
        """Add each value to the link of ``story`` and another; nothing for itself."""
        links, own, touched = self._links, self._links[story], self._touched
        for other, value in values:
            if other != story:
                own[other] = links[other][story] = own.get(other, 0.0) + value
                touched.add((other, story) if other < story else (story, other))

    def _drop(self, story: int) -> dict[int, float]:
        """Forget a story; return its links."""
        del self._articles[story], self._languages[story]
        links = self._links.pop(story)
        for other in links:
            del self._links[other][story]
        return links

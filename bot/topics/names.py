"""Topics by what people call them, typos included."""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.domain.topic import Topic
from bot.topics.fold import fold, squeeze

__all__ = ["NameIndex", "Named", "name_key"]

# Typed words longer than any name cost time and can only be near by accident.
_MAX_TYPED_CHARS = 80
# How alike (0 to 100) typed words and a name must be: one wrong letter in four still is
# ("clmate", "nort-korea"); below, suggestions turn into riddles ("banana" → Panama is 83).
_NEAR = 75.0
_SHORT_CHARS = 4  # up to here one wrong letter makes another word: ask for more
_NEAR_IF_SHORT = 85.0
_MIN_PREFIX_CHARS = 3


class Named(NamedTuple):
    """A topic and what it is called, the most certain names first."""

    topic: Topic
    called: tuple[str, ...]


class NameIndex:
    """Topics under everything they are called."""

    def __init__(self, named: Sequence[Named]) -> None:
        self._topics = {name_key(topic.slug): topic for topic, _ in named}
        # By rank over all topics: nobody's second name takes away another's first.
        for rank in range(max((len(called) for _, called in named), default=0)):
            for topic, called in named:
                if rank < len(called) and (key := name_key(called[rank])):
                    self._topics.setdefault(key, topic)
        self._keys = list(self._topics)

    def find(self, words: str) -> Topic | None:
        """Return the topic that ``words`` name exactly, but for case, accents and spacing."""
        return self._topics.get(name_key(words[:_MAX_TYPED_CHARS]))

    def suggest(self, words: str, n: int) -> tuple[Topic, ...]:
        """Return up to ``n`` topics with names near ``words``, the nearest first."""
        key = name_key(words[:_MAX_TYPED_CHARS])
        if not key or n < 1:
            return ()
        cutoff = _NEAR if len(key) > _SHORT_CHARS else _NEAR_IF_SHORT
        near = process.extract(
            key, self._keys, scorer=fuzz.ratio, score_cutoff=cutoff, limit=n * 10
        )
        found = [self._topics[name] for name, _, _ in near]
        found += [self._topics[name] for name in self._begun_by(key)]
        return tuple({topic.slug: topic for topic in found}.values())[:n]

    def _begun_by(self, key: str) -> list[str]:
        """Return the names that begin with ``key``, the shortest first."""
        if len(key) < _MIN_PREFIX_CHARS:
            return []
        return sorted((name for name in self._keys if name.startswith(key)), key=len)


def name_key(words: str) -> str:
    """Return ``words`` without case, accents, spaces and punctuation."""
    return fold(squeeze(words).casefold()).replace(" ", "")

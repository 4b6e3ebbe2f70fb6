"""Topics by what people call them, typos included."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from sys import intern
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.topic import Topic
from bot.topics.fold import fold, plain_arabic, squeeze

__all__ = ["NameIndex", "Named", "PackedNames", "name_key"]

# Typed words longer than any name cost time and can only be near by accident.
_MAX_TYPED_CHARS = 80
# How many typing errors (a letter wrong, missing, too many, or two swapped) are forgiven
# from which length on. Shorter words with one wrong letter are other words: Lagos is not
# Laos, a flood no food, and a reader may want just that word.
_FORGIVEN = ((12, 3), (8, 2), (4, 1))
_SHORT_CHARS = 5
_MIN_BEGINNING_CHARS = 5
_MIN_BEGINNING_SHARE = 0.6


class Named(NamedTuple):
    """A topic and what it is called, the most certain names first.

    ``also`` are words that find it too, but are never suggested for a typo: wine is not Wien.
    """

    topic: Topic
    called: tuple[str, ...]
    also: tuple[str, ...] = ()


class PackedNames(Mapping[str, str]):
    """A topic's names by code, kept small: 20,000 of all topics would be 3 MB of objects.

    One string, beside the places of its names, which all topics of the same codes share. A
    look-up takes some 2 µs.
    """

    __slots__ = ("_names", "_places")

    def __init__(self, names: Mapping[str, str]) -> None:
        self._places = _places(tuple(names))
        self._names = "\n".join(names.values())

    def __getitem__(self, code: str) -> str:
        place = self._places[code]
        return self._names.split("\n", place + 1)[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@cache
def _places(codes: tuple[str, ...]) -> dict[str, int]:
    return {intern(code): place for place, code in enumerate(codes)}


class NameIndex:
    """Topics by their names.

    Where names clash, the more certain name wins, and among equals the topic given first.
    """

    def __init__(self, named: Sequence[Named]) -> None:
        self._topics = {name_key(topic.slug): topic for topic, *_ in named}
        # By the key of a name that several share: those that ``_topics`` has not.
        self._namesakes: dict[str, list[Topic]] = {}
        self._file([(topic, called) for topic, called, _ in named])
        self._likely = dict(self._topics)
        self._letters = {_letters(key): topic for key, topic in self._likely.items()}
        self._file([(topic, also) for topic, _, also in named])
        self._by_word: dict[str, list[Topic]] = defaultdict(list)
        for topic, *_ in named:
            for word in {*topic.slug.split("-"), *fold(topic.name()).split()}:
                self._by_word[word].append(topic)

    def _file(self, named: Sequence[tuple[Topic, Sequence[str]]]) -> None:
        """File names by rank over all topics: no second name takes away another's first."""
        for rank in range(max((len(names) for _, names in named), default=0)):
            for topic, names in named:
                if rank < len(names) and (key := name_key(names[rank])):
                    first = self._topics.setdefault(key, topic)
                    others = self._namesakes.get(key, ())
                    if first is not topic and topic not in others:
                        self._namesakes.setdefault(key, []).append(topic)

    def find(self, words: str) -> Topic | None:
        """Return the topic that ``words`` name, None if there is none.

        Exactly, but for case, accents, punctuation and spacing. Their first 80 characters count.
        """
        return self._topics.get(name_key(words[:_MAX_TYPED_CHARS]))

    def find_all(self, words: str) -> tuple[Topic, ...]:
        """Return all topics that ``words`` name, the most certain first; () if there is none."""
        key = name_key(words[:_MAX_TYPED_CHARS])
        found = self._topics.get(key)
        return (found, *self._namesakes.get(key, ())) if found else ()

    def suggest(self, words: str, n: int) -> tuple[Topic, ...]:
        """Return up to ``n`` topics that ``words`` may have meant, the likeliest first.

        First what ``find`` finds, then names mistyped, then those in English of which ``words`` are
        one word ("korea"), and those of which they are the beginning ("switzerl"), with five
        letters and three fifths of it. Their first 80 characters count. Goes through all names;
        empty where ``n`` is not above 0.
        """
        key = name_key(words[:_MAX_TYPED_CHARS])
        typed = _letters(key)
        found = [self._topics[key]] if key in self._topics else []
        forgiven = next((errors for length, errors in _FORGIVEN if len(typed) >= length), 0)
        if forgiven:
            near = process.extract(
                typed, list(self._letters), scorer=OSA.distance, score_cutoff=forgiven, limit=None
            )
            found += [self._letters[name] for name, *_ in near if self._is_meant(typed, name)]
        found += self._by_word.get(key, ())
        if len(key) >= _MIN_BEGINNING_CHARS:
            found += [
                topic
                for name, topic in self._likely.items()
                if name.startswith(key) and len(key) >= _MIN_BEGINNING_SHARE * len(name)
            ]
        return tuple({topic.slug: topic for topic in found}.values())[: max(n, 0)]

    def _is_meant(self, typed: str, name: str) -> bool:
        """Return whether ``typed`` may be a slip for the near ``name``.

        Hardly anybody slips at the first letter. In a short word, letters may only be
        missing or swapped, and only some names are worth a guess: musk may be Musik in
        German, but is not.
        """
        if typed[0] != name[0]:
            return False
        if len(typed) > _SHORT_CHARS:
            return True
        topic = self._letters[name]
        is_known = not name.isascii() or name in (name_key(topic.slug), name_key(topic.name()))
        return is_known and Counter(typed) <= Counter(name)


def name_key(words: str) -> str:
    """Return ``words`` without case, accents, spaces and punctuation: "" for "!".

    In Arabic script without what people leave out or write either way: signs of vowels, hamza
    and madda, the dots of a last letter, the sign that Persian joins words by.
    """
    return fold(squeeze(plain_arabic(words).casefold())).replace(" ", "")


def _letters(key: str) -> str:
    """Return ``key`` with Korean syllables as their letters: that is how they are typed."""
    return unicodedata.normalize("NFD", key)

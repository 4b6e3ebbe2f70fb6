"""A topic's data, turned into a Topic, its names, and the spellings to look for.

A subject's words are lists by language. A country's are told apart by kind (demonym,
capital, leader …), and its names come from CLDR. ``"any"`` holds proper names and
abbreviations written alike in many languages; ``"not"`` holds decoys. ``"also"`` holds, by
slug and language, words that count for a broader subject too: the longer word of two hides
the other, and an electric car is still a car.

How the press writes a country (abbreviations, short names, demonyms, leaders) stands by language
in press.json, its cities, out of CLDR, in cities.json.

English is enough to begin a topic with: its name in English stands for those that are
missing. One marked ``"core": true`` has names and words in all languages we promise.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.domain.topic import Topic
from bot.topics.aliases import plain, spellings
from bot.topics.endings import INFLECTED
from bot.topics.matching import COUNTRY, SUBJECT, Owner
from bot.topics.names import Named

__all__ = ["TopicDefinition"]

_ANY = "any"
# Names in a language's second script are further words of it, but not its display names.
_SECOND = frozenset({"sr_Latn", "zh_Hant"})
# Where the name of a country takes endings or prefixes ("Nordkoreas", "Россией"); there
# is only one France to speak of in English, so no plural is looked for.
_INFLECTED = INFLECTED | {"ar", "be", "da", "de", "he", "nb", "nl", "ru", "sv", "uk"}
_COMPOSED = re.compile(r" [-–] |/")
_PARTS = re.compile(r"[^()（） ][^()（）]+(?<! )")

# The first of the letters that make a flag, two by two.
_FLAG_A = 0x1F1E6

_Data = Mapping[str, Any]


class TopicDefinition:
    """A topic's entry in the catalogue's data; a country's comes with its names in CLDR.

    ``words`` holds its aliases by language code, or "any". ``further`` are lists of a country's
    words by locale: aliases of the press, or cities. Raises KeyError for data without a slug;
    other data are not checked.
    """

    def __init__(
        self,
        data: _Data,
        territory: Mapping[str, str] | None = None,
        *further: Mapping[str, Sequence[str]],
    ) -> None:
        self._slug: str = data["slug"]
        self._sign: str = data.get("sign") or _flag(data.get("territory", ""))
        self._is_core: bool = data.get("core", False)
        self._group = SUBJECT if territory is None else COUNTRY
        self._names: dict[str, str] = {**(territory or {}), **data.get("names", {})}
        self._kinds: _Data = data.get("words", {})
        self._decoys: Mapping[str, Sequence[str]] = data.get("not", {})
        self._also: Mapping[str, Mapping[str, Sequence[str]]] = data.get("also", {})
        self._called: Sequence[str] = data.get("called", ())
        self.words: dict[str, list[str]] = {}
        for language, kinds in self._kinds.items():
            groups = kinds.values() if isinstance(kinds, Mapping) else [kinds]
            self.words[language] = list(chain.from_iterable(groups))
        if territory is None:  # a subject's name is a heading ("Film & TV")
            return
        # A country's names give it away. One that the data calls weak in some language is
        # weak in all: "Georgia" needs company in English, and in Spanish too.
        weak = {word[1:] for words in self.words.values() for word in words if word[0] == "~"}
        for locale, name in [*territory.items(), *self._names.items()]:
            language = locale.partition("_")[0]
            words = self.words.setdefault(language, [])
            for part in (name,) if name.isalpha() else _parts(name):
                alias = part if language in _INFLECTED else f"{part}!"
                alias = f"~{alias}" if part in weak else alias
                if alias not in words and part not in words and f"~{part}" not in words:
                    words.append(alias)
        for by_locale in further:
            for locale, listed in by_locale.items():
                words = self.words.setdefault(locale.partition("_")[0], [])
                known = {plain(word) for word in words if not word.endswith("*")}
                words.extend(word for word in listed if word not in words and word not in known)

    @property
    def is_country(self) -> bool:
        """Whether the topic is a country, not a subject."""
        return self._group == COUNTRY

    def named(self) -> Named:
        """Return the topic, and what a reader may call it.

        Leaders and other cities than capitals are left out: they may be anybody's.
        """
        names = {code: name for code, name in self._names.items() if code not in _SECOND}
        aliases = {
            language: tuple(dict.fromkeys(map(plain, words)))
            for language, words in self.words.items()
        }
        topic = Topic(
            slug=self._slug,
            names=names,
            aliases=aliases,
            group=self._group,
            is_core=self._is_core,
            sign=self._sign,
        )
        seconds = chain(*map(_parts, self._names.values()))
        called = (*self._names.values(), *self._called, *seconds, *self._kind("name", "short"))
        return Named(topic, called, tuple(self._kind("demonym", "capital")))

    def owners(self, languages: Collection[str]) -> Iterator[Owner]:
        """Yield what to look for in texts of any of ``languages`` (none: of all), decoys first.

        Words of "any" are always among them, and all there is for a language that is no code
        of ``words``. Nothing twice. Those of broader subjects come last.
        """
        own = ((self._slug, True, self._decoys), (self._slug, False, self.words))
        broader = ((slug, False, words) for slug, words in self._also.items())
        for slug, is_decoy, words in chain(own, broader):
            found = dict.fromkeys(
                spelling
                for code, aliases in words.items()
                if not languages or code in languages or code == _ANY
                for alias in aliases
                for spelling in spellings(alias, code)
            )
            for spelling in found:
                yield Owner(slug, self._group, spelling, is_decoy)

    def _kind(self, *wanted: str) -> Iterator[str]:
        """Yield a country's words of these kinds; a subject's have none."""
        for kinds in self._kinds.values():
            if isinstance(kinds, Mapping):
                for kind in wanted:
                    yield from map(plain, kinds.get(kind, ()))


def _flag(territory: str) -> str:
    """Return the flag of a territory (ISO 3166-1, two letters), "" for none."""
    return "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in territory)


def _parts(name: str) -> list[str]:
    """Return the names in ``name``: two for "Myanmar (Burma)", none for "Congo - Kinshasa"."""
    return [] if _COMPOSED.search(name) else _PARTS.findall(name)

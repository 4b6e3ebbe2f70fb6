"""A topic's data, turned into a Topic, its names, and the spellings to look for.

A subject's words are lists by language. A country's are told apart by kind (demonym,
capital, leader …), and its names come from CLDR. ``"any"`` holds proper names and
abbreviations written alike in many languages; ``"not"`` holds decoys. ``"also"`` holds, by
slug and language, words that count for a broader subject too: the longer word of two hides
the other, and an electric car is still a car.

A place (a state, a city or a region) has the country it is ``in``, and an organization the
subject it is ``near``, whose feeds tell of it, too. Words are lists by language; a place's names
in other languages than English give it away as well.

How the press writes a country (abbreviations, short names, demonyms, leaders) stands by language
in press.json, its cities, out of CLDR, in cities.json.

English is enough to begin a topic with: its name in English stands for those that are
missing. One marked ``"core": true`` has names and words in all languages we promise.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.domain.subscription import TOP
from bot.domain.topic import Topic
from bot.topics.aliases import plain, spellings
from bot.topics.endings import INFLECTED
from bot.topics.names import Named, PackedNames
from bot.topics.owners import AMERICAN, COUNTRY, ORGANIZATION, PLACE, SUBJECT, Owner

__all__ = ["ANY", "TopicDefinition"]

ANY = "any"
# Names in a language's second script are further words of it, but not its display names.
_SECOND = frozenset({"sr_Latn", "zh_Hant"})
# Where the name of a country takes endings or prefixes ("Nordkoreas", "Россией"); there
# is only one France to speak of in English, so no plural is looked for.
_INFLECTED = INFLECTED | {"ar", "be", "da", "de", "he", "nb", "nl", "ru", "sv", "uk"}
_COMPOSED = re.compile(r" [-–] |/")
_HEADING = re.compile(r"\s*[&/,、・،]\s*|\s*[(（].*")
_PARTS = re.compile(r"[^()（） ][^()（）]+(?<! )")

_USA = "usa"

# The first of the letters that make a flag, two by two.
_FLAG_A = 0x1F1E6

_Data = Mapping[str, Any]


class TopicDefinition:
    """A topic's entry in the catalogue's data; a country's comes with its names in CLDR.

    ``further`` are lists of a country's words by locale: aliases of the press, or cities.
    ``also`` are words for broader topics, by their slugs and by language. Keeps ``data`` and the
    others as they are, and makes of them what it is asked for. Raises KeyError for data without a
    slug; other data are not checked.
    """

    def __init__(
        self,
        data: _Data,
        territory: Mapping[str, str] | None = None,
        *further: Mapping[str, Sequence[str]],
    ) -> None:
        self.slug: str = data["slug"]
        self._sign: str = data.get("sign") or _flag(data.get("territory", ""))
        self._is_core: bool = data.get("core", False)
        self._near: str = data.get("in") or data.get("near", "")
        self._group = COUNTRY
        if territory is None:
            self._group = PLACE if "in" in data else ORGANIZATION if "near" in data else SUBJECT
        self._family = AMERICAN if data.get("in") == _USA else self._group
        self._territory: Mapping[str, str] = territory or {}
        self._names: dict[str, str] = {**self._territory, **data.get("names", {})}
        self._kinds: _Data = data.get("words", {})
        self._decoys: Mapping[str, Sequence[str]] = data.get("not", {})
        self.also: Mapping[str, Mapping[str, Sequence[str]]] = data.get("also", {})
        self._called: Sequence[str] = data.get("called", ())
        self._further = further

    def languages(self) -> set[str]:
        """Return the codes of the languages that the topic has aliases in, and "any"."""
        found = set(self._kinds)
        if self._group == ORGANIZATION:  # its words are names already
            return found
        if self._group == SUBJECT:
            found.update(code for code, name in self._names.items() if self._headed(code, name))
        else:
            named_by = (self._names, *self._further)
            found.update(_language(locale) for names in named_by for locale in names)
        return found - {"en"} if self._group == PLACE and "en" not in self._kinds else found

    def aliases(self, languages: Collection[str] = ()) -> dict[str, list[str]]:
        """Return the topic's aliases by language code, or "any".

        Of ``languages`` alone, if there are any.
        """
        words: dict[str, list[str]] = {}
        for language, kinds in self._kinds.items():
            if not languages or language in languages:
                groups = kinds.values() if isinstance(kinds, Mapping) else [kinds]
                words[language] = list(chain.from_iterable(groups))
        if self._group == ORGANIZATION:
            return words
        if self._group == SUBJECT:
            # Where nothing else is known, its name does: of a heading ("Film & TV") the parts.
            named = {code: self._headed(code, name) for code, name in self._names.items()}
            return words | {
                code: parts
                for code, parts in named.items()
                if parts and (not languages or code in languages)
            }
        # A country's names give it away, and so do a place's, but not in English, where a name
        # may say which is meant: "Washington (state)".
        weak = self._weak()
        for locale, name in [*self._territory.items(), *self._names.items()]:
            language = _language(locale)
            if (languages and language not in languages) or (
                language == "en" and self._group == PLACE
            ):
                continue
            listed = words.setdefault(language, [])
            for part in (name,) if name.isalpha() else _parts(name):
                alias = part if language in _INFLECTED else f"{part}!"
                alias = f"~{alias}" if part in weak else alias
                if alias not in listed and part not in listed and f"~{part}" not in listed:
                    listed.append(alias)
        for by_locale in self._further:
            for locale, more in by_locale.items():
                language = _language(locale)
                if not languages or language in languages:
                    listed = words.setdefault(language, [])
                    known = {plain(word) for word in listed if not word.endswith("*")}
                    listed.extend(w for w in more if w not in listed and w not in known)
        return words

    def _headed(self, language: str, name: str) -> list[str]:
        if language in self._kinds or self.slug == TOP:
            return []
        parts = _HEADING.split(name)
        return [part for part in parts if len(part) > 1 and not (part.isascii() and len(part) < 3)]

    def _weak(self) -> set[str]:
        """Return the words that the data call weak, in any language: then they are in all.

        "Georgia" needs company in English, and in Spanish too.
        """
        groups = (
            group
            for kinds in self._kinds.values()
            for group in (kinds.values() if isinstance(kinds, Mapping) else [kinds])
        )
        return {word[1:] for group in groups for word in group if word[0] == "~"}

    @property
    def is_country(self) -> bool:
        """Whether the topic is a country, not a subject."""
        return self._group == COUNTRY

    def named(self) -> Named:
        """Return the topic, and what a reader may call it.

        Leaders and other cities than capitals are left out: they may be anybody's.
        """
        topic = Topic(
            slug=self.slug,
            names=PackedNames(
                {code: name for code, name in self._names.items() if code not in _SECOND}
            ),
            group=self._group,
            is_core=self._is_core,
            sign=self._sign,
            near=self._near,
        )
        # Of "Amazon (company)" only the first is a name.
        first = None if self.is_country else 1
        seconds = chain.from_iterable(_parts(name)[:first] for name in self._names.values())
        called = (*self._names.values(), *self._called, *seconds, *self._kind("name", "short"))
        return Named(topic, called, tuple(self._kind("demonym", "capital")))

    def owners(self, languages: Collection[str]) -> Iterator[Owner]:
        """Yield what to look for in texts of any of ``languages`` (none: of all), decoys first.

        Words of "any" are always among them, and all there is for a language that is no code
        of ``languages``. Nothing twice. Those of broader subjects come last.
        """
        read = {*languages, ANY} if languages else ()
        own = ((self.slug, True, self._decoys), (self.slug, False, self.aliases(read)))
        broader = ((slug, False, words) for slug, words in self.also.items())
        for slug, is_decoy, words in chain(own, broader):
            found = dict.fromkeys(
                spelling
                for code, aliases in words.items()
                if not read or code in read
                for alias in aliases
                for spelling in spellings(alias, code)
            )
            for spelling in found:
                yield Owner(slug, self._family, spelling, is_decoy)

    def _kind(self, *wanted: str) -> Iterator[str]:
        """Yield a country's words of these kinds; a subject's have none."""
        for kinds in self._kinds.values():
            if isinstance(kinds, Mapping):
                for kind in wanted:
                    yield from map(plain, kinds.get(kind, ()))


def _language(locale: str) -> str:
    return locale.partition("_")[0]


def _flag(territory: str) -> str:
    """Return the flag of a territory (ISO 3166-1, two letters), "" for none."""
    return "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in territory)


def _parts(name: str) -> list[str]:
    """Return the names in ``name``: two for "Myanmar (Burma)", none for "Congo - Kinshasa"."""
    return [] if _COMPOSED.search(name) else _PARTS.findall(name)

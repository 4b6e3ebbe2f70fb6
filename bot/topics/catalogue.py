"""The topic catalogue: read from data, asked by slug, by name in any language, or by text."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from bot.domain.topic import Match, Topic
from bot.topics.aliases import plain, spellings
from bot.topics.matching import COUNTRY, SUBJECT, Owner, TopicMatcher
from bot.topics.names import Named, NameIndex

__all__ = ["COUNTRY", "SUBJECT", "Topics", "load_topics"]

_CATALOG = Path(__file__).parent / "catalog"
# Words under this key are proper names and abbreviations written alike in many languages.
_ANY = "any"
# Display names are kept for every language we have; CLDR's script suffixes are dropped,
# so Traditional Chinese names serve as further aliases.
_TRADITIONAL = "zh_Hant"
# Where the name of a country takes endings or prefixes ("Nordkoreas", "Росси|ей"), and
# which languages take the same.
_ENDINGS_ALIKE = {
    **dict.fromkeys(("da", "de", "nb", "nl", "sv"), "genitive"),
    **dict.fromkeys(("ru", "uk"), "cases"),
    "ar": "ar",
    "he": "he",
}
_INFLECTED = frozenset(_ENDINGS_ALIKE)
# What readers call a country by; leaders and cities may be anybody's and anywhere's.
_CALLABLE = ("name", "short", "demonym", "capital")
_COMPOSED = re.compile(r" [-–] |/")
_PARTS = re.compile(r"[^()（） ][^()（）]+(?<! )")

_Entry = Mapping[str, Any]
_Words = dict[str, list[str]]


class Topics:
    """All topics, with the indexes that answer for them. Made once, by ``load_topics``."""

    def __init__(self, named: Iterable[Named], owners: Iterable[Owner]) -> None:
        self._named = tuple(named)
        self._by_slug = {topic.slug: topic for topic, _ in self._named}
        self._matcher = TopicMatcher(owners)

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self._named)

    def match(self, title: str, text: str, language: str = "") -> dict[str, Match]:
        """Return the topics that an article is about, by slug, the best first.

        ``language`` (ISO 639-1) chooses whose words count; "" (unknown) lets all count.
        A topic mentioned in passing is not in the result.
        """
        return self._matcher.match(title, text, language)

    def get(self, slug: str) -> Topic | None:
        """Return the topic of ``slug``, or None."""
        return self._by_slug.get(slug)

    def all(self) -> tuple[Topic, ...]:
        """Return every topic: subjects first, then countries, each by English name."""
        order = {SUBJECT: 0, COUNTRY: 1}
        return tuple(
            sorted(self._by_slug.values(), key=lambda topic: (order[topic.group], topic.name()))
        )

    def find(self, words: str) -> Topic | None:
        """Return the topic called ``words`` in any language, or None.

        Slugs, names and what else people call a topic count ("DPRK", "North Koreans",
        "Pyongyang", "machine learning"); words that merely give it away in a text do not
        ("Putin", "glacier"). Case, accents, spaces and hyphens make no difference.
        """
        return self._names.find(words)

    def suggest(self, words: str, n: int = 3) -> tuple[Topic, ...]:
        """Return up to ``n`` topics whose names are near ``words``, the nearest first."""
        return self._names.suggest(words, n)


@cache
def load_topics() -> Topics:
    """Return the catalogue; it is read once per process."""
    territories = _read("territories.json")
    subjects = [_Draft(entry, SUBJECT, {}) for entry in _read("subjects.json")]
    countries = [
        _Draft(entry, COUNTRY, territories[entry["territory"]]) for entry in _read("countries.json")
    ]
    drafts = subjects + countries
    return Topics(
        [Named(draft.topic(), draft.called()) for draft in drafts],
        [owner for draft in drafts for owner in draft.owners()],
    )


def _read(name: str) -> Any:
    return json.loads((_CATALOG / name).read_text("utf-8"))


class _Draft:
    """One entry of the data on its way to a topic."""

    def __init__(self, entry: _Entry, group: str, territory: Mapping[str, str]) -> None:
        self._slug: str = entry["slug"]
        self._group = group
        self._names = {**territory, **entry.get("names", {})}
        self._words = _flat(entry.get("words", {}))
        self._called = [*entry.get("called", ()), *_callable(entry.get("words", {}))]
        self._decoys: _Words = entry.get("not", {})
        # A subject's display name is a heading ("Film & TV") and gives nothing away by itself.
        self._name_words = _name_words(territory, self._names) if group == COUNTRY else {}

    def topic(self) -> Topic:
        """Return the topic itself."""
        names = {code: name for code, name in self._names.items() if code != _TRADITIONAL}
        aliases: dict[str, dict[str, None]] = defaultdict(dict)
        for languages, words in [*self._name_words.items(), *self._words.items()]:
            for language in languages.split():
                aliases[language].update(dict.fromkeys(map(plain, words)))
        return Topic(
            slug=self._slug,
            names=names,
            aliases={language: tuple(words) for language, words in aliases.items()},
            group=self._group,
        )

    def called(self) -> tuple[str, ...]:
        """Return what a reader may call the topic, the most certain first."""
        return (*self._names.values(), *chain(*self._name_words.values()), *self._called)

    def owners(self) -> Iterator[Owner]:
        """Yield what the matcher looks for."""
        weak = {word[1:] for words in self._words.values() for word in words if word[0] == "~"}
        for is_decoy, words in ((True, self._decoys), (False, self._words)):
            for language, aliases in words.items():
                languages = frozenset() if language == _ANY else frozenset((language,))
                for alias in aliases:
                    for spelling in spellings(alias, language):
                        yield Owner(self._slug, self._group, spelling, languages, is_decoy)
        for codes, aliases in self._name_words.items():
            languages = frozenset(codes.split())
            for alias in aliases:
                if alias not in weak:  # the data says that this name needs company
                    for spelling in spellings(alias, min(languages & _INFLECTED, default="")):
                        yield Owner(self._slug, self._group, spelling, languages)


def _flat(words: Mapping[str, Any]) -> _Words:
    """Return each language's words in one list, whatever they are (demonym, capital …)."""
    return {
        language: [word for kind in kinds.values() for word in kind]
        if isinstance(kinds, dict)
        else list(kinds)
        for language, kinds in words.items()
    }


def _callable(words: Mapping[str, Any]) -> Iterator[str]:
    """Yield a country's names, abbreviations, demonyms and capitals."""
    for kinds in words.values():
        if isinstance(kinds, dict):
            for kind in _CALLABLE:
                yield from map(plain, kinds.get(kind, ()))


def _name_words(*names_by_locale: Mapping[str, str]) -> _Words:
    """Return a country's names, each under the languages that share it ("de nl sv").

    CLDR writes "Myanmar (Burma)" and "Congo - Kinshasa": what stands apart is told apart.
    """
    languages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for names in names_by_locale:
        for locale, name in names.items():
            language = locale.removesuffix("_Hant")
            if not _COMPOSED.search(name):
                for part in _PARTS.findall(name):
                    languages[part, _ENDINGS_ALIKE.get(language, "")].add(language)
    words: _Words = defaultdict(list)
    for (name, _), codes in languages.items():
        words[" ".join(sorted(codes))].append(name)
    return words

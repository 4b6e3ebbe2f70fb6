"""The topic catalogue: read from data, asked by slug, by name in any language, or by text."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.topic import Match, Topic
from bot.topics.aliases import Pattern, patterns, plain
from bot.topics.matching import Owner, TopicMatcher
from bot.topics.names import NameIndex

__all__ = ["COUNTRY", "SUBJECT", "Topics", "load_topics"]

SUBJECT = "subject"
COUNTRY = "country"

_CATALOG = Path(__file__).parent / "catalog"
# Words under this key are proper names and abbreviations written alike in many languages.
_ANY = "any"
# Display names are kept for every language we have; CLDR's script suffixes are dropped,
# so Traditional Chinese names serve as further aliases.
_TRADITIONAL = "zh_Hant"

_Entry = Mapping[str, Any]
_Words = dict[str, list[str]]


class Topics:
    """All topics, with the indexes that answer for them. Made once, by ``load_topics``."""

    def __init__(self, topics: Iterable[Topic], owners: Iterable[Owner]) -> None:
        self._by_slug = {topic.slug: topic for topic in topics}
        self._matcher = TopicMatcher(owners)
        self._names = NameIndex(self._by_slug.values())

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
        """Return the topic called ``words`` (slug, name or alias in any language), or None.

        Case, accents, spaces and hyphens make no difference.
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
        _Draft(entry, COUNTRY, territories[entry["territory"]])
        for entry in _read("countries.json")
    ]
    drafts = subjects + countries
    return Topics(
        [draft.topic() for draft in drafts], [owner for draft in drafts for owner in draft.owners()]
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
        self._decoys: _Words = entry.get("not", {})
        for language, name in [*territory.items(), *self._names.items()]:
            _add_name(self._words, language.removesuffix("_Hant"), name, group)

    def topic(self) -> Topic:
        """Return the topic itself."""
        names = {code: name for code, name in self._names.items() if code != _TRADITIONAL}
        aliases = {
            language: tuple(dict.fromkeys(map(plain, words)))
            for language, words in self._words.items()
        }
        return Topic(slug=self._slug, names=names, aliases=aliases, group=self._group)

    def owners(self) -> Iterator[Owner]:
        """Yield what the matcher looks for, without doubles."""
        languages: dict[tuple[Pattern, bool], set[str]] = {}
        for is_decoy, words in ((False, self._words), (True, self._decoys)):
            for language, aliases in words.items():
                for alias in aliases:
                    for pattern in patterns(alias, language):
                        languages.setdefault((pattern, is_decoy), set()).add(language)
        for (pattern, is_decoy), known in languages.items():
            yield Owner(
                slug=self._slug,
                family=self._group,
                pattern=pattern,
                languages=frozenset() if _ANY in known else frozenset(known),
                is_decoy=is_decoy,
            )


def _flat(words: Mapping[str, Any]) -> _Words:
    """Return each language's words in one list, whatever they are (demonym, capital …)."""
    return {
        language: [word for kind in kinds.values() for word in kind]
        if isinstance(kinds, dict)
        else list(kinds)
        for language, kinds in words.items()
    }


def _add_name(words: _Words, language: str, name: str, group: str) -> None:
    """Let a display name be an alias, unless the data already says how it may be used.

    CLDR writes "Myanmar (Burma)" and "Congo - Kinshasa": what stands apart is told apart.
    A subject's display name is a heading ("Film & TV") and gives nothing away by itself.
    """
    if group != COUNTRY or " - " in name or " – " in name or "/" in name:
        return
    aliases = words.setdefault(language, [])
    for part in name.replace(")", "").replace("）", "").replace("（", "(").split("("):
        alias = part.strip()
        if len(alias) > 1 and f"~{alias}" not in aliases and alias not in aliases:
            aliases.append(alias)

"""The topic catalogue: look-up by slug, by name in any language, or by an article's text."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from bot.domain.topic import Match, Topic
from bot.topics.aliases import plain
from bot.topics.entries import ANY, TopicDefinition
from bot.topics.matching import TopicMatcher
from bot.topics.names import NameIndex
from bot.topics.neighbours import NameContext
from bot.topics.owners import COUNTRY, ORGANIZATION, PLACE, SUBJECT

__all__ = ["COUNTRY", "ORGANIZATION", "PLACE", "SUBJECT", "Topics", "load_topics"]

# What languages are called besides the code the catalogue has their words under.
_OTHER_CODES = {
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "tl": "fil",
    "mo": "ro",
    "cnr": "sr",
    "sh": "hr",
    "prs": "fa",
    "arz": "ar",
    "cmn": "zh",
    "yue": "zh",
    "ekk": "et",
    "lvs": "lv",
}
# Languages whose press writes names alike, each with those whose words count in it.
_READ_ALIKE = {
    "bs": ("bs", "hr", "sr"),
    "hr": ("hr", "bs"),
    "sr": ("sr", "hr", "bs"),
    "ms": ("ms", "id"),
    "gl": ("gl", "pt", "es"),
}

_ORDER = {SUBJECT: 0, COUNTRY: 1, PLACE: 2, ORGANIZATION: 3}

_CATALOG = Path(__file__).parent / "catalog"
# Of files that name subjects in one language each, by their slugs, where subjects.json does not.
_NAMES = "names-"


class Topics:
    """All topics, with their indexes by name and text. Made once, by ``load_topics``.

    ``definitions`` reads the topics: it is called at once, and again at the first match in a
    language, so that their words in all languages are let go of in between. ``near`` are the words
    by which ``NameContext`` tells another sense of a name.
    """

    def __init__(
        self,
        definitions: Callable[[], Iterable[TopicDefinition]],
        near: Mapping[str, Any] | None = None,
    ) -> None:
        self.definitions = definitions
        self._near = near
        entries = tuple(self.definitions())
        self._by_slug = {topic.slug: topic for topic in (entry.named().topic for entry in entries)}
        self._languages = {language for entry in entries for language in entry.languages()}
        self._matchers: dict[str, TopicMatcher] = {}
        self._countries = frozenset(entry.slug for entry in entries if entry.is_country)

    @cached_property
    def _names(self) -> NameIndex:
        named = (entry.named() for entry in self.definitions())
        return NameIndex([each._replace(topic=self._by_slug[each.topic.slug]) for each in named])

    @cached_property
    def _proper_names(self) -> Mapping[str, frozenset[str]]:
        """Names written alike in all languages, by the topic that they give away."""
        return {
            entry.slug: frozenset(map(plain, entry.aliases((ANY,)).get(ANY, ())))
            for entry in self.definitions()
        }

    def proper_names(self, slug: str) -> frozenset[str]:
        """Return the names, written alike in all languages, that give a topic away; as written.

        Of persons, places, firms and bodies that it covers. None for a topic that there is not.
        The first call takes some 0.1 s.
        """
        return self._proper_names.get(slug, frozenset())

    def match(self, title: str, text: str, language: str = "") -> dict[str, Match]:
        """Return the topics that an article is about, by slug, the best first.

        ``language`` (a tag as in "pt-BR": what follows the first code is passed over) chooses
        whose words count; one that is unknown, or that the catalogue has no words of, lets all
        count. Equals come by slug. A topic mentioned
        in passing is not in the result. 400 characters of the title and 6,000 of the text are
        read, in some 0.01 s, or 0.1 s where they are nothing but names; the first call in a
        language takes 0.1 s longer, the first for all of them some 0.5 s.
        """
        return self._matcher(language).match(title, text)

    def countries(
        self, title: str, text: str, language: str = ""
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return the slugs of the countries that a title names, and those that its text does.

        By name, people, capital, leader or another city that the catalogue knows, however often;
        ``language`` as in ``match``, and so is the time of a first call; else some 40 µs for a
        headline and the first lines under it.
        """
        return self._matcher(language).named(title, text, self._countries)

    def _matcher(self, language: str) -> TopicMatcher:
        matcher = self._matchers.get(language)
        if matcher is None:
            code = language.lower().replace("_", "-").partition("-")[0]
            code = _OTHER_CODES.get(code, code)
            code = code if code in self._languages else ""
            matcher = self._matchers.get(code)
            if matcher is None:
                read = _READ_ALIKE.get(code, (code,)) if code else ()
                owners = (owner for entry in self.definitions() for owner in entry.owners(read))
                matcher = self._matchers[code] = TopicMatcher(
                    owners, NameContext(self._near, read) if self._near else None
                )
        return matcher

    def get(self, slug: str) -> Topic | None:
        """Return the topic of ``slug``, letter by letter, None if there is none."""
        return self._by_slug.get(slug)

    def all(self) -> tuple[Topic, ...]:
        """Return every topic, each group by English name (code points).

        Subjects, then countries, places and organizations. Sorted anew at each call.
        """
        return tuple(
            sorted(self._by_slug.values(), key=lambda topic: (_ORDER[topic.group], topic.name()))
        )

    def find(self, words: str) -> Topic | None:
        """Return the topic called ``words`` in any language, or None.

        Slugs, names and what else people call a topic count ("DPRK", "North Korean",
        "Pyongyang", "machine learning"); their plurals do not ("North Koreans"), nor do words
        that merely give it away in a text ("Putin", "glacier"). Case, accents, spaces and
        punctuation make no difference; 80 characters count. The first call of this or of
        ``suggest`` takes some 0.05 s longer.
        """
        return self._names.find(words)

    def find_all(self, words: str) -> tuple[Topic, ...]:
        """Return every topic called ``words``, the one that ``find`` returns first; () if none.

        More than one where names are ambiguous: "Georgia" is a country and a state, "Berlin" a
        city and what the press calls its country. As fast as ``find``.
        """
        return self._names.find_all(words)

    def suggest(self, words: str, n: int = 3) -> tuple[Topic, ...]:
        """Return up to ``n`` topics whose names are near ``words``, the likeliest first.

        First the one that ``find`` finds, then those mistyped, then those of which ``words`` are
        one word of the English name ("korea") or the beginning: five letters at least, and most
        of the name. A mistyped word of under four letters finds nothing; nor does "", nor an ``n``
        that is not above 0. 80 characters count. Some milliseconds.
        """
        return self._names.suggest(words, n)


@cache
def load_topics() -> Topics:
    """Return the catalogue: read from disk at the first call, then shared by the process.

    The first call takes some 0.1 s.
    """
    files = {path.stem: path.read_bytes() for path in _CATALOG.glob("*.json")}
    return Topics(partial(_read, files), json.loads(files["neighbours"]))


def _read(files: Mapping[str, bytes]) -> Iterator[TopicDefinition]:
    """Yield the topics of the catalogue's files, subjects first, countries last."""
    press: dict[str, dict[str, list[str]]] = {}
    for language, by_slug in json.loads(files["press"]).items():
        for slug, words in by_slug.items():
            press.setdefault(slug, {})[language] = words
    names: dict[str, dict[str, str]] = {}
    for name, text in files.items():
        language = name.removeprefix(_NAMES)
        for slug, called in json.loads(text).items() if language != name else ():
            names.setdefault(slug, {})[language] = called
    for file in ("subjects", "places", "organizations"):
        for data in json.loads(files[file]):
            yield TopicDefinition({**data, "names": names.get(data["slug"], {}) | data["names"]})
    territories, cities = json.loads(files["territories"]), json.loads(files["cities"])
    for data in json.loads(files["countries"]):
        yield TopicDefinition(
            data,
            territories[data["territory"]],
            press.get(data["slug"], {}),
            cities.get(data["territory"], {}),
        )

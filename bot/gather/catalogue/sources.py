"""The catalogue of news outlets: facts about their feeds, and a choice of them for a topic.

``feeds.json`` holds the facts, an outlet a line; the others name its feeds by their addresses,
the best first: ``desks.json`` by subject and language, ``countries.json`` by country and by who
writes (see ``choosing.ROLES``), ``general.json`` general news by language. ``free_words.json``
says which topic's desks are asked for a reader's own words.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import blake2b
from importlib import resources
from sys import intern
from typing import Literal

import regex

from bot.gather.catalogue.choosing import (
    ENOUGH_OWN,
    MAX_SOURCES,
    ROLES,
    choose,
    in_turns,
)
from bot.gather.catalogue.outlets import load_outlets
from bot.iso639 import ISO_639_1
from bot.topics import load_topics
from bot.topics.fold import fold

__all__ = ["MAX_SOURCES", "Desks", "Source", "Sources", "load_sources"]

# Topics for which general news is asked beside their own desks.
_GENERAL_TOPICS = frozenset({"top", "world"})
# Of a topic's own feeds, how many are asked for words of a reader that touch it.
_MAX_OF_WORDS = 6
# Words of a reader that are looked up together ("champions league").
_MAX_WORDS_TOGETHER = 3
# Feeds of these desks are an outlet's news of all kinds, the widest first.
_FRONT = ("top", "world", "national")
_GENERAL_KINDS = frozenset({"national", "public broadcaster", "agency", "magazine"})
# Codes of languages that are written alike, as readers and as feeds say them.
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "tl": "fil", "iw": "he", "in": "id"}
_FOLDER = resources.files("bot.gather.catalogue")
_FILES = ("feeds", "desks", "countries", "general", "free_words")
# What a reader types for an outlet: no quotes, no operators.
_NAME = regex.compile(r"\s*[\p{L}\p{N}][\p{L}\p{M}\p{N} .&'’+-]{1,60}")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[-.&'’][\p{L}\p{M}\p{N}]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet's feed, or its Google-News sitemap (``format``).

    ``outlet`` is the outlet's id and ``name`` what it calls itself, in English where the feed is
    in another script than its own name. ``country`` is where it is published and ``about`` what
    the feed is about (ISO 3166, or ""), ``desk`` the subject, or top, world, national or regional.
    ``kind`` is what sort of outlet it is, ``state`` "", "public" or "state-run", ``paywall`` "",
    "metered" or "hard"; ``tier`` is how sure the address is, A before B before C.
    """

    outlet: str
    name: str
    feed_url: str
    homepage: str
    language: str
    country: str
    kind: str
    desk: str = "top"
    about: str = ""
    tier: Literal["A", "B", "C"] = "C"
    format: Literal["feed", "sitemap"] = "feed"
    state: Literal["", "public", "state-run"] = ""
    paywall: Literal["", "metered", "hard"] = ""

    @property
    def state_run(self) -> bool:
        """Whether a government owns or directs the outlet."""
        return self.state == "state-run"


@dataclass(frozen=True, kw_only=True)
class Desks:
    """Whose feeds are asked for what, by address, the best first.

    ``subjects`` are by slug and language, ``countries`` by slug and role, ``general`` by language,
    and ``words`` are slugs by a reader's words, folded. ``near`` are the slugs of topics that have
    feeds by those of topics that have none and are served by theirs: a city's country.
    """

    subjects: Mapping[str, Mapping[str, Sequence[str]]]
    countries: Mapping[str, Mapping[str, Sequence[str]]]
    general: Mapping[str, Sequence[str]]
    words: Mapping[str, str]
    near: Mapping[str, str] = field(default_factory=dict)


class Sources:
    """An immutable collection of sources, as they are given; iterable.

    ``version`` is another for other sources or desks. Raises KeyError if ``desks`` name an address
    that no source has.
    """

    def __init__(self, sources: Iterable[Source], desks: Desks, *, version: str = "") -> None:
        self.version = version
        self._sources = tuple(sources)
        self._by_url = {source.feed_url: source for source in self._sources}
        self._subjects = {
            slug: {language: self._of(urls) for language, urls in languages.items()}
            for slug, languages in desks.subjects.items()
        }
        self._countries = {
            slug: {role: self._of(roles[role]) for role in ROLES if role in roles}
            for slug, roles in desks.countries.items()
        }
        self._general = {language: self._of(urls) for language, urls in desks.general.items()}
        self._words = desks.words
        self._near = desks.near

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._sources)

    def __iter__(self) -> Iterator[Source]:
        """Yield all of them, those of an outlet together."""
        return iter(self._sources)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The ISO 639-1 codes of the sources' languages, where they have one."""
        return ISO_639_1.intersection(source.language for source in self._sources)

    def for_topic(self, slug: str, *, languages: Sequence[str] = ("en",)) -> tuple[Source, ...]:
        """Return the sources to poll for a topic, the most fitting first, at most 12.

        First its own, in ``languages`` (ISO 639, in turns as they are given), two of an outlet at
        most, and mixed: a subject's desks, or for a country outlets about it, its press, the
        world's feeds about it and two desks of its region. General news of those languages only
        fills up to six where there are fewer of its own, and up to 12 for "world", "top" and
        unknown topics. A topic without desks gets those of the one it is near: a city its
        country's. Empty for languages we have no sources in. O(n) in the sources of the topic and
        of the languages.
        """
        codes = _codes(languages)
        slug = self._served_by(slug)
        own = self.own(slug, languages=codes)
        wants_general = slug in _GENERAL_TOPICS or not self.knows(slug)
        return choose(
            own,
            self._general_of(codes),
            only_below=MAX_SOURCES if wants_general else ENOUGH_OWN,
        )

    def for_words(self, words: str, *, languages: Sequence[str] = ("en",)) -> tuple[Source, ...]:
        """Return the sources to poll for a reader's own words, at most 12.

        Up to six of the topic that the words touch ("F1" is Formula 1), by a small table and the
        names of subjects, then general news, in ``languages`` as in ``for_topic``.
        """
        codes = _codes(languages)
        slug = self.topic_of(words)
        own = choose(self.own(slug, languages=codes), ())[:_MAX_OF_WORDS]
        return choose({"own": own}, self._general_of(codes), only_below=MAX_SOURCES)

    def own(self, slug: str, *, languages: Sequence[str] = ("en",)) -> dict[str, list[Source]]:
        """Return every feed of a topic's own in ``languages``, by role; {} for an unknown one.

        A subject's have the role "desk".
        """
        codes = _codes(languages)
        if slug in self._subjects:
            desk = self._subjects[slug]
            return {"desk": in_turns([desk.get(code, ()) for code in codes])}
        roles = self._countries.get(slug, {})
        return {
            role: in_turns([[s for s in sources if s.language == code] for code in codes])
            for role, sources in roles.items()
        }

    def knows(self, slug: str) -> bool:
        """Return whether the catalogue has desks for a topic, in whatever language; O(1)."""
        return slug in self._subjects or slug in self._countries

    def topic_of(self, words: str) -> str:
        """Return the slug of the topic whose desks a reader's own words touch, "" for none.

        The longest run of up to three words decides, then the first; what follows a minus does
        not count.
        """
        kept = [word for word in words.split() if word[0] not in "-−–"]
        tokens = [fold(token) for token in _WORD.findall(" ".join(kept))]
        for size in range(min(_MAX_WORDS_TOGETHER, len(tokens)), 0, -1):
            for start in range(len(tokens) - size + 1):
                run = " ".join(tokens[start : start + size])
                slug = self._words.get(run) or self._served_by(run.replace(" ", "-"))
                if self.knows(slug):
                    return slug
        return ""

    def _served_by(self, slug: str) -> str:
        return slug if self.knows(slug) else self._near.get(slug, slug)

    def by_url(self, url: str) -> Source | None:
        """Return the source with this very feed address, or None; O(1).

        Other spellings of an address are not found.
        """
        return self._by_url.get(url)

    def front_of(self, outlet: str, *, languages: Sequence[str] = ()) -> Source | None:
        """Return the feed of an outlet's news of all kinds, None if it has none; O(1).

        One of ``languages`` before others, then its front page before world and national news
        before the rest, then the surer address.
        """
        codes = _codes(languages)

        def turn(source: Source) -> tuple[bool, int, str]:
            desk = _FRONT.index(source.desk) if source.desk in _FRONT else len(_FRONT)
            return source.language not in codes, desk, source.tier

        return min(self._by_outlet.get(outlet, ()), key=turn, default=None)

    def of_outlet(self, name: str, *, languages: Sequence[str] = ()) -> Source | None:
        """Return the front feed of the outlet of that name ("bbc"), None if there is none.

        Of several with one name the only one that has a feed in ``languages``; None where these
        are several too: a guess would subscribe to a stranger. Quoted words are no name.
        """
        fronts = [
            front
            for outlet in (load_outlets().called(name) if _NAME.fullmatch(name) else ())
            if (front := self.front_of(outlet, languages=languages)) is not None
        ]
        if len(fronts) > 1:
            codes = _codes(languages)
            fronts = [front for front in fronts if front.language in codes]
            general = [front for front in fronts if front in self._general_of(codes)]
            fronts = general or fronts
        return fronts[0] if len(fronts) == 1 else None

    @cached_property
    def _by_outlet(self) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = {}
        for source in self._sources:
            found.setdefault(source.outlet, []).append(source)
        return found

    def _of(self, urls: Iterable[str]) -> tuple[Source, ...]:
        return tuple(self._by_url[url] for url in urls)

    def _general_of(self, codes: Sequence[str]) -> list[Source]:
        """Return general news of languages, in turns; without a front row whoever has some."""
        rows = (self._general.get(code) or tuple(self._fronts.get(code, ())) for code in codes)
        return in_turns(list(rows))

    @cached_property
    def _fronts(self) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = {}
        for source in self._sources:
            if source.desk in _FRONT and source.kind in _GENERAL_KINDS and not source.about:
                found.setdefault(source.language, []).append(source)
        for sources in found.values():
            sources.sort(key=lambda source: (source.tier, source.state_run))
        return found


def _codes(languages: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_SAME_LANGUAGE.get(code, code) for code in languages))


@cache
def load_sources() -> Sources:
    """Return the catalogue that comes with the program; read once, then cached.

    The first call blocks for some 0.1 s while it reads files of 6,000 feeds.
    """
    texts = {name: _FOLDER.joinpath(f"{name}.json").read_bytes() for name in _FILES}
    feeds, subjects, countries, general, words = (json.loads(text) for text in texts.values())
    outlets = load_outlets()
    sources = (
        Source(
            outlet=row["outlet"],
            name=outlets.name_for(row["outlet"], feed["language"]),
            feed_url=feed["url"],
            homepage=row["homepage"],
            language=intern(feed["language"]),
            country=intern(row["country"]),
            kind=intern(row["kind"]),
            desk=intern(feed["desk"]),
            about=intern(feed.get("about", "")),
            tier=feed["tier"],
            format=feed.get("format", "feed"),
            state=row.get("state", ""),
            paywall=row.get("paywall", ""),
        )
        for row in feeds
        for feed in row["feeds"]
    )
    near = {topic.slug: topic.near for topic in load_topics().all() if topic.near}
    desks = Desks(subjects=subjects, countries=countries, general=general, words=words, near=near)
    version = blake2b(b"".join(texts.values()), digest_size=8).hexdigest()
    return Sources(sources, desks, version=version)

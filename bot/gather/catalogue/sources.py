"""The catalogue of news outlets: facts about their feeds, and a choice of them for a topic."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest

from bot.iso639 import ISO_639_1

__all__ = ["Source", "Sources", "load_sources"]

# Feeds polled for a topic: enough for several views, few enough to be polite.
MAX_SOURCES = 12
# Of these, how many may be about the topic, so that general news is among them.
_MAX_OWN = 8
# Of these, how many of one outlet, which may have a feed for each of its desks.
_MAX_OF_OUTLET = 2
# The categories of the catalogue that belong to a topic, by its slug.
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "africa": ("africa",),
    "agriculture": ("agriculture",),
    "ai": ("ai", "technology", "tech"),
    "asia": ("asia",),
    "basketball": ("nba", "sports"),
    "business": ("business", "business & economy"),
    "cars": ("cars", "auto"),
    "climate": ("climate change", "science"),
    "culture": ("culture", "entertainment"),
    "cybersecurity": ("technology", "tech", "networking"),
    "defence": ("defense",),
    "economy": ("economy", "business & economy", "business"),
    "energy": ("climate change", "business"),
    "environment": ("climate change", "science"),
    "eu": ("europe",),
    "film": ("movies", "celebs and movies"),
    "football": ("soccer", "sports"),
    "games": ("gaming",),
    "health": ("medicine", "science"),
    "markets": ("economy", "business"),
    "middle-east": ("middle east",),
    "motorsport": ("sports",),
    "music": ("culture", "entertainment"),
    "nuclear": ("nuclear power", "energy"),
    "olympics": ("sports",),
    "science": ("science",),
    "space": ("space", "science"),
    "sports": ("sports",),
    "startups": ("technology", "tech"),
    "technology": ("technology", "tech"),
    "tennis": ("tennis",),
    "trade": ("economy", "business"),
    "travel": ("travel",),
    "world": ("world",),
}

_GENERAL = frozenset({"news", "world"})
# Countries whose press covers a country that has none we could read.
_NEIGHBOURS = {"AF": ("PK",), "KP": ("KR",), "PS": ("IL",), "TM": ("KZ",)}
# How outlets name the feed of their world desk.
_WORLD_FEED = re.compile(r"world(?:/rss)?(?:\.xml|/)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet's feed, or its Google-News sitemap (``kind``).

    ``country`` is where it is published and ``about`` what it is about (ISO 3166, or "");
    ``tier`` is how reliable these facts are, A before B before C. ``reputable`` marks outlets that
    several lists of trusted hosts name, ``state_run`` those that a government runs.
    """

    name: str
    feed_url: str
    homepage: str
    language: str
    country: str
    about: str
    categories: tuple[str, ...]
    tier: str
    kind: str
    reputable: bool = False
    state_run: bool = False


class Sources:
    """An immutable collection of sources, the best first; iterable.

    The best are the reputable ones, then those of tier A, then feeds before sitemaps; of equals
    the name decides, and then the address.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sorted(sources, key=_rank))
        self._by_url = {source.feed_url: source for source in self._sources}

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._sources)

    def __iter__(self) -> Iterator[Source]:
        """Yield all of them, the best first."""
        return iter(self._sources)

    @property
    def languages(self) -> frozenset[str]:
        """The ISO 639-1 codes of the sources' languages, where they have one; O(n) each time."""
        return ISO_639_1.intersection(source.language for source in self._sources)

    def for_topic(
        self, slug: str, *, country: str = "", languages: Sequence[str] = ("en",)
    ) -> tuple[Source, ...]:
        """Return the sources to poll for a topic, the most fitting first, at most 12.

        First up to 8 about the topic, the best first, in ``languages`` (ISO 639, spelled as in
        ``Source``); for a country's topic those about it, or published there and about none, for a
        few countries also next door (``country``, ISO 3166 in capitals, is known from the slug, or
        given: then the slug does not matter). Then general news of those languages, in turns as
        they are given, each from as many countries as there are. At most two of one outlet. Empty
        for languages we have no sources in; an unknown topic gets general news. For each language
        O(n log n) in all sources; the first call without a ``country`` reads a data file.
        """
        country = country or _territories().get(slug, "")
        readable = [source for source in self._sources if source.language in languages]
        if country:
            near = (country, *_NEIGHBOURS.get(country, ()))
            about_topic = [
                source
                for source in readable
                if source.about == country or (not source.about and source.country in near)
            ]
        else:
            names = {slug.replace("-", " "), *_CATEGORIES.get(slug, ())}
            about_topic = [source for source in readable if names & set(source.categories)]
        general = []
        for language in languages:
            countries: dict[str, list[Source]] = defaultdict(list)
            for source in readable:
                is_general = not source.about and _GENERAL & set(source.categories)
                if source.language == language and is_general:
                    countries[source.country].append(source)
            for local in countries.values():
                local.sort(key=_is_local)  # stable: then by rank
            rows = sorted(countries.values(), key=lambda row: (_is_local(row[0]), _rank(row[0])))
            general.append(_in_turns(rows))
        chosen = _at_most(_MAX_OF_OUTLET, about_topic)[:_MAX_OWN]
        outlets = {source.name for source in chosen}
        chosen += [
            source for source in _at_most(1, _in_turns(general)) if source.name not in outlets
        ]
        return tuple(chosen[:MAX_SOURCES])

    def by_url(self, url: str) -> Source | None:
        """Return the source with this very feed address, or None; O(1).

        Other spellings of an address are not found.
        """
        return self._by_url.get(url)


def _rank(source: Source) -> tuple[bool, str, str, str, str]:
    """Return a key that sorts the best sources first, in an order that is always the same."""
    return (not source.reputable, source.tier, source.kind, source.name, source.feed_url)


def _is_local(source: Source) -> bool:
    """Return whether a source is not known to carry the news of the whole world."""
    return "world" not in source.categories and not _WORLD_FEED.search(source.feed_url)


def _in_turns(queues: Sequence[Sequence[Source]]) -> list[Source]:
    """Return the first of each queue, then the second of each, and so on."""
    rounds = zip_longest(*queues)
    return [source for turn in rounds for source in turn if source is not None]


def _at_most(limit: int, sources: Iterable[Source]) -> list[Source]:
    """Return ``sources`` with the first ``limit`` of each outlet."""
    seen: Counter[str] = Counter()
    kept = []
    for source in sources:
        seen[source.name] += 1
        if seen[source.name] <= limit:
            kept.append(source)
    return kept


@cache
def _territories() -> dict[str, str]:
    """Return the ISO 3166 code of each country topic, by slug."""
    text = resources.files("bot.topics").joinpath("catalog/countries.json").read_text("utf-8")
    return {row["slug"]: row["territory"] for row in json.loads(text)}


@cache
def load_sources() -> Sources:
    """Return the catalogue that comes with the program; read once, then cached.

    The first call blocks while it reads and parses a file of about a thousand rows.
    """
    text = resources.files("bot.gather.catalogue").joinpath("sources.json").read_text("utf-8")
    rows = json.loads(text)
    return Sources(Source(**{**row, "categories": tuple(row["categories"])}) for row in rows)

"""The catalogue of outlets: facts about feeds, so that a topic knows whom to ask."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest

__all__ = ["Source", "Sources", "load_sources"]

# How many feeds a topic brings along: enough for several views, few enough to be polite.
MAX_SOURCES = 12
# Of these, how many may be the topic's own, so that general news stands beside them.
_MAX_OWN = 8
# Of one outlet, which may have a feed for each of its desks.
_MAX_OF_OUTLET = 2
# What our topics are called among the categories of the catalogue.
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
# Whose press covers a country that has none we could read.
_NEIGHBOURS = {"AF": ("PK",), "KP": ("KR",), "PS": ("IL",), "TM": ("KZ",)}
# How outlets name the feed of their world desk.
_WORLD_FEED = re.compile(r"world(?:/rss)?(?:\.xml|/)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet's feed, or its Google-News sitemap (``kind``).

    ``country`` is where it is published and ``about`` what it is about (ISO 3166, or "");
    ``tier`` says how sure we are of it, A before B before C. ``reputable`` marks outlets that
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
    """All sources, by topic and by address."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sorted(sources, key=_rank))
        self._by_url = {one.feed_url: one for one in self._sources}

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._sources)

    def __iter__(self) -> Iterator[Source]:
        """Give all of them, the best first."""
        return iter(self._sources)

    @property
    def languages(self) -> frozenset[str]:
        """The languages there are sources in (ISO 639-1)."""
        return frozenset(one.language[:2] for one in self._sources if one.language)

    def for_topic(
        self, slug: str, *, country: str = "", languages: Sequence[str] = ("en",)
    ) -> tuple[Source, ...]:
        """Return the sources to poll for a topic, the most fitting first, at most a dozen.

        Those about the topic, in a language the reader knows; for a country's topic those
        about it or published there (``country`` is known from the slug, or given); then
        general news of those languages, from as many countries as there are.
        """
        country = country or _territories().get(slug, "")
        readable = [one for one in self._sources if one.language in languages]
        own = [one for one in readable if _fits(one, slug, country)]
        general = _in_turns([_in_turns(_by_country(readable, language)) for language in languages])
        chosen = [*_few_of_each(own, _MAX_OF_OUTLET)[:_MAX_OWN]]
        names = {one.name for one in chosen}
        chosen += [one for one in _few_of_each(general, 1) if one.name not in names]
        return tuple(chosen[:MAX_SOURCES])

    def by_url(self, url: str) -> Source | None:
        """Return the source with this feed address, or None."""
        return self._by_url.get(url)


def _rank(one: Source) -> tuple[bool, str, str, str, str]:
    return (not one.reputable, one.tier, one.kind, one.name, one.feed_url)


def _fits(one: Source, slug: str, country: str) -> bool:
    """Tell whether a source is about the topic; one about another country never is."""
    if country:
        countries = (country, *_NEIGHBOURS.get(country, ()))
        return one.about == country or (not one.about and one.country in countries)
    wanted = (slug.replace("-", " "), *_CATEGORIES.get(slug, ()))
    return any(category in wanted for category in one.categories)


def _by_country(readable: Sequence[Source], language: str) -> list[list[Source]]:
    """Return general news of a language by country, world news and the best outlets first."""
    countries: dict[str, list[Source]] = defaultdict(list)
    for one in readable:
        if one.language == language and not one.about and _GENERAL & set(one.categories):
            countries[one.country].append(one)
    for sources in countries.values():
        sources.sort(key=_is_local)  # stable: then by rank
    return sorted(countries.values(), key=lambda them: (_is_local(them[0]), _rank(them[0])))


def _is_local(one: Source) -> bool:
    """Tell whether a source is not known to bring the news of the whole world."""
    return "world" not in one.categories and not _WORLD_FEED.search(one.feed_url)


def _in_turns(queues: Sequence[Sequence[Source]]) -> list[Source]:
    """Return the first of each queue, then the second of each, and so on."""
    rounds = zip_longest(*queues)
    return [one for turn in rounds for one in turn if one is not None]


def _few_of_each(sources: Iterable[Source], limit: int) -> list[Source]:
    """Return ``sources`` with at most ``limit`` of one outlet."""
    seen: Counter[str] = Counter()
    kept = []
    for one in sources:
        seen[one.name] += 1
        if seen[one.name] <= limit:
            kept.append(one)
    return kept


@cache
def _territories() -> dict[str, str]:
    """Return the ISO 3166 code of each country topic, by slug."""
    text = resources.files("bot.topics").joinpath("catalog/countries.json").read_text("utf-8")
    return {row["slug"]: row["territory"] for row in json.loads(text)}


@cache
def load_sources() -> Sources:
    """Return the catalogue that comes with the program."""
    text = resources.files("bot.gather.catalogue").joinpath("sources.json").read_text("utf-8")
    rows = json.loads(text)
    return Sources(Source(**{**row, "categories": tuple(row["categories"])}) for row in rows)

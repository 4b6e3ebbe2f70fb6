"""The catalogue of outlets: facts about feeds, so that a topic knows whom to ask."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Source", "Sources", "load_sources"]

# How many feeds a topic brings along: enough for several views, few enough to be polite.
MAX_SOURCES = 12
# Of these, how many general ones of a reader's languages stand beside the topic's own.
_MAX_GENERAL = 8
# What our topics are called among the categories of the catalogue.
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "africa": ("africa",),
    "agriculture": ("agriculture",),
    "ai": ("ai", "technology", "tech"),
    "asia": ("asia",),
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
    "games": ("gaming",),
    "markets": ("economy", "business"),
    "middle-east": ("middle east",),
    "science": ("science",),
    "space": ("space", "science"),
    "sports": ("sports",),
    "technology": ("technology", "tech"),
    "tennis": ("tennis",),
    "trade": ("economy", "business"),
    "travel": ("travel",),
    "world": ("world",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet's feed, or its Google-News sitemap (``kind``).

    ``country`` is where it is published and ``about`` what it is about (ISO 3166, or "");
    ``tier`` says how sure we are of it, A before B before C.
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
    state_run: bool = False


class Sources:
    """All sources, by topic and by address."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sorted(sources, key=lambda one: (one.tier, one.kind, one.name)))
        self._by_url = {one.feed_url: one for one in self._sources}

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._sources)

    @property
    def languages(self) -> frozenset[str]:
        """The languages there are sources in (ISO 639-1)."""
        return frozenset(one.language[:2] for one in self._sources if one.language)

    def for_topic(
        self, slug: str, *, country: str = "", languages: Sequence[str] = ("en",)
    ) -> tuple[Source, ...]:
        """Return the sources to poll for a topic, the most fitting first, at most a dozen.

        Those about the topic, in a language the reader knows; for a country's topic
        (``country``) those published there; then general news of those languages.
        """
        readable = [one for one in self._sources if one.language in languages]
        wanted = set(_CATEGORIES.get(slug, ()))
        own = [one for one in readable if wanted & set(one.categories)]
        if country:
            own += [one for one in readable if country in (one.about, one.country)]
        general = [one for language in languages for one in _general(readable, language)]
        room = max(_MAX_GENERAL, MAX_SOURCES - len(own))
        chosen = dict.fromkeys([*own[: MAX_SOURCES - min(len(general), 4)], *general[:room]])
        return tuple(chosen)[:MAX_SOURCES]

    def by_url(self, url: str) -> Source | None:
        """Return the source with this feed address, or None."""
        return self._by_url.get(url)


def _general(readable: Sequence[Source], language: str) -> list[Source]:
    """Return the best general news of a language, one outlet once."""
    news = [
        one
        for one in readable
        if one.language == language and "news" in one.categories and not one.about
    ]
    return list({one.name: one for one in reversed(news[: 2 * _MAX_GENERAL])}.values())[::-1]


@cache
def load_sources() -> Sources:
    """Return the catalogue that comes with the program."""
    text = resources.files("bot.gather").joinpath("sources.json").read_text("utf-8")
    rows = json.loads(text)
    return Sources(Source(**{**row, "categories": tuple(row["categories"])}) for row in rows)

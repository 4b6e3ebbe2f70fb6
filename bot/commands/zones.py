"""Time zones by name, by city, by country, and by the time on the reader's clock."""

import json
import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.commands.places import zones_at
from bot.commands.times import parse_time
from bot.texts import LANGUAGES, texts_for

__all__ = ["find_zones", "is_zone", "likely_zones", "nearby", "zone_at"]

# A clock read off a wall may be some minutes off; no two zones differ by less than 15.
_CLOCK_SLACK = timedelta(minutes=7)
_MIN_LIKENESS = 78


def is_zone(name: str) -> bool:
    """Return whether ``name`` is, letter by letter, an IANA zone of an inhabited place or "UTC".

    The first call reads the system's time zone database; the names are cached. "US/Eastern" and
    "Etc/UTC" are none.
    """
    return name in _zones()


def find_zones(text: str, now: datetime) -> tuple[str, ...]:
    """Return the zones that ``text`` means, likeliest first; empty if it means none.

    ``text`` is an IANA name that ``is_zone`` accepts, a city, a country, an abbreviation ("CET"),
    or the time it is there now as ``parse_time`` takes it, up to 7 minutes off: then populous
    zones alone are searched. ``now`` is aware: a naive one is taken for the machine's local time.
    Case and accents make no difference. The first call loads the names, which blocks for about
    0.1 s.
    """
    words = _fold(text)
    if not words:
        return ()
    clock = parse_time(text)
    if clock is None:
        return _names().get(words, ())
    found = []
    for zone in _data()["popular"]:
        local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        there = datetime.combine(local.date(), clock)
        off = (there - local + timedelta(hours=12)) % timedelta(days=1) - timedelta(hours=12)
        if abs(off) <= _CLOCK_SLACK:
            found.append(zone)
    return tuple(found)


def nearby(text: str) -> tuple[str, ...]:
    """Return up to three zones whose name is spelled much like ``text``, the likeliest first.

    Cities, countries and IANA names count; of a country with several zones, the first. Empty if
    nothing is near. Goes through all names; the first call loads them, as in ``find_zones``.
    """
    found = process.extract(
        _fold(text), _names().keys(), scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS, limit=5
    )
    zones = dict.fromkeys(zone for name, _, _ in found for zone in _names()[name][:1])
    return tuple(zones)[:3]


def zone_at(latitude: float, longitude: float) -> list[str]:
    """Return up to three zones (``is_zone``) of a position in degrees, the likeliest first.

    Near a border the neighbour's follow: with more than one, ask. Empty for what is no position.
    Never raises. Reads 1.7 MB from the disk's cache, about 2 ms; nothing stays in memory.
    """
    return [zone for zone in zones_at(latitude, longitude) if is_zone(zone)]


def likely_zones(language: str) -> tuple[str, ...]:
    """Return three zones where many readers of ``language`` (an IETF tag) live, likeliest first.

    For an unknown language, and for "", those of English.
    """
    likely: dict[str, list[str]] = _data()["languages"]
    tag = language.lower().replace("_", "-")
    return tuple(likely.get(tag) or likely.get(tag.split("-")[0]) or likely["en"])


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return zones by folded city, country, abbreviation and IANA name.

    Cities go by their IANA names and by those they have in the languages we speak.
    """
    names: dict[str, tuple[str, ...]] = {}
    for zone in sorted(_zones(), key=lambda name: (name.count("/"), name)):
        names.setdefault(_fold(zone.rsplit("/", 1)[-1]), (zone,))
        names[_fold(zone)] = (zone,)
    for zone, language in product(sorted(_zones()), LANGUAGES):
        names.setdefault(_fold(texts_for(language).city(zone)), (zone,))
    places: dict[str, Any] = dict(_data()["places"])  # a zone, or several
    for name, zones in places.items():
        names[_fold(name)] = (zones,) if isinstance(zones, str) else tuple(zones)
    return names


@cache
def _zones() -> frozenset[str]:
    """Return the zones of inhabited places, and UTC."""
    regions = (
        *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/"),
        *("Australia/", "Europe/", "Indian/", "Pacific/"),
    )
    return frozenset(name for name in available_timezones() if name.startswith(regions)) | {"UTC"}


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    text = resources.files("bot.commands").joinpath("zones.json").read_text("utf-8")
    data: dict[str, dict[str, list[str]]] = json.loads(text)
    return data


def _fold(text: str) -> str:
    """Return ``text`` in small letters without accents, slashes and dots as single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\s/_.,-]+", " ", letters).split())

"""Time zones by name, by city, by country, and by the time on the reader's clock."""

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

from bot.commands.places import fold_place, without_frame, zones_at, zones_of_phrase
from bot.commands.times import parse_time
from bot.commands.zone_clocks import clock_told, one_a_clock, zones_at_offset, zones_showing

__all__ = ["find_zones", "is_zone", "likely_zones", "nearby", "zone_at"]

_MIN_LIKENESS = 78


def is_zone(name: str) -> bool:
    """Return whether ``name`` is, letter by letter, an IANA zone of an inhabited place or "UTC".

    The first call reads the system's time zone database; the names are cached. "US/Eastern" and
    "Etc/UTC" are none.
    """
    return name in _zones()


def find_zones(text: str, now: datetime) -> tuple[str, ...]:
    """Return the zones that ``text`` means, likeliest first; empty if it means none.

    ``text`` is an IANA name, a city, state or country by a name it has in the languages of readers,
    an abbreviation ("CET"), an offset from UTC ("UTC+5:30"), or the time it is there now as
    ``parse_time`` takes it, up to 7 minutes off (of the last two populous zones are searched, one
    for each clock); with or without a sentence around it. ``now`` is aware: a naive one is taken
    for the machine's local time. Case and accents make no difference. With more than one zone, ask:
    an abbreviation or a city's name may be meant twice. A few look-ups of 1 ms; the first call
    loads the names.
    """
    words = fold_place(text)
    if not words:
        return ()
    popular = _data()["popular"]
    at_offset = zones_at_offset(text, popular, now)
    if at_offset is not None:
        return one_a_clock(at_offset, now)
    clock = parse_time(text)
    if clock is not None:
        return zones_showing(clock, popular, now)
    own = _names().get(words) or _names().get(without_frame(text))
    found = own or zones_of_phrase(text)
    if found:
        return one_a_clock([zone for zone in found if is_zone(zone)], now)
    told = clock_told(text)
    return () if told is None else one_a_clock(zones_showing(told, popular, now), now)


def nearby(text: str) -> tuple[str, ...]:
    """Return up to three zones whose name is spelled much like ``text``, the likeliest first.

    Cities, countries and IANA names count; of a country with several zones, the first. Empty if
    nothing is near. Goes through all names; the first call loads them, as in ``find_zones``.
    """
    found = process.extract(
        fold_place(text), _names().keys(), scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS, limit=5
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

    Cities go by their IANA names: ``cities_named`` knows them by all others.
    """
    names: dict[str, tuple[str, ...]] = {}
    for zone in sorted(_zones(), key=lambda name: (name.count("/"), name)):
        names.setdefault(fold_place(zone.rsplit("/", 1)[-1]), (zone,))
        names[fold_place(zone)] = (zone,)
    places: dict[str, Any] = dict(_data()["places"])  # a zone, or several
    for name, zones in places.items():
        names[fold_place(name)] = (zones,) if isinstance(zones, str) else tuple(zones)
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

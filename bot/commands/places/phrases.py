"""The place in a sentence about where someone lives: "I live in Berlin", "Paris, France"."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any

from bot.commands.places.names import (
    cities_named,
    countries_named,
    fold_place,
    states_named,
)

__all__ = ["is_city_of_region", "without_frame", "zones_of_phrase"]

_MAX_CHARS = 120
_MAX_WORDS = 16
_MAX_PLACE_WORDS = 6
# Endings by which a place says "in" in languages without one form for all; then what it ends
# in when it says nothing: Казани, Москве, Дублине; Dublinie, Warszawie.
_CASE_ENDINGS = (
    ("і", "а о"), ("и", "ь а я"), ("е", " а о"), ("у", "а"), ("ю", "я"), ("ой", "ый"), ("ом", " о"),
    ("ie", " a"), ("u", " "), ("ach", "y"), ("zie", "da"), ("ce", "ka"), ("y", "a"),
    ("єві", "ів"), ("ові", "ів"), ("ці", "ця"), ("і", "я"), ("iu", " "), ("i", " "),
)  # fmt: skip
# A shorter word is a name as it stands.
_MIN_INFLECTED = 4
# What parts a city from what it lies in.
_PARTS = re.compile(r"[,;()、،，]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")


def zones_of_phrase(text: str) -> tuple[str, ...]:
    """Return the zones of the place that a phrase names, the likeliest first; () if it names none.

    A city, state or country with words around it that say no place, in the languages of readers
    and with their endings, or a city and its state or country: "Paris, Texas". Where the words
    around a place are unknown, it names none: "Mars/Base". Up to 120 characters are read; cost is
    a few look-ups of 1 ms each.
    """
    short = text[:_MAX_CHARS]
    if len(short.split()) > _MAX_WORDS:
        return ()
    parts = [part for part in map(without_frame, _PARTS.split(short)) if part]
    if len(parts) > 1 and (found := _city_in(parts[0], parts[-1])):
        return found
    whole = fold_place(short)
    if whole not in _frames() and (named := _place(whole)):  # La Havane: its article is no frame
        return named
    bare = without_frame(short)
    # Time is a town too; and no place, with its country, has more than six words.
    if bare in _frames() or bare.count(" ") >= _MAX_PLACE_WORDS:
        return ()
    # The whole first: El Halil and El Paso begin with a word that says no place, and where words
    # are not spaced a name may begin or end as a word around it does: 니우에.
    return _place(fold_place(short)) or _place(bare) or _city_and_region(bare) or _inflected(bare)


def is_city_of_region(text: str) -> bool:
    """Return whether commas part a city from the state or country around it: "Paris, Texas".

    A list ("Germany, France") is no place, whatever its last name is.
    """
    parts = [without_frame(part) for part in _PARTS.split(text[:_MAX_CHARS])]
    city, region = parts[0], parts[-1]
    return (
        len(parts) > 1
        and not any(countries_named(city))
        and bool(_city_in(city, region, is_sure=True))
    )


def without_frame(text: str) -> str:
    """Return the folded words of a phrase without those that frame a place: "Pacific time"."""
    return _bare(fold_place(text[:_MAX_CHARS]))


def _place(name: str) -> tuple[str, ...]:
    """Return the zones of a folded name: of countries first, then of cities and states."""
    zones, _ = countries_named(name)
    return tuple(dict.fromkeys([*zones, *cities_named(name)[0]]))


def _city_and_region(bare: str) -> tuple[str, ...]:
    """Return the zones of "Paris Texas", "Leeds in England"."""
    words = bare.split(" ")
    for cut in range(len(words) - 1, 0, -1):
        region = _bare(" ".join(words[cut:]))
        if _region(region):
            city = _bare(" ".join(words[:cut]))
            if found := _city_in(city, region, is_sure=True):
                return found
    return ()


def _inflected(bare: str) -> tuple[str, ...]:
    """Return the zones of a place in a case, by what its name may be when it stands alone."""
    for ending, bases in _CASE_ENDINGS:
        if bare.endswith(ending) and len(bare) >= max(len(ending) + 2, _MIN_INFLECTED):
            stem = bare[: -len(ending)]
            for base in bases.split(" ") if bases != " " else [""]:
                if found := _place(stem + base):
                    return found
    return ()


def _city_in(city: str, region: str, *, is_sure: bool = False) -> tuple[str, ...]:
    """Return the zones of a city that lie in a region; with ``is_sure`` both must be known."""
    around = _region(region)
    meant, namesakes = cities_named(city)
    inside = [zone for zone in (*meant, *namesakes) if zone in around]
    if inside:
        return (inside[0],)
    if is_sure:
        return ()
    return meant or tuple(around[:1])


def _region(name: str) -> tuple[str, ...]:
    country = _data()["countries"].get(name, name)
    state = _data()["states"].get(name, name)
    zones = (*states_named(state), *countries_named(country))
    return tuple(dict.fromkeys(zone for found in zones for zone in found))


def _bare(folded: str) -> str:
    """Return a folded phrase without the words that frame a place."""
    frames = _frames()
    left, end = 0, len(folded)
    while left < end:
        found = next((f for f in frames if _starts(folded, f, left, end)), None)
        if found is None:
            break
        left += len(found)
        while left < end and folded[left] == " ":
            left += 1
    while end > left:
        found = next((f for f in frames if _ends(folded, f, left, end)), None)
        if found is None:
            break
        end -= len(found)
        while end > left and folded[end - 1] == " ":
            end -= 1
    return folded[left:end]


def _starts(text: str, frame: str, left: int, end: int) -> bool:
    stop = left + len(frame)
    if stop >= end or not text.startswith(frame, left):
        return False
    return text[stop] == " " or bool(_UNSPACED.match(frame[-1]))


def _ends(text: str, frame: str, left: int, end: int) -> bool:
    start = end - len(frame)
    if start <= left or not text.startswith(frame, start):
        return False
    return text[start - 1] == " " or bool(_UNSPACED.match(frame[0]))


@cache
def _frames() -> tuple[str, ...]:
    """Return the words that stand around a place and name none, folded, the longest first."""
    folded = {fold_place(frame) for frame in _data()["frames"]} - {""}
    return tuple(sorted(folded, key=lambda frame: (-len(frame), frame)))


@cache
def _data() -> dict[str, Any]:
    """Return ``frames``, and the codes of ``states`` and ``countries`` with their names."""
    text = resources.files("bot.commands.places").joinpath("phrases.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data

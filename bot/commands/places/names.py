"""Cities, states and provinces by the names people give them, from GeoNames (CC BY 4.0).

``names.txt`` is read anew for each question, some 1 ms: a table of 80,000 names would cost
every process 15 MB for a question that a reader answers once.
"""

import re
import unicodedata
from importlib import resources

__all__ = ["cities_named", "fold_place", "states_named", "zone_names"]


def fold_place(name: str) -> str:
    """Return ``name`` in small letters without accents, slashes and dots as single spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFC", letters).replace("ı", "i")
    return " ".join(re.sub(r"[\s/_.,'’‘`-]+", " ", composed).split())


def cities_named(folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the zones of the cities meant by a folded name, and those of their namesakes.

    The likeliest first in each; both empty where no city is called so. Of cities from 15,000
    people on by their usual name, from 150,000 by all they have in the scripts our readers use.
    """
    return _found(folded)


def states_named(folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the zones of the state or province of a folded name, and those few live by."""
    return _found("=" + folded)


def zone_names() -> list[str]:
    """Return the IANA zones by their numbers in the tables."""
    return _zones(_table())


def _found(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if "\t" in key or "\n" in key:
        return (), ()
    table = _table()
    line = b"\n" + key.encode("utf-8", "replace") + b"\t"
    start = table.find(line)
    if start < 0:
        return (), ()
    start += len(line)
    meant, _, rest = table[start : table.index(b"\n", start)].decode().partition("|")
    zones = _zones(table)
    return (
        tuple(zones[int(number)] for number in meant.split()),
        tuple(zones[int(number)] for number in rest.split()),
    )


def _zones(table: bytes) -> list[str]:
    return table[: table.index(b"\n")].decode().split("\t")[1].split(" ")


def _table() -> bytes:
    return resources.files("bot.commands.places").joinpath("names.txt").read_bytes()

"""A reproducible random sample of the sites, spread evenly over folders and kinds of change."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path
from random import Random

from tests.mutants.sites import Site

__all__ = ["draw"]


def draw(sites: Iterable[Site], count: int, seed: int, root: Path) -> list[Site]:
    """Return up to ``count`` sites, the same for the same seed and source.

    They come in rounds of one site per folder, so that a run that is stopped early has covered
    every folder, and small folders as well as large ones. A site whose change is a syntax error
    is left out.
    """
    rng = Random(seed)
    by_folder: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        by_folder[site.folder].append(site)
    folders = [_varied(by_folder[folder], rng) for folder in sorted(by_folder)]
    rng.shuffle(folders)
    drawn = (site for site in _in_turn(folders) if _is_sound(site, root))
    return list(islice(drawn, count))


def _varied(sites: list[Site], rng: Random) -> list[Site]:
    """Return the sites in a random order that alternates between the kinds of change."""
    by_kind: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        by_kind[site.kind].append(site)
    kinds = list(by_kind.values())
    for kind in kinds:
        rng.shuffle(kind)
    rng.shuffle(kinds)
    return list(_in_turn(kinds))


def _in_turn(lists: list[list[Site]]) -> Iterator[Site]:
    rounds = chain.from_iterable(zip_longest(*lists))
    return (site for site in rounds if site is not None)


def _is_sound(site: Site, root: Path) -> bool:
    """Return whether the changed source still parses: tests trivially fail if it does not."""
    try:
        ast.parse(site.apply((root / site.path).read_bytes()))
    except SyntaxError:
        return False
    return True

"""Which of all sites are tried: drawn by a seed, evenly over the folders and kinds."""

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

    They come in rounds: one of each folder, then a second of each. So a run that is stopped
    early has seen every folder, and a small folder as much as a large one.
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
    """Return the sites in a random order in which the kinds take turns."""
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
    """Return whether the change leaves a program: the failure of any other would prove nothing."""
    try:
        ast.parse(site.apply((root / site.path).read_bytes()))
    except SyntaxError:
        return False
    return True

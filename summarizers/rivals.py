"""The units that compete for a place in a summary, as numbers."""

from collections.abc import Iterable, Sequence

import numpy as np

from summarizers.features import Features, Floats, Ints
from summarizers.story import Candidate

__all__ = ["Rivals", "units_of"]


class Rivals:
    """The units that are compared, as entries like those of the features.

    A unit's ``position`` is its place in ``worths``, and what ``owners`` holds for its
    entries. The first units are single candidates, which alone can be told to repeat.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        features: Features,
        compared: Sequence[int],
        worths: Floats,
    ) -> None:
        units = units_of(candidates, compared)
        members = sorted({index for unit in units for index in unit})
        singles = [(index,) for index in members]
        joint = [unit for unit in units if len(unit) > 1]
        self.position = {unit: at for at, unit in enumerate(singles + joint)}
        self._members = np.array(members, dtype=np.int64)
        is_member = np.zeros(len(features.starts) - 1, dtype=bool)
        is_member[self._members] = True
        chosen = is_member[features.rows]
        place = np.zeros(len(is_member), dtype=np.int64)
        place[self._members] = np.arange(len(members))
        columns, counts = [features.columns[chosen]], [features.counts[chosen]]
        owners = [place[features.rows[chosen]]]
        self._count = len(columns[0])
        for at, unit in enumerate(joint, len(singles)):
            found = np.concatenate([features.columns[features.of(one)] for one in unit])
            own = np.concatenate([features.counts[features.of(one)] for one in unit])
            distinct, places = np.unique(found, return_inverse=True)
            columns.append(distinct)
            counts.append(np.bincount(places, own).astype(np.int64))
            owners.append(np.full(len(distinct), at))
        self.columns = np.concatenate(columns)
        self.counts = np.concatenate(counts)
        self.owners = np.concatenate(owners)
        self.worths = worths[[unit[0] for unit in singles + joint]]
        self._is_pair = features.is_pair[columns[0]]
        self._pairs = np.bincount(owners[0], self._is_pair, len(members))
        self._terms = np.bincount(owners[0], minlength=len(members)) - self._pairs
        self._marks = np.zeros(features.size, dtype=bool)

    def sharing(
        self,
        columns: Ints,
        *,
        most_terms: tuple[float, int],
        most_pairs: tuple[float, int],
    ) -> set[int]:
        """Return the candidates that share too much with a sentence that has ``columns``.

        ``most_terms`` and ``most_pairs`` are the share of the shorter one's that they may
        share, and how many the sentence has.
        """
        self._marks[columns] = True
        is_shared = self._marks[self.columns[: self._count]]
        self._marks[columns] = False
        owners, total = self.owners[: self._count][is_shared], len(self._members)
        pairs = np.bincount(owners, self._is_pair[is_shared], total)
        terms = np.bincount(owners, minlength=total) - pairs
        too_many = (terms > most_terms[0] * np.minimum(self._terms, most_terms[1])) | (
            pairs > most_pairs[0] * np.minimum(self._pairs, most_pairs[1])
        )
        return set(self._members[too_many].tolist())


def units_of(candidates: Sequence[Candidate], indexes: Iterable[int]) -> list[tuple[int, ...]]:
    """Return what may have to be told for each candidate: it, and ever more of those before."""
    units = []
    for index in indexes:
        unit: tuple[int, ...] = (index,)
        units.append(unit)
        while (before := candidates[unit[0]].before) is not None:
            unit = (before, *unit)
            units.append(unit)
    return units

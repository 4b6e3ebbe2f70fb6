"""The units that compete for a place in a summary, as numbers."""

from collections.abc import Iterable, Sequence

import numpy as np

from summarizers.choosing import LONGEST_UNIT
from summarizers.features import Features, Floats, Ints
from summarizers.story import CandidateSentence

__all__ = ["CompetingUnits", "with_those_before"]


class CompetingUnits:
    """The units that are compared, as entries like those of the features.

    A unit's ``position`` is its place in ``worths``, and what ``owners`` holds for its
    entries. The first units are single candidates, which alone can be told to repeat; the
    others are added (``admit``) when they come into question, since a candidate far down a chain of
    leaning ones has many.
    """

    def __init__(
        self,
        candidates: Sequence[CandidateSentence],
        features: Features,
        compared: Sequence[int],
        worths: Floats,
    ) -> None:
        members = with_those_before(candidates, compared)
        self.position: dict[tuple[int, ...], int] = {
            (member,): at for at, member in enumerate(members)
        }
        self._features = features
        self._worths = worths
        self._members = np.array(members, dtype=np.int64)
        is_member = np.zeros(len(features.starts) - 1, dtype=bool)
        is_member[self._members] = True
        chosen = is_member[features.rows]
        place = np.zeros(len(is_member), dtype=np.int64)
        place[self._members] = np.arange(len(members))
        self.columns = features.columns[chosen]
        self.counts = features.counts[chosen]
        self.owners = place[features.rows[chosen]]
        self.worths = worths[self._members]
        self._count = len(self.columns)
        self._is_pair = features.is_pair[self.columns]
        self._pairs = np.bincount(self.owners, self._is_pair, len(members))
        self._terms = np.bincount(self.owners, minlength=len(members)) - self._pairs
        self._marks = np.zeros(features.size, dtype=bool)

    def admit(self, units: Iterable[tuple[int, ...]]) -> None:
        """Add those of ``units`` that are not there yet, behind the others.

        None may be empty. Positions stay; the arrays are replaced. Linear in all entries if any
        unit is new.
        """
        new = [unit for unit in units if unit not in self.position]
        if not new:
            return
        features, first = self._features, len(self.worths)
        entries = [(n, features.of(row)) for n, unit in enumerate(new) for row in unit]
        sizes = [own.stop - own.start for _, own in entries]
        units_of = np.repeat([n for n, _ in entries], sizes)
        columns = np.concatenate([features.columns[own] for _, own in entries])
        counts = np.concatenate([features.counts[own] for _, own in entries])
        # What several sentences of a unit have counts once, by their sum.
        keys, places = np.unique(units_of * features.size + columns, return_inverse=True)
        owners, columns = np.divmod(keys, features.size)
        self.columns = np.concatenate([self.columns, columns])
        self.counts = np.concatenate([self.counts, np.bincount(places, counts).astype(np.int64)])
        self.owners = np.concatenate([self.owners, owners + first])
        self.position.update({unit: at for at, unit in enumerate(new, first)})
        self.worths = np.append(self.worths, self._worths[[unit[0] for unit in new]])

    def sharing(
        self,
        columns: Ints,
        *,
        most_terms: tuple[float, int],
        most_pairs: tuple[float, int],
    ) -> set[int]:
        """Return the candidates that share too much with a sentence that has ``columns``.

        ``most_terms`` and ``most_pairs`` are the share of the shorter one's that they may
        share, and how many the sentence has. Only single candidates are looked at; the sentence
        itself, if it is one, shares too much. ``columns`` are distinct. Linear in the entries
        of single candidates.
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


def with_those_before(candidates: Sequence[CandidateSentence], indexes: Iterable[int]) -> list[int]:
    """Return ``indexes`` and the candidates that may be told with them, ascending, each once.

    Those are the four before each that it leans on or may need. Raises IndexError for an index
    beyond the candidates. Sorts the result, else linear in it.
    """
    found: set[int] = set()
    for index in indexes:
        at: int | None = index
        for _ in range(LONGEST_UNIT):
            if at is None:
                break
            found.add(at)
            own = candidates[at]
            at = own.before if own.before is not None or not own.needs else own.behind
    return sorted(found)

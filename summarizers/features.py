"""Sentences as numbers: which has which term, and which pair of neighbours, how often."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from summarizers.story import Story

__all__ = ["MAX_COUNT", "Features", "Floats", "Ints", "numbered"]

# Counts above this weigh no more.
MAX_COUNT = 255
# Up to so many possible keys for each one present, a table is faster than sorting.
_DENSE = 32
# Numbers by position: of features, of entries, of candidates or of documents.
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Features:
    """Terms and pairs of neighbouring terms of all sentences, as numbered columns.

    A *row* is a candidate; the rows behind are sentences told before. An *entry* is:
    ``rows[i]`` has the feature ``columns[i]`` so many times (``counts[i]``); entries go by
    row. A title's terms are ``(title_documents[i], title_columns[i])``. Documents go by
    their position in ``told``, which has all that have candidates. Built in linear time, but
    for sorting.
    """

    def __init__(self, story: Story, told: Sequence[int]) -> None:
        candidates = story.candidates
        texts = [candidate.terms for candidate in candidates] + story.known
        titles = [story.titles[document] for document in told]
        flat = list(chain.from_iterable(texts))
        of_titles = list(chain.from_iterable(titles))
        distinct = dict.fromkeys(chain(flat, of_titles))
        number = dict(zip(distinct, range(len(distinct)), strict=True))
        terms = np.array(list(map(number.__getitem__, flat)), dtype=np.int64)
        title_terms = list(map(number.__getitem__, of_titles))
        owners = np.repeat(np.arange(len(texts)), list(map(len, texts)))
        follows = owners[1:] == owners[:-1]
        # A pair is numbered behind all terms.
        pairs = (terms[:-1][follows] + 1) * len(number) + terms[1:][follows]
        named, columns = numbered(
            np.concatenate([terms, pairs, np.array(title_terms, dtype=np.int64)]),
            len(number) * (len(number) + 1),
        )
        self.size = len(named)
        self.is_pair = named >= len(number)
        owners = np.concatenate([owners, owners[1:][follows]])
        self.title_columns = columns[len(owners) :]
        self.title_documents = np.repeat(np.arange(len(told)), list(map(len, titles)))
        entries, places = numbered(
            owners * self.size + columns[: len(owners)], len(texts) * self.size
        )
        self.rows, self.columns = np.divmod(entries, max(self.size, 1))
        self.counts = np.minimum(np.bincount(places), MAX_COUNT)
        self.starts = np.searchsorted(self.rows, np.arange(len(texts) + 1))
        position = {document: at for at, document in enumerate(told)}
        self.documents = np.array([position[found.document] for found in candidates])
        self.places = np.array([found.place for found in candidates])
        self.words = np.array([found.words for found in candidates])

    @property
    def candidate_entries(self) -> slice:
        """The entries of candidates; those of sentences told before follow."""
        return slice(self.starts[len(self.documents)])

    def of(self, row: int) -> slice:
        """Return the entries of ``row``, which is at least 0 and below the number of rows."""
        return slice(self.starts[row], self.starts[row + 1])


def numbered(keys: Ints, bound: int) -> tuple[Ints, Ints]:
    """Return the distinct ``keys``, ascending, and for each key its place among them.

    Keys are at least 0 and below ``bound``, which is not checked. Takes O(bound) time and
    memory where keys are dense, else sorts them.
    """
    if bound > _DENSE * len(keys):
        distinct, places = np.unique(keys, return_inverse=True)
        return distinct, places
    place = np.zeros(bound, dtype=np.int64)
    place[keys] = 1
    distinct = np.flatnonzero(place)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[keys]

"""What decides how near a sentence is to a story's centroid, as numbers."""

from dataclasses import dataclass

__all__ = ["CLUSTER", "SINGLE", "Weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The settings of the centroid, measured on single articles and on clusters of articles.

    A place counts ``(1 + place / depth) ** -damping`` in the centroid, and a sentence is
    worth ``(1 + place) ** -lead`` of its likeness. Both exponents grow with *tightness*:
    where few documents tell the same in the same words, their beginnings tell it best.
    """

    depth: float
    damping: float
    tight_damping: float
    lead: float
    agreement: float  # exponent of the share of documents that have a term
    nearness: float  # exponent of a document's nearness to the others
    evenness: float  # 1: a long document weighs no more than a short one
    pairs: float  # weight of a pair of terms, that of a term being 1
    title: float  # occurrences that a term of the title is worth
    contrast: float  # exponent of a term's weight
    saturation: float  # exponent of a term's count in the summary
    max_shared_pairs: float  # share of the shorter sentence's pairs two sentences may share
    max_shared_terms: float  # the same for terms
    short_words: int  # below this length a sentence is worth less


CLUSTER = Weights(
    depth=1,
    damping=0.3,
    tight_damping=3,
    lead=3.0,
    agreement=0.4,
    nearness=4.5,
    evenness=0.7,
    pairs=1.0,
    title=1,
    contrast=0.85,
    saturation=0.3,
    max_shared_pairs=0.3,
    max_shared_terms=0.55,
    short_words=0,
)
SINGLE = Weights(
    depth=3,
    damping=1,
    tight_damping=0,
    lead=0.3,
    agreement=0,
    nearness=0,
    evenness=0,
    pairs=1.0,
    title=1,
    contrast=0.85,
    saturation=0.3,
    max_shared_pairs=0.25,
    max_shared_terms=0.55,
    short_words=12,
)

"""What a sentence asks of those told before it, as a value."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["POINTS", "STANDS", "Lean", "with_roots"]

# Words of one root have so many letters in common.
_ROOT_CHARS = 4


@dataclass(frozen=True, slots=True)
class Lean:
    """What a sentence asks of those told before it.

    ``points``: only the sentence before explains it. ``needs``: one of these terms must have
    been shown, if there are any; they are those of a surname if it ``is_name``.
    ``is_personal``: it speaks of I, we or you outside of quotation marks.
    """

    points: bool = False
    needs: frozenset[str] = frozenset()
    is_name: bool = False
    is_personal: bool = False


STANDS = Lean()
POINTS = Lean(points=True)


def with_roots(terms: Iterable[str]) -> frozenset[str]:
    """Return ``terms`` and the beginnings that words of one root have in common, marked.

    "Förbudet" can be told after what "förbjuds".
    """
    known = frozenset(terms)
    return known.union([f"{term[:_ROOT_CHARS]}-" for term in known if len(term) > _ROOT_CHARS])

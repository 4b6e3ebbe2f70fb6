"""The sentences of a story that may be quoted."""

from dataclasses import dataclass

__all__ = ["CandidateSentence"]


@dataclass(slots=True)
class CandidateSentence:
    """A sentence that may be quoted: ``text`` is ``[start:end]`` of ``document``'s text.

    ``place`` counts all sentences of its document, from 0. ``before`` is the index of the
    candidate that must be told directly before this one, None if it points to none.
    ``is_stranded`` marks one whose sentence before cannot be told. One of the terms it
    ``needs`` must have been shown, else ``behind`` is told directly before it: the candidate
    of the place before, None if that is no candidate. It ``needs_name`` where they are those of
    a surname, which no sentence explains that does not have it. ``is_half``: it is not told
    without the next. ``words`` is its length as a budget counts it. It ``begins`` a paragraph of
    its document.
    """

    document: int
    place: int
    start: int
    end: int
    text: str
    words: int
    terms: list[str]
    before: int | None = None
    is_stranded: bool = False
    needs: frozenset[str] = frozenset()
    needs_name: bool = False
    behind: int | None = None
    is_half: bool = False
    begins: bool = False

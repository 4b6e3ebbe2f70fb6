"""Whether a line ends as a sentence does, in any script."""

import unicodedata

import regex

__all__ = ["has_sentence", "is_stopped"]

_STOPS = frozenset(".!?…。！？؟۔।॥．։።៕")
# What may stand behind a stop: brackets and quotation marks of any script, and spaces.
_CLOSING_KINDS = frozenset({"Pe", "Pf", "Pi"})
_CLOSING = frozenset("\"'’”»«」』】） \t\n\u00a0")
# Scripts without a stop, or that leave it out.
_UNSTOPPED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]")
# Greek asks with a semicolon, and many sites of India and Bangladesh write a bar for the danda.
_DANDA = r"[\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}]"
_OF_SCRIPT = {
    ";": regex.compile(r"\p{Greek}"),
    "\u037e": regex.compile(r"\p{Greek}"),
    "|": regex.compile(_DANDA),
}
_SENTENCE = regex.compile(
    r"[\p{L}\p{M}\p{N}\p{Pe}\p{Pf}\"'][.!?…。！？؟۔।॥．։።]|\p{Greek}[;\u037e]|"
    + _DANDA
    + r"\s?\||[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]{20}"
)


def is_stopped(line: str) -> bool:
    """Return whether a line ends in a stop, with brackets, quotes and spaces after it at most.

    Linear in what stands after the stop.
    """
    end = len(line)
    while end > 0 and (last := line[end - 1]) not in _STOPS:
        if last not in _CLOSING and unicodedata.category(last) not in _CLOSING_KINDS:
            break
        end -= 1
    if end == 0:
        return False
    last = line[end - 1]
    if last in _STOPS or _UNSTOPPED.match(last):
        return True
    script = _OF_SCRIPT.get(last)
    return script is not None and script.match(line[: end - 1].rstrip()[-1:]) is not None


def has_sentence(text: str) -> bool:
    """Return whether a text holds a word with a stop behind it. Linear."""
    return _SENTENCE.search(text) is not None

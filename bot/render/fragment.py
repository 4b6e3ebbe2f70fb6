"""Text fragments: the part of a link that makes a browser show one sentence of a page.

Syntax: https://wicg.github.io/scroll-to-text-fragment/#syntax
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

__all__ = ["text_directives"]

# Up to here a sentence is given whole; beyond, by its first and last words, which keeps
# a link short and survives a small correction in the middle of a sentence.
_MAX_WHOLE_CHARS = 80
_WORDS_AT_EACH_END = 5

# Scripts without spaces are cut at their own commas: a browser matches whole words only,
# and a cut anywhere else may fall inside one.
_CLAUSE_END = re.compile("(?<=[、，；：؛،])")


def text_directives(sentences: Sequence[str]) -> str:
    """Return "text=…&text=…" for ``sentences``, or "" if none can be pointed to.

    A browser scrolls to the first match and highlights all. In the order of ``sentences``,
    percent-encoded ASCII; a sentence that can only be given in parts too long for a link is
    left out. Never raises.
    """
    directives = []
    for sentence in (" ".join(sentence.split()) for sentence in sentences):
        if len(sentence) <= _MAX_WHOLE_CHARS:
            ends = [sentence]
        else:
            words = sentence.split(" ")
            if len(words) > 2 * _WORDS_AT_EACH_END:
                ends = [" ".join(words[:_WORDS_AT_EACH_END]), " ".join(words[-_WORDS_AT_EACH_END:])]
            else:
                clauses = [clause for clause in _CLAUSE_END.split(sentence) if clause]
                ends = [clauses[0], clauses[-1]]
            if ends[0] == sentence or max(map(len, ends)) > _MAX_WHOLE_CHARS:
                continue  # too long, and it cannot be given by its ends
        if all(ends):
            # "-", "," and "&" mean something in a directive.
            encoded = [quote(end, safe="", errors="replace").replace("-", "%2D") for end in ends]
            directives.append(f"text={','.join(encoded)}")
    return "&".join(directives)

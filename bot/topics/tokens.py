"""The words by which texts are compared."""

import re
from itertools import groupby, pairwise

from bot.topics.fold import fold, is_unspaced, squeeze

__all__ = ["search_tokens"]

_WORD = re.compile(r"\S+")


def search_tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` in order: words, and pairs of letters where no spaces help.

    Words are in small letters and without accents, so "Élysée" is found as "elysee".
    Chinese, Japanese, Korean and Thai are cut into overlapping pairs ("북한은" gives 북한,
    한은), a single letter stands for itself: a search for 북한 then finds 북한은, which a
    tokenizer that trusts spaces does not. Tokens hold letters, digits and marks only, so
    they need no further care in a full-text query than quotes. Tokens are repeated as often
    as they occur; none for punctuation alone.
    """
    folded = fold(squeeze(text.casefold()))
    if folded.isascii():  # the common case: fold has left no white space but spaces
        return folded.split()
    tokens: list[str] = []
    for word in _WORD.findall(folded):
        if word.isascii():
            tokens.append(word)
            continue
        for unspaced, letters in groupby(word, key=is_unspaced):
            stretch = "".join(letters)
            if unspaced and len(stretch) > 1:
                tokens.extend(first + second for first, second in pairwise(stretch))
            else:
                tokens.append(stretch)
    return tokens

"""The terms of an article's headline and lead, weighed by their rarity."""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby, islice, pairwise
from operator import itemgetter

from bot.domain.article import Article
from bot.topics.fold import fold, is_unspaced, squeeze
from bot.topics.tokens import search_tokens
from summarizers.stopwords import story_stop_words

__all__ = ["SYLLABIC", "Rarity", "content_terms", "terms"]

# A headline says in ten words what the lead says in fifty.
_TITLE_WEIGHT = 2.0
# Only so much of the text is the lead; what follows is background that many stories share.
_LEAD_CHARS = 800
_LEAD_TOKENS = 80
# Words are cut to their first letters: that folds inflections together in every language
# with suffixes, and needs no list.
_STEM_CHARS = 7
# Languages written in syllables, which spaces part. Without its accents one is in too many
# words; a pair of the headline is a word or a name. Pairs of the lead, too, find a tenth less.
SYLLABIC = frozenset({"vi"})
_MARKS = frozenset('.,;:!?()[]"“”«»…')
_SYLLABLE = re.compile(r"\w+|[.,;:!?()\[\]\"“”«»…]")
# Alphabets whose words nothing parts: Thai, Lao, Burmese, Khmer. A pair of their letters is
# in too many words; Han and kana, and Hangul, say as much in a pair.
_ALPHABET_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_ROW_LETTERS = 3
# Articles that we pretend to have seen before the first one, none with any of the terms:
# keeps a young window from taking its few words for common ones.
_PRIOR_ARTICLES = 1000
# The heaviest terms of an article are kept; the rest costs time and tells stories apart badly.
_MAX_TERMS = 80


def terms(article: Article) -> dict[str, float]:
    """Return the terms of ``article``'s title and lead (800 characters), with weighted counts.

    A term is the first seven characters of a word, folded; stop words and single ASCII letters and
    digits are none; in a language of syllables pairs of them in the title are, too. It counts 2
    each time in the title and 1 in the lead, so a count is 1 or more. In the order they stand,
    {} for none. Linear in the title; at most 80 words of the lead count.
    """
    counts: dict[str, float] = defaultdict(float)
    for term in content_terms(article.title, article.language):
        counts[term] += _TITLE_WEIGHT
    if article.language in SYLLABIC:
        pieces = _SYLLABLE.findall(squeeze(article.title).casefold())
        for first, second in pairwise(pieces):
            if first not in _MARKS and second not in _MARKS:
                counts[f"{first} {second}"] += _TITLE_WEIGHT
    for term in islice(content_terms(article.text[:_LEAD_CHARS], article.language), _LEAD_TOKENS):
        counts[term] += 1.0
    return dict(counts)


def content_terms(text: str, language: str) -> Iterator[str]:
    """Return the words of ``text`` that may tell stories apart, stemmed: in order, repeated.

    The first seven characters of each, folded; no stop words, and no single ASCII letters or
    digits. Vietnamese is written in syllables: each with its accents. Of scripts
    like Thai, which part no words, it is three letters in a row. Linear in ``text``.
    """
    if language in SYLLABIC:
        pieces = _SYLLABLE.findall(squeeze(text).casefold())
        return (piece for piece in pieces if len(piece) > 1)
    empty = story_stop_words(language)
    is_in_rows = not text.isascii() and _ALPHABET_UNSPACED.search(text) is not None
    tokens = _letters_in_a_row(text) if is_in_rows else search_tokens(text)
    return (
        token[:_STEM_CHARS]
        for token in tokens
        if token not in empty and (len(token) > 1 or not token.isascii())
    )


def _letters_in_a_row(text: str) -> Iterator[str]:
    for word in fold(squeeze(text.casefold())).split():
        for unspaced, letters in groupby(word, key=is_unspaced):
            stretch = "".join(letters)
            if not unspaced or len(stretch) <= _ROW_LETTERS:
                yield stretch
                continue
            for start in range(len(stretch) - _ROW_LETTERS + 1):
                yield stretch[start : start + _ROW_LETTERS]


class Rarity:
    """How rare each term is among the articles of one language that are remembered.

    ``counted`` is always what ``terms`` returns.
    """

    def __init__(self) -> None:
        self._articles = 0
        self._counts: Counter[str] = Counter()

    def add(self, counted: Mapping[str, float]) -> dict[str, float]:
        """Count the terms of one more article; return its unit vector, {} without terms.

        Each term weighs by its count (damped) and its rarity, this article included. The 80
        heaviest terms at most, the heaviest first. O(n log 80) in the terms.
        """
        self._articles += 1
        self._counts.update(counted.keys())
        # Minus the logarithm of the share of articles that have the term.
        counts, total = self._counts, math.log(self._articles + _PRIOR_ARTICLES + 1)
        weights = {
            term: (1.0 + math.log(count)) * (total - math.log(counts[term] + 0.5))
            for term, count in counted.items()
        }
        heaviest = heapq.nlargest(_MAX_TERMS, weights.items(), key=itemgetter(1))
        norm = math.sqrt(sum(weight * weight for _, weight in heaviest))
        return {term: weight / norm for term, weight in heaviest}

    def remove(self, counted: Mapping[str, float]) -> None:
        """Undo ``add``: to be called once for an article that was added, with the same terms.

        Nothing is checked: the counts are wrong after a call for another article.
        """
        self._articles -= 1
        for term in counted:
            left = self._counts[term] - 1
            if left:
                self._counts[term] = left
            else:
                del self._counts[term]

    def __bool__(self) -> bool:
        """Return whether there is an article."""
        return self._articles > 0

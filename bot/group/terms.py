"""The terms of an article's headline and lead, weighed by their rarity."""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from operator import itemgetter

from bot.domain.article import Article
from bot.topics.tokens import search_tokens
from summarizers.stopwords import story_stop_words

__all__ = ["Rarity", "content_terms", "terms"]

# A headline says in ten words what the lead says in fifty.
_TITLE_WEIGHT = 2.0
# Only so much of the text is the lead; what follows is background that many stories share.
_LEAD_CHARS = 800
_LEAD_TOKENS = 80
# Words are cut to their first letters: that folds inflections together in every language
# with suffixes, and needs no list.
_STEM_CHARS = 7
# Articles that we pretend to have seen before the first one, none with any of the terms:
# keeps a young window from taking its few words for common ones.
_PRIOR_ARTICLES = 1000
# The heaviest terms of an article are kept; the rest costs time and tells stories apart badly.
_MAX_TERMS = 80


def terms(article: Article) -> dict[str, float]:
    """Return the terms of ``article``'s title and lead (800 characters), with weighted counts.

    A term is the first seven characters of a word, folded; stop words and single ASCII letters and
    digits are none. It counts 2 each time in the title and 1 in the lead, so a count is 1 or
    more. In the order they stand, {} for none. Linear in the title; at most 80 words of the lead
    count.
    """
    counts: dict[str, float] = defaultdict(float)
    for term in content_terms(article.title, article.language):
        counts[term] += _TITLE_WEIGHT
    for term in islice(content_terms(article.text[:_LEAD_CHARS], article.language), _LEAD_TOKENS):
        counts[term] += 1.0
    return dict(counts)


def content_terms(text: str, language: str) -> Iterator[str]:
    """Return the words of ``text`` that may tell stories apart, stemmed: in order, repeated.

    The first seven characters of each, folded; no stop words, and no single ASCII letters or
    digits. Linear in ``text``.
    """
    empty = story_stop_words(language)
    for token in search_tokens(text):
        if token in empty or (len(token) == 1 and token.isascii()):
            continue
        yield token[:_STEM_CHARS]


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
        weights = {
            term: (1.0 + math.log(count)) * self._rarity(term) for term, count in counted.items()
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

    def _rarity(self, term: str) -> float:
        share = (self._counts[term] + 0.5) / (self._articles + _PRIOR_ARTICLES + 1)
        return -math.log(share)

"""Whether two pages hold one article, where one of them claims to be the other."""

from datetime import timedelta

from bot.domain.article import Article
from bot.group.fingerprints import fingerprint, is_copy
from bot.topics.tokens import search_tokens

__all__ = ["is_same_article"]

# Titles of fewer letters are names of columns ("Weather"), which stand above many articles.
_MIN_TITLE_LETTERS = 15
_MIN_TITLE_LIKENESS = 0.6
# A column of one name that appears day by day.
_MAX_APART = timedelta(hours=20)
_GRAM = 3
_MIN_TOKENS = 8
_MIN_SHARED = 0.8


def is_same_article(a: Article, b: Article) -> bool:
    """Return whether the titles or the texts of two articles agree.

    Texts do that are nearly equal, or of which one holds most of the other, such as a teaser.
    Titles do that have most of their trigrams in common, in any script, unless they are short or
    the articles are of different days. Symmetric; linear in texts; never raises.
    """
    if _titles_agree(a, b) or is_copy(fingerprint(a.text), fingerprint(b.text)):
        return True
    tokens = map(search_tokens, (a.text, b.text))
    shingles = [set(zip(t, t[1:], t[2:], strict=False)) for t in tokens]
    less, more = sorted(shingles, key=len)
    return len(less) >= _MIN_TOKENS and len(less & more) >= _MIN_SHARED * len(less)


def _titles_agree(a: Article, b: Article) -> bool:
    titles = _letters(a.title), _letters(b.title)
    # Letters of East Asia count as two.
    widths = (sum(2 if letter >= "\u2e80" else 1 for letter in title) for title in titles)
    if min(widths) < _MIN_TITLE_LETTERS:
        return False
    dates = a.published_at, b.published_at
    if dates[0] and dates[1] and abs(dates[0] - dates[1]) > _MAX_APART:
        return False
    grams = [{title[n : n + _GRAM] for n in range(len(title) - _GRAM + 1)} for title in titles]
    return len(grams[0] & grams[1]) >= _MIN_TITLE_LIKENESS * len(grams[0] | grams[1])


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())

"""What is new in a story that a room was told before: a fact, not a wording.

Outlets tell one event in many words, so unseen words are no news. News are another value of a
quantity that was told, a new name or figure in a sentence that is new as a whole, and that what
was told is undone. They stand at the top of an article: a background that only one outlet
recalls, further down, is no news either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from bot.domain.article import StoredArticle
from bot.pick.hashes import sentence_hash
from bot.pick.reversals import is_undone
from bot.pick.values import StoryCandidate, Told
from bot.topics.quantities import Quantity, quantities
from bot.topics.tokens import search_tokens
from summarizers import split_sentences
from summarizers.stopwords import story_stop_words

__all__ = ["Known", "known_of", "new_articles", "told_sentences"]

# A sentence is new as a whole with so many unseen words, and such a share of its words.
_MIN_UNSEEN = 4
_NEW_SHARE = 0.6
# An outlet that writes again of what it told has a reason: no name or figure is asked of it.
_SEQUEL_SHARE = 0.3
# A value told anew stands among such a share of known words, or it is of something else.
_KNOWN_SHARE = 0.25
# News stand in the first sentences of an article.
_TOP_SENTENCES = 3
# Words are known by their first letters: an inflection is no news.
_STEM_CHARS = 6
# A single digit is a list's number, or a rank, as often as a fact.
_MIN_FIGURE = 10
# A feed may bring an article that much later than another that was written after it.
_MAX_DELAY = timedelta(hours=2)
_CAPITALISED = re.compile(r"(?<![.!?:\"“„«»])\s([^\W\d_][\w'’-]+)")
# Where all nouns are capital, a name is one that follows these without an article, or another.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
_NAME_AMONG_NOUNS = re.compile(
    r"(?:\b(?:in|aus|bei|von|nach)|(?<![.!?:\"“„«»])\s[A-ZÄÖÜ][\w-]+) ([A-ZÄÖÜ][\w-]+)"
)
# Months are small letters in most languages that tell names by capitals.
_MONTHS = frozenset(
    (
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    )
)
# Quantities of a story that are known by; bounds the cost of lists of figures.
_MAX_COUNTED = 300


@dataclass(frozen=True, slots=True)
class Known:
    """What a room can know of a story: its words so far, and sentences never to repeat.

    ``words`` are folded and cut to their first six letters; single letters are none. ``hashes``
    are those of ``sentence_hash``. ``counted`` are its quantities, the first 300; ``language`` is
    that of the story. ``sequels`` are the hashes of what the same outlets wrote since.
    """

    words: frozenset[str]
    hashes: frozenset[int]
    counted: tuple[Quantity, ...] = ()
    language: str = ""
    sequels: frozenset[int] = frozenset()

    def is_new(self, sentence: str) -> bool:
        """Return whether a sentence tells a fact that is not known.

        It does if it gives another value of a quantity that is known (rounded is the same), if it
        says that something has ended or was undone where nothing said so, or if it is mostly
        unseen and brings a name or a figure of two digits or more that is unseen, which an outlet
        that wrote before need not; not if it was
        told itself. Linear in ``sentence``.
        """
        return self.is_turn(sentence) or self.is_unheard(sentence)

    def is_turn(self, sentence: str) -> bool:
        """Return whether a sentence says that what was told has changed.

        That is another value, or that it was undone, or the next thing that an outlet has to say
        of what it told; not if the sentence was told itself. Linear in ``sentence``.
        """
        hashed = sentence_hash(sentence)
        if hashed in self.hashes:
            return False
        words = _words(sentence)
        unseen = words - self.words
        if len(words) - len(unseen) >= _KNOWN_SHARE * len(words) and any(
            quantity.is_of(known) for quantity in self._unknown(sentence) for known in self.counted
        ):
            return True
        if len(unseen) < len(words) and is_undone(words, self.words, self.language):
            return True
        return hashed in self.sequels and len(unseen) >= max(
            _MIN_UNSEEN, _SEQUEL_SHARE * len(words)
        )

    def is_unheard(self, sentence: str) -> bool:
        """Return whether a sentence is mostly unseen, with a name or figure that is unseen.

        Not if it was told itself. Linear in ``sentence``.
        """
        if sentence_hash(sentence) in self.hashes:
            return False
        words = _words(sentence)
        unseen = words - self.words
        if len(unseen) < max(_MIN_UNSEEN, _NEW_SHARE * len(words)):
            return False
        return self.brings_fact(sentence)

    def brings_fact(self, line: str) -> bool:
        """Return whether a line has a name, or a figure of two digits or more, that is unseen."""
        return bool(_names(line, self.language) - self.words) or self.brings_figure(line)

    def brings_figure(self, line: str) -> bool:
        """Return whether a line has a figure of two digits or more that is unseen."""
        return any(quantity.value >= _MIN_FIGURE for quantity in self._unknown(line))

    def _unknown(self, line: str) -> list[Quantity]:
        """Return the quantities of a line that are not known."""
        return [
            quantity
            for quantity in quantities(line, self.language)
            if not any(map(quantity.is_same, self.counted))
        ]


def known_of(candidate: StoryCandidate, told: Told, language: str) -> Known:
    """Return what a room told at ``told.at`` can know of a story, to judge texts in ``language``.

    That is all that its articles said by then, shown or not: the rest of a text that was
    there before is no news either. ``told.at`` is aware (else TypeError). CPU work, linear in the
    length of these texts, which must be loaded.
    """
    old = [stored.article for stored in candidate.articles if stored.article.seen_at <= told.at]
    texts = [f"{article.title}\n{article.text}" for article in old]
    counted = chain.from_iterable(
        quantities(line, article.language)
        for article, text in zip(old, texts, strict=True)
        for line in text.splitlines()
    )
    words = frozenset[str]().union(*map(_words, texts))
    first = tuple(islice(dict.fromkeys(counted), _MAX_COUNTED))
    outlets = {article.outlet_key for article in old}
    sequels = frozenset(
        sentence_hash(sentence)
        for stored in candidate.originals
        if stored.article.seen_at > told.at and stored.article.outlet_key in outlets
        for sentence in _sentences(stored)[:_TOP_SENTENCES]
    )
    return Known(words, told.hashes, first, language, sequels)


def new_articles(candidate: StoryCandidate, told: Told) -> tuple[StoredArticle, ...]:
    """Return the articles that tell something new since ``told``, oldest first.

    One does if a sentence among its first three is new; where that is so only for a name that
    is unseen, its headline or first sentence must bring a name or figure as well. A copy, and an
    article that was only retitled or dated anew, tells nothing new, nor does another outlet's
    account of what was told, nor one that is dated two hours or more before the newest that was
    known; nor one in a language in which nothing was known, since the words of two languages cannot
    be compared. CPU work, linear in the length of the texts, which must be loaded; none where no
    article was seen after ``told.at`` (aware, else TypeError).
    """
    later = [stored for stored in candidate.originals if stored.article.seen_at > told.at]
    if not later:
        return ()
    before = [stored.article for stored in candidate.articles if stored.article.seen_at <= told.at]
    languages = {article.language for article in before}
    oldest = max((article.dated_at for article in before), default=told.at) - _MAX_DELAY
    known = {
        language: known_of(candidate, told, language)
        for language in {stored.article.language for stored in later}
        if not languages or "" in languages or language in languages | {""}
    }
    return tuple(
        stored
        for stored in later
        if stored.article.dated_at >= oldest
        and stored.article.language in known
        and _tells_news(stored, known[stored.article.language])
    )


def _tells_news(stored: StoredArticle, known: Known) -> bool:
    """Return whether the top of an article tells what is not known.

    An account of what was told names people and places of its own too, further down: a name is
    news only if the headline or the first sentence brings a name or a figure.
    """
    top = _sentences(stored)[:_TOP_SENTENCES]
    if any(map(known.is_turn, top)):
        return True
    unheard = [sentence for sentence in top if known.is_unheard(sentence)]
    return bool(unheard) and (
        any(map(known.brings_figure, unheard))
        or any(map(known.brings_fact, (stored.article.title, top[0])))
    )


def told_sentences(articles: Iterable[StoredArticle], hashes: frozenset[int]) -> tuple[str, ...]:
    """Return the sentences of ``articles`` that were told, each once, in order.

    ``hashes`` are those of ``sentence_hash``. CPU work, linear in the length of the texts.
    """
    sentences = (sentence for stored in articles for sentence in _sentences(stored))
    return tuple(dict.fromkeys(text for text in sentences if sentence_hash(text) in hashes))


def _sentences(stored: StoredArticle) -> list[str]:
    article = stored.article
    return [article.text[a:b] for a, b in split_sentences(article.text, article.language)]


def _words(text: str) -> frozenset[str]:
    return frozenset(token[:_STEM_CHARS] for token in search_tokens(text) if len(token) > 1)


def _names(sentence: str, language: str) -> frozenset[str]:
    """Return the words that a capital tells to be names, as ``_words`` does."""
    pattern = _NAME_AMONG_NOUNS if language in _CAPITAL_NOUNS else _CAPITALISED
    found = (word for word in pattern.findall(sentence) if word[0].isupper())
    dates = story_stop_words(language) | _MONTHS
    return _words(" ".join(word for word in found if word.lower() not in dates))

"""What is new in a story that a room was told before.

Outlets tell one event in many words, so new wording is not news. A sentence is new when it
brings words or figures that no article of the story had when it was last told, and an
article is new when such a sentence stands at its top: a background that only one outlet
recalls, further down, is no news either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.article import StoredArticle
from bot.pick.hashes import sentence_hash
from bot.pick.values import StoryCandidate, Told
from bot.topics.tokens import search_tokens
from summarizers import split_sentences

__all__ = ["Known", "known_of", "new_articles", "told_sentences"]

# What a sentence must bring: so many points, one for an unseen word, three for an unseen
# figure ("rose to 45"); and, without a figure, such a share of its words.
_MIN_POINTS = 3
_FIGURE_POINTS = 3
_MIN_SHARE = 0.3
# News stand in the first sentences of an article.
_TOP_SENTENCES = 3
# Words are known by their first letters: an inflection is no news.
_STEM_CHARS = 6
# A single digit is a list's number, or a rank, as often as a fact.
_FIGURE = re.compile(r"\d{2,}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a room can know of a story: its words so far, and sentences never to repeat.

    ``words`` are folded and cut to their first six letters; single letters are none. ``hashes``
    are those of ``sentence_hash``.
    """

    words: frozenset[str]
    hashes: frozenset[int]

    def is_new(self, sentence: str) -> bool:
        """Return whether a sentence tells something that is not known.

        It does if it brings a figure of two digits or more (known by the first six characters) that
        the room has not seen, or three words, which must be three in ten of its words; not if it
        was told itself. Linear in ``sentence``.
        """
        words = _words(sentence)
        unseen = words - self.words
        figures = sum(1 for word in unseen if _FIGURE.match(word))
        points = len(unseen) + (_FIGURE_POINTS - 1) * figures
        if points < _MIN_POINTS or sentence_hash(sentence) in self.hashes:
            return False
        return figures > 0 or len(unseen) >= _MIN_SHARE * len(words)


def known_of(candidate: StoryCandidate, told: Told) -> Known:
    """Return what a room told at ``told.at`` can know of a story.

    That is all that its articles said by then, shown or not: the rest of a text that was
    there before is no news either. ``told.at`` is aware (else TypeError). CPU work, linear in the
    length of these texts, which must be loaded.
    """
    old = [stored for stored in candidate.articles if stored.article.seen_at <= told.at]
    words = (_words(f"{stored.article.title}\n{stored.article.text}") for stored in old)
    return Known(frozenset().union(*words), told.hashes)


def new_articles(candidate: StoryCandidate, told: Told) -> tuple[StoredArticle, ...]:
    """Return the articles that tell something new since ``told``, oldest first.

    One does if a sentence among its first three is new. A copy, and an article that was only
    retitled or dated anew, tells nothing new, nor does another outlet's account of what was told.
    CPU work, linear in the length of the texts, which must be loaded; none where no article was
    seen after ``told.at`` (aware, else TypeError).
    """
    later = [stored for stored in candidate.originals if stored.article.seen_at > told.at]
    if not later:
        return ()
    known = known_of(candidate, told)
    return tuple(
        stored for stored in later if any(map(known.is_new, _sentences(stored)[:_TOP_SENTENCES]))
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

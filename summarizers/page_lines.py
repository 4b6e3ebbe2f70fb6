"""Lines of a page told by their place in its text, and by sharing no word with the story.

A line on an author, a call or a caption may look like any sentence. But it stands at the end, or
apart, and speaks of something else than the title and the sentences around it.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence, Set
from functools import cache, lru_cache
from itertools import chain

from summarizers.datafiles import load
from summarizers.furniture import furniture_of, is_spaced
from summarizers.quotes import has_marks
from summarizers.terms import terms_of

__all__ = ["PageLines", "page_lines_of"]

# Shorter texts have no end to speak of.
_MIN_SENTENCES = 4
# Where lines on authors and translators stand: among the last so many sentences.
_LAST = 3
# A translator's line says nothing else.
_CREDIT_WORDS = 12
_CREDIT_CHARS = 80
# What a line on an author says of the author stands near the name.
_ROLE_CHARS = 40
_ROLE_WORDS = 25
# A call, and a caption with its credit, are short paragraphs.
_CALL_CHARS = 260
_CAPTION_SENTENCES = 3
_KEY_CHARS = 5  # as many letters tell most words apart
# Words remembered: those of a day's news.
_MAX_KNOWN = 10_000
_KEY = re.compile(rf"[^\W\d_]{{1,{_KEY_CHARS}}}")
_EXCLAIMS = "!！"
_SOURCE_CHARS = 5  # "News" and "Post" stand in many names
_CASELESS = re.compile(r"[\u0590-\u10ff\u3040-\u9fff\uac00-\ud7af]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*[\w]")


class PageLines:
    """Finds the lines of a page in a text of one language, a normal language code.

    The words of authors, translators and pictures are known in all languages at once, so that one
    without data has those that many share. Immutable.
    """

    def __init__(self, language: str) -> None:
        self._terms = terms_of(language)
        self._furniture = furniture_of(language)
        self._spaced = is_spaced(language)

    def places(
        self,
        sentences: Sequence[str],
        words: Sequence[Sequence[str]],
        opening: Sequence[bool],
        *,
        title: str,
        source: str,
        asked: Collection[int],
    ) -> frozenset[int]:
        """Return which of the places ``asked`` for, from 0, hold lines of the page.

        ``words`` are what find_words found in each of ``sentences``; ``opening`` says which begin
        a paragraph. ``title`` and ``source`` may be "". None in texts of fewer than four sentences.
        Linear.
        """
        if len(sentences) < _MIN_SENTENCES:
            return frozenset()
        found = set(self._credits(sentences, words, title, source, asked))
        starts = [place for place, opens in enumerate(opening) if opens]
        known: Counter[str] | None = None
        for start, end in zip(starts, [*starts[1:], len(sentences)], strict=True):
            if start == 0 or end - start > _CAPTION_SENTENCES or start not in asked:
                continue
            paragraph = sentences[start:end]
            if end - start > 1 and _is_credit(paragraph[-1]):
                found.update(range(start, end))
            elif sum(map(len, paragraph)) <= _CALL_CHARS and self._calls(
                paragraph, words[start:end]
            ):
                if known is None:
                    known = Counter(chain.from_iterable(map(self._own, words)))
                    known.update(self._terms(title))
                own = Counter(chain.from_iterable(map(self._own, words[start:end])))
                if all(known[term] <= count for term, count in own.items()):
                    found.update(range(start, end))
        return frozenset(found)

    def _own(self, words: Sequence[str]) -> Set[str]:
        return set(self._terms.of_words(words))

    def _calls(self, paragraph: Sequence[str], words: Sequence[Sequence[str]]) -> bool:
        """Return whether a paragraph calls out, or calls on its reader with what it is about.

        What it is about is told by the language's own words, or is a channel that has one name in
        many languages, beside "we" or "you".
        """
        exclaims = any(sentence[-1] in _EXCLAIMS for sentence in paragraph)
        lowers = [sentence.lower() for sentence in paragraph]
        if not (exclaims or self._names_channel(lowers, words)):
            furniture = self._furniture
            if not (any(map(furniture.calls, lowers)) and any(map(furniture.means, lowers))):
                return False
        return not any(map(has_marks, paragraph))

    def _names_channel(self, lowers: Sequence[str], words: Sequence[Sequence[str]]) -> bool:
        """Return whether sentences name a channel, and "we" or "you" beside it."""
        # Most sentences have no word that begins as one.
        if self._spaced and not any(True in map(_CHANNELS.__getitem__, own) for own in words):
            return False
        patterns = _patterns()
        text = " ".join(lowers)
        return all(patterns[kind].search(text) is not None for kind in ("channels", "selves"))

    def _credits(
        self,
        sentences: Sequence[str],
        words: Sequence[Sequence[str]],
        title: str,
        source: str,
        asked: Collection[int],
    ) -> list[int]:
        """Return the places ``asked`` for of lines on authors and translators."""
        patterns = _patterns()
        first = len(sentences) - _LAST
        about = frozenset(self._terms(title))
        found = []
        for place in filter(asked.__contains__, range(first, len(sentences))):
            text = sentences[place]
            lower = text.lower()
            if has_marks(text) or not about.isdisjoint(self._own(words[place])):
                continue
            translates = patterns["translators"].match
            if translates(lower) or translates(lower, 1):  # behind a bracket
                if len(words[place]) <= _CREDIT_WORDS:
                    found.append(place)
                continue
            role = patterns["roles"].search(lower)
            # In a story about reporters they are the news.
            if role is None or any(
                patterns["roles"].search(other.lower()) for other in (title, *sentences[:first])
            ):
                continue
            if self._is_author(place, sentences, role, title, source):
                found.append(place)
        return found

    def _is_author(
        self,
        place: int,
        sentences: Sequence[str],
        role: re.Match[str],
        title: str,
        source: str,
    ) -> bool:
        """Return whether a sentence with a ``role`` is on a writer nobody else speaks of."""
        text = sentences[place]
        ours = _patterns()["outlets"].search(text.lower()) is not None or any(
            word in source for word in _names(text, 1) if len(word) >= _SOURCE_CHARS
        )
        if not self._spaced or _CASELESS.match(text):
            return ours
        others = " ".join([title, *(s for at, s in enumerate(sentences) if at != place)])
        names = [name for name in _names(text, 2) if name.split()[-1] not in others]
        if not names:
            return False
        if ours:
            return True
        is_near = text.startswith(names[0]) and role.start() <= len(names[0]) + _ROLE_CHARS
        return is_near and place == len(sentences) - 1 and len(text.split()) <= _ROLE_WORDS


def _names(text: str, count: int) -> list[str]:
    """Return the runs of ``count`` words or more with capitals in ``text``."""
    runs: list[list[str]] = [[]]
    end = -1
    for match in _WORD.finditer(text):
        if not match[0][0].isupper():
            runs.append([])
            continue
        if match.start() != end + 1 or text[end : end + 1] != " ":
            runs.append([])
        runs[-1].append(match[0])
        end = match.end()
    return [" ".join(run) for run in runs if len(run) >= count]


def _is_credit(text: str) -> bool:
    """Return whether ``text`` says who took a picture: "Photo: Mara Holm / Harbour Post"."""
    return len(text) <= _CREDIT_CHARS and _patterns()["pictures"].match(text.lower()) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    known = load("page_lines")
    found = {kind: rf"(?<!\w)(?:{'|'.join(words)})(?!\w)" for kind, words in known.items()}
    for kind in ("roles", "channels", "selves"):  # scripts without spaces have no edges of words
        found[kind] += "".join(f"|{word}" for word in known[kind] if _UNSPACED.match(word))
    found["outlets"] = rf"(?<![a-z])(?:{'|'.join(known['outlets'])})"
    found["translators"] = rf"(?<!\w)(?:{'|'.join(known['translators'])})"
    found["pictures"] = rf"(?:{'|'.join(known['pictures'])})(?:\s\w+)?\s?[:：/©]"
    return {kind: re.compile(pattern) for kind, pattern in found.items()}


class _BeginsChannel(dict[str, bool]):
    """Whether a channel may begin with a word, whatever its case; up to 10,000 are remembered."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        found = self[word] = word[:_KEY_CHARS].lower() in _channel_beginnings()
        return found


_CHANNELS = _BeginsChannel()


@cache
def _channel_beginnings() -> frozenset[str]:
    channels = load("page_lines")["channels"]
    return frozenset(match[0] for match in map(_KEY.match, channels) if match is not None)


@lru_cache(maxsize=64)
def page_lines_of(language: str) -> PageLines:
    """Return the PageLines of a normal language code; those of 64 languages are cached."""
    return PageLines(language)

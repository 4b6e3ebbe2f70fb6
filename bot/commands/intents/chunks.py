"""A text as chunks: phrases that say what is wanted, topics, quotes, places, times, the unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.commands.intents.lexicon import phrase_at
from bot.commands.intents.subjects import NameMeaning, may_mean, near_topics
from bot.commands.intents.tokens import Token, TokenKind, tokens_of
from bot.domain.topic import Topic
from bot.topics import SUBJECT, Topics
from bot.topics.fold import is_unspaced

__all__ = ["Chunk", "chunks_of", "is_pair"]

_MAX_NAME_WORDS = 5
_MAX_PLACE_WORDS = 4
# A word this short is no name of a topic unless it is in capitals, or all there is.
_SHORT_CHARS = 2
_JOINS = frozenset(",;\n&+/|、，،؛")
_WEAK = frozenset({"fill", "polite", "swap", "join", "at", "to"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text: ``label`` is one of the lexicon's, or what it names.

    Those are "topic" and "near" (with ``topics``), "quote", "url", "clock", "number", "zone" (a
    place said to be the reader's), "ask" for a question mark, "sign" and "unknown". ``text`` is
    the piece as typed, from ``start`` to ``end``.
    """

    label: str
    text: str
    start: int
    end: int
    topics: tuple[Topic, ...] = ()
    number: int = -1


def chunks_of(
    text: str, topics: Topics, language: str, is_place: Callable[[str], bool]
) -> tuple[Chunk, ...]:
    """Return the chunks of ``text`` in their order, longest first wherever several begin.

    Neighbouring unknown words are one chunk. ``language`` is the reader's; ``is_place`` says
    whether words name a place. Never raises.
    """
    plain, tokens = tokens_of(text)
    return _ChunkReader(plain, tokens, topics, language, is_place).chunks()


class _ChunkReader:
    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        topics: Topics,
        language: str,
        is_place: Callable[[str], bool],
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._topics = topics
        self._language = language
        self._is_place = is_place
        self._words = [
            token.key if token.kind in (TokenKind.WORD, TokenKind.NUMBER) else ""
            for token in tokens
        ]
        self._is_bare = sum(token.kind is TokenKind.WORD for token in tokens) <= _SHORT_CHARS

    def chunks(self) -> tuple[Chunk, ...]:
        found: list[Chunk] = []
        at = 0
        while at < len(self._tokens):
            length, chunk = self._next(at, found)
            last = found[-1] if found else None
            if (
                chunk.label == "unknown"
                and last is not None
                and last.label == "unknown"
                and not self._text[last.end : chunk.start].strip(" '-")
            ):
                chunk = self._chunk("unknown", last.start, chunk.end)
                found.pop()
            found.append(chunk)
            at += length
        return tuple(map(self._meant, found))

    def _next(self, at: int, before: Sequence[Chunk]) -> tuple[int, Chunk]:
        token = self._tokens[at]
        if token.kind is not TokenKind.WORD and token.kind is not TokenKind.NUMBER:
            return 1, self._sign(token)
        told = (chunk.label for chunk in reversed(before) if chunk.label not in _WEAK)
        if next(told, "") == "place" and (place := self._place(at)):
            return place
        phrase = phrase_at(self._words, at, self._language)
        length, named = self._topic(
            at, phrase[0] if phrase else 0, phrase is not None and phrase[2]
        )
        if named is not None:
            last = self._tokens[at + length - 1]
            return length, self._chunk("topic", token.start, last.end, named.topics)
        if phrase is not None:
            length, (label, number), _ = phrase
            end = self._tokens[at + length - 1].end
            return length, self._chunk(label, token.start, end, number=number)
        label = "number" if token.kind is TokenKind.NUMBER else "unknown"
        return 1, self._chunk(label, token.start, token.end)

    def _sign(self, token: Token) -> Chunk:
        label = token.kind.value
        if token.kind is TokenKind.SIGN:
            label = "join" if token.key in _JOINS or token.key == "\n" else "sign"
            label = "ask" if token.key in "?？؟" else label
        text = token.key if token.kind is TokenKind.QUOTE else token.shown
        return Chunk(label, text, token.start, token.end)

    def _topic(self, at: int, least: int, is_own: bool) -> tuple[int, NameMeaning | None]:
        """Return the longest name of a topic at a token, of as many words as ``least`` or more.

        Of two readings of the same words, a phrase of a language ``is_own`` goes before a topic,
        unless it is in capitals, and a topic before a phrase of another language.
        """
        for length in range(min(_MAX_NAME_WORDS, len(self._tokens) - at), 0, -1):
            piece = self._tokens[at : at + length]
            if any(token.kind is not TokenKind.WORD for token in piece) or length < least:
                continue
            shown = self._text[piece[0].start : piece[-1].end]
            if length == least and is_own and not (shown.isupper() and len(shown) > 1):
                continue
            # So short that it is another word in a sentence: "it", "us".
            is_short = len(shown) <= _SHORT_CHARS and shown.isascii() and not shown.isupper()
            if is_short and not self._is_bare and shown.lower() not in _CLEAR_ABBREVIATIONS:
                continue
            named = may_mean(shown, self._topics, self._language)
            if named.topics:
                return length, named
        return 0, None

    def _place(self, at: int) -> tuple[int, Chunk] | None:
        for length in range(min(_MAX_PLACE_WORDS, len(self._tokens) - at), 0, -1):
            piece = self._tokens[at : at + length]
            shown = self._text[piece[0].start : piece[-1].end]
            if shown.strip() and self._is_place(shown):
                return length, self._chunk("zone", piece[0].start, piece[-1].end)
        return None

    def _meant(self, chunk: Chunk) -> Chunk:
        """Return an unknown chunk as a slip for a topic's name where it is nearly one."""
        if chunk.label != "unknown" or len(chunk.text.split()) > 2:
            return chunk
        if is_unspaced(chunk.text[0]):
            return chunk
        near = near_topics(chunk.text, self._topics)
        return self._chunk("near", chunk.start, chunk.end, near) if near else chunk

    def _chunk(
        self,
        label: str,
        start: int,
        end: int,
        topics: tuple[Topic, ...] = (),
        *,
        number: int = -1,
    ) -> Chunk:
        return Chunk(label, self._text[start:end], start, end, topics, number)


# Abbreviations of topics that are no words of any language we read.
_CLEAR_ABBREVIATIONS = frozenset({"ai", "uk", "ki", "ia", "tv", "f1"})


def is_pair(one: Chunk, other: Chunk) -> bool:
    """Return whether of two chunks one is a subject and one is none (a country): one tells of it.

    The first of a chunk's topics counts. Raises IndexError for a chunk without topics.
    """
    groups = {chunk.topics[0].group == SUBJECT for chunk in (one, other)}
    return len(groups) == 2

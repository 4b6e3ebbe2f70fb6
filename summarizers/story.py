"""The sentences of a story's documents, read once: where they stand and what they say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from summarizers.body import doubled_captions, find_body, fold, is_heading
from summarizers.languages import UNSPACED, guess_language, normal_language, word_count
from summarizers.reading import Guard, ends_with_stop
from summarizers.splitting import split_sentences
from summarizers.terms import Terms
from summarizers.values import Document

__all__ = ["Candidate", "Story", "read_story"]

# What is read of all documents of one story together; a news article has 3,000 characters.
_MAX_CHARS = 4_000_000
# A text whose sentences mostly end with a stop has headings where they do not.
_STOP_SHARE = 0.5
_STOP_SAMPLE = 200
# A heading has few words, and is left out of account when stops are counted.
_HEADING_CHARS = 40
# A sentence told before comes back in other punctuation, or with a word more.
_SAME_SHARE = 0.8


@dataclass(slots=True)
class Candidate:
    """A sentence that may be quoted: ``text`` is ``[start:end]`` of ``document``'s text.

    ``place`` counts all sentences of its document, from 0. ``before`` is the index of the
    candidate that must be told directly before this one, None if it stands alone.
    ``is_stranded`` marks one whose sentence before cannot be told. ``words`` is its length
    as a budget counts it.
    """

    document: int
    place: int
    start: int
    end: int
    text: str
    words: int
    terms: list[str]
    before: int | None = None
    is_stranded: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What a summarizer works on; ``titles`` and ``sources`` go by document.

    ``lengths`` are the numbers of sentences of each document, unfit ones included.
    ``known`` holds the terms of each sentence that was told before.
    """

    candidates: list[Candidate]
    titles: list[list[str]]
    sources: list[str]
    lengths: list[int]
    language: str
    known: list[list[str]]


def read_story(
    documents: Sequence[Document],
    language: str = "",
    *,
    known: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
) -> Story:
    """Return the story that ``documents`` tell, with every sentence fit to be quoted.

    Left out are what the guard finds unfit, a document's own title, and sentences that
    say what one of ``known`` says, or that are not ``wanted``.
    """
    code = normal_language(language) or guess_language(" ".join(d.text[:500] for d in documents))
    reader = _Reader(code, [Terms(code)(sentence) for sentence in known if sentence], wanted)
    allowance = _MAX_CHARS
    lengths = []
    for number, document in enumerate(documents):
        text = document.text[:allowance]
        allowance -= len(text)
        lengths.append(reader.read(number, text, document.title))
    titles = [reader.terms(document.title) for document in documents]
    sources = [document.source for document in documents]
    return Story(reader.candidates, titles, sources, lengths, code, reader.known)


class _Reader:
    """Reads documents one by one and gathers their candidates."""

    def __init__(
        self, language: str, known: list[list[str]], wanted: Callable[[str], bool] | None
    ) -> None:
        self.candidates: list[Candidate] = []
        self.terms = Terms(language)
        self.known = known
        self._language = language
        self._wanted = wanted
        self._guard = Guard(language)
        self._told = [frozenset(terms) for terms in known]

    def read(self, number: int, text: str, title: str) -> int:
        """Add the candidates of one document; return how many sentences it has."""
        spans = split_sentences(text, self._language)
        stops = self._has_stops(text, spans)
        heading = fold(title)
        sentences = [text[start:end] for start, end in spans]
        body = find_body(sentences, heading)
        captions = doubled_captions(sentences)
        previous: int | None = None
        answers = False  # behind the question that opens a paragraph: "Did you know? …"
        last_end = 0
        for place, (start, end) in enumerate(spans):
            opens = place == 0 or "\n" in text[last_end:start]
            last_end = end
            verdict = self._guard.judge(sentences[place], opens=opens, stops=stops)
            is_apart = place not in body or place in captions or (answers and not opens)
            quoted = (start + verdict.skip, end)
            answers = verdict.asks and opens
            if is_apart or not verdict.is_fit or not self._is_new(text[slice(*quoted)], heading):
                previous = None
                continue
            found = self._candidate(number, place - body.start, text, quoted)
            if verdict.leans:
                found.before = previous
                found.is_stranded = previous is None or self.candidates[previous].is_stranded
            previous = len(self.candidates)
            self.candidates.append(found)
        return len(spans)

    def _candidate(self, number: int, place: int, text: str, span: tuple[int, int]) -> Candidate:
        quoted = text[span[0] : span[1]]
        return Candidate(
            document=number,
            place=place,
            start=span[0],
            end=span[1],
            text=quoted,
            words=word_count(quoted, self._language),
            terms=self.terms(quoted),
        )

    def _has_stops(self, text: str, spans: Sequence[tuple[int, int]]) -> bool:
        if self._language in UNSPACED - {"zh", "ja"}:
            return False
        sample = [(a, b) for a, b in spans[:_STOP_SAMPLE] if b - a > _HEADING_CHARS]
        ended = sum(ends_with_stop(text[a:b]) for a, b in sample)
        return not sample or ended >= _STOP_SHARE * len(sample)

    def _is_new(self, quoted: str, heading: str) -> bool:
        """Say whether a sentence is wanted, and neither the title nor told before."""
        if is_heading(quoted, heading):
            return False
        if self._wanted is not None and not self._wanted(quoted):
            return False
        if not self._told:
            return True
        terms = frozenset(self.terms(quoted))
        return not any(
            len(terms & told) >= _SAME_SHARE * max(min(len(terms), len(told)), 1)
            for told in self._told
        )

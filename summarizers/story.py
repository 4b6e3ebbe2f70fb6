"""The sentences of a story's documents, read once: where they stand and what they say."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice

from summarizers.candidates import CandidateSentence
from summarizers.guard import guard_of, have_stops
from summarizers.languages import guess_language, normal_language, word_count
from summarizers.lean import with_roots
from summarizers.leaning import leaning_of
from summarizers.main_text import (
    doubled_captions,
    find_body,
    fold,
    is_heading,
    says_title,
    speaker_turns,
)
from summarizers.noun_phrases import Surnames
from summarizers.page_lines import page_lines_of
from summarizers.page_signs import Page
from summarizers.splitting import split_sentences
from summarizers.terms import find_words, terms_of
from summarizers.values import Document

__all__ = ["CandidateSentence", "Story", "read_story"]

# What is read of all documents of one story together; a news article has 3,000 characters.
_MAX_CHARS = 4_000_000
# Of longer stories only the first sentences of each document are judged, so many of the most
# telling others, and those before: on six sets the summary is as good as with all (ROUGE +.16 in
# the mean). News articles have 10 to 80 sentences.
_READ_CLOSELY = 60
_TELLING = 20
# The first sentences that are judged: of a story's documents together, and of each at least.
_OPENING = 30
_FIRST = 4
# Exponent by which later sentences of a long story tell less.
_EARLY = 0.3
# Exponent of the share of documents that have a term: what more of them tell is told better.
_AGREEMENT = 0.4
# A sentence told before comes back in other punctuation, or with a word more.
_SAME_SHARE = 0.8
_LATEST = datetime.max.replace(tzinfo=UTC)
# What ends otherwise stands between sentences as a heading.
_STOPS = frozenset('.!?…。！？।؟۔"”»’')
_QUOTES = '"“”„‟«»＂「」『』'


@dataclass(frozen=True, slots=True)
class Story:
    """What a summarizer works on. ``titles`` (as terms) and ``sources`` go by document.

    ``lengths`` are the numbers of sentences of each document, unfit ones included.
    ``known`` holds the terms of each sentence that was told before; ``shown`` are terms that
    stand above what is told now. ``lead`` is the document under whose title the story is told,
    None while that is open. One of ``openers``, which are candidates, is to be told first.
    ``order`` says by document how late it is told, the lead aside; () if all count as one.
    ``told`` are the sentences that stand above, each as its document and place; ``pages`` what the
    beginning of each document says of its lines.
    """

    candidates: list[CandidateSentence]
    titles: list[list[str]]
    sources: list[str]
    lengths: list[int]
    language: str
    known: list[list[str]]
    shown: frozenset[str] = frozenset()
    lead: int | None = None
    openers: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    told: frozenset[tuple[int, int]] = frozenset()
    pages: tuple[Page, ...] = ()

    def after(
        self, told: Sequence[CandidateSentence], opening: CandidateSentence | None = None
    ) -> "Story":
        """Return what is left to tell below the sentences ``told``, of which one is ``opening``.

        Candidates keep their order. One that pointed to a sentence told is stranded: that
        sentence stands elsewhere. What stands before ``opening`` in its document, which leads
        from now on, is left out. ``known``, ``shown`` and ``told`` grow by them, and there are no
        openers. This story stays as it is. O(n) in the candidates, for each sentence told.
        """
        known = [found.terms for found in told]
        sets = [frozenset(terms) for terms in known]
        places: dict[int, int] = {}  # where a candidate that is left stands now
        left: list[CandidateSentence] = []
        for index, candidate in enumerate(self.candidates):
            if opening is not None and _is_ahead(candidate, opening):
                continue
            if _is_told(frozenset(candidate.terms), sets):
                continue
            places[index] = len(left)
            before = None if candidate.before is None else places.get(candidate.before)
            behind = None if candidate.behind is None else places.get(candidate.behind)
            is_stranded = candidate.is_stranded or (
                candidate.before is not None and (before is None or left[before].is_stranded)
            )
            left.append(replace(candidate, before=before, behind=behind, is_stranded=is_stranded))
        return replace(
            self,
            candidates=left,
            known=[*self.known, *known],
            shown=self.shown.union(*map(with_roots, sets)),
            lead=self.lead if opening is None else opening.document,
            openers=(),
            told=self.told.union((found.document, found.place) for found in told),
        )


def _is_ahead(candidate: CandidateSentence, opening: CandidateSentence) -> bool:
    return candidate.document == opening.document and candidate.place < opening.place


def _is_told(terms: frozenset[str], told: Iterable[frozenset[str]]) -> bool:
    """Return whether a sentence of these terms says what one that was told says."""
    return any(
        len(terms & other) >= _SAME_SHARE * max(min(len(terms), len(other)), 1) for other in told
    )


def read_story(
    documents: Sequence[Document],
    language: str = "",
    *,
    known: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
    shown: Iterable[str] = (),
) -> Story:
    """Return the story that ``documents`` tell, with its sentences fit to be quoted.

    Left out are what the guard finds unfit, a document's own title and what stands before it,
    the page's tail, doubled captions, what answers a question that opens its paragraph, and
    sentences that say what one of ``known`` says, or that are not ``wanted``, which is called
    once a sentence at most; what it raises passes through. ``shown`` are texts that stand above
    the story, besides the title of its lead. Candidates go by document, then by
    place. Reads 4,000,000 characters at most, the first of ``documents`` first; of more than
    60 sentences only the most telling become candidates. CPU work that blocks, linear
    in their length, and each sentence is compared with each of ``known``. ``language`` is any
    code, guessed if "". Without documents the story is empty.
    """
    code = normal_language(language) or guess_language(" ".join(d.text[:500] for d in documents))
    reader = _Reader(code, [terms_of(code)(sentence) for sentence in known if sentence], wanted)
    allowance = _MAX_CHARS
    texts = []
    for document in documents:
        texts.append(_SplitText(document.text[:allowance], document, code))
        allowance -= len(texts[-1].text)
    telling = reader.telling(texts)
    for number, text in enumerate(texts):
        reader.read(number, text, telling[number])
    titles = [reader.terms(document.title) for document in documents]
    sources = [document.source for document in documents]
    above = with_roots(chain.from_iterable(map(reader.terms, shown)))
    dates = [document.published_at or _LATEST for document in documents]
    turns = sorted(range(len(documents)), key=lambda number: (dates[number], number))
    order = tuple(sorted(range(len(turns)), key=turns.__getitem__))
    lengths = [len(text.spans) for text in texts]
    return Story(
        reader.candidates,
        titles,
        sources,
        lengths,
        code,
        reader.known,
        above,
        order=order,
        pages=tuple(
            Page(code, document.title, own, length)
            for document, own, length in zip(
                documents, reader.by_document(len(documents)), lengths, strict=True
            )
        ),
    )


def _opening(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Return which sentences of ``text`` begin a paragraph."""
    ends = [0, *(end for _, end in spans)]
    return [at == 0 or "\n" in text[ends[at] : start] for at, (start, _) in enumerate(spans)]


def _inside_quotations(text: str, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the places of sentences inside a longer quotation of their paragraph."""
    inside: set[int] = set()
    marks = [mark for mark in _QUOTES if mark in text]
    if not marks:
        return frozenset()
    is_open = False
    end = 0
    for place, (start, stop) in enumerate(spans):
        if "\n" in text[end:start]:
            is_open = False
        end = stop
        is_odd = sum([text.count(mark, start, stop) for mark in marks]) % 2 == 1
        if is_open and not is_odd:
            inside.add(place)
        is_open ^= is_odd
    return frozenset(inside)


class _SplitText:
    """The text of a document, its sentences and their words; ``body`` are those of the story."""

    def __init__(self, text: str, document: Document, language: str) -> None:
        self.text, self.title, self.source = text, document.title, document.source
        self.spans = split_sentences(text, language)
        self.sentences = [text[start:end] for start, end in self.spans]
        self.words = list(map(find_words, self.sentences))
        self.terms: dict[int, list[str]] = {}  # by place, where they were asked for already
        self.heading = fold(document.title)
        self.body = find_body(self.sentences, self.heading)


class _Reader:
    """Reads documents in turn and gathers their candidates."""

    def __init__(
        self, language: str, known: list[list[str]], wanted: Callable[[str], bool] | None
    ) -> None:
        self.candidates: list[CandidateSentence] = []
        self.terms = terms_of(language)
        self.known = known
        self._language = language
        self._wanted = wanted
        self._guard = guard_of(language)
        self._lines = page_lines_of(language)
        self._leaning = leaning_of(language)
        self._told = [frozenset(terms) for terms in known]

    def read(self, number: int, text: _SplitText, telling: Sequence[int]) -> None:
        """Add the candidates of one document, among the places that are ``telling``."""
        sentences, words, body, title = text.sentences, text.words, text.body, text.title
        heading, title_terms = text.heading, frozenset(self.terms(title))
        apart = doubled_captions(sentences) | speaker_turns(sentences)
        stops = have_stops(sentences, self._language)
        opening = _opening(text.text, text.spans)
        lines = self._lines.places(
            sentences[body.start : body.stop],
            words[body.start : body.stop],
            opening[body.start : body.stop],
            title=title,
            source=text.source,
            asked=frozenset(place - body.start for place in telling),
        )
        names = Surnames(text.text, self._language)
        spoken = _inside_quotations(text.text, text.spans)
        again: CandidateSentence | None = None  # says the title again: told if nothing else is
        adjacent: int | None = None  # the candidate that stands directly before, headings aside
        read = -1
        answers = False  # behind the question that opens a paragraph: "Did you know? …"
        for place in telling:
            start, end = text.spans[place]
            if read != place - 1:
                adjacent = None
            read = place
            opens = opening[place]
            verdict = self._guard.judge(
                sentences[place],
                words[place],
                opens=opens,
                stops=stops,
                is_first=not self.candidates or self.candidates[-1].document != number,
            )
            start, end = start + verdict.skip, end - verdict.drop
            is_apart = place in apart or place - body.start in lines or (answers and not opens)
            answers = verdict.asks and opens
            quote = text.text[start:end]
            if is_apart or not verdict.is_fit or is_heading(quote, heading):
                if not stops or sentences[place][-1] in _STOPS:
                    adjacent = None
                continue
            before, adjacent = adjacent, None
            if self._wanted is not None and not self._wanted(quote):
                continue
            is_cut = verdict.skip or verdict.drop
            known = None if is_cut else text.terms.get(place)
            terms = known or self.terms.of_words(find_words(quote) if is_cut else words[place])
            if self._told and _is_told(frozenset(terms), self._told):
                continue
            found = CandidateSentence(
                document=number,
                place=place - body.start,
                start=start,
                end=end,
                text=quote,
                words=word_count(quote, self._language),
                terms=terms,
                begins=opens,
            )
            if says_title(terms, title_terms):
                again = found
                continue
            lean = self._leaning.of(quote, words[place], names)
            found.behind = before
            if (lean.points and (place > body.start or self._leaning.is_known)) or place in spoken:
                self._lean_back(found, words[place], words[place - 1])
            adjacent = len(self.candidates)
            found.needs, found.needs_name = lean.needs, lean.is_name
            self.candidates.append(found)
        if again is not None and (not self.candidates or self.candidates[-1].document != number):
            self.candidates.append(again)

    def by_document(self, count: int) -> list[list[CandidateSentence]]:
        """Return the candidates of each of ``count`` documents."""
        own: list[list[CandidateSentence]] = [[] for _ in range(count)]
        for found in self.candidates:
            own[found.document].append(found)
        return own

    def _lean_back(
        self, found: CandidateSentence, words: Sequence[str], words_before: Sequence[str]
    ) -> None:
        """Tie ``found``, which points back, to the candidate it is behind, or strand it."""
        before = found.behind
        # Behind a heading a pronoun may mean something else.
        if before is not None and self.candidates[before].place != found.place - 1:
            before = None
        found.before = before
        found.is_stranded = before is None or self.candidates[before].is_stranded
        if before is not None and self._leaning.is_contrast(words, words_before):
            self.candidates[before].is_half = True

    def telling(self, texts: Sequence[_SplitText]) -> list[Sequence[int]]:
        """Return the places to read closely of each text, in order: all, or the best of many.

        Best are sentences with many of the terms that many documents have, and have often; the
        beginning of each text, and the sentence before each, come with them.
        """
        bodies: list[Sequence[int]] = [text.body for text in texts]
        if sum(map(len, bodies)) <= _READ_CLOSELY:
            return bodies
        terms = [[self.terms.of_words(text.words[place]) for place in text.body] for text in texts]
        for text, own in zip(texts, terms, strict=True):
            text.terms.update(zip(text.body, own, strict=True))
        uses = [list(chain.from_iterable(document)) for document in terms]
        counts = Counter(chain.from_iterable(uses))
        # Documents that have a term.
        having = Counter(chain.from_iterable(map(set[str], uses)))
        agreed = [(number / len(texts)) ** _AGREEMENT for number in range(len(texts) + 1)]
        weights = {term: math.log1p(n) * agreed[having[term]] for term, n in counts.items()}
        values = {
            (number, at): sum(map(weights.__getitem__, found))
            / math.sqrt(len(found) + 1)
            * (1 + at) ** -_EARLY
            for number, document in enumerate(terms)
            for at, found in enumerate(document)
        }
        ranked = sorted(values, key=values.__getitem__, reverse=True)
        first = max(_FIRST, _OPENING // len(texts))
        best = {(n, at) for n, text in enumerate(terms) for at in range(min(first, len(text)))}
        opening = frozenset(best)
        best.update(islice((key for key in ranked if key not in opening), _TELLING))
        best |= {(number, max(at - 1, 0)) for number, at in best}
        told: list[list[int]] = [[] for _ in texts]
        for number, at in sorted(best):
            told[number].append(bodies[number][at])
        return [*told]

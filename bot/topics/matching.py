"""Which topics an article is about: one pass over its text, then a weighing of the hits."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from ahocorasick_rs import AhoCorasick

from bot.domain.topic import Match
from bot.topics.aliases import MAX_TAIL_CHARS, Spelling
from bot.topics.fold import fold, is_hangul, is_unspaced, opening, squeeze
from bot.topics.neighbours import NameContext
from bot.topics.owners import AMERICAN, COUNTRY, ORGANIZATION, PLACE, SUBJECT, Owner, PackedOwners

__all__ = ["MAX_CHARS", "TopicMatcher"]

# News says what it is about early: reading 6,000 characters instead of 3,000 gained .001 of
# the macro F of benchmarks.topics.
MAX_CHARS = 6000
MAX_TITLE_CHARS = 400

# Evidence of one hit by where it stands; how these were found: docs/decisions/0031.
_IN_TITLE = 3.0
_IN_LEAD = 1.5
_IN_TEXT = 0.8
_LEAD_CHARS = 300
# Where a report was written is not yet what it is about.
_IN_DATELINE = 0.75
# "London/Teheran - ", "BERLIN (dpa) – ", "ORUN, June 5 (Wire) -- "; the end of a sentence, but
# not of an abbreviation of one letter.
_DATELINE = re.compile(
    r"[^\W\d_][^.!?:\n]{1,40}?(?: [-–—]{1,2} |[—–])|[^\W\d_][\w /,]{1,30} \([\w ./-]{2,20}\)"
)
_FULL_STOP = re.compile(r"(?<=\w\w)[.!?…]\W|[。！？।]")
# A hit this far into the text counts half as much: what is only background comes last.
_FADE_CHARS = 5000
_WEAK = 0.5
# The evidence at which an article is about a topic, in a short notice and in an article of
# ``_LONG_CHARS``. A country named once in the lead is what the news is about. A subject's
# words are everyday words, of which a long text holds some by chance: there it takes two.
_ENOUGH = {
    **dict.fromkeys((COUNTRY, PLACE, AMERICAN), (1.2, 1.2)),
    **dict.fromkeys((SUBJECT, ORGANIZATION), (1.2, 2.0)),
}
_ON_THE_MAP = frozenset({COUNTRY, PLACE, AMERICAN})
_LONG_CHARS = 1500
# A country that the title does not name, with less than this share of another's evidence, is
# named in passing: macro precision .798 → .838 in benchmarks.topics, at the same F.
_IN_PASSING = 0.3
# How many letters of an alphabet one Korean, Chinese or Japanese letter stands for: the
# sample newsroom's Korean articles are that much shorter than its English ones.
_DENSITY = 2.3

# Capitals that are ordinary words in a headline set in capitals, or in text without any.
_WORDS_IN_CAPITALS = frozenset(
    {"us", "un", "it", "who", "ice", "aids", "ai", "eu", "ca", "is"} | {"as", "ri", "sad", "vs"}
)


@dataclass(slots=True)
class _Hit:
    """A spelling found from ``start`` to ``found_to``, in a word that goes on to ``end``."""

    start: int
    found_to: int
    end: int
    owner: Owner


@dataclass(slots=True)
class _Tally:
    """The evidence for a topic in an article, which is about it from ``enough`` on."""

    enough: float
    evidence: float = 0.0
    is_early: bool = False  # whether the title or the first sentence has one
    is_titled: bool = False
    words: dict[str, None] = field(default_factory=dict)


class TopicMatcher:
    """An automaton over the spellings of all topics in one language, or in all.

    ``neighbours`` are the words of that language that give a name beside them another sense.
    """

    def __init__(self, owners: Iterable[Owner], neighbours: NameContext | None = None) -> None:
        self._neighbours = neighbours
        self._owners = PackedOwners()
        self._automaton = AhoCorasick(self._owners.take(owners), store_patterns=False)

    def match(self, title: str, text: str) -> dict[str, Match]:
        """Return the topics that the article is about, by slug; the best first, equals by slug.

        Scores are from 0.5 on, below 1; hits are spellings as the catalogue writes them. Blocking,
        some milliseconds for a long text: linear in the length read, MAX_TITLE_CHARS of the title
        and MAX_CHARS of the text.
        """
        page = _FoldedText(title, text)
        hits = list(self._hits(page))
        denied = {hit.owner.slug for hit in hits if hit.owner.is_decoy}
        others = {(hit.owner.slug, hit.owner.spelling.shown) for hit in _renamed(page, hits)}
        tallies: dict[str, _Tally] = {}
        on_the_map: set[str] = set()
        most = 0.0  # the evidence for any country
        for hit in hits:
            owner = hit.owner
            if owner.is_decoy or (owner.spelling.is_weak and owner.slug in denied):
                continue
            if others and (owner.slug, owner.spelling.shown) in others:
                continue
            tally = tallies.get(owner.slug)
            if tally is None:
                tally = tallies[owner.slug] = _Tally(page.enough(owner.family))
                # A country is named, whatever its name; a subject takes two words in passing.
                tally.is_early = owner.family in _ON_THE_MAP
                if tally.is_early:
                    on_the_map.add(owner.slug)
            tally.evidence += page.weight(hit.start) * (_WEAK if owner.spelling.is_weak else 1)
            tally.words[owner.spelling.shown] = None
            tally.is_early = tally.is_early or hit.start < page.first_sentence_end
            tally.is_titled = tally.is_titled or page.is_title(hit.start)
            if owner.family == COUNTRY:
                most = max(most, tally.evidence)
        found = {
            # One half at just enough evidence, towards 1 with more.
            slug: Match(
                round(tally.evidence / (tally.evidence + tally.enough), 4), tuple(tally.words)
            )
            for slug, tally in tallies.items()
            if tally.evidence >= tally.enough
            and (tally.is_early or len(tally.words) > 1)
            and (slug not in on_the_map or tally.is_titled or tally.evidence >= _IN_PASSING * most)
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0])))

    def named(
        self, title: str, text: str, among: Container[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return which of the slugs ``among`` the title names, and which the text does.

        A topic is named by any of its words that is not weak, however often; words of others than
        those ``among`` hide none of theirs. Linear in what is read: MAX_TITLE_CHARS of the title,
        MAX_CHARS of the text.
        """
        page = _FoldedText(title, text)
        in_title: set[str] = set()
        in_text: set[str] = set()
        for hit in self._hits(page, among):
            if not (hit.owner.is_decoy or hit.owner.spelling.is_weak):
                (in_title if page.is_title(hit.start) else in_text).add(hit.owner.slug)
        return frozenset(in_title), frozenset(in_text)

    def _hits(self, page: "_FoldedText", among: Container[str] | None = None) -> Iterator[_Hit]:
        """Yield what was found, the longest first where hits of one family overlap."""
        found: list[_Hit] = []
        places = self._automaton.find_matches_as_indexes(page.folded, overlapping=True)
        owner_of, folded = self._owners.of, page.folded
        for number, start, end in places:
            owner = owner_of(number)
            if among is not None and owner.slug not in among:
                continue
            spelling = owner.spelling
            first = start + (folded[start] == " ")
            word_end = page.word_end(folded[end - 1], end, is_open=spelling.is_open)
            if word_end is None or (spelling.tails and folded[end:word_end] not in spelling.tails):
                continue
            if not page.is_spelled(spelling, start, end):
                continue
            if spelling.is_weak and page.is_beside_a_name(first, word_end):
                continue
            found.append(_Hit(first, end, word_end, owner))
        if not found:  # as for most headlines where only countries count
            return
        found.sort(key=lambda hit: (hit.owner.family, hit.start, -hit.found_to))
        starts = frozenset(hit.start for hit in found)
        names: list[_Hit] = []  # of countries, which come before subjects
        for family, hits in groupby(found, key=lambda hit: hit.owner.family):
            for hit in _longest_first(hits):
                if family == COUNTRY:
                    names.append(hit)
                elif family not in _ON_THE_MAP and names and page.crosses(hit, names):
                    continue
                if not self._is_another_sense(page, hit, starts):
                    yield hit

    def _is_another_sense(self, page: "_FoldedText", hit: _Hit, starts: frozenset[int]) -> bool:
        """Return whether what stands beside a name makes it another's: "Peking duck"."""
        near = self._neighbours
        if near is None or not (hit.owner.spelling.capitals or hit.owner.family == COUNTRY):
            return False
        is_title = page.is_title(hit.start)
        return (
            near.is_thing(page.folded, hit.start, hit.end, is_title=is_title)
            or (
                hit.owner.family != AMERICAN
                and near.is_american_town(page.line, hit.start, hit.end)
            )
            or (
                not (is_title and page.head_is_titled)
                and near.is_person(page.line, hit.start, hit.end, starts)
            )
        )


def _renamed(page: "_FoldedText", hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Yield the abbreviations that mean something else in this article, which says so.

    "avian influenza (AI)" explains it, and "Superbike-WM" names another sport's; not where the
    words before are the topic's own.
    """
    own = [hit for hit in hits if not hit.owner.is_decoy]
    ends = {(hit.owner.slug, hit.end) for hit in own}
    for hit in own:
        slug, spelling = hit.owner.slug, hit.owner.spelling
        if hit.owner.family != SUBJECT or not spelling.is_acronym:
            continue
        if page.line[hit.start - 1] == "-" and page.line[hit.start - 2].isalnum():
            if (slug, hit.start - 1) not in ends:
                yield hit
        elif page.explains(hit) and (slug, hit.start - 2) not in ends:
            yield hit


class _FoldedText:
    """Title and text as one line, folded beside the original."""

    def __init__(self, title: str, text: str) -> None:
        head = squeeze(opening(title, MAX_TITLE_CHARS))
        body = squeeze(opening(text, MAX_CHARS))
        self.line = f" {head}  {body} "
        self.folded = fold(self.line)
        self._body_at = len(head) + 3
        self._head_has_case = _has_case(head)
        self._body_has_case = _has_case(body)
        # In a headline that Capitalises Its Words, capitals mark no names.
        words = [word for word in head.split() if len(word) > 3 and word[0].isalpha()]
        self.head_is_titled = sum(word[0].isupper() for word in words) * 4 >= len(words) * 3
        self._head, self._body = head, body
        self._has_umlauts = bool(_umlauts(self.line))

    @cached_property
    def first_sentence_end(self) -> int:
        """Where the first sentence of the text ends, or what is read of it as its lead."""
        stop = _FULL_STOP.search(self._body, 0, _LEAD_CHARS)
        return self._body_at + (stop.end() if stop else _LEAD_CHARS)

    @cached_property
    def _dateline_end(self) -> int:
        dateline = _DATELINE.match(self._body)
        return self._body_at + (dateline.end() if dateline else 0)

    @cached_property
    def _scale(self) -> float:
        # Headline and lead weigh alike in Korean, which says as much in fewer letters.
        sample = (self._head or self._body)[:100]
        is_dense = not sample.isascii() and sum(map(is_unspaced, sample)) * 3 > len(sample)
        return _DENSITY if is_dense else 1.0

    def is_title(self, at: int) -> bool:
        """Return whether this offset is in the title."""
        return at < self._body_at

    def explains(self, hit: _Hit) -> bool:
        """Return whether the words before an abbreviation in brackets begin with its letters."""
        if self.line[hit.start - 1] != "(" or self.line[hit.end : hit.end + 1] != ")":
            return False
        letters = fold(hit.owner.spelling.shown).replace(" ", "")
        words = self.folded[max(hit.start - 100, 0) : hit.start].split()[-len(letters) :]
        return "".join(word[0] for word in words) == letters

    def crosses(self, hit: _Hit, names: list[_Hit]) -> bool:
        """Return whether a hit begins inside one of ``names`` and goes on after it.

        Only where words have no spaces: 京剧 is not in 北京剧场.
        """
        return is_unspaced(self.folded[hit.start]) and any(
            name.start < hit.start < name.found_to < hit.found_to for name in names
        )

    def weight(self, at: int) -> float:
        """Return what a hit at this offset counts."""
        if self.is_title(at):
            return _IN_TITLE
        if at < self._dateline_end:
            return _IN_DATELINE
        depth = (at - self._body_at) * self._scale
        if depth < _LEAD_CHARS:
            return _IN_LEAD
        return _IN_TEXT / (1 + depth / _FADE_CHARS)

    def enough(self, family: str) -> float:
        """Return the evidence that makes a page of this length about a topic."""
        short, long = _ENOUGH[family]
        length = (len(self.line) - self._body_at) * self._scale / _LONG_CHARS
        return short + (long - short) * min(length, 1.0)

    def word_end(self, last: str, end: int, *, is_open: bool) -> int | None:
        """Return where the word found ends, or None if it goes on further than it may.

        ``last`` is its last letter, and ``end`` the offset behind it.
        """
        if last == " ":
            return end - 1
        if not (is_open or is_hangul(last)):
            return end
        stop = end
        while self.folded[stop] != " " and is_unspaced(self.folded[stop]) == is_unspaced(last):
            stop += 1
            if stop - end > MAX_TAIL_CHARS:
                return None
        return stop

    def is_spelled(self, spelling: Spelling, start: int, end: int) -> bool:
        """Return whether capitals, accents and umlauts here are those of the spelling."""
        line = self.line
        if self._has_umlauts and not _umlauts(line[start:end]) <= _umlauts(spelling.shown):
            return False
        if spelling.capitals:
            has_case = self._head_has_case if start + 1 < self._body_at else self._body_has_case
            if has_case and not all(line[start + at].isupper() for at in spelling.capitals):
                return False
            is_doubtful = spelling.is_acronym and spelling.shown.lower() in _WORDS_IN_CAPITALS
            if is_doubtful and not has_case:
                return False
        for at, accented in spelling.accents:
            char = line[start + at]
            # a capital may go without its accent ("ESPANA")
            if char.lower() != accented and not (char.isupper() and char.lower() == fold(char)):
                return False
        return True

    def is_beside_a_name(self, start: int, end: int) -> bool:
        """Return whether a capitalised word stands next to this one, as in "Michael Jordan"."""
        if start < self._body_at and self.head_is_titled:
            return False
        after = self.line[end : end + 2]
        if after[:1] == " " and after[1:].isupper():
            return True
        before_at = self.line.rfind(" ", 0, start)
        before = self.line[self.line.rfind(" ", 0, before_at) + 1 : before_at]
        return before[:1].isupper() and before.isalpha() and before not in _OPENERS


# Capitalised words that open a sentence and make no name with the next word.
_OPENERS = frozenset(
    {"In", "The", "From", "For", "At", "To", "And"}
    | {"But", "As", "With", "If", "When", "While", "On"}
)

# In German, letters of their own: an "Uber" is no "Über", wherever accents are folded.
_UMLAUTS = frozenset("äöü")


def _umlauts(text: str) -> frozenset[str]:
    return frozenset(text.lower()) & _UMLAUTS if not text.isascii() else frozenset()


def _has_case(text: str) -> bool:
    return not (text.isupper() or text.islower())


def _longest_first(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Yield hits in order of place without those covered by an earlier or a longer one.

    What was found counts, not where its word ends: "klimaanlage*" covers "klima*".
    """
    covered_to = -1
    place = (-1, -1)
    slugs: set[str] = set()  # a topic may own a word in several languages: it counts once
    for hit in hits:
        if hit.start >= covered_to:
            covered_to = hit.end
            place = (hit.start, hit.found_to)
            slugs = set()
        if (hit.start, hit.found_to) == place and hit.owner.slug not in slugs:
            slugs.add(hit.owner.slug)
            yield hit

"""Many readers' queries against one article at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from bot.domain.subscription import Query
from bot.domain.topic import Match
from bot.topics.fold import fold, is_unspaced, squeeze
from bot.topics.matching import MAX_CHARS

__all__ = ["QueryMatcher"]

# Scores say where a query's best term stands; among queries nothing else is comparable.
_IN_TITLE = 1.0
_IN_LEAD = 0.8
_IN_TEXT = 0.6
_LEAD_CHARS = 300


class QueryMatcher:
    """Standing queries, filed under the one term each that is hardest to meet.

    A word matches whole words, an English plural or possessive included: "reactor" finds
    "reactors" and "reactor's", and "reactors" finds "reactor"; a phrase matches the same
    words in a row; Chinese, Japanese, Korean and Thai match anywhere, as they have no
    spaces to go by. Accents and case make no difference.
    """

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = dict(queries)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        by_stretch: dict[str, list[str]] = defaultdict(list)
        for key, query in self._queries.items():
            anchor = _anchor(query)
            if _is_unspaced(anchor):
                by_stretch[anchor].append(key)
            else:
                self._by_word[stem(anchor)].append(key)
        self._by_stretch = list(by_stretch.values())
        self._stretches = AhoCorasick(list(by_stretch)) if by_stretch else None

    def match(self, title: str, text: str, language: str = "") -> dict[str, Match]:
        """Return the queries that the article fulfils, by key, the best first.

        ``language`` is not needed: a query's words are looked for as they are.
        """
        page = _Page(title, text)
        found = {
            key: match
            for key in self._candidates(page)
            if (match := _match(self._queries[key], page)) is not None
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0])))

    def _candidates(self, page: "_Page") -> Iterator[str]:
        """Yield the queries whose anchor occurs, each once."""
        for word in self._by_word.keys() & page.stems:
            yield from self._by_word[word]
        if self._stretches is not None and not page.folded.isascii():
            hits = self._stretches.find_matches_as_indexes(page.folded, overlapping=True)
            for number in {hit[0] for hit in hits}:
                yield from self._by_stretch[number]


class _Page:
    """An article's words: stemmed as a set, and in a row with single spaces."""

    def __init__(self, title: str, text: str) -> None:
        head = squeeze(title[:MAX_CHARS])
        self.folded = fold(f" {head}  {squeeze(text[:MAX_CHARS])} ".casefold())
        self._body_at = len(head) + 3
        self.words = self.folded.split()
        self.stems = {stem(word) for word in set(self.words)}
        self._row = ""
        self._row_body_at = 0

    def place(self, term: str) -> float | None:
        """Return the score of where ``term`` first stands, or None if it does not occur."""
        if _is_unspaced(term):
            at = self.folded.find(term)
            return None if at < 0 else self._score(at, self._body_at)
        if any(stem(word) not in self.stems for word in term.split()):
            return None
        return self._place_in_row(term)

    def _place_in_row(self, term: str) -> float | None:
        """Look for ``term`` as stems in a row, where a phrase cannot run past a full stop."""
        if not self._row:
            head = _stemmed(self.folded[: self._body_at])
            self._row_body_at = len(head)
            self._row = head + _stemmed(self.folded[self._body_at :])
        at = self._row.find(_stemmed(term))
        return None if at < 0 else self._score(at, self._row_body_at)

    @staticmethod
    def _score(at: int, body_at: int) -> float:
        if at + 1 < body_at:
            return _IN_TITLE
        return _IN_LEAD if at - body_at < _LEAD_CHARS else _IN_TEXT


def stem(word: str) -> str:
    """Return an English ``word`` without its plural or possessive s; other words whole.

    "gas", "us" and "crisis" keep theirs: the word must have four letters, and not end in
    ss, us or is. Both sides are stemmed alike, so a wrong stem harms only if it meets a
    different word.
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def _match(query: Query, page: _Page) -> Match | None:
    wanted = query.terms + query.must
    places = []
    for term in wanted:
        place = page.place(term)
        if place is None:
            return None
        places.append(place)
    if any(page.place(term) is not None for term in query.never):
        return None
    return Match(max(places), wanted)


def _anchor(query: Query) -> str:
    """Return the word (or unspaced stretch) of ``query`` that fewest articles will hold."""
    return max(_words(query.terms + query.must), key=lambda word: (not word.isascii(), len(word)))


def _words(terms: Iterable[str]) -> Iterator[str]:
    for term in terms:
        if _is_unspaced(term):
            yield term
        else:
            yield from term.split()


def _is_unspaced(term: str) -> bool:
    return any(map(is_unspaced, term))


def _stemmed(folded: str) -> str:
    """Return the words of ``folded`` as stems between single spaces."""
    return f" {' '.join(map(stem, folded.split()))} "

"""Many readers' queries against one article at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from bot.domain.subscription import Query
from bot.domain.topic import Match
from bot.topics.article_words import IN_TEXT, ArticleWords, Term
from bot.topics.stems import Stems, stems_of

__all__ = ["QueryMatcher"]

# A word asked for by itself that stands below the lead only: too little to tell a story for.
_ALONE_IN_TEXT = 0.5
_PREFIX_CHARS = 3  # by which prefixes are filed; none is shorter


class QueryMatcher:
    """Standing queries, each filed under the one word that fewest articles will hold.

    A word matches whole words in any number or case that the article's language has for it
    (``stems_of``), and a name in its other spellings: "reactor" finds "reactors" and "reactor's".
    Several words match where they stand together; those that must occur, anywhere. A phrase
    matches the same words in a row, the last in both its English numbers. Chinese, Japanese,
    Korean and Thai match anywhere, as they have no spaces to go by. Accents make no difference,
    and case only to a quoted word in capitals.
    """

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._by_key: dict[str, list[_Standing]] = {}
        # By the stem of the rarest word, in each of the languages that articles were in so far.
        self._by_stem: dict[int, tuple[Stems, dict[str, list[_Standing]]]] = {}
        self._by_prefix: dict[str, list[_Standing]] = {}
        self._by_stretch: dict[str, list[_Standing]] = {}
        # The words of _by_stretch and what finds them, made when first asked for.
        self._stretches: tuple[list[str], AhoCorasick] | None = None
        for key, query in queries.items():
            self.add(key, query)

    def add(self, key: str, query: Query) -> None:
        """File a query under ``key``, in place of the one that was there.

        One that asks for nothing, or for punctuation, is dropped, since no article has it; the
        one that was there goes all the same.
        """
        self.discard(key)
        for side in (query, *query.others):
            if not (side.terms or side.must):
                continue
            standing = _Standing.of(key, side)
            if not all(term.text for term in (*standing.asked, standing.anchor)):
                continue
            self._by_key.setdefault(key, []).append(standing)
            for words, file in self._files_of(standing):
                for word in words:
                    file.setdefault(word, []).append(standing)

    def discard(self, key: str) -> None:
        """Take the query of ``key`` out, if there is one."""
        for standing in self._by_key.pop(key, ()):
            for words, file in self._files_of(standing):
                for word in words:
                    file[word].remove(standing)
                    if not file[word]:
                        del file[word]

    def match(self, title: str, text: str, language: str = "") -> dict[str, Match]:
        """Return the queries that the article fulfils, by key; the best first, equals by key.

        6,000 characters of title and text each are read. A score is 1, 0.8 or 0.6: the best
        term stands in the title, the lead (some 300 characters), or below, where the only word of
        a query has 0.5. Hits are all the query's terms. ``language`` (ISO 639-1, "" if unknown)
        says which endings words have. Cost
        grows with the text and with the queries that have their rarest word in it, not with all
        queries; after a change of one in a script without spaces, and at the first article in a
        language, with all of those, once.
        """
        if not self._by_key:
            return {}
        stems = stems_of(language)
        page = ArticleWords(title, text, stems)
        best: dict[str, tuple[float, _Standing]] = {}
        for standing, place in self._candidates(page, stems):
            score = standing.score(page, place)
            if score and (standing.key not in best or score > best[standing.key][0]):
                best[standing.key] = score, standing
        ranked = sorted([(-score, key) for key, (score, _) in best.items()])
        return {key: Match(-score, best[key][1].hits) for score, key in ranked}

    def _candidates(self, page: ArticleWords, stems: Stems) -> list[tuple["_Standing", float]]:
        """Return the queries whose anchor occurs, some more than once, and its word's score."""
        file, places = self._file_of(stems), page.places
        found = [
            (standing, places[word])
            for word in file.keys() & places.keys()
            for standing in file[word]
        ]
        if self._by_prefix:
            for beginning in {word[:_PREFIX_CHARS] for word in page.places}:
                found += [(standing, 0.0) for standing in self._by_prefix.get(beginning, ())]
        if self._by_stretch and not page.folded.isascii():
            if self._stretches is None:
                words = list(self._by_stretch)
                self._stretches = words, AhoCorasick(words)
            words, automaton = self._stretches
            hits = automaton.find_matches_as_indexes(page.folded, overlapping=True)
            for number in {hit[0] for hit in hits}:
                found += [(standing, 0.0) for standing in self._by_stretch[words[number]]]
        return found

    def _file_of(self, stems: Stems) -> dict[str, list["_Standing"]]:
        """Return all queries by the stem of their anchor, filed when first asked for."""
        found = self._by_stem.get(id(stems))
        if found is not None:
            return found[1]
        file: dict[str, list[_Standing]] = {}
        for standings in self._by_key.values():
            for standing in standings:
                for word in standing.filed_as:
                    file.setdefault(stems[word], []).append(standing)
        self._by_stem[id(stems)] = stems, file
        return file

    def _files_of(
        self, standing: "_Standing"
    ) -> Iterator[tuple[set[str], dict[str, list["_Standing"]]]]:
        """Yield the files that a query belongs in, each with its words there."""
        anchor = standing.anchor
        if anchor.is_unspaced:
            self._stretches = None
            yield {max(anchor.text.split(), key=len)}, self._by_stretch
        elif anchor.is_prefix:
            yield {anchor.text[:_PREFIX_CHARS]}, self._by_prefix
        else:
            for stems, file in self._by_stem.values():
                yield {stems[word] for word in standing.filed_as}, file


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """A query made ready to be asked many times.

    ``anchor`` is its rarest term, and ``filed_as`` are words one of which is in every article that
    has it, if they are words of an alphabet. ``asked`` are the terms to ask for where one of these
    occurs: the others, the rarest first, as that fails soonest, and the anchor too if it is more
    than a word. ``together`` are those that must stand together, if they are several.
    """

    key: str
    hits: tuple[str, ...]
    anchor: Term
    filed_as: tuple[str, ...]
    asked: tuple[Term, ...]
    together: tuple[Term, ...]
    never: tuple[Term, ...]

    @classmethod
    def of(cls, key: str, query: Query) -> "_Standing":
        """Return ``query`` made ready."""
        hits = query.terms + query.must
        terms = {text: Term.of(text) for text in hits}
        ranked = tuple(sorted(terms.values(), key=Term.rarity, reverse=True))
        words = tuple(terms[text] for text in query.terms if terms[text].is_word)
        never = tuple(map(Term.of, query.never))
        anchor = ranked[0]
        asked = ranked[1:] if anchor.is_word and not anchor.is_prefix else ranked
        filed_as: tuple[str, ...] = ()
        if anchor.text and not (anchor.is_unspaced or anchor.is_prefix):
            # The longest word of a phrase occurs wherever the phrase does, the last in some form.
            *before, _ = anchor.text.split()
            longest = max(before, key=len, default="")
            last_forms = [form.rpartition(" ")[2] for form in anchor.forms or (anchor.text,)]
            filed_as = (longest,) if len(longest) > len(last_forms[0]) else tuple(last_forms)
            if anchor.spelled and not before:
                filed_as += (anchor.text[0],)  # "U.S." is two words of one letter
            if anchor.other:
                filed_as += (anchor.other.text,)
        return cls(key, hits, anchor, filed_as, asked, words if len(words) > 1 else (), never)

    def score(self, page: ArticleWords, place: float) -> float:
        """Return the score of the best place of any term, 0 if the query is not fulfilled.

        ``place`` is the score of the anchor's word, which occurs.
        """
        anchor = self.anchor
        is_alone = len(self.hits) == 1 and (anchor.is_word or anchor.is_unspaced)
        if is_alone and not (self.asked or self.never):  # the common case
            return _ALONE_IN_TEXT if place == IN_TEXT else place
        best = place if anchor.is_word else 0.0
        for term in self.asked:
            found = page.place(term)
            if not found:
                return 0.0
            best = max(best, found)
        if self.together:
            found = page.together(self.together)
            if not found:
                return 0.0
            if len(self.together) == len(self.hits):
                best = found
        for term in self.never:
            if page.place(term):
                return 0.0
        return _ALONE_IN_TEXT if is_alone and best == IN_TEXT else best

"""Which sentence of a document opens its story: the earliest that is the news.

The first sentence of an article is the best opening of three in four. It is passed over only
where something speaks against it: it leans, sets a scene, speaks of long ago or to the reader,
says the title again or has nothing of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from summarizers.fitness import fitness_of, opens_likely, signs_of
from summarizers.lean import with_roots
from summarizers.leaning import leaning_of
from summarizers.news_signs import news_signs, roots_of
from summarizers.noun_phrases import Surnames
from summarizers.opening_words import (
    QUOTED,
    is_capital,
    opening_tokens,
    opening_words,
    word_list,
)
from summarizers.page_signs import Page
from summarizers.story import CandidateSentence, Story
from summarizers.terms import find_words

__all__ = ["find_openers"]

# The candidates of a document that are looked at; what comes later is hardly the news.
_LOOKED_AT = 6
# From this place on nothing opens if a fit sentence stands before.
_LATE = 3
# Of these signs of news a sentence that is not the first must show so many.
_SIGNS = 2
# A sentence with so large a share of its terms in the title says the title again.
_SAME_SHARE = 0.75
# Its first sentence has nothing of the title, but one of the next has so many of its terms.
_MUCH = 2
# Behind all ranks of openings that tell news.
_NO_NEWS = 100
# "Ada Lund is free." is short enough to be the news whatever the title says.
_SHORT_WORDS = range(3, 7)
# A year of long ago. Round hundreds are mostly counts.
_OLD_YEAR = re.compile(r"1(?<![\d.,]1)[5-9](?!00)\d\d(?![\d%]|[.,]\d)")  # its 1 is sooner found
_DIGIT = re.compile("[0-9]")
# Words of one root begin with so many letters: "closes" and "closed".
_ROOT_CHARS = 4
# Stands for "*" in the phrases of long ago: "vor * Jahren".
_ANY_WORD = r"[\w\u0900-\u0dff]+"
# A day of the month, where it is written with its own sign.
_DAY = re.compile(r"(?<!\d)\d{1,2}\s?[日号號일]")


def find_openers(story: Story, lead: int | None = None) -> tuple[tuple[int, ...], bool]:
    """Return the candidates that may open the story, and whether they tell news.

    They are the best of each document, at most. Each can stand alone under its document's title.
    Only documents whose opening is as good as any other's are taken; that of the document ``lead``
    alone if it has one. Empty where no sentence can open. Without news they are better than
    nothing, but not than the title alone. Looks at a few sentences of each document.
    """
    rules = _rules_of(story.language)
    first: dict[int, list[int]] = {}
    for index, candidate in enumerate(story.candidates):
        own = first.setdefault(candidate.document, [])
        if len(own) < _LOOKED_AT:
            own.append(index)
    found: dict[int, tuple[int, int]] = {}
    for document, indexes in first.items():
        title = frozenset(story.titles[document])
        shown = with_roots(title) | story.shown
        fit = [
            index
            for index in indexes
            if _stands(story.candidates[index], shown)
            or _is_news(story.candidates[index], title)
            or rules.leads(story.candidates[index], title)
            or rules.stands_now(story.candidates[index], title, shown)
        ]
        early = [index for index in indexes if story.candidates[index].place < _LATE]
        if fit and early and fit[0] > early[-1]:
            # "The singer" that the title does not name is a better opening than what comes later.
            fit = [index for index in early if _points_to_none(story.candidates[index])] or fit
        if fit:
            page = None if lead is None else story.pages[document]
            found[document] = rules.best_news(story.candidates, indexes[0], fit, title, page)
    if lead in found:
        return (found[lead][1],), found[lead][0] < _NO_NEWS
    best = min((rank for rank, _ in found.values()), default=_NO_NEWS)
    return tuple(index for rank, index in found.values() if rank == best), best < _NO_NEWS


def _stands(candidate: CandidateSentence, shown: frozenset[str]) -> bool:
    """Return whether a candidate can stand alone below what is ``shown``."""
    if not _points_to_none(candidate):
        return False
    return not candidate.needs or not candidate.needs.isdisjoint(shown)


def _is_news(candidate: CandidateSentence, title: frozenset[str]) -> bool:
    """Return whether a first sentence says so much of the title that it opens with any noun."""
    if candidate.place or not _points_to_none(candidate):
        return False
    return len(_roots(title) & _roots(candidate.terms)) >= _MUCH


def _roots(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term[:_ROOT_CHARS] for term in terms)


def _points_to_none(candidate: CandidateSentence) -> bool:
    """Return whether a candidate points to no sentence before, whatever noun it may need."""
    return not candidate.is_stranded and candidate.before is None


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is seen of one candidate for the opening; ``place`` counts candidates."""

    index: int
    place: int
    shared: int
    signs: int
    is_scene: bool
    is_title: bool
    roots: frozenset[str]


@lru_cache(maxsize=64)
def _rules_of(language: str) -> "_OpeningRules":
    return _OpeningRules(language)


class _OpeningRules:
    """The signs of news, and of what is none, in one language."""

    def __init__(self, language: str) -> None:
        words = partial(word_list, language)
        self._signs = news_signs(language)
        self._is_unspaced = self._signs.is_unspaced
        self._has_roots = language != "en" and not self._is_unspaced
        self._days = words("dates") - words("spans", "ago")
        before = "" if self._is_unspaced else r"(?<!\w)"
        # Korean particles are written on to their word.
        after = "" if self._is_unspaced or language == "ko" else r"(?!\w)"
        listed = sorted(words("ago"), key=len, reverse=True)
        ago = "|".join(re.escape(phrase).replace(r"\*", _ANY_WORD) for phrase in listed)
        self._ago = re.compile(f"{before}(?:{ago}){after}") if ago else _OLD_YEAR
        # Without one of these a text has none of the phrases; ten times as fast as the expression.
        self._ago_parts = tuple({max(phrase.split("*"), key=len) for phrase in listed})
        self._now = words("now")
        self._language = language

    def best_news(
        self,
        candidates: Sequence[CandidateSentence],
        first: int,
        fit: Sequence[int],
        title: frozenset[str],
        page: Page | None,
    ) -> tuple[int, int]:
        """Return what ``best`` does where it tells news, else the earliest of ``fit`` that does.

        Without one, what ``best`` does, as good as no news. Asks how likely it is fit if there is a
        ``page``.
        """
        rank, opening = self.best(candidates, first, fit, title)
        if self._tells_news(candidates[opening], title, page):
            return rank, opening
        others = (at for at in fit if at != opening)
        news = (at for at in others if self._tells_news(candidates[at], title, page))
        other = next(news, None)
        return (_NO_NEWS + rank, opening) if other is None else (rank, other)

    def _tells_news(
        self, candidate: CandidateSentence, title: frozenset[str], page: Page | None
    ) -> bool:
        """Return whether a sentence is worth to open with, as far as the ``title`` tells.

        Readers found no weak one fit but a first one with a term of the title ("All nine miners
        are alive."), and few of those from place 3 on.
        """
        if not title:
            return True
        roots = roots_of(self._language, title)
        if page is not None:
            is_brief = candidate.words in _SHORT_WORDS
            if not is_brief and self._signs.says_again(candidate.text, candidate.terms, roots):
                return False
            signs = signs_of(candidate, page, language=self._language, title=roots)
            fitness, is_late = fitness_of(signs, opens=True), candidate.place >= _LATE
            if not opens_likely(fitness, page, is_brief=is_brief, is_late=is_late):
                return False
        own = roots_of(self._language, candidate.terms)
        may_be_weak = candidate.place == 0 and not roots.isdisjoint(own)
        if not may_be_weak and self._signs.is_weak(candidate.text, candidate.terms, roots):
            return False
        if candidate.place < _LATE:
            return True
        seen = self._look(0, candidate.place, candidate, title)
        return seen.shared > _MUCH or (seen.shared > 0 and seen.signs >= _SIGNS)

    def best(
        self,
        candidates: Sequence[CandidateSentence],
        first: int,
        fit: Sequence[int],
        title: frozenset[str],
    ) -> tuple[int, int]:
        """Return how good the best opening among ``fit`` is, 0 being best, and the opening.

        ``first`` is the first candidate of its document.
        """
        if fit[0] == first:
            lead = self._look(first, 0, candidates[first], title)
            if not lead.is_scene and not lead.is_title:
                opening = self._plain(lead, candidates, fit[1:], title)
                if opening is not None:
                    return 0, opening
        looked = [self._look(index, index - first, candidates[index], title) for index in fit]
        early = [seen for seen in looked if seen.place < _LATE] or looked
        most = max(seen.shared for seen in early)
        if early[0].place == 0 and not self._has_sign(candidates[first].text):
            # Nothing says that it is news, and all says so of one of the next.
            most = max(most, *(_MUCH for seen in early if seen.shared and seen.signs > _SIGNS), 0)
        plain = [seen for seen in early if not seen.is_scene]
        related = [
            seen for seen in plain if seen.shared or most < (_MUCH if seen.place == 0 else 1)
        ]
        news = [seen for seen in related if seen.place == 0 or seen.signs >= _SIGNS]
        choices = [
            [seen for seen in news if not seen.is_title],
            news,
            related,
            plain,
            [seen for seen in looked if not seen.is_scene],
            looked,
        ]
        rank = next(at for at, choice in enumerate(choices) if choice)
        return rank, choices[rank][0].index

    def leads(self, candidate: CandidateSentence, title: frozenset[str]) -> bool:
        """Return whether a first sentence that seems to lean leads its article all the same.

        Nothing stands before it: "With his sketches Jonas Reil made history" points ahead. It has
        much of the title and another sign of news, speaks of no I, we or you, and does not begin
        with a pronoun or the like.
        """
        if candidate.place or not candidate.is_stranded:
            return False
        seen = self._look(0, 1, candidate, title)
        if seen.shared < _MUCH or seen.signs < _SIGNS or seen.is_scene or seen.is_title:
            return False
        words = opening_words(self._language)
        tokens = opening_tokens(candidate.text)
        if self._is_unspaced or not tokens or words.pointing.match(tokens[:1], 0):
            return False
        # "In that case", but "With his sketches Jonas Reil".
        is_back = words.fronting.match(tokens, 0) and words.pointing.match(tokens, 1)
        if is_back and tokens[1].lower() not in words.cataphors:
            return False
        unquoted = QUOTED.sub(" ", candidate.text)
        return words.persons.isdisjoint(find_words(unquoted))

    def stands_now(
        self, candidate: CandidateSentence, title: frozenset[str], shown: frozenset[str]
    ) -> bool:
        """Return whether a candidate leans on nothing but its first word, "now".

        What is new is told with it: "Now Ada Lund has broken her wrist, her club said." It has
        a term of the title and two other signs of news.
        """
        if not self._now or (candidate.before is None and not candidate.is_stranded):
            return False
        first, _, rest = candidate.text.partition(" ")
        if first.lower().rstrip(",") not in self._now:
            return False
        seen = self._look(0, 1, candidate, title)
        if not seen.shared or seen.signs <= _SIGNS:
            return False
        names = Surnames(candidate.text, self._language)
        lean = leaning_of(self._language).of(rest, find_words(rest), names)
        return not lean.points and (not lean.needs or not lean.needs.isdisjoint(shown))

    def _plain(
        self,
        lead: _Looked,
        candidates: Sequence[CandidateSentence],
        later: Sequence[int],
        title: frozenset[str],
    ) -> int | None:
        """Return the opening where the first sentence is no scene; None if more signs decide.

        "The mill was built in 1911." is passed over where the news follows. "Ada Lund is free."
        needs nothing of the title where the next sentence has it.
        """
        first, text = lead.index, candidates[lead.index].text
        if self._is_old(text) and not (
            lead.shared >= _MUCH and _has_digit(_OLD_YEAR.sub("", text))
        ):
            for index in later:
                if index - first >= _LATE:
                    break
                seen = self._look(index, index - first, candidates[index], title)
                if self._tells_more(seen, lead, candidates[index].text, title):
                    return index
        if lead.shared < _MUCH and title and not self._has_sign(text) and not _names_somebody(text):
            for index in later:
                if index - first >= _LATE:
                    break
                seen = self._look(index, index - first, candidates[index], title)
                is_news = seen.shared >= lead.shared + _MUCH and seen.signs > _SIGNS
                if is_news and not seen.is_scene and not seen.is_title:
                    return index
        if lead.shared or not title:
            return first
        following = candidates[first + 1 : first + 2]
        if not following or following[0].document != candidates[first].document:
            return None
        seen = self._look(first + 1, 1, following[0], title)
        goes_on = seen.signs >= _SIGNS and seen.shared > 0
        return first if goes_on and _names_somebody(candidates[first].text) else None

    def _is_old(self, text: str) -> bool:
        """Return whether a sentence speaks of long ago, and of no day."""
        lower = text.lower()
        is_ago = _OLD_YEAR.search(text) is not None or (
            any(map(lower.__contains__, self._ago_parts)) and self._ago.search(lower) is not None
        )
        return is_ago and not self._has_day(lower)

    def _has_day(self, lower: str) -> bool:
        if _DAY.search(lower):
            return True
        if self._is_unspaced:
            return any(day in lower for day in self._days)
        return not self._days.isdisjoint(find_words(lower))

    def _tells_more(self, seen: _Looked, lead: _Looked, text: str, title: frozenset[str]) -> bool:
        """Return whether a later sentence is the news where the ``lead`` speaks of long ago.

        It has a term of the title that the lead lacks and another sign of news; or, where the
        title has more than the lead, one of its terms and two other signs.
        """
        if seen.is_scene or seen.is_title or seen.signs < _SIGNS:
            return False
        in_title = roots_of(self._language, title)
        lacking = in_title - lead.roots
        is_news = not lacking.isdisjoint(seen.roots) or (seen.shared and seen.signs > _SIGNS)
        return bool(lacking and is_news) and not self._is_old(text)

    def _has_sign(self, text: str) -> bool:
        return _has_digit(text) or self._signs.count(text) > 0

    def _look(
        self, index: int, place: int, candidate: CandidateSentence, title: frozenset[str]
    ) -> _Looked:
        text = candidate.text
        terms = frozenset(candidate.terms)
        if self._is_unspaced:  # what a figure is written together with is no term
            in_title = frozenset(filter(text.__contains__, title))
            roots = in_title
        else:
            in_title = terms & title
            roots = roots_of(self._language, terms)
        shared = len(in_title)
        if self._has_roots:
            shared = max(shared, len(roots & roots_of(self._language, title)))
        has_figure = _has_digit(text)
        # The first needs no signs.
        signs = self._signs.count(text) if place or self._is_unspaced else 0
        return _Looked(
            index=index,
            place=place,
            shared=shared,
            signs=signs + has_figure + (shared > 0),
            is_scene=self._signs.is_scene(text),
            is_title=len(in_title) >= _SAME_SHARE * max(len(terms), 1) and not has_figure,
            roots=roots,
        )


def _has_digit(text: str) -> bool:
    """Return whether there is a digit of any script; most texts are told by one search."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(map(str.isdigit, text)))


def _names_somebody(text: str) -> bool:
    """Return whether a short sentence begins with a name of two words."""
    words = find_words(text)
    return len(words) in _SHORT_WORDS and is_capital(words[0]) and is_capital(words[1])

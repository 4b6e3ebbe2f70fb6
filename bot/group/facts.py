"""What an article names: the facts by which its event is told apart from others of its kind."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, filterfalse, pairwise

from bot.domain.article import Article
from bot.domain.article_kind import KINDS, REPORTS
from bot.group.common_words import common_words
from bot.group.terms import SYLLABIC, content_terms
from bot.topics import load_topics
from bot.topics.fold import is_unspaced

__all__ = ["NO_FACTS", "FactFinder", "Facts", "names_country"]

# Words, and the marks after which a capital is no sign of a name.
_PIECE = re.compile(r"\w(?:[\w.-]*\w)?|[.!?:\"“”«»„\n]")
# A headline with so many of its words of four letters or more in capitals Capitalises Its
# Words: its capitals mark nothing. With fewer such words it cannot be known.
_TITLED_SHARE = 0.75
_LONG_WORD_CHARS = 4
_MIN_LONG_WORDS = 3
# Languages in which all nouns are capital, so that a capital is no sign of a name.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
# Bounds the memory of what was learned: some 20 MB. Words met once are dropped then.
_MAX_LEARNED = 200_000
# Where the names of a lead are looked for, and its countries; the rest is background.
_NAMES_CHARS = 400
_COUNTRY_CHARS = 200
# A country in so few articles, or in a hundredth of them, says what an article is about.
_FEW_ARTICLES = 2
_RARE_SHARE = 0.01
# A name of so few articles says which event is meant.
_FEW_NAMED = 3
_NUMBER = re.compile(r"\d[\d.,]*")
_MIN_DIGITS = 3
_HIRAGANA = re.compile("[\u3041-\u309f]")
_YEARS = range(1900, 2100)
# Reports that an outlet has each day, whatever happens.
_AT_FIXED_TIMES = frozenset({"weather", "live"})
# Where more of an article's terms are unknown to the list of its language, it is of another
# script or dialect: of traditional Chinese 78%, of simplified 71% at most.
_MAX_UNCOMMON = 0.75
# By so many characters of a headline its script is known.
_SCRIPT_CHARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an article names, by terms as ``terms`` makes them; ``words`` are all its terms.

    ``title`` are the terms of the headline in their order. ``names`` are those of the headline
    or, where it has none, of the lead. ``countries`` are slugs of the catalogue, likewise;
    ``all_countries`` those of both. ``has_names`` says whether the headline names anything,
    ``has_lead`` whether there is more than a headline.

    ``known`` are the names of headline and lead; ``rare`` those of them that few articles have
    named so far, but for words for a country; ``joined`` are pairs of names side by
    side, which are one name; ``numbers`` are those that no other event is likely to have, as
    written; none of these where no name is rare. ``uncommon`` are the terms, names or not, that
    are no common words of the language, where we have a list of those.

    ``is_report`` says that it tells facts in its own name, at a time of the outlet's choosing.
    ``is_unspaced`` says that its headline has no capitals and no spaces. ``rare_countries`` are
    found in few other articles so far.
    """

    title: tuple[str, ...] = ()
    words: Mapping[str, float] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    has_names: bool = False
    has_lead: bool = False
    countries: frozenset[str] = frozenset()
    all_countries: frozenset[str] = frozenset()
    is_unspaced: bool = False
    rare_countries: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    rare: frozenset[str] = frozenset()
    joined: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[str] = frozenset()
    uncommon: frozenset[str] = frozenset()
    outlet: str = ""
    is_report: bool = True


# Of an article that says nothing, or of no one event.
NO_FACTS = Facts()


class FactFinder:
    """Finds what articles of one language name, and learns from each which words are names.

    A word is a name if it was met oftener with a capital inside a sentence than without one.
    What was learned from an article stays when the article is forgotten. Can be pickled; not
    safe to use from two threads at once.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        # In how many headlines and leads a word had a capital inside a sentence, or none.
        self._capital: Counter[str] = Counter()
        self._small: Counter[str] = Counter()
        self._countries: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._articles = 0

    def find(self, article: Article, counted: Mapping[str, float]) -> Facts:
        """Return what an article of this language names, and learn from it.

        ``counted`` are its ``terms``. Linear in the title and in 400 characters of the text; never
        raises.
        """
        language = self._language
        title = tuple(content_terms(article.title, language))
        titles, leads = _Cases(article.title), _Cases(article.text[:_NAMES_CHARS])
        is_titled = _is_titled(article.title)
        self._learn(leads)
        if not is_titled:
            self._learn(titles)
        in_title, in_lead = set[str](), set[str]()
        has_capitals = bool(titles.inside or titles.opening)  # else numbers, or a script without
        if has_capitals and language not in _CAPITAL_NOUNS:
            # Capital where no sentence opens, or twice.
            sure = leads.inside | (titles.opening & leads.opening)
            small = leads.small
            if not is_titled:
                sure |= titles.inside
                small = small | titles.small
            in_title = self._names(titles, sure, small)
            in_lead = self._names(leads, sure, small)
        of_headline = self._terms(in_title)
        words, pairs = in_title | in_lead, titles.side_by_side | leads.side_by_side
        known = self._terms(words)
        rare = self._rare_names(known, words)
        lead = article.text[:_COUNTRY_CHARS]
        of_title, of_lead = load_topics().countries(article.title, lead, language)
        return Facts(
            title=title,
            words=counted,
            names=of_headline or self._terms(in_lead),
            has_names=bool(of_headline),
            has_lead=len(article.text) > len(article.title),
            countries=of_title or of_lead,
            all_countries=of_title | of_lead,
            is_unspaced=not has_capitals and any(map(is_unspaced, article.title[:_SCRIPT_CHARS])),
            rare_countries=self._rare(of_title | of_lead),
            known=known,
            rare=rare,
            joined=self._joined(rare, words, pairs),
            numbers=_numbers(f"{article.title} {article.text[:_NAMES_CHARS]}") if rare else rare,
            uncommon=_uncommon(counted, language),
            outlet=article.outlet_key,
            is_report=article.kind not in KINDS or article.kind in REPORTS - _AT_FIXED_TIMES,
        )

    def _names(self, cases: "_Cases", sure: Set[str], small: Set[str]) -> set[str]:
        """Return the names among the capital words of a text."""
        found = set()
        for word in cases.inside | cases.opening:
            if word not in small:
                balance = self._capital.get(word, 0) - self._small.get(word, 0)
                if balance > 0 or (word in sure and not balance):
                    found.add(word)
        return found

    def _learn(self, cases: "_Cases") -> None:
        for learned, words in ((self._capital, cases.inside), (self._small, cases.small)):
            learned.update(words)
            if len(learned) > _MAX_LEARNED:
                for word in [word for word, count in learned.items() if count == 1]:
                    del learned[word]

    def _rare(self, countries: frozenset[str]) -> frozenset[str]:
        self._articles += 1
        self._countries.update(countries)
        most = max(_FEW_ARTICLES, self._articles * _RARE_SHARE)
        return frozenset(slug for slug in countries if self._countries[slug] <= most)

    def _rare_names(self, known: frozenset[str], words: Set[str]) -> frozenset[str]:
        """Return the names, of these words, that few articles have and that are no country's."""
        named, language = self._named, self._language
        named.update(known)
        if len(named) > _MAX_LEARNED:
            self._named = Counter({name: n for name, n in named.items() if n > 1})
        rare = frozenset(name for name in known if named[name] <= _FEW_NAMED)
        if not rare or language in SYLLABIC:  # one syllable of a name is in many names
            return frozenset()
        of_countries = {
            word
            for word in words
            if not rare.isdisjoint(_terms_of(word, language)) and names_country(word, language)
        }
        return rare - self._terms(of_countries)

    def _joined(
        self, rare: frozenset[str], words: Set[str], pairs: Set[tuple[str, str]]
    ) -> frozenset[tuple[str, str]]:
        """Return the pairs of rare names that stand side by side, and so are one name."""
        if len(rare) < 2:
            return frozenset()
        language = self._language
        joined = {pair for word in words for pair in pairwise(_terms_of(word, language))}
        for one, other in pairs:
            ends = _terms_of(one, language)[-1:], _terms_of(other, language)[:1]
            joined.update(zip(*ends, strict=False))
        return frozenset(pair for pair in joined if rare.issuperset(pair))

    def _terms(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(chain.from_iterable(_terms_of(word, self._language) for word in words))


@lru_cache(maxsize=20_000)
def _terms_of(word: str, language: str) -> tuple[str, ...]:
    """Return the terms of a name, which comes up again and again."""
    return tuple(content_terms(word, language))


def _numbers(text: str) -> frozenset[str]:
    """Return the numbers, as written, of three digits or with a fraction; but no years."""
    found = {number.rstrip(".,") for number in _NUMBER.findall(text)}
    return frozenset(
        number
        for number in found
        if len(number) >= _MIN_DIGITS and not (number.isdecimal() and int(number[:9]) in _YEARS)
    )


def _uncommon(counted: Mapping[str, float], language: str) -> frozenset[str]:
    """Return the terms that are no common words; none where that cannot be known.

    No numbers, and no pairs with hiragana, which are particles and endings.
    """
    common = common_words(language)
    if not common:
        return frozenset()
    found = frozenset(term for term in counted if term not in common and term.isalpha())
    if len(found) > _MAX_UNCOMMON * len(counted):
        return frozenset()
    return frozenset(filterfalse(_HIRAGANA.search, found)) if language == "ja" else found


@lru_cache(maxsize=20_000)
def names_country(name: str, language: str) -> bool:
    """Return whether a name is a word for a country, which is in the news for many things."""
    return bool(load_topics().countries(name.title(), "", language)[0])


class _Cases:
    """The words of a text, in small letters: capital in a sentence, at its opening, or small.

    ``side_by_side`` are pairs of capital words.
    """

    __slots__ = ("inside", "opening", "side_by_side", "small")

    def __init__(self, text: str) -> None:
        self.inside: set[str] = set()
        self.opening: set[str] = set()
        self.small: set[str] = set()
        self.side_by_side: set[tuple[str, str]] = set()
        inside, opening, small = self.inside, self.opening, self.small
        before, opens = "", True
        for piece in _PIECE.findall(text):
            first = piece[0]
            if first.islower():
                small.add(piece)
                before = ""
            elif first.isupper():
                word = piece.lower()
                (opening if opens else inside).add(word)
                if before:
                    self.side_by_side.add((before, word))
                before = word
            elif first.isalpha():
                small.add(piece)
            elif not first.isdigit():
                before = ""
                opens = True
                continue
            opens = False


def _is_titled(title: str) -> bool:
    """Return whether a headline Capitalises Its Words."""
    words = [word for word in title.split() if len(word) >= _LONG_WORD_CHARS and word[0].isalpha()]
    capital = sum(word[0].isupper() for word in words)
    return len(words) >= _MIN_LONG_WORDS and capital >= _TITLED_SHARE * len(words)

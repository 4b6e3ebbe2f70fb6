"""The words that sentences open with, by language (data/openings.json), and finding them."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from summarizers.datafiles import load

__all__ = [
    "COMMAS",
    "PUNCTUATION",
    "QUOTED",
    "QUOTES",
    "OpeningPhrases",
    "OpeningWords",
    "ReportingWords",
    "Tokens",
    "is_capital",
    "opening_text",
    "opening_tokens",
    "opening_words",
    "reporting_words",
    "word_list",
]

# What opens a sentence stands in its first characters; a fronted clause is rarely longer.
_READ_CHARS = 140
_TOKEN = re.compile(r"[\w\u0900-\u0dff]+(?:-[\w\u0900-\u0dff]+)*|[,;:،、，—–()]")
# The same where nothing but ASCII stands, in half the time.
_ASCII_TOKEN = re.compile(r"\w+(?:-\w+)*|[,;:()]", re.ASCII)
# So much is read where no adverbial stands in front.
_SHORT_CHARS = 80
QUOTES = '"“”„«»‟「『」』＂'
QUOTED = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]")
_OPENERS = " \t….'‘’¿¡(（[\u00a0\u202f" + QUOTES
PUNCTUATION = frozenset(",;:،、，—–()")
_DIVIDING = "".join(PUNCTUATION)
# Nouns are found in any case, number and gender.
_INFLECTED = frozenset(("cs", "fi", "hu", "lt", "lv", "pl", "ru", "sk", "uk"))
# Adjectives stand before their noun: "the new law".
_ADJECTIVES_LEAD = frozenset(("de", "en", "hu", "nl"))
_STEM_CHARS = 5
_CASE_ENDINGS = "aeiouyäöąęėįųūāēīěéáíýůúаеёиоуыэюяіїйьъ"
COMMAS = frozenset(",،、，")

Tokens = Sequence[str]


@lru_cache(maxsize=64)
def opening_words(language: str) -> "OpeningWords":
    """Return the words of a normal language code; those of 64 languages are cached.

    The first call in a process reads a data file.
    """
    return OpeningWords(language)


def word_list(language: str, *keys: str) -> frozenset[str]:
    """Return the words of some of a language's lists together, by their names in the data file.

    Empty where there are none. The first call in a process reads the file.
    """
    data: dict[str, str] = load("openings").get(language, {})
    return frozenset(word for key in keys for word in data.get(key, "").split("|")) - {""}


@dataclass(frozen=True, slots=True)
class ReportingWords:
    """How a language reports: who said so, "according to", and its days; in lower case.

    Empty where there is no data, so that it is not ``is_known``. ``is_unspaced``: its words have
    no spaces between them.
    """

    verbs_of_saying: frozenset[str]
    according: "OpeningPhrases"
    dates: frozenset[str]
    is_unspaced: bool
    is_known: bool


@lru_cache(maxsize=64)
def reporting_words(language: str) -> ReportingWords:
    """Return those of a normal language code, a twentieth of its OpeningWords.

    Those of 64 languages are cached. The first call in a process reads a data file.
    """
    data: dict[str, str] = load("openings").get(language, {})
    words = partial(word_list, language)
    return ReportingWords(
        verbs_of_saying=words("speaking") or words("reporting"),
        according=OpeningPhrases(words("according")),
        dates=words("dates"),
        is_unspaced="prefix_match" in data,
        is_known=bool(data),
    )


class OpeningWords:
    """The lists of one language, in lower case; empty where there is no data. Not to be changed.

    Their names are those of the data file, which says in the house's decision 0099 what each
    is for. ``past`` is how verbs of the past end, "" where that tells nothing.
    """

    def __init__(self, language: str) -> None:
        data: dict[str, str] = load("openings").get(language, {})
        words, reporting = partial(word_list, language), reporting_words(language)
        self.is_known, self.is_unspaced = reporting.is_known, reporting.is_unspaced
        self.starts = tuple(words("pointing"))
        self.standing_starts = tuple(words("standing"))
        self.subject_starts = tuple(words("subjects"))
        self.pointing = OpeningPhrases(words("pointing"))
        self.standing = OpeningPhrases(words("standing"))
        self.fronting = OpeningPhrases(words("fronting"))
        self.elided = OpeningPhrases(words("elided"))
        self.also = OpeningPhrases(words("also"))
        self.also_words = words("also")
        self.inside = words("inside")
        such = data.get("such")
        # Without one of these a text has none; ten times as fast as the expression.
        self._such_parts = tuple(words("such_parts"))
        self._such = re.compile(rf"(?<!\w)(?:{such})(?!\w)", re.IGNORECASE) if such else None
        self.after = words("after")
        self.standing_after = OpeningPhrases(words("standing_after") | words("standing"))
        self.cataphors, self.subjects = words("cataphors"), words("subjects")
        self.speaker = re.compile(data["speaker"]) if "speaker" in data else None
        self.goes_on = words("goes_on")
        self.articles, self.unique = words("articles"), OpeningPhrases(words("unique"))
        self.suffixes = tuple(words("suffixes"))
        self.prefixes = tuple(words("prefixes"))
        self.minimal = int(data.get("minimal", "0"))
        self.joins, self.verbs = words("joins"), words("verbs") | words("reporting")
        self.verbs_of_saying, self.according = reporting.verbs_of_saying, reporting.according
        self.counts, self.titles = words("counts"), words("titles")
        self.honorifics = words("honorifics")
        self.dates, self.offices = reporting.dates, words("bodies")
        self.reporting = words("reporting") if "pro_drop" in data else frozenset()
        self.impersonal = words("impersonal")
        self.topics = words("topics")
        self.nouns = OpeningPhrases(words("nouns"))
        self._read_nouns(language, words)
        self.possessed = tuple(words("possessed"))
        self.verb_endings = tuple(words("verb_endings"))
        persons = words("firsts") | words("seconds")
        self.persons = persons | {word.capitalize() for word in persons}
        self.negation, self.contrast = words("negation"), words("contrast")
        self.fronts = frozenset(self.fronting.first_words) | self.dates | self.articles
        # A first word of another kind opens none of the phrases.
        self.openers = self.titles.union(
            self.counts,
            self.dates,
            self.articles,
            self.standing.first_words,
            self.pointing.first_words,
            self.according.first_words,
            self.fronting.first_words,
        )
        # Most pronouns and connectives: whatever follows, they point.
        self.pointing_alone = frozenset(self.pointing.single_words).difference(
            self.standing.first_words, self.titles, self.articles
        )
        # Nouns are capitalized in German: two running make a name.
        self.nouns_are_capitals = language == "de"
        self.past = "ed" if language == "en" else ""
        self.adjectives_lead = language in _ADJECTIVES_LEAD
        self.named_with_articles = language == "el"
        # "Förbudet" is of one root with "förbjuder", but "the action" not with "active".
        self.has_roots = language != "en"

    def _read_nouns(self, language: str, words: Callable[[str], frozenset[str]]) -> None:
        self.noun_words = words("nouns")
        self.is_bare = not words("articles") and not words("suffixes") and not self.prefixes
        self.noun_stems = _stems(words("nouns")) if language in _INFLECTED else {}
        self.groups, self.heads, self.answers = words("groups"), words("heads"), words("answers")
        self.adjectives = words("adjectives") | words("counts")
        self.definite_joins = words("definite_joins")
        self.leaning_joins = words("leaning_joins") | self.definite_joins
        self.superlative = tuple(words("superlative"))
        self.particles, self.named_as = tuple(words("particles")), tuple(words("named_as"))
        self.units, self.offsets = words("units"), words("offsets")
        self.adjective_endings = tuple(words("adjective_endings")) or ("\0",)
        self.object_endings = tuple(words("object_endings"))
        self.definite_after, self.clitics = words("definite_after"), words("clitics")
        self.unique_endings = tuple(words("unique_endings"))
        self.plural_endings = tuple(words("plural_endings")) or ("\0",)
        self.verb_forms = words("verb_forms")
        self.presentative = words("presentative")

    def first_tokens(self, text: str) -> list[str]:
        """Return what ``opening_tokens`` does, or fewer where no adverbial stands in front."""
        core = opening_text(text)
        pattern = _ASCII_TOKEN if core.isascii() else _TOKEN
        first = core.split(" ", 1)[0].rstrip(_DIVIDING).lower()
        tokens: list[str] = pattern.findall(core if first in self.fronts else core[:_SHORT_CHARS])
        return tokens

    def leans_inside(self, text: str, words: Collection[str]) -> bool:
        """Return whether a word of ``text`` points back wherever it stands ("such a", "außerdem").

        ``words`` are its words. Linear.
        """
        if not self.inside.isdisjoint(words):
            return True
        if self._such is None or not any(map(text.__contains__, self._such_parts)):
            return False
        return self._such.search(text) is not None

    def is_prepositional(self, token: str) -> bool:
        """Return whether a token opens an adverbial or goes on with a clause."""
        return token.lower() in self.fronting.first_words or token.lower() in self.goes_on

    def is_past(self, word: str) -> bool:
        """Return whether ``word`` ends like a verb of the past."""
        return self.past != "" and word.endswith(self.past)


def _stems(nouns: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the stems of nouns of one word, without their endings, by their first 5 letters."""
    stems: dict[str, tuple[str, ...]] = {}
    for noun in nouns:
        stem = noun if " " in noun else noun.rstrip(_CASE_ENDINGS)
        if " " not in noun and len(stem) >= _STEM_CHARS:
            stems[stem[:_STEM_CHARS]] = (*stems.get(stem[:_STEM_CHARS], ()), stem)
    return stems


def opening_text(text: str) -> str:
    """Return the first 140 characters of a sentence, without the marks that open it."""
    return text[:_READ_CHARS].lstrip(_OPENERS)


def opening_tokens(text: str) -> list[str]:
    """Return the words and dividing marks that a sentence opens with, as they stand.

    Those of its first 140 characters, without quotation marks and apostrophes.
    """
    core = opening_text(text)
    tokens: list[str] = (_ASCII_TOKEN if core.isascii() else _TOKEN).findall(core)
    return tokens


def is_capital(token: str) -> bool:
    """Return whether ``token`` begins with a capital letter."""
    return token[:1].isupper()


class OpeningPhrases:
    """OpeningPhrases, found at a place of a sentence's tokens."""

    def __init__(self, phrases: Collection[str]) -> None:
        self._rest: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        for phrase in phrases:
            first, *rest = _TOKEN.findall(phrase) or [phrase]
            lengths = self._rest.setdefault(first, {})
            lengths.setdefault(len(rest), set()).add(tuple(rest))
        # By falling length: the longest phrase is looked for first.
        self._rest = {
            first: dict(sorted(lengths.items(), reverse=True))
            for first, lengths in self._rest.items()
        }

    @property
    def single_words(self) -> Collection[str]:
        """The words that are a phrase by themselves."""
        return [first for first, lengths in self._rest.items() if 0 in lengths]

    @property
    def first_words(self) -> Collection[str]:
        """The words that a phrase begins with."""
        return self._rest.keys()

    def match(self, tokens: Tokens, at: int) -> int:
        """Return how many tokens the longest phrase has that stands at ``at``, 0 if none.

        Constant time, however many phrases there are.
        """
        try:  # sooner than to ask how many there are
            lengths = self._rest.get(tokens[at].lower())
        except IndexError:
            return 0
        if lengths is None:
            return 0
        longest = next(iter(lengths))
        if not longest:  # no phrase goes on
            return 1
        following = tuple(map(str.lower, tokens[at + 1 : at + 1 + longest]))
        for length, rests in lengths.items():
            if following[:length] in rests:
                return 1 + length
        return 0

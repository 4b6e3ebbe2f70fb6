"""Pages that report nothing, told from reports by how their text is told."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import regex

from bot.domain.article_kind import KINDS, NO_REPORTS
from bot.gather.pages.schema_types import type_name
from bot.gather.pages.text_signs import TextSigns, text_signs
from bot.kinds.words import fold, kind_words, text_kinds

__all__ = ["kind_by_text"]

# Fewer words say too little of how a text is told.
_MIN_WORDS = 30
_MAX_TEXT_CHARS = 12_000

# Weights were fitted by hand to real pages (decision 0114). A text reports nothing if the sum of
# these is above zero: the limit, less how much it is told as a report, plus all that follows.
_LIMIT = 0.75
_LIMIT_UNKNOWN = -1.2  # the same, less a report's, in a language whose words are not known
_NEWS_TYPE = -0.6  # the page calls itself news: most sites' blogs do, too
_TOLD_SIGN = -0.5  # a sign of an opinion, an interview, a review and the like
_ADDRESS, _MAX_ADDRESS = 0.3, 6.0
_I, _FEW_I, _MAX_I = 0.2, 2.0, 10.0  # a reporter says "I" now and then
_WE, _MAX_WE = 0.1, 3.0
_ENTRY, _TITLED = 1.0, 0.5
_UNNAMED = -0.4  # nothing says what else it is
# In a short text a single word makes the difference.
_SHORT, _ENOUGH_WORDS = -0.8, 150
# Questions, and answers in the first person: an interview, where nothing much says otherwise.
_INTERVIEW, _QUESTIONS, _ANSWERED, _NAMED = -2.5, 4, 2.0, 0.4
_SURE_TYPE, _TYPE = 1.2, 0.4  # of a page that does not, and does, call itself an article, too
_PLACE, _WORDS_OF_TITLE, _HOST = 0.6, 0.4, 0.4
_PHRASE, _MAX_PHRASES = 0.4, 5  # a single one says nothing
_PETITION = 0.6  # each of what only those say who ask for signatures
_INGREDIENTS, _STEPS, _CODE, _FOOTNOTES, _BLANKS = 4, 2, 5, 3, 3
_STRUCTURE, _NOTED = 1.2, 0.5
# A page that says itself what it is, and is told as a report: of a prize for a recipe.
_SURELY_REPORTED = -0.9
_PLACES = frozenset({"section", "url", "og", "category"})
_IN_TITLE = frozenset({"label", "phrase", "sure"})
_NEWS_TYPES = regex.compile(r"\w*newsarticle|liveblogposting")
_ARTICLES = regex.compile(r"\w*article|report|\w*blogposting")
# "Test", "guess" and "12 people" stand in headlines of all sorts: a page has more to say.
_OF_PAGE = frozenset({"quiz", "game", "list"})
_OF_PAGE_SIGNS = _PLACES | {"label", "type"}
# What is made for profit by those who pay, or for laughs, says so itself.
_BY_WORD_ALONE = frozenset({"satire", "commercial"})
_BY_TEXT = NO_REPORTS - _BY_WORD_ALONE
_READ = _BY_TEXT | {"news", "review"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """How much speaks for each kind of page without a report, and for all of them together."""

    kinds: Mapping[str, float]
    score: float


def kind_by_text(
    kind: str,
    signs: Mapping[str, Collection[str]],
    *,
    text: str,
    title: str,
    url: str,
    types: Collection[str],
    language: str,
) -> str:
    """Return ``kind``, which ``signs`` gave, or another where ``text`` shows that it is not that.

    News that reports nothing is of the kind of ``NO_REPORTS`` that most speaks for; of a kind of
    these that reports something it is news. Opinions, interviews and the like stay as they are.
    ``signs`` are by kind the places that say it, as in ``kind_of``. ``text`` has a paragraph a
    line, ``types`` are schema.org types, ``language`` is ISO 639-1 or "". Short texts change
    nothing. Pure, linear in 12,000 characters of the text, a few milliseconds; never raises.
    """
    if kind not in _READ:
        return kind
    told = text_signs(text, title=title, language=language)
    if told.words < _MIN_WORDS:
        return kind
    named = frozenset(map(type_name, types))
    said = {name: frozenset(places) for name, places in signs.items()}
    for name in _OF_PAGE - {kind} - ({"list"} if told.words >= _ENOUGH_WORDS else set()):
        if not said.get(name, frozenset()) & _OF_PAGE_SIGNS:
            said.pop(name, None)
    phrases = text_kinds(text[:_MAX_TEXT_CHARS], language)
    shown = _shown(said, told, named, _host_kinds(url), phrases)
    if kind == "review":
        # A critic writes articles; a customer writes on a page for them.
        is_critic = any(map(_ARTICLES.fullmatch, named)) or "og" not in signs.get("review", ())
        return kind if is_critic or shown.score <= 0 else "user-post"
    if kind == "news":
        return _likeliest(shown, told) if shown.score > 0 else kind
    return "news" if shown.score < _SURELY_REPORTED else kind


def _shown(
    signs: Mapping[str, frozenset[str]],
    told: TextSigns,
    types: Collection[str],
    hosts: Collection[str],
    phrases: Mapping[str, int],
) -> _Shown:
    is_article = any(map(_ARTICLES.fullmatch, types))
    kinds: dict[str, float] = {}

    def add(kind: str, weight: float) -> None:
        kinds[kind] = kinds.get(kind, 0.0) + weight

    for kind in _BY_TEXT:
        found = signs.get(kind, frozenset())
        if "type" in found:
            add(kind, _TYPE if is_article else _SURE_TYPE)
        if found:
            add(kind, _PLACE * len(found & _PLACES) + _WORDS_OF_TITLE * bool(found & _IN_TITLE))
        if kind in hosts:
            add(kind, _HOST)
        if kind == "petition":
            add(kind, _PETITION * min(phrases.get(kind, 0), _MAX_PHRASES))
        elif kind in phrases:
            add(kind, _PHRASE * (min(phrases[kind], _MAX_PHRASES) - 1))
    for kind, is_shown in (
        ("recipe", told.ingredients >= _INGREDIENTS),
        ("guide", told.steps >= _STEPS or told.code >= _CODE or told.blanks >= _BLANKS),
    ):
        if is_shown:
            add(kind, _STRUCTURE)
    if told.footnotes >= _FOOTNOTES:
        add("reference", _NOTED)
    if told.is_titled:
        add("reference", _ENTRY if told.is_definition else _TITLED)
    # An entry tells of the past, and names its days, as reports do.
    reported = told.said if told.reported and told.is_definition else told.reported
    score = _LIMIT_UNKNOWN if reported is None else _LIMIT - reported
    most = max(kinds.values(), default=0.0)
    score += most
    score += _ADDRESS * min(told.address, _MAX_ADDRESS) + _WE * min(told.we, _MAX_WE)
    score += _I * max(min(told.i, _MAX_I) - _FEW_I, 0.0)
    score += _NEWS_TYPE * any(map(_NEWS_TYPES.fullmatch, types))
    if most <= 0:
        score += _UNNAMED
    score += _SHORT * max(1 - told.words / _ENOUGH_WORDS, 0.0)
    if most < _NAMED and told.questions >= _QUESTIONS and told.i + told.we >= _ANSWERED:
        score += _INTERVIEW
    score += _TOLD_SIGN * sum(bool(signs.get(kind)) for kind in KINDS if kind not in NO_REPORTS)
    return _Shown(kinds, score)


def _likeliest(shown: _Shown, told: TextSigns) -> str:
    """Return the kind that most speaks for; where nothing does, who speaks to whom decides."""
    if shown.kinds and max(shown.kinds.values()) > 0:
        return max(shown.kinds, key=lambda kind: (shown.kinds[kind], -KINDS.index(kind)))
    if told.i > max(told.we, told.address, 1.0):
        return "personal"
    if told.we > max(told.address, 1.0):
        return "offer"
    return "guide" if told.address > 1.0 else "reference"


def _host_kinds(url: str) -> frozenset[str]:
    """Return the kinds of words within names of the host and of folders: "forum-piers.example"."""
    host, _, path = (
        url[:2_000].partition("#")[0].partition("?")[0].partition("://")[2].partition("/")
    )
    places = kind_words().url_places
    words = (word for part in _named(host, path) for word in fold(part).split())
    return frozenset(kind for word in words for kind in places.get(word, ()))


def _named(host: str, path: str) -> Iterator[str]:
    yield from host.split(".")[:-1]
    yield from unquote(path).rstrip("/").split("/")[:-1]  # the last is a slug

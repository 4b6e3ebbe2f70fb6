"""What kind of article a page is, by its own words: news, opinion, review, live, recipe …"""

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, unquote

import regex

__all__ = ["KINDS", "PageSigns", "kind_of", "sections_of", "types_of"]

# Where two kinds have equally many signs, the first counts: the narrow before the wide.
_NARROW_FIRST = (
    *("satire", "commercial", "horoscope", "recipe", "obituary", "quiz", "game", "fact-check"),
    *("weather", "live", "digest", "review", "interview", "media", "list", "analysis", "opinion"),
)
KINDS = ("news", *_NARROW_FIRST)

_MAX_TITLE_CHARS = 300
_MAX_LEAD_CHARS = 400
_MAX_VALUES = 50  # types, sections and categories that are looked at, of each
_MAX_WORDS = 7  # of the longest phrase in kinds.json
_MAX_LABEL_WORDS = 6  # of "Opinion by A. Name:"; what is longer is a sentence
_MAX_LABEL_CHARS = 14  # the same where words are written without spaces

# Publishers' own words for "kind", "section" in queries: ?category=opinion.
_QUERY_KEYS = frozenset({"cat", "category", "rubrik", "rubrique", "sec", "section", "type"})
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
_BETWEEN_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
# Accents of Latin, Greek and Cyrillic, marks of Arabic and Hebrew, the dot of Devanagari.
_ACCENTS = regex.compile(r"[\u0300-\u036f\u05b0-\u05c7\u0640\u064b-\u0655\u093c]")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Two ways to write one letter in addresses: "raetsel" and "ratsel".
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
# What parts a label from a headline. No colon within a time, no hyphen within a word.
_TITLE_PARTS = regex.compile(
    r"(?<!\d)[:：]|[:：](?!\d)|\s[-–—―·•/»]+\s|\s?[–—―]\s|[|｜丨¦\[\]【】［］〔〕「」『』()（）<>＜＞〈〉《》≪≫]"
)
_BREADCRUMB_PARTS = regex.compile(r"\s*[/>|›»→,;]\s*|\s[-–—]\s")
_LIST_NUMBER = regex.compile(r"(?:[2-9]|\d{2,3}|[三四五六七八九十]+)\s?(?=\D)")
# Types of what stands on every other page, too: a film in a report, links below it.
_EMBEDDED_TYPES = regex.compile(r"(?i)(?:video|audio|itemlist|image|media|clip).*")
_ARTICLE_TYPES = regex.compile(r"(?i)\w*article|report|blogposting|socialmediaposting")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSigns:
    """What a page, and the feed that lists it, say about its kind; "" or () where nothing.

    ``types`` are schema.org types as the page writes them, ``sections`` the values of
    articleSection and article:section and the names of breadcrumbs, ``categories`` those of the
    feed's entry. The order within each does not matter.
    """

    url: str = ""
    title: str = ""
    lead: str = ""
    types: Sequence[str] = ()
    sections: Sequence[str] = ()
    og_type: str = ""
    categories: Sequence[str] = ()


def kind_of(page: PageSigns) -> str:
    """Return the article's kind, one of ``KINDS``: "news" unless the page says another twice.

    A sign is a type, a section, a whole segment of the path, og:type, a category, a label of the
    title, or a phrase of the title or the lead: each place counts once. Two are needed, one of
    them from the page's markup, its address or its feed, or a label of the title. Words that also
    head ordinary news (weather, live, video, games) are one sign in however many places, and need
    one of another sort than the lead. Words of all languages in kinds.json are known; which
    language the page has does not matter. Pure; takes about 0.1 ms; never raises.
    """
    words = _words()
    signs: dict[str, set[str]] = defaultdict(set)
    _add_types(signs, page)
    for place, names in (
        ("section", _section_names(page.sections)),
        ("url", _url_names(page.url)),
        ("category", _section_names(page.categories)),
        ("og", _section_names([page.og_type.replace(":", "/").replace(".", "/")])),
    ):
        for name in names:
            for kind in words.places.get(name, ()):
                signs[kind].add(place)
            for kind in words.hubs.get(name, ()):
                signs[kind].add("hub")
            for kind in words.themes.get(name, ()):
                signs[kind].add("theme")
    title, lead = page.title[:_MAX_TITLE_CHARS], page.lead[:_MAX_LEAD_CHARS]
    for kind in _label_kinds(title):
        signs[kind].add("label")
    for kind in _phrase_kinds(title, words.phrases) | _list_kinds(title) | _star_kinds(title):
        signs[kind].add("phrase")
    for kind in _phrase_kinds(lead, words.lead):
        signs[kind].add("lead")
    for kind in _phrase_kinds(f"{title}\n{lead}", words.against):
        signs.pop(kind, None)
    # A type that says "reported" speaks against every other.
    needed = 3 if "reportagenewsarticle" in map(_type_name, page.types) else 2
    counts = {kind: n for kind, found in signs.items() if (n := _count(found)) >= needed}
    return max(
        counts, key=lambda kind: (counts[kind], -_NARROW_FIRST.index(kind)), default="news"
    )


def _count(found: set[str]) -> int:
    """Return how many signs there are, 0 where they are of sorts that prove nothing together."""
    own = found & {"type", "section", "url", "og", "category"}
    title = found & {"label", "phrase"}
    weak = found & {"hub", "embedded"}
    lead = found & {"lead"}
    theme = found & {"theme"} if "type" in found else set()
    if not own and not (weak and (title or len(weak) == 2)) and not ("label" in title and lead):
        return 0
    return len(own) + bool(title) + len(weak) + len(lead) + len(theme)


def types_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the schema.org types of a JSON-LD document, as it writes them, outer ones first.

    Those of the object itself, its @graph and its mainEntity; not of what it embeds, such as the
    film in a report. Without repeats, at most 50. Values that are no types are passed over.
    """
    found = (name for item in _objects(data) for name in _texts(item.get("@type")))
    return tuple(islice(dict.fromkeys(found), _MAX_VALUES))


def sections_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sections that a JSON-LD document names: articleSection and its breadcrumbs.

    As they stand there, without repeats, at most 50. Values that are no texts are passed over.
    """
    found: list[str] = []
    for item in _objects(data):
        found += _texts(item.get("articleSection"))
        crumbs = item.get("breadcrumb", item)
        if isinstance(crumbs, dict) and "breadcrumblist" in map(
            _type_name, _texts(crumbs.get("@type"))
        ):
            elements = crumbs.get("itemListElement")
            for element in elements if isinstance(elements, list) else ():
                if isinstance(element, dict):
                    inner = element.get("item")
                    found += _texts(element.get("name"))
                    found += _texts(inner.get("name")) if isinstance(inner, dict) else ()
    return tuple(islice(dict.fromkeys(found), _MAX_VALUES))


def _objects(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(found, list):
        for item in found:
            yield from _objects(item, depth + 1)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph"), depth + 1)
        yield from _objects(found.get("mainEntity"), depth + 1)


def _texts(value: Any) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if _is_text(text)]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _add_types(signs: dict[str, set[str]], page: PageSigns) -> None:
    """Add the signs of types, and of an og:type such as "video.other".

    Of a film or a gallery on the page of an article both may come from what is embedded.
    """
    types = [*map(_type_name, page.types[:_MAX_VALUES])]
    is_article = any(map(_ARTICLE_TYPES.fullmatch, types))
    for name in types:
        kind = _words().types.get(name)
        if kind:
            is_weak = _EMBEDDED_TYPES.fullmatch(name) and (is_article or kind == "list")
            signs[kind].add("embedded" if is_weak else "type")
    if page.og_type.lower().startswith(("video", "music.")):
        signs["media"].add("embedded" if is_article else "og")


def _type_name(name: str) -> str:
    """Return "review" of "schema:Review" and of "https://schema.org/Review"."""
    return regex.split(r"[/:#]", name.strip().rstrip("/"))[-1].lower()


def _section_names(sections: Sequence[str]) -> set[str]:
    """Return the folded names of sections, and of each part of "News > Opinion"."""
    names: set[str] = set()
    for section in sections[:_MAX_VALUES]:
        text = section[:_MAX_TITLE_CHARS]
        names.update(map(_fold, (text, *_BREADCRUMB_PARTS.split(text))))
    return names - {""}


def _url_names(url: str) -> set[str]:
    """Return the folded segments of a URL's path, its subdomains and the section in its query.

    Of segments, each whole, with and without numbers at its ends; never a part of a slug.
    """
    address, _, query = url[:2_000].partition("#")[0].partition("?")
    host, _, path = address.partition("://")[2].partition("/")
    names = {_fold(label) for label in host.split(".")[:-2]}
    for segment in unquote(path).split("/"):
        name = _fold(regex.sub(r"\.\w{2,5}$", "", segment))
        names |= {name, name.strip("0123456789 ")}
    try:
        queried = parse_qsl(query, max_num_fields=_MAX_VALUES)
    except ValueError:  # too many fields
        queried = []
    names.update(_fold(value) for key, value in queried if key.lower() in _QUERY_KEYS)
    return names - {""}


def _label_kinds(title: str) -> set[str]:
    """Return the kinds that a part of the title names: "Review: …", "[사설] …", "… – live".

    The part has at most six words, and begins or ends with the word for the kind.
    """
    labels = _words().labels
    parts = [part for part in map(_fold, _TITLE_PARTS.split(title)) if part]
    kinds: set[str] = set()
    if len(parts) < 2:
        return kinds
    for number, part in enumerate(parts):
        kinds |= labels.get(part, frozenset())
        is_first, is_last = number == 0, number == len(parts) - 1
        tokens = part.split()
        if len(tokens) <= _MAX_LABEL_WORDS:
            for size in range(1, len(tokens)):
                if is_first or is_last:
                    kinds |= labels.get(" ".join(tokens[:size]), frozenset())
                if is_first:  # "Birmingham Live" at the end is an outlet
                    kinds |= labels.get(" ".join(tokens[-size:]), frozenset())
        if _UNSPACED.search(part) and len(part) <= _MAX_LABEL_CHARS:
            for size in range(2, len(part)):
                if is_first or is_last:
                    kinds |= labels.get(part[:size], frozenset())
                    kinds |= labels.get(part[-size:], frozenset())
    return kinds


def _phrase_kinds(text: str, phrases: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the kinds of the phrases in a text; whole words, where words have spaces."""
    kinds: set[str] = set()
    folded = _fold(text)
    tokens = folded.split()
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + _MAX_WORDS, len(tokens)) + 1):
            kinds |= phrases.get(" ".join(tokens[start:end]), frozenset())
    if _UNSPACED.search(folded):
        for phrase, named in phrases.items():
            if _UNSPACED.match(phrase) and phrase in folded:
                kinds |= named
    return kinds


def _list_kinds(title: str) -> set[str]:
    """Return {"list"} for "The 9 best …", "Sieben Dinge, die …", "7つの…"."""
    words = _words()
    tokens = _fold(title).split()
    for place, token in enumerate(tokens[:4]):
        is_number = token.isdecimal() and len(token) <= 3 and 2 < int(token) <= 101
        if (is_number or token in words.numbers) and words.nouns.intersection(
            _runs(tokens[place + 1 : place + 5])
        ):
            return {"list"}
    text = unicodedata.normalize("NFKC", title)
    for number in _LIST_NUMBER.finditer(text):
        if text.startswith(tuple(words.counters), number.end()):
            return {"list"}
    return set()


def _runs(tokens: Sequence[str]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + 1):
            yield " ".join(tokens[start:end])


def _star_kinds(title: str) -> set[str]:
    return {"review"} if any(stars in title for stars in _words().stars) else set()


@lru_cache(maxsize=512)
def _fold(text: str) -> str:
    """Return the words of a text with single spaces: no case, accents or punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of kinds.json, folded; each mapping leads to the kinds that have the word."""

    types: Mapping[str, str]
    places: Mapping[str, frozenset[str]]
    hubs: Mapping[str, frozenset[str]]
    themes: Mapping[str, frozenset[str]]
    labels: Mapping[str, frozenset[str]]
    phrases: Mapping[str, frozenset[str]]
    lead: Mapping[str, frozenset[str]]
    against: Mapping[str, frozenset[str]]
    nouns: frozenset[str]
    numbers: frozenset[str]
    counters: frozenset[str]
    stars: frozenset[str]


@cache
def _words() -> _Words:
    text = resources.files("bot.gather.pages").joinpath("kinds.json").read_text("utf-8")
    data: dict[str, dict[str, Any]] = json.loads(text)

    def listed(kind: str, group: str) -> list[str]:
        return [word for words in data[kind].get(group, {}).values() for word in words]

    def owners(group: str, *, is_in_urls: bool = False) -> Mapping[str, frozenset[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for kind in data:
            for word in listed(kind, group):
                found[_fold(word)][kind] += 1
                if is_in_urls:
                    found[_fold(word.lower().translate(_UMLAUTS))][kind] += 1
        return {word: frozenset(kinds) for word, kinds in found.items() if word}

    return _Words(
        types={name.lower(): kind for kind in data for name in data[kind].get("types", ())},
        places=owners("places", is_in_urls=True),
        hubs=owners("hubs", is_in_urls=True),
        themes=owners("themes", is_in_urls=True),
        labels=owners("labels"),
        phrases=owners("phrases"),
        lead=owners("lead"),
        against=owners("against"),
        nouns=frozenset(map(_fold, listed("list", "nouns"))),
        numbers=frozenset(map(_fold, listed("list", "numbers"))),
        counters=frozenset(listed("list", "counters")),
        stars=frozenset(listed("review", "stars")),
    )

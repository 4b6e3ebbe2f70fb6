"""What kind of article a page is, by its own words: news, opinion, review, live or another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

import regex

from bot.domain.article_kind import KINDS, PAGES
from bot.gather.pages.no_reports import kind_by_text
from bot.gather.pages.schema_types import type_name
from bot.kinds.titles import TITLE_PARTS, label_kinds, list_kinds, sure_kinds
from bot.kinds.words import MAX_WORDS, fold, kind_words, phrase_kinds, spelled

__all__ = ["PageSigns", "kind_of"]

_MAX_TITLE_CHARS = 300
_MAX_LEAD_CHARS = 400
_MAX_VALUES = 50  # types, sections and categories that are looked at, of each

# Publishers' own words for "kind", "section" in queries: ?category=opinion.
_QUERY_KEYS = frozenset({"cat", "category", "rubrik", "rubrique", "sec", "section", "type"})
_BREADCRUMB_PARTS = regex.compile(r"\s*[/>|›»→,;]\s*|\s[-–—]\s")
# Types of what stands on every other page, too: a film in a report, links below it.
_EMBEDDED_TYPES = regex.compile(r"(?i)(?:video|audio|itemlist|image|media|clip).*")
_ARTICLE_TYPES = regex.compile(r"(?i)\w*article|report|blogposting|socialmediaposting")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSigns:
    """What a page, and the feed that lists it, say about its kind; "" or () where nothing.

    ``types`` are schema.org types as the page writes them, ``sections`` the values of
    articleSection and article:section and the names of breadcrumbs, ``categories`` those of the
    feed's entry. The order within each does not matter. ``text`` is the article's own, with a
    paragraph a line, ``language`` its ISO 639-1 code.
    """

    url: str = ""
    title: str = ""
    lead: str = ""
    types: Sequence[str] = ()
    sections: Sequence[str] = ()
    og_type: str = ""
    categories: Sequence[str] = ()
    text: str = ""
    language: str = ""


def kind_of(page: PageSigns) -> str:
    """Return the article's kind, one of ``KINDS``: "news" unless the page says another twice.

    A sign is a type, a section, a whole segment of the path, og:type, a category, a label of the
    title, or a phrase of the title or the lead: each place counts once. Two are needed, one of
    them from the page's markup, its address or its feed, or a label of the title. Words that also
    head ordinary news (weather, live, video, games) are one sign in however many places, and need
    one of another sort than the lead. Labels that head nothing else ("Live updates: …"), and lists
    of what one needs to know, count as two. Words of all languages in kinds.json are known; which
    language the page has does not matter for them.

    What reports nothing (``NO_REPORTS``) is told by its ``text``, too, see ``kind_by_text``; a
    guide, an entry, an offer and the like by nothing else. Pure; takes about 0.5 ms, with a text a
    few more; never raises.
    """
    signs, is_elsewhere = _signs_of(page)
    # A type that says "reported" speaks against every other.
    needed = 3 if "reportagenewsarticle" in map(type_name, page.types) else 2
    counts = {
        kind: n
        for kind, found in signs.items()
        if kind not in PAGES
        and (n := _count(found, is_elsewhere=is_elsewhere and "section" not in found)) >= needed
    }
    kind = max(counts, key=lambda kind: (counts[kind], -KINDS.index(kind)), default="news")
    if not page.text:
        return kind
    return kind_by_text(
        kind,
        signs,
        text=page.text,
        title=page.title,
        url=page.url,
        types=page.types[:_MAX_VALUES],
        language=page.language,
    )


def _signs_of(page: PageSigns) -> tuple[Mapping[str, set[str]], bool]:
    """Return the places that say a kind, by kind, and whether the page is in some section."""
    words = kind_words()
    signs: dict[str, set[str]] = defaultdict(set)
    _add_types(signs, page)
    sections = _section_names(page.sections)
    for place, names in (
        ("section", sections),
        ("url", _url_names(page.url)),
        ("category", _section_names(page.categories)),
        ("og", _section_names([page.og_type.replace(":", "/").replace(".", "/")])),
    ):
        places = words.url_places if place == "url" else words.places
        hubs = words.url_hubs if place == "url" else words.hubs
        for name in names:
            for kind in places.get(name, ()):
                signs[kind].add(place)
            for kind in hubs.get(name, ()):
                signs[kind].add("hub")
    title, lead = page.title[:_MAX_TITLE_CHARS], page.lead[:_MAX_LEAD_CHARS]
    labels, begun = label_kinds(title)
    for kind in labels:
        signs[kind].add("label")
    phrases = phrase_kinds(title, words.phrases)
    starred = {"review"} if any(stars in title for stars in words.stars) else set()
    for kind in phrases | begun | list_kinds(title) | starred:
        signs[kind].add("phrase")
    for kind in sure_kinds(title):
        signs[kind].add("sure")
    if "phrase" in signs["list"] & signs["digest"]:  # "7 things you need to know"
        signs["digest"].add("sure")
    for kind in phrase_kinds(lead, words.lead):
        signs[kind].add("lead")
    for kind in _opening_kinds(lead):
        signs[kind].add("opening")
    for kind in phrase_kinds(f"{title}\n{lead}", words.against):
        signs.pop(kind, None)
    return signs, bool(sections)


def _count(found: set[str], *, is_elsewhere: bool) -> int:
    """Return how many signs there are, 0 where they are of sorts that prove nothing together.

    A feed's category tells what a text is about as often as what it is: it confirms a type, a
    section or a label, but no word within the title, and not the address of a page that
    ``is_elsewhere``, in a section of another name.
    """
    own = found & {"type", "section", "url", "og"}
    weak = found & {"hub", "embedded"}
    title = found & {"label", "phrase"}
    rest = found & {"category"} | ({"lead"} if found & {"lead", "opening"} else set())
    if is_elsewhere and not found & {"type", "og", "label", "opening"} and not weak:
        rest -= {"category"}
    if "sure" in found:
        return 2 + len(own) + len(weak) + len(rest)
    proven = own or (weak and (title or len(weak | rest) > 2))
    if proven or ("label" in title and rest) or ("opening" in found and "category" in rest):
        return len(own) + len(weak) + bool(title) + len(rest)
    return 0


def _add_types(signs: dict[str, set[str]], page: PageSigns) -> None:
    """Add the signs of types, and of an og:type such as "video.other".

    Of a film or a gallery on the page of an article both may come from what is embedded.
    """
    types = [*map(type_name, page.types[:_MAX_VALUES])]
    is_article = any(map(_ARTICLE_TYPES.fullmatch, types))
    for name in types:
        kind = kind_words().types.get(name)
        if kind:
            is_weak = _EMBEDDED_TYPES.fullmatch(name) and (is_article or kind == "list")
            signs[kind].add("embedded" if is_weak else "type")
    if page.og_type.lower().startswith(("video", "music.")):
        signs["media"].add("embedded" if is_article else "og")


def _section_names(sections: Sequence[str]) -> set[str]:
    """Return the folded names of sections, and of each part of "News > Opinion"."""
    names: set[str] = set()
    for section in sections[:_MAX_VALUES]:
        text = section[:_MAX_TITLE_CHARS]
        names.update(map(spelled, (text, *_BREADCRUMB_PARTS.split(text))))
    return names - {""}


def _url_names(url: str) -> set[str]:
    """Return the folded segments of a URL's path, its subdomains and the section in its query.

    Of segments, each whole, with and without numbers at its ends; never a part of a slug.
    """
    address, _, query = url[:2_000].partition("#")[0].partition("?")
    host, _, path = address.partition("://")[2].partition("/")
    names = {fold(label) for label in host.split(".")[:-2]}
    for segment in unquote(path).split("/"):
        name = fold(regex.sub(r"\.\w{2,5}$", "", segment))
        names |= {name, name.strip("0123456789 ")}
    try:
        queried = parse_qsl(query, max_num_fields=_MAX_VALUES)
    except ValueError:  # too many fields
        queried = []
    names.update(fold(value) for key, value in queried if key.lower() in _QUERY_KEYS)
    return names - {""}


def _opening_kinds(lead: str) -> set[str]:
    """Return the kinds that a lead begins with: "Advertisement: …", "A column by A. Name …"."""
    words = kind_words()
    label = TITLE_PARTS.split(lead.lstrip("[(【（［〔 "), maxsplit=1)
    kinds = set(words.labels.get(fold(label[0]), frozenset())) if len(label) > 1 else set()
    tokens = fold(lead).split()[:MAX_WORDS]
    for size in range(2, len(tokens) + 1):  # one word may begin any sentence
        kinds |= words.lead.get(" ".join(tokens[:size]), frozenset())
    return kinds

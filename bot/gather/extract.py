"""The article of a page: its text, title, date, language and address."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import NotAnArticle
from bot.gather.clean import clean_text
from bot.gather.decode import decode_html
from bot.gather.language import detect_language
from bot.gather.urls import canonical_url, registrable_domain

__all__ = ["Extracted", "extract_article", "text_of_html"]

# A page whose article has fewer characters is a teaser, a video or an index.
_MIN_CHARS = 200
_MIN_CHARS_CJK = 80
# Below so many nested elements libxml2 loses the text (seen at 300 and more).
_MAX_DEPTH = 200
_MAX_TITLE_CHARS = 300
# Body text from structured data counts as the article if it is at least this share of the page's.
_BODY_SHARE = 0.8
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"blockquote", "pre", "tr", "table", "br", "hr", "figure", "figcaption", "header"}
    | {"footer", "main", "aside", "nav", "dl", "dt", "dd", "form"}
)
_DROPPED = (
    "script,style,noscript,template,svg,iframe,form,nav,footer,aside,figcaption,button,select"
)
_ARTICLE_TYPES = regex.compile(
    r"(News|Analysis|Report|Opinion|Reportage|Background|Review)?\w*Article|BlogPosting|LiveBlogPosting"
)
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page says. ``text`` is clean, one paragraph a line.

    ``published_at`` is aware and in UTC, or None. ``canonical_url`` is the page's own word
    for its address where that lies in the page's domain, "" otherwise. ``paywalled`` says
    that the publisher marks the page as not free.
    """

    title: str
    text: str
    published_at: datetime | None
    language: str
    canonical_url: str
    paywalled: bool
    outlet: str


def extract_article(html: bytes, *, url: str, content_type: str | None = None) -> Extracted:
    """Return the article of a page; raise NotAnArticle if it holds none.

    Pure; meant to run in a worker process, since a hostile page can take long.
    """
    markup = decode_html(html, content_type)
    tree = LexborHTMLParser(markup)
    data = _article_data(tree)
    text = _body(markup, tree, data)
    least = _MIN_CHARS_CJK if _CJK.search(text) else _MIN_CHARS
    if len(text) < least:
        raise NotAnArticle("the page holds no article")
    return Extracted(
        title=_title(tree, data, text),
        text=text,
        published_at=_published_at(markup, tree, data),
        language=detect_language(text) or _declared_language(tree),
        canonical_url=_canonical(tree, url),
        paywalled=_flag(data.get("isAccessibleForFree")) is False,
        outlet=_meta(tree, "og:site_name") or _name(data.get("publisher")),
    )


def text_of_html(html: str) -> str:
    """Return the text of a piece of HTML, such as a feed's content, one block a line."""
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return ""
    for node in tree.css(_DROPPED):
        node.decompose()
    return _text_of(tree.body)


def _body(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> str:
    """Return the clean text: trafilatura's, the structured data's, or all of a deep page's."""
    if _depth_of(tree) > _MAX_DEPTH:
        return clean_text(text_of_html(markup))
    text = clean_text(_extracted_text(markup))
    declared = data.get("articleBody")
    if isinstance(declared, str):
        given = clean_text(text_of_html(declared) if "<" in declared else declared)
        # A body without paragraphs is one run-on line: better only where there is no other.
        if "\n" in given and len(given) > len(text) * _BODY_SHARE and len(text) < _MIN_CHARS * 2:
            return given
        if len(text) < _MIN_CHARS <= len(given):
            return given
    return text or clean_text(text_of_html(markup))


def _extracted_text(markup: str) -> str:
    import trafilatura  # noqa: PLC0415 - costs a quarter of a second: only where pages are read

    text = trafilatura.extract(
        markup,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        output_format="txt",
    )
    return text or ""


def _depth_of(tree: LexborHTMLParser) -> int:
    """Return how deeply the elements are nested, looking no further than needed."""
    deepest, open_nodes = 0, [(tree.root, 0)]
    while open_nodes and deepest <= _MAX_DEPTH:
        node, depth = open_nodes.pop()
        if node is None:
            continue
        deepest = max(deepest, depth)
        child = node.child
        while child is not None:
            if child.is_element_node:
                open_nodes.append((child, depth + 1))
            child = child.next
    return deepest


def _text_of(node: LexborNode) -> str:
    """Return the text below ``node``, a new line for each block element."""
    pieces: list[str] = []
    for one in node.traverse(include_text=True):
        if one.is_text_node:
            pieces.append(one.text_content or "")
        elif one.tag in _BLOCKS:
            pieces.append("\n")
    text = regex.sub(r"[^\S\n]+", " ", "".join(pieces))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _title(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> str:
    """Return the publisher's headline."""
    headings = [" ".join(node.text().split()) for node in tree.css("h1")]
    shown = tree.css_first("title")
    candidates = [
        data.get("headline"),
        _meta(tree, "og:title"),
        headings[0] if len(headings) == 1 else None,
        _without_site(" ".join(shown.text().split())) if shown else None,
        *headings,
    ]
    for title in candidates:
        if isinstance(title, str) and title.strip():
            return " ".join(title.split())[:_MAX_TITLE_CHARS]
    return text.split("\n", 1)[0][:_MAX_TITLE_CHARS]


def _without_site(title: str) -> str:
    """Drop " - Outlet" or " | Outlet" from a page's title, if enough is left."""
    head, dash, _ = title.rpartition(" | ")
    if not dash:
        head, dash, _ = title.rpartition(" - ")
    return head if dash and len(head) >= len(title) / 2 else title


def _published_at(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> datetime | None:
    """Return when the page says it was published; a bare day only where nothing else is said."""
    time = tree.css_first("time[datetime]")
    for said in (
        data.get("datePublished"),
        _meta(tree, "article:published_time"),
        _meta(tree, "parsely-pub-date"),
        _meta(tree, "datePublished"),
        time.attributes.get("datetime") if time else None,
    ):
        at = _instant(said)
        if at is not None:
            return at
    from htmldate import find_date  # noqa: PLC0415 - only where nothing better was said

    try:
        return _instant(find_date(markup, original_date=True, extensive_search=False))
    except (ValueError, OverflowError, TypeError):  # htmldate on dates such as year 0
        return None


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return at if at.year >= 1990 else None


def _article_data(tree: LexborHTMLParser) -> Mapping[str, Any]:
    """Return the page's JSON-LD of an article, {} if there is none."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            found = json.loads(node.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(found):
            kind = one.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in kinds):
                return one
    return {}


def _objects(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(found, list):
        for one in found:
            yield from _objects(one, depth + 1)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph"), depth + 1)
        yield from _objects(found.get("mainEntity"), depth + 1)


def _canonical(tree: LexborHTMLParser, url: str) -> str:
    """Return the page's canonical address if it is of the page's own domain, else ""."""
    node = tree.css_first('link[rel="canonical"]')
    href = (node and node.attributes.get("href")) or _meta(tree, "og:url")
    if not href:
        return ""
    try:
        target = urljoin(url, href)
        parts, own = urlsplit(target), urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or len(parts.path) <= 1 < len(own.path):
        return ""  # a canonical link to the front page is a mistake of the template
    same = registrable_domain(parts.hostname or "") == registrable_domain(own.hostname or "")
    same_port = parts.port == own.port if parts.hostname == own.hostname else True
    return canonical_url(target) if same and same_port else ""


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"],meta[name="{name}"],meta[itemprop="{name}"]')
    return ((node and node.attributes.get("content")) or "").strip()


def _declared_language(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html")
    declared = (node and node.attributes.get("lang")) or ""
    return declared[:2].lower() if regex.match(r"[a-zA-Z]{2}(?:[-_]|$)", declared) else ""


def _name(publisher: object) -> str:
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return name.strip() if isinstance(name, str) else ""


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None

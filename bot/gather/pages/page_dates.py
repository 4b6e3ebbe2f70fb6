"""When a page says that its article was published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.gather.dates.reader import read_date
from bot.gather.pages.structured import scalar

__all__ = ["published_at"]

# Names of meta tags (name, property or itemprop, in lower case) that say when a page was
# published, the plainest first: Open Graph, schema.org, Dublin Core, and analytics of the press.
_METAS = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "rnews:datepublished",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "dcterms.created",
    "pubdate",
    "og:pubdate",
    "bt:pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication-date",
    "publication_date",
    "published",
    "published_time",
    "date.published",
    "article.published",
    "prism.publicationdate",
    "citation_publication_date",
    "citation_date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "sailthru.date",
    "originalpublicationdate",
    "article_date_original",
    "displaydate",
    "date",
)
_CLOCK = regex.compile(r"\d\s*[:h]\s*\d\d|T\d{4}|^\s*\d{10}(?:\d{3})?\s*$")
# A date without a time of day stands for its midnight; in the zones of the Earth, that day
# begins and ends so far from it.
_DAY_BEGINS, _DAY_ENDS = timedelta(hours=-14), timedelta(hours=38)
# What is beside the article, by element, and by what its class or id is called.
_BESIDE = frozenset({"aside", "nav"})
_COMMENTS = regex.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus\w*|replies|reply|responses?|respond)(?:$|[\s_-])",
    regex.IGNORECASE,
)
_CHANGED = regex.compile(r"modified|updated|changed", regex.IGNORECASE)
# A longer paragraph is running text, whose dates are those of what it tells.
_MAX_LINE_CHARS = 150
# A link of so many columns (letters of East Asia take two) is a headline, and what is around it
# and no longer than a paragraph its teaser.
_MIN_TEASER_COLUMNS = 30
_MAX_TEASER_CHARS = 400
_MAX_TEASER_CLIMB = 3
_EAST_ASIAN = "\u2e80"
_BLOCKS = frozenset({"p", "li", "td", "dd", "blockquote", "figcaption", "h1", "h2", "h3"})
_MAX_TIMES = 200
_MAX_CLIMB = 40


def published_at(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> datetime | None:
    """Return when the page says it was published, in UTC; None if it does not, or before 1990.

    From ``data`` (see ``article_data``), its meta tags or the ``<time>`` of the article itself,
    not of comments, teasers or running text; else htmldate finds a day in ``markup``, which
    stands for its midnight. Of a date without a time of day, another one of that day tells the
    time. Without a zone it is taken for UTC; it may lie in the future. Blocks; errors of htmldate
    that nobody foresaw pass through.
    """
    first: datetime | None = None
    for text in _said(tree, data):
        at = read_date(text)
        if at is None:
            continue
        if _CLOCK.search(text):
            if first is None or first + _DAY_BEGINS <= at < first + _DAY_ENDS:
                return at
        elif first is None:
            first = at
    return first or _guessed(markup)


def _said(tree: LexborHTMLParser, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what may be the date, the most certain first."""
    yield from _texts(data.get("datePublished"))
    metas: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        names = (node.attributes.get(name) for name in ("property", "name", "itemprop"))
        for name in filter(None, names):
            metas.setdefault(name.strip().lower(), node.attributes.get("content") or "")
    for name in _METAS:
        yield from _texts(metas.get(name))
    yield from _own_times(tree)
    yield from _texts(data.get("dateCreated"))


def _texts(value: object) -> Iterator[str]:
    value = scalar(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value.strip():
        yield value


def _own_times(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield the dates of ``<time>`` elements that are the article's own.

    Those that are marked as its publication come first, then those in the order of the page; what
    is marked as a change is none.
    """
    times = tree.css("time")[:_MAX_TIMES]
    if not times:
        return
    titles = tree.css("h1")
    articles = tree.css("article")
    articles = [node for node in articles if all(e.tag != "article" for e in _above(node))]
    if len(titles) == 1 or (titles and len(articles) != 1):
        scopes = _scopes(titles[0])
    else:
        scopes = articles if len(articles) == 1 else [tree.body] if tree.body else []
    for scope in scopes:
        own = [node for node in times if _belongs(node, scope)]
        marked = [node for node in own if _marks(node, ("datepublished", "pubdate"))]
        plain = [
            node
            for node in own
            if not _CHANGED.search(
                f"{node.attributes.get('itemprop') or ''} {node.attributes.get('class') or ''}"
            )
        ]
        if found := [*marked, *plain]:
            for node in found:
                yield node.attributes.get("datetime") or _line(node)
            return


def _marks(node: LexborNode, names: Sequence[str]) -> bool:
    marks = (node.attributes.get("itemprop") or "").lower().split()
    return any(name in marks or name in node.attributes for name in names)


def _scopes(title: LexborNode) -> list[LexborNode]:
    """Return the elements around a headline, the nearest first, up to those of an article."""
    found: list[LexborNode] = []
    for node in _above(title):
        found.append(node)
        if node.tag == "article" or len(found) == _MAX_CLIMB:
            break
    return found


def _belongs(time: LexborNode, scope: LexborNode) -> bool:
    """Return whether a ``<time>`` in ``scope`` is of its article, not of what is beside it."""
    inner: list[LexborNode] = []
    for node in _above(time):
        if node.mem_id == scope.mem_id:
            break
        inner.append(node)
    else:
        return False
    for node in inner:
        name = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"
        if node.tag in _BESIDE or node.tag == "article" or _COMMENTS.search(name):
            return False
        if node.tag == "footer" and scope.tag != "article":
            return False
    block = next((node for node in inner if node.tag in _BLOCKS), None)
    if block is not None and len(_line(block)) > _MAX_LINE_CHARS:
        return False
    return not any(map(_is_teaser, inner[:_MAX_TEASER_CLIMB]))


def _is_teaser(node: LexborNode) -> bool:
    """Return whether an element is the headline of another article and a little more."""
    if len(_line(node)) > _MAX_TEASER_CHARS:
        return False
    lines = (_line(link) for link in node.css("a[href]"))
    return any(
        sum(1 + (letter >= _EAST_ASIAN) for letter in line) >= _MIN_TEASER_COLUMNS for line in lines
    )


def _line(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _above(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around ``node``, the nearest first, at most 40, up to the body."""
    parent = node.parent
    for _ in range(_MAX_CLIMB):
        if parent is None or parent.tag in {"html", "-undef"}:
            return
        yield parent
        parent = parent.parent


def _guessed(markup: str) -> datetime | None:
    """Return the midnight of the day that htmldate finds in a page, None without one.

    Not in what is beside the article, nor in a ``<time>``: those of the article are read by now.
    """
    if "<time" in markup or "comment" in markup:
        tree = LexborHTMLParser(markup)
        beside = [
            node
            for node in tree.css("time,aside,nav,[class*=comment i],[id*=comment i]")
            if node.tag in _BESIDE | {"time"}
            or _COMMENTS.search(
                f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"
            )
        ]
        for node in reversed(beside):  # inner ones first: what is gone must not be touched again
            if node.tag not in {"html", "body", "main", "article"}:
                node.decompose()
        markup = tree.html or ""
    from htmldate import find_date  # noqa: PLC0415 - only where nothing better was found

    try:
        return read_date(find_date(markup, original_date=True, extensive_search=False))
    except (ValueError, OverflowError, TypeError):  # htmldate on dates such as year 0
        return None

"""The text of a page's markup, block by block."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["completed", "is_deep", "linked_lines", "text_of_html"]

# Below so many nested elements libxml2 loses the text (seen at 300 and more).
_MAX_DEPTH = 200
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"blockquote", "pre", "tr", "table", "br", "hr", "figure", "figcaption", "header"}
    | {"footer", "main", "aside", "nav", "dl", "dt", "dd", "form"}
)
_DROPPED = (
    "script,style,noscript,template,svg,iframe,form,nav,footer,aside,figcaption,button,select"
)
_BESIDE = frozenset({"aside", "nav", "footer", "form", "figure", "figcaption", "blockquote", "li"})
# Links and paragraphs of a page that are looked at; the longest of our samples has 2,600 links.
_MAX_NODES = 5_000
_MAX_CLIMB = 40
# What may stand beside a link in a line that is nothing but a pointer: "Read also:".
_MAX_LABEL_CHARS = 25
_MAX_POINTER_CHARS = 250
_MIN_MISSING_CHARS = 60
# Paragraphs that an extractor left out count from this share of what it found.
_MISSING_SHARE = 0.25
_STOP = regex.compile(r"[.!?…。！？؟۔।॥．:][\p{Pe}\p{Pf}\p{Pi}\"'’”»«」』】）\s]*$")


def text_of_html(html: str) -> str:
    """Return the text of a piece of HTML, such as a feed's content, one block a line."""
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return ""
    for node in tree.css(_DROPPED):
        node.decompose()
    return _text_of(tree.body)


def is_deep(tree: LexborHTMLParser) -> bool:
    """Say whether elements are nested more deeply than libxml2 can follow."""
    open_nodes = [(tree.root, 0)]
    while open_nodes:
        node, depth = open_nodes.pop()
        if depth > _MAX_DEPTH:
            return True
        child = node.child if node is not None else None
        while child is not None:
            if child.is_element_node:
                open_nodes.append((child, depth + 1))
            child = child.next
    return False


def linked_lines(tree: LexborHTMLParser) -> frozenset[str]:
    """Return the lines of a page that are a link and nothing else, a short label aside."""
    found, seen = set(), set()
    for link in tree.css("a[href]")[:_MAX_NODES]:
        block = _block_of(link)
        if block is None or block.mem_id in seen:
            continue
        seen.add(block.mem_id)
        line = _folded(block)
        if len(line) <= _MAX_POINTER_CHARS:
            linked = sum(len(_folded(one)) for one in block.css("a[href]"))
            if len(line) - linked <= min(_MAX_LABEL_CHARS, linked):
                found.add(line)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: str
    place: tuple[str, ...]
    article: int


def completed(text: str, tree: LexborHTMLParser) -> str:
    """Return ``text`` with the paragraphs that stand where its own do, but were left out.

    Some publishers cut an article into several boxes, and extractors take one. A box is told
    by the classes of its element and of the one around it. Without much missing, ``text``
    comes back as it is.
    """
    lines = text.split("\n")
    known = set(lines)
    paragraphs = list(_paragraphs(tree))
    own = [one for one in paragraphs if one.line in known]
    places = {place for place, times in Counter(one.place for one in own).items() if times > 1}
    articles = {one.article for one in own}
    missing = {
        one.line
        for one in paragraphs
        if one.place in places and one.article in articles and one.line not in known
    }
    if sum(map(len, missing)) < _MISSING_SHARE * len(text):
        return text
    after: dict[str, list[str]] = {}
    last = ""
    for one in paragraphs:
        if one.line in known:
            last = one.line
        elif one.line in missing:
            after.setdefault(last, []).append(one.line)
            missing.discard(one.line)
    merged = after.pop("", [])
    for line in lines:
        merged += [line, *after.pop(line, ())]
    return "\n".join(merged)


def _paragraphs(tree: LexborHTMLParser) -> Iterator[_Paragraph]:
    """Return the paragraphs of running text, in the order of the page."""
    for node in tree.css("p")[:_MAX_NODES]:
        line = _folded(node)
        if len(line) < _MIN_MISSING_CHARS or not _STOP.search(line):
            continue
        linked = sum(len(_folded(link)) for link in node.css("a[href]"))
        above = _above(node)
        if 2 * linked > len(line) or any(one.tag in _BESIDE for one in above):
            continue
        place = tuple(f"{one.tag}.{one.attributes.get('class') or ''}" for one in above[:2])
        article = next((one.mem_id for one in above if one.tag == "article"), 0)
        yield _Paragraph(line, place, article)


def _above(node: LexborNode) -> list[LexborNode]:
    """Return the elements around ``node``, the nearest first."""
    found: list[LexborNode] = []
    one = node.parent
    while one is not None and len(found) < _MAX_CLIMB:
        found.append(one)
        one = one.parent
    return found


def _block_of(link: LexborNode) -> LexborNode | None:
    return next((one for one in _above(link) if one.tag in _BLOCKS), None)


def _folded(node: LexborNode) -> str:
    return " ".join(node.text().split())


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

"""The text of a page's markup, and what its structure shows about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["completed", "is_deep", "linked_lines", "text_of_html"]

# Inside of so many nested elements libxml2 loses the text (seen at 300 and more).
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
# Links and paragraphs of a page that are examined; the longest of our samples has 2,600 links.
_MAX_NODES = 5_000
_MAX_CLIMB = 40
# The label beside the link in a line that is nothing but a pointer: "Read also:".
_MAX_LABEL_CHARS = 25
_MAX_POINTER_CHARS = 250
_MIN_MISSING_CHARS = 60
# Paragraphs that an extractor left out count from this share of what it found.
_MISSING_SHARE = 0.25
_STOP = regex.compile(r"[.!?…。！？؟۔।॥．:][\p{Pe}\p{Pf}\p{Pi}\"'’”»«」』】）\s]*$")


def text_of_html(html: str) -> str:
    """Return the text of a page or a piece of HTML, such as a feed's content, one block a line.

    A line begins with each block and at each newline of its text; what follows a block that has
    ended goes on in its line, as do cells of a table. Without scripts, forms, navigation and
    captions, and without empty lines. "" where there is no text. Blocks; linear, but for blocks
    nested or left open by the thousand, of which the parser's time grows with the square. Never
    raises.
    """
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return ""
    for node in tree.css(_DROPPED):
        node.decompose()
    pieces: list[str] = []
    for node in tree.body.traverse(include_text=True):
        if node.is_text_node:
            pieces.append(node.text_content or "")
        elif node.tag in _BLOCKS:
            pieces.append("\n")
    text = regex.sub(r"[^\S\n]+", " ", "".join(pieces))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def is_deep(tree: LexborHTMLParser) -> bool:
    """Return whether elements are nested more than 200 deep, too deeply for libxml2.

    O(n) in the elements, without recursion.
    """
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
    """Return the lines of a page that are a link and nothing else, but for a short label.

    White space is folded. That label has at most 25 characters, and no more than the link; lines
    of over 250 are left out. The first 5,000 links are examined. Blocks.
    """
    found, seen = set(), set()
    for link in tree.css("a[href]")[:_MAX_NODES]:
        block = next((node for node in _above(link) if node.tag in _BLOCKS), None)
        if block is None or block.mem_id in seen:
            continue
        seen.add(block.mem_id)
        line = _folded(block)
        if len(line) <= _MAX_POINTER_CHARS:
            linked = sum(len(_folded(inner)) for inner in block.css("a[href]"))
            if len(line) - linked <= min(_MAX_LABEL_CHARS, linked):
                found.add(line)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of a page; ``place`` is its surroundings, ``article`` its <article> or 0."""

    line: str
    place: tuple[str, ...]
    article: int


def completed(text: str, tree: LexborHTMLParser) -> str:
    """Return ``text`` with the paragraphs in the same place of the page that were left out.

    Some publishers cut an article into several boxes, of which extractors take one. A place is
    the tags and classes of a paragraph's parent and grandparent, in an ``<article>`` of the text;
    it takes two paragraphs of ``text`` there. Those of under 60 characters, without a stop, made
    of links, or in a list, quotation, caption or beside the text do not count. Where less than a
    quarter is missing, ``text`` comes back as it is. ``text`` has a paragraph a line, and so has
    the result: those in their order, each added one behind the last such paragraph before it on
    the page. The first 5,000 paragraphs of the page are examined. Blocks.
    """
    lines = text.split("\n")
    known = set(lines)
    paragraphs = list(_paragraphs(tree))
    own = [paragraph for paragraph in paragraphs if paragraph.line in known]
    uses = Counter(paragraph.place for paragraph in own)
    articles = {paragraph.article for paragraph in own}
    missing = {
        paragraph.line
        for paragraph in paragraphs
        if uses[paragraph.place] > 1
        and paragraph.article in articles
        and paragraph.line not in known
    }
    if sum(map(len, missing)) < _MISSING_SHARE * len(text):
        return text
    after: dict[str, list[str]] = {}  # by the known line before them, "" at the beginning
    last = ""
    for paragraph in paragraphs:
        if paragraph.line in known:
            last = paragraph.line
        elif paragraph.line in missing:
            after.setdefault(last, []).append(paragraph.line)
            missing.discard(paragraph.line)
    merged = after.pop("", [])
    for line in lines:
        merged += [line, *after.pop(line, ())]
    return "\n".join(merged)


def _paragraphs(tree: LexborHTMLParser) -> Iterator[_Paragraph]:
    """Yield the paragraphs of running text, in the order of the page."""
    for node in tree.css("p")[:_MAX_NODES]:
        line = _folded(node)
        if len(line) < _MIN_MISSING_CHARS or not _STOP.search(line):
            continue
        linked = sum(len(_folded(link)) for link in node.css("a[href]"))
        above = _above(node)
        if 2 * linked > len(line) or any(element.tag in _BESIDE for element in above):
            continue
        place = tuple(f"{box.tag}.{box.attributes.get('class') or ''}" for box in above[:2])
        article = next((box.mem_id for box in above if box.tag == "article"), 0)
        yield _Paragraph(line, place, article)


def _above(node: LexborNode) -> list[LexborNode]:
    """Return the elements around ``node``, the nearest first, at most 40."""
    found: list[LexborNode] = []
    parent = node.parent
    while parent is not None and len(found) < _MAX_CLIMB:
        found.append(parent)
        parent = parent.parent
    return found


def _folded(node: LexborNode) -> str:
    """Return the text of ``node`` on one line."""
    return " ".join(node.text().split())

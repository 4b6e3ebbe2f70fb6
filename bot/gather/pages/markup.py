"""The text of a page's markup, and what its structure shows about it."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.gather.pages.html_text import text_of_html

__all__ = ["is_deep", "linked_lines", "text_of_html"]

# Inside of so many nested elements libxml2 loses the text (seen at 300 and more).
_MAX_DEPTH = 200
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"blockquote", "pre", "tr", "table", "br", "hr", "figure", "figcaption", "header"}
    | {"footer", "main", "aside", "nav", "dl", "dt", "dd", "form"}
)
# Links and paragraphs of a page that are examined; the longest of our samples has 2,600 links.
_MAX_NODES = 5_000
_MAX_CLIMB = 40
# The label beside the link in a line that is nothing but a pointer: "Read also:".
_MAX_LABEL_CHARS = 25
_MAX_POINTER_CHARS = 250


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

"""A page's markup made ready for an extractor that reads some of it wrongly.

The extractor drops words in <time>, <button>, <label> and the like from the middle of a sentence,
ends a line at a <q>, reads the readings of <ruby> aloud, and takes the longest text of a page for
its article.
"""

from collections.abc import Collection, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.gather.pages.likeness import is_like

__all__ = ["prepare"]

_INLINE = "time,button,label,abbr,data,output,meter"
_UNREAD = (
    "rt,rp,.sr-only,.visually-hidden,.visuallyhidden,.screen-reader-text,"
    "dialog,[role=dialog],[role=alertdialog],[aria-modal=true]"
)
_HIDDEN = '[hidden],[style*="display:none" i],[style*="display: none" i]'
_MAX_NODES = 5_000
# What is hidden for good is a few words; pages that hide an article show it by a script.
_MAX_UNREAD_CHARS = 2_000


def prepare(tree: LexborHTMLParser, titles: Collection[str]) -> bool:
    """Change ``tree`` so that an extractor reads what a browser shows; return whether it changed.

    Words within a sentence lose the element around them, and <q> becomes the marks that it is
    shown with. Readings, text for screen readers, dialogs and what is hidden go, unless most of a
    page is hidden: a script shows it. Where an ``<article>`` has the page's headline, one of
    ``titles``, other articles with a headline of their own go, as do those within it, comments
    and teasers, unless they are the greater part of it. Linear.
    """
    changed = False
    for node in tree.css("q")[:_MAX_NODES]:
        node.insert_before("“")
        node.insert_after("”")
        node.unwrap()
        changed = True
    for node in tree.css(_INLINE)[:_MAX_NODES]:
        if _is_in_sentence(node):
            node.unwrap()
            changed = True
    unread = [
        node
        for node in [*tree.css(_UNREAD)[:_MAX_NODES], *_hidden(tree)]
        if len(node.text()) <= _MAX_UNREAD_CHARS or node.tag == "dialog" or _is_metadata(node)
    ]
    for node in _outermost(unread):
        node.decompose()
        changed = True
    for node in _other_articles(tree, titles):
        node.decompose()
        changed = True
    return changed


def _is_metadata(node: LexborNode) -> bool:
    """Return whether a hidden element repeats the article as structured data (microdata)."""
    return "itemscope" in node.attributes


def _hidden(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return what is hidden; nothing where that is most of the page, as in a gallery of slides."""
    nodes = _outermost(tree.css(_HIDDEN)[:_MAX_NODES])
    chars = sum(len(node.text()) for node in nodes)
    return nodes if tree.body is not None and 2 * chars < len(tree.body.text()) else []


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Return those that are in none of the others: a node dies with the one around it."""
    by_id = {node.mem_id: node for node in nodes}
    return [
        node for node in by_id.values() if not any(above.mem_id in by_id for above in _above(node))
    ]


def _is_in_sentence(node: LexborNode) -> bool:
    """Return whether text stands right beside ``node``, in the same block."""
    for sibling in (node.prev, node.next):
        if sibling is not None and sibling.is_text_node and (sibling.text_content or "").strip():
            return True
    return False


def _other_articles(tree: LexborHTMLParser, titles: Collection[str]) -> list[LexborNode]:
    """Return the outermost articles beside or in that of the page's headline.

    Those in it stay if they are more than half of it: posts of a live page. Some sites wrap each
    part of one article in an <article>: what has no headline of its own stays.
    """
    nodes = tree.css("article")[:_MAX_NODES]
    if len(nodes) < 2:
        return []
    own = next((node for node in nodes if _headline(node, titles)), None)
    if own is None:
        return []
    above = {parent.mem_id for parent in _above(own)} | {own.mem_id}
    beside: list[LexborNode] = []
    within: list[LexborNode] = []
    gone: set[int] = set()
    for node in nodes:
        around = {parent.mem_id for parent in _above(node)}
        if node.mem_id in above or around & gone:
            continue
        if node.css_first("h1,h2,h3,h4") is not None and not _headline(node, titles):
            (within if own.mem_id in around else beside).append(node)
            gone.add(node.mem_id)
    if 2 * sum(len(node.text()) for node in within) > len(own.text()):
        return beside
    return beside + within


def _headline(article: LexborNode, titles: Collection[str]) -> bool:
    heading = article.css_first("h1") or article.css_first("h2")
    return heading is not None and any(is_like(heading.text(), title) for title in titles)


def _above(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    parent = node.parent
    while parent is not None:
        found.append(parent)
        parent = parent.parent
    return found

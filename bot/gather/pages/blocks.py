"""The blocks of text of a page, with what their places in its markup tell of them."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.gather.pages.html_text import folded

__all__ = ["PageBlock", "blocks", "letters"]

_BREAKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"}
    | {"details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"}
    | {"h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "summary", "table", "tbody", "td", "th", "tr", "ul"}
)
_LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "head", "select", "textarea"}
    | {"title", "object", "rt", "rp"}
)
_BESIDE = frozenset({"aside", "nav", "footer", "form", "figure", "figcaption"})
# How far up a block's surroundings are told from others'.
_PLACE_DEPTH = 2


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A line of text as a browser shows it, in the order of the page.

    ``text`` is on one line, ``letters`` its letters and digits in lower case. ``tag`` is that of
    the innermost block around it, ``place`` the tags and classes of the two around that one, and
    ``article`` names the innermost <article>, 0 outside of any. ``beside`` is whether it stands
    in a caption, form, footer, navigation or aside; ``linked`` is how many characters are links.
    """

    text: str
    letters: str
    tag: str
    place: tuple[str, ...]
    article: int
    beside: bool
    linked: int

    @property
    def is_linked(self) -> bool:
        """Whether it is made of links, for the greater part."""
        return 2 * self.linked > len(self.text)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What an element hands down to the text in it."""

    block: int
    tag: str
    path: tuple[str, ...]
    article: int
    beside: bool
    linked: bool
    left_out: bool
    preformatted: bool


def blocks(tree: LexborHTMLParser) -> list[PageBlock]:
    """Return the blocks of a page, in its order, without empty ones.

    Blocks the thread; linear. The page must not be deep (see ``is_deep``). Never raises.
    """
    found: list[PageBlock] = []
    if tree.body is None:
        return found
    known: dict[int, _Surroundings] = {}
    pieces: list[str] = []
    linked = 0
    around: _Surroundings | None = None

    def end() -> None:
        nonlocal linked
        if around is not None and (text := folded("".join(pieces))):
            found.append(
                PageBlock(
                    text,
                    letters(text),
                    around.tag,
                    around.path[-_PLACE_DEPTH - 1 : -1],
                    around.article,
                    around.beside,
                    min(linked, len(text)),
                )
            )
        pieces.clear()
        linked = 0

    for node in tree.body.traverse(include_text=True):
        if not node.is_text_node:
            if node.tag == "br":
                end()
            continue
        text, parent = node.text_content or "", node.parent
        place = _surroundings(parent, known) if parent is not None else None
        if place is None or place.left_out:
            continue
        if around is None or place.block != around.block:
            end()
        around = place
        for n, piece in enumerate(text.split("\n") if place.preformatted else (text,)):
            if n > 0:
                end()
            pieces.append(piece)
            if place.linked:
                linked += len(piece.strip())
    end()
    return found


def letters(text: str) -> str:
    """Return ``text`` for comparing: its letters and digits in lower case; "" without any."""
    return "".join(filter(str.isalnum, text.casefold()))


def _surroundings(node: LexborNode, known: dict[int, _Surroundings]) -> _Surroundings:
    """Return what ``node`` hands down, which it has of its ancestors."""
    if (found := known.get(node.mem_id)) is not None:
        return found
    tag, parent = node.tag or "", node.parent
    if parent is None or not parent.is_element_node or parent.tag == "html":
        above = _Surroundings(
            0, "", (), 0, beside=False, linked=False, left_out=False, preformatted=False
        )
    else:
        above = _surroundings(parent, known)
    is_break = tag in _BREAKS or not above.block
    box = f"{tag}.{node.attributes.get('class') or ''}"
    found = _Surroundings(
        block=node.mem_id if is_break else above.block,
        tag=tag if is_break else above.tag,
        path=(*above.path[-_PLACE_DEPTH:], box) if is_break else above.path,
        article=node.mem_id if tag == "article" else above.article,
        beside=above.beside or tag in _BESIDE,
        linked=above.linked or tag == "a",
        left_out=above.left_out or tag in _LEFT_OUT,
        preformatted=above.preformatted or tag == "pre",
    )
    known[node.mem_id] = found
    return found

"""The text that a browser shows of HTML, a line for each line of blocks.

White space, line breaks, hidden elements and reading aids (ruby) are treated as the HTML standard
renders them (section 15.3); besides, what is no part of a text is left out: scripts, embedded
media, forms, navigation and captions.
"""

import html as entities
from typing import NamedTuple

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Line", "folded", "lines_of_html", "text_of_html"]

# What begins and ends a line of its own (HTML standard, 15.3.3 to 15.3.11).
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"}
    | {"dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main"}
    | {"listing", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search"}
    | {"section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "xmp", "br"}
)
_CELLS = frozenset({"td", "th"})
# Not shown, or shown in a place of its own; a browser that plays a video shows no fallback.
_LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "object", "audio", "video"}
    | {"canvas", "select", "datalist", "textarea", "meter", "progress", "noframes", "noembed"}
    | {"head", "title", "rt", "rp", "rtc", "nav", "footer", "aside", "figcaption"}
)
# A line of nothing but these is for clicking; within a sentence they are words of it.
_CONTROLS = frozenset({"button", "label"})
_VERBATIM = frozenset({"pre", "listing", "xmp", "plaintext"})
_CODE = _VERBATIM | {"code", "samp", "kbd"}
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
_BLOCK_STYLE = regex.compile(
    r"display\s*:\s*(?:block|flex|grid|table(?!-)|list-item|flow-root)", regex.IGNORECASE
)
_PRE_STYLE = regex.compile(r"white-space\s*:\s*(?:pre|break-spaces)", regex.IGNORECASE)
# The names under which style sheets hide what is for screen readers only (Bootstrap, WordPress).
_UNSEEN = frozenset({"sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden"})
# Characters without width or meaning in a text: soft hyphens, marks of direction and of byte
# order, controls. The joiners (U+200C, U+200D) are letters' and emoji's shape: they stay.
_INVISIBLE = regex.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NAMES = (
    "p|div|br|a|b|i|u|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|table|tr|td|figure|font|"
    "section|article|small|sub|sup|hr|center|iframe"
)
_TAG = regex.compile(r"<[A-Za-z/!?]")
_ESCAPED_TAG = regex.compile(
    rf"&lt;/?(?:{_NAMES})(?:[\s/](?:(?!&[lg]t;)[^<>])*+)?+&gt;", regex.IGNORECASE
)
_SHOWN_TAGS = regex.compile(
    rf"<(?P<name>{_NAMES})(?:\s[^<>]{{0,2000}})?>[^<]*(?:<(?!/(?P=name)>)[^<]*){{0,50}}</(?P=name)>"
    r"|<br\s*/?>|<p>[^<]*<p>",
    regex.IGNORECASE,
)
_BLOCK_TAG = regex.compile(
    rf"<(?:{'|'.join(sorted(_BLOCKS | _CELLS))})(?=[\s/>])", regex.IGNORECASE
)
_CODE_TAG = regex.compile(rf"<(?:{'|'.join(sorted(_CODE))})(?=[\s/>])", regex.IGNORECASE)
_BLANK_LINE = regex.compile(r"\n[^\S\n]*\n\s*|\r[^\S\r\n]*\r\s*")
# A form around so much of a page is not there to be filled in, but wraps it (ASP.NET).
_WRAPPING_SHARE = 0.5


class Line(NamedTuple):
    """A line of a text, with its links in their order: address as given, and text."""

    text: str
    links: tuple[tuple[str, str], ...] = ()


def text_of_html(html: str) -> str:
    """Return the text of a page or a piece of HTML, such as a feed's content, one block a line.

    As ``lines_of_html`` reads it. "" where there is no text. Blocks; linear, but for blocks nested
    or left open by the thousand, of which the parser's time grows with the square. Never raises.
    """
    return "\n".join(line.text for line in lines_of_html(html))


def lines_of_html(html: str) -> list[Line]:
    """Return the lines that a browser shows of a page or a piece of HTML, none of them empty.

    Blocks and <br> end a line, newlines in the source do so in <pre> alone; where there is no
    block at all, a blank line does, as in plain text. White space is one space. Left out are
    scripts, media, forms, navigation, captions, hidden elements, the readings of <ruby>, buttons
    outside of sentences, and characters without width. Markup and entities that were escaped
    twice are read as meant, but for those of <code>. Blocks; linear. Never raises.
    """
    if not _TAG.search(html) and _ESCAPED_TAG.search(html):
        html = entities.unescape(html)
    lines = _read(html)
    shown = "\n".join(line.text for line in lines)
    # Markup that was escaped inside of markup is read, too.
    if "<" in shown and not _CODE_TAG.search(html) and _SHOWN_TAGS.search(shown):
        return _read(shown.replace("\n", "<br>"))
    return lines


def folded(text: str) -> str:
    """Return ``text`` on one line, with single spaces and without invisible characters."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    return " ".join(_INVISIBLE.sub("", line).split())


def _read(html: str) -> list[Line]:
    if not _BLOCK_TAG.search(html):
        html = _BLANK_LINE.sub("<br>", html)
    body = LexborHTMLParser(html).body
    if body is None:
        return []
    reader = _TextReader(body)
    # Without recursion: elements may be nested thousands deep.
    node: LexborNode | None = body.child
    while node is not None:
        inside = node.child if reader.enter(node) else None
        if inside is not None:
            node = inside
            continue
        reader.leave(node)
        while node is not None and node.next is None:
            node = node.parent
            if node is None or node.mem_id == body.mem_id:
                node = None
                break
            reader.leave(node)
        node = node.next if node is not None else None
    reader.end_line()
    return reader.lines


class _TextReader:
    """The lines read so far, and the one that is being read."""

    def __init__(self, body: LexborNode) -> None:
        self._body = body
        self._page_chars = -1  # unknown
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._has_words = False  # outside of buttons
        self._verbatim = self._code = self._controls = 0
        self._open: list[tuple[int, str]] = []  # what is to be done at an element's end

    def enter(self, node: LexborNode) -> bool:
        """Read what a node begins with; return whether its children are to be read."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return False
        tag = node.tag or ""
        if not node.is_element_node or tag in _LEFT_OUT:
            return False
        given = node.attributes
        style = given.get("style") or ""
        if given and self._is_hidden(node, tag, style):
            return False
        if tag == "form" and not self._wraps_page(node):
            self.end_line()
            return False
        marks = []
        if tag in _BLOCKS or (style and _BLOCK_STYLE.search(style)):
            self.end_line()
            marks.append("block")
        elif tag in _CELLS:
            self._pieces.append(" ")
            marks.append("cell")
        elif tag == "q":
            self._pieces.append("“")
            marks.append("quote")
        elif tag == "a" and (href := given.get("href")):
            self._links.append((href.strip(), folded(node.text())))
        if tag in _VERBATIM or (style and _PRE_STYLE.search(style)):
            self._verbatim += 1
            marks.append("verbatim")
        if tag in _CODE:
            self._code += 1
            marks.append("code")
        if tag in _CONTROLS:
            self._controls += 1
            marks.append("control")
        if marks:
            self._open.append((node.mem_id, " ".join(marks)))
        return True

    def leave(self, node: LexborNode) -> None:
        """Read what a node ends with."""
        if not self._open or self._open[-1][0] != node.mem_id:
            return
        for mark in self._open.pop()[1].split():
            if mark == "block":
                self.end_line()
            elif mark == "cell":
                self._pieces.append(" ")
            elif mark == "quote":
                self._pieces.append("”")
            elif mark == "verbatim":
                self._verbatim -= 1
            elif mark == "code":
                self._code -= 1
            else:
                self._controls -= 1

    def end_line(self) -> None:
        """End the line that is being read."""
        if self._pieces:
            text = folded("".join(self._pieces))
            if text and self._has_words:
                self.lines.append(Line(text, tuple(self._links)))
        self._pieces, self._links, self._has_words = [], [], False

    def _text(self, text: str) -> None:
        if "&" in text and not self._code:
            text = _ENTITY.sub(lambda found: entities.unescape(found[0]), text)
        if self._verbatim:
            first, *others = text.splitlines() or [""]
            self._add(first)
            for other in others:
                self.end_line()
                self._add(other)
            if text.endswith("\n"):
                self.end_line()
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        if not self._controls and not self._has_words:
            self._has_words = bool(text.strip())

    @staticmethod
    def _is_hidden(node: LexborNode, tag: str, style: str) -> bool:
        given = node.attributes
        return (
            "hidden" in given
            or (tag == "dialog" and "open" not in given)
            or (style != "" and _HIDDEN.search(style) is not None)
            or not _UNSEEN.isdisjoint((given.get("class") or "").split())
        )

    def _wraps_page(self, form: LexborNode) -> bool:
        if self._page_chars < 0:
            self._page_chars = len(self._body.text())
        return len(form.text()) > _WRAPPING_SHARE * self._page_chars

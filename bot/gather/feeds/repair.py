"""Repair of malformed feeds before parsing, so that a fast parser loses no text.

A strict parser stops, and a lenient one drops text silently, at what many feeds contain:
HTML's entities, stray ampersands and angle brackets, comments inside of titles, markup that
nobody escaped, control characters, a DOCTYPE. Nothing here expands an entity.
"""

import html
import re
from functools import lru_cache, partial
from typing import NamedTuple

from bot.errors import NotAFeed
from bot.gather.dates.reader import read_date

__all__ = ["ENTRY_TAG", "Repaired", "repaired"]

# A tag longer than this is no feed's: parsers take quadratic time over some of them.
MAX_TAG_CHARS = 65_536
# Where an entry begins, whatever the format and the letters' case.
ENTRY_TAG = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)

_LONG_TAG = re.compile(rf"<[A-Za-z/?][^<>]{{{MAX_TAG_CHARS}}}")
_DOCTYPE = re.compile(
    r"<!DOCTYPE[^\[>]{0,1000}(?:\[(.*?)\]\s{0,100}(?=>))?[^>]{0,1000}>", re.IGNORECASE | re.DOTALL
)
_DOCTYPE_START = re.compile("<!DOCTYPE", re.IGNORECASE)
_DECLARED = re.compile(r"<!ENTITY\s+([\w.:-]{1,100})\s", re.IGNORECASE)
_REFERENCE = re.compile(r"&([\w.:-]{1,100});")
_OPENER = re.compile(r"<!(?:\[CDATA\[|--)")
_CLOSERS = {"<![CDATA[": "]]>", "<!--": "-->"}
# What XML may not hold. The bytes are deleted from UTF-8, which is fast; the rest is rare.
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Ampersands that XML does not define, with the reference that HTML may define.
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:[A-Za-z][A-Za-z0-9]{0,30};|#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};)?"
)
_BARE_ANGLE = re.compile(r"<(?![A-Za-z_/!?])")
# Dates are read here, once and by our rules, so that no parser guesses at them.
_DATE = re.compile(
    r"<((?:\w{1,20}:)?(?:pubDate|date|published|updated|modified|issued|created))(\s[^<>]*)?>"
    r"([^<]{1,200})(?=</)"
)
_DATE_BEGIN = re.compile(
    r"<(?:\w{1,20}:)?(?:pubDate|date|published|updated|modified|issued|created)(?:\s[^<>]*)?>\s*$"
)
_MAX_DATE_CHARS = 200
# Elements that hold text, where markup follows that was not escaped.
_OPEN_TEXT = re.compile(
    r"<(title|description|summary|content:encoded|content|subtitle)(?![\w:])([^<>]*)(?<!/)>"
    r"(?=[^<]*<(?!/|!\[CDATA\[))"
)
_XHTML = re.compile(r"type\s*=\s*[\"'](?:xhtml|application/xhtml\+xml)[\"']", re.IGNORECASE)


class Repaired(NamedTuple):
    """The repaired XML of a feed, and how many entries begin in it."""

    xml: str
    entries: int


def repaired(text: str, *, language: str = "") -> Repaired:
    """Return the XML of a feed without what makes parsers stop or lose text.

    The dates of feeds' own elements come out as ISO 8601 in UTC, or empty where they are none;
    ``language`` is the feed's tag, for their words; texts of over 200 characters stay as they
    are. Whether it is a feed is not looked at. Raises NotAFeed for tags of over 64 KB, and for
    documents that use entities which they declare and HTML does not have: those are attacks.
    Blocks; takes linear time.
    """
    # In UTF-8 most control characters are single bytes, which are deleted fast.
    whole = text.encode("utf-8", "replace")
    clean = whole.translate(None, _CONTROL_BYTES)
    if len(clean) < len(whole):
        text = clean.decode("utf-8")
    text = _without_doctype(text.replace("\ufffe", "").replace("\uffff", ""))

    # A long tag covers at least one whole window, so that no angle bracket is in it. Looking
    # into windows first is a tenth of the cost.
    window = MAX_TAG_CHARS // 2
    may_have_long_tag = any(
        text.find("<", start, start + window) < 0 and text.find(">", start, start + window) < 0
        for start in range(0, len(text) - window + 1, window)
    )
    if may_have_long_tag and _LONG_TAG.search(text):
        raise NotAFeed("tag-too-long", n=64)

    pieces = _pieces(text)
    entries = sum(len(ENTRY_TAG.findall(piece)) for piece in pieces[::2])
    for n, piece in enumerate(pieces):
        if n % 2 == 0:
            mended = (
                _AMPERSAND.sub(lambda found: _escaped(found[0]), piece) if "&" in piece else piece
            )
            dated = partial(_iso_date, language=language)
            pieces[n] = _DATE.sub(dated, _BARE_ANGLE.sub("&lt;", mended))
        elif piece.startswith("<!--"):
            pieces[n] = ""
        elif len(piece) < _MAX_DATE_CHARS and _DATE_BEGIN.match(
            pieces[n - 1], max(pieces[n - 1].rfind("<"), 0)
        ):
            at = read_date(piece[len("<![CDATA[") : -len("]]>")], language=language)
            pieces[n] = at.isoformat() if at else ""
    return Repaired(_with_escaped_markup("".join(pieces)), entries)


def _pieces(text: str) -> list[str]:
    """Return the document in pieces: at odd places its CDATA sections and comments, whole.

    An opening mark that is never closed is dropped. Not by an expression, which would search
    for its end again and again.
    """
    pieces = []
    at = 0
    while opener := _OPENER.search(text, at):
        closer = _CLOSERS[opener[0]]
        end = text.find(closer, opener.end())
        if end < 0:
            break
        end += len(closer)
        pieces += [text[at : opener.start()], text[opener.start() : end]]
        at = end
    return [*pieces, _OPENER.sub("", text[at:])]


def _without_doctype(text: str) -> str:
    """Return ``text`` without its DOCTYPE; raise NotAFeed if it uses entities declared there."""
    start = _DOCTYPE_START.search(text)
    found = _DOCTYPE.match(text, start.start()) if start else None
    if found is None:
        return text
    names = set(_DECLARED.findall(found[1] or ""))
    rest = text[: found.start()] + text[found.end() :]
    # One pass for all names: a search for each would take quadratic time.
    for name in names.intersection(_REFERENCE.findall(rest) if names else ()):
        if html.unescape(f"&{name};") == f"&{name};":
            raise NotAFeed("own-entities")
    return rest


@lru_cache(maxsize=4096)
def _escaped(reference: str) -> str:
    """Return what an ampersand and the name or number behind it should be in XML."""
    character = html.unescape(reference)  # &#146; is read as Windows means it
    if len(reference) > 1 and character != reference:
        return html.escape(_CONTROLS.sub("", character), quote=False)
    return "&amp;" + reference[1:]


def _iso_date(found: re.Match[str], language: str) -> str:
    at = read_date(found[3], language=language)
    return f"<{found[1]}{found[2] or ''}>{at.isoformat() if at else ''}"


def _with_escaped_markup(xml: str) -> str:
    """Return ``xml`` with the markup inside of titles and texts escaped, as it should be."""
    parts: list[str] = []
    ends: dict[str, int] = {}  # by element, where it ends next: not searched for again and again
    at = 0
    while found := _OPEN_TEXT.search(xml, at):
        end = ends.get(found[1], 0)
        if end < found.end():
            end = ends[found[1]] = xml.find(f"</{found[1]}>", found.end())
        parts.append(xml[at : found.end()])
        at = found.end()
        if end < 0:
            break
        if not _XHTML.search(found[2]):
            pieces = _pieces(xml[at:end])
            pieces[1::2] = [piece[len("<![CDATA[") : -len("]]>")] for piece in pieces[1::2]]
            parts.append(html.escape("".join(pieces), quote=False))
            at = end
    parts.append(xml[at:])
    return "".join(parts) if len(parts) > 1 else xml

"""From bytes to text: what a document is really encoded in.

The order: a byte-order mark; UTF-8 that is valid; what the HTTP header says; what the
document says of itself; at last a guess. Labels are read as browsers read them (WHATWG
Encoding): a page that says latin-1 means windows-1252, one that says gb2312 means GB18030.
"""

import codecs
import re

from charset_normalizer import from_bytes

__all__ = ["decode", "decode_html", "mended"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels whose superset is what their pages are written in.
_SUPERSETS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252", "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gb_2312-80": "gb18030",
    "gbk": "gb18030", "x-gbk": "gb18030", "chinese": "gb18030", "big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "unicode": "utf-16-le", "utf-16": "utf-16-le", "ucs-2": "utf-16-le",
}  # fmt: skip
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# What French, German, Spanish, Italian, Portuguese and Dutch write, and neither Czech nor
# Polish nor Turkish text looks like when it is read as Western.
_WESTERN = re.compile(
    "[\x00-\x7f\xa0£§©«®°·º»¿¡ÀÁÂÄÇÈÉÊÍÓÔÖÜßàáâãäçèéêëíîïñóôõöùúûü€‚„…‘’“”•–—™Œœ]*"
)
# Where a document says what it is encoded in.
_HEAD_BYTES = 4096
# Enough for a guess; guessing costs milliseconds a kilobyte.
_SAMPLE_BYTES = 32_768


# UTF-8 that was read as Windows' Western or Cyrillic, and written as UTF-8 again: "CafÃ©".
_HIGH = {
    ord(bytes([n]).decode("cp1252")): n
    for n in range(0x80, 0xA0)
    if n not in b"\x81\x8d\x8f\x90\x9d"
}
_TAIL = "[\x80-\xbf" + "".join(map(chr, _HIGH)) + "]"
_TWICE = re.compile(f"[ÃÂ]{_TAIL}|â€{_TAIL}|Ð¾|Ðµ|Рѕ|Рµ")
# What text of either kind has somewhere: quickly looked for, and rare in others.
_SIGNS = ("Ã", "Â", "â€", "Ð¾", "Ðµ", "Рѕ", "Рµ")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return a document as text; what no rule can read becomes U+FFFD. Never raises."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for label in (_in_header(content_type), _in_document(body)):
        text = _decoded(body, label)
        if text is not None:
            return text
    return _guessed(body)


def decode_html(html: bytes, content_type: str | None = None) -> str:
    """Return a page as text, without characters that no document may hold."""
    return decode(html, content_type).replace("\x00", "")


def mended(text: str) -> str:
    """Return a document whose texts are encoded once, where one was encoded twice.

    A text between tags is changed only if all of it makes sense when decoded again.
    """
    if text.isascii() or not any(sign in text for sign in _SIGNS) or not _TWICE.search(text):
        return text
    return "<".join(map(_mended_piece, text.split("<")))


def _mended_piece(piece: str) -> str:
    """Return a tag and the text behind it, each decoded again if it was encoded twice."""
    if piece.isascii() or not _TWICE.search(piece):
        return piece
    return ">".join(map(_decoded_again, piece.split(">")))


def _decoded_again(text: str) -> str:
    if not _TWICE.search(text):
        return text
    for to_bytes in (_western, _cyrillic):
        try:
            return to_bytes(text).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _western(text: str) -> bytes:
    return text.translate(_HIGH).encode("latin-1")


def _cyrillic(text: str) -> bytes:
    return text.encode("cp1251")


def _in_header(content_type: str | None) -> str:
    found = _HEADER_CHARSET.search(content_type or "")
    return found[1] if found else ""


def _in_document(body: bytes) -> str:
    head = body[:_HEAD_BYTES]
    found = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    return found[1].decode("ascii", "replace") if found else ""


def _decoded(body: bytes, label: str) -> str | None:
    """Return the text if ``label`` names an encoding that fits most of it."""
    name = _SUPERSETS.get(label.lower(), label.lower())
    if not name or name in {"utf-8", "utf8"}:  # it says so, but it is not: see above
        return _mostly_utf8(body) if name else None
    try:
        text = body.decode(name, "replace")
    except (LookupError, ValueError):
        return None
    return text if text.count("\ufffd") <= len(text) / 100 else None


def _mostly_utf8(body: bytes) -> str | None:
    """Return UTF-8 with a few broken letters; None if it is something else altogether."""
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= len(text) / 1000 + 1 else None


def _guessed(body: bytes) -> str:
    """Return a guess: Windows' Western where all letters are of its languages, else by statistics.

    Statistics are wrong about a headline or two: they need more text than many feeds have.
    """
    western = body.decode("cp1252", "replace")
    if _WESTERN.fullmatch(western):
        return western
    best = from_bytes(body[:_SAMPLE_BYTES]).best()
    return body.decode(best.encoding if best else "cp1252", "replace")

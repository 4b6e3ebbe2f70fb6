"""Decoding of documents whose declared encoding may be wrong.

Tried in this order: a byte-order mark; valid UTF-8; the charset of the HTTP header; that of
the document itself; at last a guess. Labels are read as browsers read them (WHATWG Encoding):
latin-1 means windows-1252, gb2312 means GB18030.
"""

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

__all__ = ["decode", "decode_html", "mended"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels, with the superset that pages under them are really written in.
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
# What French, German, Spanish, Italian, Portuguese and Dutch are written with. Czech, Polish
# or Turkish text has other characters when it is read as Western.
_WESTERN = re.compile(
    "[\x00-\x7f\xa0£§©«®°·º»¿¡ÀÁÂÄÇÈÉÊÍÓÔÖÜßàáâãäçèéêëíîïñóôõöùúûü€‚„…‘’“”•–—™Œœ]*"
)
# Encodings of Python's that no browser knows make them: such a label is passed over.
_SURROGATES = re.compile("[\ud800-\udfff]")
# How far into a document its encoding is looked for.
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
# Such text has at least one of these; a quick test before the expression.
_SIGNS = ("Ã", "Â", "â€", "Ð¾", "Ðµ", "Рѕ", "Рµ")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return a document as text; bytes that cannot be read become U+FFFD. Never raises.

    Lone surrogates are never in it. A byte-order mark decides, or that it is valid UTF-8; then the
    charset in ``content_type``, the HTTP header's value, before the document's own, but neither
    if it does not fit; else a guess. Blocks: a guess costs milliseconds a kilobyte, of 32 KB at
    most.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    with suppress(UnicodeDecodeError):
        return body.decode("utf-8")
    head = body[:_HEAD_BYTES]
    in_header = _HEADER_CHARSET.search(content_type or "")
    in_document = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    labels = [in_header[1]] if in_header else []
    labels += [in_document[1].decode("ascii", "replace")] if in_document else []
    for label in labels:
        name = _SUPERSETS.get(label.lower(), label.lower())
        try:
            text = body.decode(name, "replace")
        except (LookupError, ValueError):
            continue
        # UTF-8 that is not valid (see above) may have a few broken letters, but no more.
        is_utf8 = name in {"utf-8", "utf8"}
        limit = len(text) / 1000 + 1 if is_utf8 else len(text) / 100
        if text.count("\ufffd") <= limit and not _SURROGATES.search(text):
            return text
    # Statistics are wrong about a headline or two: they need more text than many feeds have.
    western = body.decode("cp1252", "replace")
    if _WESTERN.fullmatch(western):
        return western
    best = from_bytes(body[:_SAMPLE_BYTES]).best()
    text = body.decode(best.encoding if best else "cp1252", "replace")
    return _SURROGATES.sub("\ufffd", text)


def decode_html(html: bytes, content_type: str | None = None) -> str:
    """Return a page as ``decode`` does, and at its cost, without NUL characters."""
    return decode(html, content_type).replace("\x00", "")


def mended(text: str) -> str:
    """Return a document with the texts that were encoded twice decoded once more.

    A text between tags is changed only if all of it makes sense when decoded again. Linear;
    never raises.
    """
    if text.isascii() or not any(sign in text for sign in _SIGNS) or not _TWICE.search(text):
        return text
    pieces = re.split("([<>])", text)
    for n, piece in enumerate(pieces):
        if piece.isascii() or not _TWICE.search(piece):
            continue
        try:
            pieces[n] = piece.translate(_HIGH).encode("latin-1").decode("utf-8")
        except UnicodeError:  # not Western: then Cyrillic
            with suppress(UnicodeError):
                pieces[n] = piece.encode("cp1251").decode("utf-8")
    return "".join(pieces)

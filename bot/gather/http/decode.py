"""Decoding of documents whose declared encoding may be wrong.

Tried in this order: a byte-order mark; ISO-2022-JP by its escapes; UTF-8, valid or nearly; the
charset of the HTTP header; that of the document itself; at last a guess. ISO-8859-1 is tried
last of the two, since servers name it by default. Labels are read as browsers read them.
"""

import codecs
import re
from collections.abc import Iterable
from contextlib import suppress

from charset_normalizer import from_bytes

from bot.gather.http.encoding_labels import codec_of

__all__ = ["decode", "decode_html", "mended"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# How ISO-2022-JP, which is ASCII otherwise, begins its Japanese characters.
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\([IJ]")
# Characters of several bytes; text of other encodings has hardly any that are valid.
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xf0-\xf4][\x80-\xbf]{3}"
)
# So many valid characters to a broken one make it UTF-8 with a fault.
_VALID_TO_BROKEN = 4
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

    Lone surrogates are never in it. A byte-order mark decides, or that it is UTF-8 but for a few
    bytes; then the charset in ``content_type``, the HTTP header's value, and the document's own,
    but neither if it does not fit; else a guess. Of a header with ISO-8859-1, a server's default,
    and another charset in the document, the document's counts. Blocks: a guess costs milliseconds
    a kilobyte, of 32 KB at most.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    head = body[:_HEAD_BYTES]
    in_header = _HEADER_CHARSET.search(content_type or "")
    in_document = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    codecs_named = [codec_of(in_header[1])] if in_header else []
    codecs_named += [codec_of(in_document[1].decode("ascii", "replace"))] if in_document else []
    if (
        b"\x1b" in body
        and _JIS_ESCAPE.search(body)
        and ("iso2022-jp-ext" in codecs_named or body.isascii())
    ):
        return body.decode("iso2022-jp-ext", "replace")
    for wide in ("utf-16-le", "utf-16-be"):  # without its mark
        if head.startswith("<".encode(wide)):
            return _SURROGATES.sub("\ufffd", body.decode(wide, "replace"))
    with suppress(UnicodeDecodeError):
        return body.decode("utf-8")
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(1 for _ in _MULTIBYTE.finditer(body)) >= _VALID_TO_BROKEN * broken:
        return text
    return _labelled(body, codecs_named) or _guessed(body)


def _labelled(body: bytes, names: Iterable[str]) -> str:
    """Return the text by the first of the codecs that fits it, "" if none does."""
    # A document that names an encoding knows better than a server that names the default.
    for name in sorted(filter(None, names), key=lambda name: name == "cp1252"):
        text = body.decode(name, "replace")
        # UTF-8 that is not valid (see above) may have a few broken letters, but no more.
        limit = len(text) / 1000 + 1 if name == "utf-8" else len(text) / 100
        if text.count("\ufffd") <= limit and not _SURROGATES.search(text):
            return text
    return ""


def _guessed(body: bytes) -> str:
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

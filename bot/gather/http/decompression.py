"""Streaming decompression with an output limit.

A few hundred bytes can stand for gigabytes. So no piece is ever decompressed whole: zlib
returns at most what still fits and one byte more, by which an overflow is noticed.
"""

import zlib

from bot.errors import SourceUnavailable, TooLarge

__all__ = ["OFFERED", "DecompressedBody", "unpacked"]

# What the standard library decompresses with a limit.
OFFERED = "gzip, deflate"
# Codings that no answer should have, since we did not offer them.
_UNREADABLE = frozenset({"br", "zstd", "compress", "x-compress"})
_GZIP_MAGIC = b"\x1f\x8b"
# How compressed files begin, with the coding that reads them: no text begins so.
_FILES = {b"\x1f\x8b\x08": "gzip", b"\x78\x9c": "deflate", b"\x78\xda": "deflate"}
_SNIFFED_BYTES = 3
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


def unpacked(body: bytes, *, max_bytes: int) -> bytes:
    """Return a document, decompressed if it is a compressed file.

    Raises TooLarge where that has over ``max_bytes``, SourceUnavailable where it is broken. Blocks.
    """
    if not body.startswith(tuple(_FILES)):
        return body
    received = DecompressedBody("", max_bytes=max(max_bytes, len(body)))
    received.add(body)
    return received.whole()


class DecompressedBody:
    """A response body, decompressed from its ``Content-Encoding`` piece by piece.

    ``max_bytes`` limits both what comes over the wire and what it decompresses to. A document that
    is a compressed file itself (sitemap.xml.gz), whatever its coding, is decompressed, too, under
    the same limit; ``is_file`` is whether it is one already, and nothing within it is looked at.
    Raises SourceUnavailable for a coding we cannot read; an empty or unknown one is taken for none.
    """

    def __init__(self, coding: str, *, max_bytes: int, is_file: bool = False) -> None:
        self._coding = coding.strip().lower()
        if self._coding in _UNREADABLE or "," in self._coding:
            raise SourceUnavailable("unknown-compression", coding=self._coding[:40])
        self._max_bytes = max_bytes
        self._wire_bytes = 0
        self._read_bytes = 0
        self._pieces = bytearray()
        self._file: DecompressedBody | None = None
        self._is_plain = is_file  # known to be no compressed file
        self._held = b""
        self._inflater: zlib._Decompress | None = None
        self._inflates = self._coding in {"gzip", "x-gzip", "deflate"}

    def add(self, piece: bytes) -> None:
        """Decompress the next piece from the wire.

        What follows the end of the compressed data is dropped. Raises TooLarge over the limit,
        SourceUnavailable for broken data; nothing may be added after that, nor the body read.
        Blocks while it decompresses, so pieces should be small (64 KB).
        """
        self._wire_bytes += len(piece)
        if self._wire_bytes > self._max_bytes:
            raise TooLarge("too-many-bytes", n=self._max_bytes)
        if not self._inflates:
            self._take(piece)
            return
        piece, self._held = self._held + piece, b""
        while piece:
            if self._inflater is None or self._inflater.eof:
                if len(piece) < 2:  # the format shows in the first two bytes
                    self._held = piece
                    return
                # gzip may consist of several members; else some servers pad the end.
                if self._inflater is not None and not piece.startswith(_GZIP_MAGIC):
                    return
                self._inflater = zlib.decompressobj(self._window(piece))
            room = self._max_bytes - self._read_bytes
            try:
                read = self._inflater.decompress(piece, room + 1)
            except zlib.error as error:
                raise SourceUnavailable("broken-compression") from error
            if len(read) > room:
                raise TooLarge("too-many-bytes", n=self._max_bytes)
            self._take(read)
            piece = self._inflater.unused_data if self._inflater.eof else b""

    def whole(self) -> bytes:
        """Return the body, once its last piece was added.

        b"" if there was none. Raises SourceUnavailable if it was cut short. Copies the body.
        """
        is_whole = self._inflater.eof if self._inflater else not self._held
        if not is_whole:
            raise SourceUnavailable("cut-short")
        return self._file.whole() if self._file else bytes(self._pieces)

    def _take(self, read: bytes) -> None:
        """Take the next piece of the document, and decompress it if that is a compressed file."""
        self._read_bytes += len(read)
        if self._file is not None:
            self._file.add(read)
            return
        self._pieces += read
        if self._is_plain or len(self._pieces) < _SNIFFED_BYTES:
            return
        head = bytes(self._pieces[:_SNIFFED_BYTES])
        coding = next((coding for magic, coding in _FILES.items() if head.startswith(magic)), "")
        self._is_plain = not coding
        if coding:
            self._file = DecompressedBody(coding, max_bytes=self._max_bytes, is_file=True)
            self._file.add(bytes(self._pieces))
            self._pieces.clear()

    def _window(self, piece: bytes) -> int:
        """Return zlib's ``wbits`` for data that begins with ``piece``."""
        if piece.startswith(_GZIP_MAGIC) or self._coding != "deflate":
            return _GZIP
        # "deflate" comes with zlib's header or without it (RFC 9110, 8.4.1.2).
        has_header = piece[0] & 0x0F == zlib.DEFLATED and int.from_bytes(piece[:2]) % 31 == 0
        return _ZLIB if has_header else _RAW_DEFLATE

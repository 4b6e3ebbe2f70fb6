"""Bodies as they arrive: decompressed piece by piece, and never beyond a cap.

A few hundred bytes can stand for gigabytes. So no piece is ever decompressed whole: the
decompressor is asked for what still fits, and for one byte more, which tells that it does not.
"""

import zlib

from bot.errors import SourceUnavailable, TooLarge

__all__ = ["OFFERED", "DecompressedBody"]

# What we can decompress with a cap, from the standard library.
OFFERED = "gzip, deflate"
# Of codings that no answer should have, since we did not offer them.
_UNREADABLE = frozenset({"br", "zstd", "compress", "x-compress"})
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class DecompressedBody:
    """What has been received, decompressed from ``coding``; at most ``max_bytes`` of it.

    The cap holds for what came over the wire, too. Raises SourceUnavailable for a coding we
    cannot read, TooLarge over a cap.
    """

    def __init__(self, coding: str, *, max_bytes: int) -> None:
        self._coding = coding.strip().lower()
        if self._coding in _UNREADABLE or "," in self._coding:
            raise SourceUnavailable("unknown-compression", coding=self._coding[:40])
        self._max_bytes = max_bytes
        self._wire_bytes = 0
        self._pieces = bytearray()
        self._held = b""
        self._inflater: zlib._Decompress | None = None
        self._inflates = self._coding in {"gzip", "x-gzip", "deflate"}

    def add(self, piece: bytes) -> None:
        """Take the next piece from the wire."""
        self._wire_bytes += len(piece)
        if self._wire_bytes > self._max_bytes:
            raise TooLarge("too-many-bytes", n=self._max_bytes)
        if not self._inflates:
            self._pieces += piece
            return
        try:
            self._inflate(piece)
        except zlib.error as error:
            raise SourceUnavailable("broken-compression") from error

    def whole(self) -> bytes:
        """Return all of it, once the last piece is in; raises SourceUnavailable if cut short."""
        is_whole = self._inflater.eof if self._inflater else not self._held
        if not is_whole:
            raise SourceUnavailable("cut-short")
        return bytes(self._pieces)

    def _inflate(self, piece: bytes) -> None:
        piece, self._held = self._held + piece, b""
        while piece:
            if self._inflater is None or self._inflater.eof:
                if len(piece) < 2:  # how it is packed shows in two bytes
                    self._held = piece
                    return
                if not self._begin(piece):
                    return
            piece = self._continue(piece)

    def _begin(self, piece: bytes) -> bool:
        """Tell whether ``piece`` begins something packed: gzip may hold several members."""
        if self._inflater is not None and not piece.startswith(_GZIP_MAGIC):
            return False  # some servers pad the end
        self._inflater = zlib.decompressobj(self._window(piece))
        return True

    def _continue(self, piece: bytes) -> bytes:
        """Take ``piece`` in, and return what of it lies behind the end of its member."""
        assert self._inflater is not None
        room = self._max_bytes - len(self._pieces)
        self._pieces += self._inflater.decompress(piece, room + 1)
        if len(self._pieces) > self._max_bytes:
            raise TooLarge("too-many-bytes", n=self._max_bytes)
        return self._inflater.unused_data if self._inflater.eof else b""

    def _window(self, piece: bytes) -> int:
        """Return how ``piece`` is packed: deflate comes with a header or without."""
        if piece.startswith(_GZIP_MAGIC) or self._coding != "deflate":
            return _GZIP
        has_header = piece[0] & 0x0F == zlib.DEFLATED and int.from_bytes(piece[:2]) % 31 == 0
        return _ZLIB if has_header else _RAW_DEFLATE

"""Bodies in pieces: the same bytes come out, however they were cut and packed."""

import gzip
import zlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import SourceUnavailable, TooLarge
from bot.gather.http.decompression import DecompressedBody


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKED = {
    "": bytes,
    "gzip": gzip.compress,
    "x-gzip": lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:]),
    " Deflate ": zlib.compress,
    "deflate": raw_deflate,
}


@given(body=st.binary(), coding=st.sampled_from(sorted(PACKED)), size=st.integers(1, 40))
def test_what_was_packed_comes_out_whole(body, coding, size):
    assume(not body.startswith(b"\x1f\x8b"))  # a file in gzip is unpacked as well
    packed = PACKED[coding](body)
    received = DecompressedBody(coding, max_bytes=len(body) + len(packed))
    for start in range(0, len(packed), size):
        received.add(packed[start : start + size])
    assert received.whole() == body


@given(packed=st.binary(), coding=st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_read_or_refused(packed, coding):
    received = DecompressedBody(coding, max_bytes=1000)
    try:
        received.add(packed)
        assert len(received.whole()) <= 1000
    except (SourceUnavailable, TooLarge):
        pass


def test_a_packed_body_is_capped_before_it_is_held():
    received = DecompressedBody("gzip", max_bytes=1000)
    with pytest.raises(TooLarge, match="too-many-bytes n=1000"):
        received.add(gzip.compress(bytes(50_000_000)))
    assert len(received._pieces) <= 1001


def test_what_comes_over_the_wire_is_capped_too():
    packed = gzip.compress(b"")
    received = DecompressedBody("gzip", max_bytes=len(packed))
    received.add(packed)
    with pytest.raises(TooLarge):
        received.add(packed)


def test_a_body_without_a_byte_is_empty_in_any_coding():
    assert DecompressedBody("gzip", max_bytes=10).whole() == b""


def test_a_single_byte_is_a_body_cut_short():
    received = DecompressedBody("gzip", max_bytes=10)
    received.add(b"\x1f")
    with pytest.raises(SourceUnavailable, match="cut-short"):
        received.whole()


def test_codings_that_were_not_offered_and_broken_ones_are_refused():
    with pytest.raises(SourceUnavailable, match="unknown-compression coding=br"):
        DecompressedBody("br", max_bytes=10)
    with pytest.raises(SourceUnavailable, match="broken-compression"):
        DecompressedBody("gzip", max_bytes=10).add(b"no gzip")


def test_what_follows_the_last_member_is_padding():
    received = DecompressedBody("gzip", max_bytes=1000)
    received.add(gzip.compress(b"all") + bytes(100))
    assert received.whole() == b"all"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "x-compress", "gzip, gzip"])
def test_every_coding_that_we_cannot_read_is_refused(coding):
    with pytest.raises(SourceUnavailable, match="unknown-compression"):
        DecompressedBody(coding, max_bytes=10)


def test_a_body_may_be_exactly_as_long_as_allowed():
    for coding, pack in (("", bytes), ("gzip", gzip.compress)):
        received = DecompressedBody(coding, max_bytes=1000)
        received.add(pack(bytes(1000)))
        assert received.whole() == bytes(1000)
        with pytest.raises(TooLarge):
            DecompressedBody(coding, max_bytes=999).add(pack(bytes(1000)))


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_compressed_file_is_decompressed_whatever_its_coding(coding, pack):
    document = b"<urlset>" + b"<url/>" * 1000
    sent = pack(document)
    sent = {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, bytes)(sent)
    body = DecompressedBody(coding, max_bytes=10_000)
    for n in range(0, len(sent), 7):
        body.add(sent[n : n + 7])
    assert body.whole() == document


def test_a_compressed_file_is_capped_and_opened_once():
    bomb = gzip.compress(bytes(1_000_000))
    with pytest.raises(TooLarge):
        DecompressedBody("", max_bytes=10_000).add(bomb)
    with pytest.raises(TooLarge):
        DecompressedBody("gzip", max_bytes=10_000).add(gzip.compress(bomb))
    inner = gzip.compress(gzip.compress(b"three times"))
    body = DecompressedBody("gzip", max_bytes=10_000)
    body.add(gzip.compress(inner))
    assert gzip.decompress(body.whole()) == b"three times"


def test_a_compressed_file_that_is_cut_or_broken_is_refused():
    packed = gzip.compress(b"<rss/>" * 100)
    body = DecompressedBody("", max_bytes=10_000)
    body.add(packed[:-20])
    with pytest.raises(SourceUnavailable):
        body.whole()
    with pytest.raises(SourceUnavailable):
        DecompressedBody("", max_bytes=10_000).add(b"\x1f\x8b\x08" + b"x" * 100)

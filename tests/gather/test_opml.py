"""Lists of feeds, in and out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAFeed, TooLarge
from bot.gather.feeds.opml import MAX_BYTES, MAX_FEEDS, ListedFeed, read_opml, write_opml

NOW = datetime(2025, 6, 4, 7, tzinfo=UTC)


def opml(body: str) -> bytes:
    return (
        f'<opml version="2.0"><head><title>Mine</title></head><body>{body}</body></opml>'.encode()
    )


def test_feeds_come_in_order_and_once_whatever_folder_they_lie_in():
    found = read_opml(
        opml(
            '<outline text="News"><outline text="Häfen" type="rss" xmlUrl="https://a.example/f"/>'
            '<outline text="Again" type="rss" xmlUrl="https://a.example/f"/></outline>'
            '<outline title="B" xmlUrl="http://b.example/f?x=1&amp;y=2"/>'
        )
    )
    assert found.feeds == (
        ListedFeed(url="https://a.example/f", title="Häfen"),
        ListedFeed(url="http://b.example/f?x=1&y=2", title="B"),
    )
    assert found.omitted == 0


def test_a_broken_list_is_read_as_far_as_it_goes():
    body = opml(
        '<outline text="A & B" type="rss" xmlUrl="https://a.example/?x=1&y=2">'
    ).removesuffix(b"/body></opml>")
    assert read_opml(body).feeds == (ListedFeed(url="https://a.example/?x=1&y=2", title="A & B"),)


def test_a_list_that_trips_the_parser_is_read_all_the_same():
    feed = '<outline type="rss" text="Quay" xmlUrl="https://a.example/f"/>'
    found = read_opml(f"<rdf:RDF><rdf:RDF/><outline>{feed}<rdf:RDF/>".encode())
    assert found.feeds == (ListedFeed(url="https://a.example/f", title="Quay"),)
    assert read_opml(b"<rdf:RDF/><outline><rdf:RDF/>").feeds == ()


def test_addresses_that_no_reader_opens_are_left_out():
    urls = ("javascript:alert(1)", "file:///etc/passwd", "", "tg://resolve?domain=x")
    body = opml("".join(f'<outline type="rss" text="x" xmlUrl="{url}"/>' for url in urls))
    assert read_opml(body).feeds == ()


def test_a_flood_is_cut_and_counted():
    line = '<outline type="rss" text="x" xmlUrl="https://a.example/{}"/>'
    found = read_opml(opml("".join(line.format(n) for n in range(MAX_FEEDS + 7))))
    assert len(found.feeds) == MAX_FEEDS
    assert found.omitted == 7


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body>x</body></html>", b"{}"])
def test_what_is_no_list_is_refused(body):
    with pytest.raises(NotAFeed):
        read_opml(body)


def test_a_list_with_entities_of_its_own_is_refused():
    attack = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + opml(
        '<outline type="rss" text="&x;" xmlUrl="https://a.example/f"/>'
    )
    with pytest.raises(NotAFeed, match="own-entities"):
        read_opml(attack)


def test_a_huge_list_is_not_even_read():
    with pytest.raises(TooLarge):
        read_opml(b" " * (MAX_BYTES + 1))


@given(
    titles=st.lists(st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=30)),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(titles):
    feeds = tuple(
        ListedFeed(url=f"https://h.example/{n}?a=1&b={n}", title=" ".join(title.split()))
        for n, title in enumerate(titles)
    )
    found = read_opml(write_opml(feeds, title="Mine", now=NOW).encode()).feeds
    assert [feed.url for feed in found] == [feed.url for feed in feeds]
    # An untitled feed is shown under its address.
    assert [feed.title for feed in found] == [feed.title or feed.url for feed in feeds]


def test_every_outline_says_what_it_is():
    text = write_opml([ListedFeed(url="https://a.example/f")], title="a <b> & c", now=NOW)
    assert '<outline type="rss" text="https://a.example/f"' in text
    assert "<title>a &lt;b&gt; &amp; c</title>" in text
    assert "Wed, 04 Jun 2025 07:00:00 +0000" in text


def test_a_title_has_two_hundred_characters_at_most():
    outline = '<outline type="rss" text="{}" xmlUrl="https://a.example/f"/>'
    (feed,) = read_opml(opml(outline.format("x" * 201))).feeds
    assert feed.title == "x" * 200


def test_a_list_of_eight_megabytes_is_read_and_of_five_thousand_feeds():
    assert (MAX_BYTES, MAX_FEEDS) == (8_000_000, 5000)
    with pytest.raises(TooLarge, match="list-too-long n=8"):
        read_opml(b" " * 8_000_001)
    with pytest.raises(NotAFeed):
        read_opml(b" " * 8_000_000)


def test_addresses_of_feeds_may_say_so():
    outline = '<outline type="rss" text="x" xmlUrl="{}"/>'
    urls = ("feed://a.example/f", "FEED:https://b.example/f", "HTTP://c.example/f")
    found = read_opml(opml("".join(map(outline.format, urls)))).feeds
    assert tuple(feed.url for feed in found) == urls

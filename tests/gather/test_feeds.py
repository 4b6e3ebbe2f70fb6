"""Feeds of every kind, and of no kind."""

import gzip
import html
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAFeed
from bot.gather.feeds.discovery import find_feeds
from bot.gather.feeds.entries import FLOOD_ENTRIES, FLOOD_KEPT, MAX_TITLE_CHARS, absolute, newest
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.listing import read_listing
from bot.gather.feeds.sitemaps import read_sitemap, read_sitemap_index

URL = "https://harbour.example/feed.xml"
CRAFTED = json.loads(Path("tests/data/gather/losses.json").read_text("utf-8"))
REAL = Path("../shared/data/feeds")
HOSTILE = Path("../shared/data/hostile")


def rss(items: str, head: str = "") -> bytes:
    channel = f"<title>Harbour Post</title><link>https://harbour.example/</link>{head}"
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def item(n: int = 1, more: str = "") -> str:
    return f"<item><title>Item {n}</title><link>https://harbour.example/{n}</link>{more}</item>"


@pytest.mark.parametrize("case", CRAFTED, ids=lambda case: case["name"])
def test_nothing_is_lost_of(case):
    body = case["xml"].encode(case["encoding"])
    (entry,) = parse_feed(body, url=URL).entries
    assert (entry.title, entry.url) == (case["title"], case["url"])
    (listed,) = read_listing(body, URL).entries
    assert " ".join(listed.text.split()) == case["text"]


def test_rss_says_who_when_and_in_which_language():
    feed = parse_feed(
        rss(
            item(
                1,
                "<guid>g1</guid><author>Ann Oru</author>"
                "<pubDate>Wed, 04 Jun 2025 09:00:00 +0200</pubDate>",
            ),
            "<language>pt-BR</language>",
        ),
        url=URL,
    )
    assert (feed.title, feed.language) == ("Harbour Post", "pt")
    (entry,) = feed.entries
    assert (entry.id, entry.author) == ("g1", "Ann Oru")
    assert entry.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)


def test_atom_says_when_it_was_updated():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>H</title><id>f</id>
    <entry><id>1</id><title>Damm</title><link href="https://harbour.example/1"/>
    <published>2025-06-04T07:00:00Z</published><updated>2025-06-04T08:00:00Z</updated></entry></feed>"""
    feed = parse_feed(body, url=URL)
    (entry,) = feed.entries
    assert feed.language == "de"
    assert entry.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)
    assert entry.updated_at == datetime(2025, 6, 4, 8, tzinfo=UTC)


def test_json_feed_is_read():
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Harbour Post",
            "language": "en-GB",
            "items": [
                {
                    "id": "1",
                    "url": "/1",
                    "title": "Dam &amp; river",
                    "content_html": "<p>Full.</p>",
                    "date_published": "2025-06-04T07:00:00Z",
                },
                {
                    "id": "2",
                    "external_url": "https://b.example/2",
                    "content_text": "A note\nof two",
                },
                "nonsense",
            ],
        }
    ).encode()
    feed = parse_feed(body, url=URL)
    first, second = feed.entries
    assert (feed.title, feed.language) == ("Harbour Post", "en")
    assert (first.url, first.title, first.html) == (
        "https://harbour.example/1",
        "Dam & river",
        "<p>Full.</p>",
    )
    assert first.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)
    assert (second.url, second.title) == ("https://b.example/2", "A note")


@pytest.mark.parametrize("guid", ["1", "12", "20250501", "1700000000"])
def test_a_guid_is_no_date(guid):
    feed = parse_feed(
        f"<rss><channel><pubDate>Wed, 04 Jun 2025 07:00:00 GMT</pubDate>"
        f"<item><title>Dam</title><link>/1</link><guid>{guid}</guid></item>"
        f"<item><title>Ferry</title><link>/2</link><guid>{guid}2</guid>"
        f"<pubDate>Wed, 04 Jun 2025 07:00:00 GMT</pubDate></item></channel></rss>".encode(),
        url=URL,
    )
    assert [entry.published_at and entry.published_at.day for entry in feed.entries] == [None, 4]


def test_an_index_of_sitemaps_names_the_newest_first():
    body = b"""<?xml version="1.0"?>
    <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://harbour.example/about.xml</loc></sitemap>
      <sitemap><loc>/2025-06-03.xml</loc><lastmod>2025-06-03T10:00:00Z</lastmod></sitemap>
      <sitemap><loc> https://harbour.example/2025-06-04.xml </loc><lastmod>2025-06-04</lastmod>
      </sitemap><sitemap><loc>javascript:alert(1)</loc></sitemap><sitemap></sitemap>
    </sitemapindex>"""
    feed = parse_feed(body, url="https://harbour.example/index.xml")
    names = [url.removeprefix("https://harbour.example/") for url in feed.sitemaps]
    assert names == ["2025-06-04.xml", "2025-06-03.xml", "about.xml"]
    assert feed.entries == ()


@pytest.mark.parametrize(
    "inside", ["", "<sitemap/>", "<sitemap><loc>mailto:x@y.example</loc></sitemap>"]
)
def test_an_index_without_sitemaps_is_no_feed(inside):
    with pytest.raises(NotAFeed):
        parse_feed(f"<sitemapindex>{inside}</sitemapindex>".encode(), url="https://a.example/")


@pytest.mark.parametrize("read", [read_sitemap, partial(read_sitemap_index, url=URL)])
@pytest.mark.parametrize("xml", ["", "\x00", "\ud800", "<urlset>\ud800</urlset>"])
def test_what_is_no_sitemap_is_no_feed(read, xml):
    with pytest.raises(NotAFeed):
        read(xml)


def test_a_label_that_makes_half_characters_spoils_no_sitemap():
    body = b'<?xml version="1.0" encoding="unicode_escape"?><urlset>\\ud800\xff</urlset>'
    with pytest.raises(NotAFeed):
        parse_feed(body, url=URL)


def test_half_characters_of_a_json_feed_are_replaced():
    body = rb'{"items":[{"id":"\ud800","url":"/\udc00","content_text":"Dam \ud83d\ude00 \ud800"}]}'
    (entry,) = parse_feed(body, url=URL).entries
    assert (entry.id, entry.url) == ("\ufffd", "https://harbour.example/\ufffd")
    assert entry.text == "Dam \U0001f600 \ufffd"


def test_a_news_sitemap_is_a_feed():
    body = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://harbour.example/about</loc></url>
    <url><loc> https://harbour.example/1 </loc><news:news><news:publication><news:name>Harbour Post
    </news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2025-06-04T07:00:00+00:00</news:publication_date>
    <news:title>Dam &amp; river</news:title></news:news></url></urlset>"""
    feed = parse_feed(body, url="https://harbour.example/news.xml")
    (entry,) = feed.entries
    assert (feed.title, feed.language) == ("Harbour Post", "en")
    assert (entry.id, entry.url) == ("https://harbour.example/1",) * 2
    assert entry.title == "Dam & river"
    assert entry.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"   ", b"\x00" * 500, b"hello", b"<html><body>news</body></html>", b"{}", b"[1]",
        b'{"items": 3}', b"{" * 5000, b'{"items": [', b"\xff\xd8\xff\xe0" + b"JFIF" * 99,
        b"<urlset><url><loc>https://a.example/1</loc></url></urlset>", b"<rss", b"<urlset>",
        b'<rss version="2.0"><channel><item x="' + b"a" * 70_000 + b'"/></channel></rss>',
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(NotAFeed):
        parse_feed(body, url=URL)


@pytest.mark.parametrize(
    "declaration",
    ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY y "b"><!ENTITY x "&y;&y;">'],
)
def test_entities_of_its_own_are_never_expanded(declaration):
    body = f"<!DOCTYPE rss [{declaration}]>".encode() + rss(
        item(1, "<description>&x;</description>")
    )
    with pytest.raises(NotAFeed, match="own-entities"):
        parse_feed(body, url=URL)


def test_a_doctype_that_declares_nothing_used_is_no_harm():
    body = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "rss-0.91.dtd">' + rss(item())
    assert len(parse_feed(body, url=URL).entries) == 1


def test_a_guid_that_several_entries_share_is_none():
    shared = "<guid>same</guid>"
    entries = parse_feed(rss(item(1, shared) + item(2, shared)), url=URL).entries
    assert [entry.id for entry in entries] == [entry.url for entry in entries]


def test_entries_without_guid_and_address_are_told_apart_by_their_content():
    body = rss("".join(f"<item><title>Item {n}</title></item>" for n in range(3)))
    entries = parse_feed(body, url=URL).entries
    assert len({entry.id for entry in entries}) == 3
    again = parse_feed(body, url=URL).entries
    assert [entry.id for entry in entries] == [entry.id for entry in again]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a", "https://harbour.example/a"),
        ("//b.example/a", "https://b.example/a"),
        (" https://b.example/a ", "https://b.example/a"),
        ("javascript:alert(1)", ""),
        ("tg://resolve?domain=x", ""),
        ("data:text/html,x", ""),
        ("http://[broken/", ""),
        ("https://", ""),
    ],
)
def test_links_are_whole_and_for_the_web_or_none(link, url):
    body = rss(f"<item><title>x</title><link>{html.escape(link)}</link></item>")
    (entry,) = parse_feed(body, url=URL).entries
    assert entry.url == url


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a < b && c > d", "a < b && c > d"),
        ("&lt;b&gt;", "<b>"),
        ("<b>Storm</b> over <i>Orun</i>", "Storm over Orun"),
        ("Storm<br/>over Orun", "Storm over Orun"),
        ("<tg-spoiler>", "<tg-spoiler>"),
        ("</b><a href='http://evil.example'>click</a>", "click"),
        ("AT&amp;T &copy 2025", "AT&T &copy 2025"),
        ("*bold* _it_ [x](http://e.example)", "*bold* _it_ [x](http://e.example)"),
    ],
)
def test_a_title_is_plain_text(title, shown):
    body = rss(f"<item><title><![CDATA[{title}]]></title><link>/1</link></item>")
    assert parse_feed(body, url=URL).entries[0].title == shown


def test_a_flood_is_cut_to_its_newest_and_counted():
    items = "".join(
        item(n, f"<pubDate>{datetime.fromtimestamp(1_700_000_000 + n, UTC).isoformat()}</pubDate>")
        for n in range(FLOOD_ENTRIES + 50)
    )
    feed = parse_feed(rss(items), url=URL)
    assert len(feed.entries) == FLOOD_KEPT
    assert feed.omitted == FLOOD_ENTRIES + 50 - FLOOD_KEPT
    assert feed.entries[-1].title == f"Item {FLOOD_ENTRIES - 1}"


def test_a_long_archive_below_a_flood_is_kept_whole():
    assert len(parse_feed(rss("".join(map(item, range(1200)))), url=URL).entries) == 1200


def test_the_newest_come_in_their_order_and_undated_ones_go_first():
    entries = parse_feed(
        rss(
            item(1, "<pubDate>2025-06-01</pubDate>")
            + item(2)
            + item(3, "<pubDate>2025-06-03</pubDate>")
        ),
        url=URL,
    ).entries
    assert [entry.title for entry in newest(entries, 2)] == ["Item 1", "Item 3"]
    assert newest(entries, 3) is entries


def test_a_giant_title_is_cut():
    body = rss(f"<item><title>{'x' * 3_000_000}</title><link>/1</link></item>")
    assert len(parse_feed(body, url=URL).entries[0].title) == MAX_TITLE_CHARS


def test_deep_nesting_costs_nothing():
    deep = "<div>" * 5_000 + "x" + "</div>" * 5_000
    body = rss(item(1, f"<description>{deep}</description>"))
    assert parse_feed(body, url=URL).entries[0].title == "Item 1"


@pytest.mark.parametrize(
    "bomb",
    [
        "<![CDATA[" * 200_000,
        "<!--" * 200_000,
        "<title>a<b>" + "<![CDATA[" * 200_000 + "</title>]]>",
        "<!DOCTYPE" * 100_000,
        "<!DOCTYPE x [" + "]" * 500_000,
        "<title>a<b>" * 100_000,
        "<item><title>" + "&" * 500_000,
        "<item><title>" + "<" * 500_000,
        "<item><pubDate>" + "1 " * 99 + "</pubDate></item>" * 1_000,
        "<item><title>" + "Ã©" * 300_000,
        "<link x='" * 100_000,
    ],
    ids=lambda bomb: bomb[:12],
)
@pytest.mark.timeout(60)
def test_what_is_built_to_take_for_ever_does_not(bomb):
    for document in (rss(bomb), bomb.encode() + rss(item())):
        try:
            parse_feed(document, url=URL)
        except NotAFeed:
            continue


def test_the_slow_parser_is_asked_where_the_fast_one_fails():
    body = (
        b'<rss version="2.0"><channel><title>H</title>'
        b"<item><title>One</title><link>/1</link></item><item><title>Two</title>"
    )
    assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["One", "Two"]


def test_feeds_of_a_page_come_declared_ones_first():
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/declared">
    <link rel="stylesheet" href="/style.css"><link rel="alternate" hreflang="de" href="/de"></head>
    <body><a href="/about">About</a><a href="/news.rss">Feed</a>
    <a href="mailto:rss@x">m</a></body>"""
    found = find_feeds(page, url="https://harbour.example/news/")
    assert found[:2] == ("https://harbour.example/declared", "https://harbour.example/news.rss")
    assert "https://harbour.example/feed" in found
    assert all(url.startswith("https://") for url in found)


def test_what_is_no_address_costs_a_page_none_of_its_feeds():
    page = b"""<link rel=alternate type="application/rss+xml" href="http://[x/feed">
    <a href="http://[y/feed">Feed</a><a href="/news.rss">Feed</a>"""
    found = find_feeds(page, url="https://harbour.example/")
    assert found[0] == "https://harbour.example/news.rss"


def test_an_address_in_capitals_or_between_spaces_is_one():
    page = b"""<link rel=alternate type="application/rss+xml" href="HTTPS://harbour.example/1">
    <link rel=alternate type="application/rss+xml" href=" https://harbour.example/2 ">"""
    found = find_feeds(page, url="http://harbour.example/")
    assert found[:2] == ("HTTPS://harbour.example/1", "https://harbour.example/2")


def test_a_page_that_names_no_feed_has_usual_places():
    assert find_feeds(b"", url="https://harbour.example/a/b")[0] == "https://harbour.example/feed"


def test_links_that_are_not_for_the_web_are_no_feeds():
    page = b'<a href="httpx://harbour.example/rss">RSS</a>'
    assert find_feeds(page, url="about:blank") == ()


PIECES = st.sampled_from(
    [
        "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<![CDATA[", "]]>", "<!--",
        "-->", "&", "&amp;", "&#0;", "&nbsp;", "<", ">", "<description>", "</description>", "<b>",
        "https://a.example/1", "text", "é", "\x00", "<entry>", "<!DOCTYPE", "[", "]", "<?x", "?>",
        "<pubDate>", "</pubDate>", "2025-06-04", "<guid>", "</guid>", '<link href="/1"/>', "</rss>",
        "<content:encoded>", "</content:encoded>", 'xml:base="/x"', "<media:title>", "\ud7ff", "Ã©",
    ]
)  # fmt: skip


@given(
    pieces=st.lists(PIECES, max_size=40),
    root=st.sampled_from(
        [
            "<rss><channel>",
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<urlset>",
            "<sitemapindex>",
            "{",
            "<rdf:RDF>",
        ]
    ),
)
@settings(max_examples=150, deadline=None)
def test_no_soup_of_tags_breaks_the_reading(pieces, root):
    try:
        feed = parse_feed((root + "".join(pieces)).encode(), url=URL)
    except NotAFeed:
        return
    for entry in feed.entries:
        assert entry.id
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.tzinfo is UTC


def test_what_trips_the_slow_parser_is_left_to_the_fast_one():
    body = b"<rss><channel><item><item><link></item></link>"
    assert parse_feed(body, url=URL).entries


@given(body=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_reading(body):
    for document in (body, b"<rss><channel><item><title>" + body):
        try:
            parse_feed(document, url=URL)
        except NotAFeed:
            continue


WORDS = st.text(
    alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="&;"), min_size=1
)


@given(titles=st.lists(WORDS, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_every_title_comes_back_word_for_word(titles):
    titles = [f"{title} · ÷" for title in titles]  # one sign that no encoding twice would leave
    body = rss(
        "".join(
            f"<item><title>{html.escape(html.escape(title))}</title><link>/{n}</link></item>"
            for n, title in enumerate(titles)
        )
    )
    assert [entry.title for entry in parse_feed(body, url=URL).entries] == titles


@pytest.mark.skipif(not REAL.is_dir(), reason="the real feeds are not here")
def test_real_feeds_lose_no_entry_against_feedparser():
    import feedparser

    for path in sorted(REAL.iterdir())[::12]:
        body = path.read_bytes()
        judge = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries
        if judge:
            assert len(parse_feed(body, url=URL).entries) >= len(judge), path.name


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile documents are not here")
def test_hostile_feeds_end_as_they_should():
    rows = [json.loads(line) for line in (HOSTILE / "documents.jsonl").read_text().splitlines()]
    for row in rows:
        path = HOSTILE / row["file"]
        if row["kind"] != "feed" or not path.exists():
            continue
        try:
            feed = parse_feed(path.read_bytes(), url="http://news.test/feed")
        except NotAFeed:
            assert row["expect"] in {"error", "capped"}, row["name"]
            continue
        assert row["expect"] != "error", row["name"]
        assert len(feed.entries) >= row.get("min_entries", 0), row["name"]
        text = " ".join(entry.title + entry.html for entry in feed.entries)
        assert row.get("contains", "") in text, row["name"]


def test_entries_of_one_address_without_guids_are_known_by_their_content():
    polls = [
        f"<item><title>Poll {n}</title><link>https://harbour.example/poll</link></item>"
        for n in range(3)
    ]
    entries = parse_feed(rss("".join(polls)), url=URL).entries
    assert len({entry.id for entry in entries}) == 3
    assert {entry.url for entry in entries} == {"https://harbour.example/poll"}
    again = parse_feed(rss("".join(reversed(polls))), url=URL).entries
    assert {entry.id for entry in again} == {entry.id for entry in entries}


def test_a_guid_of_its_own_stays_though_the_address_is_shared():
    link = "<link>https://harbour.example/poll</link>"
    items = f"<item><title>A</title>{link}<guid>https://harbour.example/poll</guid></item>"
    items += f"<item><title>B</title>{link}<guid>g2</guid></item>"
    first, second = parse_feed(rss(items), url=URL).entries
    assert (first.id, second.id) == ("https://harbour.example/poll", "g2")


def atom(links: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>'
        f"<entry><title>Dam</title><id>tag:1</id>{links}</entry></feed>"
    ).encode()


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ('<link rel="Self" href="/feed/1"/><link rel="Alternate" type="text/html" href="/1"/>',
         "https://harbour.example/1"),
        ('<link rel="replies" href="/1/comments"/><link href="/1" rel="Alternate"/>',
         "https://harbour.example/1"),
        ('<link rel="enclosure" type="audio/mpeg" href="/1.mp3"/>'
         '<link rel="http://www.iana.org/assignments/relation/alternate" type="Text/HTML"'
         ' href="/1"/>', "https://harbour.example/1"),
        ('<link rel="self" href="https://harbour.example/feed.xml"/>'
         '<link rel="enclosure" type="audio/mpeg" href="/1.mp3"/>', ""),
    ],
)  # fmt: skip
def test_the_page_of_an_atom_entry_is_its_alternative(links, address):
    (entry,) = parse_feed(atom(links), url=URL).entries
    assert entry.url == address


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("www.harbour.example/1", "https://www.harbour.example/1"),
        ("harbour.example/1?a=b", "https://harbour.example/1?a=b"),
        ("news.harbour.example", "https://news.harbour.example"),
        ("www.velt.example/1", "https://www.velt.example/1"),
        ("story.html", "https://harbour.example/story.html"),
        ("2026.03/story", "https://harbour.example/2026.03/story"),
    ],
)
def test_an_address_may_lack_its_scheme(link, address):
    found = f"<item><title>A</title><link>{link}</link></item>"
    (entry,) = parse_feed(rss(found), url=URL).entries
    assert entry.url == address


@pytest.mark.parametrize(
    "written",
    ["<![CDATA[Wed, 04 Jun 2025 09:00:00 +0200]]>", "<![CDATA[\n 4 czerwca 2025 7:00 ]]>"],
)
def test_a_date_may_stand_in_cdata(written):
    (entry,) = parse_feed(rss(item(1, f"<pubDate>{written}</pubDate>")), url=URL).entries
    assert entry.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)


def test_the_language_of_a_feed_tells_what_its_months_mean():
    dated = item(1, "<pubDate>4. lip 2025 07:00</pubDate>")
    for language, month in (("hr", 6), ("pl", 7)):
        feed = parse_feed(rss(dated, f"<language>{language}</language>"), url=URL)
        assert feed.entries[0].published_at == datetime(2025, month, 4, 7, tzinfo=UTC)


def test_a_sitemap_may_be_a_compressed_file_with_undeclared_prefixes():
    xml = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://v.example/1'
        "</loc><news:news><news:title>Ferry</news:title><news:publication_date>2026-03-04"
        "</news:publication_date></news:news></url></urlset>"
    )
    (entry,) = parse_feed(gzip.compress(xml.encode()), url=URL).entries
    assert entry.title == "Ferry"
    with pytest.raises(NotAFeed):
        parse_feed(gzip.compress(bytes(6_000_000)), url=URL)
    with pytest.raises(NotAFeed):
        parse_feed(gzip.compress(xml.encode())[:-9], url=URL)


def test_a_link_repeated_often_hides_no_other_feed():
    page = b"<a href=/rss>x</a>" * 10 + b"<a href=/de/feed>y</a>"
    found = find_feeds(page, url="https://harbour.example/")
    assert found[:2] == ("https://harbour.example/rss", "https://harbour.example/de/feed")


def test_white_space_around_an_address_is_no_part_of_it():
    assert absolute("http://harbour.example/", " https://post.example/1\n") == (
        "https://post.example/1"
    )

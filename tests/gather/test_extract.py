"""The article of a page, with what the page says about itself."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAnArticle
from bot.gather.pages.extract import Extracted, extract_article

URL = "https://www.quay.example/news/ferry"
FIRST = (
    "The ferry line between the two banks opens again on Monday, the harbour office said, after "
    "eleven weeks in which everybody had to cross by the railway bridge."
)
MORE = (
    "Two hundred people wrote to the mayor to ask for it, among them the owner of the bakery on "
    "the eastern quay, who had lost half of her customers to the western one.",
    "The boat was built in the town in the year of the great flood, and has carried school "
    "children, cattle and once a small circus from one bank to the other.",
    "Its engine was taken out in March and sent to a workshop in the hills, where two brothers "
    "made by hand the part that no factory sells any more.",
    "A crossing will cost as much as before. Those who work on the other side keep their yearly "
    "tickets, and will be given back the price of the weeks that they had to walk.",
)
TEXT = "\n".join((FIRST, *MORE))


def page(body: str = "", head: str = "", title: str = "Ferry opens again") -> bytes:
    body = body or "".join(f"<p>{line}</p>" for line in (FIRST, *MORE))
    return (
        f"<html lang='en-GB'><head><title>{title} | Quay</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def read(html: bytes, url: str = URL) -> Extracted:
    return extract_article(html, url=url)


def ld(**data: object) -> str:
    whole = {"@context": "https://schema.org", "@type": "NewsArticle"} | data
    return f'<script type="application/ld+json">{json.dumps(whole)}</script>'


def test_the_article_comes_with_all_that_its_page_says():
    head = (
        ld(datePublished="2026-11-20T07:30:00+01:00", isAccessibleForFree=False)
        + '<meta property="og:site_name" content="Quay Post">'
        + '<link rel="canonical" href="https://quay.example/ferry?utm_source=x">'
    )
    found = read(page(head=head))
    assert found == Extracted(
        title="Ferry opens again",
        text=TEXT,
        published_at=datetime(2026, 11, 20, 6, 30, tzinfo=UTC),
        language="en",
        canonical_url="https://quay.example/ferry",
        paywalled=True,
        outlet="Quay Post",
    )


@pytest.mark.parametrize(
    ("head", "instant"),
    [
        (ld(datePublished="2026-11-20T07:30:00Z"), datetime(2026, 11, 20, 7, 30, tzinfo=UTC)),
        (
            '<meta property="article:published_time" content="2026-11-20T07:30:00-05:00">',
            datetime(2026, 11, 20, 12, 30, tzinfo=UTC),
        ),
        (ld(datePublished="yesterday") + '<meta name="date" content="2026-11-20">', None),
        (ld(datePublished="0001-01-01T00:00:00Z"), None),
        (ld(datePublished=["2026-11-20"]), None),
        ("", None),
    ],
)
def test_the_publication_is_the_pages_own_word_or_unknown(head, instant):
    found = read(page(head=head)).published_at
    if instant is None:
        assert found is None or found == datetime(2026, 11, 20, tzinfo=UTC)
    else:
        assert found == instant


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://quay.example/ferry", "https://quay.example/ferry"),
        ("/ferry", "https://www.quay.example/ferry"),
        ("https://thief.example/ferry", ""),
        ("https://www.quay.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[broken", ""),
        ("https://www.quay.example:99999/ferry", ""),
    ],
)
def test_a_page_speaks_for_addresses_of_its_own_domain_only(link, canonical):
    found = read(page(head=f'<link rel="canonical" href="{link}">'))
    assert found.canonical_url == canonical


@pytest.mark.parametrize("url", ["https://www.quay.example:99999/a", "http://[", ""])
def test_a_page_at_no_address_has_no_canonical_one(url):
    head = "<link rel=canonical href='https://www.quay.example/a'>"
    assert read(page(head=head), url=url).canonical_url == ""


def test_furniture_in_the_markup_is_no_part_of_the_text():
    lines = [FIRST, *MORE]
    body = (
        "<p>By Anna Ort</p>"
        f"<p>{lines[0]}</p><figure><img src='/a.jpg'><figcaption>The quay (The quay)</figcaption>"
        f"</figure><p>{lines[1]}</p><p><a href='/b'>The bridge is painted green</a></p>"
        f"<p>Read also: <a href='/c'>A crane for the eastern quay comes by rail</a></p>"
        + "".join(f"<p>{line}</p>" for line in lines[2:])
        + "<ul><li><a href='/d'>Mayor meets bakers</a></li><li><a href='/e'>Rain</a></li></ul>"
        "<p>Sign up to read this article</p><p>Already a member? Sign in here</p>"
    )
    assert read(page(body)).text == TEXT


def test_an_article_cut_into_boxes_is_read_whole():
    boxes = "".join(f"<div class='chunk body'><p>{a}</p><p>{a[::-1]}.</p></div>" for a in MORE)
    beside = f"<aside class='chunk body'><p>{FIRST}</p><p>{FIRST}</p></aside>"
    text = read(page(f"<div class='chunk body'><p>{FIRST}</p></div>{boxes}{beside}")).text
    assert [line for line in (FIRST, *MORE) if line not in text] == []


def test_below_very_many_elements_nothing_is_lost():
    depth = 400
    body = "<div>" * depth + "".join(f"<p>{line}</p>" for line in (FIRST, *MORE)) + "</div>" * depth
    text = read(page(body)).text
    assert [line for line in (FIRST, *MORE) if line not in text] == []


def test_a_body_in_the_structured_data_stands_in_for_an_empty_page():
    head = ld(articleBody=TEXT, headline="Ferry")
    html = f"<html><head>{head}</head><body><div id='app'></div></body></html>".encode()
    found = read(html)
    assert found.text == TEXT
    assert found.title == "Ferry"


def test_text_without_any_paragraph_tag_is_read():
    flat = "<br><br>".join((FIRST, *MORE))
    assert read(f"<html><body><div>{flat}</div></body></html>".encode()).text == TEXT


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8", ""), ("utf-16", ""), ("shift_jis", "Shift_JIS")]
)
def test_a_page_of_any_encoding_is_read(encoding, declared):
    line = (
        "港湾局は月曜日に渡し船の運航を再開すると発表し、住民は十一週間ぶりに川を渡ることができる。"
    )
    body = "".join(
        f"<p>{line}{n}回目の運航は朝六時に東の岸を出発する予定だという。</p>" for n in range(4)
    )
    meta = f'<meta charset="{declared}">' if declared else ""
    html = (
        f"<html><head>{meta}<title>船</title></head><body><article>{body}</article></body></html>"
    )
    found = read(html.encode(encoding))
    assert line in found.text
    assert found.language == "ja"


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"<html></html>",
        b"<p>Short.</p>",
        b"%PDF-1.7 \x00\xff\xfe",
        b"\x00" * 1_000,
        b"<html><body>" + b"<a href='/x'>Title</a>" * 200,
        b"{" * 5_000,
    ],
)
def test_what_is_no_article_says_so(html):
    with pytest.raises(NotAnArticle):
        read(html)


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[[[[",
        '{"@graph": 7}',
        '{"@type": {"a": 1}}',
        "null",
        '{"@type": "NewsArticle", ' + '"a":' * 50,
    ],
)
def test_broken_structured_data_costs_nothing(data):
    head = f'<script type="application/ld+json">{data}</script>'
    assert read(page(head=head)).text == TEXT


SOUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div>", "<article>", "<table><tr>", "<svg>", "<!--", "]]>", "&#0;", "&amp",
         "<script>", "</script>", "<a href=x>", "<h1>", "<title>", FIRST, "\x00", "<p", "한국"]
    ),
    max_size=60,
)  # fmt: skip


@settings(deadline=None)
@given(SOUP)
def test_a_soup_of_tags_is_an_article_or_none(pieces):
    try:
        found = read("".join(pieces).encode())
    except NotAnArticle:
        return
    assert found.text.strip()
    assert "\x00" not in found.text


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_an_article_or_none(html):
    with pytest.raises(NotAnArticle):
        read(b"<html>" + html)


@pytest.mark.parametrize(
    ("letter", "stop", "chars", "is_article"),
    [
        ("x", ".", 200, True),
        ("x", ".", 199, False),
        ("船", "。", 100, True),
        ("船", "。", 99, False),
        ("배", ".", 101, True),
        ("배", ".", 100, False),
    ],
)
def test_an_article_has_so_many_characters_in_its_script(letter, stop, chars, is_article):
    body = f"<p>{letter * (chars - 1)}{stop}</p>"
    if is_article:
        assert len(read(page(body)).text) == chars
    else:
        with pytest.raises(NotAnArticle, match="no-article"):
            read(page(body))

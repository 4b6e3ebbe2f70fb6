"""Our reading of Telegram's HTML, held against Telegram's own parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.parity import BITS, TAGS, VALUES, differing, read
from bot.tryout.links import LinkError, checked_link, linked_user
from tests.fakes.telegram_oracle import expected_html, expected_link

NAMES = ["href", "class", "expandable", "unix", "format", "emoji-id", "x", "HREF"]

ATTRIBUTES = [
    form.format(name, value)
    for name in NAMES
    for value in VALUES
    for form in (' {}="{}"', "\n{} = '{}'", "  {}={}", " {}")
]
START, END = "start", "end"


@st.composite
def messages(draw):
    """Tags with attributes, mostly closed in their order, among texts and broken pieces."""
    pieces, opened = [], []
    for kind in draw(st.lists(st.sampled_from([START, START, END, *BITS]), max_size=12)):
        if kind == START:
            opened.append(draw(st.sampled_from(TAGS)))
            said = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=2))
            pieces.append(f"<{opened[-1]}{''.join(said)}>")
        elif kind == END:
            pieces.append(f"</{opened.pop()}>" if opened else "")
        else:
            pieces.append(kind)
    is_closed = draw(st.integers(0, 9)) > 0
    return "".join([*pieces, *(f"</{tag}>" for tag in reversed(opened) if is_closed)])


@given(messages())
@settings(max_examples=300, deadline=None)
def test_messages_are_read_and_refused_as_telegram_does(html):
    assert read(html) == expected_html(html)


@pytest.mark.slow
def test_random_messages_are_read_and_refused_as_telegram_does():
    """The short form of ``benchmarks.parity``."""
    assert differing(50_000, seed=1) == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_as_telegram_does(text):
    assert read(text) == expected_html(text)


@pytest.mark.parametrize(
    "html",
    [
        "<b>x",
        "a<x>y",
        "é<b>x</i>",
        "<b",
        "<b ",
        "<b a",
        "<b a=",
        "<b a='b",
        "<b a/>x</b>",
        "<b =>x</b>",
        "<b a=é>x</b>",
        "</b>",
        "<b>x</b",
        "<b>x</ b>",
        "<span>x</span>",
        "<span class='x'>x</span>",
        "<tg-time unix='5' format='rt'>x</tg-time>",
        "<tg-emoji emoji-id='05'>x</tg-emoji>",
        "&#xd83d;",
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(html):
    assert isinstance(read(html), str)
    assert read(html) == expected_html(html)


@pytest.mark.parametrize(
    "html",
    [
        "<B>x</b> <b>y</B>",
        "<b>x</>",
        "<pre><code class='language-py'>x</code></pre>",
        "<code class='language-py'><pre>x</pre></code>",
        "<pre>x<code class='language-py'>y</code></pre>",
        "<code class='language-py'>x</code>",
        "<blockquote expandable>x</blockquote><blockquote EXPANDABLE>y</blockquote>",
        "<tg-time unix='1749187800' format='tw'>x</tg-time>",
        "<tg-time unix='-4294967295'>x</tg-time><tg-time>y</tg-time>",
        "<tg-time unix='5 Jan' format='R'>x</tg-time>",
        f"<tg-time unix='-{'1' * 5_000}'>x</tg-time><tg-time unix='{'1' * 5_000}'>y</tg-time>",
        f"&#{'1' * 5_000};&#x{'1' * 5_000};",
        "<tg-emoji emoji-id='-9223372036854775808'>👍</tg-emoji>",
        "<a href='tg://user?id=7'>x</a><span class='tg-spoiler' class='x'>y</span>",
        "<a>http://x.y</a><a href=''>nowhere</a>",
        "<a href='http://x.y/?a=1&amp;b=2#:~:text=c,d'>z</a>",
        "&lt;&nbsp;&#65;&#x41;&#X41;&#0;&#x110000;&amp",
    ],
)
def test_what_telegram_reads_is_read_alike(html):
    assert not isinstance(read(html), str)
    assert read(html) == expected_html(html)


PIECES = ["http", "https", "HTTP", "ftp", "tg", "ton", "tonsite", "://", ":", "//", "/", "?", "#"]
PIECES += ["@", ".", "a", "B", "é", "😀", "[", "]", "::1", "80", "0", "65536", "%41", "%zz", "%4"]
PIECES += [" ", "-", "_", "~", "!", "<", "\\", "|", "user", "id=5", "&", "=", "localhost", "a.b"]
HEADS = ["", "", "http://", "https://", "tg://", "tg:", "tonsite://", "http://a.b", "a.b:"]
urls = st.builds(
    "{}{}".format,
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)


def link(url):
    if user := linked_user(url):
        return str(user)
    try:
        return checked_link(url)
    except LinkError as error:
        return str(error)


@given(urls)
@settings(max_examples=200, deadline=None)
def test_addresses_become_links_as_at_telegram(url):
    assert link(url) == expected_link(url)


@pytest.mark.slow
@given(urls)
@settings(max_examples=5_000, deadline=None)
def test_very_many_addresses_become_links_as_at_telegram(url):
    assert link(url) == expected_link(url)


@pytest.mark.parametrize("url", ["http://x", "ftp://x.y", "", "javascript:x", "x.y:99999", "[::g]"])
def test_what_is_no_link_is_refused_in_telegrams_words(url):
    with pytest.raises(LinkError) as refused:
        checked_link(url)
    assert str(refused.value) == expected_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "tg://user?id=7",
        "TG:user/?x=1&id=7#a",
        "tg://user?id=07",
        "tg://user?x=1",
        "tg://user?id=1099511627776",
        "tg:resolve?domain=x",
        "tg://a.b/",
        "tg://http://x",
        "ton://u@x",
        "tonsite://X.y",
        "http://.",
        "http://[::1]:080/",
        "[::1]",
        "HTTP://É.Y/é ?#ü ",
        "http://%41.y",
        "http://%4.y",
        "http://a<b.c",
        "http://a b@c.d",
        "http://%4@c.d",
        "x.y:",
        ":80",
    ],
)
def test_each_kind_of_address_becomes_what_telegram_makes_of_it(url):
    assert link(url) == expected_link(url)

"""What makes two addresses the same page."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.gather.http.earlier_keys import earlier_page_key
from bot.gather.http.urls import canonical_url, page_key, registrable_domain


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://Harbour.Example:443/a?utm_source=x&b=1#top", "https://harbour.example/a?b=1"),
        ("https://harbour.example", "https://harbour.example/"),
        ("http://harbour.example:80/a", "http://harbour.example/a"),
        ("http://harbour.example:8080/a", "http://harbour.example:8080/a"),
        ("https://harbour.example/a?fbclid=1&gclid=2&id=7", "https://harbour.example/a?id=7"),
        ("https://harbour.example/a?utm_source=x;id=7", "https://harbour.example/a?id=7"),
        ("https://harbour.example./a", "https://harbour.example/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        (" https://harbour.example/a ", "https://harbour.example/a"),
        ("https://me:word@harbour.example/a?b", "https://harbour.example/a?b"),
    ],
)
def test_an_article_is_known_by_one_address(url, known_as):
    assert canonical_url(url) == known_as


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/a?b=2&a=1",
        "https://harbour.example/a?20260304",
        "https://harbour.example/a?q=&print",
        "https://harbour.example/a?q=caf%e9&x=a%20b+c",
        "https://harbour.example/a?one=1;two=2",
        "https://harbour.example/a?=&&b",
        "https://harbour.example/caf%c3%a9/é;v=1",
        "https://amp.harbour.example/a",
        "https://harbour.example/amp/a",
        "https://harbour.example/a.amp.html",
        "https://harbour.example/a?amp=1",
        "https://harbour.example/a?ref=42&source=archive&docid=3&sc_lang=en",
    ],
)
def test_a_link_is_kept_byte_for_byte(url):
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "tracker",
    [
        "utm_campaign=spring", "source=rss", "source=rss----7f-4", "ref=newsletter", "tag=rss",
        "from=twitter_share", "src=feedburner", "ncid=7", "_gl=1*x", "guccounter=2", "ito=social",
        "pk_campaign=a", "Echobox=17", "xtor=RSS-1", "at_medium=x", "cid=rss.feed", "igsh=abc",
    ],
)  # fmt: skip
def test_where_a_link_was_clicked_makes_no_other_page(tracker):
    assert canonical_url(f"https://harbour.example/a?{tracker}") == "https://harbour.example/a"
    assert canonical_url(f"https://harbour.example/a?id=7&{tracker}&b") == (
        "https://harbour.example/a?id=7&b"
    )


@pytest.mark.parametrize("url", ["", "mailto:x@y.example", "/a", "http://[x", "http://a:b/", "//a"])
def test_what_is_no_web_address_stays(url):
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "twin",
    [
        "http://www.harbour.example/a?id=7",
        "https://harbour.example/a/?id=7&utm_source=feed",
        "https://m.harbour.example/a?id=7",
        "https://mobile.harbour.example/a?id=7#top",
        "https://amp.harbour.example/a?id=7",
        "https://www.harbour.example/amp/a?id=7",
        "https://www.harbour.example/a?id=7&outputType=amp",
        "https://harbour.example/a/amp?id=7",
        "https://harbour.example/a/amp-page/?id=7",
        "https://harbour.example/./b/../%61?%69d=7",
        "https://harbour.example//a;jsessionid=8A?id=7",
        "https://www.google.com/amp/s/www.harbour.example/a?id=7",
        "https://www-harbour-example.cdn.ampproject.org/c/s/amp.harbour.example/a?id=7",
    ],
)
def test_twins_of_a_page_have_one_key(twin):
    assert page_key(twin) == page_key("https://www.harbour.example/a?id=7")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://käse.example/a", "https://xn--kse-qla.example/a"),
        ("https://harbour.example/caf%c3%a9", "https://harbour.example/café"),
        ("https://harbour.example/cafe\u0301", "https://harbour.example/caf%C3%A9"),
        ("https://harbour.example/caf%e9", "https://harbour.example/caf%E9"),
        ("https://harbour.example/a?b=x%20y&a", "https://harbour.example/a?a=&b=x+y"),
        ("https://harbour.example/a/", "https://harbour.example/a/index.html"),
        ("https://en.m.harbour.example/a", "https://en.harbour.example/a"),
    ],
)
def test_spellings_of_an_address_have_one_key(one, other):
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://music.example/reviews/amp/vox", "https://music.example/reviews/vox"),
        ("https://harbour.example/a%2Fb", "https://harbour.example/a/b"),
        ("https://harbour.example/s?a=1;b=2", "https://harbour.example/s?a=1"),
        ("https://harbour.example/s?a=1%26b=2", "https://harbour.example/s?a=1&b=2"),
        ("https://amp.example/a", "https://example/a"),
        ("https://harbour.example/index.php?id=1", "https://harbour.example/index.php?id=2"),
    ],
)
def test_what_only_looks_like_a_twin_has_a_key_of_its_own(one, other):
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize(
    "other",
    [
        "https://harbour.example/a?id=8",
        "https://harbour.example/b?id=7",
        "https://news.harbour.example/a?id=7",
        "https://harbour.example:8080/a?id=7",
        "https://m.example/a?id=7",
    ],
)
def test_other_pages_have_other_keys(other):
    assert page_key(other) != page_key("https://harbour.example/a?id=7")


@given(
    path=st.text(alphabet="abc/-._%20é", max_size=20),
    query=st.lists(st.tuples(st.sampled_from(["a", "id", "utm_x", "fbclid"]), st.text(max_size=5))),
)
@example(path="", query=[("a", " "), ("utm_x", "")])
@example(path="a ", query=[("utm_x", "")])
def test_an_address_known_already_stays(path, query):
    url = f"https://h.example/{path}?" + "&".join(f"{name}={value}" for name, value in query)
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert page_key(once) == page_key(url)


@given(
    host=st.sampled_from(
        ["h.example", "www.h.example", "m.h.example", "m.example", "H.example", "en.m.h.example"]
    ),
    path=st.text(alphabet="abcmp/-.%20é~+", max_size=20) | st.just("a/index.html"),
)
def test_a_key_is_found_the_quick_way_and_the_slow(host, path):
    url = f"https://{host}/{path}"
    assert page_key(url) == page_key(f"{url}?utm_source=x")


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    canonical_url(text)
    canonical_url("https://" + text)
    registrable_domain(text)
    page_key(text)
    page_key("https://" + text)
    page_key("https://h.example/" + text)
    earlier_page_key("https://" + text)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("News.Harbour.COM.", "harbour.com"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("a.b.example.com.au", "example.com.au"),
    ],
)
def test_a_domain_is_what_somebody_registered(host, domain):
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.harbour.quay", "harbour.quay"),
        ("harbour.quay", "harbour.quay"),
        ("2001:DB8::1", "2001:db8::1"),
        ("10.1.2.3.", "10.1.2.3"),
    ],
)
def test_of_an_unknown_ending_two_names_are_a_domain(host, domain):
    assert registrable_domain(host) == domain


def test_a_key_is_of_the_web_or_the_text_itself():
    assert page_key("ftp://www.harbour.example/a?b=1") == "ftp://www.harbour.example/a?b=1"
    assert page_key(" HTTP://www.harbour.example/a?b=1") == page_key(
        "https://harbour.example/a?b=1"
    )
    assert page_key("https://amp.harbour.example/a") == page_key("https://harbour.example/a")


def test_a_scheme_that_begins_like_that_of_the_web_is_another_one():
    assert page_key("httpx://www.harbour.example/a") == "httpx://www.harbour.example/a"
    assert page_key("https-not://harbour.example/a?b=1") == "https-not://harbour.example/a?b=1"


def test_a_key_of_before_is_what_it_was():
    url = "https://www.harbour.example/amp/a?b=2;c&a=%e9&utm_source=x&rss=1"
    assert earlier_page_key(url) == "harbour.example/a?a=%E9&b=2%3Bc"
    assert earlier_page_key("tag:harbour.example,2026:1") == "tag:harbour.example,2026:1"
    assert earlier_page_key("http://[broken") == "http://[broken"

"""What makes two addresses the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.http.urls import canonical_url, page_key, registrable_domain


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://Harbour.Example:443/a?utm_source=x&b=1#top", "https://harbour.example/a?b=1"),
        ("https://harbour.example", "https://harbour.example/"),
        ("http://harbour.example:80/a", "http://harbour.example/a"),
        ("http://harbour.example:8080/a", "http://harbour.example:8080/a"),
        ("https://harbour.example/a?fbclid=1&gclid=2&id=7", "https://harbour.example/a?id=7"),
        ("https://harbour.example/a?b=2&a=1", "https://harbour.example/a?a=1&b=2"),
        ("https://harbour.example/a?q=", "https://harbour.example/a?q="),
        ("https://amp.harbour.example/a", "https://www.harbour.example/a"),
        ("https://harbour.example/amp/a", "https://harbour.example/a"),
        ("https://harbour.example/a/amp/", "https://harbour.example/a"),
        ("https://harbour.example/a.amp.html", "https://harbour.example/a.html"),
        ("https://harbour.example/a?amp=1", "https://harbour.example/a"),
        ("https://harbour.example/champ/amplifier", "https://harbour.example/champ/amplifier"),
        ("https://harbour.example./a", "https://harbour.example/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        (" https://harbour.example/a ", "https://harbour.example/a"),
        ("https://harbour.example/a?q=caf%e9", "https://harbour.example/a?q=caf%E9"),
        ("https://me:word@harbour.example/a?b", "https://harbour.example/a?b="),
    ],
)
def test_an_article_is_known_by_one_address(url, known_as):
    assert canonical_url(url) == known_as


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
    ],
)
def test_twins_of_a_page_have_one_key(twin):
    assert page_key(twin) == page_key("https://www.harbour.example/a?id=7")


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
def test_an_address_known_already_stays(path, query):
    url = f"https://h.example/{path}?" + "&".join(f"{name}={value}" for name, value in query)
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert page_key(once) == page_key(url)


@given(
    host=st.sampled_from(["h.example", "www.h.example", "m.h.example", "m.example", "H.example"]),
    path=st.text(alphabet="abcmp/-.%20é", max_size=20),
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

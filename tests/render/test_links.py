"""Only addresses that are what they seem become links, and links land on sentences."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.fragment import text_directives
from bot.render.links import host_of, link_to, safe_url

PAGE = "https://news.test/a"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://news.test:8080/a?b=1&c=%20#part",
        "http://127.0.0.1:8080/articles/1",
        "http://[2001:db8::1]:80/",
        "https://news.test/it's-(here)~*",
    ],
)
def test_an_ordinary_address_stays_as_it_is(url):
    assert safe_url(url) == url


@pytest.mark.parametrize(
    ("url", "encoded"),
    [
        (" https://news.test/a b ", "https://news.test/a%20b"),
        ('http://news.test/?a="x"&<z>', "http://news.test/?a=%22x%22&%3Cz%3E"),
        ("https://news.test/ü", "https://news.test/%C3%BC"),
        ("https://münchen.test/", "https://xn--mnchen-3ya.test/"),
        ("HTTPS://News.Test/A", "https://news.test/A"),
    ],
)
def test_what_may_not_stand_in_an_address_is_encoded(url, encoded):
    assert safe_url(url) == encoded


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "tg://resolve?domain=evil",
        "data:text/html,x",
        "//news.test/a",
        "news.test/a",
        "https://",
        "https:///a",
        "http://localhost:8080/a",
        "https://./",
        "http://[::1",
        "http://news.test:99999/",
        "http://news.test:port/",
        "https://euronews.test@evil.test/",
        "https://evil.test\\@euronews.test/",
        "https://news.test/\u202egnp.exe",
        "https://news.test/a\nb",
        "https://news.test/\ud800",
        "https://a..ü/",
        "http://[fe80::1%25eth0]/",
        'https://news".test/',
        "https://big news.test/",
        "https://news.test/" + "a" * 2000,
        "https://news.test/" + "ü" * 331,
    ],
)
def test_anything_else_is_no_link(url):
    assert safe_url(url) is None


def test_a_site_is_called_by_its_plain_name():
    assert host_of("https://www.news.test:8080/a") == "news.test"


def test_a_link_lands_on_its_sentences_in_one_run():
    assert link_to(PAGE, ["One dam.", "A second dam."]) == (
        f"{PAGE}#:~:text=One%20dam.&text=A%20second%20dam."
    )


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"{PAGE}#part", f"{PAGE}#part:~:text=Dam."),
        (f"{PAGE}#:~:text=theirs", f"{PAGE}#:~:text=theirs"),
        (f"{PAGE}?q={'a' * 1965}", f"{PAGE}?q={'a' * 1965}#:~:text=Dam."),
        (f"{PAGE}?q={'a' * 1966}", f"{PAGE}?q={'a' * 1966}"),
    ],
)
def test_a_fragment_of_the_address_comes_first(url, target):
    assert link_to(url, ["Dam."]) == target


def test_a_link_to_no_sentence_opens_the_page():
    assert link_to(PAGE, []) == PAGE
    assert link_to(PAGE, ["", " "]) == PAGE


def test_what_a_directive_uses_itself_is_encoded():
    assert text_directives(["well-known, R&D"]) == "text=well%2Dknown%2C%20R%26D"


def test_a_long_sentence_is_given_by_its_ends():
    sentence = (
        "The reservoir reached ninety-one per cent on Wednesday, " + "word " * 20 + "it said."
    )
    assert unquote(text_directives([sentence])) == (
        "text=The reservoir reached ninety-one per,word word word it said."
    )


def test_a_long_sentence_without_spaces_is_given_by_its_clauses():
    sentence = "春の雨が続き、" + "水位は" * 30 + "、一年早く満水になった。"
    assert unquote(text_directives([sentence])) == "text=春の雨が続き、,一年早く満水になった。"


@pytest.mark.parametrize("comma", "，、；")
def test_a_long_sentence_that_ends_in_a_comma_is_given_by_two_clauses(comma):
    sentence = "大坝已满，" + "水位" * 40 + "，比去年早一个月" + comma
    assert unquote(text_directives([sentence])) == f"text=大坝已满，,比去年早一个月{comma}"


@pytest.mark.parametrize(
    "sentence",
    [
        "水" * 81,
        "a" * 81,
        "w" * 90 + "、" + "x" * 90,
        "水" * 81 + "，",
        "大坝已满，" + "水" * 81 + "，",
    ],
)
def test_a_long_sentence_without_ends_points_nowhere(sentence):
    assert text_directives([sentence]) == ""
    assert text_directives([sentence, "Short."]) == "text=Short."


@given(st.text(min_size=1))
def test_a_directive_holds_no_character_that_means_something(sentence):
    directives = text_directives([sentence])
    assert not set(directives.removeprefix("text=")) & set('-&#"<> ')
    assert directives.count(",") <= 1

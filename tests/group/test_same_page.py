"""Whether a page is the one whose address it claims."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.article import Article
from bot.group import is_same_article
from tests.fakes.clock import START

TEXT = (
    "The ferry crosses twice a day, the port office said, and carries sixty people and nine "
    "lorries each way when the sea is calm enough for it. Its engine was taken out in March."
)
OTHER = (
    "Half a million larches stand on the slopes above the river, where floods took the soil three "
    "summers ago and nothing but grass had come back since. The council paid for all of them."
)
FERRY = Article(
    url="https://harbour.example/a",
    title="Ferry line of Wonsan opens again",
    text=TEXT,
    language="en",
    source="Harbour Post",
    published_at=START,
    seen_at=START,
)
ANOTHER = replace(FERRY, title="Larches of the Senn valley grow", text=OTHER)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"text": TEXT}, True),
        ({"text": TEXT.replace("March", "April")}, True),
        ({"text": TEXT[:110]}, True),  # a teaser
        ({"title": "Ferry line of Wonsan opens again – live"}, True),
        ({"title": "FERRY LINE OF WONSAN OPENS AGAIN"}, True),
        ({"title": FERRY.title, "published_at": START - timedelta(days=1)}, False),
        ({"title": FERRY.title, "published_at": None}, True),
        ({"title": "Ferry line of Rason is closed for good"}, False),
        ({}, False),
    ],
)
def test_titles_or_texts_must_agree(changes, is_same):
    other = replace(ANOTHER, **changes)
    assert is_same_article(FERRY, other) is is_same
    assert is_same_article(other, FERRY) is is_same


def test_the_name_of_a_column_is_no_title():
    weather = replace(FERRY, title="Weather"), replace(ANOTHER, title="Weather")
    assert not is_same_article(*weather)


def test_titles_agree_in_any_script():
    title = "元山と羅先を結ぶ連絡船の運航が再開"
    assert is_same_article(replace(FERRY, title=title), replace(ANOTHER, title=f"{title}へ"))
    assert not is_same_article(
        replace(FERRY, title=title), replace(ANOTHER, title="川沿いの斜面に五十万本の落葉松を植林")
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_are_compared(a, b):
    one, other = replace(FERRY, title=a, text=b), replace(FERRY, title=b, text=a)
    assert is_same_article(one, other) == is_same_article(other, one)

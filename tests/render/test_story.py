"""One story: what is shown, where it links, and who is named."""

from datetime import date

import pytest

from bot.render.markup import Pointers
from bot.render.story import story_block
from bot.texts import texts_for
from tests.fakes.briefings import TODAY, quote, story

OTHER = {"url": "https://harbour.test/a", "source": "Harbour Post"}


def html(told, number=1):
    return story_block(told, number, today=TODAY, texts=texts_for("en")).html(Pointers.ALL)


def plain(told, max_urls=100):
    block = story_block(told, 1, today=TODAY, texts=texts_for("en"))
    return block.plain(max_urls=max_urls)


def test_a_title_of_300_units_is_the_publishers_own():
    title = "x" * 293 + " 😀😀 z"
    assert f"<b>7. {title}</b>" in html(story(title), 7)


def test_a_longer_title_ends_at_a_word():
    assert f"<b>1. {'word ' * 59}word…</b>" in html(story("word " * 2000))


def test_sentences_of_one_article_share_a_link_others_get_their_own():
    lines = html(story("T", "One.", "Two.", quote("Three.", **OTHER), "Four.")).split("\n")
    assert [line.split(" <a")[0] for line in lines[1:4]] == ["One. Two.", "Three.", "Four."]


def test_an_arrow_never_stands_for_another_source():
    told = story("T", "One.", more=(quote("Two."), quote("Three.", **OTHER), quote("Four.")))
    labels = [line.rsplit(">", 2)[1].removesuffix("</a") for line in html(told).split("\n")[2:5]]
    assert labels == ["↗", "Harbour Post, 5 Jun", "Euronews, 5 Jun"]


def test_an_arrow_never_stands_for_another_day():
    told = story("T", "One.", more=(quote("Two.", dated_at=date(2025, 6, 4)),))
    assert ">Euronews, 4 Jun</a>" in html(told)


def test_a_quote_without_a_sentence_above_names_its_source():
    assert ">Euronews, 5 Jun</a>\n1 source so far</blockquote>" in html(
        story("T", more=(quote("Only here."),))
    )


def test_a_source_whose_address_is_no_link_is_named_in_brackets():
    told = story("T", quote("One.", url="javascript:x"), more=(quote("Two.", url="tg://x"),))
    assert html(told).split("\n")[1:3] == [
        "One. (Euronews, 5 Jun)",
        "<blockquote expandable>Two. (Euronews, 5 Jun)",
    ]


def test_an_old_article_shows_its_year():
    assert ">Euronews, 3 Mar 2019</a>" in html(story("T", quote("A.", dated_at=date(2019, 3, 3))))


def test_a_nameless_source_shows_its_day_alone():
    assert ">5 Jun</a>" in html(story("T", quote("One.", source=" \0")))


def test_an_update_says_since_when():
    assert "</b> · ↻ new since Tue" in html(story(updated_since=date(2025, 6, 3)))
    assert "</b> · ↻ new since 20 May" in html(story(updated_since=date(2025, 5, 20)))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"outlets": 1}, "1 source so far"),
        ({"outlets": 6, "countries": 3}, "6 sources · 3 countries"),
        ({"outlets": 6, "countries": 1}, "6 sources"),
        ({"outlets": 1, "state_run": ("A",)}, "1 source so far · 1 state-run (A)"),
        ({"outlets": 4, "state_run": ("A", "B & C")}, "4 sources · 2 state-run (A, B &amp; C)"),
        ({"outlets": 9, "state_run": ("A", "B", "C", "D")}, "9 sources · 4 state-run"),
        ({"outlets": 9, "state_run": ("A", " ")}, "9 sources · 2 state-run"),
    ],
)
def test_coverage_is_one_line(fields, line):
    assert html(story("T", "One.", **fields)).endswith(f"\n<i>{line}</i>")
    with_more = html(story("T", "One.", more=(quote("Two."),), **fields))
    assert with_more.endswith(f"\n{line}</blockquote>")


def test_plain_text_shows_each_address_once_and_as_many_as_it_may():
    told = story("T", "One.", more=(quote("Two."), quote("Three.", **OTHER)))
    rows = plain(told).split("\n")
    assert rows[1:6] == [
        "One. Euronews, 5 Jun",
        "https://euronews.test/kim",
        "Two.",
        "Three. Harbour Post, 5 Jun",
        "https://harbour.test/a",
    ]
    assert plain(told, max_urls=1).count("https://") == 1
    assert "https://" not in plain(told, max_urls=0)

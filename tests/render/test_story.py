"""One story: what is shown, where it links, and who is named."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.briefing import OtherReport
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


def labels(told):
    """Return what the links of a story say, in order."""
    return [part.split(">")[-1] for part in html(told).split("</a>")[:-1]]


def test_an_arrow_never_stands_for_another_source():
    told = story("T", "One.", more=(quote("Two."), quote("Three.", **OTHER), quote("Four.")))
    assert labels(told) == ["Euronews", "↗", "Harbour Post", "Euronews"]


def test_an_arrow_never_stands_for_another_day():
    told = story("T", "One.", more=(quote("Two.", dated_at=date(2025, 6, 4)),))
    assert labels(told) == ["Euronews", "Euronews, Wed 4 Jun"]


def test_an_arrow_never_stands_below_other_outlets_or_what_was_told_before():
    also_in = (OtherReport(source="Velt Mail", url="https://velt.test/"),)
    told = story("T", "One.", more=(quote("Two."),), also_in=also_in)
    assert labels(told) == ["Euronews", "Velt Mail", "Euronews"]
    before = {"updated_since": TODAY, "told_before": quote("Zero.", **OTHER)}
    told = story("T", "One.", more=(quote("Two."),), **before)
    assert labels(told) == ["Euronews", "Harbour Post", "Euronews"]


def test_a_quote_without_a_sentence_above_names_its_source():
    assert html(story("T", more=(quote("Only here."),))).endswith(">Euronews</a></blockquote>")


def test_a_source_whose_address_is_no_link_is_named_in_brackets():
    told = story("T", quote("One.", url="javascript:x"), more=(quote("Two.", url="tg://x"),))
    assert html(told).split("\n")[1:3] == [
        "One. (Euronews)",
        "<blockquote expandable>Two. (Euronews)</blockquote>",
    ]


@pytest.mark.parametrize(
    ("dated_at", "label"),
    [
        (TODAY, "Euronews"),
        (date(2025, 6, 4), "Euronews, Wed 4 Jun"),
        (date(2025, 6, 6), "Euronews, Fri 6 Jun"),
        (date(2024, 12, 5), "Euronews, Thu 5 Dec"),
        (date(2024, 12, 4), "Euronews, 4 Dec 2024"),
        (date(2019, 3, 3), "Euronews, 3 Mar 2019"),
    ],
)
def test_a_day_stands_only_where_it_is_not_the_editions(dated_at, label):
    assert labels(story("T", quote("A.", dated_at=dated_at))) == [label]


def test_a_nameless_source_is_called_by_its_site_or_else_by_its_day():
    assert labels(story("T", quote("One.", source=" \0"))) == ["euronews.test"]
    told = story("T", quote("One.", source="", url="tg://x"))
    assert "One. (Thu 5 Jun)" in html(told)


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ({}, ""),
        ({"is_state_run": True}, " (state-run)"),
        ({"is_paywalled": True}, " (paywall)"),
        ({"is_state_run": True, "is_paywalled": True}, " (state-run) (paywall)"),
    ],
)
def test_who_runs_an_outlet_and_what_costs_is_said_at_each_link(fields, marks):
    told = story("T", quote("One.", **fields), more=(quote("Two.", **fields),))
    assert labels(told) == [f"Euronews{marks}", f"↗{marks}"]
    assert plain(told).split("\n")[1::2] == [f"One. Euronews{marks}", f"Two.{marks}"]


def test_an_outlet_that_the_story_knows_to_be_state_run_is_marked():
    told = story("T", "One.", quote("Two.", **OTHER), state_run=("Harbour Post",))
    assert labels(told) == ["Euronews", "Harbour Post (state-run)"]


def test_an_update_shows_what_was_told_and_when():
    told = story(
        "T",
        "New.",
        updated_since=date(2025, 6, 3),
        told_before=quote("Old.", dated_at=date(2025, 6, 3)),
    )
    lines = html(told).split("\n")
    assert lines[0] == "<b>1. T</b> · update"
    assert lines[2].startswith("<blockquote>Told on Tue 3 Jun: Old. <a href")
    assert lines[2].endswith(">Euronews</a></blockquote>")
    assert "Mon 2 Jun</a>" in html(
        story(
            "T", updated_since=date(2025, 6, 3), told_before=quote("O.", dated_at=date(2025, 6, 2))
        )
    )


@pytest.mark.parametrize("said", [" \0", "word " * 61])
def test_what_was_told_is_not_said_again_where_it_is_nothing_or_long(said):
    told = story("T", "New.", updated_since=TODAY, told_before=quote(said))
    assert "<blockquote>" not in html(told)
    assert "</b> · update" in html(told)


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ({}, ""),
        ({"outlets": 2}, " · 2 sources"),
        ({"kind": "opinion"}, " (opinion)"),
        ({"kind": "guide"}, " (guide)"),
        ({"kind": "user-post"}, " (user post)"),
        ({"kind": "weather"}, ""),
        ({"kind": "of-tomorrow"}, ""),
        ({"kind": "live", "updated_since": TODAY, "outlets": 3}, " (live) · update · 3 sources"),
    ],
)
def test_a_title_says_what_it_is_and_how_many_report_it(fields, marks):
    assert html(story("T", "One.", **fields)).split("\n")[0] == f"<b>1. T</b>{marks}"


def test_a_headline_alone_names_its_outlet_and_day():
    headline = story("T", source="Velt Mail", dated_at=TODAY, state_run=("Velt Mail",))
    assert labels(headline) == ["Velt Mail, Thu 5 Jun (state-run)"]
    walled = replace(headline, state_run=(), is_paywalled=True)
    assert labels(walled) == ["Velt Mail, Thu 5 Jun (paywall)"]
    assert labels(story("T")) == ["euronews.test"]
    assert html(story("T", url="tg://x")) == "<b>1. T</b>"


def test_up_to_five_outlets_that_are_not_quoted_are_named_and_the_rest_counted():
    def said(count):
        also_in = (
            OtherReport(source="Euronews", url="https://euronews.test/kim"),
            *(OtherReport(source=f"O{n}", url=f"https://o{n}.test/") for n in range(count)),
            OtherReport(source=" ", url=""),
        )
        rows = plain(story("T", "One.", also_in=also_in), max_urls=0).split("\n")
        return rows[2:]

    assert said(0) == []
    assert said(1) == ["Also in: O0"]
    assert said(5) == ["Also in: O0, O1, O2, O3, O4"]
    assert said(7) == ["Also in: O0, O1, O2, O3, O4, 2 more"]


@pytest.mark.parametrize(
    ("outlets", "first", "rows"),
    [
        # Three rows are what a folded quote shows.
        (1, "S" * 60, ["Also in: O0", "S", "L"]),
        (1, "S" * 100, ["S", "Also in: O0", "L"]),
        (1, "S" * 150, ["Also in: O0", "S", "L"]),
        (3, "S" * 150, ["Also in: O0,", "O1,", "O2", "S", "L"]),
        (5, "S" * 150, ["Also in: O0, O1,", "O2, O3,", "O4", "S", "L"]),
    ],
)
def test_the_fold_cuts_no_line_where_outlets_and_sentences_can_be_ordered_so(outlets, first, rows):
    also_in = tuple(OtherReport(source=f"O{n}", url=f"https://o{n}.test/") for n in range(outlets))
    more = (quote(first), quote("L" * 200, **OTHER))
    told = story("T", "One.", more=more, also_in=also_in)
    shown = plain(told, max_urls=0).split("\n")[2:]
    assert [row.split(" Eur")[0].split(" Har")[0].rstrip("SL") or row[0] for row in shown] == rows
    block = story_block(told, 1, today=TODAY, texts=texts_for("en"))
    whole = replace(told, also_in=()), replace(told, more=())
    sizes = [story_block(one, 1, today=TODAY, texts=texts_for("en")).size().units for one in whole]
    title = story_block(replace(told, more=(), also_in=()), 1, today=TODAY, texts=texts_for("en"))
    assert block.size().units == sum(sizes) - title.size().units + spared(shown)


def spared(rows):
    """Return what an outlet's name takes up that an arrow stands for without "Also in" above."""
    return len("Euronews") - len("↗")


def test_text_of_the_other_direction_is_isolated():
    sada = {"source": "صدى", "url": "https://sada.test/"}
    told = story("سد أورون", quote("امتلأ السد."), quote("Full.", **sada))
    lines = plain(told, max_urls=0).split("\n")
    assert lines == [
        "1. \u2068سد أورون\u2069",
        "امتلأ السد. \u2068Euronews\u2069",
        "Full. \u2068صدى\u2069",
    ]
    assert "\u2068" not in plain(story("Größe", "Ένα."))


def test_plain_text_shows_each_address_once_and_as_many_as_it_may():
    told = story("T", "One.", more=(quote("Two."), quote("Three.", **OTHER)))
    rows = plain(told).split("\n")
    assert rows[1:6] == [
        "One. Euronews",
        "https://euronews.test/kim",
        "Two.",
        "Three. Harbour Post",
        "https://harbour.test/a",
    ]
    assert plain(told, max_urls=1).count("https://") == 1
    assert "https://" not in plain(told, max_urls=0)

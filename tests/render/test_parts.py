"""A long briefing is split between stories, and every message can be read alone."""

import re
from datetime import date

import pytest

from bot.domain.briefing import OtherReport, Quiet, Section
from bot.reasons import Reason
from bot.render import fit_briefing, render_briefing, render_edition
from bot.render.limits import utf16_units
from bot.texts import texts_for
from tests.fakes.briefings import briefing, quote, story
from tests.fakes.tdlib import parse_html

AUTUMN = date(2025, 9, 24)
ENGLISH = texts_for("en")


def long_stories(count):
    sentence = "The harbour " + "opened and " * 60 + "closed."
    return tuple(story(f"Title {n}", sentence) for n in range(1, count + 1))


def many(**fields):
    sections = (
        Section(name="Harbour", stories=long_stories(10)),
        Section(name="Town", stories=long_stories(10)),
    )
    return briefing(sections=sections, **fields)


def read(edition, language="en", **options):
    messages = render_briefing(edition, texts_for(language), **options)
    return [parse_html(message.html)[0] for message in messages]


def test_every_story_is_in_one_message_whole_and_in_order():
    texts = read(many())
    assert len(texts) > 2
    found = (re.findall(r"^(?:☀️ )?(\d+)\. Title", text, re.MULTILINE) for text in texts)
    numbers = [int(n) for in_one in found for n in in_one]
    assert numbers == list(range(1, 21))
    for text in texts:
        assert text.count(". Title ") == text.count(" closed. ") == text.count("Euronews")


def test_it_is_known_which_message_tells_which_story():
    rendered = render_edition(many(), ENGLISH)
    assert len(rendered.message_of) == 20
    for n, index in enumerate(rendered.message_of, 1):
        assert f"<b>{n}. Title " in rendered.messages[index].html


def test_what_is_shown_is_what_was_told():
    long = story("T", "word " * 1000 + ".", "Short.")
    rendered = render_edition(briefing(long), ENGLISH)
    (told,) = rendered.briefing.stories
    assert [one.text for one in told.sentences] == ["Short."]
    assert rendered.briefing == fit_briefing(briefing(long), ENGLISH)
    assert list(rendered.messages) == render_briefing(briefing(long), ENGLISH)
    assert rendered.message_of == (0,)


def test_messages_are_as_full_as_they_can_be():
    texts = read(many())
    one_story = 800
    assert all(utf16_units(text) > 4096 - one_story for text in texts[:-1])


def test_each_message_says_its_place_and_repeats_the_heading():
    texts = read(many())
    assert texts[0].startswith("☀️ 1. Title 1\n19 more stories · ")
    for n, text in enumerate(texts[1:], 2):
        assert text.startswith(f"☀️ Thu 5 June · {n}/{len(texts)}\n\n")
        assert text.split("\n")[2] in ("Harbour", "Town")
    assert sum(text.count("\nHarbour\n") for text in texts) == 1 + (len(texts) - 1) // 2


def test_every_message_of_a_sample_says_so():
    first, *others = read(many(sample=True))
    assert first.split("\n")[1].startswith("SAMPLE · ")
    assert all(text.startswith("☀️ SAMPLE · ") for text in others)


def test_the_end_comes_last_and_once():
    messages = render_briefing(many(), ENGLISH)
    assert [("That's all." in message.html) for message in messages].count(True) == 1
    assert "That's all." in messages[-1].html


def test_many_remarks_are_split_between_their_lines():
    why = Reason("setup", {"text": "x" * 80})
    quiet = tuple(Quiet(name=f"Topic {n}", reason=why) for n in range(100))
    texts = read(briefing(story("T", "One."), quiet=quiet))
    assert len(texts) > 1
    names = [int(n) for text in texts for n in re.findall(r"^Topic (\d+): x", text, re.MULTILINE)]
    assert names == list(range(100))
    assert all(text.split("\n")[1] == "" for text in texts[1:])


def test_the_links_that_can_be_spared_go_first_where_a_message_has_no_room_for_all():
    others = tuple(OtherReport(source=f"O{n}", url=f"https://o{n}.test/") for n in range(5))
    told = [
        story("T", *(quote(f"{n}.", url=f"https://a.test/{n}") for n in range(9)), also_in=others)
        for _ in range(7)
    ]
    (message,) = render_briefing(briefing(*told), ENGLISH, goal_units=4096)
    assert "Also in: O0, O1, O2, O3, O4" in message.html
    assert "https://o0.test/" not in message.html
    (message,) = render_briefing(briefing(*told[:2]), ENGLISH, goal_units=4096)
    assert message.html.count("https://o0.test/") == 2


@pytest.mark.parametrize(
    ("links", "url_chars", "first", "second"),
    [
        (6, 100, 6, 6),
        (6, 370, 6, 4),
        (6, 385, 6, 3),
        (6, 640, 4, 1),
        (1, 1000, 1, 1),
        (1, 1999, 1, 0),
    ],
)
def test_a_plain_twin_gives_up_its_last_addresses_before_it_gives_up_text(
    links, url_chars, first, second
):
    urls = [f"https://news.test/{n}/".ljust(url_chars, "a") for n in range(links)]
    sentences = [quote(f"Sentence {n}.", url=url) for n, url in enumerate(urls)]
    edition = briefing(story("T", *sentences), story("U", *sentences))
    (message,) = render_briefing(edition, ENGLISH)
    stories = message.plain.split("\n2. U")
    assert [text.count("https://") for text in stories] == [first, second]
    assert utf16_units(message.plain) <= 4096
    assert message.plain.count(". Euronews") == 2 * links


def test_a_heading_of_nothing_is_not_shown():
    sections = (Section(name=" \0", stories=(story("T", "One."), story("U", "Two."))),)
    (text,) = read(briefing(sections=sections))
    assert "\n\n2. U\n" in text


@pytest.mark.parametrize(
    ("language", "fields", "head"),
    [
        ("en", {}, "☀️ Thu 5 June · 2/4"),
        ("en", {"local_date": AUTUMN}, "☀️ Wed 24 September · 2/4"),
        ("en", {"local_date": AUTUMN, "sample": True}, "☀️ SAMPLE · Wed 24 September · 2/4"),
        ("de", {"local_date": AUTUMN, "sample": True}, "☀️ SAMPLE · Mi., 24. Sept. · 2/4"),
    ],
)
def test_a_later_head_says_the_day_and_its_place(language, fields, head):
    assert read(many(**fields), language)[1].split("\n")[0] == head
    assert utf16_units(head) <= 35


def test_the_minutes_are_those_of_what_is_shown():
    def minutes(text):
        hidden = (quote("hidden " * 400),)
        told = story("Title", text, more=hidden)
        second = read(briefing(told), goal_units=9999)[0].split("\n")[1]
        return int(second.split(" · ")[-1].removesuffix(" min"))

    assert minutes("word " * 280) == 1
    assert minutes("word " * 320) == 2
    assert minutes("水" * 560) == 1
    assert minutes("水" * 640) == 2

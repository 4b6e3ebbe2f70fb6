"""A long briefing is split between stories, and every message can be read alone."""

import re
from datetime import date

import pytest

from bot.domain.briefing import Quiet, Section
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
    numbers = [int(n) for text in texts for n in re.findall(r"^(\d+)\. Title", text, re.MULTILINE)]
    assert numbers == list(range(1, 21))
    for text in texts:
        assert text.count(". Title ") == text.count(" closed. ") == text.count("so far")


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
    assert texts[0].startswith("☀️ Thu 5 June · 20 stories · ")
    for n, text in enumerate(texts[1:], 2):
        assert text.startswith(f"☀️ Thu 5 June · {n}/{len(texts)}\n\n")
        assert text.split("\n")[2] in ("Harbour", "Town")
    assert sum(text.count("\nHarbour\n") for text in texts) == 1 + (len(texts) - 1) // 2


def test_every_head_of_a_sample_says_so():
    assert all("SAMPLE" in text.split("\n")[0] for text in read(many(sample=True)))


def test_the_end_comes_last_and_once():
    messages = render_briefing(many(), ENGLISH)
    assert [("That's all." in message.html) for message in messages].count(True) == 1
    assert "That's all." in messages[-1].html


def test_a_long_list_of_quiet_topics_is_split_between_its_lines():
    quiet = tuple(Quiet(name=f"Topic {n} " + "x" * 80, held_back=n) for n in range(100))
    texts = read(briefing(story("T", "One."), quiet=quiet))
    assert len(texts) > 1
    names = [int(n) for text in texts for n in re.findall(r"^Topic (\d+) x", text, re.MULTILINE)]
    assert names == list(range(100))
    assert all(text.split("\n")[1] == "" for text in texts)


@pytest.mark.parametrize(
    ("links", "url_chars", "first", "second"),
    [(6, 100, 6, 6), (6, 370, 6, 3), (6, 620, 4, 1), (1, 1000, 1, 1), (1, 1999, 1, 0)],
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
    assert message.plain.count(". Euronews, 5 Jun") == 2 * links


def test_a_heading_of_nothing_is_not_shown():
    sections = (Section(name=" \0", stories=(story("T", "One."),)),)
    (text,) = read(briefing(sections=sections))
    assert text.split("\n")[1:3] == ["", "1. T"]


@pytest.mark.parametrize(
    ("language", "count", "fields", "head"),
    [
        ("en", 1, {}, "☀️ Thu 5 June · 1 story · 1 min"),
        ("en", 12, {}, "☀️ Thu 5 June · 12 stories · 1 min"),
        ("en", 12, {"local_date": AUTUMN}, "☀️ Wed 24 Sept · 12 stories · 1 min"),
        ("en", 1, {"sample": True}, "☀️ SAMPLE · 5 Jun · 1 story · 1 min"),
        ("en", 12, {"sample": True}, "☀️ SAMPLE · Thu 5 Jun · 12 stories"),
        ("de", 12, {"local_date": AUTUMN, "sample": True}, "☀️ SAMPLE · 24. Sept."),
        ("de", 0, {"local_date": AUTUMN}, "☀️ Mi., 24. Sept. · nichts Neues"),
        ("de", 0, {"local_date": AUTUMN, "sample": True}, "☀️ SAMPLE · Mi., 24. Sept."),
    ],
)
def test_a_head_says_as_much_as_35_units_hold(language, count, fields, head):
    edition = briefing(*(story("T", "One."),) * count, **fields)
    assert read(edition, language)[0].split("\n")[0] == head


def test_the_minutes_are_those_of_what_is_shown():
    def minutes(text):
        hidden = (quote("hidden " * 400),)
        head = read(briefing(story("Title", text, more=hidden)), goal_units=9999)[0].split("\n")[0]
        return int(head.split(" · ")[-1].removesuffix(" min"))

    assert minutes("word " * 280) == 1
    assert minutes("word " * 320) == 2
    assert minutes("水" * 560) == 1
    assert minutes("水" * 640) == 2

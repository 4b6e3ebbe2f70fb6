"""Briefings and the messages they become, side by side: tests/data/render/<name>.html and .txt.

Several messages of one briefing are parted by a line of five equals signs.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.briefing import Briefing, ListedStory, OtherReport, Quiet, Section
from bot.render import render_briefing
from bot.texts import texts_for
from tests.fakes.briefings import TODAY, quote, story
from tests.fakes.tdlib import parse_html

DATA = Path(__file__).parents[1] / "data" / "render"
SEPARATOR = "\n=====\n"
TOMORROW = datetime(2025, 6, 6, 5, 30, tzinfo=UTC)

KIM = story(
    "North Korea doubles down on 'unconditional' support for its ally",
    'The leader has once again affirmed his "unconditional support" for the war, a visitor said.',
    more=(
        quote("The two countries' ties have grown in recent years, with troops sent to help."),
        quote(
            "A group of eleven countries called the alliance “illegal\" last week.",
            url="https://harbour.test/alliance?id=1&lang=en",
            source="Harbour Post",
        ),
        quote("It named no dates.", url="https://harbour.test/alliance?id=1&lang=en",
              source="Harbour Post"),
    ),
    outlets=2,
)  # fmt: skip
DAM = story(
    "Orun dam refilled a year early",
    quote(
        "The reservoir reached 91% on Wednesday, the river authority said.",
        url="https://harbour.test/dam",
        source="Harbour Post",
        dated_at=date(2025, 6, 4),
    ),
    outlets=6,
    countries=3,
    updated_since=date(2025, 6, 3),
    told_before=quote(
        "Rain has filled the reservoir to 80%.",
        url="https://courier.test/rain",
        source="Orun Courier",
        dated_at=date(2025, 6, 3),
    ),
    story_id=2,
)
MINE = story(
    "Velt mine reopens after strike",
    quote("Miners voted 812 to 94 to accept.", url="https://velt.test/mine", source="Velt Mail"),
    quote("Work starts on Monday.", url="https://velt.test/mine", source="Velt Mail"),
    quote("Pay rises by 4%.", url="https://orun.test/pay", source="Orun Radio"),
    outlets=2,
    state_run=("Velt Mail",),
)
HOSTILE = story(
    '</b><a href="http://evil.test">click</a> \u202egnp.exe &amp; \ud83d',
    quote("a < b && c > d", url="javascript:alert(1)", source="<i>Evil</i>"),
    url="tg://resolve?domain=evil",
    more=(quote("More \0evil.", url="http://a:b@evil.test/", source="<i>Evil</i>"),),
)
HEADLINES = (
    story("Only a headline", url="https://www.harbour.test/only", outlets=2),
    story(
        "Another one",
        url="https://velt.test/another",
        source="Velt Mail",
        dated_at=date(2025, 6, 5),
        kind="opinion",
    ),
    story("One of a state's", url="https://orun.test/one", source="Orun Radio",
          dated_at=date(2025, 6, 4), state_run=("Orun Radio",), outlets=3),
    story("", outlets=0, url=""),
)  # fmt: skip
STRIKE = story(
    "Pellworth's trams stand still",
    quote("The drivers went home at noon.", url="https://ledger.test/trams", source="Ledger"),
    quote("They came back at four.", url="https://ledger.test/trams", source="Ledger", joins=True),
    more=(
        quote(
            "A ride costs 43 crowns from July on, the mayor said, and twice as much at night.",
            url="https://mail.test/fares",
            source="Velt Mail",
            is_paywalled=True,
        ),
        quote("Nobody was hurt.", url="https://orun.test/strike", source="Orun Radio",
              is_state_run=True),
        quote("It was a Monday.", url="https://orun.test/strike", source="Orun Radio",
              is_state_run=True),
    ),
    outlets=9,
    kind="live",
    also_in=(
        OtherReport(source="Ledger", url="https://ledger.test/trams"),
        OtherReport(source="Northlight", url="https://northlight.test/trams"),
        OtherReport(source="Lorvia State Radio", url="https://lorvia.test/t", is_state_run=True),
        *(OtherReport(source=f"Paper {n}", url=f"https://paper{n}.test/") for n in range(1, 6)),
    ),
    story_id=4,
)  # fmt: skip
ARABIC = story(
    "سد أورون يمتلئ قبل عام",
    quote("امتلأ السد يوم الأربعاء.", url="https://sada.test/dam", source="صدى أورون",
          dated_at=date(2025, 6, 4)),
    quote("The dam is full.", url="https://sada.test/dam-en", source="صدى أورون"),
    outlets=2,
)  # fmt: skip
ALSO = (
    ListedStory(story_id=8, title="Night ferry to Corrin returns", url="https://orun.test/ferry"),
    ListedStory(
        story_id=9, title="Keep the old trams", url="https://ledger.test/keep", kind="opinion"
    ),
    ListedStory(story_id=10, title="سد أورون", url="https://sada.test/also", kind="analysis"),
)

SECTIONS = (
    Section(name="North Korea", stories=(KIM,)),
    Section(name="Climate", stories=(DAM,), sign="🌍"),
    Section(name="rare earths", stories=(MINE,), own_words=True),
)
QUIET = (
    Quiet(name="AI", held_back=2),
    Quiet(name="Space", failed_sources=("Orun Radio",)),
    Quiet(name="Football", held_back=1, failed_sources=("One", "Two", "Three", "Four", "Five")),
    Quiet(name="Chess"),
)
LONG = tuple(
    story(
        f"Story {n}: " + "harbour " * 30,
        *(f"Sentence {m} of story {n} " + "says so " * 40 + "." for m in range(3)),
        outlets=n,
    )
    for n in range(1, 9)
)


def edition(*sections, **fields):
    values = {"local_date": TODAY, "zone": "Europe/Berlin", "next_at": TOMORROW} | fields
    return Briefing(sections=sections, **values)


CASES = {
    "ordinary": ("en", edition(*SECTIONS, quiet=QUIET)),
    "german": ("de", edition(*SECTIONS, quiet=QUIET)),
    "american": ("en-US", edition(*SECTIONS[1:2])),
    "empty": ("en", edition()),
    "nothing_new": ("en", edition(quiet=QUIET, sample=True)),
    "hostile": ("en", edition(Section(name="<Topic> & co", stories=(HOSTILE,)))),
    "headlines": ("en", edition(Section(name="Harbour", stories=HEADLINES))),
    "full": (
        "en",
        edition(
            Section(name="Rail", stories=(MINE, STRIKE), sign="🚆"),
            *SECTIONS[1:2],
            Section(name="Trams", stories=(), see=(4,)),
            quiet=(*QUIET, Quiet(name="Orun", see=(2, 4))),
            also=ALSO,
            sample=True,
            late_since=datetime(2025, 6, 5, 5, 30, tzinfo=UTC),
        ),
    ),
    "right_to_left": (
        "en", edition(Section(name="أورون", stories=(ARABIC, KIM)), quiet=(Quiet(name="حيفا"),))
    ),
    "quiet_morning": (
        "en",
        edition(
            quiet=QUIET,
            top_titles=tuple((listed.title, listed.url) for listed in ALSO),
        ),
    ),
    "late": (
        "en",
        edition(SECTIONS[1], late_since=datetime(2025, 6, 5, 5, 30, tzinfo=UTC), next_at=None),
    ),
    "late_overnight": (
        "en", edition(SECTIONS[1], late_since=datetime(2025, 6, 4, 20, 0, tzinfo=UTC))
    ),
    "catch_up": (
        "en",
        edition(
            SECTIONS[1],
            catch_up_since=date(2025, 5, 26),
            next_at=datetime(2025, 6, 12, 5, 30, tzinfo=UTC),
        ),
    ),
    "long_sample": (
        "en",
        edition(
            Section(name="Harbour", stories=LONG[:3]),
            Section(name="Town", stories=LONG[3:]),
            quiet=QUIET,
            sample=True,
            local_date=date(2025, 9, 24),
        ),
    ),
}  # fmt: skip


def rendered(name):
    language, briefing = CASES[name]
    return render_briefing(briefing, texts_for(language))


@pytest.mark.parametrize("name", CASES)
def test_a_briefing_reads_as_its_golden_file(name):
    html = SEPARATOR.join(message.html for message in rendered(name))
    assert html + "\n" == (DATA / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_its_plain_twin_reads_as_the_text_beside_it(name):
    plain = SEPARATOR.join(message.plain for message in rendered(name))
    assert plain + "\n" == (DATA / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_telegram_reads_the_golden_files(name):
    for message in (DATA / f"{name}.html").read_text("utf-8").removesuffix("\n").split(SEPARATOR):
        text, entities = parse_html(message)
        assert text
        assert len(entities) <= 100


def test_no_golden_file_is_left_over():
    assert {path.stem for path in DATA.iterdir()} == set(CASES)

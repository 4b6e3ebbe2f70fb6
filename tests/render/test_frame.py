"""What stands around the stories: notices, topics without news, what was left out, the end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.briefing import ListedStory, Quiet, Section
from bot.reasons import Reason
from bot.render import render_briefing
from bot.render.frame import later_head, section_line
from bot.render.limits import Size
from bot.texts import texts_for
from tests.fakes.briefings import TODAY, briefing, story

ENGLISH = texts_for("en")
MORNING = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


def lines(*stories, **fields):
    """Return the lines of the one message of a briefing, blank ones left out."""
    (message,) = render_briefing(briefing(*stories, **fields), ENGLISH)
    return [line for line in message.plain.split("\n") if line]


def html(*stories, **fields):
    (message,) = render_briefing(briefing(*stories, **fields), ENGLISH)
    return message.html


def test_quiet_topics_share_a_line_and_one_that_failed_has_its_own():
    quiet = (
        Quiet(name="Dams", held_back=2),
        Quiet(name="Rail", reason=Reason("retired-topic")),
        Quiet(name=" \0"),
        Quiet(name="Tides", failed_sources=("A",)),
    )
    assert lines(story("T", "One."), quiet=quiet)[-3:] == [
        "Quiet: Dams, Tides.",
        "Rail: no topic any more. /topics shows what there is",
        "That's all.",
    ]


def test_topics_that_do_not_fit_into_the_line_are_counted():
    quiet = tuple(Quiet(name=f"Topic {n} {'x' * 50}") for n in range(20))
    (line,) = [one for one in lines(story("T", "One."), quiet=quiet) if one.startswith("Quiet")]
    assert line.count("Topic") == 7
    assert line.endswith("…, 13 more.")
    assert len(line) <= 330


def test_a_section_name_has_a_hundred_units_at_most_and_a_notice_three_hundred():
    (line,) = section_line(Section(name="x" * 101, stories=()), ENGLISH)
    assert line.text == f"{'x' * 99}…"
    (line,) = section_line(Section(name="x" * 100, stories=()), ENGLISH)
    assert line.text == "x" * 100
    setup = Reason("setup", {"text": "y" * 301})
    broken = lines(quiet=(Quiet(name="x" * 101, reason=setup),))[-1]
    assert broken == f"{'x' * 99}…: {'y' * 299}…"
    notices = (Reason("setup", {"text": "y" * 300}), setup)
    said = lines(story("T", "One."), notices=notices)
    assert said[-3:] == ["y" * 300, f"{'y' * 299}…", "That's all."]


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({"name": "Dams"}, "Dams"),
        ({"name": "Dams", "sign": "🌊"}, "🌊 Dams"),
        ({"name": "dam river", "own_words": True}, "🔎 “dam river”"),
        ({"name": "אורון"}, "\u2068אורון\u2069"),
    ],
)
def test_a_heading_has_its_sign_and_is_not_bold(fields, heading):
    stories = (story("T", "One.", outlets=2), story("U", "Two."))
    sections = (Section(stories=stories, **fields),)
    assert f"\n\n{heading}\n<b>2. U</b>\n" in html(sections=sections)
    assert lines(sections=sections).count(heading) == 1


def test_what_another_section_tells_is_said_and_not_denied():
    sections = (
        Section(name="Dams", stories=(story("T", "One.", story_id=7, outlets=3),)),
        Section(name="Rail", stories=(story("U", "Two.", story_id=8),)),
        Section(name="Rivers", stories=(), see=(7, 8, 99)),
    )
    quiet = (Quiet(name="Ferries", see=(8,)), Quiet(name="Trams", see=(99,)))
    said = lines(sections=sections, quiet=quiet)
    assert said[-3:-1] == ["Dams: see 1 · Rivers: see 1, 2 · Ferries: see 2", "Quiet: Trams."]
    alone = lines(story("T", "One."))
    assert not any("see" in line for line in alone)


def test_titles_are_listed_with_their_kinds_one_a_line():
    also = (
        ListedStory(story_id=1, title="Ferry returns", url="https://a.test/f"),
        ListedStory(story_id=2, title="Keep the trams", url="https://a.test/t", kind="opinion"),
        ListedStory(story_id=3, title=" ", url="tg://x"),
    )
    told = html(story("T", "One."), also=also)
    assert (
        "\n\nAlso today\n"
        '• <a href="https://a.test/f">Ferry returns</a>\n'
        '• <a href="https://a.test/t">Keep the trams</a> (opinion)\n'
        "• (no title)\n\n<b>That's all.</b>"
    ) in told


def test_a_day_without_anything_is_one_line():
    assert lines() == ["☀️ Nothing new in your topics. That's all."]
    assert lines(quiet=(Quiet(name="A"), Quiet(name="B"))) == ["☀️ Quiet: A, B. That's all."]
    assert lines(catch_up_since=date(2025, 6, 2)) == [
        "☀️ the best since Mon 2 Jun · You missed nothing on your topics. That's all."
    ]
    assert "Nothing new" not in html(story("T", "One."))


def test_a_quiet_morning_lists_three_titles_of_the_day():
    titles = tuple((f"Title {n}", f"https://a.test/{n}") for n in range(4))
    said = lines(quiet=(Quiet(name="A"),), top_titles=titles)
    assert said[1] == "Top stories today"
    assert said[2::2] == ["• Title 0", "• Title 1", "• Title 2"]
    assert not any("Title" in line for line in lines(story("T", "One."), top_titles=titles))


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (1, "1 story could not be told: a fault on our side, noted."),
        (2, "2 stories could not be told: a fault on our side, noted."),
    ],
)
def test_what_broke_is_counted(count, line):
    said = lines(story("T", "One."), left_out=(Reason("story-broken"),) * count)
    assert said[-2] == line
    assert lines(left_out=(Reason("story-broken"),) * count)[-1] == line


@pytest.mark.parametrize(
    ("zone", "next_at", "said", "form"),
    [
        ("UTC", MORNING + timedelta(days=1), "Fri 05:30", "wt"),
        ("Europe/Berlin", MORNING + timedelta(days=1), "Fri 07:30", "wt"),
        ("UTC", MORNING + timedelta(days=6, hours=18), "Wed 23:30", "wt"),
        ("UTC", MORNING + timedelta(days=7), "Thu 12 Jun 05:30", "wdt"),
        ("Asia/Tokyo", MORNING + timedelta(days=6, hours=10), "Thu 12 Jun 00:30", "wdt"),
    ],
)
def test_the_end_says_when_the_next_comes_with_its_day_where_a_weekday_is_not_clear(
    zone, next_at, said, form
):
    told = story("T", "One.")
    assert lines(told, zone=zone, next_at=next_at)[-1] == f"That's all. Next: {said}"
    marked = f'<tg-time unix="{int(next_at.timestamp())}" format="{form}">{said}</tg-time>'
    assert html(told, zone=zone, next_at=next_at).endswith(marked)
    assert html(zone=zone, next_at=next_at).endswith(marked)


@pytest.mark.parametrize(
    ("late_since", "time"),
    [
        (MORNING, "07:30"),
        (MORNING - timedelta(days=1), "Wed 4 Jun 07:30"),
        (datetime(2025, 6, 4, 22, 30, tzinfo=UTC), "00:30"),
    ],
)
def test_a_late_briefing_says_once_when_it_was_due_by_the_readers_clock(late_since, time):
    said = lines(story("T", "One."), zone="Europe/Berlin", late_since=late_since, sample=True)
    assert said[1] == f"SAMPLE · late, due {time} · 1 min"
    assert html(zone="Europe/Berlin", late_since=late_since).count("late") == 1


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_the_mark_of_a_sample_does_not_turn_a_line_that_runs_from_right_to_left(language):
    sample = briefing(story("T", "One."), sample=True)
    (message,) = render_briefing(sample, texts_for(language))
    line = message.plain.split("\n")[1]
    assert line.startswith("\u2068SAMPLE\u2069 · ")
    head = later_head(sample, 2, 3, texts_for(language))
    assert "\u2068SAMPLE\u2069 · " in "".join(word.text for line in head.lines for word in line)


def test_a_catch_up_says_since_when():
    said = lines(story("T", "One."), catch_up_since=date(2025, 6, 2))
    assert said[1] == "the best since Mon 2 Jun · 1 min"


@pytest.mark.parametrize(
    ("title", "minutes"),
    [
        ("word " * 10, 1),
        ("word " * 290, 1),
        ("word " * 320, 2),
        ("word " * 490, 2),
        ("word " * 510, 3),
        ("港" * 500, 1),
        ("港" * 700, 2),
    ],
)
def test_two_hundred_words_are_read_in_a_minute(title, minutes):
    told = story("T", title.strip())
    assert lines(told)[1] == f"{minutes} min"


def test_sizes_add_up_in_each_measure():
    assert Size(1, 2, 3) + Size(10, 20, 30) == Size(11, 22, 33)
    assert Size() == Size(0, 0, 0)
    assert date(2025, 6, 5) == TODAY


def test_a_section_without_a_name_has_no_heading_even_as_a_readers_own_words():
    assert section_line(Section(name=" ", stories=(), own_words=True), ENGLISH) == ()

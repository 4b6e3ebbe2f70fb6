"""What ``benchmarks.month`` reports: it must see each fault that it is there to count."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import sqlalchemy

from benchmarks.month_press import Item, Sites, Stream, load_stream
from benchmarks.month_readers import draw_readers, slots, zone_clock
from benchmarks.month_told import (
    Arrival,
    Diary,
    ToldStory,
    ages,
    arrivals,
    examples,
    repeats,
    stored_stories,
)
from bot.domain.briefing import Briefing, BriefingStory, Quotation, Section
from bot.domain.content import dump_content
from bot.domain.due import next_due
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, Schedule
from bot.store.tables import metadata
from bot.topics import load_topics
from tests.fakes.clock import FakeClock

NIGHT = datetime(2020, 9, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTH_ENDS = NIGHT + 30 * DAY


# ── When editions are due ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "zone",
    [
        *("America/New_York", "Asia/Kathmandu", "Asia/Tehran", "America/Asuncion"),
        *("Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "UTC"),
    ],
)
@pytest.mark.parametrize("local_time", [time(0), time(0, 30), time(2, 45), time(7, 30)])
@pytest.mark.parametrize("days", [EVERY_DAY, WEEKDAYS])
def test_slots_are_when_schedules_are_due(zone, local_time, days):
    clock = zone_clock(zone, NIGHT, MONTH_ENDS)
    due, after = [], NIGHT
    while (found := next_due(Schedule(local_time=local_time, days=days), zone, after)).at <= (
        MONTH_ENDS
    ):
        due.append((found.at, found.local_date))
        after = found.at
    assert slots(clock, local_time, days, NIGHT, MONTH_ENDS) == due
    assert len(due) >= 20


def test_a_time_that_clocks_skip_is_due_by_the_clock_before_the_change():
    # Sydney, 4 October 2020: 02:00 becomes 03:00, at 16:00 UTC.
    clock = zone_clock("Australia/Sydney", NIGHT, MONTH_ENDS)
    found = {day: at for at, day in slots(clock, time(2, 30), EVERY_DAY, NIGHT, MONTH_ENDS)}
    assert found[date(2020, 10, 4)] == datetime(2020, 10, 3, 16, 30, tzinfo=UTC)


def test_a_time_shown_twice_is_due_once_and_a_date_left_out_never():
    begins_at = datetime(2020, 10, 20, tzinfo=UTC)
    clock = zone_clock("Europe/Berlin", begins_at, begins_at + 10 * DAY)
    found = slots(clock, time(2, 30), EVERY_DAY, begins_at, begins_at + 10 * DAY)
    assert [at for at, day in found if day == date(2020, 10, 25)] == [
        datetime(2020, 10, 25, 0, 30, tzinfo=UTC)
    ]
    begins_at = datetime(2011, 12, 27, tzinfo=UTC)
    clock = zone_clock("Pacific/Apia", begins_at, begins_at + 7 * DAY)
    days = [day for _, day in slots(clock, time(8), EVERY_DAY, begins_at, begins_at + 7 * DAY)]
    assert date(2011, 12, 29) in days
    assert date(2011, 12, 30) not in days
    assert date(2011, 12, 31) in days


# ── Readers, and what is published ──────────────────────────────────────────────────────


def test_readers_are_the_same_whatever_their_number_and_read_what_there_is():
    stream, topics = load_stream(None, seed=1), load_topics()
    few, many = (draw_readers(stream, topics, count=n, seed=1) for n in (5, 40))
    assert many[:5] == few
    assert many != draw_readers(stream, topics, count=40, seed=2)
    assert {reader.language for reader in many} <= set(stream.languages())
    assert all(reader.topics and ZoneInfo(reader.zone) for reader in many)
    assert len({reader.zone for reader in many}) > 8


def test_a_stream_begins_after_its_first_items_and_is_the_same_for_a_seed():
    stream = load_stream(None, seed=1)
    assert stream == load_stream(None, seed=1)
    assert stream.items[0].at < stream.begins_at < stream.items[-1].at
    assert len({item.label for item in stream.items}) < len(stream.items)


async def test_sites_publish_what_is_dated_up_to_now():
    clock = FakeClock(NIGHT)
    items = [item(n, at=NIGHT + n * HOUR, walled=n == 1) for n in range(3)]
    async with Sites(Stream(items, NIGHT), clock) as sites, aiohttp.ClientSession() as session:

        async def get(url, **headers):
            async with session.get(url, headers=headers) as answer:
                return answer.status, await answer.text(), answer.headers.get("ETag", "")

        (feed, _, _), pages = sites.feeds[0], list(sites.items)
        _, body, etag = await get(feed)
        assert "Title 0" in body
        assert "Title 1" not in body
        assert (await get(feed, **{"If-None-Match": etag}))[0] == 304
        assert [(await get(page))[0] for page in pages] == [200, 404, 404]
        clock.advance(HOUR)
        status, body, _ = await get(feed, **{"If-None-Match": etag})
        assert status == 200
        assert "Title 1" in body
        assert "isAccessibleForFree" in (await get(pages[1]))[1]
        assert "isAccessibleForFree" not in (await get(pages[0]))[1]


# ── What was told ───────────────────────────────────────────────────────────────────────


def item(number, *, at=NIGHT, walled=False, label="ferry"):
    return Item(
        title=f"Title {number}",
        text=f"The ferry to Orun runs again on day {number}. Two hundred people took it.",
        outlet="Quay Dispatch",
        language="en",
        label=label,
        at=at,
        walled=walled,
    )


def telling(edition, label, *, chat=1, story=0, marked=False, labels=()):
    return ToldStory(
        chat=chat,
        edition=edition,
        at=NIGHT + edition * DAY,
        story=story or edition,
        label=label,
        labels=frozenset({label, *labels}),
        marked=marked,
        lead_at=NIGHT + edition * DAY - 6 * HOUR,
        title=f"Title {story or edition}",
        sentences=(f"Sentence {story or edition}.",),
    )


def test_a_repeat_is_of_an_earlier_edition_of_the_same_chat_and_not_marked():
    found = repeats(
        [
            telling(1, "ferry", story=7),
            telling(2, "ferry", chat=2),
            telling(3, "ferry", story=8),
            telling(4, "ferry", story=7, marked=True),
            telling(5, "bridge", marked=True),
        ]
    )
    assert (found["told"], found["repeats"], found["under another id"]) == (5, 1, 1)
    assert (found["marked, known"], found["marked, new label"], found["twice"]) == (1, 1, 0)
    assert found["repeats share"] == 0.2


def test_what_was_only_quoted_was_told_too():
    found = repeats([telling(1, "ferry", labels=["bridge"]), telling(2, "bridge", story=1)])
    assert (found["mixed"], found["repeats"], found["under another id"]) == (1, 1, 0)


def test_a_label_twice_in_one_edition_is_no_repeat_of_an_earlier_one():
    found = repeats([telling(1, "ferry", story=1), telling(1, "ferry", story=2)])
    assert (found["twice"], found["repeats"], found["twice share"]) == (1, 0, 0.5)


def test_examples_stand_beside_what_was_told_and_are_shown_once():
    tellings = [telling(1, "ferry"), telling(2, "bridge"), telling(2, "bridge", story=9)]
    tellings += [telling(3, "ferry", story=8), telling(4, "ferry", story=7, marked=True)]
    again = [replace(told, chat=2, edition=told.edition + 10) for told in tellings]
    rows = examples([*tellings, *again])
    assert [(row["kind"], row["chats"], row["title"], row["told title"]) for row in rows] == [
        ("twice", 2, "Title 9", None),
        ("repeat", 2, "Title 8", "Title 1"),
        ("update", 2, "Title 7", "Title 8"),
    ]
    assert rows[1]["told sentences"] == ("Sentence 1.",)


def test_editions_that_are_missing_unasked_or_doubled_are_counted():
    expected = {1: [NIGHT, NIGHT + DAY], 2: [NIGHT]}
    one = Arrival(chat=1, at=NIGHT, editions=1, doubled=0)
    exact = [one, replace(one, at=NIGHT + DAY), replace(one, chat=2)]
    assert arrivals(exact, expected) == {"slots": 3, "missing": 0, "unasked": 0, "twice": 0}
    wrong = [replace(one, editions=2), replace(one, chat=2, at=NIGHT + HOUR, doubled=1)]
    assert arrivals(wrong, expected) == {"slots": 3, "missing": 2, "unasked": 1, "twice": 2}


def test_stored_stories_are_scored_against_labels():
    items = {f"/{n}": item(n, label="ferry" if n < 2 else "bridge") for n in range(4)}
    exact = stored_stories({"/0": 5, "/1": 5, "/2": 6, "/3": 6}, items)
    assert (exact["precision"], exact["recall"], exact["pairs f"]) == (1, 1, 1)
    one = stored_stories({"/0": 5, "/1": 5, "/2": 5, "/3": 5}, items)
    assert (one["precision"], one["recall"], one["labels"]) == (0.5, 1, 2)
    assert stored_stories({}, items) == {"articles": 0}


def test_days_count_from_the_lead_article_to_the_edition():
    found = ages([telling(1, "ferry"), replace(telling(2, "bridge"), lead_at=NIGHT - 3 * DAY)])
    assert (found["most"], found["over a day"], found["over three days"]) == (5, 0.5, 0.5)


# ── The diary ───────────────────────────────────────────────────────────────────────────

URL = "http://127.0.0.1:80/story-0"
FIRST = "The ferry to Orun runs again on day 0."
PUBLISHED = f"{FIRST} Two hundred people took it."


@pytest.fixture
def database(tmp_path):
    """Return a function that stores an edition of chat 42 that quotes ``FIRST``."""
    path = tmp_path / "month.db"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    at = "2020-09-13 00:00:00.000000"

    def store(number=1, *, text=PUBLISHED, is_update=False):
        story = BriefingStory(
            story_id=3,
            title="Title 0",
            url=URL,
            text_id=number,
            updated_since=date(2020, 9, 12) if is_update else None,
            coverage=(number,),
            sentences=(
                Quotation(
                    text=FIRST,
                    url=URL,
                    source="Quay Dispatch",
                    dated_at=date(2020, 9, 13),
                    text_id=number,
                    end=len(FIRST),
                ),
            ),
        )
        said = Briefing(
            local_date=date(2020, 9, 13),
            zone="UTC",
            sections=(Section(name="Transport", stories=(story,)),),
        )
        rows = {
            "chat": {"id": 1, "telegram_id": 42, "created_at": at},
            "room": {"id": 1, "chat_id": 1, "created_at": at},
            "article": {"id": number, "page_key": f"k{number}", "canonical_url": URL}
            | {"seen_at": at},
            "article_text": {"id": number, "article_id": number, "hash": "", "text": text},
            "edition": {"id": number, "room_id": 1, "kind": "scheduled", "key": f"1:{number}"}
            | {"created_at": at, "filled_at": at},
            "content": {"edition_id": number, "value": dump_content(said)},
            "part": {"edition_id": number, "chat_id": 1, "n": 0, "html": "", "plain": ""}
            | {"created_at": at, "not_before": at},
        }
        with closing(sqlite3.connect(path)) as connection:
            for table, row in rows.items():
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
                    tuple(row.values()),
                )
            connection.commit()
        return path

    return store


def message(sentence):
    return f'<b>1. Title 0</b>\n{sentence} <a href="{URL}#:~:text=The%20ferry">Quay Dispatch</a>'


def test_the_diary_reads_what_a_chat_was_told(database):
    diary = Diary(database(is_update=True), {URL: item(0, walled=True)})
    diary.take([(42, message(FIRST))], NIGHT + HOUR)
    (told,) = diary.tellings
    assert (told.chat, told.label, told.story, told.marked) == (42, "ferry", 3, True)
    assert diary.arrivals == [Arrival(chat=42, at=NIGHT + HOUR, editions=1, doubled=0)]
    counts = diary.counts
    assert (counts["sentences"], counts["not verbatim"], counts["not shown"]) == (1, 0, 0)
    assert (counts["links"], counts["walled links"], counts["walled leads"]) == (1, 1, 1)
    assert counts["walled leads, not said"] == 1


def test_the_diary_sees_a_sentence_that_nobody_published(database):
    diary = Diary(database(text=f"{FIRST[:-2]}1. It was never said."), {URL: item(0)})
    diary.take([(42, message(FIRST))], NIGHT)
    assert diary.counts["not verbatim"] == 1


def test_the_diary_sees_a_headline_that_is_told_as_a_sentence(database):
    published = replace(item(0), title=FIRST, text="Two hundred people took it.")
    diary = Diary(database(text=f"{FIRST}\nTwo hundred people took it."), {URL: published})
    diary.take([(42, message(FIRST))], NIGHT)
    assert (diary.counts["from a title"], diary.counts["not verbatim"]) == (1, 0)


def test_the_diary_sees_a_sentence_that_a_message_changed(database):
    diary = Diary(database(), {URL: item(0)})
    diary.take([(42, message(FIRST.replace("again", "aground")))], NIGHT)
    assert (diary.counts["not verbatim"], diary.counts["not shown"]) == (0, 1)


def test_the_diary_sees_a_message_that_came_twice(database):
    path = database()
    diary = Diary(path, {URL: item(0)})
    diary.take([(42, message(FIRST)), (42, message(FIRST))], NIGHT)
    assert diary.arrivals[-1].doubled == 1
    diary.take([(42, message(FIRST))], NIGHT + HOUR)
    assert diary.arrivals[-1] == Arrival(chat=42, at=NIGHT + HOUR, editions=0, doubled=1)


def test_the_diary_takes_each_edition_once(database):
    path = database()
    diary = Diary(path, {URL: item(0)})
    diary.take([(42, message(FIRST))], NIGHT)
    database(2)
    diary.take([(42, message(FIRST) + "!")], NIGHT + DAY)
    assert [told.edition for told in diary.tellings] == [1, 2]
    assert diary.counts["editions"] == 2

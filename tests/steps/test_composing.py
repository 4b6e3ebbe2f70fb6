"""What an edition is made of, and what is recorded where none is made."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.content import text_ids
from bot.domain.due import Due
from bot.domain.edition import Edition, EditionKind
from bot.domain.room import ChatState, RoomSettings, Silence, UsualLanguages
from bot.errors import Aborted, GiveUp, ReaderError, StoreUnavailable, Unforeseen
from bot.pick import sentence_hash
from bot.reasons import Reason
from bot.steps.composing import Composing
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, add_story, ask, put_due, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EDITION = "SELECT kind, key, reason, left_out, stories, held_back FROM edition ORDER BY id"


class Troubled(PatientWorkers):
    """Workers that raise ``errors`` in turn, and whatever ``poison`` is in what they compose."""

    def __init__(self):
        self.errors = []
        self.poison = frozenset()
        self.calls = []

    async def run(self, function, /, *args, **kwargs):
        ids = [candidate.story_id for section in args[0] for candidate in section.candidates]
        self.calls.append(ids)
        if self.errors:
            raise self.errors.pop(0)
        if self.poison.intersection(ids):
            raise Unforeseen("ValueError")
        return await super().run(function, *args, **kwargs)


@pytest.fixture
def database_url(tmp_path):
    """What is asked of the database is proved for every kind in tests/store."""
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def workers():
    return Troubled()


@pytest.fixture
def make_composing(store, workers, clock):
    def make(languages=(), *, sample=False):
        usual = UsualLanguages(configured=languages)
        return Composing(store, workers, load_topics(), clock, languages=usual, sample=sample)

    return make


@pytest.fixture
def composing(make_composing):
    return make_composing()


@pytest.fixture
async def room(store):
    """A room that reads about energy, where a story waits."""
    room = await open_room(store)
    await subscribe(store, room, "energy")
    return room


def brief(room, key="1", **fields):
    return Edition(room=room, kind=EditionKind.BRIEF, key=key, **fields)


def scheduled(room, key="1:2025-06-05", due_at=START, **fields):
    return Edition(room=room, kind=EditionKind.SCHEDULED, key=key, due_at=due_at, **fields)


async def plain(store):
    """Return all that is said in the last edition."""
    query = "SELECT plain FROM part WHERE edition_id = (SELECT max(id) FROM edition) ORDER BY n"
    return "\n".join(row[0] for row in await ask(store, query))


async def test_an_edition_is_made_once_whoever_asks_again(store, composing, room):
    await add_story(store, "dam")
    assert await composing.compose(brief(room)) == 1
    assert await composing.compose(brief(room)) == 0
    assert await ask(store, EDITION) == [("brief", "1", "", "", 1, 0)]
    assert await composing.compose(brief(room, "2")) == 1
    assert (await ask(store, EDITION))[1:] == [("brief", "2", "", "", 0, 0)]


async def test_an_edition_that_another_was_faster_to_make_has_no_messages_of_ours(
    store, composing, room
):
    await add_story(store, "dam")
    counts = await asyncio.gather(*(composing.compose(brief(room)) for _ in range(2)))
    assert sorted(counts) == [0, 1]
    assert await ask(store, "SELECT count(*) FROM part") == [(1,)]


async def test_a_story_that_comes_back_with_nothing_new_is_held_back_and_counted(
    store, composing, clock, room
):
    dam = await add_story(store, "dam", fingerprint=7)
    await composing.compose(brief(room))
    clock.advance(HOUR)
    copy = await add_report(store, "copy", fingerprint=7, seen_at=clock.now())
    await store.articles.assign({dam: [copy]})
    await composing.compose(brief(room, "2"))
    assert (await ask(store, EDITION))[1:] == [("brief", "2", "", "", 0, 1)]
    assert "Quiet: Energy." in await plain(store)


async def test_what_is_quoted_stands_word_for_word_in_the_stored_text(store, composing, room):
    dam, mill = await add_story(store, "dam"), await add_story(store, "mill")
    await composing.compose(brief(room))
    said = await plain(store)
    (content,) = (await store.contents.of_room(room.id)).values()
    texts = await store.articles.texts(text_ids(content))
    sentences = {dam: [], mill: []}
    for story in content.stories:
        for place in (*story.sentences, *story.more):
            sentences[story.story_id].append(texts[place.text_id][place.start : place.end])
    assert [len(told) for told in sentences.values()] == [3, 3]
    assert all(sentence in said for told in sentences.values() for sentence in told)
    told = await store.editions.told(room.id)
    assert told == {
        story: (START, frozenset(map(sentence_hash, lines))) for story, lines in sentences.items()
    }


async def test_each_text_that_is_quoted_is_kept_by_one_row(store, composing, room):
    dam, mill = await add_story(store, "dam"), await add_story(store, "mill")
    await composing.compose(brief(room))
    quotes = "SELECT part, story_id, article_text_id FROM quote ORDER BY story_id"
    of_story = (
        "SELECT t.id FROM article_text AS t JOIN story_article AS s ON s.article_id = t.article_id"
        " WHERE s.story_id = :story"
    )
    expected = []
    for story in (dam, mill):
        ((text_id,),) = await ask(store, of_story, story=story)
        expected.append((0, story, text_id))
    assert await ask(store, quotes) == expected


async def test_what_a_reader_asked_for_goes_before_what_is_scheduled(store, composing, room):
    await composing.compose(brief(room))
    await composing.compose(scheduled(room))
    await composing.compose(replace(brief(room), kind=EditionKind.CATCH_UP))
    replies = await ask(store, "SELECT reply FROM part ORDER BY edition_id")
    assert [bool(reply) for (reply,) in replies] == [True, False, True]
    dates = await ask(store, "SELECT kind FROM edition WHERE due_at IS NOT NULL")
    assert dates == [("scheduled",)]


@pytest.mark.parametrize(
    ("after", "is_late"),
    [
        (timedelta(0), False),
        (timedelta(minutes=10), False),
        (timedelta(minutes=10, microseconds=1), True),
    ],
)
async def test_late_is_said_after_ten_minutes(store, composing, room, after, is_late):
    await composing.compose(scheduled(room, due_at=START - after))
    assert ("late, due" in await plain(store)) is is_late


async def test_what_was_asked_for_is_never_late(store, composing, clock, room):
    clock.advance(DAY)
    await composing.compose(brief(room))
    assert "late" not in await plain(store)


@pytest.mark.parametrize(
    ("silence", "zone", "utc", "is_silent"),
    [
        (Silence.NIGHT, "Europe/Berlin", (19, 59, 59), False),
        (Silence.NIGHT, "Europe/Berlin", (20, 0, 0), True),
        (Silence.NIGHT, "Europe/Berlin", (4, 59, 59), True),
        (Silence.NIGHT, "Europe/Berlin", (5, 0, 0), False),
        (Silence.NIGHT, "", (6, 59, 59), True),
        (Silence.NIGHT, "", (7, 0, 0), False),
        (Silence.NIGHT, "", (22, 0, 0), True),
        (Silence.OFF, "", (23, 0, 0), False),
        (Silence.ALWAYS, "", (12, 0, 0), True),
    ],
)
async def test_nights_are_silent_by_the_readers_clock(  # noqa: PLR0917 - a table
    store, composing, clock, room, silence, zone, utc, is_silent
):
    settings = RoomSettings(silence=silence)
    room = replace(room, settings=settings, chat=replace(room.chat, zone=zone))
    clock.move_to(datetime.combine(START, time(*utc), UTC))
    await composing.compose(brief(room))
    ((silent,),) = await ask(store, "SELECT silent FROM part")
    assert bool(silent) is is_silent


async def test_a_quiet_morning_makes_no_sound_and_what_was_asked_for_does(store, composing, room):
    await add_story(store, "dam")
    await composing.compose(scheduled(room))
    await composing.compose(scheduled(room, "1:2025-06-06"))
    await composing.compose(brief(room))
    silent = await ask(store, "SELECT silent FROM part ORDER BY edition_id")
    assert [bool(value) for (value,) in silent] == [False, True, False]


def in_state(room, state):
    return replace(room, chat=replace(room.chat, state=state))


def paused(room, until):
    return replace(room, settings=RoomSettings(paused_until=until))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda room: room, ""),
        (lambda room: in_state(room, ChatState.GONE), "chat-gone"),
        (lambda room: in_state(room, ChatState.PAUSED), "paused"),
        (lambda room: paused(room, START + timedelta(microseconds=1)), "paused"),
        (lambda room: paused(room, START), ""),
        (lambda room: in_state(paused(room, START + DAY), ChatState.GONE), "chat-gone"),
    ],
)
async def test_a_room_that_takes_a_break_gets_a_reason_and_no_message(
    store, composing, room, change, reason
):
    count = await composing.compose(scheduled(change(room)))
    assert count == (0 if reason else 1)
    assert await ask(store, "SELECT reason FROM edition") == [(reason,)]
    assert await ask(store, "SELECT count(*) FROM part") == [(count,)]


async def test_a_break_keeps_nobody_from_asking(store, composing, room):
    assert await composing.compose(brief(paused(room, START + DAY))) == 1
    assert await ask(store, "SELECT reason FROM edition") == [("",)]


async def test_without_subscriptions_there_is_nothing_to_make(store, composing, workers):
    room = await open_room(store, 2)
    assert await composing.compose(brief(room)) == 0
    assert await composing.compose(scheduled(in_state(room, ChatState.PAUSED))) == 0
    reasons = await ask(store, "SELECT reason FROM edition ORDER BY id")
    assert reasons == [("no-subscriptions",), ("paused",)]
    assert workers.calls == []


@pytest.mark.parametrize(
    ("zone", "said"), [("", "since Tue 3 Jun"), ("Europe/Berlin", "since Wed 4 Jun")]
)
async def test_a_catch_up_says_since_when_on_the_readers_calendar(
    store, composing, room, zone, said
):
    room = replace(room, chat=replace(room.chat, zone=zone))
    since = datetime(2025, 6, 3, 22, 30, tzinfo=UTC)
    edition = Edition(room=room, kind=EditionKind.CATCH_UP, key="1", catch_up_since=since)
    await composing.compose(edition)
    assert f"the best {said}" in await plain(store)


@pytest.mark.parametrize(
    ("times", "advance", "said"),
    [
        ([], None, ""),
        ([(7, DAY)], None, "Next: Fri"),
        ([(7, timedelta(0))], DAY, "Next: Fri"),  # the slot in hand is past
        ([(7, timedelta(0)), (8, 2 * DAY)], 3 * DAY, "Next: Sat"),
        ([(7, timedelta(0)), (8, 2 * DAY)], DAY, "Next: Fri"),
    ],
)
async def test_the_end_says_when_the_next_edition_is(  # noqa: PLR0917 - a table
    store, composing, room, times, advance, said
):
    for hour, wait in times:
        await put_due(store, room, START + wait, time(hour))
    edition = scheduled(room)
    if advance is not None:
        first = (await store.schedules.of_room(room.id))[0]
        after = Due(START + advance, (START + advance).date())
        edition = replace(edition, advance=(first.id, after))
    await composing.compose(edition)
    _, _, end = (await plain(store)).partition("That's all.")
    assert end.strip().startswith(said) if said else "Next" not in end


async def test_a_schedule_that_is_switched_off_has_no_next_edition(store, composing, room):
    await put_due(store, room)
    (one,) = await store.schedules.of_room(room.id)
    await composing.compose(scheduled(room, advance=(one.id, None)))
    assert "Next" not in await plain(store)
    assert (await store.schedules.of_room(room.id))[0].next_due_at is None


async def test_only_what_the_room_reads_is_told(store, make_composing, room):
    await add_story(store, "dam")
    await add_story(store, "mill", language="de")
    await add_story(store, "opera", matches={"culture": 1.0})
    shown = {}
    for languages in ((), ("de",)):
        (message,) = await make_composing(languages).messages(brief(room))
        shown[languages] = [
            name for name in ("dam", "mill", "opera") if f"The {name} is back" in message.plain
        ]
    assert shown == {(): ["dam"], ("de",): ["mill"]}  # a reader of English, unless it is said


async def test_the_sample_newsroom_says_so(store, make_composing, composing, room):
    await make_composing(sample=True).compose(brief(room))
    assert "SAMPLE" in await plain(store)
    await composing.compose(brief(room, "2"))
    assert "SAMPLE" not in await plain(store)


async def test_what_an_edition_would_say_is_shown_without_storing_anything(store, composing, room):
    await subscribe(store, room, "culture")
    await add_story(store, "dam")
    await add_story(store, "opera", matches={"culture": 1.0})
    _, culture = await store.subscriptions.of_room(room.id)
    (whole,) = await composing.messages(brief(room))
    (one,) = await composing.messages(brief(room), culture)
    assert ("The dam is back" in whole.plain, "The opera is back" in whole.plain) == (True, True)
    assert ("The dam is back" in one.plain, "The opera is back" in one.plain) == (False, True)
    for table in ("edition", "part", "told", "quote"):
        assert await ask(store, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_choices_that_exist_no_more_are_said_once_in_an_edition_that_says_something(
    store, composing, room
):
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE room SET settings = 'not json'")
    there = await store.chats.get_room(room.id)
    await composing.compose(scheduled(in_state(there, ChatState.PAUSED)))
    assert await ask(store, "SELECT settings FROM room") == [("not json",)]
    await composing.compose(scheduled(there, "1:2025-06-06"))
    assert "Your settings could not be read" in await plain(store)
    assert await ask(store, "SELECT settings FROM room") == [("{}",)]


async def end(store, n, reason):
    """End part ``n`` of the last edition as dead."""
    query = f"SELECT id FROM part WHERE n = {n} ORDER BY edition_id DESC LIMIT 1"
    ((part_id,),) = await ask(store, query)
    await store.outbox.mark_dead(part_id, error=reason, now=START)


NEVER_CAME = "may not have reached you"


@pytest.mark.parametrize("code", ["never-answered", "no-answer-twice"])
async def test_a_briefing_that_may_be_lost_is_named_once_in_the_next_one(
    store, composing, room, code
):
    await add_story(store, "dam")
    await composing.compose(scheduled(room))
    first = await plain(store)
    await end(store, 0, Reason(code, {"said": "x"}))
    await composing.compose(brief(room))
    assert f"Your briefing of Thu 5 Jun 05:30 {NEVER_CAME}" in await plain(store)
    assert first.splitlines()[0] in await plain(store)  # what nobody read is told again
    await composing.compose(brief(room, "2"))
    assert NEVER_CAME not in await plain(store)


async def test_what_was_refused_or_ended_with_a_blocked_bot_is_not_called_lost(
    store, composing, room
):
    await composing.compose(scheduled(room))
    await end(store, 0, Reason("telegram-says", {"said": "bot was blocked by the user"}))
    await composing.compose(brief(room))
    assert NEVER_CAME not in await plain(store)


async def test_a_briefing_that_may_be_lost_is_said_to_its_own_room_alone(store, composing, room):
    other = await open_room(store, 2)
    await subscribe(store, other, "energy")
    await composing.compose(scheduled(room))
    await end(store, 0, Reason("never-answered", {"said": "x"}))
    await composing.compose(brief(other))
    assert NEVER_CAME not in await plain(store)
    await composing.compose(scheduled(in_state(room, ChatState.PAUSED), "1:2025-06-06"))
    await composing.compose(brief(room))  # what said nothing in between does not hide it
    assert NEVER_CAME in await plain(store)


async def test_a_story_that_breaks_is_left_out_and_counted(store, composing, workers, room):
    await add_story(store, "dam")
    workers.poison = {await add_story(store, "mill")}
    assert await composing.compose(brief(room)) == 1
    said = await plain(store)
    assert "1 story could not be told: a fault on our side, noted." in said
    assert "The dam is back" in said
    assert await ask(store, EDITION) == [("brief", "1", "", 'stories-left-out {"n": 1}', 1, 0)]


async def test_a_topic_that_breaks_as_a_whole_is_named(store, composing, workers, room):
    await add_story(store, "dam")
    workers.errors = [Unforeseen("KeyError"), Unforeseen("KeyError")]
    await composing.compose(brief(room))
    assert "Energy: a fault on our side (KeyError)" in await plain(store)
    assert await ask(store, "SELECT left_out, stories FROM edition") == [
        ('topics-left-out {"names": ["Energy"]}', 0)
    ]


async def test_a_lost_process_ends_a_first_attempt_and_only_the_next_goes_part_by_part(
    store, composing, workers, room
):
    dam = await add_story(store, "dam")
    workers.errors = [Aborted("process-died")]
    with pytest.raises(Aborted):
        await composing.compose(brief(room))
    assert workers.calls == [[dam]]
    workers.errors = [Aborted("process-died")]
    assert await composing.compose(brief(room, again=True)) == 1
    assert workers.calls[1:] == [[dam], [dam], [dam]]
    assert await ask(store, EDITION) == [("brief", "1", "", "", 1, 0)]


@pytest.mark.parametrize("error", [RuntimeError("x"), Aborted("too-slow", seconds=20)])
async def test_what_a_reader_waits_for_is_tried_once_more(store, composing, workers, room, error):
    await add_story(store, "dam")
    workers.errors = [error]
    assert await composing.compose_asked(brief(room)) == 1
    assert await ask(store, EDITION) == [("brief", "1", "", "", 1, 0)]


async def test_what_breaks_twice_ends_with_its_reason_and_the_reader_is_told(
    store, composing, workers, room
):
    workers.errors = [RuntimeError("x"), TypeError("y")]
    with pytest.raises(ReaderError, match="brief-failed"):
        await composing.compose_asked(brief(room))
    assert len(workers.calls) == 2
    assert await ask(store, EDITION) == [
        ("brief", "1", 'unforeseen {"kind": "TypeError"}', "", 0, 0)
    ]
    assert await composing.compose(brief(room)) == 0  # it has ended


@pytest.mark.parametrize("before", [[], [RuntimeError("x")]])
async def test_a_database_that_is_away_ends_no_edition(store, composing, workers, room, before):
    workers.errors = [*before, StoreUnavailable("store-unavailable")]
    with pytest.raises(StoreUnavailable):
        await composing.compose_asked(brief(room))
    assert await ask(store, "SELECT filled_at FROM edition") == [(None,)]
    assert await composing.compose(brief(room)) == 1  # as if it had never been tried


async def test_a_small_story_of_our_own_is_composed_as_a_readers_is(store, composing, workers):
    await composing.try_out()
    assert workers.calls == [[1]]
    workers.errors = [GiveUp("too-slow")]
    with pytest.raises(GiveUp):
        await composing.try_out()
    assert await ask(store, "SELECT count(*) FROM edition") == [(0,)]

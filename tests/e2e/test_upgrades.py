"""An upgrade in the night: the old version sent the morning's editions, the new sends the next.

Every database of tests/data/databases is restored on SQLite and on PostgreSQL, upgraded to the
newest schema by the bot itself, and used by it for a night and a morning.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from telegram import Update

from bot.app import build
from bot.chat import Throttle
from bot.reasons import load_reason
from bot.send import UNPACED
from bot.settings import Settings
from bot.store.schema import check, newest_revision
from bot.texts import explain, texts_for
from tests.fakes.clock import FakeClock
from tests.fakes.house import TOKEN, House, PatientWorkers
from tests.fakes.old_databases import (
    OLD_DATABASES,
    OldDatabase,
    Rows,
    all_rows,
    read_old,
    restore,
    revisions,
)
from tests.fakes.press import BRIDGE, FEEDS, PIECES, publish
from tests.fakes.web import Web
from tests.fakes.wire import FakeWire, message_update

RESTARTED_AFTER = timedelta(minutes=25)  # all leases of the stopped bot have ended by then
POLLED_AT = datetime(2025, 6, 6, 3, tzinfo=UTC)
# The last schedule of the second morning is the German reader's, at 07:30 in Berlin.
END = datetime(2025, 6, 6, 5, 30, tzinfo=UTC)
TITLES = {piece.slug: piece.title for piece in PIECES}
# Readers whose stored choices no longer exist; the bot may report that it uses a default.
OUTDATED = ("old_method", "old_zone", "old_topic")
# How /settings names what the databases hold, in English.
LENGTHS = {"brief": "Normal", "deep": "Deep"}
SOUNDS = {"off": "on", "night": "off at night"}
# Columns of reasons, errors and choices, which an upgrade may store in another form. What readers
# see of them is tested instead.
REWRITTEN = {
    *(("edition", "reason"), ("feed", "error"), ("feed", "state"), ("feed_entry", "error")),
    *(("part", "error"), ("chat", "error"), ("room", "settings")),
    ("article", "page_key"),
}
OPEN = ("queued", "sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The results of a night: rows, messages and requests.

    ``upgraded`` and ``after`` are the rows after the upgrade and after the morning. ``shown`` are
    the answers to /status and /settings after the restart, by reader and command. ``sent`` are
    the sendMessage calls that answer no command, ``asked`` the paths of the fetched pages, and
    ``asked_quiet`` those fetched from a host that had asked the bot to pause.
    """

    old: OldDatabase
    faults: list[str]
    upgraded: Rows
    after: Rows
    shown: dict[tuple[str, str], dict]
    sent: list[dict]
    asked: list[str]
    asked_quiet: list[str]

    @property
    def rooms(self) -> dict[str, int]:
        """The room id by reader."""
        chats = {row["telegram_id"]: row["id"] for row in self.old.rows["chat"]}
        ids = {(row["chat_id"], row["thread"]): row["id"] for row in self.old.rows["room"]}
        return {name: ids[chats[chat], thread] for name, (chat, thread) in self.old.readers.items()}

    def told(self, name: str) -> list[str]:
        """Return the messages that a reader was sent, oldest first."""
        chat, thread = self.old.readers[name]
        return [
            message["text"]
            for message in self.sent
            if (message["chat_id"], message.get("message_thread_id", 0)) == (chat, thread)
        ]

    def editions(self, name: str) -> list[dict]:
        """Return the rows of a reader's editions that became due after the bot was stopped."""
        dues = {
            f"{row['id']}:{row['next_local_date']}"
            for row in self.old.rows["schedule"]
            if row["room_id"] == self.rooms[name] and at(row["next_due_at"]) <= END
        }
        found = [row for row in self.after["edition"] if row["key"] in dues]
        assert {row["key"] for row in found} == dues
        return found

    def reasons(self, name: str) -> set[str]:
        """Return the reasons why a reader got no edition, stored by the old version, in English."""
        room = self.rooms[name]
        rows = self.old.rows["edition"]
        stored = {row["reason"] for row in rows if row["room_id"] == room and row["reason"]}
        return {explain(load_reason(text), texts_for("en")) for text in stored}

    def old_parts(self, *states: str) -> list[dict]:
        return [row for row in self.old.rows["part"] if row["state"] in states]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def live(path, database_url: str) -> Night:
    """Run the bot through the night on an old database, and return the results."""
    wire = FakeWire()
    async with Web() as web, Web() as quiet:
        publish(web, day=2, ended=True)
        old = read_old(path, {"web.invalid": web.at, "quiet.invalid": quiet.at})
        clock = FakeClock(old.stopped_at + RESTARTED_AFTER)
        settings = Settings(
            _env_file=None,
            token=SecretStr(TOKEN),
            database_url=await restore(old, database_url),
            feeds=tuple(web.url(feed) for feed in FEEDS),
            allow_local=(web.at, quiet.at),
            builtin_feeds=False,
        )
        app = build(
            settings,
            clock=clock,
            request=wire,
            workers=PatientWorkers(),
            throttle=Throttle(max_requests=1_000_000),
            limits=UNPACED,
            fetch_gap_s=0.0,
        )
        async with app:
            house, database = House(app, wire, clock, web), app.store.database
            faults, upgraded = await check(database), await all_rows(database)
            await app.flow.deliver()
            sent = wire.calls("sendMessage")
            shown = await look_around(house, old)
            before = len(wire.calls("sendMessage"))
            await house.morning()
            clock.move_to(POLLED_AT)
            await house.refresh()
            dues = {at(row["next_due_at"]) for row in old.rows["schedule"]}
            for due_at in sorted(due_at for due_at in dues if POLLED_AT < due_at <= END):
                clock.move_to(due_at)
                await house.morning()
            sent += wire.calls("sendMessage")[before:]
            after = await all_rows(database)
            await house.say("/start", old.readers["gone"][0])
            shown |= await look_around(house, old, "gone")
    return Night(
        old=old,
        faults=faults,
        upgraded=upgraded,
        after=after,
        shown=shown,
        sent=sent,
        asked=web.paths(),
        asked_quiet=quiet.paths(),
    )


async def look_around(house: House, old: OldDatabase, *names: str) -> dict[tuple[str, str], dict]:
    """Return the answers to /status and /settings of the named readers, or of all active ones."""
    there = names or [name for name in old.readers if name not in {"gone", *OUTDATED}]
    application, shown = house.app.application, {}
    for name in there:
        chat, thread = old.readers[name]
        house.wire.members[chat, abs(chat)] = "administrator"
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        for command in ("/status", "/settings"):
            update = {"update_id": len(house.wire.log), **message_update(command, chat, **topic)}
            await application.process_update(Update.de_json(update, application.bot))
            shown[name, command] = house.wire.sent(chat)[-1]
    assert house.errors == []
    return shown


@pytest.fixture(scope="module", params=OLD_DATABASES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def night(request, path, tmp_path_factory) -> Night:
    """Return the results of a night with an old database; each night is run once for all tests."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('night')}/old.db"
    else:
        url = request.getfixturevalue("postgres_url")
    return asyncio.run(live(path, url))


def test_a_database_of_old_holds_every_state_that_its_time_knew(path):
    rows = read_old(path, {}).rows
    states = {"queued", "sending", "sent", "dead", "expired"}
    assert {row["state"] for row in rows["part"]} == states
    assert {row["state"] for row in rows["feed_entry"]} == {"new", "idle", "done", "failed"}
    assert {row["kind"] for row in rows["edition"]} == {"scheduled", "brief", "catch-up"}
    assert {row["kind"] for row in rows["subscription"]} == {"topic", "query", "feed"}
    assert {row["state"] for row in rows["chat"]} == {"active", "gone"}
    assert any(row["maybe_sent"] for row in rows["part"])
    assert any(row["filled_at"] is None for row in rows["edition"])
    assert any(row["merged_into"] for row in rows["story"])
    assert any(row["thread"] for row in rows["room"])
    assert any(not row["public"] and row["next_poll_at"] is None for row in rows["feed"])
    assert rows["furniture"]
    assert rows["host_pause"]


def test_every_schema_before_the_newest_has_its_database():
    assert revisions() - {newest_revision()} <= {path.stem for path in OLD_DATABASES}


def test_an_upgraded_database_is_sound(night):
    assert night.faults == []
    assert night.upgraded["alembic_version"] == [{"version_num": newest_revision()}]


def test_an_upgrade_keeps_every_row(night):
    for table, rows in night.old.rows.items():
        columns = [
            name
            for name in rows[0]
            if (table, name) not in REWRITTEN and name in night.upgraded[table][0]
        ]
        assert len(columns) >= len(rows[0]) - 2

        def kept(some, columns=columns):
            return Counter(json.dumps([row[name] for name in columns]) for row in some)

        added = kept(night.upgraded[table]) - kept(rows)
        assert kept(rows) - kept(night.upgraded[table]) == Counter(), table
        # The bot notes there by what data of zones it works.
        assert not added or (table == "meta" and "zone_data" in str(added)), table


def test_what_was_on_its_way_arrives_once(night):
    room_of = {row["id"]: row["room_id"] for row in night.old.rows["edition"]}
    name_of = {room: name for name, room in night.rooms.items()}
    waiting = {name_of[room_of[row["edition_id"]]]: row for row in night.old_parts(*OPEN)}
    assert waiting.keys() == {"waiting", "sending", "maybe"}
    state = {row["id"]: row["state"] for row in night.after["part"]}
    for name, part in waiting.items():
        assert night.told(name) == [part["html"]]
        assert state[part["id"]] == "sent"


def test_what_is_said_from_now_on_has_its_content_as_what_had_one_before(night):
    old = {row["id"] for row in night.old.rows["edition"] if row["filled_at"]}
    new = {row["edition_id"] for row in night.after["part"]} - old
    assert new
    before = night.old.rows.get("content", [])
    assert night.upgraded["content"] == before
    kept = [row for row in night.after["content"] if row["edition_id"] not in new]
    assert kept == before
    assert new <= {row["edition_id"] for row in night.after["content"]}


def test_nothing_is_left_on_its_way(night):
    assert [row for row in night.after["part"] if row["state"] in OPEN] == []


def test_no_part_that_had_ended_is_sent_again(night):
    after = {row["id"]: row for row in night.after["part"]}
    ended = night.old_parts("sent", "dead", "expired")
    assert ended
    for part in ended:
        same = ("state", "attempts", "message_id", "ended_at")
        assert {name: after[part["id"]][name] for name in same} == {
            name: part[name] for name in same
        }


@pytest.mark.parametrize(
    "name",
    [
        *("plain", "german", "chooser", "two_languages", "break_ends", "break_lasts"),
        *("own_words", "private_feed", "ended_feed", "gone", "refused", "expired", "unfilled"),
        *("outage", "unsubscribed", "back", "forum", "old_method", "old_zone", "old_topic"),
    ],
)
def test_every_edition_that_was_due_ends_sent_or_with_a_reason(night, name):
    editions = night.editions(name)
    assert editions
    for edition in editions:
        assert edition["filled_at"] is not None
        parts = [row for row in night.after["part"] if row["edition_id"] == edition["id"]]
        assert {row["state"] for row in parts} == {"sent"} or (not parts and edition["reason"])


def test_who_is_briefed_is_told_and_who_is_not_hears_nothing(night):
    briefed = ("plain", "chooser", "two_languages", "break_ends", "own_words", "private_feed")
    for name in (*briefed, "ended_feed", "refused", "expired", "outage", "back", "german"):
        assert len(night.told(name)) == 1, name
    for name in ("break_lasts", "gone", "unsubscribed"):
        assert night.told(name) == [], name


def test_every_schedule_goes_on(night):
    for row in night.after["schedule"]:
        assert at(row["next_due_at"]) > END
    dues = {row["id"]: row["next_due_at"] for row in night.after["schedule"]}
    turns = {
        name: [dues[row["id"]] for row in night.old.rows["schedule"] if row["room_id"] == room]
        for name, room in night.rooms.items()
    }
    assert turns["chooser"] == ["2025-06-07T03:30:00+00:00"]  # 23:30 in New York
    assert turns["german"] == ["2025-06-07T05:30:00+00:00"]
    # Weekdays only: the second schedule on Friday, the first on Monday.
    assert turns["plain"] == ["2025-06-09T03:30:00+00:00", "2025-06-06T14:00:00+00:00"]


def test_no_story_is_told_again_but_as_an_update(night):
    old = {row["id"] for row in night.old.rows["edition"]}
    kept = {row["id"]: row["merged_into"] or row["id"] for row in night.after["story"]}
    updated = set()
    for name, room in night.rooms.items():
        mine = [row for row in night.after["told"] if row["room_id"] == room]
        before = [row for row in mine if row["edition_id"] in old]
        since = [row for row in mine if row["edition_id"] not in old]
        assert not hashes(before) & hashes(since), name
        again = {kept[row["story_id"]] for row in since} & {kept[row["story_id"]] for row in before}
        lines = "\n".join(night.told(name)).split("\n")
        lines = [line for line in lines if " · update" in line]
        assert len(lines) == len(again), name
        for line in lines:
            (slug,) = (slug for slug, title in TITLES.items() if f". {title}<" in line)
            updated.add((name, slug))
    assert {slug for _, slug in updated} == {"ferry-update", "swarm"}
    readers = {name for name, slug in updated if slug == "ferry-update"}
    assert readers == {"plain", "chooser", "private_feed", "back", "forum"}


def hashes(rows) -> set[int]:
    """Return the sentence hashes in rows of the table ``told``."""
    return {value for row in rows for value in json.loads(row["hashes"])}


def test_the_morning_after_has_the_news_and_no_other_words_for_the_old(night):
    (text,) = night.told("plain")
    for slug in ("ferry-update", "freight"):
        assert TITLES[slug] in text
    for slug in ("ferry", "ferry-valley", "seed", "schools", "heat", "heat-again", "fund"):
        assert TITLES[slug] not in text


def test_who_had_nothing_yet_is_told_the_old_news(night):
    for name in ("break_ends", "unfilled"):
        (text,) = night.told(name)
        # Under the title of its latest article, where that is out by then.
        slugs = ("ferry-update",) if name == "break_ends" else ("ferry", "ferry-valley")
        assert any(TITLES[slug] in text for slug in slugs)


def test_a_private_feed_is_read_on_and_stays_its_readers(night):
    (text,) = night.told("private_feed")
    assert TITLES["swarm"] in text
    mine = night.old.readers["private_feed"][0]
    others = [message for message in night.sent if message["chat_id"] != mine]
    shown = [card for (name, _), card in night.shown.items() if name != "private_feed"]
    assert others
    for message in (*others, *shown):
        said = json.dumps(message)
        assert "Quillbees" not in said
        assert "/circle.xml" not in said
    private = [row for row in night.after["feed"] if not row["public"]]
    assert {row["url"].rsplit("/")[-1] for row in private} == {"circle.xml", "bridge.xml"}


def test_every_choice_holds(night):
    settings = {row["id"]: json.loads(row["settings"]) for row in night.old.rows["room"]}
    after = {row["id"]: json.loads(row["settings"]) for row in night.after["room"]}
    for name, room in night.rooms.items():
        if name not in OUTDATED:
            method = settings[room].get("method", "")
            assert after[room].get("method", "") == method, name  # on a page of its own
            expected = chosen(settings[room], name, night.old.revision)
            _, lines, *_ = night.shown[name, "/settings"]["text"].split("\n\n")
            assert lines.splitlines() == expected, name


def test_a_night_without_a_sound_stays_silent(night):
    chooser, plain = (night.old.readers[name][0] for name in ("chooser", "plain"))
    silent = {
        message["chat_id"]: message.get("disable_notification", False) for message in night.sent
    }
    assert (silent[chooser], silent[plain]) == (True, False)


def test_languages_that_were_chosen_choose_the_news(night):
    assert TITLES["moor"] in night.told("two_languages")[0]
    assert TITLES["moor"] in night.told("german")[0]
    assert TITLES["moor"] not in night.told("plain")[0]


def test_a_reader_still_sees_why_nothing_came(night):
    seen = set()
    for name in night.rooms:
        if name not in OUTDATED:
            for reason in night.reasons(name):
                assert reason in night.shown[name, "/status"]["text"], name
                seen.add(reason)
    assert seen == {
        *("paused", "no subscriptions", "the chat is gone"),
        "missed in an outage; the next edition covers it",
    }


def test_a_reader_still_sees_which_sources_fail_and_why(night):
    failing = [row for row in night.old.rows["feed"] if row["error"]]
    assert len(failing) == 4
    for feed in failing:
        for name in ("plain", "ended_feed"):
            said = f"{feed['source']}: {explain(load_reason(feed['error']), texts_for('en'))}"
            is_shown = feed["public"] or name == "ended_feed"
            assert (said in night.shown[name, "/status"]["text"]) == is_shown


def test_nothing_is_asked_for_that_was_read_or_has_ended(night):
    entries = night.old.rows["feed_entry"]
    paths = {row["url"].rsplit("/")[-1]: row["state"] for row in entries}
    asked = Counter(night.asked)
    assert {f"/{slug}" for slug, state in paths.items() if state == "new"} <= set(asked)
    assert not {f"/{slug}" for slug, state in paths.items() if state != "new"} & set(asked)
    assert BRIDGE not in asked
    assert night.asked_quiet == []


def chosen(settings: dict, reader: str, revision: str) -> list[str]:
    """Return the lines of /settings that a room's choices make, with its schema's defaults.

    An empty list of languages is the choice of any. Until schema 0002 no list meant any too, from
    0003 on the reader's own.
    """
    own = "de" if reader == "german" else "en"
    texts = texts_for(own)
    unchosen = [] if revision < "0003" else [own]
    languages = map(texts.language_name, settings.get("languages", unchosen))
    length, sound = LENGTHS[settings.get("length", "brief")], SOUNDS[settings.get("silence", "off")]
    return [
        texts._("Length: {length}", length=texts._(length)),
        texts._("Sentences a story: {n}", n=settings.get("sentences", 2)),
        texts._("Languages: {languages}", languages=", ".join(languages) or texts._("any")),
        texts._("Sound: {when}", when=texts._(sound)),
    ]


def buttons(message: dict) -> Iterator[dict]:
    markup = message["reply_markup"]
    markup = json.loads(markup) if isinstance(markup, str) else markup
    for row in markup["inline_keyboard"]:
        yield from row

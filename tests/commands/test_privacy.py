"""What /privacy says, what /export holds to the last key, and what /forgetme leaves."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.briefing import Briefing, Quiet
from bot.domain.edition import EditionKind
from bot.reasons import Reason
from bot.store.editions import FilledEdition
from tests.fakes.clock import START
from tests.fakes.conversation import ask, keyboard, room_of, shown, tap
from tests.fakes.databases import rows_of
from tests.fakes.editions import send_edition
from tests.fakes.house import open_house

QUESTION = "This deletes your subscriptions, times, settings and everything I told you. Sure?"
DONE = "Done. I know nothing about you any more. /start begins anew."
SETTINGS = {
    "length": "brief",
    "stories_per_topic": 3,
    "stories_in_all": 7,
    "sentences": 2,
    "languages": ["en"],
    "method": "centroid",
    "silence": "off",
    "paused_until": None,
    "interface": "",
    "zone": "",
    "chosen": [],
}


async def exported(house, chat_id=1):
    return json.loads(await house.known(chat_id))


async def test_privacy_says_how_long_things_are_kept(house):
    (answer,) = await house.say("/privacy")
    kept, forgotten, ways = answer.splitlines()
    assert kept.endswith("I keep no names and no messages.")
    assert forgotten == ("Briefings are forgotten after 30 days, what you were told after 90.")
    assert ways == "/export gives you all of it, /forgetme deletes it."


async def test_an_export_of_a_newcomer_is_their_chat_and_an_empty_room(house):
    await house.say("/help")
    chat = (await room_of(house)).chat
    assert await exported(house) == {
        "chat": {
            "id": chat.id,
            "telegram_id": 1,
            "kind": "private",
            "language": "en",
            "zone": "",
            "state": "active",
            "zone_known": False,
        },
        "rooms": [
            {
                "thread": 0,
                "settings": SETTINGS,
                "subscriptions": [],
                "schedules": [],
                "editions": [],
                "told": {},
                "listed": {},
                "changes": [],
            }
        ],
        "manages": [],
    }


async def test_an_export_holds_what_was_chosen_subscribed_to_and_scheduled(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/schedule 08:00 weekdays")
    await house.say("/settings")
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    await house.press("v1:set:reads:de", house.wire.sent(1)[-1])
    await house.say("/pause 2025-06-08")
    data = await exported(house)
    assert (data["chat"]["zone"], data["chat"]["zone_known"]) == ("Europe/Berlin", True)
    (room,) = data["rooms"]
    changed = {
        "length": "deep",
        "languages": ["en", "de"],
        "paused_until": "2025-06-07T22:00:00+00:00",
        "chosen": ["languages", "length", "paused_until"],
    }
    assert room["settings"] == SETTINGS | changed
    (read,) = room["subscriptions"]
    assert read == {
        "id": read["id"],
        "room_id": read["room_id"],
        "kind": "topic",
        "key": "climate",
        "label": "Climate",
        "weight": 1.0,
    }
    (times,) = room["schedules"]
    assert times == {
        "id": times["id"],
        "room_id": read["room_id"],
        "schedule": {"local_time": "08:00:00", "days": [0, 1, 2, 3, 4]},
        "next_due_at": "2025-06-05T06:00:00+00:00",
        "attempts": 0,
        "error": None,
        "again_at": None,
    }


async def test_an_export_holds_every_edition_and_what_was_told_when(house):
    await house.say("/help")
    room, rows = await room_of(house), house.app.store.editions
    for n in range(7):
        edition_id = await rows.open(room.id, EditionKind.BRIEF, str(n), now=START)
        assert edition_id is not None
        await rows.fill(edition_id, FilledEdition(reason=Reason("paused"), held_back=n), now=START)
    (found,) = (await exported(house))["rooms"]
    assert [edition["held_back"] for edition in found["editions"]] == [6, 5, 4, 3, 2, 1, 0]
    last = found["editions"][0]
    assert set(last) == {
        "id",
        "kind",
        "created_at",
        "due_at",
        "reason",
        "left_out",
        "stories",
        "held_back",
        "sent_at",
        "waiting",
        "dead",
        "content",
    }
    assert last["content"] is None
    assert (last["kind"], last["created_at"]) == ("brief", "2025-06-05T05:30:00+00:00")
    assert last["reason"]["code"] == "paused"


async def test_an_export_holds_what_an_edition_said_and_listed(house):
    await house.say("/help")
    room, store = await room_of(house), house.app.store
    said = Briefing(
        local_date=START.date(),
        zone="UTC",
        sections=(),
        quiet=(Quiet(name="Energy", key="energy"),),
    )
    await send_edition(store, room, now=START, content=said, told={5: [1]}, listed={6: 2})
    (found,) = (await exported(house))["rooms"]
    (edition,) = found["editions"]
    assert edition["content"] == {
        "local_date": "2025-06-05",
        "zone": "UTC",
        "sections": [],
        "quiet": [{"name": "Energy", "key": "energy"}],
    }
    assert found["told"] == {"5": "2025-06-05T05:30:00+00:00"}
    assert found["listed"] == {"6": 2}


async def test_an_export_holds_all_rooms_of_the_chat_and_no_other_chat(house):
    group = -30
    house.wire.members[group, 30] = "creator"
    await house.say("/subscribe climate", group)
    await house.say("/subscribe space", group, message_thread_id=44, is_topic_message=True)
    await house.say("/subscribe energy", 2)
    rooms = (await exported(house, group))["rooms"]
    assert [(r["thread"], [s["key"] for s in r["subscriptions"]]) for r in rooms] == [
        (0, ["climate"]),
        (44, ["space"]),
    ]


async def test_an_export_comes_as_a_file_that_people_can_read(house):
    await house.say("/subscribe Überschwemmung")
    assert await house.say("/export") == []
    (sent,) = house.wire.calls("sendDocument")
    assert (sent["chat_id"], sent["filename"]) == (1, "daybrief.json")
    text = sent["document"].decode()
    assert text == await house.known(1)
    assert text.startswith('{\n  "chat": {\n')
    assert "\\u" not in text


# ---------------------------------------------------------------- forgetting


async def test_forgetting_asks_first_and_deletes_nothing_yet(house):
    await house.say("/subscribe climate")
    before = await house.known(1)
    assert await house.say("/forgetme") == [QUESTION]
    assert keyboard(house) == [[("Yes, delete everything", "v1:forget:yes")]]
    assert await house.known(1) == before


async def test_once_confirmed_nothing_is_known_and_the_question_is_gone(house):
    await house.say("/subscribe climate")
    await house.say("/forgetme")
    assert await tap(house, "Yes, delete everything") == []
    assert shown(house) == DONE
    assert keyboard(house) == []
    assert await house.known(1) == ""


async def test_all_rooms_of_the_chat_are_forgotten_and_no_other_chat(house):
    group = -30
    house.wire.members[group, 30] = "creator"
    await house.say("/subscribe climate, orun dam", 2)
    neighbour = await house.known(2)
    await house.say("/subscribe climate, quay ferry", group)
    await house.say("/subscribe pier ox", group, message_thread_id=44, is_topic_message=True)
    await house.say("/forgetme", group)
    await tap(house, "Yes, delete everything", group)
    assert await house.known(group) == ""
    assert await house.known(group, 44) == ""
    assert await house.known(2) == neighbour
    matching = house.app.flow.gathering.matching
    assert matching.is_wanted(["climate"])
    assert matching.is_wanted(["q:dam orun"])
    assert not matching.is_wanted(["q:ferry quay", "q:ox pier"])


async def test_no_row_names_what_was_forgotten(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        url = house.app.store.database.url
        await house.say("/subscribe quay ferry", 424242)
        await house.say("/brief", 424242)
        assert "424242" in await rows_of(url)
        await house.say("/forgetme", 424242)
        await tap(house, "Yes, delete everything", 424242)
        rows = await rows_of(url)
    assert "424242" not in rows
    assert "ferry" not in rows


async def test_a_forgotten_reader_who_comes_back_is_a_newcomer(house):
    await house.say("/timezone Berlin")
    await house.say("/forgetme")
    await tap(house, "Yes, delete everything")
    assert (await ask(house)).is_new
    assert (await room_of(house)).chat.zone == ""


@pytest.mark.parametrize("hour", [0, 23])
async def test_an_instant_is_exported_in_utc(house, hour):
    await house.say("/timezone Tokyo")
    house.clock.move_to(datetime(2025, 6, 5, hour, tzinfo=UTC))
    await house.say("/subscribe climate")
    (room,) = (await exported(house))["rooms"]
    (times,) = room["schedules"]
    assert times["next_due_at"].endswith("T22:30:00+00:00")

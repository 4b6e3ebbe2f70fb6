"""What each command answers, and what it answers to wrong input."""

import json
from datetime import timedelta

import pytest

from tests.fakes.wire import BOT


async def keys_of(house, chat_id=1):
    room = json.loads(await house.known(chat_id))["rooms"][0]
    return {one["key"] for one in room["subscriptions"]}


def button(house, text, chat_id=1):
    """Return (callback data, message) of the newest button whose text has ``text`` in it."""
    for message in reversed(house.wire.sent(chat_id)):
        for row in markup(message):
            for one in row:
                if text in one["text"]:
                    return one["callback_data"], message
    raise AssertionError(f"no button {text}")


def markup(message):
    found = message.get("reply_markup") or {}
    found = json.loads(found) if isinstance(found, str) else found
    return found.get("inline_keyboard", [])


async def tap(house, text, chat_id=1):
    data, message = button(house, text, chat_id)
    await house.press(data, message | {"from": BOT})


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/subscribe", "What would you like to read?"),
        ("/subscribe nort-korea", "do you mean North Korea"),
        ("/unsubscribe", "You have no subscriptions"),
        ("/brief", "Nothing to brief you on yet"),
        ("/schedule 25:00", "is no time"),
        ("/schedule weekdays", "At what time?"),
        ("/schedule 1:00 2:00 3:00 4:00 5:00 6:00 7:00", "Up to 6 times"),
        ("/timezone Nowhereville", "No place"),
        ("/pause someday", "Until when?"),
        ("/resume", "You are not on a break"),
        ("/dance", "I don't know that command"),
        ("what is 17 times 23", "I send news"),
    ],
)
async def test_a_wrong_input_gets_one_sentence_that_helps(house, said, answered):
    (answer,) = await house.say(said)
    assert answered in answer


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("/subscribe north-korea", {"north-korea"}),
        ("/subscribe DPRK", {"north-korea"}),
        ("/subscribe energy, space", {"energy", "space"}),
        ("/subscribe energy space", {"energy", "space"}),
        ("/start sub_north-korea", {"north-korea"}),
    ],
)
async def test_a_subscription_says_what_was_understood_and_when_it_comes(house, said, keys):
    (answer,) = await house.say(said)
    assert "Subscribed to" in answer
    assert "07:30" in answer
    assert await keys_of(house) == keys


async def test_own_words_are_a_query_whatever_their_order(house):
    await house.say("/subscribe “rare earths” -stocks")
    (again,) = await house.say("/subscribe -stocks “Rare Earths”")
    assert "already" in again
    assert len(await keys_of(house)) == 1


async def test_a_subscription_can_be_undone_once(house):
    await house.say("/subscribe energy")
    await tap(house, "Undo")
    assert await keys_of(house) == set()
    assert "Undone" in house.wire.texts(1)[-1]


async def test_a_preview_counts_as_nothing_told(house):
    await house.say("/subscribe energy")
    await tap(house, "Preview")
    assert json.loads(await house.known(1))["rooms"][0]["editions"] == []


async def test_unsubscribing_says_what_is_left_to_do(house):
    await house.say("/subscribe energy, space")
    (which,) = await house.say("/unsubscribe")
    assert "What do you want to read no more?" in which
    (unknown,) = await house.say("/unsubscribe sports")
    assert "You don't read" in unknown
    (gone,) = await house.say("/unsubscribe energy")
    assert "No more about" in gone
    assert await keys_of(house) == {"space"}


async def test_a_pause_holds_the_morning_and_resume_catches_up(house):
    await house.say("/subscribe energy")
    (paused,) = await house.say("/pause 3d")
    assert "Paused until" in paused
    house.clock.advance(timedelta(days=1))
    assert await house.morning() == []
    (status,) = await house.say("/status")
    assert "paused" in status
    assert len(await house.say("/resume")) == 1
    house.clock.advance(timedelta(days=1))
    assert len(await house.morning()) == 1


async def test_settings_change_in_place(house):
    await house.say("/settings")
    before = len(house.wire.texts(1))
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert len(house.wire.texts(1)) == before
    assert "Length: Deep" in house.wire.texts(1)[-1]
    # The same again changes nothing, and is no error.
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    await house.press("v1:set:sentences:3", house.wire.sent(1)[-1])
    settings = json.loads(await house.known(1))["rooms"][0]["settings"]
    assert (settings["length"], settings["sentences"]) == ("deep", 3)


async def test_an_export_is_a_document_with_all_we_know(house):
    await house.say("/subscribe energy")
    await house.say("/export")
    (sent,) = house.wire.calls("sendDocument")
    assert sent["filename"] == "daybrief.json"
    exported = json.loads(sent["document"])
    assert exported["chat"]["telegram_id"] == 1
    assert exported["rooms"][0]["subscriptions"][0]["key"] == "energy"


async def test_a_start_offers_topics_and_builds_up_a_subscription(house):
    await house.say("/start")
    await tap(house, "Climate")
    await tap(house, "08:30")
    assert "08:30" in house.wire.texts(1)[-1]
    assert await keys_of(house) == {"climate"}
    (back,) = await house.say("/start")
    assert "Welcome back" in back


async def test_schedules_can_be_several_and_none(house):
    (two,) = await house.say("/schedule 7:30 18:00 weekdays")
    assert "07:30" in two
    assert "18:00" in two
    (present,) = await house.say("/schedule")
    assert "weekdays" in present
    (none,) = await house.say("/schedule off")
    assert "No more scheduled briefings" in none
    assert await house.app.flow.next_edition_at() is None


async def test_help_and_topics_fit_one_message(house):
    for said in ("/help", "/topics", "/privacy"):
        (answer,) = await house.say(said)
        assert 50 < len(answer) <= 4096


async def test_an_export_shows_the_settings_in_effect(house):
    await house.say("/start")
    (settings,) = [room["settings"] for room in json.loads(await house.known(1))["rooms"]]
    assert (settings["languages"], settings["method"]) == (["en"], "centroid")
    assert settings["chosen"] == []
    await tap(house, "Climate")
    await house.say("/settings")
    await tap(house, "For the curious")
    await tap(house, "lexrank")
    (settings,) = [room["settings"] for room in json.loads(await house.known(1))["rooms"]]
    assert (settings["method"], settings["chosen"]) == ("lexrank", ["method"])


async def test_of_two_times_a_day_the_earlier_is_next(house):
    await house.say("/subscribe north-korea")  # it is 05:30 UTC, 06:30 in London
    await house.say("/schedule 21:00 18:00")
    (answer,) = await house.say("/schedule")
    assert "Next: today 18:00." in answer


async def test_an_edition_that_is_not_due_yet_is_not_called_late(house):
    await house.say("/subscribe north-korea")
    (answer,) = await house.say("/status")
    assert "Next: today 07:30." in answer
    assert "Due" not in answer

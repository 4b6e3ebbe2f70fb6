"""Conversations between a reader and the whole bot, over a fake wire."""

import json
from datetime import timedelta

import pytest

from bot.send import telegram_address
from bot.steps.composing import Composing
from tests.fakes.house import House, open_house
from tests.fakes.rss import page

STORY = (
    "The reservoir of the Orun dam reached 91 per cent on Wednesday, the river authority said. "
    "Engineers had expected the refilling to take another year. Farmers in the valley get their "
    "full share of water for the first time in three summers.\n"
    "The council of Lower Orun will vote on lifting the water restrictions next Tuesday. "
    "Two dry summers had drawn the lake down to 34 per cent of its volume. The climate of the "
    "Marl hills has become drier by a fifth since 1990, the weather service found."
)


def rss(*items: tuple[str, str, str]) -> str:
    listed = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<description><![CDATA[<p>{text.replace(chr(10), '</p><p>')}</p>]]></description>"
        "<pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate></item>"
        for title, link, text in items
    )
    return f"<rss version='2.0'><channel><title>Orun Courier</title>{listed}</channel></rss>"


@pytest.fixture
async def house(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        item = ("Climate: Orun dam refilled early", house.web.url("/dam"), STORY)
        house.web.add("/feed", rss(item), content_type="application/rss+xml")
        house.web.add("/dam", page("Orun dam refilled early", *STORY.split("\n")))
        yield house


def keyboard(house: House) -> list[str]:
    """Return the callback data of the newest message's buttons."""
    markup = house.wire.sent()[-1].get("reply_markup") or {}
    return [b["callback_data"] for row in markup.get("inline_keyboard", ()) for b in row]


async def press(house: House, data: str) -> list[str]:
    return await house.press(data, house.wire.sent()[-1])


async def test_the_first_message_subscribes_schedules_and_asks_for_the_zone(house):
    (answer,) = await house.say("/subscribe climate")
    assert "Subscribed to Climate." in answer
    assert "daily at 07:30" in answer
    assert "I assumed London time. What time is it for you?" in answer
    zones = [data for data in keyboard(house) if data.startswith("v1:zone:")]
    assert len(zones) == 3
    await press(house, "v1:zone:America/New_York")
    assert "New York time" in house.wire.sent()[-1]["text"]


async def test_a_briefing_is_told_once(house):
    await house.say("/subscribe climate")
    (first,) = await house.say("/brief")
    assert "Orun dam refilled early" in first
    (second,) = await house.say("/brief")
    assert "Quiet: Climate" in second


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/subscribe", "What would you like to read?"),
        ("/subscribe nort-korea", "do you mean North Korea or the words"),
        ("/unsubscribe", "You have no subscriptions."),
        ("/schedule 25:00", "is no time"),
        ("/timezone Mars/Base", "No place “Mars/Base”."),
        ("/timezone Berln", "Did you mean one of these?"),
        ("/pause yesterday", "Until when?"),
        ("/resume", "You are not on a break."),
        ("/brief", "Nothing to brief you on yet."),
        ("/nosuch", "I don't know that command."),
        ("hello there", "Tap a topic, or send your own words."),
        ("/subscribe file:///etc/passwd", "gives no feed"),
        ("/subscribe http://169.254.169.254/", "gives no feed"),
    ],
)
async def test_a_wrong_input_gets_one_helpful_sentence(house, said, answered):
    (answer,) = await house.say(said)
    assert answered in answer


async def test_several_topics_own_words_and_a_phrase(house):
    (answer,) = await house.say("/subscribe climate, space")
    assert "Subscribed to Climate and Space." in answer
    (answer,) = await house.say("/subscribe “Lower Orun” -football")
    assert "Subscribed to “Lower Orun -football”." in answer.replace("lower orun", "Lower Orun")
    await house.refresh()
    (briefing,) = await house.say("/brief")
    assert "Orun dam refilled early" in briefing


async def test_undo_takes_back_and_an_old_button_answers_kindly(house):
    await house.say("/subscribe climate")
    undo = next(data for data in keyboard(house) if data.startswith("v1:undo:"))
    message = house.wire.sent()[-1]
    await house.press(undo, message)
    assert "Undone" in house.wire.sent()[-1]["text"]
    await house.press(undo, message)
    await house.press("unsub:1", message)
    notes = [call["text"] for call in house.wire.calls("answerCallbackQuery") if call.get("text")]
    assert "undone already" in notes[0]
    assert "no longer works" in notes[1]


async def test_a_preview_is_not_remembered(house):
    await house.say("/subscribe climate")
    preview = next(data for data in keyboard(house) if data.startswith("v1:preview:"))
    (shown,) = await press(house, preview)
    assert "Orun dam refilled early" in shown
    (briefing,) = await house.say("/brief")
    assert "Orun dam refilled early" in briefing


async def test_settings_are_changed_in_one_message(house):
    await house.say("/settings")
    before = len(house.wire.sent())
    for choice in ("length:deep", "sentences:3", "language:de", "silence:night", "method:lead"):
        await press(house, f"v1:set:{choice}")
    assert len(house.wire.sent()) == before
    text = house.wire.sent()[-1]["text"]
    assert text.endswith("Summaries by: lead")
    await press(house, "v1:set:page:all")
    text = house.wire.sent()[-1]["text"]
    for said in ("Length: Deep", "Sentences a story: 3", "English, German", "at night"):
        assert said in text


async def test_a_pause_holds_back_and_resuming_catches_up(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/pause 3d")
    house.clock.advance(timedelta(days=1))
    assert await house.morning() == []
    (caught_up,) = await house.say("/resume")
    assert "Orun dam refilled early" in caught_up


async def test_the_first_readers_need_not_wait_until_the_last_ones_edition_is_made(
    house, monkeypatch
):
    monkeypatch.setattr("bot.flow._COMPOSE_BATCH", 1)
    for reader in (1, 2, 3):
        await house.say("/timezone Berlin", reader)
        await house.say("/subscribe climate", reader)
    house.clock.advance(timedelta(days=1))
    made: list[int] = []
    compose_due = Composing.compose_due

    async def counted(self, due):
        await compose_due(self, due)
        made.append(due.room_id)

    monkeypatch.setattr(Composing, "compose_due", counted)
    made_by_then: list[int] = []
    assert await house.app.flow.prepare(queued=lambda: made_by_then.append(len(made))) == 3
    assert made_by_then == [1, 2, 3]


async def test_status_export_and_forgetting(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/brief")
    (status,) = await house.say("/status")
    assert "1 story" in status
    assert "All your sources answer." in status
    await house.say("/export")
    (call,) = house.wire.calls("sendDocument")
    assert call
    await house.say("/forgetme")
    await press(house, "v1:forget:yes")
    (answer,) = await house.say("/topics")
    assert "You read:" not in answer


async def test_the_export_holds_what_is_stored(house):
    await house.say("/subscribe climate")
    room = await house.app.store.chats.find_room(telegram_address(1))
    request = await house.app.dispatcher.request(
        telegram_address(1), kind="private", language="en", update_id=1
    )
    export = await house.app.dispatcher.use_cases.privacy.export(request, "")
    data = json.loads(export.content)
    assert room is not None
    assert data["chat"]["telegram_id"] == 1
    assert data["rooms"][0]["subscriptions"][0]["key"] == "climate"


async def test_the_start_leads_in_three_taps_to_a_briefing(house):
    await house.refresh()
    await house.say("/start")
    assert "v1:pick:1:climate" in keyboard(house)
    await press(house, "v1:topic:climate")
    assert "You read Climate" in house.wire.sent()[-1]["text"]
    await press(house, "v1:time:06:30")
    assert "06:30" in house.wire.sent()[-1]["text"]
    await press(house, "v1:brief")
    assert any("Orun dam refilled early" in text for text in house.wire.texts())


async def test_a_site_of_ones_own_is_found_and_stays_private(house):
    feed = house.web.add(
        "/own.xml", rss(("A quiet week", house.web.url("/quiet"), STORY)), content_type="text/xml"
    )
    page = (
        f'<html><head><link rel="alternate" type="application/rss+xml" href="{feed}"></head></html>'
    )
    house.web.add("/site", page)
    (answer,) = await house.say(f"/subscribe {house.web.url('/site')}")
    assert "Subscribed to Orun Courier (1 article so far)" in answer
    (mine,) = await house.say("/brief")
    assert "A quiet week" in mine
    await house.say("/subscribe climate", 2)
    (theirs,) = await house.say("/brief", 2)
    assert "A quiet week" not in theirs


async def test_of_the_feeds_that_a_page_names_the_first_that_can_be_read_is_taken(house):
    rss_type = 'rel="alternate" type="application/rss+xml"'
    busy = house.web.add("/busy.xml", status=503)
    good = house.web.add("/own.xml", rss(("A quiet week", house.web.url("/quiet"), STORY)))
    link = f'<link {rss_type} href="http://10.0.0.1/feed"><link {rss_type} href="{busy}">'
    url = house.web.add("/site", f'<html><head>{link}<link {rss_type} href="{good}"></head></html>')
    (answer,) = await house.say(f"/subscribe {url}")
    assert "Subscribed to Orun Courier (1 article so far)" in answer
    for path in ("/own.xml", "/feed"):
        house.web.add(path, status=404)
    (answer,) = await house.say(f"/subscribe {url}", 2)
    assert "503" in answer


async def test_a_blocked_bot_keeps_its_readers_data(house):
    await house.say("/subscribe climate")
    await house.app.dispatcher.leave(telegram_address(1))
    house.clock.advance(timedelta(days=1))
    assert await house.morning() == []
    (answer,) = await house.say("/topics")
    assert "Climate" in answer


async def test_german_is_answered_in_german(house):
    update = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}
    (answer,) = await house.say("/help", 7, **update)
    assert "Dein Überblick, jetzt" in answer

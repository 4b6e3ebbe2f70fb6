"""Hostile and unusual input to commands: never an exception, never two answers."""

import asyncio
import itertools
import json
import re
from pathlib import Path

import pytest
from telegram import Update

from bot.chat import Throttle
from bot.commands.subscriptions import UndoTapped
from tests.fakes.house import open_house
from tests.fakes.tdlib import parse_html
from tests.fakes.wire import BOT, message_update, press_update

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "hostile" / "chat_commands.jsonl"
# Our names for the commands in the data; /search and /broadcast do not exist here.
NAMES = {"/time": "/schedule", "/addfeed": "/subscribe"}
NEIGHBOUR = 7_000_001
# /subscribe takes words as well as addresses, so this input is a valid query.
WORDS_ARE_WELCOME = {"/subscribe not a url"}

OWN = [
    {"text": "/subscribe energy, space", "expect": "ok"},
    {"text": "/Subscribe  ENERGY", "expect": "ok"},
    {"text": "/subscribe@some_other_bot energy", "expect": "ignore"},
    {"text": "/subscribe \u200d\u2060", "expect": "usage"},
    {"text": "/subscribe <i>&amp;<pre>", "expect": "any_safe"},
    {"text": "/subscribe 'a' UNION SELECT * FROM chat --", "expect": "any_safe"},
    {"text": "/subscribe " + "ab " * 1300, "expect": "refuse"},
    {"text": "/subscribe ftp://host.example/x", "expect": "refuse"},
    {"text": "/subscribe http://[::1]:22/", "expect": "refuse"},
    {"text": "/schedule 12:60", "expect": "usage"},
    {"text": "/schedule 07:30", "expect": "ok"},
    {"text": "/timezone Nirgendheim", "expect": "usage"},
    {"text": "/timezone Lisbon", "expect": "ok"},
    {"text": "/pause 0d", "expect": "usage"},
    {"text": "/pause 9999-12-31", "expect": "any_safe"},
    {"text": "/settings", "chat": "group", "role": "member", "expect": "refuse"},
    {"text": "/subscribe energy", "chat": "group", "role": "admin", "expect": "ok"},
    {"text": "/%s{0}\x00", "expect": "any_safe"},
    {"text": "/", "expect": "any_safe"},
    {"kind": "callback", "text": "v1:undo:%neighbour%", "expect": "refuse"},
    {"kind": "callback", "text": "v1:set:length:endless", "expect": "refuse"},
    {"kind": "callback", "text": "v1:zone:../../etc/passwd", "expect": "refuse"},
    {"kind": "callback", "text": "v9:unheard:of", "expect": "refuse"},
    {"kind": "photo_with_command_caption", "text": "/brief", "expect": "any_safe"},
]


def given_cases():
    if not DATA.exists():
        pytest.skip("the shared data is not here")
    cases = [json.loads(line) for line in DATA.read_text().splitlines()]
    for before, case in itertools.pairwise(cases):
        case["before"] = before
    return cases


def said(case):
    text = case["text"].replace("@daybriefbot", f"@{BOT['username']}")
    for theirs, ours in NAMES.items():
        text = re.sub(rf"^{theirs}\b", ours, text)
    return text


def updates(case, house, chat_id, neighbours_id):
    """Return the updates of a case, in the form in which Telegram sends them."""
    kind = case.get("kind", "message")
    text = said(case)
    if kind == "flood_200_commands_1s":
        return [message_update("/help", chat_id)] * 200
    if kind == "callback":
        data = UndoTapped((int(neighbours_id),)).pack() if text == "unsub:1" else text
        data = data.replace("%neighbour%", neighbours_id)
        under = message_update("Something", chat_id, message_id=9)["message"] | {"from": BOT}
        house.wire.messages[chat_id, 9] = under
        return [press_update(data, under, user_id=abs(chat_id))]
    update = message_update(text, chat_id, user_id=abs(chat_id))
    if kind == "edited_message":
        return [{"edited_message": update["message"] | {"edit_date": update["message"]["date"]}}]
    if kind == "channel_post":
        post = update["message"] | {"chat": {"id": -900, "type": "channel", "title": "C"}}
        return [{"channel_post": {name: post[name] for name in post if name != "from"}}]
    if kind == "photo_with_command_caption":
        message = {k: v for k, v in update["message"].items() if k not in {"text", "entities"}}
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
        return [{"message": message | {"photo": photo, "caption": "/subscribe energy"}}]
    return [update]


def check_answers(house, since):
    """Assert that Telegram would accept every call after the index ``since``; return the texts."""
    calls = house.wire.log[since:]
    shown = {"sendMessage", "editMessageText", "sendDocument"}
    texts = [asked.get("text", "") for name, asked in calls if name in shown]
    for text in texts:
        plain, _ = parse_html(text)
        assert len(plain.encode("utf-16-le")) // 2 <= 4096
    pressed = [asked for name, asked in calls if name == "answerCallbackQuery"]
    notes = [asked["text"] for asked in pressed if asked.get("text")]
    assert all(len(note) <= 200 for note in notes)
    return texts + notes


def has_changed(before, after):
    """Return whether a chat's zone, settings, subscriptions or schedules differ.

    ``before`` and ``after`` are its exports; a room without subscriptions and schedules does not
    count.
    """

    def facts(text):
        rooms = json.loads(text)["rooms"] if text else []
        wanted = ("settings", "subscriptions", "schedules")
        zone = json.loads(text)["chat"]["zone"] if text else ""
        return zone, [[room[name] for name in wanted] for room in rooms if room["subscriptions"]
                      or room["schedules"]]  # fmt: skip

    return facts(before) != facts(after)


async def run(case, house, person, neighbours_id):
    """Return the answers to a case, and the export of its chat before and after."""
    chat_id = -person if case.get("chat") == "group" else person
    if case.get("role") in {"admin", "owner"}:
        house.wire.members[-person, person] = "administrator"
    if case["expect"] == "same_as_prev":
        await house.say(said(case["before"]), chat_id=chat_id)
    before, since = await house.known(chat_id), len(house.wire.log)
    many = updates(case, house, chat_id, neighbours_id)
    if len(many) == 1:
        await house.take(many[0])
    else:
        bot = house.app.application.bot
        made = [Update.de_json({"update_id": 9000 + n, **u}, bot) for n, u in enumerate(many)]
        await asyncio.gather(*map(house.app.application.process_update, made))
    return check_answers(house, since), before, await house.known(chat_id)


async def run_all(cases, tmp_path):
    """Run each case in a chat of its own, and assert that all have the expected outcome."""
    faults = []
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", throttle=Throttle()) as house:
        await house.say("/subscribe science", chat_id=NEIGHBOUR)
        neighbours = await house.known(NEIGHBOUR)
        neighbours_id = str(json.loads(neighbours)["rooms"][0]["subscriptions"][0]["id"])
        for person, case in enumerate(cases, start=500):
            try:
                check(case, *await run(case, house, person, neighbours_id))
                assert not house.errors
                assert await house.known(NEIGHBOUR) == neighbours
            except AssertionError as error:
                faults.append((case.get("id"), said(case)[:60], str(error)))
    assert faults == []


def check(case, answers, before, after):
    expect = case["expect"]
    if expect == "rate_limited":
        assert 1 <= len(answers) <= 11
        return
    assert len(answers) <= 1
    if expect in {"ignore", "ignore_or_ok"}:
        assert not answers or expect == "ignore_or_ok"
        assert not has_changed(before, after)
    elif expect in {"usage", "refuse"}:
        assert len(answers) == 1
        if said(case) not in WORDS_ARE_WELCOME:
            assert not has_changed(before, after)
    elif expect in {"refuse_or_ok", "ok_or_usage"}:
        assert len(answers) == 1
    elif expect == "same_as_prev":
        assert not has_changed(before, after)
        assert "already" in answers[0]
    elif expect == "ok":
        assert len(answers) == 1
        if said(case) != "/start":
            assert has_changed(before, after)
    else:
        assert expect == "any_safe"


async def test_hostile_commands_are_answered_at_most_once_and_harm_nobody(tmp_path):
    await run_all(given_cases(), tmp_path)


async def test_strange_commands_are_answered_at_most_once_and_harm_nobody(tmp_path):
    await run_all(OWN, tmp_path)


async def test_two_hundred_commands_at_once_get_a_handful_of_answers(tmp_path):
    flood = {"kind": "flood_200_commands_1s", "text": "", "expect": "rate_limited"}
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", throttle=Throttle()) as house:
        answers, _, _ = await run(flood, house, 500, "1")
    assert 1 <= len(answers) <= 11
    assert any("ten seconds" in answer for answer in answers)

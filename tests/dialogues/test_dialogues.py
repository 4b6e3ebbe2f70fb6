"""Dialogues of strangers with the real Application: what is said, answered, stored and offered.

``*.json`` beside this file are lists of dialogues: a ``name``, the ``language`` of the phone, and
``steps``. A step does one of these:

    say         a text, with ``caption``, ``from`` and other fields of the message in ``with``
    tap         the label of a button below the newest message of the chat, or its beginning
    again       true: the last button tapped once more
    send        a message without text: its fields
    edit        the last text, edited to this one
    wait        minutes that pass

``chat`` and ``user`` of the dialogue or a step are numbers (a negative chat is a group, where user
7 is an admin). What a step must come to: ``answer`` texts that are in the answer, ``never`` those
that are not, ``count`` messages (one for what is said, if it is not given), ``buttons`` labels (or
their beginnings) below it, ``note`` what is in the note of a tap; and the rows after it: ``topics``
(keys, in order), ``times`` ({"07:30": "01234"}), ``zone``, ``paused`` (the local date of the end,
"open" or ""), ``unknown`` (nothing is stored of the chat). ``same`` says that no row changed.
"""

import html
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.conversation import buttons, notes
from tests.fakes.house import open_house
from tests.fakes.telegram_oracle import expected_html
from tests.fakes.wire import BOT, message_update

FILES = sorted(Path(__file__).parent.glob("*.json"))
DIALOGUES = [one for file in FILES for one in json.loads(file.read_text("utf-8"))]
ADMIN = 7
MAX_UNITS = 4096
LEAST, LEAST_REFUSED, LEAST_LANGUAGES = 60, 20, 10


class Talk:
    """One dialogue under way."""

    def __init__(self, house, dialogue):
        self.house = house
        self.language = dialogue["language"]
        self.chat = dialogue.get("chat", 1)
        self.user = dialogue.get("user")
        self.text = ""
        self.tapped = None
        self.number = 0

    async def act(self, step):
        """Do a step; return the answers: new messages, or what a tap made of the old one."""
        chat = step.get("chat", self.chat)
        if "wait" in step:
            self.house.clock.advance(timedelta(minutes=step["wait"]))
            return None
        if "tap" in step or step.get("again"):
            return await self.tap(step.get("tap"), chat)
        update = message_update(
            step.get("say", step.get("edit", "")), chat, user_id=step.get("user", self.user)
        )
        message = update["message"]
        message["from"]["language_code"] = self.language
        self.number += "edit" not in step
        message["message_id"] = 1000 + self.number
        if "send" in step:
            del message["text"]
            message |= step["send"]
        message |= step.get("with", {})
        if "edit" in step:
            message["edit_date"] = message["date"] + 5
            update = {"edited_message": message}
        return await self.house.take(update)

    async def tap(self, label, chat):
        if label is not None:
            found = buttons(self.house, chat)
            data = found.get(label) or next(
                (data for text, data in found.items() if text.startswith(label)), None
            )
            assert data is not None, f"no button {label!r} of {list(found)}"
            self.tapped = data, self.house.wire.sent(chat)[-1] | {"from": BOT}
        data, message = self.tapped
        before = self.house.wire.texts(chat)
        new = await self.house.press(data, message, user_id=self.user)
        after = self.house.wire.texts(chat)
        return new or [text for text in after if text not in before]

    async def rows(self, chat):
        data = json.loads(await self.house.known(chat) or "{}")
        if not data:
            return None
        room, zone = data["rooms"][0], data["chat"]["zone"]
        until = room["settings"].get("paused_until")
        ends = datetime.fromisoformat(until) if until else None
        paused = ""
        if ends and ends > self.house.clock.now():
            day = ends.astimezone(ZoneInfo(zone or "UTC")).date().isoformat()
            paused = "open" if ends.year == 9999 else day
        return {
            "topics": [one["key"] for one in room["subscriptions"]],
            "times": {
                one["schedule"]["local_time"][:5]: "".join(
                    map(str, sorted(one["schedule"]["days"]))
                )
                for one in room["schedules"]
            },
            "zone": zone if data["chat"]["zone_known"] else "",
            "paused": paused,
            "settings": {
                name: value
                for name, value in room["settings"].items()
                if name not in {"paused_until", "chosen"}
            },
        }


def check_answers(step, answers, house, chat):
    said = "\n".join(html.unescape(re.sub(r"<[^>]+>", "", text)) for text in answers)
    for part in step.get("answer", ()):
        assert part in said
    for part in step.get("never", ()):
        assert part not in said
    for text in answers:
        shown = expected_html(text)
        assert not isinstance(shown, str), shown
        assert len(shown[0].encode("utf-16-le")) // 2 <= MAX_UNITS
    if "tap" not in step and "again" not in step:
        assert len(answers) == step.get("count", 1), answers
    if "buttons" in step:
        labels = list(buttons(house, chat))
        for label in step["buttons"]:
            assert any(one.startswith(label) for one in labels), (label, labels)
        assert step["buttons"] or not labels, labels
    if "note" in step:
        assert step["note"] in (notes(house)[-1] or "")


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one["name"])
async def test_each_step_is_answered_stored_and_valid(tmp_path, dialogue):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        talk = Talk(house, dialogue)
        for chat in {step.get("chat", talk.chat) for step in dialogue["steps"]}:
            if chat < 0:
                house.wire.members[chat, ADMIN] = "administrator"
        for step in dialogue["steps"]:
            chat = step.get("chat", talk.chat)
            before = await talk.rows(chat)
            answers = await talk.act(step)
            after = await talk.rows(chat)
            if answers is None:
                continue
            check_answers(step, answers, house, chat)
            if step.get("same"):
                assert after == before, step
            if step.get("unknown"):
                assert after is None, step
            for name in ("topics", "times", "zone", "paused"):
                if name in step:
                    assert after[name] == step[name], step


def test_there_are_dialogues_enough_of_each_kind():
    names = [one["name"] for one in DIALOGUES]
    assert len(names) == len(set(names)) >= LEAST
    refused = [one for one in DIALOGUES if any(step.get("same") for step in one["steps"])]
    assert len(refused) >= LEAST_REFUSED
    assert len({one["language"] for one in DIALOGUES}) >= LEAST_LANGUAGES

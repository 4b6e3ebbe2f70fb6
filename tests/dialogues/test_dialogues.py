"""Dialogues of strangers with the real Application: what is said, answered, stored and offered.

``*.json`` beside this file are lists of dialogues: a ``name``, the ``language`` of the phone, and
``steps``. A step does one of these:

    say         a text, with ``caption``, ``from`` and other fields of the message in ``with``;
                {feed} is the address of a feed, {room} the number of the room of ``room_of``;
                ``as`` is who says it: "group" (an anonymous admin), "channel" or "bot"
    tap         the label of a button below the newest message of the chat, or its beginning;
                of an ``old`` message Telegram tells no more than its number
    again       true: the last button tapped once more
    press       what a button carries that is not there
    send        a message without text: its fields
    list        an OPML file of feeds with these titles
    edit        the last text, edited to this one, so many seconds ``late``
    become      [old, new] membership of the bot, in a ``kind`` of chat, with ``rights``
    post        a post of a channel
    wait        minutes that pass
    rank        what people are in a group from now on, by their numbers
    morning     true: briefings that are due are made and sent

``chat`` and ``user`` of the dialogue or a step are numbers (a negative chat is a group, where user
7 is an admin). What a step must come to: ``answer`` texts that are in the answer, ``never`` those
that are not, ``count`` messages (one for what is said, if it is not given), ``buttons`` labels (or
their beginnings) below it, ``note`` what is in the note of a tap; and the rows after it, of the
chat or of ``rows_of``: ``topics`` (keys, in order; "feed" and the title), ``times``
({"07:30": "01234"}), ``zone``, ``paused`` (the local date of the end, "open" or ""), ``language``,
``state`` and ``settings`` (those named); ``unknown`` (nothing is stored). ``same`` says that no
row changed.
"""

import html
import json
import re
from pathlib import Path

import pytest

from tests.dialogues.talk import Talk
from tests.fakes.conversation import notes
from tests.fakes.house import open_house
from tests.fakes.telegram_oracle import expected_html

FILES = sorted(Path(__file__).parent.glob("*.json"))
DIALOGUES = [one for file in FILES for one in json.loads(file.read_text("utf-8"))]
MAX_UNITS = 4096
LEAST, LEAST_REFUSED, LEAST_LANGUAGES = 200, 60, 15
ROWS = ("topics", "times", "zone", "paused", "language", "state")


def check_answers(step, answers, talk):
    said = "\n".join(html.unescape(re.sub(r"<[^>]+>", "", text)) for text in answers)
    for part in step.get("answer", ()):
        assert part in said, (part, said)
    for part in step.get("never", ()):
        assert part not in said, (part, said)
    for text in answers:
        shown = expected_html(text)
        assert not isinstance(shown, str), shown
        assert len(shown[0].encode("utf-16-le")) // 2 <= MAX_UNITS
    if not step.keys() & {"tap", "again", "press"} or "count" in step:
        assert len(answers) == step.get("count", 1), answers
    if "buttons" in step:
        labels = list(talk.buttons(talk.chat_of(step)))
        for label in step["buttons"]:
            assert any(one.startswith(label) for one in labels), (label, labels)
        assert step["buttons"] or not labels, labels
    if "note" in step:
        assert step["note"] in (notes(talk.house)[-1] or ""), notes(talk.house)[-1]


def check_rows(step, before, after):
    if step.get("same"):
        assert after == before, (before, after)
    if step.get("unknown"):
        assert after is None, after
    wanted = [name for name in ROWS if name in step]
    assert after is not None or not wanted, "nothing is stored"
    for name in wanted:
        assert after[name] == step[name], (name, after[name])
    for name, value in step.get("settings", {}).items():
        assert after["settings"][name] == value, after["settings"]


async def fault_of(talk, steps):
    """Return the first step that does not hold, and why; "" if all do."""
    for step in steps:
        try:
            before = await talk.rows(step)
            answers = await talk.act(step)
            if answers is not None:
                check_answers(step, answers, talk)
                check_rows(step, before, await talk.rows(step))
        except AssertionError as error:  # told below, with the others
            return f"{step}: {error!r}"
    return ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_each_step_is_answered_stored_and_valid(tmp_path, file):
    faults = {}
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        for number, dialogue in enumerate(json.loads(file.read_text("utf-8"))):
            fault = await fault_of(Talk(house, dialogue, number), dialogue["steps"])
            if fault:
                faults[dialogue["name"]] = fault
            house.errors.clear()
    assert faults == {}


def test_there_are_dialogues_enough_of_each_kind():
    names = [one["name"] for one in DIALOGUES]
    assert len(names) == len(set(names)) >= LEAST
    refused = [one for one in DIALOGUES if any(step.get("same") for step in one["steps"])]
    assert len(refused) >= LEAST_REFUSED
    assert len({one["language"] for one in DIALOGUES}) >= LEAST_LANGUAGES

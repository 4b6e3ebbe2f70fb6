"""Answers of any length arrive, whatever Telegram thinks of what decorates them."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.chat import Throttle
from bot.render.limits import utf16_units
from bot.render.pieces import text_pieces
from tests.fakes.conversation import buttons, notes, reasoned, shown, subscribed, tap
from tests.fakes.house import open_house
from tests.fakes.tdlib import parse_html
from tests.fakes.wire import error, press_update

BROKEN = error(500, "Internal Server Error")
GONE = error(400, "Bad Request: message to edit not found")


@given(text=st.text(), limit=st.integers(2, 40))
def test_pieces_fit_and_join_back_into_the_text(text, limit):
    pieces = text_pieces(text, limit)
    assert all(0 < utf16_units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_is_cut_at_lines_then_words_then_characters():
    assert text_pieces("ab cd\nef gh", 7) == ["ab cd", "ef gh"]
    assert text_pieces("ab cd ef", 6) == ["ab cd", "ef"]
    assert text_pieces("\U0001f30d" * 3, 4) == ["\U0001f30d" * 2, "\U0001f30d"]
    assert text_pieces(" \n") == []


async def test_an_answer_beyond_a_message_comes_as_several_with_the_buttons_last(house):
    use_cases = house.app.dispatcher.use_cases
    usual = use_cases.preferences

    class Verbose:
        async def settings(self, request, text=""):
            message = await usual.settings(request, text)
            lines = "\n".join(f"{n} <of> & many" for n in range(1200))
            return type(message)(
                html=lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
                plain=lines,
                keyboard=message.keyboard,
            )

    object.__setattr__(use_cases, "preferences", Verbose())
    answers = await house.say("/settings")
    assert len(answers) > 1
    plains = [parse_html(answer)[0] for answer in answers]
    assert all(utf16_units(plain) <= 4096 for plain in plains)
    assert "\n".join(plains).splitlines() == [f"{n} <of> & many" for n in range(1200)]
    assert [bool(message.get("reply_markup")) for message in house.wire.sent(1)] == [
        *[False] * (len(answers) - 1),
        True,
    ]


async def test_a_typing_sign_that_is_refused_stops_no_answer(house):
    await house.say("/subscribe climate")
    house.wire.script("sendChatAction", BROKEN)
    (answer,) = await house.say("/brief")
    assert "Climate" in answer
    assert len(house.wire.calls("sendChatAction")) == 1


async def test_a_tap_whose_note_is_refused_is_done_all_the_same(house):
    await house.say("/subscribe climate")
    house.wire.script("answerCallbackQuery", BROKEN)
    await tap(house, "Undo")
    assert await subscribed(house) == []


async def test_what_can_be_edited_no_longer_is_answered_below(house):
    await house.say("/subscribe climate")
    house.wire.script("editMessageText", GONE)
    (answer,) = await tap(house, "Undo")
    assert answer.startswith("Undone")


async def test_a_message_that_is_gone_is_answered_without_a_quote(house):
    house.wire.members[-30, 30] = "creator"
    await house.say("/help", -30)
    quoted = house.wire.calls("sendMessage")[-1]["reply_parameters"]
    assert quoted["allow_sending_without_reply"] is True


@pytest.mark.parametrize(
    ("data", "command"),
    [("v1:set:length:deep", "/settings"), ("v1:zone:Europe/Berlin", "/timezone"), ("x", "/help")],
)
async def test_a_button_of_a_message_over_48_hours_old_says_what_to_send(house, data, command):
    await house.say("/subscribe climate")
    before = await house.known(1)
    old = {"chat": {"id": 1, "type": "private", "first_name": "R"}, "message_id": 9, "date": 0}
    assert await house.take(press_update(data, old)) == []
    assert notes(house) == [reasoned("old-message", command=command)]
    assert await house.known(1) == before


async def test_taps_are_throttled_with_what_is_written_and_told_so(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=3)) as house:
        await house.say("/subscribe climate")
        message, undo = house.wire.sent(1)[-1], buttons(house)["Undo"]
        await house.say("/settings")
        await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
        await house.press(undo, message)
        assert notes(house) == [None, reasoned("too-fast", seconds=10)]
        assert await subscribed(house) == [("climate", "Climate")]


async def test_one_persons_taps_in_a_group_use_up_nobody_elses(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=3)) as house:
        house.wire.members[-30, 30] = "creator"
        await house.say("/settings", -30)
        message = house.wire.sent(-30)[-1]
        for _ in range(5):
            await house.press("v1:set:length:headlines", message, user_id=7)
        await house.press("v1:set:length:deep", message, user_id=30)
        assert "Length: Deep" in shown(house, -30)


async def test_two_taps_at_once_do_things_once(house):
    await house.say("/start")
    message = house.wire.sent(1)[-1]
    update = press_update(buttons(house)["Climate"], message)
    bot = house.app.application.bot
    await asyncio.gather(
        *(
            house.app.application.process_update(Update.de_json({"update_id": n, **update}, bot))
            for n in (901, 902)
        )
    )
    assert notes(house) == [None, None]
    assert await subscribed(house) == [("climate", "Climate")]

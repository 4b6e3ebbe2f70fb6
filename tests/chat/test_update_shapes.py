"""An update of which a field cannot be what Telegram says it is reaches no handler."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.update_shapes import check_update
from tests.fakes.wire import BOT, message_update, press_update

GROUP = -30
SAID = message_update("/help", 7)["message"]
PERSON = SAID["from"]
MEMBER = {"user": BOT, "status": "member"}
CHANGE = {"chat": SAID["chat"], "from": PERSON, "old_chat_member": MEMBER, "date": 1}
CHANGE |= {"new_chat_member": MEMBER | {"status": "left"}}
LINK = {"type": "text_link", "offset": 0, "length": 1, "url": "http://orun.example"}
TAP = press_update("v1:topic:energy", SAID | {"from": BOT})["callback_query"]


def said(**fields):
    return {"message": SAID | fields}


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 5, "a_kind_to_come": [1]},
        said(text=None, caption="a", entities=[LINK], caption_entities=[]),
        said(message_thread_id=4, is_topic_message=True, a_field_to_come={"text": 5}),
        said(reply_to_message=SAID, sender_chat=SAID["chat"], left_chat_member=BOT),
        said(migrate_to_chat_id=-1009999999999, new_chat_members=[BOT]),
        said(location={"latitude": 1, "longitude": 2.5}),
        {"channel_post": {key: value for key, value in SAID.items() if key != "from"}},
        {"callback_query": TAP},
        {"callback_query": TAP | {"message": {"chat": SAID["chat"], "message_id": 3, "date": 0}}},
        {"callback_query": TAP | {"message": None, "inline_message_id": "a", "data": None}},
        {"my_chat_member": CHANGE},
        {"chat_member": CHANGE},
    ],
)
def test_what_telegram_sends_is_well(update):
    check_update(update)


@pytest.mark.parametrize(
    "update",
    [
        *({kind: value} for kind in ("message", "callback_query") for value in (7, [], "a", True)),
        *(said(text=value) for value in (7, ["a"], {"a": "b"}, True)),
        *(said(chat=value) for value in (None, [], "a", {"id": 7}, {"type": "private"})),
        *(said(chat={"id": value, "type": "private"}) for value in ("7", 7.0, True, 2**60)),
        said(message_id=None),
        said(message_thread_id="4"),
        *(said(migrate_to_chat_id=value) for value in ("a", 2**70, False)),
        *({"message": SAID | {"from": value}} for value in (5, {}, {"id": "5"})),
        {"message": SAID | {"from": PERSON | {"language_code": 5}}},
        said(entities=[None]),
        said(entities={"a": 1}),
        said(entities=[LINK | {"offset": "0"}]),
        said(location={"latitude": "1", "longitude": 2}),
        said(new_chat_members=[{}]),
        said(reply_to_message=SAID | {"text": 7}),
        *({"callback_query": TAP | {"data": value}} for value in (5, ["a"], {})),
        {"callback_query": TAP | {"from": None}},
        {"callback_query": TAP | {"id": 5}},
        {"my_chat_member": CHANGE | {"chat": None}},
        {"my_chat_member": CHANGE | {"from": None}},
        {"chat_member": CHANGE | {"new_chat_member": None}},
        {"chat_member": CHANGE | {"new_chat_member": {"status": "left"}}},
    ],
)
def test_what_would_break_a_handler_is_refused(update):
    with pytest.raises(TypeError):
        check_update(update)


def test_messages_within_messages_end_somewhere():
    update = said()
    for _ in range(10_000):
        update = said(reply_to_message=update["message"])
    with pytest.raises(RecursionError):
        check_update(update)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5), st.data())
def test_any_field_of_any_value_is_well_or_refused(value, data):
    update = copy.deepcopy({"message": SAID, "callback_query": TAP, "chat_member": CHANGE})
    held = update[data.draw(st.sampled_from(sorted(update)))]
    held[data.draw(st.sampled_from(sorted(held)))] = value
    try:
        check_update(update)
    except TypeError:
        return
    assert type(held.get("text", "")) in (str, type(None))
    assert type(held.get("data", "")) in (str, type(None))

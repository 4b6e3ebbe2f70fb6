"""A field that a Bot API server does not know yet, or no more, costs no update and no answer."""

import json

import pytest
from telegram import ChatFullInfo, ChatMember, Message, Update

from bot.chat.updates import PollRequest, UpdateCounts
from bot.send.missing_fields import completed, completed_answer
from bot.send.telegram import AiohttpRequest
from tests.fakes.membership import group, membership_update
from tests.fakes.wire import message_update

# As servers wrote it before Bot API 9.6, and without some fields that come and go.
POLL = {
    "id": "p", "question": "?", "options": [{"text": "a", "voter_count": 1}], "type": "regular",
    "is_closed": False,
}  # fmt: skip
CHAT = {"id": -30, "type": "supergroup", "title": "G"}
AUTHOR = {"id": 7, "is_bot": False, "first_name": "R"}
MEMBER = {"user": {"id": 5, "is_bot": False, "first_name": "R"}}


def muted():
    return membership_update(group(-30), "member", "restricted", user_id=7, can_send_messages=False)


def lacking(update, *names):
    """Return an update without any field of these names, at whatever depth."""
    if isinstance(update, list):
        return [lacking(item, *names) for item in update]
    if not isinstance(update, dict):
        return update
    return {key: lacking(item, *names) for key, item in update.items() if key not in names}


def polled(*updates):
    """Return what getUpdates hands over, and how many updates were lost."""
    counts = UpdateCounts()
    batch = [{"update_id": number} | update for number, update in enumerate(updates)]
    payload = json.dumps({"ok": True, "result": batch}).encode()
    return PollRequest(AiohttpRequest(), counts).parse_json_payload(payload)["result"], counts


def texts():
    poll = message_update("", 7)["message"] | {"poll": POLL}
    del poll["text"]
    answered = message_update("/help", 7, reply_to_message=poll)
    return [
        {"message": poll},
        answered,
        muted(),
        lacking(muted(), "can_react_to_messages"),
        lacking(muted(), "can_react_to_messages", "can_edit_tag", "until_date", "can_send_polls"),
        lacking(
            membership_update(group(-30), "left", "administrator", user_id=7),
            *("can_post_stories", "can_edit_stories", "is_anonymous", "can_be_edited"),
        ),
        {"poll": POLL},
        {"poll_answer": {"poll_id": "p", "option_ids": [0], "user": MEMBER["user"]}},
        message_update("/help", 7, hologram={"colour": 5}, text_colour=7),
    ]


def test_no_update_is_lost_for_a_field_that_only_the_library_needs():
    updates, counts = polled(*texts())
    assert counts.unreadable == 0
    read = [Update.de_json(raw) for raw in updates]
    assert read[0].message.poll.question == "?"
    assert read[1].message.text == "/help"
    for restricted in (read[2], read[3]):
        assert restricted.my_chat_member.new_chat_member.can_send_messages is False
        assert restricted.my_chat_member.new_chat_member.is_member is True
    assert read[5].my_chat_member.new_chat_member.status == "administrator"


@pytest.mark.parametrize("name", ["date", "message_id"])
def test_what_says_nothing_without_a_field_is_still_skipped(name):
    update = message_update("x", 7)
    del update["message"][name]
    updates, counts = polled(update)
    assert updates == [{"update_id": 0}]
    assert counts.unreadable == 1


def test_what_is_complete_is_handed_on_as_it_is():
    update = {"update_id": 1} | message_update("x", 7)
    calls = []

    def read(raw):
        calls.append(raw)
        return Update.de_json(raw)

    found, read_as = completed(update, read)
    assert found is update
    assert read_as == Update.de_json(update)
    assert calls == [update]


def test_an_answer_of_text_is_not_read_twice(monkeypatch):
    def de_json(*_args):
        raise AssertionError("read")

    monkeypatch.setattr(Message, "de_json", de_json)
    person = AUTHOR
    asked = {"message_id": 1, "date": 1, "chat": CHAT, "from": person, "text": "/brief"}
    told = {"message_id": 2, "date": 1, "chat": CHAT, "from": person, "text": "News"}
    answer = {"ok": True, "result": told | {"reply_to_message": asked}}
    assert completed_answer(answer) is answer


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (CHAT | {"max_reaction_count": 11}, ChatFullInfo),
        (CHAT | {"accent_color_id": 1}, ChatFullInfo),
        (MEMBER | {"status": "administrator"}, ChatMember),
        (MEMBER | {"status": "restricted", "is_member": True}, ChatMember),
        ({"message_id": 1, "date": 1, "chat": CHAT, "poll": POLL}, Message),
        ({"message_id": 1, "date": 1, "chat": CHAT, "from": {"id": 7, "first_name": "R"}}, Message),
        (
            {"message_id": 1, "date": 1, "chat": CHAT, "from": AUTHOR, "text": "x"}
            | {"reply_to_message": {"message_id": 2, "date": 1, "chat": CHAT, "poll": POLL}},
            Message,
        ),
    ],
)
def test_an_answer_is_read_whatever_it_lacks(result, kind):
    payload = json.dumps({"ok": True, "result": result}).encode()
    assert kind.de_json(AiohttpRequest.parse_json_payload(payload)["result"]) is not None


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True, "result": True},
        {"ok": False, "error_code": 400, "description": "Bad Request"},
        {"ok": True, "result": {"message_id": 1}},
        {"ok": True, "result": {"status": "restricted", "user": 5}},
        {"ok": True, "result": [1]},
        [],
    ],
)
def test_other_answers_are_left_alone(answer):
    assert completed_answer(answer) == answer

"""What people write: which of it is for us, who may ask for it, and how it is answered."""

import json

import pytest

from bot.chat import Throttle
from bot.domain.room import ChatState
from tests.fakes.conversation import reasoned, room_of, subscribed
from tests.fakes.house import open_house
from tests.fakes.wire import BOT, error, message_update

GROUP = -30
GERMAN = {"from": {"id": 1, "is_bot": False, "first_name": "R", "language_code": "de"}}
# What Telegram tells of an administrator.
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
SORRY = "Something went wrong on our side. Please try again in a minute."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/subscribe climate", True),
        ("/SUBSCRIBE climate", True),
        ("  /subscribe climate  ", True),
        ("/subscribe\nclimate", True),
        (f"/subscribe@{BOT['username']} climate", True),
        (f"/subscribe@{BOT['username'].upper()} climate", True),
        ("/subscribe@another_bot climate", False),
        (f"/subscribe@{BOT['username']}x climate", False),
        ("/subscribeclimate", False),
        ("subscribe climate", True),
    ],
)
async def test_a_command_is_for_us_if_it_names_us_or_nobody(house, text, read):
    await house.say("/help")
    await house.say(text)
    assert await subscribed(house) == ([("climate", "Climate")] if read else [])


async def test_a_command_for_another_bot_is_passed_over_without_a_trace(house):
    for chat_id in (1, GROUP):
        assert await house.say("/help@another_bot", chat_id) == []
        assert await house.known(chat_id) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("what is 17 times 23", "no-command"),
        ("/", "no-command"),
        ("so what did he say about it then", "no-command"),
        ("/dance", "no-such-command"),
        ("/dance climate", "no-such-command"),
    ],
)
async def test_in_private_every_word_is_answered(house, text, code):
    assert await house.say(text) == [reasoned(code)]


async def test_in_a_group_only_commands_are(house):
    for text in ("good morning", "/", "see /help", "//help"):
        assert await house.say(text, GROUP) == []
    assert await house.known(GROUP) == ""
    assert await house.say("/dance", GROUP) == []  # another bot's
    assert await house.say("/dance@daybrief_test_bot", GROUP) == [reasoned("no-such-command")]


@pytest.mark.parametrize(
    ("status", "is_allowed"),
    [("creator", True), ("administrator", True), ("member", False)],
)
async def test_in_a_group_only_admins_change_what_it_gets(house, status, is_allowed):
    house.wire.members[GROUP, 7] = status
    (answer,) = await house.say("/subscribe climate", GROUP, user_id=7)
    assert answer.startswith("Subscribed" if is_allowed else reasoned("admins-only"))
    assert await subscribed(house, GROUP) == ([("climate", "Climate")] if is_allowed else [])


async def test_who_may_look_is_not_asked_about(house):
    for command in ("/topics", "/status", "/help"):
        await house.say(command, GROUP, user_id=7)
    assert house.wire.calls("getChatMember") == []
    await house.say("/settings", GROUP, user_id=7)
    assert house.wire.calls("getChatMember") == [{"chat_id": GROUP, "user_id": 7}]


@pytest.mark.parametrize("code", [400, 403])
async def test_one_whom_telegram_does_not_tell_of_may_not_change_anything(house, code):
    house.wire.script("getChatMember", error(code, "Bad Request: no rights"))
    assert await house.say("/subscribe climate", GROUP) == [reasoned("admins-only")]


async def test_somebody_without_a_name_is_no_admin(house):
    update = message_update("/subscribe climate", GROUP)
    del update["message"]["from"]
    assert await house.take(update) == [reasoned("admins-only")]
    assert house.wire.calls("getChatMember") == []


async def test_an_answer_is_html_without_a_preview_of_its_links(house):
    await house.say("/unsubscribe")
    (sent,) = house.wire.calls("sendMessage")
    assert (sent["chat_id"], sent["parse_mode"]) == (1, "HTML")
    preview = sent["link_preview_options"]
    assert (json.loads(preview) if isinstance(preview, str) else preview)["is_disabled"] is True
    assert "reply_parameters" not in sent


async def test_in_a_group_an_answer_quotes_the_question(house):
    await house.say("/help", GROUP, message_id=77)
    (sent,) = house.wire.calls("sendMessage")
    assert "77" in str(sent["reply_parameters"])


async def test_what_a_reader_typed_is_repeated_without_becoming_markup(house):
    (answer,) = await house.say("/schedule <b>&soon")
    assert (
        answer == "“&lt;b&gt;&amp;soon” is no time. " + reasoned("no-time").split(". ", 1)[-1]
        or answer
    )


async def test_what_a_channel_posts_is_done_and_not_answered(house):
    message = message_update("/subscribe climate", 1)["message"]
    post = {name: value for name, value in message.items() if name != "from"}
    channel = {"id": -900, "type": "channel", "title": "C"}
    assert await house.take({"channel_post": post | {"chat": channel}}) == []
    assert await subscribed(house, -900) == [("climate", "Climate")]  # done without a word


# ---------------------------------------------------------------- those who come, go and move


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("left", ChatState.GONE),
        ("kicked", ChatState.GONE),
        ("member", ChatState.ACTIVE),
        ("administrator", ChatState.ACTIVE),
    ],
)
async def test_a_chat_that_removed_us_is_gone_and_any_other_change_is_none(house, status, state):
    await house.say("/help")
    rights = dict.fromkeys(RIGHTS, False) | {"until_date": 0}
    message = message_update("x", 1)["message"]
    change = {
        "chat": message["chat"],
        "from": message["from"],
        "date": message["date"],
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": {"user": BOT, "status": status} | rights,
    }
    await house.take({"my_chat_member": change})
    assert (await room_of(house)).chat.state is state


async def test_a_group_that_became_a_supergroup_is_known_by_its_new_id(house):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/subscribe climate", GROUP)
    moved = message_update("", GROUP)["message"] | {"migrate_to_chat_id": -10030}
    del moved["text"]
    assert await house.take({"message": moved}) == []
    assert await house.known(GROUP) == ""
    assert await subscribed(house, -10030) == [("climate", "Climate")]


async def test_the_supergroups_own_notice_of_it_is_enough(house):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/subscribe climate", GROUP)
    notice = message_update("", -10030)["message"] | {"migrate_from_chat_id": GROUP}
    del notice["text"]
    assert await house.take({"message": notice}) == []
    assert await house.known(GROUP) == ""
    assert await subscribed(house, -10030) == [("climate", "Climate")]


# ---------------------------------------------------------------- too much, and faults of ours


async def test_of_too_many_requests_one_is_warned_of_in_the_readers_language(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=2, window_s=1e9)) as house:
        answers = [await house.say("/help", 1) for _ in range(4)]
        assert [len(texts) for texts in answers] == [1, 1, 1, 0]
        assert answers[2] == ["That was a lot at once. Give me ten seconds, please."]
        for _ in range(2):
            await house.say("/help", 2, **GERMAN)
        (warned,) = await house.say("/help", 2, **GERMAN)
        assert warned != answers[2][0]
        assert "zehn Sekunden" in warned


async def test_what_is_refused_by_the_throttle_changes_nothing(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=1, window_s=1e9)) as house:
        await house.say("/help")
        for _ in range(2):
            await house.say("/subscribe climate")
        assert await subscribed(house) == []


async def break_store(house):
    house.forgives = True
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE subscription")


async def test_a_fault_of_ours_is_counted_logged_and_said_in_the_readers_language(house, caplog):
    await house.say("/help", 1)
    await break_store(house)
    assert await house.say("/topics", 1) == [SORRY]
    (german,) = await house.say("/topics", 1, **GERMAN)
    assert german != SORRY
    assert house.app.counts.failed == 2
    lines = [line for line in caplog.records if "was not handled" in line.getMessage()]
    assert len(lines) == 2
    assert all(line.exc_info for line in lines)


async def test_an_answer_that_telegram_refuses_is_a_warning_and_no_fault_of_ours(house, caplog):
    house.forgives = True
    house.wire.script("sendMessage", error(400, "Bad Request: chat not found"))
    assert await house.say("/help") == []
    assert house.app.counts.failed == 0
    (line,) = [r for r in caplog.records if "was not delivered" in r.getMessage()]
    assert line.levelname == "WARNING"
    assert "update 1, " in line.getMessage()
    assert not line.exc_info


async def test_an_apology_that_telegram_refuses_ends_there(house, caplog):
    await break_store(house)
    house.wire.script("sendMessage", error(403, "Forbidden: bot was blocked by the user"))
    assert await house.say("/topics") == []
    assert house.app.counts.failed == 1
    assert "the reader was not told" in caplog.text

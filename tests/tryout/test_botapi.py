"""The Bot API of the tryout, as python-telegram-bot and bare HTTP see it."""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

from bot.clock.system import SystemClock
from bot.send.telegram import AiohttpRequest
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.flood import Flood, Pace
from bot.tryout.methods import Methods


def buttons(*labels, data=None, url=None):
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data, url=url)] for label in labels]
    )


async def refused(call):
    """Return the words a call is refused with, as Telegram says them."""
    with pytest.raises(BadRequest) as error:
        await call
    return error.value.message


@pytest.fixture
async def http(tryout):
    """Call a method over bare HTTP; returns status and answer."""
    async with aiohttp.ClientSession() as session:

        async def call(name, *, token=tryout.token, method="POST", **options):
            url = f"{tryout.base_url}{token}/{name}"
            async with session.request(method, url, **options) as answer:
                return answer.status, await answer.json()

        yield call


# ---------------------------------------------------------------------- messages


async def test_a_message_comes_back_with_its_text_and_entities(bot, chat):
    message = await bot.send_message(
        chat.id,
        " <b>😀 Hi</b> <a href='http://x.y'>there</a> ",
        parse_mode=ParseMode.HTML,
        reply_markup=buttons("Go", data="v1:go"),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    assert message.text == "😀 Hi there"
    assert [(e.type, e.offset, e.length, e.url) for e in message.entities] == [
        ("bold", 0, 5, None),
        ("text_link", 6, 5, "http://x.y/"),
    ]
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "v1:go"
    assert message.chat.id == chat.id
    assert message.from_user.id == bot.id


async def test_entities_may_be_given_instead_of_markup(bot, chat):
    bold = MessageEntity(MessageEntity.BOLD, 0, 2)
    link = MessageEntity(MessageEntity.TEXT_LINK, 3, 2, url="x.y")
    hashtag = MessageEntity(MessageEntity.HASHTAG, 0, 2)
    message = await bot.send_message(chat.id, "ab cd", entities=[bold, link, hashtag])
    assert [(e.type, e.url) for e in message.entities] == [
        ("bold", None),
        ("text_link", "http://x.y/"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("<p>x</p>", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("<b> </b>", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(bot, chat, text, words):
    said = await refused(bot.send_message(chat.id, text, parse_mode=ParseMode.HTML))
    assert said.lower() == words.lower()


async def test_refusals_have_telegrams_exact_words(http, chat):
    async def words(**given):
        status, answer = await http("sendMessage", json={"chat_id": chat.id, **given})
        assert status == answer["error_code"] == 400
        return answer["description"]

    assert await words() == "Bad Request: message text is empty"
    assert await words(text="<b>x", parse_mode="html") == (
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    )
    assert await words(text="x", parse_mode="Wiki") == "Bad Request: unsupported parse_mode"
    assert await words(text="x", chat_id=5) == "Bad Request: chat not found"
    assert await words(text="x", chat_id="@somebody") == "Bad Request: chat not found"
    assert await words(text="x", chat_id="") == "Bad Request: chat_id is empty"
    assert await words(text="x", message_thread_id=9) == "Bad Request: message thread not found"
    assert await words(text="x", entities=[{"type": "loud"}]) == (
        "Bad Request: can't parse MessageEntity: Unsupported type specified"
    )
    assert await words(text="x", entities=[{"type": "text_link", "offset": 0, "length": 1}]) == (
        "Bad Request: can't parse MessageEntity: Can't find field \"url\""
    )
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "x"}
    assert await words(text="x", entities=[link]) == (
        "Bad Request: entity URL 'x' is invalid: Wrong HTTP URL"
    )
    assert await words(text="x", entities="[") == ("Bad Request: can't parse entities JSON object")
    assert await words(text="x", entities={}) == "Bad Request: expected an Array of MessageEntity"
    assert await words(text="x", entities=[1]) == (
        "Bad Request: can't parse MessageEntity: Expected an Object"
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ([], "object expected as reply markup"),
        ({"inline_keyboard": "bad"}, 'field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": [[1]]}, "can't parse inline keyboard button: Expected an Object"),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]},
            "inline keyboard button text must be non-empty",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": ""}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}, "BUTTON_DATA_INVALID"),
        (
            {"inline_keyboard": [[{"text": "x", "url": "ftp://x.y"}]]},
            "inline keyboard button URL 'ftp://x.y' is invalid: Unsupported URL protocol",
        ),
    ],
)
async def test_keyboards_are_refused_in_telegrams_words(http, chat, markup, words):
    given = {"chat_id": chat.id, "text": "x", "reply_markup": markup}
    status, answer = await http("sendMessage", json=given)
    assert (status, answer["description"]) == (400, f"Bad Request: {words}")


async def test_keyboards_of_other_kinds_and_64_bytes_are_taken(bot, chat):
    message = await bot.send_message(chat.id, "x", reply_markup=buttons("Go", data="é" * 32))
    assert message.reply_markup is not None
    message = await bot.send_message(chat.id, "x", reply_markup=buttons("Go", url="x.y"))
    assert message.reply_markup.inline_keyboard[0][0].url == "http://x.y/"
    message = await bot.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup([[]]))
    assert message.reply_markup is None


async def test_a_reply_shows_what_it_answers(bot, chat, tryout):
    asked = tryout.chats.say(chat, "/start")
    answer = await bot.send_message(
        chat.id, "Hi", reply_parameters=ReplyParameters(asked["message_id"])
    )
    assert answer.reply_to_message.text == "/start"
    gone = ReplyParameters(999)
    assert await refused(bot.send_message(chat.id, "Hi", reply_parameters=gone)) == (
        "Message to be replied not found"
    )
    forgiving = ReplyParameters(999, allow_sending_without_reply=True)
    answer = await bot.send_message(chat.id, "Hi", reply_parameters=forgiving)
    assert answer.reply_to_message is None


async def test_an_edit_replaces_text_and_keyboard_but_must_change_something(bot, chat):
    message = await bot.send_message(chat.id, "one", reply_markup=buttons("Go", data="go"))
    said = {"chat_id": chat.id, "message_id": message.message_id}
    edited = await bot.edit_message_text("two", **said)
    assert (edited.text, edited.reply_markup) == ("two", None)
    assert edited.edit_date is not None
    unchanged = (
        "Message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    assert await refused(bot.edit_message_text("two", **said)) == unchanged
    edited = await bot.edit_message_reply_markup(reply_markup=buttons("A", data="a"), **said)
    assert (edited.text, edited.reply_markup.inline_keyboard[0][0].text) == ("two", "A")
    same = bot.edit_message_reply_markup(reply_markup=buttons("A", data="a"), **said)
    assert await refused(same) == unchanged


async def test_only_messages_of_the_bot_can_be_edited(bot, chat, tryout):
    theirs = tryout.chats.say(chat, "hello")["message_id"]
    edit = bot.edit_message_text("x", chat_id=chat.id, message_id=theirs)
    assert await refused(edit) == "Message can't be edited"
    edit = bot.edit_message_text("x", chat_id=chat.id, message_id=999)
    assert await refused(edit) == "Message to edit not found"


async def test_a_message_can_be_deleted_once(bot, chat):
    message = await bot.send_message(chat.id, "one")
    assert await bot.delete_message(chat.id, message.message_id)
    again = bot.delete_message(chat.id, message.message_id)
    assert await refused(again) == "Message to delete not found"


@pytest.mark.parametrize("attach", [True, False])
async def test_a_document_travels_with_its_name_and_caption(bot, chat, attach):
    file = InputFile(b'{"a": 1}', filename="data.json", attach=attach)
    message = await bot.send_document(
        chat.id, file, caption="<b>Yours</b>", parse_mode=ParseMode.HTML
    )
    assert (message.document.file_name, message.document.file_size) == ("data.json", 8)
    assert (message.caption, message.caption_entities[0].type) == ("Yours", "bold")
    assert chat.files[message.document.file_id] == ("data.json", b'{"a": 1}')


async def test_a_document_needs_a_file_and_a_short_caption(http, bot, chat):
    _, answer = await http("sendDocument", json={"chat_id": chat.id})
    assert answer["description"] == "Bad Request: there is no document in the request"
    file = InputFile(b"x", filename="x")
    long = bot.send_document(chat.id, file, caption="x" * 1025)
    assert await refused(long) == "Message caption is too long"
    assert (await bot.send_document(chat.id, file, caption=" ")).caption is None


async def test_old_files_and_messages_are_forgotten(bot, chat):
    for number in range(25):
        await bot.send_document(chat.id, InputFile(b"x", filename=str(number)))
    assert [name for name, _ in chat.files.values()] == [str(n) for n in range(5, 25)]


# ---------------------------------------------------------------------- who is there


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(http, tryout):
    assert await http("getMe", token=tryout.token[:-1] + "_") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert (await http("getMe", token="nonsense"))[1]["description"] == "Not Found"
    assert await http("getWeather") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )


async def test_python_telegram_bot_calls_a_wrong_token_invalid(tryout):
    request = AiohttpRequest()
    wrong = Bot("4242424242:" + "A" * 35, base_url=tryout.base_url, request=request)
    await request.initialize()
    with pytest.raises(InvalidToken):
        await wrong.get_me()
    await request.shutdown()


async def test_a_blocked_bot_is_forbidden_until_it_is_unblocked(bot, chat, tryout):
    tryout.chats.block(chat)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    with pytest.raises(Forbidden):
        await bot.send_chat_action(chat.id, ChatAction.TYPING)
    tryout.chats.block(chat, blocks=False)
    await bot.send_message(chat.id, "x")
    changes = [one.my_chat_member for one in await bot.get_updates()]
    assert [c.new_chat_member.status for c in changes] == ["kicked", "member"]


async def test_a_migrated_group_says_where_it_went(bot, tryout):
    group = tryout.chats.new_group("Readers", {1: "creator"})
    grown = tryout.chats.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "x")
    told = [one.message for one in await bot.get_updates()]
    assert [m.migrate_to_chat_id or m.migrate_from_chat_id for m in told] == [grown.id, group.id]


async def test_a_forum_takes_messages_in_its_topics(bot, tryout):
    group = tryout.chats.new_group("Readers", {7: "creator"}, threads=[5])
    message = await bot.send_message(group.id, "x", message_thread_id=5)
    assert (message.message_thread_id, message.is_topic_message) == (5, True)
    tryout.chats.say(group, "/brief", person=7, thread=5)
    asked = (await bot.get_updates())[0].message
    assert (asked.message_thread_id, asked.from_user.id, asked.chat.is_forum) == (5, 7, True)


async def test_members_and_admins_of_a_group_are_known(bot, chat, tryout):
    group = tryout.chats.new_group("Readers", {7: "creator", 8: "administrator", 9: "member"})
    member = await bot.get_chat_member(group.id, 8)
    assert (member.status, member.user.id, member.can_manage_chat) == ("administrator", 8, True)
    assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
    assert [m.user.id for m in await bot.get_chat_administrators(group.id)] == [7, 8]
    assert await refused(bot.get_chat_member(group.id, 6)) == "Member not found"
    assert (await bot.get_chat_member(chat.id, chat.id)).status == "member"
    assert "no administrators" in await refused(bot.get_chat_administrators(chat.id))


async def test_a_chat_is_described(bot, chat, tryout):
    assert (await bot.get_chat(chat.id)).type == "private"
    group = tryout.chats.new_group("Readers", {})
    assert (await bot.get_chat(group.id)).title == "Readers"
    assert await refused(bot.get_chat(12)) == "Chat not found"


# ---------------------------------------------------------------------- the bot's own settings


async def test_commands_are_kept_by_scope_and_language(bot, chat, tryout):
    async def names(**where):
        return [one.command for one in await bot.get_my_commands(**where)]

    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("anfang", "Anfangen")], language_code="de")
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("private", "Only here")], scope=private)
    assert await names() == ["start"]
    assert await names(language_code="de") == ["anfang"]
    assert await names(scope=BotCommandScopeChat(chat.id)) == []
    await bot.delete_my_commands(scope=private)
    assert await names(scope=private) == []


async def test_people_see_the_commands_of_their_own_scope_and_language(http, tryout):
    methods = Methods(tryout.chats)

    async def set_commands(name, **where):
        await methods.call(
            "setMyCommands", {"commands": [{"command": name, "description": "x"}], **where}
        )

    assert methods.menu(1, "de") == []
    await set_commands("all")
    await set_commands("alle", language_code="de")
    assert methods.menu(1, "de-AT")[0]["command"] == "alle"
    assert methods.menu(1, "fr")[0]["command"] == "all"
    await set_commands("one", scope={"type": "chat", "chat_id": 1})
    assert methods.menu(1, "de")[0]["command"] == "one"
    assert methods.menu(2, "de")[0]["command"] == "alle"


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([("Start", "x")], "BOT_COMMAND_INVALID"),
        ([("north-korea", "x")], "BOT_COMMAND_INVALID"),
        ([("start", "")], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("start", "x")] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_that_telegram_refuses_are_refused(http, commands, words):
    given = [{"command": name, "description": said} for name, said in commands]
    _, answer = await http("setMyCommands", json={"commands": given})
    assert answer["description"] == f"Bad Request: {words}"


async def test_a_bot_can_say_what_it_is(bot):
    assert (await bot.get_my_name()).name == "daybrief"
    await bot.set_my_name("Morning")
    await bot.set_my_description("News", language_code="de")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_name()).name == "Morning"
    assert (await bot.get_my_description(language_code="de")).description == "News"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description(language_code="de")).short_description == "Short"
    assert await refused(bot.set_my_short_description("x" * 121)) == (
        "Bot_short_description_too_long"
    )


async def test_the_rest_of_the_housekeeping_is_taken(bot):
    assert await bot.set_chat_menu_button()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.log_out()
    assert await bot.close()


# ---------------------------------------------------------------------- updates


async def test_updates_wait_until_they_are_confirmed(bot, chat, tryout):
    for text in ("one", "two", "three"):
        tryout.chats.say(chat, text)
    first, second = await bot.get_updates(limit=2)
    assert [first.message.text, second.message.text] == ["one", "two"]
    assert (await bot.get_webhook_info()).pending_update_count == 3
    third = (await bot.get_updates(offset=second.update_id + 1))[0]
    assert third.message.text == "three"
    assert (await bot.get_updates(offset=-1))[0].message.text == "three"
    assert await bot.get_updates(offset=third.update_id + 1) == ()
    assert await bot.get_updates(offset=-1) == ()


async def test_a_long_poll_ends_with_the_first_update(bot, chat, tryout):
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    assert not polling.done()
    tryout.chats.say(chat, "at last")
    assert (await asyncio.wait_for(polling, 2))[0].message.text == "at last"


async def test_a_second_poller_ends_the_first_with_a_conflict(bot, chat, tryout):
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 2)
    tryout.chats.say(chat, "hello")
    assert len(await asyncio.wait_for(second, 2)) == 1


async def test_only_the_updates_that_were_asked_for_come(bot, chat, tryout):
    await bot.get_updates(allowed_updates=["callback_query"])
    tryout.chats.say(chat, "one")
    message = await bot.send_message(chat.id, "x", reply_markup=buttons("Go", data="go"))
    tryout.chats.press(chat, message.to_dict(), "go")
    updates = await bot.get_updates()
    assert [one.callback_query.data for one in updates] == ["go"]
    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=[])
    tryout.chats.say(chat, "two")
    assert (await bot.get_updates())[0].message.text == "two"


async def test_a_typed_command_and_its_writer_look_as_telegram_sends_them(bot, chat, tryout):
    tryout.chats.say(chat, "/subscribe north-korea")
    message = (await bot.get_updates())[0].message
    assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/subscribe"}
    assert message.from_user.language_code == "en-GB"
    assert message.chat.type == "private"


async def test_a_press_can_be_answered_and_nothing_else_can(bot, chat, tryout):
    message = await bot.send_message(chat.id, "x", reply_markup=buttons("Go", data="go"))
    tryout.chats.press(chat, message.to_dict(), "go")
    query = (await bot.get_updates())[0].callback_query
    assert (query.data, query.message.message_id) == ("go", message.message_id)
    assert await query.answer("Done", show_alert=True)
    assert chat.events[-1]["text"] == "Done"
    assert chat.events[-1]["alert"] is True
    too_old = "Query is too old and response timeout expired or query id is invalid"
    said = await refused(bot.answer_callback_query(f"{chat.id}:999"))
    assert said.lower() == too_old.lower()
    assert (await refused(bot.answer_callback_query("junk"))).lower() == too_old.lower()
    assert await refused(query.answer("x" * 201)) == "Message_too_long"


async def test_updates_have_a_cap(tryout):
    chats = tryout.chats
    chat = chats.new_person("en")
    for number in range(10_050):
        chats.press(chat, {}, str(number))
    assert chats.pending == 10_000


# ---------------------------------------------------------------------- the wire


@pytest.mark.parametrize("form", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_any_form(http, chat, form):
    keyboard = json.dumps({"inline_keyboard": [[{"text": "Go", "callback_data": "x"}]]})
    given = {"chat_id": str(chat.id), "text": "chat_id", "reply_markup": keyboard}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for name, value in given.items():
        multipart.add_field(name, value)
    sent = {
        "query": {"params": given, "method": "GET"},
        "form": {"data": given},
        "json": {"json": given},
        "multipart": {"data": multipart},
    }
    status, answer = await http("sendmessage", **sent[form])
    assert status == 200, answer
    assert answer["result"]["text"] == "chat_id"
    assert "reply_markup" in answer["result"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
async def test_a_broken_body_is_a_bad_request(http, body):
    status, _ = await http("getMe", data=body, headers={"Content-Type": "application/json"})
    assert status == 400


async def test_python_telegram_bots_own_client_is_served_too(tryout, chat):
    options = {"request": HTTPXRequest(), "get_updates_request": HTTPXRequest()}
    async with Bot(tryout.token, base_url=tryout.base_url, **options) as bot:
        message = await bot.send_message(chat.id, "<i>Hi</i>", parse_mode=ParseMode.HTML)
        assert message.entities[0].type == "italic"
        sent = await bot.send_document(chat.id, b"x", filename="x.txt")
        assert sent.document.file_name == "x.txt"


# ---------------------------------------------------------------------- too fast


async def test_a_bot_that_sends_too_fast_is_told_how_long_to_wait():
    now = 0.0
    clock, flood = ShiftableClock(SystemClock()), Flood(lambda: now, per_chat=Pace(2, 3.0))
    async with Tryout(port=0, clock=clock, newsroom=None, flood=flood) as tryout:
        chat = tryout.chats.new_person("en")
        async with Bot(tryout.token, base_url=tryout.base_url, request=AiohttpRequest()) as bot:
            for _ in range(2):
                await bot.send_message(chat.id, "x")
            with pytest.raises(RetryAfter) as waits:
                await bot.send_message(chat.id, "x")
            assert waits.value.retry_after == timedelta(seconds=3)
            now = 3.0
            await bot.send_message(chat.id, "x")


def test_chats_groups_and_all_together_have_paces_of_their_own():
    now = 0.0
    flood = Flood(lambda: now, overall=Pace(3, 1.0), per_group=Pace(1, 60.0))
    assert [flood.wait_s(chat) for chat in (1, 1, 2, -5, -5, 4)] == [0, 1, 0, 0, 60, 1]
    now = 1.0
    assert [flood.wait_s(chat) for chat in (1, -5)] == [0, 59]

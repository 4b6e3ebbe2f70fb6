"""The Bot API on loopback, called by the real python-telegram-bot over HTTP."""

import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import (
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.send.telegram import AiohttpRequest
from bot.tryout.chats import BOT, Chats
from bot.tryout.flood import Flood
from bot.tryout.methods import Methods
from bot.tryout.parameters import ApiError

HTML = "HTML"
UNCHANGED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def button(data):
    return InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data=data)]])


async def refusal(call):
    with pytest.raises(TelegramError) as refused:
        await call
    return refused.value.message


async def test_a_message_arrives_with_its_entities(bot, chat):
    html = '<b>Bold</b> &amp; <a href="http://a.b/">link</a>\n<blockquote expandable>q</blockquote>'
    sent = await bot.send_message(chat.id, html, parse_mode=HTML)
    assert sent.text == "Bold & link\nq"
    assert [entity.type for entity in sent.entities] == [
        "bold",
        "text_link",
        "expandable_blockquote",
    ]
    assert chat.messages[sent.message_id]["text"] == sent.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<b>x", "can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("<p>x</p>", 'can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("", "message text is empty"),
        ("  \n", "text must be non-empty"),
        ("<b> </b>", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2048 + "x", "message is too long"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused_in_its_words(bot, chat, text, said):
    assert (await refusal(bot.send_message(chat.id, text, parse_mode=HTML))).lower() == said
    assert not chat.messages


async def test_a_text_is_measured_after_its_markup_is_read(bot, chat):
    sent = await bot.send_message(chat.id, f"<b>{'😀' * 2048}</b>", parse_mode=HTML)
    assert len(sent.text) == 2048


async def test_of_more_than_a_hundred_entities_a_hundred_are_kept(bot, chat):
    sent = await bot.send_message(chat.id, "<b>a</b> x " * 120, parse_mode=HTML)
    assert len(sent.entities) == 100


async def test_callback_data_may_have_64_bytes_and_no_more(bot, chat):
    await bot.send_message(chat.id, "x", reply_markup=button("é" * 32))
    said = await refusal(bot.send_message(chat.id, "x", reply_markup=button("é" * 32 + "x")))
    assert said.lower() == "button_data_invalid"


async def test_an_edit_changes_the_message_in_place(bot, chat):
    sent = await bot.send_message(chat.id, "<b>x</b>", parse_mode=HTML, reply_markup=button("1"))
    edited = await bot.edit_message_text("y", chat.id, sent.message_id)
    assert edited.text == "y"
    assert not edited.entities
    assert edited.reply_markup is None
    marked = await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=button("2"))
    assert marked.text == "y"
    assert marked.reply_markup.inline_keyboard[0][0].callback_data == "2"
    assert len(chat.messages) == 1


async def test_an_edit_that_changes_nothing_is_refused(bot, chat):
    sent = await bot.send_message(chat.id, "<b>x</b>", parse_mode=HTML, reply_markup=button("1"))
    same = {"parse_mode": HTML, "reply_markup": button("1")}
    said = await refusal(bot.edit_message_text("<b>x</b>", chat.id, sent.message_id, **same))
    assert said.lower() == UNCHANGED
    again = bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=button("1"))
    assert (await refusal(again)).lower() == UNCHANGED


async def test_only_own_messages_that_are_there_are_edited_and_deleted(bot, tryout, chat):
    theirs = tryout.chats.say(chat, "hello")["message_id"]
    said = await refusal(bot.edit_message_text("y", chat.id, theirs))
    assert said.lower() == "message can't be edited"
    assert "to edit not found" in await refusal(bot.edit_message_text("y", chat.id, 99))
    assert await bot.delete_message(chat.id, theirs)
    assert "to delete not found" in await refusal(bot.delete_message(chat.id, theirs))


async def test_unknown_chats_are_not_found(bot):
    assert (await refusal(bot.send_message(5, "x"))).lower() == "chat not found"
    assert (await refusal(bot.send_message("@nobody", "x"))).lower() == "chat not found"
    assert (await refusal(bot.get_chat(5))).lower() == "chat not found"


async def test_a_blocked_bot_is_forbidden_to_write(bot, tryout, chat):
    tryout.chats.block(chat)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    tryout.chats.block(chat, blocks=False)
    await bot.send_message(chat.id, "x")


async def test_a_group_that_grew_says_where_it_is_now(bot, tryout):
    group = tryout.chats.new_group("Neighbours", {1001: "creator"})
    grown = tryout.chats.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == grown.id
    updates = await bot.get_updates()
    assert updates[0].message.migrate_to_chat_id == grown.id
    assert updates[1].message.migrate_from_chat_id == group.id


async def test_members_and_admins_of_a_group(bot, tryout, chat):
    group = tryout.chats.new_group("Neighbours", {5: "creator", 6: "administrator", 7: "member"})
    statuses = [(await bot.get_chat_member(group.id, user)).status for user in (5, 6, 7)]
    assert statuses == ["creator", "administrator", "member"]
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.id)] == [5, 6]
    assert (await bot.get_chat_member(chat.id, chat.id)).status == "member"
    assert "not found" in (await refusal(bot.get_chat_member(group.id, 8))).lower()
    await refusal(bot.get_chat_administrators(chat.id))


async def test_a_forum_topic_must_exist(bot, tryout):
    forum = tryout.chats.new_group("Forum", {1001: "creator"}, threads=[3])
    sent = await bot.send_message(forum.id, "x", message_thread_id=3)
    assert sent.message_thread_id == 3
    said = await refusal(bot.send_message(forum.id, "x", message_thread_id=4))
    assert said.lower() == "message thread not found"


async def test_a_reply_names_a_message_that_is_there(bot, tryout, chat):
    asked = tryout.chats.say(chat, "hello")["message_id"]
    sent = await bot.send_message(chat.id, "x", reply_to_message_id=asked)
    assert sent.reply_to_message.text == "hello"
    said = await refusal(bot.send_message(chat.id, "x", reply_to_message_id=99))
    assert said.lower() == "message to be replied not found"
    lenient = {"reply_to_message_id": 99, "allow_sending_without_reply": True}
    assert (await bot.send_message(chat.id, "x", **lenient)).reply_to_message is None


async def test_a_document_comes_with_its_name_and_caption(bot, chat):
    sent = await bot.send_document(
        chat.id, b'{"a": 1}', filename="daybrief.json", caption="<b>yours</b>", parse_mode=HTML
    )
    assert sent.document.file_name == "daybrief.json"
    assert sent.document.file_size == 8
    assert sent.caption_entities[0].type == "bold"
    assert chat.files[sent.document.file_id] == ("daybrief.json", b'{"a": 1}')
    said = await refusal(bot.send_document(chat.id, b"x", caption="c" * 1025))
    assert said.lower() == "message caption is too long"


async def test_a_press_is_answered_once_it_is_known(bot, tryout, chat):
    sent = await bot.send_message(chat.id, "x", reply_markup=button("go"))
    query_id = tryout.chats.press(chat, chat.messages[sent.message_id], "go")
    (update,) = await bot.get_updates()
    assert update.callback_query.data == "go"
    assert await bot.answer_callback_query(query_id, "done")
    assert chat.events[-1]["text"] == "done"
    assert "query is too old" in (await refusal(bot.answer_callback_query("1:1"))).lower()
    assert await refusal(bot.answer_callback_query(query_id, "x" * 201))


async def test_updates_come_again_until_an_offset_confirms_them(bot, tryout, chat):
    for text in ("one", "two", "three"):
        tryout.chats.say(chat, text)
    first = await bot.get_updates()
    assert [update.message.text for update in first] == ["one", "two", "three"]
    assert await bot.get_updates() == first
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [first[0].update_id]
    (last,) = await bot.get_updates(offset=first[2].update_id)
    assert last.message.text == "three"
    assert (await bot.get_webhook_info()).pending_update_count == 1
    assert list(await bot.get_updates(offset=last.update_id + 1)) == []


async def test_a_negative_offset_counts_from_the_end(bot, tryout, chat):
    for text in ("one", "two", "three"):
        tryout.chats.say(chat, text)
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["three"]
    assert (await bot.get_webhook_info()).pending_update_count == 1


async def test_a_long_poll_waits_and_wakes(bot, tryout, chat):
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert not poll.done()
    tryout.chats.say(chat, "hello")
    (update,) = await asyncio.wait_for(poll, 100)
    assert update.message.text == "hello"


async def test_a_long_poll_ends_by_itself(bot):
    assert list(await asyncio.wait_for(bot.get_updates(timeout=1), 100)) == []


async def test_of_two_that_poll_the_first_is_told_so(bot, tryout):
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    request = AiohttpRequest()
    other = Bot(
        tryout.token,
        base_url=tryout.base_url,
        request=AiohttpRequest(),
        get_updates_request=request,
    )
    async with other:
        await other.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 100)


async def test_only_the_kinds_asked_for_are_kept(bot, tryout, chat):
    await bot.get_updates(allowed_updates=["callback_query"])
    tryout.chats.say(chat, "unheard")
    assert list(await bot.get_updates()) == []


async def test_commands_are_checked_and_shown_by_scope_and_language(bot):
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("help", "Hilfe")], language_code="de")
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("brief", "Brief")], scope=private)
    assert await bot.get_my_commands(language_code="de") == (BotCommand("help", "Hilfe"),)
    assert await bot.get_my_commands(scope=private) == (BotCommand("brief", "Brief"),)
    assert await bot.delete_my_commands(scope=private)
    assert await bot.get_my_commands(scope=private) == ()


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([("with-hyphen", "x")], "bot_command_invalid"),
        ([("Upper", "x")], "bot_command_invalid"),
        ([("x" * 33, "x")], "bot_command_invalid"),
        ([("x", "")], "bot_command_description_invalid"),
        ([("x", "y" * 257)], "bot_command_description_invalid"),
        ([(f"c{n}", "x") for n in range(101)], "bot_commands_too_much"),
    ],
)
async def test_commands_that_telegram_refuses_are_refused(bot, commands, said):
    assert (await refusal(bot.set_my_commands(commands))).lower() == said


async def test_what_the_bot_says_about_itself_is_kept_by_language(bot):
    await bot.set_my_description("News", language_code="de")
    assert (await bot.get_my_description(language_code="de")).description == "News"
    assert (await bot.get_my_name()).name == BOT["first_name"]
    assert await refusal(bot.set_my_short_description("x" * 121))


async def test_a_wrong_token_is_unauthorized_and_nonsense_not_found(tryout):
    wrong = Bot(f"{BOT['id']}:{'x' * 36}", base_url=tryout.base_url, request=AiohttpRequest())
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    async with aiohttp.ClientSession() as session:
        for token, status in ((f"{BOT['id']}:{'x' * 36}", 401), ("x", 404)):
            async with session.get(f"{tryout.base_url}{token}/getMe") as answer:
                assert answer.status == status
                assert (await answer.json())["error_code"] == status


async def test_unknown_methods_are_not_found_and_names_come_in_any_case(bot):
    assert "not found" in (await refusal(bot.do_api_request("makeCoffee"))).lower()
    assert (await bot.do_api_request("GETME"))["id"] == BOT["id"]


@pytest.mark.parametrize("form", ["query", "json", "form"])
async def test_calls_are_read_in_any_form(tryout, chat, form):
    given = {"chat_id": str(chat.id), "text": "hello"}
    options = {"query": {"params": given}, "json": {"json": given}, "form": {"data": given}}[form]
    url = f"{tryout.base_url}{tryout.token}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(url, **options) as answer:
        assert (await answer.json())["result"]["text"] == "hello"


async def test_a_body_that_is_no_json_object_is_refused(tryout):
    url = f"{tryout.base_url}{tryout.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for body in (b"{", b"[]", b"\xff", b"[" * 100_000):
            headers = {"Content-Type": "application/json"}
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 400
                assert (await answer.json())["description"].startswith("Bad Request")


async def test_of_5000_messages_a_chat_keeps_1000():
    chats = Chats()
    chat = chats.new_person("en")
    for _ in range(5000):
        chats.post(chat, {"text": "x"})
    assert len(chat.messages) == 1000
    assert min(chat.messages) == 4001
    assert len(chat.events) <= 3000


async def test_who_sends_too_fast_is_asked_to_wait():
    now = SimpleNamespace(s=100.0)
    chats = Chats()
    methods = Methods(chats, flood=Flood(lambda: now.s))
    chat = chats.new_person("en")
    given = {"chat_id": chat.id, "text": "x"}
    await methods.call("sendMessage", given)
    with pytest.raises(ApiError) as refused:
        await methods.call("sendMessage", given)
    assert (refused.value.code, refused.value.parameters) == (429, {"retry_after": 1})
    now.s += 1
    await methods.call("sendMessage", given)
    assert len(chat.messages) == 2


async def test_that_the_bot_types_is_taken_and_shown(bot, tryout, chat):
    assert await bot.send_chat_action(chat.id, "typing") is True
    assert [event["kind"] for event in await tryout.chats.events(chat, 0, 0)] == ["typing"]

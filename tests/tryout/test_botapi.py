"""The exact words of the tryout's Bot API, and what it takes and forgets."""

from datetime import timedelta

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken, RetryAfter

from bot.clock.system import SystemClock
from bot.send.telegram import AiohttpRequest
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.flood import Flood, RateLimit


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
    for kind in ("loud", ["bold"]):
        assert await words(text="x", entities=[{"type": kind}]) == (
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
            {"inline_keyboard": [[{"text": "x", "callback_data": "\ud800" * 22}]]},
            "BUTTON_DATA_INVALID",
        ),
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


async def test_a_document_needs_a_file_and_a_short_caption(http, bot, chat):
    _, answer = await http("sendDocument", json={"chat_id": chat.id})
    assert answer["description"] == "Bad Request: there is no document in the request"
    file = InputFile(b"x", filename="x")
    long = bot.send_document(chat.id, file, caption="x" * 1025)
    assert await refused(long) == "Message caption is too long"
    assert (await bot.send_document(chat.id, file, caption=" ")).caption is None
    unseen = bot.send_document(chat.id, file, caption="\u200b")
    assert await refused(unseen) == "Text must be non-empty"
    misplaced = [MessageEntity("bold", 5, 1)]
    outside = bot.send_document(chat.id, file, caption="x", caption_entities=misplaced)
    assert (await refused(outside)).startswith("Entity begins after the end of the text")


async def test_old_files_and_messages_are_forgotten(bot, chat):
    for number in range(25):
        await bot.send_document(chat.id, InputFile(b"x", filename=str(number)))
    assert [name for name, _ in chat.files.values()] == [str(n) for n in range(5, 25)]


async def test_python_telegram_bot_calls_a_wrong_token_invalid(tryout):
    request = AiohttpRequest()
    wrong = Bot("4242424242:" + "A" * 35, base_url=tryout.base_url, request=request)
    await request.initialize()
    with pytest.raises(InvalidToken):
        await wrong.get_me()
    await request.shutdown()


async def test_a_migrated_group_says_where_it_went(bot, tryout):
    group = tryout.chats.new_group("Readers", {1: "creator"})
    grown = tryout.chats.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "x")
    told = [update.message for update in await bot.get_updates()]
    assert [m.migrate_to_chat_id or m.migrate_from_chat_id for m in told] == [grown.id, group.id]


async def test_a_chat_is_described(bot, chat, tryout):
    assert (await bot.get_chat(chat.id)).type == "private"
    group = tryout.chats.new_group("Readers", {})
    assert (await bot.get_chat(group.id)).title == "Readers"
    assert await refused(bot.get_chat(12)) == "Chat not found"


async def test_the_rest_of_the_housekeeping_is_taken(bot):
    assert await bot.set_chat_menu_button()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.log_out()
    assert await bot.close()


async def test_a_typed_command_and_its_writer_look_as_telegram_sends_them(bot, chat, tryout):
    tryout.chats.say(chat, "/subscribe north-korea")
    message = (await bot.get_updates())[0].message
    assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/subscribe"}
    assert message.from_user.language_code == "en"
    assert message.chat.type == "private"


async def test_updates_have_a_cap(tryout):
    chats = tryout.chats
    chat = chats.new_person("en")
    for number in range(10_050):
        chats.press(chat, {}, str(number))
    assert chats.pending == 10_000


async def test_a_bot_that_sends_too_fast_is_told_how_long_to_wait():
    now = 0.0
    clock, flood = ShiftableClock(SystemClock()), Flood(lambda: now, per_chat=RateLimit(2, 3.0))
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

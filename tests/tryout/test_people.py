"""The page's own API: acting as a person, and for this machine only."""

import asyncio
import re
from datetime import timedelta
from importlib import resources
from urllib.parse import urlsplit

import aiohttp
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile

from bot.errors import ReaderError
from bot.send import telegram_address
from bot.send.telegram import AiohttpRequest
from tests.fakes.clock import START
from tests.fakes.person import Person

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def http():
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


@pytest.fixture
async def bot(tryout):
    async with Bot(tryout.token, base_url=tryout.base_url, request=AiohttpRequest()) as bot:
        yield bot


@pytest.fixture
async def person(tryout):
    async with Person(tryout.page_url) as person:
        yield person


def keyboard(label, **button):
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, **button)]])


async def test_what_a_person_says_reaches_the_bot_and_the_chat(person, bot):
    message_id = await person.say("/subscribe north-korea")
    message = (await bot.get_updates())[0].message
    assert (message.chat.id, message.message_id) == (person.chat, message_id)
    assert message.text == "/subscribe north-korea"
    mine = await asyncio.wait_for(_shown(person, message_id), 100)
    assert (mine["outgoing"], mine["entities"][0]["type"]) == (True, "bot_command")


async def _shown(person, message_id):
    async with person._changed:
        await person._changed.wait_for(lambda: message_id in person.messages)
    return person.messages[message_id]


async def test_an_answer_shows_with_entities_and_buttons_and_can_be_tapped(person, bot):
    sent = await bot.send_message(
        person.chat,
        "😀 <b>Hi</b> <tg-time unix='5' format='wt'>then</tg-time>",
        parse_mode="HTML",
        reply_markup=keyboard("Go", callback_data="go"),
    )
    shown = await person.wait_for(lambda message: "Hi" in message["text"])
    assert (shown["message_id"], shown["outgoing"]) == (sent.message_id, False)
    assert shown["date"] == START.timestamp()
    assert shown["keyboard"] == [[{"text": "Go", "data": "go", "url": None}]]
    assert shown["entities"] == [
        {"type": "bold", "offset": 3, "length": 2},
        {
            "type": "date_time",
            "offset": 6,
            "length": 4,
            "unix_time": 5,
            "date_time_format": "wt",
        },
    ]
    await person.press("Go")
    query = (await bot.get_updates())[0].callback_query
    assert (query.data, query.message.message_id) == ("go", sent.message_id)
    await query.answer("Gone")
    await query.edit_message_text("done")
    await person.wait_for(lambda message: message["text"] == "done")
    assert person.notes == ["Gone"]
    assert person.messages[sent.message_id]["keyboard"] == []


async def test_a_document_can_be_fetched(person, bot, tryout, http):
    await bot.send_document(person.chat, InputFile(b"{}", filename="a.json"), caption="Yours")
    shown = await person.wait_for(lambda message: "document" in message)
    assert (shown["text"], shown["document"]["file_name"]) == ("Yours", "a.json")
    url = tryout.page_url.rstrip("/") + shown["document"]["url"]
    async with http.get(url) as answer:
        assert await answer.read() == b"{}"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
    async with http.get(url + "x") as answer:
        assert answer.status == 404


async def test_a_deleted_message_leaves_the_chat(person, bot):
    sent = await bot.send_message(person.chat, "Soon gone")
    await person.wait_for(lambda message: message["text"] == "Soon gone")
    await bot.delete_message(person.chat, sent.message_id)
    await bot.send_message(person.chat, "Next")
    await person.wait_for(lambda message: message["text"] == "Next")
    assert person.texts == ["Next"]


async def test_two_people_do_not_see_each_other(person, bot, tryout):
    async with Person(tryout.page_url) as other:
        await bot.send_message(other.chat, "For the other")
        await bot.send_message(person.chat, "For you")
        await person.wait_for(lambda message: message["text"] == "For you")
        await other.wait_for(lambda message: message["text"] == "For the other")
        assert person.texts == ["For you"]


async def test_hello_tells_the_app_where_a_person_lives(tryout):
    told = []

    async def on_hello(*where):
        told.append(where)

    tryout.hooks.on_hello = on_hello
    async with Person(tryout.page_url, zone="Asia/Seoul", language="ko-KR") as person:
        assert told == [(telegram_address(person.chat), "Asia/Seoul", "ko-KR")]
        assert (await person.state())["zone"] == "Asia/Seoul"


@pytest.mark.parametrize("zone", ["Atlantis", "../../etc/passwd", "/etc/localtime", "", "\0"])
async def test_a_zone_that_nobody_knows_is_none(tryout, zone):
    async with Person(tryout.page_url, zone=zone) as person:
        assert (await person.state())["zone"] == ""
        await tryout.jump(person.chat)


async def test_a_zone_the_app_does_not_know_is_none_either(tryout):
    async def on_hello(*_):
        raise ReaderError("old-zone-button")

    tryout.hooks.on_hello = on_hello
    async with Person(tryout.page_url) as person:
        assert (await person.state())["zone"] == ""


async def test_the_head_shows_now_and_next(person, tryout):
    async def next_due(_address):
        return START + timedelta(hours=1)

    assert (await person.state())["next_at"] is None
    tryout.hooks.next_due = next_due
    state = await person.state()
    assert state["now"] == START.timestamp()
    assert state["next_at"] == START.timestamp() + 3600
    assert (state["sample"], state["bot_name"]) == (False, "daybrief")


async def test_the_page_speaks_the_language_and_shows_the_clock_that_the_bot_knows(tryout, http):
    chosen = {"language": "", "zone": ""}

    async def locale_of(_address):
        return chosen["language"], chosen["zone"]

    tryout.hooks.locale_of = locale_of
    async with Person(tryout.page_url, zone="Europe/Berlin", language="de-AT") as person:
        state = await person.state()
        assert (state["language"], state["zone"]) == ("de", "Europe/Berlin")
        assert (state["status"], state["jump"]) == ("Do., 5. Juni", "Morgen 07:30")
        chosen |= {"language": "en", "zone": "Pacific/Auckland"}
        state = await person.state()
        assert (state["language"], state["zone"]) == ("en", "Pacific/Auckland")
        assert (state["status"], state["jump"]) == ("Thu 5 Jun", "Tomorrow 07:30")
        await person.jump()
        # 07:30 in Auckland, twelve hours ahead of UTC in June.
        assert (await person.state())["now"] == START.replace(hour=19, minute=30).timestamp()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("fa-IR", ("fa", "rtl", "شروع")),
        ("pt-BR", ("pt", "ltr", "Começar")),
        ("sw", ("en", "ltr", "Start")),
        ("", ("en", "ltr", "Start")),
        ("x" * 300, ("en", "ltr", "Start")),
    ],
)
async def test_the_words_of_the_page_come_in_any_language(tryout, http, tag, said):
    async with http.get(f"{tryout.page_url}tryout/words", params={"language": tag}) as answer:
        found = await answer.json()
    assert (found["language"], found["direction"], found["words"]["start"]) == said


async def test_what_cannot_be_sent_is_refused_in_the_language_of_the_reader(tryout, http):
    chat = tryout.chats.new_person("fr-FR")
    say, press = f"{tryout.page_url}tryout/say", f"{tryout.page_url}tryout/press"
    async with http.post(say, json={"chat": chat.id, "text": "x" * 4097}) as answer:
        assert await answer.text() == "Un message compte de 1 à 4\u202f096 caractères."
    async with http.post(press, json={"chat": chat.id, "data": "gone"}) as answer:
        assert (await answer.text()).startswith(
            "Ce bouton ne marche plus. /help montre ce que je sais faire."
        )


async def test_a_jump_moves_the_clock(person):
    before = (await person.state())["now"]
    await person.jump()
    assert (await person.state())["now"] > before


async def test_the_menu_is_in_the_persons_language(tryout, bot, http):
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "Anfangen")], language_code="de")
    await bot.set_my_commands([BotCommand("start", "Aloita")], language_code="fi")
    for language, said in (("de-AT", "Anfangen"), ("fr", "Begin"), ("fil", "Begin")):
        chat = tryout.chats.new_person(language)
        async with http.get(f"{tryout.page_url}tryout/commands?chat={chat.id}") as answer:
            menu = await answer.json()
        assert menu == {"commands": [{"command": "start", "description": said}]}


async def test_the_menu_follows_the_language_that_was_chosen(tryout, bot, http):
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "Anfangen")], language_code="de")

    async def locale_of(_address):
        return "de", ""

    tryout.hooks.locale_of = locale_of
    chat = tryout.chats.new_person("fr")
    async with http.get(f"{tryout.page_url}tryout/commands?chat={chat.id}") as answer:
        assert (await answer.json())["commands"][0]["description"] == "Anfangen"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"text": "   "}, 400),
        ({"text": "x" * 4097}, 400),
        ({"text": "hi", "chat": 9}, 404),
        ({"text": "hi", "chat": "nonsense"}, 404),
        ({"text": "hi", "chat": True}, 404),
        ({"text": "hi", "chat": "9" * 30}, 404),
    ],
)
async def test_what_telegram_would_not_send_is_refused_in_one_line(
    tryout, chat, http, said, status
):
    body = {"chat": chat.id, **said}
    async with http.post(f"{tryout.page_url}tryout/say", json=body) as answer:
        assert answer.status == status
        assert len((await answer.text()).splitlines()) == 1
    assert not chat.messages


@pytest.mark.parametrize("data", [None, "", "never", ["go"]])
@pytest.mark.parametrize("message_id", [1, 2, [], None])
async def test_only_buttons_that_are_there_can_be_tapped(tryout, chat, http, message_id, data):
    link = keyboard("Read", url="http://x.y/").to_dict()
    tryout.chats.post(chat, {"text": "x", "reply_markup": link})
    body = {"chat": chat.id, "message_id": message_id, "data": data}
    async with http.post(f"{tryout.page_url}tryout/press", json=body) as answer:
        assert answer.status == 400
    assert tryout.chats.pending == 0


async def test_a_body_that_is_no_object_is_refused(tryout, http):
    async with http.post(f"{tryout.page_url}tryout/say", json=[]) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("body", [b"{", b"\xff", b""])
async def test_a_broken_body_is_refused(tryout, http, body):
    async with http.post(f"{tryout.page_url}tryout/say", data=body, headers=JSON) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}"]
)
@pytest.mark.parametrize("path", ["", "tryout/state?chat=1001"])
async def test_another_host_is_forbidden(tryout, chat, http, host, path):
    port = urlsplit(tryout.page_url).port
    headers = {"Host": host.format(port=port)}
    async with http.get(tryout.page_url + path, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://"]
)
async def test_another_origin_is_forbidden(tryout, chat, http, origin):
    headers = {"Origin": origin}
    said = {"chat": chat.id, "text": "hi"}
    async with http.post(f"{tryout.page_url}tryout/say", json=said, headers=headers) as answer:
        assert answer.status == 403
    assert not chat.messages


async def test_its_own_names_are_welcome(tryout, chat, http):
    port = urlsplit(tryout.page_url).port
    for name in ("127.0.0.1", "localhost"):
        headers = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
        said = {"chat": chat.id, "text": "hi"}
        async with http.post(f"{tryout.page_url}tryout/say", json=said, headers=headers) as answer:
            assert answer.status == 200


async def test_a_form_of_another_site_cannot_speak(tryout, chat, http):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Content-Type": kind}
        body = b'{"chat": 1001, "text": "hi"}'
        async with http.post(f"{tryout.page_url}tryout/say", data=body, headers=headers) as answer:
            assert answer.status == 415
    assert not chat.messages


async def test_the_page_and_its_files_come_with_their_types_and_a_strict_policy(tryout, http):
    kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
    kinds[".svg"] = "image/svg+xml"
    names = [file.name for file in resources.files("bot.tryout").joinpath("page").iterdir()]
    assert {"index.html", "chat.js", "chat.css"} <= set(names)
    for name in ("", *names):
        async with http.get(tryout.page_url + name) as answer:
            assert answer.status == 200
            suffix = re.search(r"(\.\w+)?$", name)[0] or ".html"
            assert answer.content_type == kinds[suffix]
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["nothing.js", "..%2fserver.py", ".%2e/server.py", "__init__.py"])
async def test_no_other_file_is_served(tryout, http, path):
    async with http.get(tryout.page_url + path) as answer:
        assert answer.status in {400, 404}


async def test_events_wait_for_the_first_and_end_by_themselves(tryout, chat, http):
    url = f"{tryout.page_url}tryout/events?chat={chat.id}"
    async with http.get(f"{url}&after=0&wait=0") as answer:
        assert await answer.json() == {"events": []}
    waiting = asyncio.create_task(http.get(f"{url}&after=0"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    tryout.chats.say(chat, "hi")
    async with asyncio.timeout(100):
        events = (await (await waiting).json())["events"]
    assert [(event["seq"], event["kind"], event["text"]) for event in events] == [
        (1, "message", "hi")
    ]


async def test_leaving_does_not_wait_for_those_who_wait(tryout):
    async with Person(tryout.page_url):
        began_at = asyncio.get_running_loop().time()
        tryout.chats.close()
        await tryout.__aexit__(None, None, None)
        assert asyncio.get_running_loop().time() - began_at < 0.9

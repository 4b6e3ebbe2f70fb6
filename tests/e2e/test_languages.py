"""A conversation is in one language: a German chat contains no English."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import update

from bot.reasons import Reason
from bot.send import telegram_address
from bot.store.tables import room as rooms
from bot.texts import extract
from tests.fakes.house import House, open_house
from tests.fakes.wire import BOT

GERMAN = {"id": 7, "is_bot": False, "first_name": "Leserin", "language_code": "de"}
READER = 7
STORY = (
    "<p>Der Speichersee der Orunsperre ist seit Mittwoch wieder zu 91 Prozent gefüllt, sagte die "
    "Flussbehörde. Die Ingenieure hatten mit einem weiteren Jahr gerechnet. Bauern im Tal bekommen "
    "zum ersten Mal seit drei Sommern ihren vollen Anteil.</p>"
    "<p>Der Gemeinderat stimmt am Dienstag über das Klima im Tal und die Sperrstunden ab.</p>"
)
# English words that no German text contains, except in names and in commands to type.
STOP_WORDS = """
    a about again all always and any anything are at be been by can could daily day days did does
    ended everything for from gone had has have how if into is its left me more my never next night
    no not nothing of off on one or our read said say send sent some story than that the their them
    then there these they this those times to today tomorrow too try until up us very we week
    weekend what when where which who will with without words yes yet you your
"""
# Text that stays the same in every language: commands, quotations, addresses and markup.
TYPED = re.compile(r"/schedule off|„[^“\n]*“|“[^”\n]*”|https?://\S+|<a href=\"[^\"]*\">|</?\w+>")
STOPPED = frozenset(STOP_WORDS.split())
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def catalogue() -> list[tuple[str, str]]:
    """Return (English, German) of each catalogue message whose translation differs."""
    (path,) = [path for path in extract.catalogue_paths() if path.stem == "de"]
    pairs = []
    for message in read_po(BytesIO(path.read_bytes()), locale="de"):
        if isinstance(message.id, str):
            pairs.append((message.id, str(message.string)))
        else:
            pairs += zip(message.id, message.string, strict=True)
    return [(english, german) for english, german in pairs if english and english != german]


def fragments() -> frozenset[str]:
    """Return the phrases of two words or more between placeholders and commands in English."""
    german = "\n".join(text for _, text in catalogue())
    pieces = (re.split(r"\{[^}]*\}|/\w+|[:;“”\n]", english) for english, _ in catalogue())
    stripped = {piece.strip(" .,()?!") for parts in pieces for piece in parts}
    return frozenset(piece for piece in stripped if " " in piece and piece not in german)


FRAGMENTS = fragments()
# Messages of one word, such as a button's label.
LABELS = frozenset(
    english.strip(":") for english, _ in catalogue() if re.fullmatch(r"[A-Za-z]+:?", english)
)


def english_in(text: str) -> list[str]:
    """Return the English words and phrases in a German text."""
    bare = TYPED.sub(" ", text)
    words = WORD.findall(bare)
    found = [word for word in words if word.lower() in STOPPED or word in LABELS]
    return found + [fragment for fragment in FRAGMENTS if fragment in bare]


def said_in(message: dict) -> str:
    """Return a message's text and the labels of its buttons, a line each."""
    markup = message.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    labels = [button["text"] for row in markup.get("inline_keyboard", ()) for button in row]
    return "\n".join([message["text"], *labels])


class Chat:
    """The chat of a German reader; every message from the bot is kept, and checked for English."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.heard: list[str] = []

    async def say(self, text: str) -> str:
        """Send a message, and return the texts and labels of all answers."""
        before = {id(message) for message in self.house.wire.sent(READER)}
        await self.house.say(text, READER, **{"from": GERMAN})
        return self._hear(before)

    async def tap(self, data: str) -> str:
        """Tap the button with the callback data below the newest message; return the answers."""
        sent, notes = self.house.wire.sent(READER), self.notes()
        before = {id(message) for message in sent}
        await self.house.press(data, sent[-1] | {"from": BOT})
        return "\n".join([self._hear(before), *self.notes()[len(notes) :]])

    def buttons(self) -> list[str]:
        """Return the callback data of the buttons below the newest message."""
        markup = self.house.wire.sent(READER)[-1].get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        rows = markup.get("inline_keyboard", ())
        return [
            button["callback_data"] for row in rows for button in row if "callback_data" in button
        ]

    def notes(self) -> list[str]:
        calls = self.house.wire.calls("answerCallbackQuery")
        return [call["text"] for call in calls if call.get("text")]

    async def morning(self) -> str:
        before = {id(message) for message in self.house.wire.sent(READER)}
        await self.house.morning()
        return self._hear(before)

    def _hear(self, before: set[int]) -> str:
        new = [said_in(m) for m in self.house.wire.sent(READER) if id(m) not in before]
        heard = "\n".join(new)
        assert english_in(heard) == [], heard
        self.heard += new
        return heard


@pytest.fixture
async def chat(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/orun.xml",)) as house:
        item = f"<title>Klima: Orunsperre wieder voll</title><link>{house.web.url('/1')}</link>"
        item += f"<description><![CDATA[{STORY}]]></description>"
        item += "<pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate>"
        feed = (
            "<rss version='2.0'><channel><title>Orunbote</title><language>de</language>"
            f"<item>{item}</item></channel></rss>"
        )
        house.web.add("/orun.xml", feed, content_type="application/rss+xml")
        house.web.add("/own", feed.replace("Orunbote", "Hafenblatt"), content_type="text/xml")
        house.web.add("/page", "<html><body><p>Nichts.</p></body></html>")
        house.web.add("/gone", status=404)
        house.web.add("/ended", status=410)
        house.web.add("/ill", status=503)
        house.web.redirect("/circle", "/circle")
        yield Chat(house)


# Valid and invalid input, with a part of the expected answer.
TYPED_BY_A_STRANGER = [
    ("/start", "Ein kurzer Nachrichtenüberblick"),
    ("/help", "Dein Überblick, jetzt"),
    ("/topics", "Themen: Tippe an"),
    ("/privacy", "Ich merke mir"),
    ("/settings", "Ton: an"),
    ("/schedule", "Noch keine geplanten Ausgaben"),
    ("/timezone", "Wo bist du?"),
    ("/status", "Noch keine Ausgabe."),
    ("/forgetme", "Sicher?"),
    ("/brief", "Noch gibt es nichts"),
    ("/unsubscribe", "Du hast keine Abos."),
    ("/resume", "keine Pause"),
    ("/subscribe", "Was möchtest du lesen?"),
    ("/subscribe nort-korea", "Meinst du Nordkorea"),
    ("/subscribe " + "wort " * 60, "zu lang"),
    ("/subscribe " + " ".join(f"wort{n}" for n in range(14)), "zu viele Wörter"),
    ("/subscribe talsperre -talsperre", "zugleich gewünscht"),
    ("/subscribe -talsperre", "wonach ich suchen soll"),
    ("/subscribe " + ", ".join(f"talsperre{n}" for n in range(11)), "höchstens 10"),
    ("/schedule 25:00", "keine Uhrzeit"),
    ("/schedule weekdays", "Um welche Uhrzeit?"),
    ("/schedule 1:00 2:00 3:00 4:00 5:00 6:00 7:00", "höchstens 6"),
    ("/timezone Atlantis/Mitte", "Kein Ort"),
    ("/timezone Berln", "Meintest du einen"),
    ("/timezone USA", "Wie spät ist es bei dir?"),
    ("/pause gestern", "Bis wann?"),
    ("/pause 2020-01-01", "Bis wann?"),
    ("/tanz", "Diesen Befehl kenne ich nicht"),
    ("Guten Morgen", "Ein kurzer Nachrichtenüberblick"),
]
ADDRESSES = [
    ("http://127.0.0.1:1/", "Port 1 ist kein Web-Port"),
    ("http://169.254.169.254/", "keine öffentliche Adresse"),
    ("http://drucker.local/", "kein öffentlicher Name"),
    ("file:///etc/passwd", "nur http"),
    ("http://ich:geheim@a.example/", "Name oder Passwort"),
    ("http://a.example:99999/", "so einen Port"),
    ("http://a..example/", "keinen lesbaren Server"),
    ("http://[fe80::1%25eth0]/", "verbindungslokale"),
    ("http://a\\b.example/", "Rückstrich"),
    ("http://a.example/" + "x" * 9_000, "zu lang"),
]
PATHS = [
    ("/gone", "der Server antwortete 404"),
    ("/ended", "der Server antwortete 410"),
    ("/ill", "der Server antwortete 503"),
    ("/page", "von dort ist kein Feed verlinkt"),
    ("/circle", "es leitet mehr als 5 Mal weiter"),
]


@pytest.mark.parametrize(("said", "answered"), TYPED_BY_A_STRANGER)
async def test_a_stranger_is_answered_in_german(chat, said, answered):
    assert answered in await chat.say(said)


async def test_an_address_without_a_feed_is_told_in_german(chat):
    for url, why in [*ADDRESSES, *((chat.house.web.url(path), why) for path, why in PATHS)]:
        answer = await chat.say(f"/subscribe {url}")
        assert "liefert keinen Feed (" in answer
        assert why in answer


async def test_a_reader_goes_through_everything_in_german(chat):
    assert "Abonniert: Klima" in await chat.say("/subscribe climate, “seltene Erden” -aktien")
    assert "Zürich" in chat.heard[-1]
    assert "Vorschau" in chat.heard[-1]
    assert "liest du schon" in await chat.say("/subscribe Klima")
    assert "bisher 1 Artikel" in await chat.say(f"/subscribe {chat.house.web.url('/own')}")
    await chat.say("/subscribe weltraum")
    assert "Rückgängig" in await chat.tap(next(d for d in chat.buttons() if "undo" in d))
    assert "schon rückgängig" in await chat.tap("v1:undo:999")
    assert "Du liest:" in await chat.say("/topics")
    assert "1 Min." in await chat.say("/brief")
    for data in chat.buttons():
        await chat.tap(data)
    assert "Nichts Neues: " in await chat.say("/brief")
    assert "Was möchtest du nicht mehr lesen?" in await chat.say("/unsubscribe")
    assert "liest du nicht" in await chat.say("/unsubscribe sport")
    assert "Nichts mehr über" in await chat.say("/unsubscribe hafenblatt")
    assert "Willkommen zurück." in await chat.say("/start")

    assert "täglich um 07:30" in await chat.say("/schedule")
    assert "Mo., Mi., Fr. um 18:00" in await chat.say("/schedule 18:00 mon wed fri")
    assert "werktags um 08:00" in await chat.say("/schedule 8:00 weekdays")
    assert "am Wochenende um 10:00" in await chat.say("/schedule 10:00 weekend")
    assert "(Ortszeit Tokio)" in await chat.say("/timezone Tokio")
    assert "Deine Zeitzone ist" in await chat.say("/timezone")
    assert "(Ortszeit Berlin)" in await chat.say("/timezone Berlin")
    assert "heute" in await chat.say("/schedule 23:30")
    assert "morgen" in await chat.say("/schedule 07:00")
    assert "Keine geplanten Ausgaben mehr" in await chat.say("/schedule off")
    assert "Nichts ist geplant" in await chat.say("/status")
    await chat.say("/schedule 07:30")

    await chat.say("/settings")
    for page in ("length", "sentences", "sound", "more", "curious", "languages"):
        await chat.tap(f"v1:set:page:{page}")
        for data in chat.buttons():
            await chat.tap(data)
    assert "Sprachen: alle" in chat.heard[-1]
    for data in ("v1:set:length:huge", "v1:set:mood:good", "v1:time:04:44", "v1:zone:Mars", "x:1"):
        assert "Dieser Knopf ist" in await chat.tap(data)
    assert "gibt es nicht mehr" in await chat.tap("v1:topic:alchemy")
    assert "liest du nicht mehr" in await chat.tap("v1:preview:99")

    assert "Pause bis Fr., 13. Juni" in await chat.say("/pause 2025-06-13")
    assert "Pause bis Fr., 13. Juni" in await chat.say("/status")
    assert "Pause." in await chat.say("/pause")
    assert await chat.say("/resume")
    await chat.say("/pause 2w")
    await chat.say("/unsubscribe all")
    assert "Willkommen zurück." in await chat.say("/resume")
    await chat.say("/forgetme")
    (yes,) = chat.buttons()
    assert "Erledigt." in await chat.tap(yes)


async def test_a_newcomer_taps_through_the_start_in_german(chat):
    await chat.say("/start")
    topics = chat.buttons()
    for data in topics[:3]:
        assert "Du liest" in await chat.tap(data)
    assert "täglich um 18:00" in await chat.tap("v1:time:18:00")
    assert "▶ Meine erste Ausgabe" in chat.heard[-1]
    await chat.tap("v1:brief")
    for data in topics[:3]:
        await chat.tap(data.replace("v1:pick:1:", "v1:pick:0:"))
    assert "Worüber möchtest du lesen?" in chat.heard[-1]


async def test_what_went_wrong_is_told_in_german(chat):
    house = chat.house
    await chat.say("/subscribe climate")
    await chat.say("/timezone Berlin")
    await chat.say("/schedule 07:30")
    house.web.add("/orun.xml", status=503)
    house.clock.advance(timedelta(hours=6))
    await house.refresh()
    assert "der Server antwortete 503" in await chat.say("/status")
    house.clock.advance(timedelta(days=3))
    late = await chat.morning()
    assert "verspätet" in late
    assert "Nichts Neues: " in late
    status = await chat.say("/status")
    assert "nicht gesendet (in einem Ausfall verpasst" in status
    assert "zu spät gesendet" in status or "gesendet" in status
    await chat.say("/pause 3d")
    house.clock.advance(timedelta(days=1))
    assert await chat.morning() == ""
    assert "nicht gesendet (pausiert)" in await chat.say("/status")

    room = await house.app.store.chats.find_room(telegram_address(READER))
    (due,) = await house.app.store.schedules.of_room(room.id)
    for code in ("too-slow", "too-much-memory", "process-died", "store-unavailable", "unforeseen"):
        values = {"too-slow": {"seconds": 20.5}, "unforeseen": {"kind": "KeyError"}}.get(code, {})
        again_at = house.clock.now() + timedelta(minutes=1)
        await house.app.store.schedules.fail(due.id, error=Reason(code, values), again_at=again_at)
        assert "noch nicht fertig" in await chat.say("/status")


async def test_what_a_reader_chose_and_is_no_more_is_told_in_german(chat):
    house = chat.house
    await chat.say("/subscribe climate")
    room = await house.app.store.chats.find_room(telegram_address(READER))
    for stored in (
        '{"method": "magic"}',
        '{"length": "huge", "silence": 3}',
        '{"languages": ["xx", "yy", "zz"]}',
        "nonsense",
    ):
        async with house.app.store.database.write() as connection:
            change = update(rooms).where(rooms.c.id == room.id).values(settings=stored)
            await connection.execute(change)
        assert "/settings" in await chat.say("/brief")


def test_english_is_recognized():
    assert english_in("Paused until Freitag. /resume ends the break earlier.")
    assert english_in("Fällig 07:30 (its server answered 503)")
    assert english_in("Quellen, die ausfallen: any")
    assert english_in("Undo")
    assert not english_in("„the words“ liest du nicht. Du liest: state-of-the-art, „no.“")

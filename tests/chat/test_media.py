"""What is no text: each kind is answered by one helpful sentence, in groups by none."""

import pytest

from bot.commands.received import SENTENCES
from bot.texts import texts_for
from tests.fakes.conversation import (
    buttons,
    keyboard,
    notes,
    reasoned,
    room_of,
    subscribed,
    tap,
)
from tests.fakes.wire import error, message_update

GROUP = -30
FILE = {"file_id": "f", "file_unique_id": "f"}
SEEN = FILE | {"width": 9, "height": 9}
MOVING = SEEN | {"duration": 3}
PHOTO = {"photo": [SEEN]}
STICKER = SEEN | {"type": "regular", "is_animated": False, "is_video": False}
FRIEND = {"id": 9, "is_bot": False, "first_name": "Ilse"}
FROM_FRIEND = {"type": "user", "date": 1749101400, "sender_user": FRIEND}
POLL = {
    "id": "p", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
    "allows_revoting": True, "members_only": False,
}  # fmt: skip
KINDS = {
    "sound": [
        {"voice": FILE | {"duration": 3}},
        {"audio": FILE | {"duration": 3}},
        {"video_note": FILE | {"duration": 3, "length": 9}},
        {"video": MOVING},
    ],
    "picture": [
        PHOTO,
        {"sticker": STICKER},
        {"animation": MOVING, "document": FILE},
        {"story": {"id": 1, "chat": {"id": 5, "type": "private"}}},
        {"paid_media": {"star_count": 1, "paid_media": []}},
    ],
    "game": [
        {"dice": {"emoji": "🎲", "value": 3}},
        {"game": {"title": "t", "description": "d", "photo": [SEEN]}},
    ],
    "poll": [{"poll": POLL}],
    "contact": [{"contact": {"phone_number": "1", "first_name": "Ilse"}}],
    "file": [{"document": FILE | {"file_name": "notes.pdf", "mime_type": "application/pdf"}}],
    "other": [{"hologram": {"colour": 5}}, {}],
}


def sent(content, chat_id=1, **extra):
    message = message_update("", chat_id)["message"] | content | extra
    del message["text"]
    return {"message": message}


@pytest.mark.parametrize(
    ("kind", "content"), [(kind, one) for kind, several in KINDS.items() for one in several]
)
async def test_each_kind_has_a_sentence_that_says_what_to_send(house, kind, content):
    (answer,) = await house.take(sent(content))
    assert answer == SENTENCES[kind]
    assert "/" in answer
    assert await house.take(sent(content, GROUP)) == []


async def test_every_sentence_is_known_in_german_and_given_to_who_speaks_it(house):
    german = {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}
    (answer,) = await house.take(sent(PHOTO, 7, **{"from": german}))
    assert answer == texts_for("de").gettext(SENTENCES["picture"]) != SENTENCES["picture"]


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 3, "date": 1, "chat": {"id": 1, "type": "private"}}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"write_access_allowed": {}},
    ],
)
async def test_what_telegram_tells_of_a_chat_is_not_answered(house, content):
    assert await house.take(sent(content)) == []


async def test_an_album_is_answered_once(house):
    answers = [await house.take(sent(PHOTO, media_group_id="a")) for _ in range(3)]
    assert list(map(len, answers)) == [1, 0, 0]
    assert len(await house.take(sent(PHOTO, media_group_id="b"))) == 1


async def test_a_caption_is_read_as_text_and_the_rest_of_its_album_is_passed_over(house):
    (answer,) = await house.take(sent(PHOTO, caption="/subscribe climate", media_group_id="a"))
    assert "Subscribed to Climate" in answer
    assert await house.take(sent(PHOTO, media_group_id="a")) == []
    assert await subscribed(house) == [("climate", "Climate")]


async def test_in_a_group_the_caption_of_an_admin_is_a_command_and_other_talk_is_none(house):
    house.wire.members[GROUP, 30] = "creator"
    assert await house.take(sent(PHOTO, GROUP, caption="our dog")) == []
    assert len(await house.take(sent(PHOTO, GROUP, caption="/subscribe climate"))) == 1


# ---------------------------------------------------------------- places


async def test_a_place_sets_the_zone_and_is_not_kept(house):
    await house.say("/subscribe climate")
    (answer,) = await house.take(sent({"location": {"latitude": 41.9, "longitude": 12.5}}))
    assert "Rome time" in answer or "Vatican" in answer or await tap_first(house)
    chat = (await room_of(house)).chat
    assert chat.zone_known
    assert chat.zone in {"Europe/Rome", "Europe/Vatican"}
    assert "12.5" not in await house.known(1)


async def tap_first(house):
    """Tap the first zone that is offered."""
    await tap(house, keyboard(house)[0][0][0])
    return True


async def test_a_venue_is_a_place(house):
    place = {"latitude": -1.29, "longitude": 36.82}
    venue = {"location": place, "title": "Quay", "address": "1 Quay Road"}
    await house.take(sent({"venue": venue, "location": place}))
    assert (await room_of(house)).chat.zone == "Africa/Nairobi"


async def test_a_place_that_is_none_is_refused_in_one_sentence(house):
    (answer,) = await house.take(sent({"location": {"latitude": 999, "longitude": 5}}))
    assert answer == reasoned("no-zone-there")


# ---------------------------------------------------------------- forwards


async def forward(house, text, chat_id=1, **extra):
    return await house.say(text, chat_id, forward_origin=FROM_FRIEND, **extra)


@pytest.mark.parametrize(
    "text", ["/unsubscribe all", "/forgetme", "/pause", "／unsubscribe all", "/subscribe energy"]
)
async def test_a_forwarded_command_is_never_obeyed(house, text):
    await house.say("/subscribe climate, ai")
    before = await house.known(1)
    (answer,) = await forward(house, text)
    assert "somebody else" in answer
    assert await house.known(1) == before
    assert keyboard(house) == []


async def test_the_link_of_a_forward_is_offered_and_read_after_a_tap(house):
    await house.say("/help")
    link = house.web.url("/feed")
    house.web.add("/feed", "<rss version='2.0'><channel><title>Quay Mail</title></channel></rss>")
    (answer,) = await forward(house, f"Worth reading: {link}, says Ilse.")
    assert answer.endswith(f"\n\n{link}")
    await tap(house, "Read 127.0.0.1")
    assert [label for _, label in await subscribed(house)] == ["Quay Mail"]


async def test_a_link_under_words_and_one_in_a_caption_count(house):
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": "https://quay.example/a"}
    await forward(house, "Read this and that", entities=[entity])
    assert "Read quay.example" in buttons(house)
    await house.take(sent(PHOTO, caption="See https://pier.example/b", forward_origin=FROM_FRIEND))
    assert "Read pier.example" in buttons(house)


async def test_a_short_line_is_offered_as_own_words(house):
    await forward(house, "orun dam")
    await tap(house, "Read about these words")
    assert await subscribed(house) == [("q:dam orun", "orun dam")]


async def test_a_tap_takes_only_what_its_message_shows(house):
    await house.say("/help")
    for data in ("v1:heard:link", "v1:heard:words", "v1:heard:x"):
        message = house.wire.sent(1)[-1] | {"text": "\n\n"}
        await house.press(data, message)
    assert notes(house) == [reasoned("old-button")] * 3
    assert await subscribed(house) == []


async def test_a_forward_into_a_group_is_left_alone(house):
    house.wire.members[GROUP, 30] = "creator"
    assert await forward(house, "/subscribe climate", GROUP) == []
    assert await forward(house, "https://quay.example/", GROUP) == []


# ---------------------------------------------------------------- lists of feeds


def feed(title):
    return f"<rss version='2.0'><channel><title>{title}</title></channel></rss>"


def opml(*urls):
    lines = "".join(f'<outline text="Feed {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    return f'<opml version="2.0"><body>{lines}</body></opml>'.encode()


async def send_list(house, content, name="feeds.opml", **more):
    house.wire.files["list"] = content
    document = {"file_id": "list", "file_unique_id": "l", "file_name": name, **more}
    return await house.take(sent({"document": document}))


async def test_a_list_is_imported_with_a_report(house):
    for name in ("a", "b"):
        house.web.add(f"/{name}", feed(f"Quay {name}"))
    await house.say(f"/subscribe {house.web.url('/a')}")
    urls = [house.web.url(f"/{name}") for name in ("a", "b", "none")]
    (answer,) = await send_list(house, opml(*urls, "http://10.0.0.1/feed"))
    assert answer.startswith("Of your list: 1 added, 1 read already, 2 refused.")
    assert "Added: Quay b" in answer
    assert "Read already: Feed 0" in answer
    assert "· Feed 2 – " in answer
    assert "· Feed 3 – " in answer
    assert [label for _, label in await subscribed(house)] == ["Quay a", "Quay b"]


async def test_the_same_list_twice_adds_nothing(house):
    house.web.add("/a", feed("Quay a"))
    body = opml(house.web.url("/a"), f"feed:{house.web.url('/a')}")
    await send_list(house, body)
    (answer,) = await send_list(house, body, "feeds.XML")
    assert "0 added, 2 read already" in answer
    assert len(await subscribed(house)) == 1


async def test_what_is_over_the_most_a_room_may_read_is_left_out_and_said(house):
    urls = []
    for n in range(52):
        house.web.add(f"/{n}", feed(f"Quay {n}"))
        urls.append(house.web.url(f"/{n}"))
    answers = await send_list(house, opml(*urls))
    assert "50 added" in answers[0]
    assert "2 more are left out: 50 are the most" in answers[0]
    assert len(await subscribed(house)) == 50


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff not a list",
        b"<opml><body></body></opml>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml><body>&b;</body></opml>',
        b"<opml>" * 5000,
    ],
)
async def test_what_is_no_list_is_refused_in_one_sentence(house, content):
    (answer,) = await send_list(house, content)
    assert answer.startswith("I cannot read that as a list of feeds")
    assert await subscribed(house) == []


async def test_a_file_too_large_or_not_given_is_refused_in_one_sentence(house):
    assert await send_list(house, b"", file_size=1_000_001) == [reasoned("file-too-large", n=1)]
    assert await send_list(house, b"x" * 1_000_001) == [reasoned("file-too-large", n=1)]
    house.wire.script("getFile", error(400, "Bad Request: file is too big"))
    assert await send_list(house, opml()) == [reasoned("not-fetched")]

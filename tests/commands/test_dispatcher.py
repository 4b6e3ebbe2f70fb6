"""From a request to its use case: rooms, commands by name, buttons, and chats that come and go."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import ButtonAnswer, Export, plain_message
from bot.commands.request import NO_NOTICE, subscription_name
from bot.domain.message import Button, Message
from bot.domain.room import ChatState, RoomSettings
from bot.domain.subscription import Subscription, SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.send import telegram_address
from bot.texts import texts_for
from bot.topics import load_topics
from tests.fakes.conversation import ask, room_of, subscribed, times_of

# ---------------------------------------------------------------- requests


async def test_the_first_request_makes_the_room_and_the_second_finds_it(house):
    first = await ask(house, 7)
    assert first.is_new
    second = await ask(house, 7)
    assert not second.is_new
    assert second.room == first.room
    chat = first.room.chat
    assert (chat.address, chat.kind, chat.language) == (telegram_address(7), "private", "en")
    assert (chat.zone, chat.zone_known, chat.state) == ("", False, ChatState.ACTIVE)
    assert (first.room.thread, first.room.settings) == (0, RoomSettings())


async def test_a_request_holds_when_it_came_and_by_which_number(house):
    house.clock.advance(timedelta(hours=1))
    request = await ask(house, update_id=77)
    assert (request.now, request.update_id) == (house.clock.now(), 77)
    assert request.notice is NO_NOTICE
    await request.notice.say("x")
    await request.notice.clear()


async def test_each_thread_of_a_chat_is_a_room_of_its_own(house):
    dispatcher = house.app.dispatcher
    for thread, is_new in ((0, True), (44, True), (44, False), (0, False)):
        request = await dispatcher.request(
            telegram_address(-30, thread), kind="supergroup", language="de", update_id=1
        )
        assert (request.is_new, request.room.thread) == (is_new, thread)
    rooms = await house.app.store.chats.rooms_of(request.room.chat.id)
    assert [room.thread for room in rooms] == [0, 44]


async def test_a_chat_keeps_the_language_of_its_first_request(house):
    dispatcher = house.app.dispatcher
    for language in ("de", "en"):
        request = await dispatcher.request(
            telegram_address(7), kind="private", language=language, update_id=1
        )
        assert (request.room.chat.language, request.texts.language) == ("de", "de")


@pytest.mark.parametrize(("language", "spoken"), [("xx", "en"), ("", "en"), ("de-AT", "de")])
async def test_one_whose_language_we_do_not_speak_is_answered_in_english(house, language, spoken):
    request = await house.app.dispatcher.request(
        telegram_address(7), kind="private", language=language, update_id=1
    )
    assert request.room.chat.language == language
    assert request.texts.language == spoken


# ---------------------------------------------------------------- chats that go and come


async def test_a_chat_that_left_keeps_all_it_set_and_comes_back_by_a_word(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    times = await times_of(house)
    await house.app.dispatcher.leave(telegram_address(1))
    assert (await room_of(house)).chat.state is ChatState.GONE
    request = await ask(house)
    assert request.room.chat.state is ChatState.ACTIVE
    assert not request.is_new
    assert (await room_of(house)).chat.state is ChatState.ACTIVE
    assert await subscribed(house) == [("climate", "Climate")]
    assert await times_of(house) == times
    assert request.room.chat.zone == "Europe/Berlin"


async def test_a_stranger_who_leaves_is_nobody(house):
    await house.say("/help", 1)
    await house.app.dispatcher.leave(telegram_address(2))
    assert await house.app.store.chats.find_room(telegram_address(2)) is None
    assert (await room_of(house, 1)).chat.state is ChatState.ACTIVE


async def test_a_group_that_moved_is_known_by_its_new_id_only(house):
    await house.app.dispatcher.request(
        telegram_address(-30), kind="group", language="en", update_id=1
    )
    before = await room_of(house, -30)
    await house.app.dispatcher.move(telegram_address(-30), telegram_address(-10030))
    assert await house.app.store.chats.find_room(telegram_address(-30)) is None
    assert (await room_of(house, -10030)).id == before.id


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize(
    ("name", "code"),
    [("dance", "no-such-command"), ("Brief", "no-such-command")],
)
async def test_what_is_no_command_is_refused(house, name, code):
    with pytest.raises(ReaderError) as refused:
        house.app.dispatcher.command(name)
    assert refused.value.reason.code == code


async def test_a_command_is_run_with_what_follows_it(house):
    dispatcher = house.app.dispatcher
    request = await ask(house)
    answer = await dispatcher.run(dispatcher.command("subscribe"), request, "climate")
    assert isinstance(answer, Message)
    assert answer.plain.startswith("Subscribed to Climate.")
    export = await dispatcher.run(dispatcher.command("export"), request, "")
    assert isinstance(export, Export)
    assert await dispatcher.run(dispatcher.command("brief"), request, "") is None


async def test_help_lists_commands_and_ends_with_examples(house):
    dispatcher = house.app.dispatcher
    answer = await dispatcher.run(dispatcher.command("help"), await ask(house), "")
    assert isinstance(answer, Message)
    lines = answer.plain.splitlines()
    assert lines[:2] == ["▸ The news", "/brief – Your briefing, now"]
    assert lines[-3] == "/forgetme – Delete all I know about you"
    assert lines[-2] == ""
    assert lines[-1] == (
        "For example: /subscribe north-korea · /subscribe “rare earths” -stocks · "
        "/subscribe https://example.org · /schedule 07:30 weekdays · /timezone Berlin"
    )


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    ("data", "edits"),
    [
        ("v1:topic:climate", True),
        ("v1:time:07:30", True),
        ("v1:set:length:deep", True),
        ("v1:zone:Europe/Berlin", True),
        ("v1:forget:yes", True),
        ("v1:brief", False),
    ],
)
async def test_a_button_says_whether_its_answer_takes_the_place_of_the_message(house, data, edits):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate, space")
    pressed = await house.app.dispatcher.press(await ask(house), data)
    assert isinstance(pressed, ButtonAnswer)
    assert pressed.edits is edits
    assert (pressed.message is None) is (data == "v1:brief")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "v1",
        "v1:",
        "v1:unheard:of",
        "v2:topic:climate",
        "topic:climate",
        "v1:topic",
        "v1:undo:",
        "v1:undo:1,x",
        "v1:undo:-1",
        "v1:preview:x",
        "v1:preview",
        "v1:brief:now",
        "v1:set:length",
    ],
)
async def test_data_that_no_button_of_ours_has_is_refused(house, data):
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.press(await ask(house), data)
    assert refused.value.reason.code == "old-button"


# ---------------------------------------------------------------- what the tryout asks


async def test_a_browsers_zone_is_taken_once_and_never_against_the_readers_word(house):
    hello = house.app.dispatcher.hello
    await hello(telegram_address(7), "Asia/Tokyo", "de")
    chat = (await room_of(house, 7)).chat
    assert (chat.zone, chat.zone_known) == ("Asia/Tokyo", True)
    assert (chat.kind, chat.language) == ("private", "de")
    await hello(telegram_address(7), "Europe/Berlin", "de")
    assert (await room_of(house, 7)).chat.zone == "Asia/Tokyo"


async def test_a_guess_of_ours_gives_way_to_the_browsers_zone(house):
    await house.say("/subscribe climate")
    await house.app.dispatcher.hello(telegram_address(1), "Asia/Tokyo", "en")
    assert (await room_of(house)).chat.zone == "Asia/Tokyo"
    ((_, _, due_at),) = await times_of(house)
    assert due_at == datetime(2025, 6, 5, 22, 30, tzinfo=UTC)


async def test_the_next_briefing_of_a_chat_is_known_once_it_has_one(house):
    next_due = house.app.dispatcher.next_due
    assert await next_due(telegram_address(1)) is None
    await house.say("/help")
    assert await next_due(telegram_address(1)) is None
    await house.say("/subscribe climate")
    assert await next_due(telegram_address(1)) == datetime(2025, 6, 5, 6, 30, tzinfo=UTC)
    assert await next_due(telegram_address(2)) is None


async def test_the_language_and_the_zone_of_a_chat_are_known_once_it_wrote(house):
    locale_of = house.app.dispatcher.locale_of
    assert await locale_of(telegram_address(1)) == ("", "")
    await house.app.dispatcher.hello(telegram_address(1), "Asia/Tokyo", "fr-CA")
    assert await locale_of(telegram_address(1)) == ("fr-CA", "Asia/Tokyo")
    await house.say("/language deutsch")
    assert await locale_of(telegram_address(1)) == ("de", "Asia/Tokyo")


# ---------------------------------------------------------------- plain answers


def test_an_answer_without_markup_shows_what_is_in_it():
    keyboard = ((Button(text="a", data="b"),),)
    answer = plain_message("<b> & \"c\" 'd'", keyboard)
    assert answer.html == "&lt;b&gt; &amp; \"c\" 'd'"
    assert answer.plain == "<b> & \"c\" 'd'"
    assert answer.keyboard == keyboard
    assert plain_message("x").keyboard == ()


@pytest.mark.parametrize(
    ("key", "label", "language", "name"),
    [
        ("climate", "whatever", "en", "Climate"),
        ("climate", "whatever", "de", "Klima"),
        ("q:dam orun", "dam orun", "en", "dam orun"),
        ("feed:1", "Quay", "de", "Quay"),
        ("zeppelins", "Zeppelins", "en", "Zeppelins"),
    ],
)
def test_a_subscription_goes_by_its_topics_name_or_by_its_label(key, label, language, name):
    subscription = Subscription(
        id=1, room_id=1, kind=SubscriptionKind.TOPIC, key=SubscriptionKey(key), label=label
    )
    assert subscription_name(subscription, load_topics(), texts_for(language)) == name

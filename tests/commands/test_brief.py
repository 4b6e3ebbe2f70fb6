"""/brief and previews: what they store, and that a preview stores nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.commands.brief import PreviewTapped
from bot.errors import ReaderError
from bot.send import telegram_address
from tests.fakes.conversation import ask, buttons, notes, reasoned, room_of, subscribed, tap
from tests.fakes.rooms import add_feed
from tests.fakes.wire import message_update

QUIET = "Quiet: Climate"
ONE = "The 1 source there is could not be reached. Is the network down? /brief tries again."
TWO = "None of the 2 sources could be reached. Is the network down? /brief tries again."
STORY = (
    "The reservoir of the Orun dam reached 91 per cent on Wednesday, the river authority said. "
    "Engineers had expected the refilling to take another year. The climate of the Marl hills "
    "has become drier by a fifth since 1990, the weather service found."
)


@pytest.fixture
async def house(house):
    """A reader in Berlin who reads about the climate."""
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    return house


async def rows(house, table, columns="*"):
    async with house.app.store.database.read() as connection:
        found = await connection.execute(text(f"SELECT {columns} FROM {table}"))
        return [tuple(row) for row in found]


async def publish(house, *keys):
    """Let a feed for ``keys`` list one story about the climate."""
    item = (
        "<item><title>Climate: Orun dam refilled early</title><link>/dam</link><guid>1</guid>"
        f"<description><![CDATA[<p>{STORY}</p>]]></description>"
        "<pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate></item>"
    )
    body = f"<rss version='2.0'><channel><title>Courier</title>{item}</channel></rss>"
    url = house.web.add("/feed", body, content_type="application/rss+xml")
    await add_feed(house.app.store, url, *keys)


async def test_without_subscriptions_nothing_is_made(house):
    await house.say("/unsubscribe all")
    assert await house.say("/brief") == [reasoned("nothing-to-brief-on")]
    assert await rows(house, "edition") == []


async def test_the_briefing_itself_is_the_answer_and_replies_before_what_is_scheduled(house):
    (answer,) = await house.say("/brief")
    assert QUIET in answer
    assert await rows(house, "edition", "kind, due_at") == [("brief", None)]
    assert await rows(house, "part", "n, reply, state") == [(0, 1, "sent")]


async def test_the_same_request_twice_is_one_briefing_and_another_a_second(house):
    twice = message_update("/brief", 1) | {"update_id": 700}
    assert len(await house.take(twice)) == 1
    assert await house.take(twice) == []
    assert await rows(house, "edition", "key") == [("700",)]
    assert len(await house.take(twice | {"update_id": 701})) == 1
    assert await rows(house, "edition", "key") == [("700",), ("701",)]


async def test_two_chats_may_ask_with_the_same_number(house):
    await house.say("/subscribe climate", 2)
    for chat_id in (1, 2):
        assert len(await house.take(message_update("/brief", chat_id) | {"update_id": 700})) == 1


async def test_asking_shows_that_an_answer_is_being_prepared(house):
    await house.say("/help")
    assert house.wire.calls("sendChatAction") == []
    await house.say("/brief")
    assert house.wire.calls("sendChatAction") == [{"chat_id": 1, "action": "typing"}]


@pytest.mark.parametrize(("count", "said"), [(1, ONE), (2, TWO)])
async def test_of_sources_out_of_reach_it_is_said_and_no_edition_is_made(house, count, said):
    for n in range(count):
        url = house.web.add(f"/feed{n}", status=500)
        await add_feed(house.app.store, url, "climate")
    assert await house.say("/brief") == [said]
    assert await rows(house, "edition") == []


async def test_what_was_briefed_on_is_told_and_not_told_again(house):
    await publish(house, "climate")
    (first,) = await house.say("/brief")
    assert "Orun dam refilled early" in first
    assert len(await rows(house, "told")) == 1
    (second,) = await house.say("/brief")
    assert "Orun dam" not in second
    assert len(await rows(house, "told")) == 1


# ---------------------------------------------------------------- previews


async def test_a_preview_shows_the_story_and_stores_nothing_of_it(house):
    await publish(house, "climate")
    ((subscription_id,),) = await rows(house, "subscription", "id")
    data = PreviewTapped(subscription_id).pack()
    (shown,) = await house.press(data, house.wire.sent(1)[-1])
    assert "Orun dam refilled early" in shown
    for table in ("edition", "part", "quote", "told"):
        assert await rows(house, table) == []
    (briefing,) = await house.say("/brief")
    assert "Orun dam refilled early" in briefing


async def test_a_preview_is_of_one_subscription_alone(house):
    await publish(house, "climate")
    await house.say("/subscribe space")
    (shown,) = await tap(house, "Preview")
    assert "Quiet: Space" in shown
    assert "Orun dam" not in shown
    assert "Climate" not in shown


async def test_a_preview_leaves_the_message_with_its_buttons_where_it_is(house):
    await house.say("/subscribe space")
    before = house.wire.sent(1)[-1]
    await tap(house, "Preview")
    assert before in house.wire.sent(1)
    assert house.wire.calls("editMessageText") == []


async def test_a_preview_of_what_is_not_read_any_more_is_refused(house):
    await house.say("/subscribe space")
    data, message = buttons(house)["Preview"], house.wire.sent(1)[-1]
    await house.say("/unsubscribe space")
    assert await house.press(data, message) == []
    assert notes(house) == [reasoned("not-read-any-more")]


async def test_somebody_elses_subscription_cannot_be_previewed(house):
    await house.say("/subscribe space", 2)
    (other,) = await house.app.store.subscriptions.of_room((await room_of(house, 2)).id)
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.use_cases.brief_now.preview(
            await ask(house), PreviewTapped(other.id)
        )
    assert refused.value.reason.code == "not-read-any-more"


async def test_a_preview_of_sources_out_of_reach_says_so(house):
    await add_feed(house.app.store, house.web.add("/feed", status=500), "space")
    await house.say("/subscribe space")
    assert await tap(house, "Preview") == [ONE]


async def test_a_preview_from_the_command_line_subscribes_and_stores_no_edition(house):
    await publish(house, "climate")
    pieces = await house.app.dispatcher.preview(telegram_address(9), ["climate", "orun dam"])
    assert "Orun dam refilled early" in "\n".join(pieces)
    assert "<" not in "".join(pieces)
    assert [key for key, _ in await subscribed(house, 9)] == ["climate", "q:dam orun"]
    assert await rows(house, "edition") == []


async def test_a_preview_from_the_command_line_of_sources_out_of_reach_is_one_line(house):
    await add_feed(house.app.store, house.web.add("/feed", status=500), "climate")
    assert await house.app.dispatcher.preview(telegram_address(9), ["climate"]) == [ONE]


async def test_a_preview_from_the_command_line_of_nothing_is_refused(house):
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.preview(telegram_address(9), ["climate", "nort-korea"])
    assert refused.value.reason.code == "no-such-topic"


async def test_a_briefing_does_not_move_the_one_that_is_scheduled(house):
    house.clock.advance(timedelta(hours=1))
    before = await house.app.flow.next_edition_at()
    await house.say("/brief")
    assert await house.app.flow.next_edition_at() == before


# ---------------------------------------------------------------- top stories


@pytest.mark.parametrize("said", ["/top", "/brief top", "/brief top stories"])
async def test_top_stories_are_shown_to_who_does_not_read_them_with_a_button_to(house, said):
    await publish(house, "climate")
    await house.say("/brief")
    await house.say("/unsubscribe climate")
    await house.say("/subscribe space")
    (shown,) = await house.say(said)
    assert "Top stories" in shown
    assert buttons(house) == {"News: 🗞 Top stories": "v1:say:subscribe top"}
    await tap(house, "News: 🗞 Top stories")
    assert [key for key, _ in await subscribed(house)] == ["space", "top"]
    assert len(await rows(house, "edition")) == 1


async def test_a_newcomer_may_ask_for_the_top_stories(house):
    await house.say("/unsubscribe all")
    (shown,) = await house.say("/top")
    assert "Top stories" in shown


async def test_who_reads_the_top_stories_is_not_asked_to(house):
    await house.say("/subscribe top")
    (shown,) = await house.say("/top")
    assert "Top stories" in shown
    assert "News: 🗞 Top stories" not in buttons(house)

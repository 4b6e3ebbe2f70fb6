"""Lists as buttons: /topics, /unsubscribe without a name, pages, a ✕ and its undo."""

import json
from datetime import timedelta

import pytest

from bot.commands.pages import button_label, page_buttons, page_of
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.render.limits import utf16_units
from bot.topics import load_topics
from tests.fakes.conversation import (
    buttons,
    keyboard,
    notes,
    reasoned,
    room_of,
    shown,
    subscribed,
    tap,
    times_of,
)
from tests.fakes.rooms import add_feed
from tests.fakes.tdlib import parse_html

CLIMATE, SPACE = ("climate", "Climate"), ("space", "Space")
AIRLINES = "Airlines"
GERMAN = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}


async def read_words(house, count, chat_id=1, words="the quay & the <long> pier of the town"):
    """Subscribe a chat to so many own words, past all commands."""
    await house.say("/help", chat_id)
    room = await room_of(house, chat_id)
    for n in range(count):
        key = SubscriptionKey.of_query(f"{n:02} {words}")
        await house.app.store.subscriptions.add(
            room.id, SubscriptionKind.QUERY, key, f"{n:02} {words}", now=house.clock.now()
        )


def labels(house, chat_id=1):
    return [label for row in keyboard(house, chat_id) for label, _ in row]


def labelled(house, name):
    """Return the label of the button of a topic, with its sign."""
    return next(label for label in labels(house) if label.endswith(name))


def is_valid(house, chat_id=1):
    """Return whether Telegram takes the newest message with its buttons."""
    text, _ = parse_html(shown(house, chat_id))
    rows = keyboard(house, chat_id)
    return (
        0 < utf16_units(text) <= 4096
        and sum(map(len, rows)) <= 100
        and all(len(row) <= 8 for row in rows)
        and all(0 < len(data.encode()) <= 64 for row in rows for _, data in row)
    )


async def test_a_newcomer_is_shown_topics_to_tap(house):
    (answer,) = await house.say("/topics")
    assert answer.startswith("Subjects: tap one")
    assert "You read:" not in answer
    assert is_valid(house)
    await tap(house, labelled(house, AIRLINES))
    assert await subscribed(house) == [("airlines", AIRLINES)]
    assert labelled(house, AIRLINES).startswith("✓")
    assert len(await times_of(house)) == 1
    assert "Where" in shown(house) or "time" in shown(house)


async def test_every_topic_is_on_one_page_of_its_group_and_all_pages_are_valid(house):
    await house.say("/topics")
    for group in ("subject", "country", "place", "organization"):
        seen, page = [], 0
        while f"v1:offer:{group}:{page}" not in {f"v1:offer:{group}:{n}" for n in range(page)}:
            await house.press(f"v1:offer:{group}:{page}", house.wire.sent(1)[-1])
            assert is_valid(house)
            added = [data for row in keyboard(house) for _, data in row if ":add:" in data]
            if (seen and added[0] in seen) or int(added[0].split(":")[4]) != page:
                break
            seen += added
            page += 1
        slugs = sorted(data.rsplit(":", 1)[-1] for data in seen)
        assert slugs == sorted(t.slug for t in load_topics().all() if t.group == group)


async def test_fifty_long_subscriptions_are_pages_of_what_can_be_tapped(house):
    await read_words(house, 50, words="é" * 190)
    for said in ("/topics", "/unsubscribe", "/unsubscribe zzz"):
        answers = await house.say(said)
        assert len(answers) == 1
        for page in range(6):
            assert is_valid(house)
            crosses = [label for label in labels(house) if label.startswith("✕")]
            first = page % 5 * 10 + 1
            assert crosses[0].startswith(f"✕ {first}. {first - 1:02} ")
            assert len(crosses) == 10
            await tap(house, "›")


async def test_what_is_read_is_listed_in_the_readers_language(house):
    await house.say("/subscribe climate, orun dam", 7, **GERMAN)
    (answer,) = await house.say("/topics", 7, **GERMAN)
    assert answer.splitlines()[:3] == ["Du liest:", "1. Klima", "2. orun dam"]
    assert "✕ 1. Klima" in labels(house, 7)


async def test_a_cross_drops_and_undo_reads_again(house):
    await house.say("/subscribe climate, space, orun dam")
    times = await times_of(house)
    await house.say("/topics")
    await tap(house, "✕ 3. orun dam")
    assert shown(house).startswith("No more about orun dam.")
    assert await subscribed(house) == [CLIMATE, SPACE]
    await tap(house, "Undo: orun dam")
    assert shown(house).startswith("You read orun dam again.")
    assert await subscribed(house) == [CLIMATE, SPACE, ("q:dam orun", "orun dam")]
    assert house.app.flow.gathering.matching.is_wanted(["q:dam orun"])
    assert await times_of(house) == times


async def test_a_private_feed_that_a_cross_deleted_comes_back_with_undo(house):
    await house.say("/help")
    feed_id = await add_feed(house.app.store, "https://quay.example/feed", public=False)
    room = await room_of(house)
    await house.app.store.subscriptions.add(
        room.id,
        SubscriptionKind.FEED,
        SubscriptionKey.of_feed(feed_id),
        "Quay Mail",
        now=house.clock.now(),
    )
    await house.say("/topics")
    await tap(house, "✕ 1. Quay Mail")
    assert await subscribed(house) == []
    await tap(house, "Undo: Quay Mail")
    ((key, label),) = await subscribed(house)
    feed = await house.app.store.feeds.get(SubscriptionKey(key).feed_id)
    assert (feed.url, label) == ("https://quay.example/feed", "Quay Mail")


async def test_taps_of_others_old_and_forged_ones_change_nothing(house):
    await house.say("/subscribe climate", 1)
    await house.say("/subscribe space", 2)
    mine = json.loads(await house.known(1))["rooms"][0]["subscriptions"][0]["id"]
    message = house.wire.sent(2)[-1]
    for data in (
        f"v1:drop:0:{mine}",
        f"v1:back:0:{mine}",
        "v1:add:1:subject:0:zeppelins",
        "v1:offer:planet:0",
        "v1:reads:x",
    ):
        await house.press(data, message)
    assert all(notes(house))
    assert (await subscribed(house, 1), await subscribed(house, 2)) == ([CLIMATE], [SPACE])


@pytest.mark.parametrize("page", [0, 7, 10**18])
async def test_a_page_that_is_not_there_is_the_last(house, page):
    await house.say("/subscribe climate")
    await house.press(f"v1:reads:{page}", house.wire.sent(1)[-1])
    assert "✕ 1. Climate" in labels(house)


async def test_the_same_tap_twice_reads_a_topic_once(house):
    await house.say("/topics")
    message, data = house.wire.sent(1)[-1], buttons(house)[labelled(house, AIRLINES)]
    for _ in range(2):
        await house.press(data, message)
    assert await subscribed(house) == [("airlines", AIRLINES)]


async def test_of_a_full_list_no_more_is_added_and_that_is_said(house):
    await read_words(house, 50)
    await house.press("v1:add:1:subject:0:climate", house.wire.sent(1)[-1])
    assert notes(house) == [reasoned("too-many-subscriptions", n=50)]
    assert len(await subscribed(house)) == 50


async def test_undo_of_a_cross_ends_after_ten_minutes(house):
    await house.say("/subscribe climate")
    await house.say("/topics")
    await tap(house, "✕ 1. Climate")
    house.clock.advance(timedelta(minutes=11))
    await tap(house, "Undo: Climate")
    assert notes(house)[-1] == reasoned("undone-too-late")
    assert await subscribed(house) == []


@pytest.mark.parametrize(
    ("words", "slug"), [("korea", "north-korea"), ("clima", "climate"), ("Klima", "climate")]
)
async def test_a_topic_is_found_by_a_part_of_its_name(house, words, slug):
    await house.say(f"/topics {words}")
    data = next(data for row in keyboard(house) for _, data in row if data.endswith(f":{slug}"))
    await house.press(data, house.wire.sent(1)[-1])
    assert [key for key, _ in await subscribed(house)] == [slug]
    assert "You read:" in shown(house)


async def test_what_no_topic_is_called_may_be_own_words(house):
    (answer,) = await house.say("/topics orunwick <dam>")
    assert "/subscribe orunwick &lt;dam&gt;" in answer


def test_pages_and_their_buttons():
    assert page_of("abcdefg", 1, 3) == (1, "def")
    assert page_of("abcdefg", 9, 3) == (2, "g")
    assert page_of("", 4, 3) == (0, "")
    assert page_buttons(0, 3, 3, str) == ()
    assert [button.data for button in page_buttons(2, 7, 3, str)[0]] == ["1", "2", "0"]
    assert button_label("a\n b" + "c" * 50) == "a b" + "c" * 36 + "…"

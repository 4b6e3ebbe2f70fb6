"""How subscriptions end: /unsubscribe, undo and a second tap."""

from itertools import count

import pytest

from bot.commands.subscriptions import UndoTapped
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from tests.fakes.conversation import (
    ask,
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

CLIMATE, SPACE, ENERGY = ("climate", "Climate"), ("space", "Space"), ("energy", "Energy")


async def read_feed(house, title, chat_id=1):
    """Subscribe a chat to a feed called ``title``; return the feed's id."""
    await house.say("/help", chat_id)
    store = house.app.store
    feed_id = await add_feed(store, f"https://{title}/feed", public=False)
    room = await room_of(house, chat_id)
    key = SubscriptionKey.of_feed(feed_id)
    await store.subscriptions.add(room.id, SubscriptionKind.FEED, key, title, now=house.clock.now())
    return feed_id


async def test_without_a_subscription_it_says_how_to_make_one(house):
    for typed in ("/unsubscribe", "/unsubscribe climate", "/unsubscribe all"):
        assert await house.say(typed) == [reasoned("no-subscriptions-yet")]


async def test_without_a_name_it_asks_which_and_shows_what_to_tap(house):
    await house.say("/subscribe climate, orun dam")
    (answer,) = await house.say("/unsubscribe  ")
    assert answer.startswith("What do you want to read no more? Tap it.\n")
    assert list(buttons(house))[:2] == ["✕ 1. Climate", "✕ 2. orun dam"]
    assert len(await subscribed(house)) == 2


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("climate", [SPACE, ENERGY]),
        ("CLIMATE", [SPACE, ENERGY]),
        ("Klima", [SPACE, ENERGY]),
        ("climate space", [ENERGY]),
        ("space climate", [ENERGY]),
        ("all", []),
        (" Everything ", []),
    ],
)
async def test_what_is_named_in_any_way_is_read_no_more_and_the_rest_stays(house, typed, left):
    await house.say("/subscribe climate, space, energy")
    await house.say(f"/unsubscribe {typed}")
    assert await subscribed(house) == left


async def test_the_answer_names_what_went_in_the_order_it_was_subscribed_to(house):
    await house.say("/subscribe space, climate, orun dam")
    (answer,) = await house.say("/unsubscribe climate space")
    assert answer == "No more about Space and Climate. /topics shows what is left."
    (answer,) = await house.say("/unsubscribe all")
    assert answer == "No more about orun dam. /topics shows what is left."


@pytest.mark.parametrize("typed", ["dam orun", "Orun  Dam", "ORUN dam"])
async def test_own_words_are_found_whatever_their_order_and_case(house, typed):
    await house.say("/subscribe orun dam, orun")
    await house.say(f"/unsubscribe {typed}")
    assert await subscribed(house) == [("q:orun", "orun")]


@pytest.mark.parametrize(
    "typed", ["Quay.example", "quay.EXAMPLE", "https://quay.example/some/feed", "quay.example/feed"]
)
async def test_a_feed_is_found_by_its_title_and_by_an_address_of_its_host(house, typed):
    await read_feed(house, "quay.example")
    await house.say("/subscribe climate")
    (answer,) = await house.say(f"/unsubscribe {typed}")
    assert answer == "No more about quay.example. /topics shows what is left."
    assert await subscribed(house) == [CLIMATE]


@pytest.mark.parametrize(
    "typed", ["-climate", "sports", "pier.example", "climate sports", "dam", "http://[pier"]
)
async def test_what_is_not_read_is_refused_with_what_to_tap(house, typed):
    await house.say("/subscribe space, orun dam")
    (answer,) = await house.say(f"/unsubscribe {typed}")
    assert answer.startswith(f"You don't read “{typed}”. Tap what you want to read no more.\n")
    assert list(buttons(house))[:2] == ["✕ 1. Space", "✕ 2. orun dam"]
    assert len(await subscribed(house)) == 2


async def test_a_long_text_is_cut_where_it_is_repeated(house):
    await house.say("/subscribe space")
    (answer,) = await house.say("/unsubscribe " + "x" * 61)
    assert answer.startswith(f"You don't read “{'x' * 60}”. ")


async def test_what_nobody_reads_any_more_is_forgotten_and_what_another_reads_is_kept(house):
    await house.say("/subscribe orun dam, orun", 1)
    await house.say("/subscribe orun", 2)
    await house.say("/unsubscribe all", 1)
    assert await house.app.store.subscriptions.keys(SubscriptionKind.QUERY) == {"q:orun"}
    assert not house.app.flow.gathering.matching.is_wanted(["q:dam orun"])
    assert house.app.flow.gathering.matching.is_wanted(["q:orun"])


async def test_unsubscribing_leaves_the_times_as_they_are(house):
    await house.say("/subscribe climate")
    before = await times_of(house)
    await house.say("/unsubscribe all")
    assert await times_of(house) == before


# ---------------------------------------------------------------- undo


async def test_undo_replaces_the_answer_and_names_what_went(house):
    await house.say("/subscribe climate, space")
    count = len(house.wire.sent(1))
    assert await tap(house, "Undo") == []
    assert shown(house) == "Undone: no more about Climate and Space."
    assert keyboard(house) == []
    assert len(house.wire.sent(1)) == count
    assert await subscribed(house) == []


async def test_undo_takes_back_what_is_left_of_it_and_only_that(house):
    await house.say("/subscribe energy")
    await house.say("/subscribe climate, space")
    message, data = house.wire.sent(1)[-1], buttons(house)["Undo"]
    await house.say("/unsubscribe space")
    await house.press(data, message)
    assert "Undone: no more about Climate." in house.wire.texts(1)
    assert await subscribed(house) == [ENERGY]
    await house.press(data, message)
    assert notes(house) == [None, reasoned("undone-already")]


async def test_somebody_elses_subscription_cannot_be_undone(house):
    await house.say("/subscribe climate", 1)
    data = buttons(house, 1)["Undo"]
    await house.say("/subscribe space", 2)
    await house.press(data, house.wire.sent(2)[-1])
    assert notes(house) == [reasoned("undone-already")]
    assert (await subscribed(house, 1), await subscribed(house, 2)) == ([CLIMATE], [SPACE])
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.use_cases.subscriptions.undo(
            await ask(house, 2), UndoTapped((1, 999))
        )
    assert refused.value.reason.code == "undone-already"


# ---------------------------------------------------------------- toggling


_updates = count(901)


async def toggle(house, slug, chat_id=1):
    request = await ask(house, chat_id, next(_updates))
    await house.app.dispatcher.use_cases.subscriptions.toggle(request, slug)


async def test_a_topic_is_turned_on_with_the_usual_time_and_off_without_touching_the_times(house):
    await toggle(house, "climate")
    assert await subscribed(house) == [CLIMATE]
    times = await times_of(house)
    assert len(times) == 1
    await toggle(house, "space")
    await toggle(house, "climate")
    assert await subscribed(house) == [SPACE]
    assert await times_of(house) == times


async def test_of_fifty_subscriptions_one_may_be_turned_off_and_no_other_on(house):
    await toggle(house, "climate")
    room, store = await room_of(house), house.app.store
    for n in range(49):
        key = SubscriptionKey.of_query(f"{n} pier")
        await store.subscriptions.add(
            room.id, SubscriptionKind.QUERY, key, f"{n} pier", now=house.clock.now()
        )
    await toggle(house, "space")
    assert SPACE not in await subscribed(house)
    assert len(await subscribed(house)) == 50
    await toggle(house, "climate")
    assert len(await subscribed(house)) == 49
    await toggle(house, "space")
    assert (await subscribed(house))[-1] == SPACE


async def test_a_topic_of_an_older_catalogue_cannot_be_turned_on(house):
    with pytest.raises(ReaderError) as refused:
        await toggle(house, "zeppelins")
    assert refused.value.reason.code == "topic-gone"
    assert await subscribed(house) == []

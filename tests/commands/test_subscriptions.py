"""What /subscribe takes for topics and own words, and what it stores and answers."""

from contextlib import suppress
from datetime import UTC, datetime, time
from time import process_time

import pytest

from bot.commands.subscriptions import UndoTapped
from bot.domain.schedule import EVERY_DAY
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.store.tables import subscription
from tests.fakes.conversation import (
    ask,
    buttons,
    keyboard,
    reasoned,
    room_of,
    subscribed,
    tap,
    times_of,
)
from tests.fakes.databases import number_from
from tests.fakes.rooms import add_feed

CLIMATE, SPACE = ("climate", "Climate"), ("space", "Space")


def many_words(count):
    """Return own words, each in the form they are stored in."""
    return [f"{n} pier" for n in range(count)]


async def test_the_first_subscription_is_stored_scheduled_and_said_in_full(house):
    (answer,) = await house.say("/subscribe climate")
    assert answer == (
        "Subscribed to Climate.\n"
        "Your briefing comes daily at 07:30; change that with /schedule.\n"
        "Next: today 07:30.\n"
        "/brief shows one now.\n"
        "I assumed London time. What time is it for you?"
    )
    assert await subscribed(house) == [CLIMATE]
    due_at = datetime(2025, 6, 5, 6, 30, tzinfo=UTC)
    assert await times_of(house) == [(time(7, 30), EVERY_DAY, due_at)]
    chat = (await room_of(house)).chat
    assert (chat.zone, chat.zone_known) == ("Europe/London", False)


async def test_below_it_stand_second_thoughts_and_the_likely_zones(house):
    await house.say("/subscribe climate")
    (stored,) = await house.app.store.subscriptions.of_room((await room_of(house)).id)
    assert keyboard(house) == [
        [("Preview", f"v1:preview:{stored.id}"), ("Undo", f"v1:undo:{stored.id}")],
        [("06:30 London", "v1:zone:Europe/London")],
        [("01:30 New York", "v1:zone:America/New_York")],
        [("22:30 Los Angeles", "v1:zone:America/Los_Angeles")],
    ]


async def test_the_second_says_nothing_of_the_schedule_again(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    (answer,) = await house.say("/subscribe space")
    assert answer == "Subscribed to Space.\nNext: tomorrow 07:30.\n/brief shows one now."
    assert list(buttons(house)) == ["Preview", "Undo"]


async def test_one_whose_times_are_off_gets_the_usual_time_again(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/schedule off")
    (answer,) = await house.say("/subscribe space")
    assert "Your briefing comes daily at 07:30" in answer
    assert [at for at, _, _ in await times_of(house)] == [time(7, 30)]


async def test_what_is_read_already_is_said_and_neither_added_nor_offered_to_be_undone(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    (again,) = await house.say("/subscribe Climate")
    assert again == "You read Climate already.\nNext: tomorrow 07:30.\n/brief shows one now."
    assert keyboard(house) == []
    (both,) = await house.say("/subscribe climate, space")
    assert both.splitlines()[:2] == ["Subscribed to Space.", "You read Climate already."]
    assert await subscribed(house) == [CLIMATE, SPACE]
    await tap(house, "Undo")
    assert await subscribed(house) == [CLIMATE]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("climate", [CLIMATE]),
        ("  CLIMATE ", [CLIMATE]),
        ("DPRK", [("north-korea", "North Korea")]),
        ("Nordkorea", [("north-korea", "North Korea")]),
        ("north korea", [("north-korea", "North Korea")]),
        ("climate, space", [CLIMATE, SPACE]),
        ("climate; space", [CLIMATE, SPACE]),
        ("climate\nspace", [CLIMATE, SPACE]),
        ("climate space", [CLIMATE, SPACE]),
        ("climate,climate", [CLIMATE]),
        ("climate climate", [CLIMATE]),
        ("climate, , ;! ", [CLIMATE]),
        ("climate, orun dam", [CLIMATE, ("q:dam orun", "orun dam")]),
        ("climate ferries", [("q:climate ferries", "climate ferries")]),
        (
            "“Rare Earths” -stocks +mine",
            [('q:"rare earths" +mine -stocks', '"Rare Earths" -stocks +mine')],
        ),
        ("orun dam, dam orun", [("q:dam orun", "dam orun")]),
        ("climate -china", [("q:climate -china", "climate -china")]),
        ("climate, -orun", [("q:climate -orun", "climate -orun")]),
        ("ukraine -war", [("q:ukraine -war", "ukraine -war")]),
        ("“US”", [('q:"US"', '"US"')]),
        ("“Climate”", [("q:climate", '"Climate"')]),
        ("climate and space", [CLIMATE, SPACE]),
        ("climate/space", [CLIMATE, SPACE]),
        ("climate | space", [CLIMATE, SPACE]),
        ("climate AND space", [("q:+climate +space", "climate AND space")]),
        ("Orun OR Velt", [("q:orun | velt", "Orun OR Velt")]),
        ("French football", [("q:football french", "French football")]),
        ("to climate", [CLIMATE]),
        ("topic: climate", [CLIMATE]),
        ("climate daily 7:30", [CLIMATE]),
        ("the space please", [SPACE]),
        ("the orun dam at 7", [("q:7 at dam orun the", "the orun dam at 7")]),
        ("🇰🇵", [("north-korea", "North Korea")]),
        ("Kurdavia", [("q:kurdavia", "Kurdavia")]),
        ("ClimateX", [("q:climatex", "ClimateX")]),
    ],
)
async def test_what_is_typed_is_taken_for_topics_where_it_names_them(house, typed, stored):
    await house.say(f"/subscribe {typed}")
    assert await subscribed(house) == stored


async def test_each_kind_is_stored_as_what_it_is(house):
    await house.say("/subscribe climate, orun dam")
    present = await house.app.store.subscriptions.of_room((await room_of(house)).id)
    assert [read.kind for read in present] == [
        SubscriptionKind.TOPIC,
        SubscriptionKind.QUERY,
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("orun dam", "Subscribed to “orun dam”."),
        ("“rare earths” -stocks", "Subscribed to “rare earths -stocks”."),
        ("climate, orun dam", "Subscribed to Climate and “orun dam”."),
        ("climate, space, energy", "Subscribed to Climate, Space and Energy."),
    ],
)
async def test_own_words_are_said_in_quotation_marks_and_topics_without(house, typed, said):
    (answer,) = await house.say(f"/subscribe {typed}")
    assert answer.splitlines()[0] == said


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", reasoned("nothing-named")),
        (" -–!? ", reasoned("nothing-named")),
        ("-orun", reasoned("query-only-excludes")),
        ("dam -dam", reasoned("query-contradicts-itself", word="dam")),
        ("orun " * 60, reasoned("query-too-long", n=200)),
        (" ".join(f"w{i}" for i in range(13)), reasoned("query-of-too-many-words", n=12)),
        ("-orun, -dam", reasoned("query-only-excludes")),
    ],
)
async def test_what_cannot_be_read_is_refused_in_a_sentence_and_nothing_is_stored(
    house, typed, refusal
):
    (answer,) = await house.say(f"/subscribe {typed}")
    assert answer == refusal
    assert await subscribed(house) == []
    assert await times_of(house) == []


@pytest.mark.parametrize("typed", ["quay.example.com", "www.quay.co.uk"])
async def test_the_name_of_a_site_is_taken_for_its_address(house, typed):
    (answer,) = await house.say(f"/subscribe {typed}")
    assert answer.startswith(f"{typed} gives no feed")
    assert await subscribed(house) == []


@pytest.mark.parametrize("typed", ["noth korea", "nort-korea"])
async def test_a_misspelt_topic_is_asked_about_and_nothing_is_stored(house, typed):
    (answer,) = await house.say(f"/subscribe {typed}")
    assert "North Korea" in answer
    said = [data for row in house.wire.sent(1)[-1]["reply_markup"]["inline_keyboard"]
            for data in [row[0]["callback_data"]]]  # fmt: skip
    assert said == ["v1:say:subscribe north-korea", f'v1:say:subscribe "{typed}"']
    assert await house.known(1) == ""


async def test_a_misspelt_topic_in_quotation_marks_is_a_search_for_the_very_word(house):
    await house.say("/subscribe “nort-korea”")
    ((key, label),) = await subscribed(house)
    assert key == 'q:"nort korea"'
    assert label == '"nort-korea"'


@pytest.mark.parametrize("typed", ["Köln", "ÉCOLE à Velt", "می‌خواهم", "Ł\u202eódź"])
async def test_own_words_are_shown_as_their_reader_spells_them(house, typed):
    answer, *_ = await house.say(f"/subscribe {typed}")
    ((_, label),) = await subscribed(house)
    assert label == typed.replace("\u202e", "")
    assert label in answer


async def test_ten_at_once_are_taken_and_eleven_are_not(house):
    (refused,) = await house.say("/subscribe " + ", ".join(many_words(11)))
    assert refused == reasoned("too-many-at-once", n=10) == "Up to 10 at once, please."
    assert await subscribed(house) == []
    await house.say("/subscribe " + ", ".join(many_words(10)))
    assert len(await subscribed(house)) == 10


@pytest.mark.parametrize(
    "typed",
    [
        "climate space energy health science economy ukraine china technology sports ai",
        " ".join(f"https://quay.example/{n}" for n in range(11)),
    ],
)
async def test_eleven_topics_or_addresses_without_a_comma_are_too_many_as_well(house, typed):
    assert await house.say(f"/subscribe {typed}") == [reasoned("too-many-at-once", n=10)]
    assert await subscribed(house) == []


async def test_the_fiftieth_subscription_is_taken_and_the_fifty_first_is_not(house):
    await read_own_words(house, 48)
    (refused,) = await house.say("/subscribe climate, space, energy")
    assert refused == reasoned("too-many-subscriptions", n=50)
    assert len(await subscribed(house)) == 48
    await house.say("/subscribe climate, space")
    assert (await subscribed(house))[48:] == [CLIMATE, SPACE]
    (refused,) = await house.say("/subscribe energy")
    assert refused == reasoned("too-many-subscriptions", n=50)
    assert len(await subscribed(house)) == 50


async def read_own_words(house, count):
    """Let a chat have ``count`` subscriptions, stored without the bot's help."""
    await house.say("/help")
    room = await room_of(house)
    for words in many_words(count):
        kind = SubscriptionKind.QUERY
        key = SubscriptionKey.of_query(words)
        await house.app.store.subscriptions.add(room.id, kind, key, words, now=house.clock.now())


async def test_as_many_as_a_button_holds_can_be_undone_and_beyond_that_none(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe " + ", ".join(many_words(10)))
    assert list(buttons(house)) == ["Preview", "Undo"]
    ids = UndoTapped.unpack(buttons(house)["Undo"]).subscription_ids
    assert len(ids) == 10
    await tap(house, "Undo")
    assert await subscribed(house) == []


async def test_without_a_button_that_holds_them_all_there_is_no_preview_either(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    async with house.app.store.database.write() as connection:
        await number_from(connection, subscription, 1_000_000_000)
    (answer,) = await house.say("/subscribe " + ", ".join(many_words(10)))
    assert answer.startswith("Subscribed to “0 pier”")
    assert keyboard(house) == []
    assert len(await subscribed(house)) == 11


async def test_two_chats_read_the_same_and_know_nothing_of_each_other(house):
    await house.say("/subscribe climate", 1)
    await house.say("/subscribe climate, space", 2)
    await tap(house, "Undo", 2)
    assert await subscribed(house, 1) == [CLIMATE]
    assert await subscribed(house, 2) == []


async def test_a_sleeping_feed_is_woken_by_a_subscription_to_its_topic(house):
    feed = await add_feed(house.app.store, "https://harbour.example/x", "climate")
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE feed SET next_poll_at = NULL")
    await house.say("/subscribe space")
    assert await house.app.store.feeds.next_poll_at() is None
    await house.say("/subscribe climate")
    assert await house.app.store.feeds.next_poll_at() == house.clock.now()
    assert await house.app.store.feeds.get(feed) is not None


@pytest.mark.parametrize("words", ["a.", "a", "a1", "é"])
async def test_a_long_message_of_one_word_blocks_nobody(house, words):
    request = await ask(house)
    before = process_time()
    with suppress(ReaderError):
        await house.app.dispatcher.use_cases.subscriptions.subscribe(request, words * 8192)
    assert process_time() - before < 3


async def test_own_words_stand_in_the_quotation_marks_of_the_language(house):
    await house.say("/language deutsch")
    (answer,) = await house.say('/subscribe "orun weir"')
    assert "„orun weir“" in answer

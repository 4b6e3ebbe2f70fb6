"""The first minutes: what /start shows, and how taps build up a first briefing."""

import re
from datetime import timedelta

import pytest

from bot.commands.onboarding import TimeTapped, TopicTapped
from bot.errors import ReaderError
from tests.fakes.clock import START
from tests.fakes.conversation import (
    ask,
    buttons,
    keyboard,
    notes,
    reasoned,
    shown,
    subscribed,
    tap,
    times_of,
)
from tests.fakes.house import open_house
from tests.fakes.rooms import add_article, add_feed
from tests.fakes.wire import press_update

HELLO = (
    "One short news briefing a day, in your chat. "
    "Every line is quoted word for word from its source, and linked to it.\n\n"
    "What would you like to read about? Tap a topic, or send your own words."
)
USUAL = [
    ["Top stories"],
    ["Technology", "Climate"],
    ["Science", "Health"],
    ["Economy", "Artificial intelligence"],
    ["North Korea", "Space"],
    ["More …"],
]
TIMES = ["06:30", "07:30", "08:30", "18:00"]
FIRST = "▶ My first briefing"


def labels(house):
    return [[text for text, _ in row] for row in keyboard(house)]


async def test_a_newcomer_to_a_bot_without_news_is_offered_the_usual_topics(house):
    assert await house.say("/start") == [HELLO]
    assert labels(house) == USUAL
    assert buttons(house)["Climate"] == "v1:pick:1:climate"
    assert await subscribed(house) == []
    assert await times_of(house) == []


async def test_otherwise_what_has_most_stories_in_the_last_two_days(house):
    store = house.app.store
    await add_feed(store)
    late, early = START - timedelta(days=2), START - timedelta(days=2, seconds=1)
    await add_article(store, "a", matches={"space": 0.5, "energy": 0.5})
    await add_article(store, "b", matches={"space": 0.5, "climate": 0.9}, seen_at=late)
    await add_article(store, "c", matches={"health": 0.5}, seen_at=early)
    await house.say("/start")
    assert labels(house) == [["Top stories"], ["Climate", "Space"], ["Energy"], ["More …"]]


async def test_of_many_lively_topics_eight_are_offered_the_most_asked_for_first(house):
    slugs = ["africa", "agriculture", "ai", "arctic", "cars", "climate", "culture", "economy"]
    slugs += ["energy", "film", "football", "health", "space"]
    await add_article(house.app.store, "a", matches=dict.fromkeys(slugs, 0.5))
    await house.say("/start")
    assert [len(row) for row in keyboard(house)] == [1, 2, 2, 2, 2, 1]
    offered = [data.rpartition(":")[2] for data in list(buttons(house).values())[1:-1]]
    assert offered[:6] == ["climate", "health", "economy", "ai", "space", "energy"]
    assert offered[6:] == ["africa", "agriculture"]


@pytest.mark.parametrize(
    ("language", "zone", "country"),
    [
        ("de", "", "germany"),
        ("de-AT", "", "austria"),
        ("ko", "", "south-korea"),
        ("pt-BR", "", "brazil"),
        ("en", "Dublin", "ireland"),
        ("de", "Tokyo", "japan"),
        ("en", "", None),
        ("es", "", None),
        ("xx", "", None),
        ("", "UTC", None),
    ],
)
async def test_the_first_row_holds_the_readers_own_country(house, language, zone, country):
    person = {"id": 7, "is_bot": False, "first_name": "R", "language_code": language}
    if zone:
        await house.say(f"/timezone {zone}", 7, **{"from": person})
    await house.say("/start", 7, **{"from": person})
    row = [data.rpartition(":")[2] for _, data in keyboard(house, 7)[0]]
    assert row == (["top", country] if country else ["top"])


@pytest.mark.parametrize(
    ("text", "key"),
    [("sub_north-korea", "north-korea"), ("sub_climate", "climate"), ("sub_dprk", "north-korea")],
)
async def test_a_deep_link_subscribes_at_once(house, text, key):
    (answer,) = await house.say(f"/start {text}")
    assert answer.startswith("Subscribed to ")
    assert [read for read, _ in await subscribed(house)] == [key]


async def test_a_deep_link_to_nothing_is_answered_like_a_subscription_to_nothing(house):
    assert await house.say("/start sub_") == [reasoned("nothing-named")]


@pytest.mark.parametrize("text", ["hello", "subscribe", "SUB_climate"])
async def test_any_other_word_behind_start_is_passed_over(house, text):
    assert await house.say(f"/start {text}") == [HELLO]
    assert await subscribed(house) == []


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("climate", "You read 1 topic: /topics shows it."),
        ("climate, space", "You read 2 topics: /topics shows them."),
    ],
)
async def test_a_reader_who_starts_again_is_shown_where_they_are(house, read, said):
    await house.say("/timezone Berlin")
    await house.say(f"/subscribe {read}")
    (answer,) = await house.say("/start")
    assert answer == f"Welcome back.\n{said}\nNext: tomorrow 07:30.\n/brief shows one now."
    assert keyboard(house) == []
    await house.say("/schedule off")
    (answer,) = await house.say("/start")
    assert answer == f"Welcome back.\n{said}\n/brief shows one now."


# ---------------------------------------------------------------- taps


async def test_a_tapped_topic_is_read_and_times_and_the_way_on_appear(house):
    await house.say("/start")
    count = len(house.wire.sent(1))
    assert await tap(house, "Climate") == []
    assert len(house.wire.sent(1)) == count
    assert shown(house) == "You read Climate, daily at 07:30."
    checked = [[label.replace("Climate", "✓ Climate") for label in row] for row in USUAL]
    times = ["06:30", "✓ 07:30", "08:30", "18:00"]
    assert labels(house) == [*checked, times, [FIRST]]
    assert buttons(house)[FIRST] == "v1:brief"
    assert buttons(house)["✓ 07:30"] == "v1:time:07:30"
    assert await subscribed(house) == [("climate", "Climate")]


async def test_a_first_schedule_is_at_the_time_that_the_operator_set(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, settings={"default_time": "06:15"}) as house:
        await house.say("/start")
        await tap(house, "Climate")
        assert shown(house) == "You read Climate, daily at 06:15."
        assert [f"{at:%H:%M}" for at, _, _ in await times_of(house)] == ["06:15"]


async def test_topics_are_named_in_the_order_they_were_tapped_and_a_second_tap_takes_back(house):
    await house.say("/start")
    for label in ("Space", "Climate", "Health", "✓ Climate"):
        await tap(house, label)
    assert shown(house) == "You read Space and Health, daily at 07:30."
    assert [key for key, _ in await subscribed(house)] == ["space", "health"]


async def test_without_a_topic_left_the_question_is_asked_again_without_times(house):
    await house.say("/start")
    await tap(house, "Climate")
    await tap(house, "✓ Climate")
    assert shown(house) == "What would you like to read about? Tap a topic."
    assert labels(house) == USUAL


async def test_a_tapped_time_replaces_the_one_before(house):
    await house.say("/start")
    await tap(house, "Climate")
    for label in ("18:00", "06:30"):
        await tap(house, label)
        assert shown(house) == f"You read Climate, daily at {label}."
        assert [f"{at:%H:%M}" for at, _, _ in await times_of(house)] == [label]
        row = [f"✓ {label}" if label == time else time for time in TIMES]
        assert labels(house)[-2] == row


async def test_what_is_read_beside_the_offer_is_offered_as_well_to_be_taken_back(house):
    await house.say("/subscribe football, orun dam")
    await house.press("v1:topic:climate", house.wire.sent(1)[-1])
    assert shown(house) == "You read Football, orun dam and Climate, daily at 07:30."
    assert labels(house)[5] == ["✓ Football"]


async def test_the_same_tap_twice_is_done_once_and_its_other_state_takes_it_back(house):
    await house.say("/start")
    message, data = house.wire.sent(1)[-1], buttons(house)["Climate"]
    for _ in range(2):
        await house.press(data, message)
    assert await subscribed(house) == [("climate", "Climate")]
    await house.press(buttons(house)["✓ Climate"], message)
    assert await subscribed(house) == []


async def test_more_leads_to_all_topics(house):
    await house.say("/start")
    await house.press(buttons(house)["More …"], house.wire.sent(1)[-1])
    assert shown(house).startswith("Subjects: tap one")


async def test_several_times_are_each_named_and_marked(house):
    await house.say("/schedule 06:30 18:00 09:00")
    await house.press("v1:topic:climate", house.wire.sent(1)[-1])
    said = set(re.findall(r"\d\d:\d\d", shown(house)))
    assert said == {"06:30", "09:00", "18:00"}
    assert labels(house)[-2] == ["✓ 06:30", "07:30", "08:30", "✓ 18:00"]


async def test_a_tapped_briefing_comes_and_asks_for_the_zone_once_it_was_assumed(house):
    await house.say("/start")
    await tap(house, "Climate")
    question, briefing = await tap(house, FIRST)
    assert question == "I assumed London time. What time is it for you?"
    assert "Quiet: Climate" in briefing


async def test_one_whose_zone_is_known_is_not_asked(house):
    await house.say("/timezone Berlin")
    await house.say("/start")
    await tap(house, "Climate")
    (briefing,) = await tap(house, FIRST)
    assert "Quiet: Climate" in briefing


async def test_of_sources_out_of_reach_it_is_said_together_with_the_question(house):
    await add_feed(house.app.store, house.web.add("/feed", status=500), "climate")
    await house.say("/start")
    await tap(house, "Climate")
    (answer,) = await tap(house, FIRST)
    assert answer == (
        "The 1 source there is could not be reached. Is the network down? /brief tries again.\n\n"
        "I assumed London time. What time is it for you?"
    )
    assert len(keyboard(house)) == 3
    await house.say("/timezone London")
    await house.press("v1:brief", house.wire.sent(1)[-1])
    assert shown(house) == (
        "The 1 source there is could not be reached. Is the network down? /brief tries again."
    )


async def test_a_briefing_without_a_topic_is_refused(house):
    await house.say("/start")
    await house.press("v1:brief", house.wire.sent(1)[-1])
    assert notes(house) == [reasoned("nothing-to-brief-on")]


@pytest.mark.parametrize("at", ["07:31", "6:30", "", "off"])
async def test_a_time_that_is_offered_no_longer_is_refused(house, at):
    await house.say("/start")
    await tap(house, "Climate")
    before = await times_of(house)
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.use_cases.onboarding.tap_time(await ask(house), TimeTapped(at))
    assert refused.value.reason.code == "old-time-button"
    assert await times_of(house) == before


async def test_a_topic_that_is_no_more_is_refused(house):
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.use_cases.onboarding.tap_topic(
            await ask(house), TopicTapped("zeppelins")
        )
    assert refused.value.reason.code == "topic-gone"


async def test_a_tap_that_telegram_hands_out_again_turns_nothing_back(house):
    await house.say("/start")
    tap_on = {"update_id": 901} | press_update("v1:topic:space", house.wire.sent(1)[-1])
    for _ in range(3):
        await house.take(tap_on)
        assert [key for key, _ in await subscribed(house)] == ["space"]
    tap_off = {"update_id": 902} | press_update("v1:topic:space", house.wire.sent(1)[-1])
    await house.take(tap_off)
    for again in (tap_off, tap_on):
        await house.take(again)
        assert await subscribed(house) == []

"""Plain words in a private chat: what is done, what is asked, and what can be taken back."""

import json
from datetime import timedelta

import pytest

from bot.commands.undo import RestoreTapped, Undo
from bot.errors import ReaderError
from tests.fakes.conversation import ask, buttons, reasoned, subscribed, tap, times_of
from tests.fakes.wire import BOT, message_update


async def rows_of(house, chat_id=1):
    """Return what is set in a chat, without what a later moment changes by itself."""
    data = json.loads(await house.known(chat_id))
    (room,) = data["rooms"]
    kept = ("subscriptions", "schedules", "settings")
    return data["chat"]["zone"], {name: room[name] for name in kept}


def offered(house):
    return [data for data in buttons(house).values() if data.startswith("v1:say:")]


# ---------------------------------------------------------------- done at once


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("north korea", ["north-korea"]),
        ("subscribe me to climate please", ["climate"]),
        ("climate & ai", ["climate", "ai"]),
        ("climate\nenergy", ["climate", "energy"]),
        ("Nachrichten über Klima bitte", ["climate"]),
        ("news about Ilse Toren", ["q:ilse toren"]),
        ("🇯🇵", ["japan"]),
    ],
)
async def test_what_is_named_is_subscribed_to_with_preview_and_undo(house, text, keys):
    await house.say("/help")
    (answer,) = await house.say(text)
    assert answer.startswith("Subscribed to")
    assert [key for key, _ in await subscribed(house)] == keys
    assert {"Preview", "Undo"} <= buttons(house).keys()
    await tap(house, "Undo")
    assert await subscribed(house) == []


async def test_a_topic_a_time_and_a_place_of_one_message_are_all_done(house):
    (answer,) = await house.say("I live in Tokyo, energy news every day at 7 please")
    zone, rows = await rows_of(house)
    assert zone == "Asia/Tokyo"
    assert [one["key"] for one in rows["subscriptions"]] == ["energy"]
    assert [one["schedule"]["local_time"] for one in rows["schedules"]] == ["07:00:00"]
    assert "Subscribed to Energy." in answer


@pytest.mark.parametrize("text", ["7:30", "at 7:30 every day", "mon-fri 7:30"])
async def test_a_time_alone_is_when_the_briefing_comes(house, text):
    await house.say("/schedule 18:00")
    await house.say("/timezone Tokyo")
    await house.say(text)
    _, rows = await rows_of(house)
    assert "07:30:00" in [one["schedule"]["local_time"] for one in rows["schedules"]]


async def test_stop_pauses_and_offers_to_forget(house):
    await house.say("/subscribe climate")
    for text in ("stop", "/stop"):
        (answer,) = await house.say(text)
        assert answer.startswith("Paused.")
        assert "v1:say:forgetme" in offered(house)
    assert await subscribed(house) == [("climate", "Climate")]


async def test_several_commands_of_one_message_are_answered_in_turn(house):
    answers = await house.say("/subscribe climate\n/schedule 8:00\n/timezone Berlin")
    assert len(answers) == 3
    assert await subscribed(house) == [("climate", "Climate")]
    zone, rows = await rows_of(house)
    assert zone == "Europe/Berlin"
    assert [one["schedule"]["local_time"] for one in rows["schedules"]] == ["08:00:00"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/add climate", "/subscribe climate"),
        ("/sub_climate", "/subscribe climate"),
        ("／subscribe climate", "/subscribe climate"),
        ("/tz Berlin", "/timezone Berlin"),
        ("/time 8:00", "/schedule 8:00"),
        ("/list", "/topics"),
    ],
)
async def test_a_command_is_known_by_what_people_call_it(house, said, meant):
    assert await house.say(said, 1) == await house.say(meant, 2)


async def test_length_is_set_by_words(house):
    (answer,) = await house.say("/settings length deep")
    assert "Length: Deep" in answer
    assert await house.say("/settings nonsense") == [answer]


async def test_a_briefing_on_one_topic_alone_may_be_asked_for(house):
    await house.say("/subscribe climate, energy")
    await house.say("/brief football")
    assert offered(house) == ["v1:say:subscribe football"]
    assert len(await subscribed(house)) == 2


# ---------------------------------------------------------------- asked


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("/subscribe Congo", ["subscribe congo-kinshasa", "subscribe congo-brazzaville",
                              'subscribe "Congo"']),
        ("Berlin", ["subscribe berlin", "subscribe germany", "timezone Berlin",
                    'subscribe "Berlin"']),
        ("Lyon", ["timezone Lyon", 'subscribe "Lyon"']),
        ("germny", ["subscribe germany", 'subscribe "germny"']),
        ("Orun dam", ['subscribe "Orun dam"']),
        ("I stopped caring about climate years ago", ["subscribe climate"]),
        ("/subscrbe climate", ["subscribe climate"]),
        ("/climate", ["subscribe climate"]),
    ],
)  # fmt: skip
async def test_what_is_not_clear_is_asked_and_nothing_is_known_of_who_asked(house, text, wishes):
    (answer,) = await house.say(text)
    assert "do you mean" in answer
    assert [data.removeprefix("v1:say:") for data in offered(house)] == wishes
    assert await house.known(1) == ""


@pytest.mark.parametrize(
    ("name", "key", "topic"),
    [("Hamas", "q:hamas", "gaza"), ("covid-19", 'q:"covid 19"', "pandemics")],
)
async def test_of_what_a_topic_merely_covers_the_words_are_read_and_it_is_offered(
    house, name, key, topic
):
    (answer,) = await house.say(f"/subscribe {name}")
    assert answer.startswith(f"Subscribed to “{name}”.")
    assert [found for found, _ in await subscribed(house)] == [key]
    assert offered(house) == [f"v1:say:subscribe {topic}"]


async def test_a_tapped_answer_does_what_it_says(house):
    await house.say("/subscribe Congo")
    await tap(house, "News: 🇨🇩 DR Congo")
    assert await subscribed(house) == [("congo-kinshasa", "DR Congo")]


@pytest.mark.parametrize("data", ["v1:say:export", "v1:say:dance", "v1:say:", "v1:restore:7"])
async def test_a_forged_button_does_nothing(house, data):
    await house.say("/subscribe climate")
    before = await rows_of(house)
    await house.press(data, house.wire.sent(1)[-1] | {"from": BOT})
    assert await rows_of(house) == before


async def test_a_city_answers_the_question_for_the_zone_for_ten_minutes(house):
    await house.say("/subscribe climate")
    await house.say("Berlin")
    assert (await rows_of(house))[0] == "Europe/Berlin"
    house.clock.advance(timedelta(minutes=11))
    await house.say("Paris")
    assert (await rows_of(house))[0] == "Europe/Berlin"


async def test_a_reply_to_the_question_answers_it_however_late(house):
    await house.say("/subscribe climate")
    asked = house.wire.sent(1)[-1] | {"from": BOT}
    house.clock.advance(timedelta(days=2))
    await house.take(message_update("Tokyo", reply_to_message=asked))
    assert (await rows_of(house))[0] == "Asia/Tokyo"


async def test_yes_takes_the_one_thing_that_was_offered(house):
    await house.say("Orun dam")
    await house.say("yes please")
    assert [key for key, _ in await subscribed(house)] == ['q:"orun dam"']


async def test_what_was_to_be_unsubscribed_from_may_be_named_alone(house):
    await house.say("/subscribe climate, energy")
    await house.say("/unsubscribe")
    await house.say("energy")
    assert await subscribed(house) == [("climate", "Climate")]


@pytest.mark.parametrize("text", ["what is 17 times 23", "you useless thing"])
async def test_chatter_gets_a_sentence_and_changes_nothing(house, text):
    await house.say("/subscribe climate")
    before = await rows_of(house)
    assert await house.say(text) == [reasoned("no-command")]
    assert await rows_of(house) == before


# ---------------------------------------------------------------- taken back


@pytest.mark.parametrize(
    "text",
    ["unsubscribe from climate", "stop", "pause", "every day at 9", "I live in Tokyo",
     "stop climate and give me space", "/unsubscribe all"],
)  # fmt: skip
async def test_undo_restores_every_row_as_it_was(house, text):
    await house.say("/subscribe climate, “orun dam”")
    await tap(house, next(label for label in buttons(house) if label.endswith("London")))
    await house.say("/schedule 7:30 18:00")
    before = await rows_of(house)
    await house.say(text)
    assert await rows_of(house) != before
    await tap(house, "Undo")
    assert await rows_of(house) == before


async def test_undo_leaves_alone_what_came_later_and_works_once(house):
    await house.say("/subscribe climate, energy")
    await house.say("unsubscribe from climate")
    message, data = house.wire.sent(1)[-1] | {"from": BOT}, buttons(house)["Undo"]
    await house.say("/subscribe space")
    for _ in range(2):
        await house.press(data, message)
    keys = {key for key, _ in await subscribed(house)}
    assert keys == {"climate", "energy", "space"}


async def test_undo_of_a_day_ago_is_refused(house):
    await house.say("/subscribe climate")
    await house.say("unsubscribe from climate")
    house.clock.advance(timedelta(days=2))
    await tap(house, "Undo")
    assert await subscribed(house) == []
    assert await times_of(house) != []


async def test_undo_of_another_chat_is_not_ours(house):
    for chat_id in (1, 2):
        await house.say("/subscribe climate", chat_id)
    await house.say("unsubscribe from climate", 1)
    data = buttons(house)["Undo"]
    await house.press(data, house.wire.sent(2)[-1] | {"from": BOT})
    assert await subscribed(house, 1) == []
    assert await subscribed(house, 2) == [("climate", "Climate")]


# ---------------------------------------------------------------- ends, breaks and numbers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("unsubscribe me from everything", "en"), ("unsubscribe from all topics", "en"),
        ("alles abbestellen", "de"), ("отпиши меня от всего", "ru"), ("全部取消", "zh"),
    ],
)  # fmt: skip
async def test_the_end_of_all_is_asked_about_and_can_be_taken_back(house, text, language):
    await house.say("/subscribe climate, energy")
    update = message_update(text, 1)
    update["message"]["from"]["language_code"] = language
    (answer,) = await house.take(update)
    assert "“all”" not in answer
    assert [one.removeprefix("v1:say:") for one in offered(house)] == ["unsubscribe all", "pause"]
    assert len(await subscribed(house)) == 2
    await house.press(offered(house)[0], house.wire.sent(1)[-1] | {"from": BOT})
    assert await subscribed(house) == []
    await tap(house, "Undo")
    assert [key for key, _ in await subscribed(house)] == ["climate", "energy"]


@pytest.mark.parametrize("text", ["until monday", "bis Montag", "for 3 days", "monday"])
async def test_an_end_said_after_a_pause_is_its_end(house, text):
    await house.say("/timezone Tokyo")
    await house.say("stop")
    _, rows = await rows_of(house)
    assert rows["settings"]["paused_until"].startswith("9999")
    await house.say(text)
    _, rows = await rows_of(house)
    assert rows["settings"]["paused_until"].startswith("2025-06-0")


async def test_an_end_without_a_pause_is_asked_about(house):
    await house.say("/subscribe climate")
    _, before = await rows_of(house)
    await house.say("until monday")
    assert offered(house) == ["v1:say:pause until monday"]
    assert (await rows_of(house))[1] == before


@pytest.mark.parametrize(
    "text",
    ["be quiet for 3 days", "fermati per 3 giorni", "3日間送らないで", "hold it, for 3 days"],
)
async def test_silence_with_an_end_is_a_pause(house, text):
    await house.say("/subscribe climate")
    await house.say(text)
    _, rows = await rows_of(house)
    assert rows["settings"]["paused_until"].startswith("2025-06-08")


async def test_a_day_without_briefings_is_taken_from_the_times(house):
    await house.say("no briefing on Sundays")
    _, rows = await rows_of(house)
    (found,) = rows["schedules"]
    assert found["schedule"]["days"] == [0, 1, 2, 3, 4, 5]
    await tap(house, "Undo")
    assert (await rows_of(house))[1]["schedules"] == []


async def test_a_change_can_be_taken_back_after_a_restart(house):
    """A new Undo knows nothing but what is stored; nobody takes back what is another room's."""
    await house.say("/subscribe climate, energy")
    await house.say("/timezone Tokyo")
    before = await rows_of(house)
    await house.say("stop climate")
    assert await rows_of(house) != before
    tapped = RestoreTapped.unpack(buttons(house)["Undo"])
    store, matching = house.app.store, house.app.flow.gathering.matching
    restarted = Undo(store, matching, lambda _: None)
    with pytest.raises(ReaderError):
        await restarted.restore(await ask(house, 2), tapped)
    await restarted.restore(await ask(house), tapped)
    assert await rows_of(house) == before
    with pytest.raises(ReaderError):
        await restarted.restore(await ask(house), tapped)


async def test_no_changes_nothing_and_closes_the_question(house):
    await house.say("until monday")
    (answer,) = await house.say("no")
    assert answer.startswith("All right, nothing is changed.")
    (answer,) = await house.say("yes")
    assert "Paused" not in answer


async def test_yes_to_several_offers_asks_which(house):
    await house.say("unsubscribe me from everything")
    await house.say("yes")
    assert [one.removeprefix("v1:say:") for one in offered(house)] == ["unsubscribe all", "pause"]


async def test_a_number_that_is_no_story_may_be_an_hour(house):
    await house.say("/timezone Tokyo")
    await house.say("9")
    assert offered(house) == ["v1:say:schedule 09:00"]
    (answer,) = await house.say("25")
    assert reasoned("no-command") in answer

"""/settings: what each button changes, and what the message shows then."""

import pytest

from bot.commands.preferences import SettingTapped
from bot.domain.room import Length, RoomSettings, Silence
from bot.errors import ReaderError
from summarizers import DEFAULT_METHOD, METHODS
from tests.fakes.conversation import (
    ask,
    buttons,
    keyboard,
    notes,
    reasoned,
    room_of,
    shown,
    tap,
)
from tests.fakes.house import open_house

GERMAN = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}


async def settings_of(house, chat_id=1):
    return (await room_of(house, chat_id)).settings


def labels(house, chat_id=1):
    return [[text for text, _ in row] for row in keyboard(house, chat_id)]


HEAD = "Tap to change how your briefings look."
KEYS = ["Length: Normal", "Sentences a story: 2", "Languages: English", "Sound: on"]
USUAL = [
    ["any", "✓ English (en)", "German (de)"],
    ["Spanish (es)", "French (fr)", "Korean (ko)"],
    ["Russian (ru)", "Portuguese (pt)", "Italian (it)"],
]
ELSEWHERE = ["🗣 English", "Your data", "For the curious"]


def rows_of(keys):
    """Return the labels of all settings: a key a line, languages below theirs."""
    rows = []
    for key in (*keys, *ELSEWHERE):
        rows += [[key], *USUAL] if key.startswith("Languages: ") else [[key]]
    return rows


async def test_a_reader_of_another_language_adds_english_and_loses_none(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, builtin_feeds=True) as house:
        person = {"id": 7, "is_bot": False, "first_name": "R", "language_code": "ja"}
        await house.say("/settings", 7, **{"from": person})
        assert "✓ 日本語 (ja)" in buttons(house, 7)
        await tap(house, "英語 (en)", 7)
        assert (await settings_of(house, 7)).languages == ("ja", "en")


async def test_a_newcomer_sees_the_usual_settings_one_key_a_line(house):
    assert await house.say("/settings") == ["\n".join([HEAD, "", *KEYS])]
    assert labels(house) == rows_of(KEYS)
    stored = await settings_of(house)
    assert (stored, stored.chosen) == (RoomSettings(), frozenset())


CHOICES = [
    (0, "Headlines", {"length": Length.HEADLINES}, "Length: Headlines"),
    (0, "Deep", {"length": Length.DEEP}, "Length: Deep"),
    (1, "1", {"sentences": 1}, "Sentences a story: 1"),
    (1, "3", {"sentences": 3}, "Sentences a story: 3"),
    (3, "off at night", {"silence": Silence.NIGHT}, "Sound: off at night"),
    (3, "off", {"silence": Silence.ALWAYS}, "Sound: off"),
]


@pytest.mark.parametrize(("line", "label", "chosen", "said"), CHOICES)
async def test_a_key_leads_to_its_choices_and_a_choice_back(house, line, label, chosen, said):
    await house.say("/settings")
    await tap(house, KEYS[line])
    assert shown(house) == KEYS[line]
    assert sum(text.startswith("✓") for text in buttons(house)) == 1
    assert await tap(house, label) == []
    stored = await settings_of(house)
    assert stored == RoomSettings(**chosen)
    assert stored.chosen == chosen.keys()
    changed = [*KEYS]
    changed[line] = said
    assert shown(house) == "\n".join([HEAD, "", *changed])
    assert labels(house) == rows_of(changed)
    assert len(house.wire.sent(1)) == 1


async def test_every_choice_stays_while_others_are_made(house):
    await house.say("/settings")
    for data in ("length:deep", "sentences:3", "reads:de", "silence:always", "method:lead"):
        await house.press(f"v1:set:{data}", house.wire.sent(1)[-1])
    stored = await settings_of(house)
    assert (stored.length, stored.sentences, stored.languages, stored.method, stored.silence) == (
        Length.DEEP,
        3,
        ("en", "de"),
        "lead",
        Silence.ALWAYS,
    )
    assert stored.chosen == {"length", "sentences", "languages", "method", "silence"}
    await house.say("/settings")
    keys = ["Length: Deep", "Sentences a story: 3", "Languages: English, German", "Sound: off"]
    assert set(keys) <= buttons(house).keys()


async def test_a_group_is_offered_no_data_of_one_person(house):
    house.wire.members[-30, 7] = "administrator"
    await house.say("/settings", -30, user_id=7)
    assert "Your data" not in buttons(house, -30)
    await house.say("/settings", 7)
    await tap(house, "Your data", 7)
    assert "/forgetme" in shown(house, 7)


async def test_the_settings_lead_to_the_language_spoken_and_that_to_those_of_articles(house):
    await house.say("/settings")
    await tap(house, "🗣 English")
    assert "✓ English" in buttons(house)
    await tap(house, "Languages of articles")
    assert "✓ English" in buttons(house)
    assert "More …" in buttons(house)
    assert (await settings_of(house)).chosen == frozenset()


async def test_the_curious_may_choose_any_method_and_hear_that_others_read_worse(house):
    await house.say("/settings")
    assert await tap(house, "For the curious") == []
    assert "read worse" in shown(house)
    assert shown(house).endswith(f"Summaries by: {DEFAULT_METHOD}")
    offered = {label.removeprefix("✓ ") for row in labels(house) for label in row}
    assert offered == {*METHODS, "All settings"}
    for method in METHODS:
        label = method if method in buttons(house) else f"✓ {method}"
        await tap(house, label)
        assert (await settings_of(house)).method == method
        assert shown(house).endswith(f"Summaries by: {method}")
        assert f"✓ {method}" in buttons(house)
    await tap(house, "All settings")
    assert "Summaries by" not in shown(house)


async def test_the_owners_method_holds_where_none_was_chosen(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, settings={"summary_method": "lexrank"}) as house:
        await house.say("/settings")
        await tap(house, "For the curious")
        assert "✓ lexrank" in buttons(house)
        assert (await settings_of(house)).method == ""


async def test_what_is_usual_can_be_chosen_too_and_then_stays_whatever_becomes_usual(house):
    await house.say("/settings")
    await tap(house, "Length: Normal")
    await tap(house, "✓ Normal")
    assert (await settings_of(house)).chosen == {"length"}


# ---------------------------------------------------------------- languages


async def at_languages(house, chat_id=1):
    await house.say("/settings", chat_id)
    await house.press("v1:set:page:languages", house.wire.sent(chat_id)[-1])


async def test_languages_are_added_in_the_order_tapped_and_dropped_by_their_mark(house):
    await at_languages(house)
    for label, read in [
        ("German", ("en", "de")),
        ("French", ("en", "de", "fr")),
        ("✓ German", ("en", "fr")),
        ("German", ("en", "fr", "de")),
        ("✓ English", ("fr", "de")),
    ]:
        await tap(house, label)
        assert (await settings_of(house)).languages == read
    assert [label for label in buttons(house) if label[0] == "✓"] == ["✓ French", "✓ German"]


async def test_the_same_tap_twice_adds_a_language_once_and_drops_none(house):
    await at_languages(house)
    message = house.wire.sent(1)[-1]
    for data in ("v1:set:reads:de", "v1:set:reads:de", "v1:set:reads:ko", "v1:set:drops:fr"):
        await house.press(data, message)
    assert (await settings_of(house)).languages == ("en", "de", "ko")
    for _ in range(2):
        await house.press("v1:set:drops:de", message)
    assert (await settings_of(house)).languages == ("en", "ko")


async def test_a_button_of_a_former_version_turns_a_language_over(house):
    await at_languages(house)
    await house.press("v1:set:language:de", house.wire.sent(1)[-1])
    assert (await settings_of(house)).languages == ("en", "de")
    await house.press("v1:set:language:en", house.wire.sent(1)[-1])
    assert (await settings_of(house)).languages == ("de",)


async def test_any_takes_all_languages_away_and_one_tap_brings_them_back(house):
    await at_languages(house)
    for label in ("German", "Korean", "any"):
        await tap(house, label)
    assert (await settings_of(house)).languages == ()
    assert "✓ any" in buttons(house)
    await tap(house, "↩ English, German, Korean")
    assert (await settings_of(house)).languages == ("en", "de", "ko")


async def test_without_any_language_left_all_are_read(house):
    await at_languages(house)
    await tap(house, "✓ English")
    assert (await settings_of(house)).languages == ()
    assert "✓ any" in buttons(house)
    await tap(house, "Korean")
    assert (await settings_of(house)).languages == ("ko",)
    assert "any" in buttons(house)


async def test_more_shows_all_languages_of_the_catalogue_and_each_can_be_read(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, builtin_feeds=True) as house:
        await at_languages(house)
        assert "Swahili" not in buttons(house)
        await tap(house, "More …")
        offered = buttons(house)
        assert {"Swahili", "Ukrainian", "Japanese", "✓ English"} <= offered.keys()
        assert len(offered) <= 100
        await tap(house, "Swahili")
        assert (await settings_of(house)).languages == ("en", "sw")
        assert "✓ Swahili" in buttons(house)
        await house.say("/settings language ukrainian")
        assert (await settings_of(house)).languages == ("en", "sw", "uk")


async def test_a_reader_begins_with_their_own_language(house):
    await house.say("/settings", 7, **GERMAN)
    await house.press("v1:set:page:languages", house.wire.sent(7)[-1])
    assert "✓ Deutsch" in buttons(house, 7)
    await house.press("v1:set:reads:en", house.wire.sent(7)[-1])
    assert (await settings_of(house, 7)).languages == ("de", "en")


async def test_settings_are_shown_in_the_readers_language(house):
    (answer,) = await house.say("/settings", 7, **GERMAN)
    assert "Tap to change" not in answer
    assert labels(house, 7)[0][0] == "Länge: Normal"
    assert keyboard(house, 7)[0][0][1] == "v1:set:page:length"


# ---------------------------------------------------------------- old buttons


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("length", "endless"),
        ("length", ""),
        ("sentences", "0"),
        ("sentences", "4"),
        ("sentences", "-1"),
        ("sentences", "two"),
        ("sentences", "２"),
        ("language", "xx"),
        ("language", "EN"),
        ("language", ""),
        ("reads", "xx"),
        ("drops", ""),
        ("only", ""),
        ("only", "en,xx9"),
        ("page", "secret"),
        ("method", "oracle"),
        ("method", ""),
        ("silence", "loud"),
        ("languages", "en"),
        ("paused_until", "2030-01-01"),
        ("stories_in_all", "9"),
        ("", "x"),
    ],
)
async def test_a_choice_that_is_offered_no_longer_is_refused_and_nothing_is_stored(
    house, name, value
):
    await house.say("/settings")
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    before = await house.known(1)
    await house.press(f"v1:set:{name}:{value}", house.wire.sent(1)[-1])
    assert notes(house)[-1] == reasoned("old-settings-button")
    assert await house.known(1) == before


async def test_one_without_a_message_is_refused_in_the_same_way(house):
    with pytest.raises(ReaderError) as refused:
        await house.app.dispatcher.use_cases.preferences.choose(
            await ask(house), SettingTapped("method", "oracle")
        )
    assert refused.value.reason.code == "old-settings-button"


async def test_another_room_keeps_its_own_settings(house):
    await house.say("/settings", 1)
    await house.say("/settings", 2)
    await house.press("v1:set:length:deep", house.wire.sent(2)[-1])
    assert (await settings_of(house, 1)).length is Length.BRIEF
    assert (await settings_of(house, 2)).length is Length.DEEP

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
LANGUAGES = ["en", "de", "es", "fr", "ko", "ru", "pt", "it"]


async def settings_of(house, chat_id=1):
    return (await room_of(house, chat_id)).settings


def labels(house, chat_id=1):
    return [[text for text, _ in row] for row in keyboard(house, chat_id)]


async def test_a_newcomer_sees_the_usual_settings_each_with_its_choices(house):
    (answer,) = await house.say("/settings")
    assert answer == (
        "Tap to change how your briefings look.\n\n"
        "Length: Brief\n"
        "Sentences a story: 2\n"
        "Languages of articles: en\n"
        "Without a sound: never"
    )
    assert labels(house) == [
        ["Headlines", "✓ Brief", "Deep"],
        ["1", "✓ 2", "3"],
        ["any", "✓ en", "de", "es", "fr"],
        ["ko", "ru", "pt", "it"],
        ["✓ 🔕 never", "🔕 at night", "🔕 always"],
        ["For the curious"],
    ]
    stored = await settings_of(house)
    assert (stored, stored.chosen) == (RoomSettings(), frozenset())


CHOICES = [
    ("Headlines", {"length": Length.HEADLINES}, (2, "Length: Headlines")),
    ("Deep", {"length": Length.DEEP}, (2, "Length: Deep")),
    ("1", {"sentences": 1}, (3, "Sentences a story: 1")),
    ("3", {"sentences": 3}, (3, "Sentences a story: 3")),
    ("any", {"languages": ()}, (4, "Languages of articles: any")),
    ("de", {"languages": ("en", "de")}, (4, "Languages of articles: en, de")),
    ("🔕 at night", {"silence": Silence.NIGHT}, (5, "Without a sound: at night")),
    ("🔕 always", {"silence": Silence.ALWAYS}, (5, "Without a sound: always")),
]


@pytest.mark.parametrize(("label", "chosen", "said"), CHOICES)
async def test_a_tapped_choice_is_stored_alone_and_shown_in_place(house, label, chosen, said):
    (before,) = await house.say("/settings")
    assert await tap(house, label) == []
    stored = await settings_of(house)
    assert stored == RoomSettings(**chosen)
    assert stored.chosen == chosen.keys()
    changed = before.splitlines()
    line, changed[line] = said
    assert shown(house).splitlines() == changed
    assert f"✓ {label}" in buttons(house)
    assert len(house.wire.sent(1)) == 1


async def test_every_choice_stays_while_others_are_made(house):
    await house.say("/settings")
    for label in ("Deep", "3", "de", "🔕 always", "For the curious", "lead", "All settings"):
        await tap(house, label)
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
    marked = [label for label in buttons(house) if label.startswith("✓")]
    assert marked == ["✓ Deep", "✓ 3", "✓ en", "✓ de", "✓ 🔕 always"]


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
    await tap(house, "✓ Brief")
    assert (await settings_of(house)).chosen == {"length"}


# ---------------------------------------------------------------- languages


async def test_languages_are_added_in_the_order_tapped_and_taken_away_by_a_second_tap(house):
    await house.say("/settings")
    for label, read in [
        ("de", ("en", "de")),
        ("fr", ("en", "de", "fr")),
        ("✓ de", ("en", "fr")),
        ("de", ("en", "fr", "de")),
        ("✓ en", ("fr", "de")),
    ]:
        await tap(house, label)
        assert (await settings_of(house)).languages == read
        assert f"Languages of articles: {', '.join(read)}" in shown(house)


async def test_without_any_language_left_all_are_read(house):
    await house.say("/settings")
    await tap(house, "✓ en")
    assert (await settings_of(house)).languages == ()
    assert "Languages of articles: any" in shown(house)
    assert "✓ any" in buttons(house)
    await tap(house, "ko")
    assert (await settings_of(house)).languages == ("ko",)
    assert "any" in buttons(house)


async def test_any_takes_all_languages_away(house):
    await house.say("/settings")
    await tap(house, "de")
    await tap(house, "any")
    assert (await settings_of(house)).languages == ()
    assert {label.removeprefix("✓ ") for label in buttons(house)} >= {*LANGUAGES}
    assert not {f"✓ {code}" for code in LANGUAGES} & buttons(house).keys()


async def test_a_reader_begins_with_their_own_language(house):
    await house.say("/settings", 7, **GERMAN)
    assert "✓ de" in buttons(house, 7)
    assert "en" in buttons(house, 7)
    await house.press("v1:set:language:en", house.wire.sent(7)[-1])
    assert (await settings_of(house, 7)).languages == ("de", "en")


async def test_settings_are_shown_in_the_readers_language(house):
    (answer,) = await house.say("/settings", 7, **GERMAN)
    assert "Tap to change" not in answer
    assert labels(house, 7)[0][0] == "Schlagzeilen"
    assert keyboard(house, 7)[0][0][1] == "v1:set:length:headlines"


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
    await tap(house, "Deep")
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
    await tap(house, "Deep", 2)
    assert (await settings_of(house, 1)).length is Length.BRIEF
    assert (await settings_of(house, 2)).length is Length.DEEP

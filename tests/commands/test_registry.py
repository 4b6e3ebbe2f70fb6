"""One registry: what is a command is in the menus, in /help and in the documentation."""

from pathlib import Path

import pytest

from bot.chat.menus import set_menus
from bot.commands.reference import reference, with_table
from bot.commands.registry import (
    BUTTONS,
    COMMANDS,
    HelpGroup,
    MenuScope,
    Role,
    listed,
    menu,
)
from bot.errors import ReaderError
from tests.fakes.wire import BOT, flood

ROOT = Path(__file__).parents[2]


def test_only_what_the_platform_sends_by_itself_is_not_listed():
    assert [command.name for command in COMMANDS if command not in listed()] == ["start", "stop"]


def test_names_and_prefixes_are_unique():
    names = [command.name for command in COMMANDS]
    prefixes = [button.data.prefix for button in BUTTONS]
    assert len(set(names)) == len(names)
    assert len(set(prefixes)) == len(prefixes)


def test_no_two_commands_share_an_alias():
    aliases = [alias for command in COMMANDS for alias in command.aliases]
    assert len(set(aliases)) == len(aliases)


def test_the_documents_are_those_of_the_registry():
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference()
    readme = (ROOT / "README.md").read_text("utf-8")
    assert with_table(readme) == readme
    for command in listed():
        assert f"`/{command.name}`" in readme


def test_a_readme_without_a_place_for_the_table_is_an_error():
    with pytest.raises(ValueError, match="no lines"):
        with_table("# daybrief\n")


async def test_the_menus_are_those_of_the_registry(house):
    await set_menus(house.app.application.bot, house.app.store)
    menus = {}
    for call in house.wire.calls("setMyCommands"):
        if not call.get("language_code"):
            menus[call["scope"]["type"]] = [one["command"] for one in call["commands"]]
    assert menus == {
        "default": [command.name for command in menu(MenuScope.PRIVATE)],
        "all_group_chats": [command.name for command in menu(MenuScope.MEMBERS)],
        "all_chat_administrators": [command.name for command in menu(MenuScope.ADMINS)],
    }


async def test_menus_are_set_once_and_anew_where_they_are_not_there(house):
    bot, store, wire = house.app.application.bot, house.app.store, house.wire
    await set_menus(bot, store)
    known = await store.known_menus()
    set_before = len(wire.calls("setMyCommands"))
    assert known
    there = [{"command": c.name, "description": c.summary} for c in menu()]
    wire.script("getMyCommands", {"ok": True, "result": there})
    await set_menus(bot, store)
    assert len(wire.calls("setMyCommands")) == set_before
    wire.script("getMyCommands", {"ok": True, "result": []})
    await set_menus(bot, store)
    assert len(wire.calls("setMyCommands")) == 2 * set_before


async def test_menus_that_could_not_be_set_are_set_at_the_next_start(house):
    bot, store, wire = house.app.application.bot, house.app.store, house.wire
    await set_menus(bot, store)
    await store.record_menus("of an older version")
    count = len(wire.calls("setMyCommands"))
    wire.script("setMyCommands", flood(500))
    await set_menus(bot, store)
    assert len(wire.calls("setMyCommands")) <= count + len(MenuScope)
    assert await store.known_menus() == "of an older version"
    await set_menus(bot, store)
    assert await store.known_menus() != "of an older version"


@pytest.mark.parametrize("scope", MenuScope)
def test_a_menu_holds_a_few_and_nothing_that_is_not_offered_there(scope):
    names = [command.name for command in menu(scope)]
    assert {"brief", "topics", "help"} <= set(names)
    assert len(names) <= 8
    is_group = scope is not MenuScope.PRIVATE
    assert set(menu(scope)) <= set(listed(in_groups=is_group))


def test_members_are_shown_what_they_may_use_and_admins_how_to_manage():
    members = menu(MenuScope.MEMBERS)
    assert all(command.role is Role.MEMBER or command.for_members for command in members)
    assert "manage" in {command.name for command in menu(MenuScope.ADMINS)}


async def test_help_has_a_line_for_each_below_what_people_want(house):
    (answer,) = await house.say("/help")
    for command in listed():
        assert f"/{command.name} – {command.summary}" in answer
    headings = [line for line in answer.splitlines() if line.startswith("▸ ")]
    assert headings == [f"▸ {group.value}" for group in HelpGroup]
    assert len(answer) < 1500


async def test_help_in_a_group_offers_nothing_of_one_persons(house):
    (answer,) = await house.say("/help", -30)
    assert "/manage" in answer
    assert "/forgetme" not in answer
    assert "Your data" not in answer


async def test_every_command_answers(house):
    for command in COMMANDS:
        before = len(house.wire.log)
        await house.say(f"/{command.name}")
        methods = [method for method, _ in house.wire.log[before:]]
        expected = "sendDocument" if command.name == "export" else "sendMessage"
        assert expected in methods, command.name


async def test_in_a_group_members_may_look_and_only_admins_change(house):
    allowed = {c.name for c in COMMANDS if c.role is Role.MEMBER or c.for_members}
    assert allowed == {"topics", "help", "status", "brief", "schedule"}
    for command in COMMANDS:
        texts = await house.say(f"/{command.name}", -100)
        refused = any("admin" in text.lower() for text in texts)
        assert refused != (command.name in allowed), command.name


@pytest.mark.parametrize("data", ["v1:why:42", "v1:topic", "v1:undo:x", "v0:zone:UTC", "nonsense"])
async def test_an_old_button_is_answered_kindly(house, data):
    await house.say("/start")
    await house.press(data, house.wire.sent(1)[-1] | {"from": BOT})
    note = house.wire.calls("answerCallbackQuery")[-1]["text"]
    assert "button" in note


async def test_an_unknown_command_has_no_entry(house):
    with pytest.raises(ReaderError):
        house.app.dispatcher.command("dance")
    assert house.app.dispatcher.command("brief").is_slow


def test_the_commands_that_wait_for_sources_are_slow():
    assert {command.name for command in COMMANDS if command.is_slow} == {"brief", "resume", "top"}

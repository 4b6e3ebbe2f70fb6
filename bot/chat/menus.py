"""The menus of commands that Telegram shows below a chat, by who sees them and in which language.

They stay with Telegram: what was set by an earlier start need not be set anew.
"""

import asyncio
import hashlib
import json
import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.commands import MenuScope, menu
from bot.errors import StoreUnavailable
from bot.store import Store
from bot.texts import LANGUAGES, SOURCE_LANGUAGE, translations_for

__all__ = ["set_menus"]

_log = logging.getLogger(__name__)

_SCOPES = {
    MenuScope.PRIVATE: BotCommandScopeDefault,
    MenuScope.MEMBERS: BotCommandScopeAllGroupChats,
    MenuScope.ADMINS: BotCommandScopeAllChatAdministrators,
}
_Menus = dict[str, dict[str, list[tuple[str, str]]]]


async def set_menus(bot: Bot, store: Store) -> None:
    """Set the menus of each scope and language, unless an earlier start set the same.

    Then it takes one request, which asks whether they are still there; else one a menu, those of
    one language at once. At the first that fails, or where the database does not answer, it ends
    with a line in the log, and the next start tries again: the bot works without. Never raises.
    """
    menus = _menus()
    digest = hashlib.sha256(json.dumps(menus).encode()).hexdigest()
    try:
        if await store.known_menus() == digest and await _are_there(bot, menus):
            return
        for language, by_scope in menus.items():
            await asyncio.gather(*(
                bot.set_my_commands(
                    [BotCommand(*command) for command in commands],
                    scope=_SCOPES[MenuScope(scope)](),
                    language_code=language or None,
                )
                for scope, commands in by_scope.items()
            ))  # fmt: skip
        await store.record_menus(digest)
    except (TelegramError, StoreUnavailable) as error:
        _log.warning("the command menu was not set: %s", error)


async def _are_there(bot: Bot, menus: _Menus) -> bool:
    """Return whether Telegram has the menu that most people see; one request."""
    there = await bot.get_my_commands()
    return [(each.command, each.description) for each in there] == menus[""][MenuScope.PRIVATE]


def _menus() -> _Menus:
    """Return names and summaries of commands by language ("" for all others) and scope."""
    menus: _Menus = {}
    for language in ("", *LANGUAGES):
        # Without the dates and numbers of 15 languages, which take 17 MB.
        say = translations_for(language or SOURCE_LANGUAGE).gettext
        menus[language] = {
            scope.value: [(command.name, say(command.summary)) for command in menu(scope)]
            for scope in _SCOPES
        }
    return menus

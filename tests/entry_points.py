"""Where moved names are now, for checks outside this repository that import them by older names.

Importing this module makes the older names importable, as modules and as attributes. The product
itself knows them no longer.
"""

import asyncio
import importlib
import sys

from bot.send import telegram_address
from bot.store.chats import ChatRows

__all__: list[str] = []

# Old module to new one.
_MODULES = {
    "bot.gather.discovery": "bot.gather.feeds.discovery",
    "bot.gather.fetch": "bot.gather.http.fetch",
    "bot.gather.listing": "bot.gather.feeds.listing",
    "bot.gather.opml": "bot.gather.feeds.opml",
    "bot.gather.robots": "bot.gather.http.robots",
    "bot.gather.urls": "bot.gather.http.urls",
    "bot.steps.asking": "bot.gather.polling.feed_reader",
}
# Old module and name to the module and name of today.
_NAMES = {
    ("bot.gather.polling", "FeedState"): ("bot.gather.polling.policy", "FeedState"),
    ("bot.steps.asking", "Asking"): ("bot.gather.polling.feed_reader", "FeedReader"),
}

for _old, _new in _MODULES.items():
    _module = importlib.import_module(_new)
    sys.modules[_old] = _module
    _package, _, _name = _old.rpartition(".")
    setattr(importlib.import_module(_package), _name, _module)
for (_old, _old_name), (_new, _new_name) in _NAMES.items():
    setattr(
        importlib.import_module(_old), _old_name, getattr(importlib.import_module(_new), _new_name)
    )

_open_room = ChatRows.open_room


async def _open_room_by_number(self, chat, thread=0, **given):
    """Take a chat's Telegram id and thread, too."""
    address = telegram_address(chat, thread) if isinstance(chat, int) else chat
    return await _open_room(self, address, **given)


ChatRows.open_room = _open_room_by_number

_start_process = asyncio.create_subprocess_exec


async def _start_process_that_knows(program, *words, **options):
    """Start a process as asyncio does; Python code given by -c knows the older names, too."""
    if words[:1] == ("-c",):
        words = ("-c", f"import tests.entry_points\n{words[1]}", *words[2:])
    return await _start_process(program, *words, **options)


asyncio.create_subprocess_exec = _start_process_that_knows

"""What a chat with the bot of a ``House`` shows, and what the bot has stored about that chat."""

import json
from datetime import datetime, time
from typing import Any

from bot.commands import Request
from bot.domain.room import Room
from bot.reasons import Reason
from bot.send import telegram_address
from bot.texts import explain, texts_for
from tests.fakes.house import House

__all__ = [
    "ask", "buttons", "keyboard", "notes", "reasoned", "room_of", "shown", "subscribed", "tap",
    "times_of",
]  # fmt: skip


def shown(house: House, chat_id: int = 1) -> str:
    """Return the HTML of the newest message in a chat, as last edited."""
    return house.wire.texts(chat_id)[-1]


def keyboard(house: House, chat_id: int = 1) -> list[list[tuple[str, str]]]:
    """Return the buttons below the newest message in a chat: rows of (label, callback data)."""
    found: Any = house.wire.sent(chat_id)[-1].get("reply_markup") or {}
    found = json.loads(found) if isinstance(found, str) else found
    return [
        [(button["text"], button["callback_data"]) for button in row]
        for row in found.get("inline_keyboard", [])
    ]


def buttons(house: House, chat_id: int = 1) -> dict[str, str]:
    """Return the callback data of the buttons below the newest message in a chat, by label."""
    return dict(button for row in keyboard(house, chat_id) for button in row)


async def tap(house: House, label: str, chat_id: int = 1) -> list[str]:
    """Tap the button ``label`` below the newest message; return the texts of the new messages.

    Raises KeyError if there is no such button.
    """
    return await house.press(buttons(house, chat_id)[label], house.wire.sent(chat_id)[-1])


def notes(house: House) -> list[str | None]:
    """Return the notification text of each answered tap, in order; None where there was none."""
    return [call.get("text") for call in house.wire.calls("answerCallbackQuery")]


def reasoned(code: str, **values: Any) -> str:
    """Return the English sentence for the reason ``code`` with ``values``."""
    return explain(Reason(code, values), texts_for("en"))


async def room_of(house: House, chat_id: int = 1, thread: int = 0) -> Room:
    """Return the stored room of a chat (of its topic ``thread``), which must exist."""
    room = await house.app.store.chats.find_room(telegram_address(chat_id, thread))
    assert room is not None
    return room


async def subscribed(house: House, chat_id: int = 1) -> list[tuple[str, str]]:
    """Return the (key, label) of a chat's subscriptions, oldest first."""
    room = await room_of(house, chat_id)
    found = await house.app.store.subscriptions.of_room(room.id)
    return [(str(subscription.key), subscription.label) for subscription in found]


async def times_of(
    house: House, chat_id: int = 1
) -> list[tuple[time, frozenset[int], datetime | None]]:
    """Return the (local time, weekdays, next due instant) of each of a chat's schedules."""
    room = await room_of(house, chat_id)
    stored = await house.app.store.schedules.of_room(room.id)
    return [(row.schedule.local_time, row.schedule.days, row.next_due_at) for row in stored]


async def ask(house: House, chat_id: int = 1, update_id: int = 900, **options: Any) -> Request:
    """Return a request from a private chat in English; ``options`` go to ``dispatcher.request``."""
    return await house.app.dispatcher.request(
        telegram_address(chat_id), kind="private", language="en", update_id=update_id, **options
    )

"""How the address of a chat is stored: this memory holds the chats of one Telegram account.

A second platform begins here, with columns for it: see docs/how-to/add-a-second-platform.md.
"""

from sqlalchemy import ColumnElement, RowMapping

from bot.domain.address import ChatAddress
from bot.store.tables import chat

__all__ = ["is_at", "load_address", "stored_id"]

_PLATFORM = "telegram"


def stored_id(address: ChatAddress) -> int:
    """Return the value of ``chat.telegram_id`` for an address, of any thread.

    Raises ValueError for an address of another platform or of a named account, and for an id
    that is no number of 64 bits, as ``str`` writes it.
    """
    if (address.platform, address.account) != (_PLATFORM, ""):
        raise ValueError(f"no chat of {address.platform!r} can be stored")
    number = int(address.id)
    if str(number) != address.id or not -(2**63) <= number < 2**63:
        raise ValueError(f"no chat has the id {address.id!r}")
    return number


def is_at(address: ChatAddress) -> ColumnElement[bool]:
    """Return the condition that a row of ``chat`` is at an address, of any thread.

    Raises ValueError like ``stored_id``.
    """
    return chat.c.telegram_id == stored_id(address)


def load_address(row: RowMapping, thread: int = 0) -> ChatAddress:
    """Return the address in a row with ``telegram_id``, of ``thread`` in that chat.

    Raises KeyError for a row without that column.
    """
    return ChatAddress(_PLATFORM, str(row["telegram_id"]), thread=thread)

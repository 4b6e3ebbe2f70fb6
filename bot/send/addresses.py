"""Addresses of chats at Telegram."""

from bot.domain.address import ChatAddress

__all__ = ["TELEGRAM", "telegram_address"]

TELEGRAM = "telegram"


def telegram_address(chat_id: int, thread: int = 0) -> ChatAddress:
    """Return the address of a chat by its Telegram id, or of a forum topic (``thread``) in it.

    Ids of groups and channels are negative; ``thread`` 0 is the chat itself. Nothing is checked.
    """
    return ChatAddress(TELEGRAM, str(chat_id), thread=thread)

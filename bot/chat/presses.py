"""Taps on buttons that are under way, so that a double tap does things once."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

__all__ = ["PressesUnderWay", "is_inaccessible", "throttled_as"]


class PressesUnderWay:
    """Which taps are being answered: a second one of the same button waits for nothing."""

    def __init__(self) -> None:
        self._under_way: set[Hashable] = set()

    @contextmanager
    def first(self, query: CallbackQuery) -> Iterator[bool]:
        """Give whether nobody's tap on this very button is being answered yet.

        Where it is the first, it is under way for as long as the context is entered.
        """
        where = query.message and (query.message.chat.id, query.message.message_id)
        button = (where, query.inline_message_id, query.data)
        if button in self._under_way:
            yield False
            return
        self._under_way.add(button)
        try:
            yield True
        finally:
            self._under_way.discard(button)


def is_inaccessible(message: Message) -> bool:
    """Return whether Telegram tells no more of a message than its chat and number.

    Its date is 0 then (Bot API, InaccessibleMessage). python-telegram-bot (22.8) makes an
    ordinary message of it, whose forum topic nobody knows.
    """
    return message.date.timestamp() == 0


def throttled_as(query: CallbackQuery) -> Hashable:
    """Return what a tap is counted with by ``Throttle``: in a private chat with what is written.

    In a group each person's taps are counted alone, so that nobody can tap for all.
    """
    message = query.message
    if message is None:
        return query.from_user.id
    if message.chat.type == ChatType.PRIVATE:
        return message.chat.id
    return message.chat.id, query.from_user.id

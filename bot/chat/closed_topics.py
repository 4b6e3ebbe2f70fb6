"""Topics of forums that take no messages any more: General is asked once where they shall go."""

import logging
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.chat.replies import looks
from bot.commands.groups import closed_topic_question
from bot.domain.address import ChatAddress
from bot.reasons import Reason
from bot.store import Store

__all__ = ["ClosedTopics"]

_log = logging.getLogger(__name__)


class ClosedTopics:
    """What happens when a topic turns out to be closed or deleted."""

    def __init__(self, store: Store, bot: ExtBot[Any]) -> None:
        self._store = store
        self._bot = bot

    async def closed(self, address: ChatAddress, reason: Reason) -> None:
        """Pause what comes to a topic, and ask once in General where it shall come instead.

        A topic that is paused already is not asked about again, until it was opened; General
        itself is not paused. If General takes nothing either, that is logged. One write, and one
        message. Raises StoreUnavailable.
        """
        if not address.thread:
            return
        room = await self._store.chats.close_room(address, reason)
        if room is None:
            return
        question = closed_topic_question(room)
        try:
            await self._bot.send_message(int(address.id), question.html, **looks(question))
        except TelegramError as error:
            _log.info("nobody was told of a closed topic: %s", error)

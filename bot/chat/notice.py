"""A line in the chat on how work goes: sent once, edited in place, taken away."""

import logging
from collections.abc import Awaitable, Callable

from telegram import Message
from telegram.error import TelegramError

from bot.texts.bidi import contained

__all__ = ["ChatNotice"]

_log = logging.getLogger(__name__)


class ChatNotice:
    """The notice below ``message``: it comes without a sound, and leaves nothing behind.

    ``before`` is awaited before each attempt to send it anew. ``quote`` is
    python-telegram-bot's ``do_quote``: None quotes in groups only.
    """

    def __init__(
        self,
        message: Message,
        *,
        before: Callable[[], Awaitable[object]] | None = None,
        quote: bool | None = None,
    ) -> None:
        self._message = message
        self._before = before
        self._quote = quote
        self._shown: Message | None = None
        self._text = ""

    async def say(self, text: str) -> None:
        """Show ``text`` (without markup) in the place of what was shown before.

        One request to Telegram, none if ``text`` is shown already, or is "" before anything is.
        An error of Telegram is logged, and not raised; the same text may be said again then.
        Raises what else ``before`` raises.
        """
        text = contained(text)
        if text == self._text:
            return
        try:
            if self._shown is not None:
                await self._shown.edit_text(text)
            else:
                if self._before is not None:
                    await self._before()
                self._shown = await self._message.reply_text(
                    text, do_quote=self._quote, disable_notification=True
                )
            self._text = text
        except TelegramError as error:
            _log.info("how far the work is was not shown: %s", error)

    async def clear(self) -> None:
        """Delete the line, if there is one, by one request; errors of Telegram are only logged.

        The line stays then. Afterwards ``say`` begins a new one.
        """
        if self._shown is None:
            return
        shown, self._shown, self._text = self._shown, None, ""
        try:
            await shown.delete()
        except TelegramError as error:
            _log.info("how far the work was still shows: %s", error)

"""How an answer gets into the chat: below a message or in its place, split if it is long."""

import logging
from html import escape
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.domain.message import Keyboard
from bot.domain.message import Message as Answer
from bot.render.limits import TELEGRAM_LIMITS, utf16_units
from bot.render.pieces import text_pieces

__all__ = ["Spinner", "looks", "reply", "show_typing"]

_MAX_NOTE_CHARS = 200  # Bot API, answerCallbackQuery
_log = logging.getLogger(__name__)


async def reply(
    message: Message, answer: Answer, *, quote: bool | None = None, in_place: bool = False
) -> None:
    """Send an answer below a message, or put it in its place.

    One that is over what a message holds is sent as several, without its marks, the buttons
    below the last. What can be edited no longer is sent below. ``quote`` is python-telegram-bot's
    ``do_quote``: None quotes in groups only; a message that is gone is not quoted. Raises
    TelegramError; some of several may be sent then.
    """
    parts = _parts(answer)
    if in_place and await _edited(message, parts[0]):
        parts = parts[1:]
    for part in parts:
        await message.reply_text(
            part.html, do_quote=quote, allow_sending_without_reply=True, **looks(part)
        )


async def show_typing(message: Message) -> None:
    """Show that an answer is being prepared; where Telegram refuses, it comes without that."""
    try:
        await message.chat.send_action(
            ChatAction.TYPING, message_thread_id=message.message_thread_id
        )
    except TelegramError as error:
        _log.info("that work goes on was not shown: %s", error)


class Spinner:
    """What turns on a tapped button until the press is answered, which can be done once."""

    def __init__(self, query: CallbackQuery) -> None:
        self._query = query
        self._turns = True

    async def end(self, text: str = "") -> bool:
        """Answer the press, with a note of at most 200 characters (Bot API), if it is not yet.

        Returns whether the note was shown; an error of Telegram is only logged.
        """
        if not self._turns:
            return False
        self._turns = False
        try:
            await self._query.answer(text[:_MAX_NOTE_CHARS] or None)
        except TelegramError as error:
            _log.info("a button's answer was not shown: %s", error)
            return False
        return True


def _parts(answer: Answer) -> list[Answer]:
    if utf16_units(answer.plain) <= TELEGRAM_LIMITS.units:
        return [answer]
    pieces = text_pieces(answer.plain)
    parts = [Answer(html=escape(piece, quote=False), plain=piece) for piece in pieces]
    last = Answer(html=parts[-1].html, plain=parts[-1].plain, keyboard=answer.keyboard)
    return [*parts[:-1], last]


async def _edited(message: Message, part: Answer) -> bool:
    """Put ``part`` in the place of ``message``; return whether it stands there."""
    try:
        await message.edit_text(part.html, **looks(part))
    except BadRequest as error:
        # A second tap on the same button changes nothing.
        if "not modified" in error.message.lower():
            return True
        _log.info("a message was not edited, its answer comes below: %s", error)
        return False
    return True


def looks(part: Answer) -> dict[str, Any]:
    """Return what goes with the text of a message: its markup, its buttons, no preview."""
    return {
        "parse_mode": ParseMode.HTML,
        "reply_markup": _markup(part.keyboard),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    button.text, callback_data=button.data or None, url=button.url or None
                )
                for button in row
            ]
            for row in keyboard
        ]
    )

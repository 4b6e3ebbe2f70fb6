"""How an answer looks as Telegram takes it."""

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.domain.message import Keyboard, Message

__all__ = ["looks", "markup"]


def looks(answer: Message) -> dict[str, Any]:
    """Return what goes with the text of an answer: its markup, its buttons, no preview."""
    return {
        "parse_mode": ParseMode.HTML,
        "reply_markup": markup(answer.keyboard),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Return buttons as Telegram takes them, None for none."""
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

"""Keyboards as the Bot API's InlineKeyboardMarkup."""

from bot.domain.message import Button, Keyboard

__all__ = ["inline_keyboard"]


def inline_keyboard(keyboard: Keyboard) -> dict[str, list[list[dict[str, str]]]]:
    """Return ``keyboard`` as JSON; a button with an address is a link."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in keyboard]}


def _button(button: Button) -> dict[str, str]:
    kind = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text, **kind}

"""The one row of buttons below a briefing, and what each sends back to us."""

import re
from typing import Literal, get_args

from bot.domain.message import Button, Keyboard
from bot.texts import Texts

__all__ = ["Action", "button_row", "callback_data", "read_callback"]

Action = Literal["why", "share", "settings"]

# Messages outlive versions: a tap on an old one must be read as it was meant then.
_VERSION = "v1"


def callback_data(action: Action, edition_id: int) -> str:
    """Return what a button sends: "v1:why:42"; under 64 bytes for any stored edition."""
    return f"{_VERSION}:{action}:{edition_id}"


def read_callback(data: str) -> tuple[Action, int] | None:
    """Return action and edition of a tapped button, or None if it is none of ours."""
    version, _, rest = data.partition(":")
    name, _, edition_id = rest.partition(":")
    if version != _VERSION or not re.fullmatch("[0-9]{1,19}", edition_id):
        return None
    actions: tuple[Action, ...] = get_args(Action)
    return next(((action, int(edition_id)) for action in actions if action == name), None)


def button_row(edition_id: int, texts: Texts) -> Keyboard:
    """Return the row for a stored edition; none for one that was never stored (0)."""
    if not edition_id:
        return ()
    labels: dict[Action, str] = {
        "why": texts._("Why these"),
        "share": texts._("Share"),
        "settings": "⚙",
    }
    return (
        tuple(
            Button(text=label, data=callback_data(action, edition_id))
            for action, label in labels.items()
        ),
    )

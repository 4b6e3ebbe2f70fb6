"""Messages as Telegram takes them."""

from dataclasses import dataclass

from bot.domain.callback import MAX_CALLBACK_BYTES

__all__ = ["Button", "Keyboard", "Message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: it sends ``data`` (1-64 bytes) back to us, or opens ``url``."""

    text: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.data) == bool(self.url):
            raise ValueError("a button has either data or a url")
        if len(self.data.encode()) > MAX_CALLBACK_BYTES:
            raise ValueError(f"callback data over 64 bytes: {self.data!r}")


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in Telegram's HTML, and ``plain``, the same without markup.

    Both are within 4096 UTF-16 units and 100 entities after parsing.
    """

    html: str
    plain: str
    keyboard: Keyboard = ()

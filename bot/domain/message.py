"""Messages to readers: marked text, and buttons below it."""

from dataclasses import dataclass

from bot.domain.callback import MAX_CALLBACK_BYTES

__all__ = ["Button", "Keyboard", "Message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: it sends ``data`` (1-64 bytes) back to us, or opens ``url``.

    Raises ValueError with both or neither, and for longer data.
    """

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
    """A message: ``html``, and ``plain``, the same without markup.

    ``html`` has the tags that ``bot.render.markup`` writes, and no others. Both are within the
    ``MessageLimits`` they were rendered for.
    """

    html: str
    plain: str
    keyboard: Keyboard = ()

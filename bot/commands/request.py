"""What a reader asks for, as every use case takes it; and plain answers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape

from bot.domain.address import ChatAddress
from bot.domain.message import Keyboard, Message
from bot.domain.ports import Authority, ChatRole, Notice
from bot.domain.room import Room
from bot.domain.subscription import Subscription
from bot.texts import Texts
from bot.texts.bidi import contained
from bot.topics import Topics

__all__ = [
    "NO_AUTHORITY",
    "NO_LANE",
    "NO_NOTICE",
    "PATIENCE_S",
    "Lane",
    "Request",
    "plain_message",
    "subscription_name",
]

# How long a reader waits for an answer that needs others, the wait in line included.
PATIENCE_S = 20.0

# Entered around work that waits for hosts or workers, so that other readers are not held up:
# gives how many seconds the reader still waits. Raises ReaderError where the chat has too much
# under way. Not to be entered twice by one request at once.
Lane = Callable[[], AbstractAsyncContextManager[float]]


class _NoNotice:
    """The notice of a reader who does not watch: it shows nothing."""

    async def say(self, text: str) -> None:
        """Show nothing."""

    async def clear(self) -> None:
        """Remove nothing."""


class _NoAuthority:
    """Nobody in particular: a stranger everywhere."""

    async def role_in(self, _chat: ChatAddress) -> ChatRole:
        """Return that it is a stranger."""
        return ChatRole.STRANGER

    async def title(self, _chat: ChatAddress) -> str:
        """Return that it is not known."""
        return ""

    def link(self, payload: str) -> str:
        """Return an address without a bot."""
        return f"https://t.me/?start={payload}"


NO_NOTICE = _NoNotice()
NO_AUTHORITY = _NoAuthority()


@asynccontextmanager
async def _no_lane() -> AsyncIterator[float]:
    yield PATIENCE_S


NO_LANE: Lane = _no_lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command or a tapped button: its room, the language of the answer, and when it came.

    ``replied`` are what the buttons carry below a message of ours that this one answers.
    ``update_id`` is the platform's number of the request, the same if it is delivered twice.
    ``is_new`` says that the room was made by this request. ``notice`` shows progress to a
    reader who waits; ``lane`` is where work goes that waits for others; ``shown`` is the text of
    the message whose button was tapped, without its marks. ``authority`` says what whoever asks is
    in which chat, ``language`` what their phone speaks (an IETF tag or ""). ``room`` is as it was
    at ``now``: a use case asked again takes a new request. ``asker`` is the private room of an
    admin who manages ``room`` from there, ``place`` what that is called; ``is_aimed`` says
    that it was looked up whether any is managed. Once the chat is
    forgotten, what adds rows for it raises SQLAlchemy's IntegrityError.
    """

    room: Room
    texts: Texts
    now: datetime
    update_id: int
    is_new: bool = False
    notice: Notice = NO_NOTICE
    authority: Authority = NO_AUTHORITY
    language: str = ""
    asker: Room | None = None
    is_aimed: bool = False
    place: str = ""
    lane: Lane = NO_LANE
    shown: str = ""
    replied: tuple[str, ...] = ()


def plain_message(text: str, keyboard: Keyboard = ()) -> Message:
    """Return an answer without markup: whatever is in ``text`` is shown as it is.

    But for signs of direction that would turn what stands around them, see ``contained``.
    Its length is not limited here, nor checked; "&", "<" and ">" are escaped in its ``html``.
    """
    text = contained(text)
    return Message(html=escape(text, quote=False), plain=text, keyboard=keyboard)


def subscription_name(subscription: Subscription, topics: Topics, texts: Texts) -> str:
    """Return what a reader calls a subscription: a topic's name, or else its label.

    The label is the reader's own words, or a feed's title. No I/O.
    """
    topic = topics.get(subscription.key)
    return topic.name(texts.language) if topic else subscription.label

"""What can go wrong, named by who must act.

DaybriefError
├── TryLater               the world is busy: wait, then repeat the same call
│   ├── SourceUnavailable  a feed or page could not be read just now
│   ├── FloodWait          Telegram asked us to wait ``wait_s`` seconds
│   ├── NotSent            a message certainly did not reach Telegram
│   └── MaybeSent          a message may have reached Telegram: no answer came
├── GiveUp                 repeating cannot help: record it, move on
│   ├── UnsafeAddress      a URL we refuse to open: not public, or not http(s)
│   ├── TooLarge           a document over a cap (bytes, time, entries)
│   ├── NotAFeed           bytes that hold no feed
│   ├── NotAnArticle       a page that holds no article
│   ├── ChatGone           the bot is blocked, removed, or the chat is deleted
│   ├── ChatMigrated       the group is now the supergroup ``new_id``
│   ├── BadMarkup          Telegram could not parse the entities of a message
│   └── Refused            Telegram refused a message for another lasting reason
├── ReaderError            the reader asked for something we cannot do: say so
└── SetupError             the operator must change a setting: one line, exit code 2
"""

__all__ = [
    "BadMarkup",
    "ChatGone",
    "ChatMigrated",
    "DaybriefError",
    "FloodWait",
    "GiveUp",
    "MaybeSent",
    "NotAFeed",
    "NotAnArticle",
    "NotSent",
    "ReaderError",
    "Refused",
    "SetupError",
    "SourceUnavailable",
    "TooLarge",
    "TryLater",
    "UnsafeAddress",
]


class DaybriefError(Exception):
    """Anything daybrief raises on purpose; its text is fit to be shown or logged."""


class TryLater(DaybriefError):
    """The same call may succeed later."""


class SourceUnavailable(TryLater):
    """A feed or page could not be read; ``retry_after_s`` is what its host asked for, or None."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class FloodWait(TryLater):
    """Telegram asked us to send nothing for ``wait_s`` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Telegram asks for a pause of {wait_s:g} s")
        self.wait_s = wait_s


class NotSent(TryLater):
    """A message certainly did not reach Telegram, so repeating it cannot double it."""


class MaybeSent(TryLater):
    """A message was written out but never answered: repeating it may double it."""


class GiveUp(DaybriefError):
    """The same call will fail again."""


class UnsafeAddress(GiveUp):
    """A URL that we refuse to open."""


class TooLarge(GiveUp):
    """A document beyond one of our caps."""


class NotAFeed(GiveUp):
    """Bytes that hold no feed."""


class NotAnArticle(GiveUp):
    """A page that holds no article."""


class ChatGone(GiveUp):
    """Nothing can be sent to this chat until its reader comes back."""


class ChatMigrated(GiveUp):
    """A group became a supergroup, whose Telegram id is ``new_id``."""

    def __init__(self, new_id: int) -> None:
        super().__init__("the group became a supergroup")
        self.new_id = new_id


class BadMarkup(GiveUp):
    """Telegram could not parse the entities of a message: send it as plain text."""


class Refused(GiveUp):
    """Telegram refused a message for a lasting reason other than the above."""


class ReaderError(DaybriefError):
    """The reader asked for something we cannot do; the text says what to do next."""


class SetupError(DaybriefError):
    """The program cannot run as it is set up; the text is one line for the operator."""

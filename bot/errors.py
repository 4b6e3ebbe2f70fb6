"""What can go wrong, named by who must act.

DaybriefError
├── TryLater               the world is busy: wait, then repeat the same call
│   ├── SourceUnavailable  a feed or page could not be read just now
│   ├── StoreUnavailable   the database is locked, full or out of reach
│   ├── FloodWait          Telegram asked us to wait ``wait_s`` seconds
│   ├── NotSent            a message certainly did not reach Telegram
│   └── MaybeSent          a message may have reached Telegram: no answer came
├── GiveUp                 repeating cannot help: record it, move on
│   ├── UnsafeAddress      a URL we refuse to open: not public, or not http(s)
│   ├── TooLarge           a document over a cap (bytes, time, memory, entries)
│   │   └── Aborted        the process at work ran out of time, or died
│   ├── Unforeseen         an error in our code or a library that nobody foresaw
│   ├── NotAFeed           bytes that hold no feed
│   ├── NotAnArticle       a page that holds no article
│   ├── ChatGone           the bot is blocked, removed, or the chat is deleted
│   ├── ThreadClosed       the topic of the group is closed or deleted
│   ├── ChatMigrated       the group is now the supergroup ``new_id``
│   ├── BadMarkup          Telegram could not parse the entities of a message
│   └── Refused            Telegram refused a message for another lasting reason
├── ReaderError            the reader asked for something we cannot do: say so
└── SetupError             the operator must change a setting: one line, exit code 2
    └── NoDatabase         there is no database yet, and this command makes none

All but SetupError carry their ``reason`` as a value; ``bot.texts.explain`` makes sentences of it.
"""

import traceback
from pathlib import Path

from bot.reasons import Reason, Value

__all__ = [
    "Aborted",
    "BadMarkup",
    "ChatGone",
    "ChatMigrated",
    "DaybriefError",
    "FloodWait",
    "GiveUp",
    "MaybeSent",
    "NoDatabase",
    "NotAFeed",
    "NotAnArticle",
    "NotSent",
    "ReaderError",
    "Refused",
    "SetupError",
    "SourceUnavailable",
    "StoreUnavailable",
    "ThreadClosed",
    "TooLarge",
    "TryLater",
    "Unforeseen",
    "UnsafeAddress",
    "reason_of",
    "story_broken",
]


class DaybriefError(Exception):
    """Anything daybrief raises on purpose: the ``code`` of a reason, and what fills its blanks.

    ``str()`` of it is for logs.
    """

    def __init__(self, code: str, /, **values: Value) -> None:
        super().__init__(code)
        self.reason = Reason(code, values)

    def __str__(self) -> str:
        return str(self.reason)


class TryLater(DaybriefError):
    """The same call may succeed later."""


class SourceUnavailable(TryLater):
    """A feed or page could not be read; ``retry_after_s`` is what its host asked for, or None."""

    def __init__(
        self, code: str, /, *, retry_after_s: float | None = None, **values: Value
    ) -> None:
        super().__init__(code, **values)
        self.retry_after_s = retry_after_s


class StoreUnavailable(TryLater):
    """The database does not answer, or takes nothing: what concerns it, concerns all."""


class FloodWait(TryLater):
    """Telegram asked us to send nothing for ``wait_s`` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("flood-wait", seconds=wait_s)
        self.args = (wait_s,)
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


class Aborted(TooLarge):
    """The process that worked on it ran out of time or died: its fault, or the machine's."""


class Unforeseen(GiveUp):
    """An error in our own code or in a library that nobody foresaw; ``kind`` is its type.

    Its message is not kept: it may hold a reader's words.
    """

    def __init__(self, kind: str) -> None:
        super().__init__("unforeseen", kind=kind)
        self.args = (kind,)  # what a process is sent to make it again


class NotAFeed(GiveUp):
    """Bytes that hold no feed."""


class NotAnArticle(GiveUp):
    """A page that holds no article."""


class ChatGone(GiveUp):
    """Nothing can be sent to this chat until its reader comes back."""


class ThreadClosed(GiveUp):
    """Nothing can be sent to this topic of a group until it is opened again; to others it can."""


class ChatMigrated(GiveUp):
    """A group became another at the same platform, whose id there is ``new_id``."""

    def __init__(self, new_id: str) -> None:
        super().__init__("chat-migrated")
        self.args = (new_id,)
        self.new_id = new_id


class BadMarkup(GiveUp):
    """Telegram could not parse the entities of a message: send it as plain text."""


class Refused(GiveUp):
    """Telegram refused a message for a lasting reason other than the above."""


class ReaderError(DaybriefError):
    """The reader asked for something we cannot do; the sentence says what to do next."""


class SetupError(DaybriefError):
    """The program cannot run as it is set up; the text is one line for the operator."""

    def __init__(self, text: str) -> None:
        super().__init__("setup", text=text)
        self.args = (text,)

    def __str__(self) -> str:
        return str(self.reason.values["text"])


class NoDatabase(SetupError):
    """Nothing is stored yet where ``name`` says, and what was asked for begins nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no database {name} yet: daybrief run or daybrief db upgrade makes it."
        )
        self.args = (name,)


def reason_of(error: BaseException) -> Reason:
    """Return why ``error`` was raised; of one that nobody foresaw, its type alone.

    Its message may hold anything, a reader's words included. Causes, and what an ExceptionGroup
    holds, are not looked at.
    """
    if isinstance(error, DaybriefError):
        return error.reason
    return Reason("unforeseen", {"kind": type(error).__name__})


def story_broken(story_id: int, error: BaseException) -> Reason:
    """Return that a story had to be left out of an edition, and what ``error`` it met where.

    That is the type of the error, and the file and line that raised it ("" if it was never
    raised); its message is not kept.
    """
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__
    return Reason("story-broken", {"story": story_id, "kind": kind, "at": at})

"""Where chats are, on whatever platform."""

from dataclasses import dataclass, replace
from typing import Self

__all__ = ["ChatAddress"]


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """The place of a chat, or of one thread of it.

    ``platform`` is a messenger's name, and ``id`` the chat's id there, in the platform's own
    form. ``account`` is ours at the platform, by its id there; "" where there is one only.
    ``thread`` is the platform's number of a thread; 0 is the chat itself.
    """

    platform: str
    id: str
    account: str = ""
    thread: int = 0

    @property
    def chat(self) -> Self:
        """The address of the chat that the thread belongs to; itself if it is a chat's."""
        return replace(self, thread=0) if self.thread else self

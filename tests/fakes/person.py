"""A person who chats with the bot over the HTTP API of the tryout's chat page."""

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

__all__ = ["Person"]

Message = dict[str, Any]


class Person:
    """A chat partner of the bot; an async context manager that follows the chat while open.

    ``messages`` are the messages now in the chat, by id, as last edited; ``notes`` are the
    notifications after button presses, in order. A message has ``text``, ``entities``,
    ``keyboard`` and ``outgoing`` (true for the person's own).
    """

    def __init__(self, page_url: str, *, zone: str = "Europe/Berlin", language: str = "en") -> None:
        self._page_url = page_url.rstrip("/")
        self._me = {"zone": zone, "language": language}
        self._seq = 0
        self._changed = asyncio.Condition()
        self.chat = 0
        self.messages: dict[int, Message] = {}
        self.notes: list[str] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(trust_env=False)
        self.chat = (await self._post("hello", **self._me))["chat"]
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
            await self._listening
        await self._session.close()

    @property
    def answers(self) -> list[Message]:
        """The bot's messages, in order."""
        return [message for message in self.messages.values() if not message["outgoing"]]

    @property
    def texts(self) -> list[str]:
        """The texts of ``answers``."""
        return [message["text"] for message in self.answers]

    async def say(self, text: str) -> int:
        """Send a message to the bot; return the message's id."""
        return int((await self._post("say", chat=self.chat, text=text))["message_id"])

    async def press(self, label: str) -> None:
        """Tap the last button in the chat with ``label``; AssertionError if there is none."""
        for message in reversed(self.answers):
            for button in (button for row in message["keyboard"] for button in row):
                if button["text"] == label:
                    tapped = {"message_id": message["message_id"], "data": button["data"]}
                    await self._post("press", chat=self.chat, **tapped)
                    return
        raise AssertionError(f"there is no button {label!r} in {self.texts}")

    async def jump(self) -> None:
        """Move the tryout's clock to the next morning."""
        await self._post("jump", chat=self.chat)

    async def state(self) -> dict[str, Any]:
        """Return the state shown in the page's header, as a JSON object."""
        return await self._get(f"state?chat={self.chat}")

    async def wait_for(
        self, is_it: Callable[[Message], object], *, after: int = 0, within_s: float = 600
    ) -> Message:
        """Wait for the first answer with an id above ``after`` for which ``is_it`` is true.

        Raises AssertionError with all texts after ``within_s`` seconds.
        """

        def found() -> Message | None:
            later = (answer for answer in self.answers if answer["message_id"] > after)
            return next((answer for answer in later if is_it(answer)), None)

        try:
            async with asyncio.timeout(within_s), self._changed:
                await self._changed.wait_for(found)
        except TimeoutError:
            raise AssertionError(f"no such answer within {within_s:g} s: {self.texts}") from None
        message = found()
        assert message is not None
        return message

    async def _listen(self) -> None:
        while True:
            events = (await self._get(f"events?chat={self.chat}&after={self._seq}"))["events"]
            async with self._changed:
                for event in events:
                    self._take(event)
                self._changed.notify_all()

    def _take(self, event: Message) -> None:
        self._seq = event["seq"]
        match event["kind"]:
            case "message" | "edited":
                self.messages[event["message_id"]] = event
            case "deleted":
                self.messages.pop(event["message_id"], None)
            case "callback_answer":
                self.notes.append(event["text"])

    async def _post(self, name: str, **body: Any) -> dict[str, Any]:
        url = f"{self._page_url}/tryout/{name}"
        async with self._session.post(url, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def _get(self, path: str) -> dict[str, Any]:
        async with self._session.get(f"{self._page_url}/tryout/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

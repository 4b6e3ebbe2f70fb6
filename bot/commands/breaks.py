"""A break from the news: /pause and /resume."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.refresh import RefreshForReader
from bot.commands.request import Request, plain_message
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.steps.composing import Composing
from bot.store import Store

__all__ = ["Breaks"]

# A pause without an end: until /resume.
_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"(\d{1,3})\s*(d|days?|w|weeks?)?", re.IGNORECASE)


class Breaks:
    """The use cases of a break. ``ring`` wakes a named job of the clock."""

    def __init__(
        self,
        store: Store,
        composing: Composing,
        refresh: RefreshForReader,
        ring: Callable[[str], None],
    ) -> None:
        self._store = store
        self._composing = composing
        self._refresh = refresh
        self._ring = ring

    async def pause(self, request: Request, text: str) -> Message:
        """Hold the room's scheduled briefings; return when they come again, as the answer.

        ``text`` is a span from now of up to 999 days or weeks ("3" of days, "3 days", "2w"), an ISO
        date, at whose first minute in the chat's zone (UTC if it has none) the break ends, or
        blank: until /resume; "until" before it is passed over. A break that is on is replaced.
        Raises ReaderError where it is none of these or is over already, and StoreUnavailable. One
        write.
        """
        texts = request.texts
        until = _until(text, request) if text.strip() else _FOR_EVER
        if until is None or until <= request.now:
            raise ReaderError("until-when")
        settings = request.room.settings.choose(paused_until=until)
        await self._store.chats.save_settings(request.room.id, settings)
        if until == _FOR_EVER:
            return plain_message(
                texts._("Paused. /resume brings the briefings back, /brief works meanwhile.")
            )
        zone = request.room.chat.zone or "UTC"
        day = texts.day(until.astimezone(ZoneInfo(zone)).date())
        return plain_message(
            texts._("Paused until {day}. /resume ends the break earlier.", day=day)
        )

    async def resume(self, request: Request, _text: str) -> Message | None:
        """End a break, and queue a briefing on the best of it; None, as that is the answer.

        A message is returned if the room reads nothing, or no source can be reached. Waits as
        ``BriefNow.queue`` does. Raises ReaderError without a break (one that is over by itself
        still counts), and if the briefing cannot be composed, and StoreUnavailable. The break is
        ended first, by one write: whatever fails later, asking again raises ReaderError, and
        /brief is the way to a briefing.
        """
        if request.room.settings.paused_until is None:
            raise ReaderError("not-on-a-break")
        settings = request.room.settings.choose(paused_until=None)
        await self._store.chats.save_settings(request.room.id, settings)
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        if not subscriptions:
            welcome = request.texts._("Welcome back. Try /subscribe north-korea or /topics")
            return plain_message(welcome)
        async with request.lane():
            if unreachable := await self._refresh.refresh(request, subscriptions):
                return unreachable
            edition = Edition(
                room=replace(request.room, settings=settings),
                kind=EditionKind.CATCH_UP,
                key=str(request.update_id),
                catch_up_since=await self._store.editions.last_at(request.room.id),
            )
            await self._composing.compose_asked(edition)
        self._ring("deliver")
        return None


def _until(text: str, request: Request) -> datetime | None:
    """Return the end that ``text`` names: a span from now, or the start of a local date."""
    words = text.strip().lower().removeprefix("until ").strip()
    span = _SPAN.fullmatch(words)
    if span is not None:
        days = int(span[1]) * (7 if (span[2] or "d").startswith("w") else 1)
        return request.now + timedelta(days=days)
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    zone = ZoneInfo(request.room.chat.zone or "UTC")
    try:
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None

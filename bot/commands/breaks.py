"""A break from the news: /pause and /resume."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.core import get_global

from bot.commands.break_notice import OPEN_END, say_break
from bot.commands.reading_times import BreakEnd, read_break_end
from bot.commands.refresh import RefreshForReader
from bot.commands.request import Request, plain_message
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.steps.composing import Composing
from bot.store import Store

__all__ = ["Breaks", "break_end"]

# A pause without an end: until /resume.
_FOR_EVER = datetime(OPEN_END, 1, 1, tzinfo=UTC)
# Where 12/10 is 10 December.
_MONTH_FIRST = {"US", "PR", "GU", "VI", "AS", "MP"}


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

    async def pause(self, request: Request, text: str) -> Message | None:
        """Hold the room's scheduled briefings; return when they come again, as the answer.

        ``text`` is as ``read_break_end`` takes it: a span from now, a date or a weekday in the
        chat's zone (UTC if it has none), in any of our languages, or blank: until /resume. "off"
        does what ``resume`` does. A break that is on is replaced. Raises ReaderError where it is
        none of these or is over already, and StoreUnavailable. One write.
        """
        texts = request.texts
        end = break_end(text, request) if text.strip() else BreakEnd(is_open=True)
        if end is None:
            raise ReaderError("until-when")
        if end.is_resumed:
            return await self.resume(request, "")
        until = _FOR_EVER if end.until is None else end.until.astimezone(UTC)
        settings = request.room.settings.choose(paused_until=until)
        await self._store.chats.save_settings(request.room.id, settings)
        if end.until is None:
            return plain_message(
                texts._("Paused. /resume brings the briefings back, /brief works meanwhile.")
            )
        return plain_message(say_break(replace(request.room, settings=settings), request))

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


def break_end(text: str, request: Request) -> BreakEnd | None:
    """Return the end that ``text`` names, in the reader's zone and order of dates; never raises."""
    zone = request.room.zone or "UTC"
    country = get_global("zone_territories").get(zone, "")
    now = request.now.astimezone(ZoneInfo(zone))
    return read_break_end(text, now, month_first=country in _MONTH_FIRST)

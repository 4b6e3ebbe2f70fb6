"""Reading the newest for a reader who waits for a briefing, with their progress shown."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from bot.commands.request import Request, plain_message, subscription_name
from bot.domain.message import Message
from bot.domain.ports import Clock
from bot.domain.subscription import EVERYTHING, Subscription
from bot.flow import Gathering
from bot.store import Store
from bot.store.refresh_progress import RefreshProgress
from bot.texts import Texts
from bot.topics import Topics

__all__ = ["RefreshForReader", "progress_line"]

# A reader who asked waits this long for feeds to be read anew, then gets what there is.
_REFRESH_WAIT_S = 12.0
# And so long for sources that were never polled, so that a first briefing, with a second or
# two to make and send it, is there within twenty.
_FIRST_WAIT_S = 18.0
# What takes no longer than the first needs no word; later ones keep within the pace of messengers.
_FIRST_WORD_S = 1.0
_NEXT_WORD_S = 2.0
# Once so many of the sources due have answered and nothing comes in any more between two
# words, the rest is not waited for.
_MOST = 0.75
_MAX_NAMES = 3
_log = logging.getLogger(__name__)


class RefreshForReader:
    """Gathers what a room reads before a briefing at once; what takes too long goes on."""

    def __init__(self, store: Store, gathering: Gathering, topics: Topics, clock: Clock) -> None:
        self._store = store
        self._gathering = gathering
        self._topics = topics
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    async def refresh(
        self, request: Request, subscriptions: Sequence[Subscription]
    ) -> Message | None:
        """Read what is due for ``subscriptions``, for at most 12 s, or 18 s the first time.

        For less once three quarters of those due have answered and no more comes in. While
        sources are polled for the first time, the request's notice shows the progress, and may
        outlast the limit once; it is cleared in the end. Then what came in is grouped, which may
        take seconds more. Return what to answer if no source can be reached, else None. Sources
        that are all unreachable are tried again even if they are not due. Without subscriptions,
        all that is due for anybody is read. An error of reading is logged only. Raises
        StoreUnavailable. What takes longer, or a cancelled call had begun, goes on until
        ``close``.
        """
        keys = [subscription.key for subscription in subscriptions]
        before = await self._store.refresh_progress(keys, now=request.now)
        if before.is_dead:  # it may be the network's fault, and that may be over
            await self._store.feeds.poll_now([*keys, EVERYTHING], now=request.now)
        is_first = before.is_new or before.is_dead
        try:
            await self._wait(request, subscriptions, is_first=is_first)
        finally:
            await request.notice.clear()
        # What was read so far may belong to a refresh that goes on.
        await self._gathering.grouping.group()
        after = await self._store.refresh_progress(keys, now=self._clock.now())
        if not after.is_dead:
            return None
        return plain_message(
            request.texts.ngettext(
                "The {n} source there is could not be reached. "
                "Is the network down? /brief tries again.",
                "None of the {n} sources could be reached. "
                "Is the network down? /brief tries again.",
                after.sources,
            )
        )

    async def close(self) -> None:
        """Cancel the refreshes that still run, and wait for their end; never raises.

        It closes nothing: a later ``refresh`` runs.
        """
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _wait(
        self, request: Request, subscriptions: Sequence[Subscription], *, is_first: bool
    ) -> None:
        """Return when all is read, or when a reader's patience is over."""
        keys = [subscription.key for subscription in subscriptions]
        names = [subscription_name(s, self._topics, request.texts) for s in subscriptions]
        refresh = asyncio.create_task(self._refresh(keys))
        self._running.add(refresh)
        refresh.add_done_callback(self._running.discard)
        left_s = _FIRST_WAIT_S if is_first else _REFRESH_WAIT_S
        ends_at = self._clock.now() + timedelta(seconds=left_s)
        pause_s, line = _FIRST_WORD_S, ""
        first = state = await self._store.refresh_progress(keys, now=self._clock.now())
        while left_s > 0 and not refresh.done():
            pause = asyncio.create_task(self._clock.sleep(min(pause_s, left_s)))
            try:
                if line:
                    await request.notice.say(line)
                await asyncio.wait({refresh, pause}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                pause.cancel()
            # A notice may take long. Of a clock that is set meanwhile the pauses are right.
            left_s = min(left_s - pause_s, (ends_at - self._clock.now()).total_seconds())
            pause_s = _NEXT_WORD_S
            before = state
            state = await self._store.refresh_progress(keys, now=self._clock.now())
            has_most = state.articles and state.due <= (1 - _MOST) * first.due
            # What runs on after that is read for others, or hangs.
            if state.is_done or (has_most and state == before):
                break
            line = progress_line(state, names, request.texts) if is_first else ""

    async def _refresh(self, keys: Sequence[str]) -> None:
        try:
            await self._gathering.refresh(keys)
            await self._gathering.underway.end(_FIRST_WAIT_S)
        except Exception:  # noqa: BLE001 - the edge of a task nobody awaits
            # The reader gets what is in memory; the poll job will try again.
            _log.exception("refresh for a reader failed")


def progress_line(state: RefreshProgress, names: Sequence[str], texts: Texts) -> str:
    """Return one line on how far the reading for the subscriptions called ``names`` is.

    There is at least one. While sources are still asked, the first three are named, in their
    order, and the others counted. Without markup.
    """
    found = texts.ngettext("Found {n} article.", "Found {n} articles.", state.articles)
    if state.asked < state.sources:
        shown = list(names[:_MAX_NAMES])
        if hidden := len(names) - len(shown):
            shown.append(texts.ngettext("{n} more", "{n} more", hidden))
        asking = texts.ngettext(
            "Reading {done} of {n} source for {names} …",
            "Reading {done} of {n} sources for {names} …",
            state.sources,
            done=texts.number(state.asked),
            names=texts.join(shown),
        )
        return f"{asking} {found}" if state.articles else asking
    reading = texts.ngettext("Reading {n} page …", "Reading {n} pages …", state.waiting)
    return f"{found} {reading}" if state.articles else reading

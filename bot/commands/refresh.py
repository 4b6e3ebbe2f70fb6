"""Has the newest read for a reader who waits, and says how that goes."""

import asyncio
import logging
from collections.abc import Sequence

from bot.commands.means import Means
from bot.commands.request import Request, say
from bot.domain.message import Message
from bot.domain.subscription import Subscription
from bot.store.refresh_progress import RefreshProgress
from bot.texts import Texts

__all__ = ["RefreshForReader", "progress"]

# A reader who asked waits this long for feeds to be read anew, then gets what there is.
_REFRESH_WAIT_S = 12.0
# And so long for sources that were never asked, so that a first briefing, with a second or
# two to make and send it, is there within twenty.
_FIRST_WAIT_S = 18.0
# What takes no longer than the first needs no word; later ones keep within Telegram's pace.
_FIRST_WORD_S = 1.0
_NEXT_WORD_S = 2.0
# Once so many of the sources due have answered and nothing comes in any more between two
# words, the rest is not waited for.
_MOST = 0.75
_MAX_NAMES = 3
_log = logging.getLogger(__name__)


class RefreshForReader:
    """The wait before a briefing at once."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._refreshes: set[asyncio.Task[None]] = set()

    async def gather(
        self, request: Request, subscriptions: Sequence[Subscription]
    ) -> Message | None:
        """Read what is due for ``subscriptions``; what takes too long goes on by itself.

        While sources are asked for the first time, the request's notice says how it goes.
        Return what to answer if none of them can be reached, else None.
        """
        keys = [one.key for one in subscriptions]
        before = await self._progress(keys)
        if before.is_dead:  # it may be the network's fault, and that may be over
            await self._means.store.feeds.poll_now([*keys, "*"], now=request.now)
        is_first = before.is_new or before.is_dead
        try:
            await self._wait(request, subscriptions, is_first=is_first)
        finally:
            await request.notice.clear()
        # What was read so far may belong to a refresh that goes on.
        await self._means.flow.intake.grouping.group()
        after = await self._progress(keys)
        return _unreachable(after, request) if after.is_dead else None

    async def close(self) -> None:
        """End the refreshes that outlasted their readers' patience."""
        for task in self._refreshes:
            task.cancel()
        await asyncio.gather(*self._refreshes, return_exceptions=True)

    async def _wait(
        self, request: Request, subscriptions: Sequence[Subscription], *, is_first: bool
    ) -> None:
        """Return when all is read, or when a reader's patience is over."""
        keys = [one.key for one in subscriptions]
        names = [self._means.name_of(one, request.texts) for one in subscriptions]
        refresh = self._start(keys)
        left_s = _FIRST_WAIT_S if is_first else _REFRESH_WAIT_S
        pause_s, word = _FIRST_WORD_S, ""
        first = state = await self._progress(keys)
        while left_s > 0 and not refresh.done():
            pause = asyncio.create_task(self._means.clock.sleep(min(pause_s, left_s)))
            try:
                if word:
                    await request.notice.say(word)
                await asyncio.wait({refresh, pause}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                pause.cancel()
            left_s, pause_s = left_s - pause_s, _NEXT_WORD_S
            before, state = state, await self._progress(keys)
            has_most = state.articles and state.due <= (1 - _MOST) * first.due
            # What runs on after that is read for others, or hangs.
            if state.is_done or (has_most and state == before):
                break
            word = progress(state, names, request.texts) if is_first else ""

    def _start(self, keys: Sequence[str]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._refresh(keys))
        self._refreshes.add(task)
        task.add_done_callback(self._refreshes.discard)
        return task

    async def _refresh(self, keys: Sequence[str]) -> None:
        try:
            await self._means.flow.refresh(keys)
            await self._means.flow.intake.refreshes.end(_FIRST_WAIT_S)
        except Exception:  # noqa: BLE001 - the edge of a task nobody awaits
            # The reader gets what is in memory; the poll job will try again.
            _log.exception("refresh for a reader failed")

    async def _progress(self, keys: Sequence[str]) -> RefreshProgress:
        return await self._means.store.refresh_progress(keys, now=self._means.clock.now())


def progress(state: RefreshProgress, names: Sequence[str], texts: Texts) -> str:
    """Return in one line how far the reading for the subscriptions called ``names`` is."""
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


def _unreachable(state: RefreshProgress, request: Request) -> Message:
    return say(
        request.texts.ngettext(
            "The {n} source there is could not be reached. "
            "Is the network down? /brief tries again.",
            "None of the {n} sources could be reached. Is the network down? /brief tries again.",
            state.sources,
        )
    )

"""A pool of worker processes, and its stand-in for tests: threads."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

from bot.errors import Aborted
from bot.memory import trim
from bot.workers.process import CLOSE_S, START_S, STRETCH, Worker, start_method
from bot.workers.serving import Failure, attempt

__all__ = ["IDLE_S", "TIMEOUT_S", "AnyWorkers", "InlineWorkers", "Workers"]

P = ParamSpec("P")
R = TypeVar("R")

# The longest a document may take: the slowest honest one of our samples needs a third.
TIMEOUT_S = 3.0
# What a task may allocate beyond what its process has after its imports. The 563 real feeds and
# pages of our samples all fit into 100 MB.
MAX_MEMORY_BYTES = 150_000_000
# How long a process without work is kept: the parts of a reading or a morning come closer.
IDLE_S = 60.0
_log = logging.getLogger(__name__)


class AnyWorkers(Protocol):
    """Runs functions away from the event loop: in processes, or in threads in tests."""

    async def run(
        self,
        function: Callable[..., R],
        /,
        *args: object,
        timeout_s: float = TIMEOUT_S,
        **kwargs: object,
    ) -> R:
        """Return ``function(*args, **kwargs)``; for at most ``timeout_s`` once it runs.

        In a process these are seconds of its processor time: a busy machine fails nobody. Before
        that a call waits for its turn, as long as it takes.

        Raises a DaybriefError that the function raises. Any other failure raises TooLarge
        where memory or recursion was the reason, as it is taken to be in a process that has used
        half its memory, in this call or before; Aborted (a TooLarge) where it ran out of time
        or its process died; and Unforeseen otherwise, which is logged.
        """
        ...

    async def warm(self) -> None:
        """Return once a call would be taken up without a start. Raises as ``run`` does."""
        ...

    async def __aenter__(self) -> Self:
        """Open for work."""
        ...

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """End all work."""
        ...


class Workers:
    """At most ``max_workers`` processes, each of which can be killed without harm to the others.

    A process starts when a call finds none idle, and ends after ``idle_s`` without work.
    Never forked from this process: a fork would inherit the open database and half-held
    locks. Where the system can, they are forked from a clean process that has loaded the
    modules named by ``imports``; elsewhere each is spawned and loads them itself.
    An async context manager, entered once; leaving kills all processes. Making one starts
    nothing, sets what ``start_method`` sets, and raises ValueError unless ``max_workers`` is at
    least 1. With a module in ``imports`` that cannot be imported, every call is Aborted.
    """

    def __init__(
        self,
        *,
        max_workers: int = 2,
        imports: Sequence[str] = (),
        max_memory_bytes: int = MAX_MEMORY_BYTES,
        idle_s: float = IDLE_S,
    ) -> None:
        self._idle_s = idle_s
        context = start_method(tuple(imports))
        # The last is taken first, so that those that are not needed stay idle.
        self._free = [Worker(context, tuple(imports), max_memory_bytes) for _ in range(max_workers)]
        self._workers = tuple(self._free)
        self._turn = asyncio.Semaphore(max_workers)
        self._threads = ThreadPoolExecutor(max_workers, thread_name_prefix="worker")
        self._calls: set[asyncio.Future[Any]] = set()
        self._retirement: asyncio.TimerHandle | None = None
        self._closed = False

    async def run(
        self,
        function: Callable[..., R],
        /,
        *args: object,
        timeout_s: float = TIMEOUT_S,
        **kwargs: object,
    ) -> R:
        """Return ``function(*args, **kwargs)``, computed in a process of ours.

        ``timeout_s`` is of processor time, from when a process takes the call up; ten times that
        may pass by the clock. Before that, a call waits for a free process, and for its start (up
        to minutes on a busy machine). Function, arguments and result must be picklable, which for
        a function means defined in a module; a result may have 32 MB. Raises as AnyWorkers.run
        does (Unforeseen for what cannot be pickled), and RuntimeError once these workers are
        closed; closing them makes a call under way Aborted. Cancelled, it kills the process.
        """
        await self._turn.acquire()
        if self._closed:
            self._turn.release()
            raise RuntimeError("these workers are closed")
        worker = self._free.pop()
        worker.is_wanted = True
        call: asyncio.Future[R | Failure] = asyncio.get_running_loop().run_in_executor(
            self._threads, worker.run, function, args, kwargs, timeout_s
        )
        self._calls.add(call)
        call.add_done_callback(lambda _: self._put_back(worker, call))
        try:
            # The outer limit is for an answer that begins and never ends.
            async with asyncio.timeout(STRETCH * timeout_s + 3 * START_S):
                outcome = await asyncio.shield(call)
        except TimeoutError as error:
            raise Aborted("too-slow", seconds=timeout_s) from error
        finally:
            if not call.done():
                worker.kill()
        return _result(outcome)

    async def warm(self) -> None:
        """Return once a process has started with its imports.

        Later ones start in a moment where they are forked from one that has them (not on
        Windows). Raises as ``run`` does.
        """
        await self.run(os.getpid)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed = True
        if self._retirement is not None:
            self._retirement.cancel()
        for worker in self._workers:
            worker.kill()
        if self._calls:
            await asyncio.wait(self._calls, timeout=CLOSE_S)
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in self._workers))
        self._threads.shutdown(wait=False)

    def _put_back(self, worker: Worker, call: asyncio.Future[Any]) -> None:
        self._calls.discard(call)
        call.exception()  # where the call was cancelled, nothing else retrieves it
        loop = asyncio.get_running_loop()
        worker.idle_since = loop.time()
        self._free.append(worker)
        self._turn.release()
        if self._retirement is None and not self._closed:
            self._retirement = loop.call_later(self._idle_s, self._retire)

    def _retire(self) -> None:
        """End the processes that were idle for long; look again when the next may be.

        Their workers stay where they are: a call that has one in hand starts a new process.
        """
        loop = asyncio.get_running_loop()
        self._retirement = None
        running = [worker for worker in self._free if worker.is_running]
        for worker in running:
            if loop.time() - worker.idle_since >= self._idle_s:
                worker.end(wait_s=0)
        ends = [worker.idle_since + self._idle_s for worker in running if worker.is_running]
        if ends:
            self._retirement = loop.call_at(min(ends), self._retire)
        elif len(self._free) == len(self._workers):  # nothing to do: the bot's own rest
            loop.run_in_executor(self._threads, trim)  # 30 ms


class InlineWorkers:
    """The same calls in a thread of this process: for tests, which need no protection.

    What takes too long is given up as Aborted, but its thread cannot be killed: it works on, as
    after a cancelled call, and ``asyncio.run`` waits for it at its end. Never closed.
    """

    async def run(
        self,
        function: Callable[..., R],
        /,
        *args: object,
        timeout_s: float = TIMEOUT_S,
        **kwargs: object,
    ) -> R:
        """Return ``function(*args, **kwargs)``, computed in a thread.

        ``timeout_s`` is by the clock, the wait for a thread included. Memory has no cap. Raises as
        AnyWorkers.run does.
        """
        try:
            async with asyncio.timeout(timeout_s):
                outcome = await asyncio.to_thread(attempt, function, args, kwargs)
        except TimeoutError as error:
            raise Aborted("too-slow", seconds=timeout_s) from error
        return _result(outcome)

    async def warm(self) -> None:
        """Return at once: threads need no start."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the threads to end by themselves."""


def _result(outcome: R | Failure) -> R:
    """Return the result of a call, or raise its error."""
    if not isinstance(outcome, Failure):
        return outcome
    if outcome.frames:
        _log.error("unforeseen error=%s\n%s", outcome.error, outcome.frames)
    raise outcome.error

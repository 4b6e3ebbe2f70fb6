"""Processes for work that would hold up the event loop: parsing, extracting, composing.

A document from outside may be built to take minutes or gigabytes. So such work runs in
processes of its own that can be killed, with a cap on its time and on its memory.
"""

import asyncio
import contextlib
import importlib
import multiprocessing
import multiprocessing.context
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Protocol, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import TooLarge

__all__ = ["TIMEOUT_S", "AnyWorkers", "InlineWorkers", "Workers"]

P = ParamSpec("P")
R = TypeVar("R")

# The longest a document may take: the slowest honest one of our samples needs a third.
TIMEOUT_S = 3.0
# What a task may allocate beyond what its process has after its imports. The 563 real feeds and
# pages of our samples all fit into 100 MB.
MAX_MEMORY_BYTES = 150_000_000
# How long a process may take to start and import, on a busy machine.
_START_S = 60.0
# A process is replaced after so many calls: what large documents leave behind goes with it. Of
# the 563 real feeds and pages, that is 80 MB after a hundred of them, and no more after 1,100.
_MAX_TASKS = 1_000
# How long closing waits for processes that were told to die.
_CLOSE_S = 5.0


class AnyWorkers(Protocol):
    """Whoever runs a function away from the event loop: processes, or a thread in tests."""

    async def run(
        self,
        function: Callable[..., R],
        /,
        *args: object,
        timeout_s: float = TIMEOUT_S,
        **kwargs: object,
    ) -> R:
        """Return ``function(*args, **kwargs)``; raises what it raises, or TooLarge."""
        ...

    async def warm(self) -> None:
        """Return once every worker has started."""
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
    """A few spawned processes, each of which can be killed without harm to the others.

    Never forked from this process: a fork would inherit the open database and half-held
    locks. Where the system can, they are forked from a clean process that has loaded the
    modules named by ``imports``; elsewhere each is spawned and loads them itself. One process
    fewer than there are works at once: the last is the spare, lean as it started.
    """

    def __init__(
        self,
        *,
        max_workers: int = 2,
        imports: Sequence[str] = (),
        max_memory_bytes: int = MAX_MEMORY_BYTES,
    ) -> None:
        self._workers = [_Worker(tuple(imports), max_memory_bytes) for _ in range(max_workers)]
        self._at_once = asyncio.Semaphore(max(max_workers - 1, 1))
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._workers:
            self._free.put_nowait(worker)
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

        ``timeout_s`` counts from when a process takes the call up, not while it waits for
        one. Function, arguments and result must be picklable. Raises what the function
        raises; TooLarge where it took too long or too much memory, or its process died.
        """
        if self._closed:
            raise RuntimeError("these workers are closed")
        async with self._at_once:
            worker = await self._free.get()
            try:
                return await worker.run(function, args, kwargs, timeout_s)
            finally:
                self._free.put_nowait(worker)

    async def warm(self) -> None:
        """Return once every process has started and holds its imports."""
        await asyncio.gather(*(worker.start() for worker in self._workers))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed = True
        await asyncio.gather(*(worker.close() for worker in self._workers))


class InlineWorkers:
    """The same calls in a thread of this process: for tests, which need no protection.

    What takes too long is given up as TooLarge, but its thread cannot be killed.
    """

    async def run(
        self,
        function: Callable[..., R],
        /,
        *args: object,
        timeout_s: float = TIMEOUT_S,
        **kwargs: object,
    ) -> R:
        """Return ``function(*args, **kwargs)``, computed in a thread."""
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.to_thread(function, *args, **kwargs)
        except TimeoutError as error:
            raise TooLarge(_too_slow(timeout_s)) from error
        except (MemoryError, RecursionError) as error:
            raise TooLarge(_TOO_MUCH) from error

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


class _Worker:
    """One process, through a pool of one: pools of several share locks.

    A process killed while it holds such a lock would stop the others for a minute.
    """

    def __init__(self, imports: tuple[str, ...], max_memory_bytes: int) -> None:
        self._setup = (imports, max_memory_bytes)
        self._pool = self._new_pool()
        self._started = False

    async def run(
        self,
        function: Callable[..., R],
        args: tuple[object, ...],
        kwargs: dict[str, object],
        timeout_s: float,
    ) -> R:
        """Return the function's result; a process that died while idle is replaced first."""
        await self.start()
        try:
            return await self._once(function, args, kwargs, timeout_s)
        except BrokenProcessPool:
            # It died before it took the call up, so the call may be made again.
            await self._replace()
            await self.start()
            return await self._once(function, args, kwargs, timeout_s)

    async def start(self) -> None:
        """Return once the process answers; starting one takes a moment, hence the thread."""
        if self._started and self._pool.active:
            return
        if self._started:
            await self._replace()
        future = await asyncio.to_thread(self._pool.schedule, os.getpid)
        self._started = True
        await asyncio.wait_for(asyncio.wrap_future(future), _START_S)

    async def close(self) -> None:
        """Kill the process; never waits longer than a few seconds."""
        self._started = False
        self._pool.stop()  # type: ignore[no-untyped-call]
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        # A daemon thread: one that hangs must not hold up the exit of the program.
        threading.Thread(target=_join, args=(self._pool, loop, done), daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _CLOSE_S)

    async def _once(
        self,
        function: Callable[..., R],
        args: tuple[object, ...],
        kwargs: dict[str, object],
        timeout_s: float,
    ) -> R:
        future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=timeout_s)
        try:
            # The outer limit is for a pool that has lost its way, and never answers.
            result: R = await asyncio.wait_for(
                asyncio.wrap_future(future), timeout_s + 2 * _START_S
            )
        except TimeoutError as error:
            if not future.done() or future.cancelled():
                await self._replace()
            raise TooLarge(_too_slow(timeout_s)) from error
        except (MemoryError, RecursionError) as error:
            # The heap may stay at its cap; a new process starts with an empty one.
            await self._replace()
            raise TooLarge(_TOO_MUCH) from error
        except ProcessExpired as error:
            raise TooLarge("its process died") from error
        return result

    async def _replace(self) -> None:
        await self.close()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            max_tasks=_MAX_TASKS,
            initializer=_set_up_process,
            initargs=self._setup,
            context=_context(self._setup[0]),
        )


_TOO_MUCH = "it takes too much memory"


def _context(imports: tuple[str, ...]) -> multiprocessing.context.BaseContext:
    """Return how processes start: forked from a clean one that holds ``imports``, or spawned."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # Threads of a numeric library do not live through a fork.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(imports))
    return context


def _too_slow(timeout_s: float) -> str:
    return f"it takes more than {timeout_s:g} s"


def _join(pool: ProcessPool, loop: asyncio.AbstractEventLoop, done: asyncio.Event) -> None:
    pool.join()
    with contextlib.suppress(RuntimeError):  # the loop has closed: nobody waits any more
        loop.call_soon_threadsafe(done.set)


def _set_up_process(imports: tuple[str, ...], max_memory_bytes: int) -> None:
    """Prepare a new process: its imports, its cap, and how it dies."""
    # Pebble handles SIGTERM in Python, which C code that never returns would not reach.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for module in imports:
        importlib.import_module(module)
    _cap_memory(max_memory_bytes)


def _die_with_parent() -> None:
    """End this process when its parent is gone, were it killed: nobody wants its result."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _cap_memory(max_bytes: int) -> None:
    """Let this process grow by ``max_bytes`` and no further, where the system can tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    import resource  # noqa: PLC0415  (Windows has no such module)

    pages = int(statm.read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + max_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

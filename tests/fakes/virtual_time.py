"""An event loop whose clock jumps over the time in which nothing happens.

A morning's hours of waiting pass in no time, while everything runs that would run: timers in
their order, threads, processes, sockets. What a loop cannot see, it must not overtake. So time
jumps only where nothing is under way: no call in an executor, no statement of aiosqlite, no
child process, no descriptor given to ``add_reader`` (psycopg's way to wait), no bytes in a socket.
"""

import asyncio
import os
import selectors
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from queue import SimpleQueue
from typing import Any, Self, TypeVar

import aiosqlite.core
import apscheduler.schedulers.base

import bot.clock.system
from bot.clock.trusted import TrustedClock

__all__ = ["DeadlockError", "VirtualClock", "VirtualLoop", "run_virtually", "virtual_machine"]

R = TypeVar("R")
# The longest to wait for another process's bytes before time jumps: it may be at work.
_FOREIGN_S = 0.05
# The same where only they can go on, and there is no timer to jump to.
_PATIENCE_S = 30.0


class DeadlockError(RuntimeError):
    """Every task waits, and nothing is left that could wake one."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that jumps to its next timer instead of sleeping until then.

    Work takes no time, so that a run is the same each time; with ``counts_work`` it takes as long
    as it takes. ``wall`` begins at ``start``, the present unless given. While something is under
    way that the loop waits for (see the module), time does not jump; the descriptors of other
    processes are given 50 ms to say something. Where no task could ever go on, the loop ends with
    DeadlockError. ``skipped_s`` are the seconds jumped over.
    """

    def __init__(self, *, counts_work: bool = False, start: datetime | None = None) -> None:
        self.skipped_s = 0.0
        self._began_s = time.monotonic()
        self._counts_work = counts_work
        self._start = start or datetime.now(UTC)
        self._under_way = 0
        super().__init__(_JumpingSelector(self._idle))

    def time(self) -> float:
        """Return the seconds of the loop's clock."""
        passed_s = time.monotonic() - self._began_s if self._counts_work else 0.0
        return self._began_s + self.skipped_s + passed_s

    def wall(self) -> datetime:
        """Return the instant that the loop's clock shows, in UTC."""
        return self._start + timedelta(seconds=self.time() - self._began_s)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let time not jump while inside, for work that the loop cannot see."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def watch(self, future: "asyncio.Future[Any]") -> None:
        """Let time not jump until ``future`` is done."""
        self._under_way += 1
        future.add_done_callback(self._unwatch)

    def run_in_executor(  # type: ignore[override] # any function: what it returns is not looked at
        self, executor: Any, func: Any, *args: Any
    ) -> "asyncio.Future[Any]":
        """As every loop's; time does not jump until it is done or cancelled."""
        future = super().run_in_executor(executor, func, *args)
        self.watch(future)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        """As every loop's."""
        with self.busy():
            await super().shutdown_default_executor(*args)

    def add_reader(  # type: ignore[override]
        self, fd: Any, callback: Any, *args: Any
    ) -> None:
        """As every loop's; time does not jump until it is removed."""
        super().add_reader(fd, callback, *args)
        self._idle_selector.waited_for.add(_number(fd))

    def add_writer(  # type: ignore[override]
        self, fd: Any, callback: Any, *args: Any
    ) -> None:
        """As every loop's; time does not jump until it is removed."""
        super().add_writer(fd, callback, *args)
        self._idle_selector.waited_for.add(_number(fd))

    async def _make_subprocess_transport(self, *args: Any, **kwargs: Any) -> Any:
        make = super()._make_subprocess_transport  # type: ignore[misc] # not in typeshed
        with self.busy():
            transport = await make(*args, **kwargs)
        self.watch(self.create_task(transport._wait()))
        return transport

    @property
    def _idle_selector(self) -> "_JumpingSelector":
        selector: _JumpingSelector = self._selector  # type: ignore[attr-defined]
        return selector

    def _unwatch(self, _: "asyncio.Future[Any]") -> None:
        self._under_way -= 1

    def _idle(self, timeout_s: float | None) -> list[Any]:
        """Jump to the next timer, ``timeout_s`` from now, or wait for what is under way."""
        selector = self._idle_selector
        wait = selector.wait
        if self._under_way or selector.waited_for:
            return wait(timeout_s if self._counts_work else None)
        if events := wait(0):
            return events
        is_foreign = selector.has_foreign(self._ssock)  # type: ignore[attr-defined]
        patience_s = _PATIENCE_S if timeout_s is None else min(_FOREIGN_S, timeout_s)
        if is_foreign and (events := wait(patience_s)):
            return events
        if timeout_s is None:
            raise DeadlockError("every task waits, and nothing is left to wait for")
        self.skipped_s += timeout_s
        return []


class VirtualClock:
    """``bot.domain.ports.Clock`` over a loop's virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """Return the loop's instant, in UTC."""
        return self._loop.wall()

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` of the loop's time have passed."""
        await asyncio.sleep(max(seconds, 0.0))


def run_virtually(
    main: Callable[[VirtualLoop], Coroutine[Any, Any, R]],
    *,
    counts_work: bool = False,
    start: datetime | None = None,
) -> R:
    """Return what ``main`` returns, run in a virtual loop of its own; see ``VirtualLoop``."""

    async def given() -> R:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        return await main(loop)

    def factory() -> VirtualLoop:
        return VirtualLoop(counts_work=counts_work, start=start)

    with _statements_watched(), asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(given())


@contextmanager
def virtual_machine(loop: VirtualLoop) -> Iterator[TrustedClock]:
    """Let the machine's clock as the bot and APScheduler read it be ``loop``'s; give the bot's.

    Only where they name the time themselves, ``bot.clock.system`` and APScheduler's scheduler;
    dates that other libraries read stay the machine's.
    """

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            shown = loop.wall().astimezone(tz)
            return cls.fromtimestamp(shown.timestamp(), tz)

    modules: tuple[Any, ...] = (bot.clock.system, apscheduler.schedulers.base)
    before = [module.datetime for module in modules]
    try:
        for module in modules:
            module.datetime = Shifted
        yield TrustedClock(wall=loop.wall, steady=loop.time)
    finally:
        for module, real in zip(modules, before, strict=True):
            module.datetime = real


class _JumpingSelector(selectors.DefaultSelector):
    """A selector that asks ``idle`` what to do where it would wait.

    ``waited_for`` are descriptors whose owner waits for them now.
    """

    def __init__(self, idle: Callable[[float | None], list[Any]]) -> None:
        super().__init__()
        self._idle = idle
        self._foreign: dict[int, bool] = {}
        self.waited_for: set[int] = set()

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is not None and timeout <= 0:
            return self.wait(0)
        return self._idle(timeout)

    def wait(self, timeout_s: float | None) -> list[Any]:
        """Wait as every selector does."""
        return super().select(timeout_s)

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        self._foreign.clear()  # it may be the other end of one that is known
        return super().register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> Any:
        self._foreign.pop(_number(fileobj), None)
        self.waited_for.discard(_number(fileobj))
        return super().unregister(fileobj)

    def has_foreign(self, own: socket.socket) -> bool:
        """Return whether there is a descriptor of which the other end is not here.

        ``own`` is the loop's, by which threads wake it.
        """
        numbers = {_number(fileobj) for fileobj in self.get_map()} - {own.fileno()}
        if numbers - self._foreign.keys():
            addresses = {fd: _addresses(fd) for fd in numbers}
            here = {ours for ours, _ in addresses.values() if ours}
            self._foreign = {
                fd: theirs is None or (theirs != "" and theirs not in here)
                for fd, (_, theirs) in addresses.items()
            }
        return any(self._foreign[fd] for fd in numbers)


def _addresses(fd: int) -> tuple[Any, Any]:
    """Return a socket's own address and its peer's: "" for one that listens, None if unknown."""
    try:
        with socket.socket(fileno=os.dup(fd)) as same:
            ours = same.getsockname()
            if same.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return ours, ""
            return ours, same.getpeername() or None
    except OSError:  # a pipe, or not connected
        return None, None


def _number(fileobj: Any) -> int:
    return fileobj if isinstance(fileobj, int) else fileobj.fileno()


class _WatchedQueue(SimpleQueue):  # type: ignore[type-arg]
    """What aiosqlite hands its threads, seen by a virtual loop that waits for it."""

    def put_nowait(self, item: Any) -> None:
        future, _ = item
        if future is not None and isinstance(loop := future.get_loop(), VirtualLoop):
            loop.watch(future)
        super().put_nowait(item)


@contextmanager
def _statements_watched() -> Iterator[None]:
    core: Any = aiosqlite.core
    before, core.SimpleQueue = core.SimpleQueue, _WatchedQueue
    try:
        yield
    finally:
        core.SimpleQueue = before

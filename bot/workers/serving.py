"""One worker process, from within: calls come in, outcomes go out.

A pipe carries pickled values. The process says READY once; for each call, TAKEN_UP when it
begins, and then the result or a Failure.
"""

import contextlib
import importlib
import multiprocessing
import os
import pickle
import re
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeVar

from bot.errors import DaybriefError, TooLarge, Unforeseen

__all__ = ["MAX_ANSWER_BYTES", "READY", "TAKEN_UP", "Failure", "attempt", "failure", "serve"]

R = TypeVar("R")

READY, TAKEN_UP = b"ready", b"taken up"
# What an outcome may measure: several times what a document may, 5 MB.
MAX_ANSWER_BYTES = 32_000_000
# Of the memory that tasks may take, the share from which on a process counts as near its cap:
# what doubles its tables, as libraries do, fails early. A 3.9 MB page of <b> takes 99%.
_NEAR_CAP = 0.5
# How many of an error's frames are kept: the innermost.
_FRAMES = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call failed; ``frames`` is the traceback of an unforeseen error, without messages."""

    error: DaybriefError
    frames: str = ""


def serve(pipe: Connection, imports: tuple[str, ...], max_memory_bytes: int) -> None:
    """Answer the calls that come through ``pipe``, until it is closed: a process's main function.

    Silences stdout and stderr, ignores SIGINT, and ends the process when its parent ends. The
    address space may grow by ``max_memory_bytes`` after the ``imports``, where there is a /proc.
    For a process of its own, in its main thread. What an import raises passes through, and
    ValueError where the system lets it set no such limit.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the bot, which ends us
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for module in imports:
        importlib.import_module(module)
    # No library may print: a panic in Rust quotes the document.
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    near_cap_bytes = None
    statm = Path("/proc/self/statm")
    if statm.exists():  # elsewhere memory has no cap
        import resource  # noqa: PLC0415  (Windows has no such module)

        size_bytes = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = size_bytes + max_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        near_cap_bytes = size_bytes + int(_NEAR_CAP * max_memory_bytes)
    pipe.send_bytes(READY)
    with contextlib.suppress(EOFError, OSError):
        while True:
            task = pipe.recv_bytes()
            pipe.send_bytes(TAKEN_UP)
            pipe.send_bytes(_answer(task, near_cap_bytes))


def _answer(task: bytes, near_cap_bytes: int | None) -> bytes:
    """Return the pickled outcome of a pickled call."""

    def work() -> bytes:
        function, args, kwargs = pickle.loads(task)  # noqa: S301 - written by the bot
        return pickle.dumps(function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)

    outcome = attempt(work, (), {}, near_cap_bytes)
    if isinstance(outcome, Failure):
        try:
            return pickle.dumps(outcome)
        except Exception as error:  # noqa: BLE001 - of any kind: errors reduce themselves
            return pickle.dumps(failure(error))
    if len(outcome) > MAX_ANSWER_BYTES:
        return pickle.dumps(Failure(TooLarge("result-too-large")))
    return outcome


def attempt(
    function: Callable[..., R],
    args: tuple[object, ...],
    kwargs: dict[str, object],
    near_cap_bytes: int | None = None,
) -> R | Failure:
    """Return what the function returns, or how it failed; never raises, not even SystemExit.

    ``near_cap_bytes`` is as for ``failure``. A KeyboardInterrupt is a failure too.
    """
    try:
        return function(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 - SystemExit as well: it ends this call alone
        return failure(error, near_cap_bytes)


def failure(error: BaseException, near_cap_bytes: int | None = None) -> Failure:
    """Return an error of ours for any error: one of ours itself, TooLarge, or Unforeseen.

    TooLarge if a MemoryError or RecursionError is among its causes, contexts or members.
    Libraries in C report in their own words that they got no memory; lexbor: "Can't parse
    HTML". So what fails after this process has had more than ``near_cap_bytes`` of address
    space (VmPeak) is taken to fail for want of it; None where memory has no cap, or there is no
    /proc (OSError). Nothing is logged.
    """
    if isinstance(error, DaybriefError):
        return Failure(error)
    # The error and all that it came from or holds, each once, the latest first.
    errors: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        found = waiting.pop()
        if found is not None and not any(found is known for known in errors):
            errors.append(found)
            waiting += [found.__context__, found.__cause__]
            if isinstance(found, BaseExceptionGroup):
                waiting += found.exceptions
    if any(isinstance(found, MemoryError | RecursionError) for found in errors):
        return Failure(TooLarge("too-much-memory"))
    if near_cap_bytes is not None:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak_kib = re.search(r"^VmPeak:\s*(\d+)", status, re.MULTILINE)
        if peak_kib and int(peak_kib[1]) * 1024 > near_cap_bytes:
            return Failure(TooLarge("too-much-memory"))
    frames = "".join(
        "".join(
            [*traceback.format_tb(found.__traceback__, -_FRAMES), f"{type(found).__qualname__}\n"]
        )
        for found in reversed(errors)
    )
    return Failure(Unforeseen(type(error).__name__), frames)


def _die_with_parent() -> None:
    """End this process when its parent has ended, even by a kill."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

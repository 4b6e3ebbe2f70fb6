"""Things for a worker to do, in a module that is quick to import."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import NoReturn

from bot.errors import DaybriefError, NotAFeed

__all__ = [
    "MIB",
    "WORDS",
    "Brittle",
    "Unsendable",
    "add",
    "add_slowly",
    "allocate",
    "chatter",
    "close_pipe",
    "close_pipe_and_spin",
    "crash",
    "die",
    "divide",
    "exit_quietly",
    "fail",
    "fail_brokenly",
    "fail_full",
    "fail_in_parts",
    "fail_unsendably",
    "fill",
    "give",
    "hide_recursion",
    "interrupt",
    "is_loaded",
    "leave",
    "recurse",
    "speak_out_of_turn",
    "spin",
    "stop",
    "tell_pid",
]

MIB = 1 << 20
# What a message of an error may quote, and no log may.
WORDS = " ".join(["words", "of", "a", "reader"])


def add(a: int, b: int, *, c: int = 0) -> int:
    """Return the sum."""
    return a + b + c


def fail() -> NoReturn:
    """Raise an error of ours."""
    raise NotAFeed("no-feed")


def spin() -> NoReturn:
    """Never end."""
    while True:
        pass


def allocate(mib: int) -> int:
    """Return the size of so much memory, once we had it."""
    return len(bytearray(mib * MIB))


def recurse() -> NoReturn:
    """Never come to the bottom."""
    recurse()


def die() -> None:
    """End this process as the system does when it is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def is_loaded(name: str) -> bool:
    """Tell whether the module has been imported here."""
    return name in sys.modules


def tell_pid() -> int:
    """Return the id of this process."""
    return os.getpid()


class Unsendable(Exception):
    """An error that no pickle takes."""

    def __reduce__(self) -> NoReturn:
        """Refuse."""
        raise ValueError(WORDS)


class Brittle:
    """A result that can be sent, but not received."""

    def __reduce__(self) -> tuple[Callable[[], object], tuple[object, ...]]:
        """Return what fails where it is restored."""
        return divide, ()


def add_slowly(a: int, b: int, *, seconds: float) -> int:
    """Return the sum, after a while."""
    time.sleep(seconds)
    return a + b


def divide() -> float:
    """Fail as a fault of our own does; its message quotes a document."""
    number = int("".join(["0"]))
    try:
        return 1 / number
    except ZeroDivisionError as error:
        raise ValueError(WORDS) from error


def fail_unsendably() -> NoReturn:
    """Raise what cannot be sent back."""
    raise Unsendable(WORDS)


class Bare(DaybriefError):
    """An error of ours that cannot be restored: its class takes no argument."""

    def __init__(self) -> None:
        super().__init__("unforeseen", kind="Bare")


def fail_brokenly() -> NoReturn:
    """Raise an error of ours that cannot be restored."""
    raise Bare


def give(kind: str) -> object:
    """Return a result that cannot be sent, or not received."""
    return Brittle() if kind == "brittle" else (lambda: None)


def fill(mib: int) -> bytes:
    """Return so much, all of which has to go through the pipe."""
    return bytes(mib * MIB)


def fail_full(mib: int) -> NoReturn:
    """Fail as a library in C does that got no more memory: in its own words."""
    held = bytearray(mib * MIB)
    raise ValueError(f"cannot parse after {len(held)} bytes")


def hide_recursion() -> NoReturn:
    """Fail for endless recursion, under another name."""
    try:
        recurse()
    except RecursionError as error:
        raise ValueError(WORDS) from error


def fail_in_parts() -> NoReturn:
    """Fail for want of memory, in one of several parts."""
    raise ExceptionGroup("parts", [KeyError(WORDS), MemoryError()])


def leave() -> NoReturn:
    """End the program in Python's way."""
    sys.exit(WORDS)


def interrupt() -> NoReturn:
    """Do as Ctrl+C does."""
    raise KeyboardInterrupt


def exit_quietly() -> NoReturn:
    """End this process as if all were well."""
    os._exit(0)


def crash() -> None:
    """Read what no process may read."""
    ctypes.string_at(0)


def stop() -> None:
    """Stand still as a debugger has it: no signal but one is noticed."""
    os.kill(os.getpid(), signal.SIGSTOP)


def close_pipe() -> None:
    """Close all files, the pipe among them."""
    os.closerange(3, 256)


def close_pipe_and_spin() -> NoReturn:
    """Close all files, and never end."""
    close_pipe()
    spin()


def speak_out_of_turn() -> None:
    """Write to each pipe that is open here."""
    for pipe in [thing for thing in gc.get_objects() if isinstance(thing, Connection)]:
        with contextlib.suppress(OSError):
            pipe.send_bytes(b"nonsense")


def chatter() -> int:
    """Return how much was printed, past Python's own buffers as well."""
    print("a line", flush=True)
    return os.write(1, b"another\n")

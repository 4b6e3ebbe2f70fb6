"""Functions for a worker to run, well-behaved and not, in a module that is quick to import."""

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
# Stands for a reader's text: an error's message may quote it, a log must not.
WORDS = " ".join(["words", "of", "a", "reader"])


def add(a: int, b: int, *, c: int = 0) -> int:
    """Return the sum of the arguments."""
    return a + b + c


def fail() -> NoReturn:
    """Raise a DaybriefError."""
    raise NotAFeed("no-feed")


def spin() -> NoReturn:
    """Loop for ever."""
    while True:
        pass


def allocate(mib: int) -> int:
    """Allocate ``mib`` MiB, and return the number of bytes."""
    return len(bytearray(mib * MIB))


def recurse() -> NoReturn:
    """Recurse without end; Python raises RecursionError."""
    recurse()


def die() -> None:
    """End this process by SIGKILL, as the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def is_loaded(name: str) -> bool:
    """Return whether the module has been imported in this process."""
    return name in sys.modules


def tell_pid() -> int:
    """Return the id of this process."""
    return os.getpid()


class Unsendable(Exception):
    """An error that cannot be pickled."""

    def __reduce__(self) -> NoReturn:
        """Raise ValueError."""
        raise ValueError(WORDS)


class Brittle:
    """A result that can be pickled but not unpickled."""

    def __reduce__(self) -> tuple[Callable[[], object], tuple[object, ...]]:
        """Return a call that fails when the object is unpickled."""
        return divide, ()


def add_slowly(a: int, b: int, *, seconds: float) -> int:
    """Return the sum after ``seconds``."""
    time.sleep(seconds)
    return a + b


def divide() -> float:
    """Raise a chained ValueError, as a bug would, whose message quotes a document."""
    number = int("".join(["0"]))
    try:
        return 1 / number
    except ZeroDivisionError as error:
        raise ValueError(WORDS) from error


def fail_unsendably() -> NoReturn:
    """Raise an error that cannot be pickled."""
    raise Unsendable(WORDS)


class Bare(DaybriefError):
    """A DaybriefError that cannot be unpickled, as its class takes no argument."""

    def __init__(self) -> None:
        super().__init__("unforeseen", kind="Bare")


def fail_brokenly() -> NoReturn:
    """Raise a DaybriefError that cannot be unpickled."""
    raise Bare


def give(kind: str) -> object:
    """Return a result that cannot be unpickled ("brittle"), or not pickled (any other kind)."""
    return Brittle() if kind == "brittle" else (lambda: None)


def fill(mib: int) -> bytes:
    """Return ``mib`` MiB of bytes, which have to pass through the pipe."""
    return bytes(mib * MIB)


def fail_full(mib: int) -> NoReturn:
    """Hold ``mib`` MiB and raise ValueError, as C libraries do instead of MemoryError."""
    held = bytearray(mib * MIB)
    raise ValueError(f"cannot parse after {len(held)} bytes")


def hide_recursion() -> NoReturn:
    """Raise ValueError from a RecursionError."""
    try:
        recurse()
    except RecursionError as error:
        raise ValueError(WORDS) from error


def fail_in_parts() -> NoReturn:
    """Raise an ExceptionGroup that contains a MemoryError."""
    raise ExceptionGroup("parts", [KeyError(WORDS), MemoryError()])


def leave() -> NoReturn:
    """Raise SystemExit with a message."""
    sys.exit(WORDS)


def interrupt() -> NoReturn:
    """Raise KeyboardInterrupt, as Ctrl+C does."""
    raise KeyboardInterrupt


def exit_quietly() -> NoReturn:
    """End this process at once with exit code 0."""
    os._exit(0)


def crash() -> None:
    """Read from address 0, which ends the process with a segmentation fault."""
    ctypes.string_at(0)


def stop() -> None:
    """Stop this process by SIGSTOP; only SIGCONT and SIGKILL have an effect from then on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def close_pipe() -> None:
    """Close the file descriptors 3 to 255, the worker's pipe included."""
    os.closerange(3, 256)


def close_pipe_and_spin() -> NoReturn:
    """Close the worker's pipe, and loop for ever."""
    close_pipe()
    spin()


def speak_out_of_turn() -> None:
    """Write bytes that are no message to every open connection of this process."""
    for pipe in [found for found in gc.get_objects() if isinstance(found, Connection)]:
        with contextlib.suppress(OSError):
            pipe.send_bytes(b"nonsense")


def chatter() -> int:
    """Print a line, write another to file descriptor 1, and return the size of the latter."""
    print("a line", flush=True)
    return os.write(1, b"another\n")

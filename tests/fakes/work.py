"""Things for a worker to do, in a module that is quick to import."""

import os
import signal
import sys
from typing import NoReturn

from bot.errors import NotAFeed

__all__ = ["MIB", "add", "allocate", "die", "fail", "is_loaded", "recurse", "spin", "tell_pid"]

MIB = 1 << 20


def add(a: int, b: int, *, c: int = 0) -> int:
    """Return the sum."""
    return a + b + c


def fail() -> NoReturn:
    """Raise an error of ours."""
    raise NotAFeed("no feed here")


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

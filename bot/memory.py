"""Memory of a program that runs for weeks: garbage collection, and its return to the system."""

import ctypes
import gc
import mmap
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["settle", "trim"]

# New objects before the collector looks; by default 700, which thousands of feeds make at once.
_YOUNG, _MIDDLE, _OLD = 10_000, 20, 50


def settle() -> None:
    """Exempt all objects of now from garbage collection: call it once all is open.

    Word lists and matchers are a hundred thousand objects, which each full collection would
    walk through. Collects from now on less often, and trims. Blocks for a full collection's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    trim()


def trim() -> None:
    """Return unused memory to the system: what was freed, and code that ran once.

    glibc keeps what was freed, 2 MB of it once the bot is open. And loading a library touches
    far more of its file than its work does, 8 MB in the bot and 18 where workers are forked
    from: the file's cache keeps such pages, and they are mapped again when used. Does nothing on
    other systems than Linux. Blocks for some 30 ms. Never raises.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    release = getattr(libc, "malloc_trim", None)  # musl has none
    if release is not None:
        release(0)
    # Mapped files that we may not write to, and have not, by proc(5). What the linker wrote
    # before it locked it, relocations, is in no file.
    span, maps = "", ""
    with suppress(OSError):  # without a /proc nothing tells which pages these are
        maps = Path("/proc/self/smaps").read_text("utf-8", "replace")
    for line in maps.splitlines():
        name, *values = line.split(maxsplit=5)
        if not name.endswith(":"):
            is_file = len(values) == 5 and values[-1].startswith("/")
            span = name if is_file and "w" not in values[0] else ""
        elif span and name == "Anonymous:" and values[0] == "0":
            start, end = (int(address, 16) for address in span.split("-"))
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)

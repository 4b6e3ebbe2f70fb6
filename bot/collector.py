"""Python's memory, in a program that runs for weeks: its garbage collector, and what it returns."""

import ctypes
import gc
import sys
from pathlib import Path

__all__ = ["settle", "trim"]

# New objects before the collector looks; by default 700, which thousands of feeds make at once.
_YOUNG, _MIDDLE, _OLD = 10_000, 20, 50
# madvise(2): reclaim these pages. Those of files that were not written to are read anew.
_MADV_PAGEOUT = 21


def settle() -> None:
    """Call once all is open: what lives until the end is not looked at again.

    Word lists and matchers are a hundred thousand objects, which each full collection would
    walk through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    trim()


def trim() -> None:
    """Give back to the system what is not in use: freed memory, and code that ran once.

    glibc keeps what was freed, 2 MB of it once the bot is open. And loading a library touches
    far more of its file than its work does, 8 MB in the bot and 18 where workers are forked
    from: such pages are mapped again at no cost worth naming when they are used. Linux only.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    release = getattr(libc, "malloc_trim", None)  # musl has none
    if release is not None:
        release(0)
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        span, *_, file = line.split(maxsplit=5)
        if file.startswith("/"):
            start, end = (int(address, 16) for address in span.split("-"))
            # Where the kernel is older than 5.4 or the pages cannot leave, they stay: no harm.
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_PAGEOUT)

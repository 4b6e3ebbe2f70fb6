"""Python's memory, in a program that runs for weeks: its garbage collector, and what it returns."""

import ctypes
import gc
import sys

__all__ = ["settle", "trim"]

# New objects before the collector looks; by default 700, which thousands of feeds make at once.
_YOUNG, _MIDDLE, _OLD = 10_000, 20, 50


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
    """Give back to the system what was freed: glibc keeps it, 2 MB of it once the bot is open."""
    if sys.platform == "linux":
        release = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if release is not None:
            release(0)

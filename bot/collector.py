"""Python's garbage collector, out of the way of a program that runs for weeks."""

import gc

__all__ = ["settle"]

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

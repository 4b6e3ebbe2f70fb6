"""Whether a kind of work is under way, for callers who would rather have its result."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["Underway"]


class Underway:
    """Counts the runs of one kind of work; for use within one event loop."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count a run for as long as the context is entered; runs may overlap."""
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    async def end(self, patience_s: float) -> None:
        """Return once no run is under way, or after ``patience_s`` seconds of real time.

        Never raises, so the caller can't tell which; returns at once if none is under way, or
        for a patience of 0 or less. A run that begins before the others have ended is waited for
        as well.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience_s)

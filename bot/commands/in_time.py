"""Calls that a reader waits for, side by side, as far as they end in time."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

__all__ = ["ended_in_time"]

_Result = TypeVar("_Result")


async def ended_in_time(
    calls: Mapping[str, Coroutine[Any, Any, _Result]], within_s: float
) -> dict[str, _Result]:
    """Return the results of those ``calls`` that end within seconds, in the order of ``calls``.

    They run at once; the others are cancelled. Raises the error of the first that fails by then.
    """
    tasks = {name: asyncio.create_task(call) for name, call in calls.items()}
    try:
        waited = [*tasks.values()]
        if waited:
            await asyncio.wait(
                waited, timeout=max(within_s, 0.0), return_when=asyncio.FIRST_EXCEPTION
            )
        return {name: task.result() for name, task in tasks.items() if task.done()}
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)

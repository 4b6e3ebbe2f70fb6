"""Processes for work that would hold up the event loop: parsing, extracting, composing.

A document from outside may be built to take minutes or gigabytes, or to crash a library. So
such work runs in processes of its own that can be killed, with a cap on its time and on its
memory. However a call ends there, it ends alone, and as one of our errors.
"""

from bot.workers.pool import IDLE_S, TIMEOUT_S, AnyWorkers, InlineWorkers, Workers

__all__ = ["IDLE_S", "TIMEOUT_S", "AnyWorkers", "InlineWorkers", "Workers"]

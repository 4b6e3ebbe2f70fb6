"""One worker process, from the bot's side: started, given work, killed."""

import contextlib
import multiprocessing
import multiprocessing.context
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import Aborted, TooLarge, Unforeseen
from bot.workers.serving import MAX_ANSWER_BYTES, READY, TAKEN_UP, Failure, failure, serve

__all__ = ["CLOSE_S", "START_S", "STRETCH", "Worker", "start_method"]

R = TypeVar("R")

# How long a process may take to start and import, or to take a call up, on a busy machine.
START_S = 60.0
# How many times its limit a call may take by the clock where its process gets no processor.
STRETCH = 10
# How long closing waits for processes that were killed.
CLOSE_S = 5.0
# A process is replaced after so many calls: what large documents leave behind goes with it. Of
# the 563 real feeds and pages, that is 80 MB after a hundred of them, and no more after 1,100.
_MAX_TASKS = 1_000
# How finely systems count processor time.
_GRAIN_S = 0.01
# Starts one process at a time: multiprocessing keeps its books for one thread.
_STARTING = threading.Lock()


class Worker:
    """A slot for one process, started when there is work, with a pipe of its own.

    ``run`` and ``end`` block: call them from a thread, one at a time. ``kill`` may be called
    from any thread meanwhile.
    """

    def __init__(
        self,
        context: multiprocessing.context.BaseContext,
        imports: tuple[str, ...],
        max_memory_bytes: int,
    ) -> None:
        self._context = context
        self._setup = (imports, max_memory_bytes)
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._tasks = 0
        self.idle_since = 0.0
        self.is_wanted = True

    @property
    def is_running(self) -> bool:
        """Whether a process was started and not ended by us; it may have died."""
        return self._process is not None

    def run(
        self,
        function: Callable[..., R],
        args: tuple[object, ...],
        kwargs: dict[str, object],
        timeout_s: float,
    ) -> R | Failure:
        """Return the function's result, or how it failed; starts a process where there is none.

        From when it takes the call up, the process may use ``timeout_s`` of processor time, and
        ten times that by the clock; where the system does not count it, ``timeout_s`` is by the
        clock. Before that, its start may take 60 s and taking the call up 60 s more, each tried
        twice; after that, and once killed, the outcome is Aborted. Blocks until there is an
        outcome; where the answer stops halfway, until ``kill``. Never raises.
        """
        try:
            task = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - of any kind: arguments reduce themselves
            return failure(error)
        # A process that died before it took the call up has done nothing: make it once more.
        pipe = self._take_up(task) or self._take_up(task)
        outcome = self._outcome(pipe, timeout_s) if pipe else Failure(Aborted("process-died"))
        self._tasks += 1
        # The heap may stay at its cap, and a library in disorder.
        is_spent = isinstance(outcome, Failure) and isinstance(outcome.error, TooLarge | Unforeseen)
        if is_spent or self._tasks >= _MAX_TASKS:
            self.end()
        return outcome

    def kill(self) -> None:
        """Kill the process, and let no ``run`` start another until ``is_wanted`` is set again.

        Returns at once, whether or not there is a process.
        """
        with self._lock:
            self.is_wanted = False
            if self._process is not None:
                self._process.kill()

    def end(self, *, wait_s: float = CLOSE_S) -> int | None:
        """Kill the process and wait up to ``wait_s`` for its end; return its exit code.

        That is negative for a signal. None where there is no process, or where it takes longer to
        end. With 0, it may be called from the event loop if no ``run`` is under way. A later
        ``run`` starts another process.
        """
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.kill()
        process.join(wait_s)
        return process.exitcode

    def _take_up(self, task: bytes) -> Connection | None:
        """Return the pipe once a process works at ``task``; None if it died before or is unwanted.

        Starts a process where there is none, and waits for its imports.
        """
        try:
            # A process without work writes nothing: this one is dead, or in disorder.
            if self._pipe is None or self._pipe.poll():
                self.end()
                if not self.is_wanted:
                    return None
                ours, theirs = self._context.Pipe()
                process: BaseProcess = self._context.Process(  # type: ignore[attr-defined]
                    target=serve, args=(theirs, *self._setup), daemon=True
                )
                with _STARTING, _without_main_module():
                    process.start()
                theirs.close()
                with self._lock:
                    self._process, self._pipe, self._tasks = process, ours, 0
                    is_wanted = self.is_wanted
                if not (is_wanted and ours.poll(START_S) and ours.recv_bytes() == READY):
                    raise EOFError
            self._pipe.send_bytes(task)
            if self._pipe.poll(START_S) and self._pipe.recv_bytes() == TAKEN_UP:
                return self._pipe
        except (EOFError, OSError):
            pass
        self.end()
        return None

    def _answers(self, pipe: Connection, timeout_s: float) -> bool:
        """Return whether an answer begins in time; blocks until it does or the time is over."""
        ends_s = time.monotonic() + STRETCH * timeout_s
        pid = self._process.pid if self._process else None
        before_s, left_s = _processor_s(pid), timeout_s
        while not pipe.poll(max(left_s, _GRAIN_S)):
            used_s = _processor_s(pid)
            if before_s is None or used_s is None:
                return False
            left_s = min(timeout_s - (used_s - before_s), ends_s - time.monotonic())
            if left_s <= 0:
                return False
        return True

    def _outcome(self, pipe: Connection, timeout_s: float) -> Any:
        try:
            if not self._answers(pipe, timeout_s):
                return Failure(Aborted("too-slow", seconds=timeout_s))
            answer = pipe.recv_bytes(MAX_ANSWER_BYTES)
        except (EOFError, OSError):
            self.end()
            return Failure(Aborted("process-died"))
        try:
            return pickle.loads(answer)  # noqa: S301 - written by a process of ours
        except Exception as error:  # noqa: BLE001 - of any kind: results restore themselves
            return failure(error)


def start_method(imports: tuple[str, ...]) -> multiprocessing.context.BaseContext:
    """Return how processes start: forked from a clean one that has ``imports``, or spawned.

    Where it forks, it sets OPENBLAS_NUM_THREADS to 1 in this process's environment, unless it is
    set. The clean process is one for all: the ``imports`` of the last call before it starts hold.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # Threads of a numeric library do not survive a fork.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(imports))
    return context


def _processor_s(pid: int | None) -> float | None:
    """Return how many seconds of processor time a process has used; None where nobody counts.

    Source: proc(5), fields utime and stime of /proc/PID/stat; Linux only.
    """
    try:
        # The name, in brackets, may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide our main module from a new process, which would import it first.

    That of the command ``daybrief`` is a script that imports the whole bot: 90 MB, and seconds.
    """
    main: Any = sys.modules["__main__"]
    spec, file = main.__spec__, vars(main).pop("__file__", None)
    main.__spec__ = None
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file

"""Runs of the tests on mutants: each in a copy of the source, in parallel on all cores."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutants.affected import judges_of
from tests.mutants.sites import Site

__all__ = ["BrokenTests", "Limits", "Verdict", "judge"]

# All that the tests read. Not the whole folder: a bot in use may keep large files there.
COPIED = (
    *("bot", "summarizers", "tests", "benchmarks", "docs", "requirements", ".ci"),
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", ".env.example"),
)
_LANE = Path(__file__).with_name("lane.py")


class BrokenTests(Exception):
    """A test fails on the unchanged source, so its failure proves nothing about a mutant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Time limits in seconds: for the whole run, for one mutant, and for one test.

    The slowest quick test takes 20 s on a busy machine (tests/e2e/test_setup.py). ``lanes`` is
    the number of mutants that are run in parallel.
    """

    total_s: float
    mutant_s: float = 120.0
    test_s: float = 30.0
    lanes: int = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of one mutant.

    ``state`` is "killed" if ``test`` failed, "timeout" if ``test`` did not end, "survived" if all
    tests passed, or "unfinished" if none had failed by the time limit for one mutant.
    """

    site: Site
    state: str
    seconds: float
    test: str = ""

    @property
    def is_killed(self) -> bool:
        """Whether a test failed or did not end."""
        return self.state in {"killed", "timeout"}


def judge(
    sites: Sequence[Site], root: Path, limits: Limits, tell: Callable[[Verdict], None]
) -> list[Verdict]:
    """Run the tests on the mutant of each site, in order, until the time is up.

    Return the verdicts in the order in which they were reached; ``tell`` is called with each
    from a worker thread, one call at a time. Raises BrokenTests if a test that failed on a
    mutant also fails on the unchanged source, or if no test can be run.
    """
    run = _Run(sites, root, limits, tell)
    with ThreadPoolExecutor(limits.lanes) as pool:
        try:
            for lane in as_completed([pool.submit(run.lane) for _ in range(limits.lanes)]):
                lane.result()
        except BaseException:
            run.stop()
            raise
    return run.verdicts


class _Run:
    """The state that the lanes share."""

    def __init__(
        self, sites: Sequence[Site], root: Path, limits: Limits, tell: Callable[[Verdict], None]
    ) -> None:
        self.verdicts: list[Verdict] = []
        self._todo = list(reversed(sites))
        self._root = root
        self._limits = limits
        self._tell = tell
        self._deadline_s = time.monotonic() + limits.total_s
        self._lock = threading.Lock()
        self._lanes: list[_Lane] = []
        # Tests that have passed on the unchanged source.
        self._sound: set[str] = set()

    def lane(self) -> None:
        """Run the mutants of the next sites in a lane of its own, until none is left."""
        with _Lane.opened(self._root) as lane:
            self._lanes.append(lane)
            while (site := self._next()) is not None:
                verdict = self._judged(site, lane)
                with self._lock:
                    if verdict is not None:
                        self.verdicts.append(verdict)
                        self._tell(verdict)

    def stop(self) -> None:
        """Stop all lanes at once."""
        self._todo.clear()
        for lane in self._lanes:
            lane.close()

    def _left_s(self) -> float:
        return self._deadline_s - time.monotonic()

    def _next(self) -> Site | None:
        with self._lock:
            return self._todo.pop() if self._todo and self._left_s() > 1 else None

    def _judged(self, site: Site, lane: "_Lane") -> Verdict | None:
        """Return the verdict, None if the time for the whole run was up first."""
        limit_s = min(self._limits.mutant_s, self._left_s())
        tests = judges_of(site.path, self._root)
        with lane.changed(site):
            outcome = lane.run(tests, limit_s, self._limits.test_s)
        state, test, seconds = outcome["state"], outcome["test"], outcome["seconds"]
        if state == "passed":
            return Verdict(site=site, state="survived", seconds=seconds)
        if state == "cut":
            is_over = limit_s < self._limits.mutant_s
            return None if is_over else Verdict(site=site, state="unfinished", seconds=seconds)
        self._confirm(test or tests[0], lane)
        state = "timeout" if state == "stalled" else "killed"
        return Verdict(site=site, state=state, seconds=seconds, test=test)

    def _confirm(self, test: str, lane: "_Lane") -> None:
        """Raise BrokenTests unless a test that failed passes on the unchanged source.

        This replaces a first run of all tests on the unchanged source, which would take half of
        the time: only tests that have failed on a mutant need the check.
        """
        name = test.partition("[")[0]
        if name in self._sound:
            return
        options = [] if "::" in name else ["--collect-only"]
        outcome = lane.run([name], self._limits.mutant_s, self._limits.test_s, options)
        if outcome["state"] in {"failed", "stalled"}:
            raise BrokenTests(f"{name} fails without a mutation: {lane.last_words()}")
        self._sound.add(name)


class _Lane:
    """A copy of the source, and the process that runs tests in it."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self._folder = folder
        self._process = process

    @classmethod
    @contextmanager
    def opened(cls, root: Path) -> Iterator["_Lane"]:
        """Copy the source and start a process there; remove both on exit."""
        folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        try:
            tree = folder / "tree"
            _copy(root, tree)
            with _started(folder, tree) as process:
                yield cls(folder, process)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def changed(self, site: Site) -> Iterator[None]:
        """Make the change in the copy, and undo it on exit."""
        path = self._folder / "tree" / site.path
        before = path.read_bytes()
        _write(path, site.apply(before))
        try:
            yield
        finally:
            _write(path, before)

    def run(
        self, tests: list[str], limit_s: float, stall_s: float, options: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Run tests until one fails; return the outcome described in ``lane.py``.

        Raises BrokenTests if the process has ended.
        """
        order = {"tests": tests, "options": options, "limit_s": limit_s, "stall_s": stall_s}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError, ValueError):  # the process has ended, or was closed
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BrokenTests(f"no test can be run: {_last_line(self._folder / 'errors.txt')}")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process and all processes it started, by closing its input."""
        _close(self._process)

    def last_words(self) -> str:
        """Return pytest's line on why the last run failed."""
        return _last_line(self._folder / "output.txt")


@contextmanager
def _started(folder: Path, tree: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run ``lane.py`` in the copy, so that it imports no other source and no foreign byte code."""
    (folder / "tmp").mkdir()
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"PYTHONPATH": str(tree), "TMPDIR": str(folder / "tmp")}
    with (
        (folder / "errors.txt").open("wb") as errors,
        subprocess.Popen(
            # -P: do not import the modules beside lane.py.
            [sys.executable, "-P", str(_LANE), str(folder)],
            cwd=tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # so that only this process receives Ctrl-C
        ) as process,
    ):
        try:
            yield process
        finally:
            _close(process)


def _close(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()


def _copy(root: Path, tree: Path) -> None:
    tree.mkdir()
    for name in COPIED:
        if (root / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(root / name, tree / name, ignore=ignored)
        elif (root / name).exists():
            shutil.copy2(root / name, tree / name)


def _write(path: Path, content: bytes) -> None:
    """Write a module and delete its byte code.

    Python would take the old byte code for current if size and modification second are the same.
    """
    path.write_bytes(content)
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _last_line(path: Path) -> str:
    """Return the last line of pytest's output that reports an error, or else the last line."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line for line in lines if line.startswith(("E ", "ERROR", "FAILED"))]
    return (errors or [line for line in lines if line.strip()] or [""])[-1].strip()

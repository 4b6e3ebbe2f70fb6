"""Trying mutants out: each in a copy of the source, as many at once as there are cores."""

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

# What tests read, too: a bot that is being used may have put large files beside them.
COPIED = (
    *("bot", "summarizers", "tests", "benchmarks", "docs", "requirements", ".ci"),
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", ".env.example"),
)
_LANE = Path(__file__).with_name("lane.py")


class BrokenTests(Exception):
    """A test fails although nothing was changed, so that it can judge nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a run may take: all of it, one mutant, and one test of it.

    The slowest of our quick tests takes 20 s on a busy machine (tests/e2e/test_setup.py).
    """

    total_s: float
    mutant_s: float = 120.0
    test_s: float = 30.0
    lanes: int = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant.

    ``state`` is "killed" by the failure of ``test``, "timeout" where that did not end, "survived"
    all tests, or "unfinished": none had failed when the time for one mutant was over.
    """

    site: Site
    state: str
    seconds: float
    test: str = ""

    @property
    def is_killed(self) -> bool:
        """Whether a test noticed."""
        return self.state in {"killed", "timeout"}


def judge(
    sites: Sequence[Site], root: Path, limits: Limits, tell: Callable[[Verdict], None]
) -> list[Verdict]:
    """Try the sites out in their order until the time is up; ``tell`` hears of each at its end.

    Raises BrokenTests if a test that failed does so in the unchanged source as well.
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
    """What the lanes share."""

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
        # Tests that were seen to pass in the unchanged source.
        self._sound: set[str] = set()

    def lane(self) -> None:
        """Take one site after the other."""
        with _Lane.opened(self._root) as lane:
            self._lanes.append(lane)
            while (site := self._next()) is not None:
                verdict = self._judged(site, lane)
                with self._lock:
                    if verdict is not None:
                        self.verdicts.append(verdict)
                        self._tell(verdict)

    def stop(self) -> None:
        """Make every lane fail at once."""
        self._todo.clear()
        for lane in self._lanes:
            lane.close()

    def _left_s(self) -> float:
        return self._deadline_s - time.monotonic()

    def _next(self) -> Site | None:
        with self._lock:
            return self._todo.pop() if self._todo and self._left_s() > 1 else None

    def _judged(self, site: Site, lane: "_Lane") -> Verdict | None:
        """Return the verdict, or None if the time was up before."""
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
        """Make sure that a test which failed passes in the unchanged source.

        This stands in for all tests of all folders in the unchanged source, which take half of
        the time there is: what never failed proves nothing by passing without a change.
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
    """A copy of the source with the process that runs tests in it."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self._folder = folder
        self._process = process

    @classmethod
    @contextmanager
    def opened(cls, root: Path) -> Iterator["_Lane"]:
        """Copy the source and start a process there; nothing is left of either at the end."""
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
        """Make the change in the copy, for as long as the context lasts."""
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
        """Run tests until one fails; see ``lane.py`` for what comes back."""
        order = {"tests": tests, "options": options, "limit_s": limit_s, "stall_s": stall_s}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError, ValueError):  # it has ended, or was closed
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BrokenTests(f"no test can be run: {_last_line(self._folder / 'errors.txt')}")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process and all that it started."""
        _close(self._process)

    def last_words(self) -> str:
        """Return why the last run failed, in pytest's words."""
        return _last_line(self._folder / "output.txt")


@contextmanager
def _started(folder: Path, tree: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run ``lane.py`` in the copy, where no other source and no byte code of others is found."""
    (folder / "tmp").mkdir()
    aside = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in aside}
    environment |= {"PYTHONPATH": str(tree), "TMPDIR": str(folder / "tmp")}
    with (
        (folder / "errors.txt").open("wb") as errors,
        subprocess.Popen(
            # -P: the modules beside lane.py are none of its own.
            [sys.executable, "-P", str(_LANE), str(folder)],
            cwd=tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl-C is ours to pass on
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
    """Write a module, and forget its byte code: Python would tell it by size and second alone."""
    path.write_bytes(content)
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _last_line(path: Path) -> str:
    """Return the line that says what went wrong, the last that begins with pytest's E."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line for line in lines if line.startswith(("E ", "ERROR", "FAILED"))]
    return (errors or [line for line in lines if line.strip()] or [""])[-1].strip()

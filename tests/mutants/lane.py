"""A process that repeatedly runs tests in one copy of the source.

It loads the libraries once, then forks for each run, so that a run starts within a second and
imports the project's own code anew. After each run the child is killed with all processes it
started. Orders are read from standard input and outcomes written to standard output, one line of
JSON each. When the input ends, for whatever reason, the process removes its folder and ends. It
is started by its path, in the copy, and imports nothing of the project.

An order has ``tests`` and ``options`` (arguments for pytest), ``limit_s`` for the run and
``stall_s`` for a test. An outcome has ``state`` ("passed", "failed", "stalled" or "cut"), ``test``
(the id of the failed or last test) and ``seconds``.
"""

import ast
import importlib
import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

OURS = {"bot", "summarizers", "tests", "benchmarks", "atheris"}
# The order of the tests is fixed; tests with a database server are left out, as the server would
# outlive a kill.
OPTIONS = [
    *("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"),
    *("-k", "not postgresql", "--hypothesis-profile=mutants", "--hypothesis-seed=0"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
]


def main(folder: Path) -> None:
    """Run orders until the input ends; ``folder`` is the lane's own and contains the copy."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # so that what a library prints is not read as an answer
    for name in sorted(_libraries(Path.cwd())):
        with suppress(Exception):
            importlib.import_module(name)
    # Do not shrink failures; do not fail on a busy machine.
    settings.register_profile(
        "mutants",
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
        report_multiple_bugs=False,
    )
    try:
        for line in iter(sys.stdin.readline, ""):
            answer = _run(json.loads(line), folder)
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _libraries(tree: Path) -> Iterator[str]:
    """Yield the names of the third-party and standard modules that the copy imports."""
    for path in tree.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            yield from (name for name in names if name and name.partition(".")[0] not in OURS)


def _run(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run ``order["tests"]`` in a child until one fails; return the outcome."""
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    (folder / "tmp").mkdir()
    read_end, write_end = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child([*order["options"], *order["tests"]], write_end, folder)
    os.close(write_end)
    try:
        state, test = _watch(read_end, began + order["limit_s"], order["stall_s"])
    finally:
        os.close(read_end)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return {"state": state, "test": test, "seconds": time.monotonic() - began}


def _child(arguments: list[str], write_end: int, folder: Path) -> None:
    """Run pytest in the child process, and end it; never return."""
    code = 3
    try:
        os.setsid()
        output = os.open(folder / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        empty = os.open(os.devnull, os.O_RDONLY)
        for file, number in ((empty, 0), (output, 1), (output, 2)):
            os.dup2(file, number)
        options = [*OPTIONS, f"--basetemp={folder / 'tmp' / 'base'}"]
        code = pytest.main([*options, *arguments], plugins=[Watch(write_end)])
        _report(write_end, "end", str(int(code)))
    finally:
        os._exit(int(code))


def _report(write_end: int, *words: str) -> None:
    os.write(write_end, json.dumps(words).encode() + b"\n")


class Watch:
    """A pytest plugin that reports which test is running and which failed."""

    def __init__(self, write_end: int) -> None:
        self._write_end = write_end

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        _report(self._write_end, "at", nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            _report(self._write_end, "failed", report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        _report(self._write_end, "failed" if report.failed else "read", report.nodeid)


def _watch(read_end: int, deadline: float, stall_s: float) -> tuple[str, str]:
    """Follow a run to its end; return its state and the failed or last test.

    The state is "passed", "failed", "stalled" if nothing was reported for ``stall_s`` seconds (a
    test, or the import of a file, took that long), or "cut" at the ``deadline``.
    """
    rest, at = b"", ""
    while True:
        left_s = deadline - time.monotonic()
        ready, _, _ = select.select([read_end, sys.stdin], [], [], max(0.0, min(stall_s, left_s)))
        if sys.stdin in ready:  # no order comes during a run: the input has ended
            raise SystemExit
        if not ready:
            return ("stalled" if left_s > stall_s else "cut"), at
        chunk = os.read(read_end, 65536)
        if not chunk:  # the run ended without a report
            return "failed", at
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            word, name = json.loads(line)
            if word == "failed":
                return "failed", name
            if word == "end":
                return ("passed" if name in {"0", "5"} else "failed"), at
            at = name if word == "at" else at


if __name__ == "__main__":
    main(Path(sys.argv[1]))

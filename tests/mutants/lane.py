"""A process that runs tests in one copy of the source, over and over.

It loads the libraries once, then forks for each run: a run begins within a second, imports our
own code anew, and is killed with all that it started. It reads orders and writes outcomes, one
line of JSON each; when its input ends, however that comes, it removes its folder and ends.
It is started by its path, in the copy, and imports none of ours.
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
# The order is ours; what a database server is needed for would outlive a kill.
OPTIONS = [
    *("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"),
    *("-k", "not postgresql", "--hypothesis-profile=mutants", "--hypothesis-seed=0"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
]


def main(folder: Path) -> None:
    """Serve orders until the input ends; ``folder`` is the lane's own, and holds the copy."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a library that prints must not answer for us
    for name in sorted(_libraries(Path.cwd())):
        with suppress(Exception):
            importlib.import_module(name)
    # A failure need not be made small; a busy machine is no failure.
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
    """Yield the names of all that the copy's modules import from elsewhere."""
    for path in tree.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            yield from (name for name in names if name and name.partition(".")[0] not in OURS)


def _run(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run ``order["tests"]`` until one fails; give how that ended, and where."""
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    (folder / "tmp").mkdir()
    news, write_end = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(news)
        _child([*order["options"], *order["tests"]], write_end, folder)
    os.close(write_end)
    try:
        state, test = _watch(news, began + order["limit_s"], order["stall_s"])
    finally:
        os.close(news)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return {"state": state, "test": test, "seconds": time.monotonic() - began}


def _child(arguments: list[str], write_end: int, folder: Path) -> None:
    """Be the run: never returns."""
    code = 3
    try:
        os.setsid()
        output = os.open(folder / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        empty = os.open(os.devnull, os.O_RDONLY)
        for file, number in ((empty, 0), (output, 1), (output, 2)):
            os.dup2(file, number)
        options = [*OPTIONS, f"--basetemp={folder / 'tmp' / 'base'}"]
        code = pytest.main([*options, *arguments], plugins=[Watch(write_end)])
        _tell(write_end, "end", str(int(code)))
    finally:
        os._exit(int(code))


def _tell(write_end: int, *words: str) -> None:
    os.write(write_end, json.dumps(words).encode() + b"\n")


class Watch:
    """Says which test runs, and which failed."""

    def __init__(self, write_end: int) -> None:
        self._write_end = write_end

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        _tell(self._write_end, "at", nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            _tell(self._write_end, "failed", report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        _tell(self._write_end, "failed" if report.failed else "read", report.nodeid)


def _watch(news: int, deadline: float, stall_s: float) -> tuple[str, str]:
    """Follow a run to its end: "passed", "failed", "stalled" or "cut", and the test it was at.

    Stalled is what told nothing for ``stall_s``: one test, or reading one file, took that long.
    """
    rest, at = b"", ""
    while True:
        left_s = deadline - time.monotonic()
        ready, _, _ = select.select([news, sys.stdin], [], [], max(0.0, min(stall_s, left_s)))
        if sys.stdin in ready:  # nothing is asked for while a run lasts: it is the end
            raise SystemExit
        if not ready:
            return ("stalled" if left_s > stall_s else "cut"), at
        chunk = os.read(news, 65536)
        if not chunk:  # the run ended without a word
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

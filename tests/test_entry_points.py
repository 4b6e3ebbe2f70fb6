"""The older names that checks outside this repository import all lead somewhere."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPORTS = Path(__file__).parents[2] / "shared" / "data" / "reports"


def imports_of(source):
    """Return (module, name) for everything of ours that a script imports, wherever it does."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.split(".")[0] in {"bot", "summarizers", "tests"}
        for alias in node.names
    }


@pytest.mark.skipif(not REPORTS.exists(), reason="the shared data is not here")
def test_all_that_reports_import_is_there():
    wanted = {pair for file in REPORTS.rglob("*.py") for pair in imports_of(file.read_text())}
    assert len(wanted) > 20
    lines = [f"from {module} import {name}" for module, name in sorted(wanted)]
    script = "\n".join(["import tests.entry_points", *lines])
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[1])


def test_older_names_are_those_of_today():
    script = (
        "import tests.entry_points\n"
        "from bot.gather.fetch import Fetcher as old\n"
        "from bot.gather.http.fetch import Fetcher as new\n"
        "assert old is new\n"
        "from bot.steps.asking import Asking\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[1])


def test_processes_that_checks_start_know_the_older_names_too():
    inner = "from bot.gather.fetch import Fetcher; print(Fetcher.__name__)"
    script = (
        "import asyncio, sys, tests.entry_points\n"
        "async def main():\n"
        f"    p = await asyncio.create_subprocess_exec(sys.executable, '-c', {inner!r})\n"
        "    assert await p.wait() == 0\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[1])

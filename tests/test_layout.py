"""The shape of the house."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    *("bot", "summarizers", "tests", "benchmarks", "docs", "requirements"),
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile"),
}
MAX_LINES = 400
# Written in two halves, so that this file itself does not name them.
REGISTRIES = tuple(
    f"{host}.{end}" for host, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
)
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common", "misc"}


def tracked():
    """Return the repository's files, by their paths."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def modules():
    return [path for name in ("bot", "summarizers") for path in (ROOT / name).rglob("*.py")]


def test_the_top_level_holds_what_the_design_names_and_no_more():
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL
    assert {"bot", "summarizers", "tests", "pyproject.toml", ".env.example"} <= names


def test_no_file_names_a_package_registry():
    found = []
    for path in tracked():
        content = path.read_bytes()
        found += [(path.name, host) for host in REGISTRIES if host.encode() in content]
    assert found == []


def test_no_module_is_longer_than_a_sitting():
    migrations = ROOT / "bot" / "store" / "migrations" / "versions"
    long = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if path.parent != migrations and len(path.read_text().splitlines()) > MAX_LINES
    ]
    assert long == []


def test_no_module_is_called_a_drawer():
    assert [path.name for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_every_module_says_what_it_is():
    silent = [str(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_there_is_no_second_bot_that_would_hide_the_first():
    assert not (ROOT / "tests" / "bot").exists()

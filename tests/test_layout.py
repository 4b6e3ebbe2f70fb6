"""The house keeps its shape."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.desk.reference import reference
from bot.desk.start import COMMANDS

ROOT = Path(__file__).parents[1]
TOP = {
    *("bot", "summarizers", "tests", "benchmarks", "docs", "requirements", "pyproject.toml"),
    *("README.md", "LICENSE", "CHANGELOG.md", "Makefile"),
}
MAX_LINES = 400
# The host names of where packages come from, put together so that this file has none.
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org")


def tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_holds_what_the_design_names():
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP


def test_no_file_names_where_packages_come_from():
    for path in tracked():
        text = path.read_bytes()
        for host in REGISTRIES:
            assert host.encode() not in text, f"{path} names {host}"


def test_a_module_can_be_read_in_five_minutes():
    modules = [path for path in tracked() if path.suffix == ".py"]
    source = [path for path in modules if path.relative_to(ROOT).parts[0] in {"bot", "summarizers"}]
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in source
        if (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
        and "migrations/versions" not in path.as_posix()
    }
    assert long == {}


def test_tests_do_not_hide_the_package_they_test():
    assert not (ROOT / "tests" / "bot").exists()
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_nothing_is_left_for_another_day():
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in tracked():
        if path.suffix == ".py":
            assert not pattern.search(path.read_text("utf-8")), path


def test_the_commands_are_documented_as_the_menu_has_them():
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference()
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, _ in COMMANDS:
        assert f"/{name}" in readme or name in {"start", "help"}

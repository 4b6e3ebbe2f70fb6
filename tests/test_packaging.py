"""What an installation gets: one that is not editable, and each lock."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "summarizers")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> set[str]:
    """The paths of the files in a wheel, built from a copy so that the tree stays clean."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(target)],
        cwd=source,
        capture_output=True,
        check=False,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = target.glob("*.whl")
    return set(ZipFile(wheel).namelist())


def test_a_wheel_holds_every_file_of_the_packages(packed):
    files = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }
    assert files - packed == set()


def test_a_wheel_tells_type_checkers_that_the_packages_are_typed(packed):
    assert {f"{name}/py.typed" for name in PACKAGES} <= packed


def test_a_wheel_holds_neither_tests_nor_benchmarks(packed):
    folders = {name.split("/")[0] for name in packed}
    assert {name for name in folders if not name.endswith(".dist-info")} == set(PACKAGES)


def locked(name: str) -> set[str]:
    """Return what a lock pins: package, version, marker and hashes of each."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {pin.strip() for pin in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]}


def test_the_lock_for_postgresql_is_that_of_the_bot_and_a_driver():
    cluster, runtime, dev = (locked(name) for name in ("cluster", "runtime", "dev"))
    assert cluster - runtime == {pin for pin in dev if pin.startswith("psycopg")}
    assert runtime - cluster == set()
    assert all("==" in pin and "--hash=sha256:" in pin for pin in cluster)

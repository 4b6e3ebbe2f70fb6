"""The choice of tests for a mutated source file, those most likely to fail first."""

import re
from pathlib import Path

__all__ = ["judges_of"]


def judges_of(path: str, root: Path) -> list[str]:
    """Return the test modules for the source file ``path``, best first; at least one file.

    For ``bot/X/...`` these are ``tests/X``, or if that is missing the modules that name the
    package, or else ``tests/e2e``; for ``bot/x.py`` they are ``tests/test_x.py``, or else the
    folder that holds a ``test_x.py``, or else ``tests/e2e``, and ``bot/x_y.py`` without tests of
    its name has those of ``bot/x.py``; for ``summarizers`` they are ``tests/summarizers``.
    """
    found = _found(path, root)
    return [name for _, name in sorted((_rank(path, name, root), name) for name in found)]


def _found(path: str, root: Path) -> list[str]:
    *folders, file = path.split("/")
    if folders == ["bot"]:
        return _found_for_top(file.removesuffix(".py"), root)
    in_folder = _modules(root / "tests" / folders[-1 if len(folders) == 1 else 1], root)
    if in_folder:
        return in_folder
    package = ".".join(folders)
    importing = [
        name
        for name in _modules(root / "tests", root)
        if not name.startswith("tests/e2e/") and _names(package, root / name)
    ]
    return importing or _modules(root / "tests" / "e2e", root)


def _found_for_top(stem: str, root: Path) -> list[str]:
    tests = root / "tests"
    while stem.strip("_"):
        if (own := tests / f"test_{stem}.py").exists():
            return [_name(own, root)]
        if found := next(tests.glob(f"*/test_{stem}.py"), None):
            return _modules(found.parent, root)
        stem = stem.rpartition("_")[0]
    return _modules(tests / "e2e", root)


def _rank(path: str, test: str, root: Path) -> int:
    """Return the sort key of a test module: 0 for that of the same name, up to 3."""
    stem = Path(path).stem
    if Path(test).name == f"test_{stem}.py":
        return 0
    if _names(path.removesuffix(".py").replace("/", "."), root / test):
        return 1
    return 2 if stem.rstrip("s") in Path(test).stem else 3


def _names(module: str, test: Path) -> bool:
    return re.search(rf"\b{re.escape(module)}\b", test.read_text(encoding="utf-8")) is not None


def _modules(folder: Path, root: Path) -> list[str]:
    return [_name(path, root) for path in folder.rglob("test_*.py")]


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()

"""The places in the source files where a mutation should make a test fail.

Code whose change no test could observe is left out: annotations, docstrings, decorators, imports,
asserts, ``__all__`` and ``__slots__``, and lines that only log.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.kinds import Edit, Found, Source, changes

__all__ = ["Site", "list_sites", "sites_of"]

ROOTS = ("bot", "summarizers")
# Migrations are tested by the databases they produce; the newsroom is data.
SKIPPED_FOLDERS = ("bot/store/migrations", "bot/tryout/newsroom")
_SKIPPED_FIELDS = {
    *("annotation", "returns", "decorator_list", "bases", "type_params"),
    *("type_comment", "msg"),
}
_SKIPPED_STATEMENTS = (ast.Import, ast.ImportFrom, ast.Assert, ast.Global, ast.Nonlocal)
_SKIPPED_NAMES = {"__all__", "__slots__", "__version__"}
# The names of types, loggers and columns, and the width of a column, have no visible effect.
_SKIPPED_CALLS = {"TypeVar", "NewType", "ParamSpec", "getLogger", "cast", "String", "event"}
# zip(strict=...) only guards against bugs; the others are prose, or state the default.
_SKIPPED_KEYWORDS = {"strict", "encoding", "help", "exc_info", "stacklevel"}
_LOGGERS = {"_log", "log", "logger", "logging", "warnings"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A possible change; ``edits`` are (start, end, replacement) in bytes of the file."""

    path: str
    line: int
    kind: str
    what: str
    edits: tuple[Edit, ...]

    @property
    def folder(self) -> str:
        """The part of the program: "bot/chat", "summarizers", or "bot" for files directly in it."""
        return "/".join(self.path.split("/")[:-1][:2])

    def apply(self, source: bytes) -> bytes:
        """Return ``source``, the content of ``path``, with the change made."""
        for start, end, text in sorted(self.edits, reverse=True):
            source = source[:start] + text + source[end:]
        return source


def list_sites(root: Path, only: str = "") -> list[Site]:
    """Return the sites of every source file of ``root`` at or below the path ``only``."""
    found = []
    for path in sorted(file for name in ROOTS for file in (root / name).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if _is_wanted(name, only):
            found += sites_of(name, path.read_bytes())
    return found


def _is_wanted(name: str, only: str) -> bool:
    within = not only or name == only or name.startswith(only.rstrip("/") + "/")
    return within and not name.endswith("/__main__.py") and not name.startswith(SKIPPED_FOLDERS)


def sites_of(path: str, content: bytes) -> list[Site]:
    """Return the sites of one file, in the order of its syntax tree."""
    source = Source(content)
    return [
        _site(path, found)
        for node, parents in _walk(source.tree, ())
        for found in changes(node, parents, source)
    ]


def _site(path: str, found: Found) -> Site:
    return Site(path=path, line=found.line, kind=found.kind, what=found.what, edits=found.edits)


def _walk(
    node: ast.AST, parents: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Yield each node that may be changed, with its ancestors, the nearest last."""
    if _is_skipped(node):
        return
    yield node, parents
    for field, value in ast.iter_fields(node):
        if field in _SKIPPED_FIELDS:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, (*parents, node))


def _is_skipped(node: ast.AST) -> bool:
    match node:
        case ast.Call():
            return _name(node) in _SKIPPED_CALLS
        case ast.keyword(arg=name):
            return name in _SKIPPED_KEYWORDS
        case ast.stmt():
            return _is_skipped_statement(node)
        case _:
            return isinstance(node, ast.JoinedStr)


def _is_skipped_statement(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call() as call):
            return _root(call) in _LOGGERS or _name(call) in _SKIPPED_CALLS
        case ast.If(test=test):
            return "TYPE_CHECKING" in ast.dump(test)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in _SKIPPED_NAMES
        case _:
            return isinstance(node, _SKIPPED_STATEMENTS)


def _name(call: ast.Call) -> str:
    """Return the name of the called function or method: "b" for ``a.b()``."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _root(call: ast.Call) -> str:
    """Return the name of a method's owner: "b" for ``b.c()`` and for ``self.b.c()``."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")

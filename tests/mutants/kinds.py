"""Mutation operators: functions from a node of the syntax tree to edits of the source.

Only the bytes of the node itself are replaced, so that a diff shows nothing but the change.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

__all__ = ["KINDS", "Edit", "Found", "Source", "changes"]

Edit = tuple[int, int, bytes]
Parents = tuple[ast.AST, ...]
Place = ast.expr | ast.stmt

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Div: ("/", "*"),
    ast.Mod: ("%", "//"),
}
_OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Found:
    """A possible change: its first line (from 1), kind and description, and its edits."""

    line: int
    kind: str
    what: str
    edits: tuple[Edit, ...]


class Source:
    """The bytes of a file with its syntax tree; offsets, like its columns, are in bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.tree = ast.parse(content)
        self._starts = [0, *accumulate(map(len, content.splitlines(keepends=True)))]

    def start(self, node: Place) -> int:
        """Return the offset at which ``node`` begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: Place) -> int:
        """Return the offset after ``node``, without parentheses around it."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def line(self, offset: int) -> int:
        """Return the number of the line that contains ``offset``, from 1."""
        return bisect_right(self._starts, offset)

    def text(self, node: Place) -> str:
        """Return the source of ``node``."""
        return self.content[self.start(node) : self.end(node)].decode()

    def token(self, left: int, right: int, token: str) -> tuple[int, int]:
        """Return start and end of ``token``, which must be between two offsets; skip comments."""
        gap = re.sub(rb"#[^\n]*", lambda match: b" " * len(match[0]), self.content[left:right])
        words = r"\s+".join(map(re.escape, token.split()))
        word = rf"\b{words}\b" if token[0].isalpha() else words
        match = re.search(word.encode(), gap)
        assert match is not None, (token, gap)
        return left + match.start(), left + match.end()


def changes(node: ast.AST, parents: Parents, source: Source) -> Iterator[Found]:
    """Yield the possible changes of ``node`` itself, not of its children."""
    for kind, function in KINDS.items():
        for what, edits in function(node, parents, source):
            yield Found(source.line(edits[0][0]), kind, what, edits)


Changes = Iterator[tuple[str, tuple[Edit, ...]]]


def _comparison(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if not isinstance(node, ast.Compare):
        return
    sides = pairwise([node.left, *node.comparators])
    for (left, right), operator in zip(sides, node.ops, strict=True):
        old, new = _COMPARISONS[type(operator)]
        start, end = source.token(source.end(left), source.start(right), old)
        yield f"{old} became {new}", ((start, end, new.encode()),)


def _boolean(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        gaps = [(source.end(a), source.start(b)) for a, b in pairwise(node.values)]
        places = [source.token(left, right, old) for left, right in gaps]
        edits = tuple((start, end, new.encode()) for start, end in places)
        yield f"{old} became {new}", edits


def _negation(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        start = source.start(node)
        end = start + len(b"not")
        while source.content[end : end + 1] == b" ":
            end += 1
        yield "not removed", ((start, end, b""),)


def _arithmetic(node: ast.AST, parents: Parents, source: Source) -> Changes:
    pair = _ARITHMETIC.get(type(getattr(node, "op", None)))  # type: ignore[arg-type]
    if pair is None:
        return
    old, new = pair
    if isinstance(node, ast.BinOp) and not _is_text(node.left) and not _is_text(node.right):
        start, end = source.token(source.end(node.left), source.start(node.right), old)
        yield f"{old} became {new}", ((start, end, new.encode()),)
    if isinstance(node, ast.AugAssign) and not _is_text(node.value):
        start, end = source.token(source.end(node.target), source.start(node.value), f"{old}=")
        yield f"{old}= became {new}=", ((start, end, f"{new}=".encode()),)


def _is_text(node: ast.AST) -> bool:
    """Return whether an operand is a literal of text or a container, so not a number."""
    literal = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple, ast.Dict, ast.GeneratorExp)
    is_string = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    return is_string or isinstance(node, literal)


def _number(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    new = str(value + 1) if isinstance(value, int) else repr(value * 2 or 1.0)
    edit = (source.start(node), source.end(node), new.encode())
    yield f"{source.text(node)} became {new}", (edit,)


def _flag(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        edit = (source.start(node), source.end(node), str(not node.value).encode())
        yield f"{node.value} became {not node.value}", (edit,)


def _string(node: ast.AST, parents: Parents, source: Source) -> Changes:
    """Yield a string that is compared, used as a key, returned, or a default."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    text = source.text(node)
    if _is_observed(node, parents) and re.fullmatch(r"(['\"])[^'\"\\\n]*\1", text):
        new = f'"{node.value}~"'
        edit = (source.start(node), source.end(node), new.encode())
        yield f"{text} became {new}", (edit,)


def _is_observed(node: ast.Constant, parents: Parents) -> bool:
    parent = parents[-1]
    if isinstance(parent, ast.Set | ast.Tuple | ast.List):
        return isinstance(parents[-2], ast.Compare)
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    if isinstance(parent, ast.Subscript):
        return parent.slice is node
    if isinstance(parent, ast.arguments | ast.Return | ast.Compare):
        return True
    return isinstance(parent, ast.AnnAssign) and isinstance(parents[-2], ast.ClassDef)


def _result(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if not isinstance(node, ast.Return) or node.value is None:
        return
    if isinstance(node.value, ast.Constant) and node.value.value is None:
        return
    edit = (source.start(node), source.end(node), b"return None")
    yield "returns None", (edit,)


def _condition(node: ast.AST, parents: Parents, source: Source) -> Changes:
    """Yield a negated condition, unless changing its only operator has the same effect."""
    if not isinstance(node, ast.If | ast.IfExp):
        return
    test = node.test
    if isinstance(test, ast.UnaryOp) or (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return
    start, end = source.start(test), source.end(test)
    yield "condition negated", ((start, start, b"not ("), (end, end, b")"))


def _call(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if not isinstance(node, ast.Expr):
        return
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    if isinstance(value, ast.Call):
        edit = (source.start(node), source.end(node), b"pass")
        yield "call removed", (edit,)


def _loop(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if isinstance(node, ast.Break | ast.Continue):
        old, new = ("break", "continue") if isinstance(node, ast.Break) else ("continue", "break")
        yield f"{old} became {new}", ((source.start(node), source.end(node), new.encode()),)


def _extreme(node: ast.AST, parents: Parents, source: Source) -> Changes:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        new = _OPPOSITES.get(node.func.id)
        if new:
            edit = (source.start(node.func), source.end(node.func), new.encode())
            yield f"{node.func.id} became {new}", (edit,)


def _slice(node: ast.AST, parents: Parents, source: Source) -> Changes:
    """Yield changed slice bounds, but for plain numbers, which ``_number`` changes."""
    if not isinstance(node, ast.Slice):
        return
    for name, bound in (("lower", node.lower), ("upper", node.upper)):
        if bound is None or _is_plain_number(bound):
            continue
        old = source.text(bound)
        edit = (source.start(bound), source.end(bound), f"({old}) + 1".encode())
        yield f"{name} bound one more", (edit,)


def _is_plain_number(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


KINDS: dict[str, Callable[[ast.AST, Parents, Source], Changes]] = {
    "comparison": _comparison,
    "and/or": _boolean,
    "not": _negation,
    "arithmetic": _arithmetic,
    "number": _number,
    "flag": _flag,
    "string": _string,
    "return": _result,
    "condition": _condition,
    "call": _call,
    "loop": _loop,
    "min/max": _extreme,
    "slice": _slice,
}

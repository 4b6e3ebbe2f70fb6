"""One meaning a name: no class of the house has the name of another."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_class_name_has_two_meanings():
    places = defaultdict(list)
    for package in ("bot", "summarizers"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name.lstrip("_")].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_loops_name_what_they_go_over():
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in ("bot", "summarizers")
        for path in (ROOT / package).rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "for one in " in line
    ]
    assert lines == []

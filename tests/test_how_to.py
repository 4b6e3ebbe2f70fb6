"""What docs/how-to and architecture's table of changes name is there.

Outside of fenced blocks, whatever stands in backticks and begins like a path of the repository
is one, what begins with ``test_`` is a test, and what is written like a name of ours (with an
underscore, or a capital within) stands in the code. Commands are checked wherever they stand. Files
that a page tells to make are named in fenced blocks only.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
HOW_TO = ROOT / "docs" / "how-to"
PAGES = sorted(HOW_TO.glob("*.md"))
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
TOP = {path.name for path in ROOT.iterdir()} - {".venv"}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
NAMES = {
    name
    for folder in ("bot", "summarizers", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    for name in re.findall(r"\w+", path.read_text("utf-8"))
} | set(re.findall(r"\w+", (ROOT / ".env.example").read_text("utf-8")))
NAME = re.compile(r"\w*_\w+|[A-Z]+[a-z]+[A-Z]\w+")
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


def table() -> list[str]:
    """Return the rows of the table "Where to change what"."""
    _, _, rest = ARCHITECTURE.read_text("utf-8").partition("## Where to change what\n")
    return [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("|")][2:]


TEXTS = {page.name: page.read_text("utf-8") for page in PAGES} | {"table": "\n".join(table())}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def missing(text: str) -> list[str]:
    """Return what ``text`` names and is not there."""
    tokens = TOKEN.findall(FENCED.sub("", text))
    paths = [token for token in tokens if token.split("/")[0] in TOP and " " not in token]
    for said in re.findall(r'make test ARGS="([^"]*)"', text):
        paths += said.split()
    tests = [token for token in tokens if re.fullmatch(r"test_\w+", token)]
    words = [
        word
        for token in tokens
        if " " not in token and "/" not in token
        for word in re.findall(r"\w+", token)
    ]
    names = [word for word in words if NAME.fullmatch(word) and not word.startswith("test_")]
    modules = re.findall(r"python -m ((?:bot|benchmarks|tests)\b[\w.]*)", text)
    targets = re.findall(r"^make ([a-z]+)", text, re.MULTILINE)
    targets += [token.split()[1] for token in tokens if re.match("make [a-z]", token)]
    return [
        *(path for path in paths if not (ROOT / path).exists()),
        *(name for name in tests if name not in TESTS),
        *(name for name in names if name not in NAMES),
        *(f"python -m {name}" for name in modules if not is_module(name.rstrip("."))),
        *(f"make {name}" for name in targets if name not in TARGETS),
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_page_names_is_there(name):
    assert missing(TEXTS[name]) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_links_to_is_there(page):
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_is_in_the_index():
    linked = set(LINK.findall(TEXTS["README.md"]))
    assert {page.name for page in PAGES} - {"README.md"} <= linked


def test_every_row_of_the_table_links_to_a_page():
    rows = {row: re.findall(r"\(how-to/([\w-]+\.md)\)", row) for row in table()}
    assert rows
    assert [row for row, pages in rows.items() if not pages] == []
    assert {page for pages in rows.values() for page in pages} <= {page.name for page in PAGES}


@pytest.mark.parametrize(
    "text",
    [
        "`bot/of_yesterday.py`",
        "`test_of_yesterday`",
        "`Shop.sold_" + "out`",
        "`OfYester" + "Day`",
        "`python -m bot.of_yesterday`",
        "```\nmake of\n```",
        '```\nmake test ARGS="tests/of_yesterday"\n```',
    ],
)
def test_what_is_gone_is_found(text):
    assert len(missing(text)) == 1
    assert missing("```python\n# bot/of_tomorrow.py\n```") == []

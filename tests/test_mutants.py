"""Changing the source on purpose: where, how often, what judges it, and what is said of it."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.__main__ import main
from tests.mutants.affected import judges_of
from tests.mutants.drawing import draw
from tests.mutants.judging import Limits, Verdict, judge
from tests.mutants.kinds import KINDS
from tests.mutants.report import summary
from tests.mutants.sites import list_sites, sites_of

ROOT = Path(__file__).parents[1]

EVERY_KIND = '''"""Ä docstring."""
import logging
__all__ = ["f"]
_log = logging.getLogger("name")

@decorated(1)
def f(a: "int" = 1, *, long=True) -> "str":
    """Say 1."""
    assert a == 1
    for i in range(a):
        if a < i and not long:  # and so on
            continue
        _log.info("ä %s", a + 1)
        g(min(a, i))
    if TYPE_CHECKING:
        import x
    if long and (a or
                 not f):
        return a[a:f]
    return "ä" + f"{a + 1}"

def g(a):
    return ("ä", a - 1, a[-2:]) if a not in {"ö", "ü"} else "ö"
'''


def differing(old, new):
    """Return how many nodes of two trees differ, not counting those around or within them."""
    if type(old) is not type(new):
        return 1
    if isinstance(old, list):
        if len(old) != len(new):
            return 1
        return sum(differing(a, b) for a, b in zip(old, new, strict=True))
    if not isinstance(old, ast.AST):
        return int(old != new)
    fields = old._fields
    return sum(differing(getattr(old, name, None), getattr(new, name, None)) for name in fields)


def mutated(source, what, line=None):
    content = source.encode()
    found = [
        site.apply(content).decode()
        for site in sites_of("bot/x.py", content)
        if site.what == what and line in {None, site.line}
    ]
    assert len(found) == 1
    return found[0]


def test_every_kind_is_found():
    assert {site.kind for site in sites_of("bot/x.py", EVERY_KIND.encode())} == set(KINDS)


def test_what_nobody_can_observe_is_left_alone():
    lines = EVERY_KIND.splitlines()
    changed = {lines[site.line - 1].strip() for site in sites_of("bot/x.py", EVERY_KIND.encode())}
    quiet = ("import", "__all__", "_log", "@", '"""', "assert", "if TYPE_CHECKING")
    assert [line for line in changed if line.startswith(quiet)] == []
    assert mutated(EVERY_KIND, "1 became 2", 7).count('a: "int" = 2') == 1


def test_a_change_changes_one_node_and_one_place_of_the_text():
    content = EVERY_KIND.encode()
    for site in sites_of("bot/x.py", content):
        after = site.apply(content)
        assert differing(ast.parse(content), ast.parse(after)) == 1, site
        lines = zip(content.splitlines(), after.splitlines(), strict=True)
        touched = [number for number, (old, new) in enumerate(lines, 1) if old != new]
        assert touched[0] == site.line, site
        assert len(touched) <= len(site.edits), site


@pytest.mark.parametrize(
    ("source", "what", "after"),
    [
        ("a = b < c <= d", "<= became <", "a = b < c < d"),
        ("a = (b) is  not (c)", "is not became is", "a = (b) is (c)"),
        ("a = (b # not in\n in c)", "in became not in", "a = (b # not in\n not in c)"),
        ("a = (b and c) or d", "and became or", "a = (b or c) or d"),
        ("a = b and c and d", "and became or", "a = b or c or d"),
        ("a = not (b or c)", "not removed", "a = (b or c)"),
        ("a += 1", "+= became -=", "a -= 1"),
        ("a = b / c", "/ became *", "a = b * c"),
        ("a = 0.5", "0.5 became 1.0", "a = 1.0"),
        ("a = 0.0", "0.0 became 1.0", "a = 1.0"),
        ("a = b[-1]", "1 became 2", "a = b[-2]"),
        ("a = b[c:]", "lower bound one more", "a = b[(c) + 1:]"),
        ("if a and b: c()", "condition negated", "if not (a and b): c()"),
        ("await a(b)", "call removed", "pass"),
        ("a = max(b, c)", "max became min", "a = min(b, c)"),
        ("a = b['c']", "'c' became \"c~\"", 'a = b["c~"]'),
    ],
)
def test_a_change_is_what_it_says(source, what, after):
    assert mutated(source, what) == after


@pytest.mark.parametrize(
    "source",
    [
        "a = 'text'",
        "a = f'{b + 1}'",
        "a = b + 'text'",
        "event(_log, 'sent', parts=n + 1)",
        "self._log.info(a + b)",
        "T = TypeVar('T', bound=int if b else c)",
        "a = zip(b, c, strict=True)",
        "a: 'int' = b",
    ],
)
def test_where_a_change_would_say_nothing_there_is_none(source):
    assert sites_of("bot/x.py", source.encode()) == []


@pytest.fixture(scope="module")
def sites():
    return list_sites(ROOT)


def test_all_of_our_source_is_walked_but_what_is_data_or_no_more_than_an_entrance(sites):
    paths = {site.path for site in sites}
    assert {"bot/flow.py", "bot/store/outbox.py", "summarizers/centroid.py"} <= paths
    assert [path for path in paths if "migrations" in path or "newsroom/" in path] == []
    assert [path for path in paths if path.endswith("__main__.py")] == []


def test_a_part_of_the_source_is_listed_by_its_path(sites):
    clock = [site for site in sites if site.path.startswith("bot/clock/")]
    assert list_sites(ROOT, "bot/clock") == list_sites(ROOT, "bot/clock/") == clock
    assert {site.path for site in list_sites(ROOT, "bot/flow.py")} == {"bot/flow.py"}
    assert list_sites(ROOT, "bot/cloc") == list_sites(ROOT, "docs") == []


def test_the_same_seed_draws_the_same_and_another_draws_others(sites):
    drawn = draw(sites, 20, 1, ROOT)
    assert draw(sites, 20, 1, ROOT) == drawn
    assert draw(sites, 10, 1, ROOT) == drawn[:10]
    assert set(draw(sites, 20, 2, ROOT)) != set(drawn)


def test_folders_have_their_turns_and_kinds_within_each(sites):
    folders = {site.folder for site in sites}
    drawn = draw(sites, 3 * len(folders), 3, ROOT)
    assert set(Counter(site.folder for site in drawn).values()) == {3}
    assert {site.folder for site in drawn[: len(folders)]} == folders
    kinds = Counter((site.folder, site.kind) for site in drawn)
    assert set(kinds.values()) == {1}


def test_a_folder_is_judged_by_its_tests_and_first_by_those_of_the_same_name():
    tests = judges_of("bot/gather/fetch.py", ROOT)
    assert tests[0] == "tests/gather/test_fetch.py"
    assert {Path(test).parent.as_posix() for test in tests} == {"tests/gather"}
    assert len(tests) == len(list((ROOT / "tests" / "gather").glob("test_*.py")))
    assert judges_of("summarizers/quotes.py", ROOT)[0] == "tests/summarizers/test_quotes.py"
    assert judges_of("bot/store/outbox.py", ROOT)[0] == "tests/store/test_outbox.py"


def test_a_module_of_the_top_is_judged_by_its_own_tests_or_by_those_of_the_whole(tmp_path):
    for name in ("test_own.py", "e2e/test_other.py", "e2e/test_whole.py"):
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).write_text("def test_it():\n    pass\n")
    assert judges_of("bot/own.py", tmp_path) == ["tests/test_own.py"]
    whole = ["tests/e2e/test_whole.py", "tests/e2e/test_other.py"]
    assert judges_of("bot/whole.py", tmp_path) == whole
    assert judges_of("bot/own_part.py", tmp_path) == ["tests/test_own.py"]


def test_a_module_of_the_top_whose_tests_stand_in_a_folder_is_judged_by_that_folder():
    tests = judges_of("bot/flow.py", ROOT)
    assert tests[0] == "tests/steps/test_flow.py"
    assert {Path(test).parent.as_posix() for test in tests} == {"tests/steps"}


def test_a_folder_without_tests_of_its_own_is_judged_by_those_that_import_it():
    assert judges_of("bot/workers/pool.py", ROOT)[0] == "tests/gather/test_workers.py"


@pytest.fixture
def tree(tmp_path):
    """A program of three functions: one is tested, one is not, and one may wait for ever."""
    root = tmp_path / "house"
    for name, content in {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['--import-mode=importlib']\n",
        "bot/sums/total.py": "def total(a):\n    return a + 3\n",
        "bot/sums/idle.py": "def idle(a):\n    return a < 5\n",
        "bot/waits/wait.py": "def wait():\n    while True:\n        break\n",
        "tests/sums/test_total.py": (
            "from bot.sums.total import total\n\ndef test_a_total():\n    assert total(1) == 4\n"
        ),
        "tests/waits/test_wait.py": (
            "from bot.waits.wait import wait\n\ndef test_an_end():\n    wait()\n"
        ),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def test_each_mutant_is_judged_told_and_counted_and_the_source_stays_as_it_is(tree, capsys):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert main(["--seed", "1", "--only", "bot/sums"], tree) == 0
    told = capsys.readouterr().out
    for what in ("+ became -", "3 became 4"):
        (line,) = [line for line in told.splitlines() if what in line]
        assert line.startswith("bot/sums/total.py:2 ")
        assert " killed " in line
        assert line.endswith("tests/sums/test_total.py::test_a_total")
    assert "survived: bot/sums/idle.py:2, < became <=" in told
    assert "-    return a < 5\n+    return a <= 5\n" in told
    assert told.splitlines()[-1].split() == ["all", "3/6", "0", "3", "0", "50%"]
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_a_test_that_does_not_end_has_noticed(tree):
    (site,) = [site for site in list_sites(tree) if site.what == "break became continue"]
    told = []
    limits = Limits(total_s=100, test_s=6, lanes=1)
    (verdict,) = judge([site], tree, limits, told.append)
    assert told == [verdict]
    assert (verdict.state, verdict.is_killed) == ("timeout", True)
    assert verdict.test == "tests/waits/test_wait.py::test_an_end"


def test_the_share_is_that_of_the_mutants_whose_end_is_known(tree):
    states = ("killed", "timeout", "survived", "unfinished")
    some = list_sites(tree)
    verdicts = [
        Verdict(site=site, state=state, seconds=1.0)
        for site, state in zip(some, states, strict=False)
    ]
    *_, all_of_them, time_up = summary(verdicts, 5, tree)
    assert all_of_them.split() == ["all", "2/3", "1", "1", "1", "67%"]
    assert time_up == "The time was up: 4 of 5 mutants were judged."


def test_tests_that_fail_without_a_mutation_are_an_error(tree, capsys):
    (tree / "tests/sums/test_total.py").write_text("def test_a_total():\n    assert 1 == 2\n")
    assert main(["--count", "1", "--only", "bot/sums/total.py"], tree) == 1
    assert "test_a_total fails without a mutation" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--only", "bot/nowhere"], ["--count", "0"], ["--minutes", "x"], ["--seed", "x"]]
)
def test_a_bad_argument_is_said_in_a_line(arguments, capsys):
    try:
        code = main(arguments)
    except SystemExit as error:
        code = error.code
    assert code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mutants: ")
    assert arguments[1] in line

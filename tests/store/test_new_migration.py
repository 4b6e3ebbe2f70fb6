"""How a migration is begun: in a copy, so that no file is left in the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine

from bot.store import schema
from bot.store.migrations.new import begin, main
from bot.store.schema import newest_revision
from bot.store.tables import UtcDateTime, metadata

ROOT = Path(__file__).parents[2]
MIGRATIONS = Path(schema.__file__).parent / "migrations"
NEXT = f"{int(newest_revision()) + 1:04}"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the migrations."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=ignored))


@pytest.fixture
def tables() -> MetaData:
    """A copy of the tables, which a test may change."""
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


def added(folder: Path) -> list[str]:
    return sorted({path.name for path in (folder / "versions").glob("*.py")} - known())


def known() -> set[str]:
    return {path.name for path in (MIGRATIONS / "versions").glob("*.py")}


def left_after(folder: Path, tables: MetaData) -> list:
    """Return what ``tables`` have beyond a database that the migrations of ``folder`` made."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        left = compare_metadata(MigrationContext.configure(connection), tables)
    engine.dispose()
    return left


def test_a_migration_has_the_next_number_and_stands_upon_the_newest(folder):
    begun = begin("count failed polls", folder)
    assert begun.path == folder / "versions" / f"{NEXT}_count_failed_polls.py"
    assert (begun.before, begun.differs) == (newest_revision(), False)
    said = begun.path.read_text()
    assert said.startswith('"""Count failed polls."""\n')
    assert f"\nrevision = '{NEXT}'\ndown_revision = '{newest_revision()}'\n" in said
    assert said.endswith('def upgrade() -> None:\n    """Count failed polls."""\n')


def test_a_second_migration_stands_upon_the_first(folder):
    first, second = begin("one", folder), begin("two", folder)
    assert second.before == first.path.name[:4]
    assert added(folder) == [first.path.name, second.path.name]


def test_what_differs_stands_in_the_migration_and_leads_to_the_tables(folder, tables):
    tables.tables["feed"].append_column(
        Column("failed_polls", Integer, server_default="0", nullable=False)
    )
    tables.tables["room"].append_column(Column("seen_at", UtcDateTime, index=True))
    tables.tables["part"].c.html.nullable = True
    tables.remove(tables.tables["told"])
    Table("note", tables, Column("id", Integer, primary_key=True), Column("text", Text))
    begun = begin("change a bit of all", folder, tables)
    assert begun.differs
    assert left_after(folder, tables) == []
    said = begun.path.read_text()
    assert "\n\nfrom bot.store.tables import UtcDateTime\n\nrevision" in said
    # A batch makes a table anew: only where SQLite cannot do without.
    assert said.count("batch_alter_table") == 1
    assert "op.batch_alter_table('part')" in said
    assert "auto generated" not in said


def test_the_linter_has_nothing_against_a_migration_that_was_begun(folder, tables):
    tables.tables["room"].append_column(Column("seen_at", UtcDateTime, index=True))
    path = begin("remember when a room was seen", folder, tables).path
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--no-cache", "--config", str(ROOT / "pyproject.toml"), str(path)]
    subprocess.run([*ruff, "format", *config], check=True, capture_output=True)
    checked = subprocess.run(
        [*ruff, "check", *config], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", "4", "0004", "..", "a/b", "../up", "a.py", 'say """', "new\nline", "\\n"),
        *("$(date)", "zählen", "trailing -", "x" * 61, "it's", "-h", "a\x00b"),
    ],
)
def test_a_bad_name_is_said_in_one_line_and_writes_nothing(folder, capsys, name):
    assert main([name], folder) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"Say in a few words .*\n", err)
    assert added(folder) == []


def test_no_name_is_a_bad_name(folder, capsys):
    assert main([], folder) == 2
    assert capsys.readouterr().err.startswith("Say in a few words")


def test_migrations_that_fork_are_said_in_one_line(folder, capsys):
    path = begin("one", folder).path
    fork = path.read_text().replace(f"'{NEXT}'", "'fork'")
    path.with_name("fork.py").write_text(fork)
    assert main(["two"], folder) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert added(folder) == [path.name, "fork.py"]


def test_what_is_left_to_do_is_said(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert main(["count failed polls"], folder) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"migrations/versions/{NEXT}_count_failed_polls.py is begun. It changes")
    for path in ("tests/store/test_schema.py", "tests/e2e/test_upgrades.py", "CHANGELOG.md"):
        assert path in said
        assert (ROOT / path).exists()
    database = f"tests/data/databases/{newest_revision()}.json"
    assert (database in said) is not (ROOT / database).exists()

"""Begins a migration: ``make migration NAME="count failed polls"``.

Alembic compares bot/store/tables.py with the schema that the migrations lead to so far, in
a SQLite database in memory, and writes what differs into a new file of versions/.
"""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import MetaData, create_engine

from bot.store import tables

__all__ = ["Begun", "begin", "main"]

_FOLDER = Path(__file__).parent
_OLD_DATABASES = Path(__file__).parents[3] / "tests" / "data" / "databases"
_MAX_NAME_CHARS = 60
# It becomes a file's name and a line of prose.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 ,-]*[A-Za-z0-9]")
_NAME_WANTED = (
    'Say in a few words what the migration does, as in NAME="count failed polls": ASCII'
    f" letters, digits, spaces, commas and hyphens, {_MAX_NAME_CHARS} characters at most."
)
# What SQLite does to a table as it stands. For all else, a batch makes the table anew.
_IN_PLACE = (ops.AddColumnOp, ops.CreateIndexOp, ops.DropIndexOp)
_TODO = """\
Left to do:
- Look over what was compared: a renamed column shows as one dropped and one added; changed
  server defaults and conditions of indexes don't show. A new column that must not be null
  needs a server_default.
- Say in the docstring of upgrade() what becomes of the rows, and change them there.{database}
- Test in tests/store/test_schema.py what becomes of them, then
  make test ARGS="tests/store/test_schema.py tests/e2e/test_upgrades.py"
- Say in CHANGELOG.md, under "Upgrade notes", what an operator must know.
"""
_DATABASE_TODO = """
- Make tests/data/databases/{before}.json by write.py with the code of the last commit of that
  schema: tests/data/databases/README.md says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A migration that was begun in ``path``, upon the schema ``before``.

    ``differs`` is whether the tables differed from that schema, so that there is a start.
    """

    path: Path
    before: str
    differs: bool


def begin(name: str, folder: Path = _FOLDER, metadata: MetaData = tables.metadata) -> Begun:
    """Write a migration called ``name`` that leads from the newest schema to ``metadata``.

    The file goes into the ``versions`` of ``folder``; all migrations there are run, in memory.
    Raises ValueError where ``name`` cannot be a migration's, CommandError where the migrations
    don't end in one newest schema, OSError where the file cannot be written.
    """
    if len(name) > _MAX_NAME_CHARS or not _NAME.fullmatch(name):
        raise ValueError(_NAME_WANTED)
    scripts = ScriptDirectory(
        folder, truncate_slug_length=_MAX_NAME_CHARS, messaging_opts={"quiet": True}
    )
    before = scripts.get_current_head()
    assert before is not None
    code = _difference(folder, metadata)
    script = scripts.generate_revision(
        f"{int(before) + 1:04}",
        name[0].upper() + name[1:],
        upgrades=code,
        imports="from bot.store.tables import UtcDateTime" if "UtcDateTime(" in code else "",
    )
    assert script is not None
    return Begun(path=Path(script.path), before=before, differs=bool(code))


def main(arguments: Sequence[str] | None = None, folder: Path = _FOLDER) -> int:
    """Begin the migration that ``arguments`` name, say what is left to do; return the exit code.

    The arguments are joined to one name; None stands for the command line's. The code is 0, or 2
    where nothing was begun, with the reason on stderr. Else raises as ``begin``.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        begun = begin(" ".join(arguments).strip(), folder)
    except (ValueError, CommandError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{os.path.relpath(begun.path)} is begun.", end=" ")
    if begun.differs:
        print(f"It holds what tables.py has beyond schema {begun.before}.")
    else:
        print(f"It changes no table: tables.py is of schema {begun.before}.")
    has_database = (_OLD_DATABASES / f"{begun.before}.json").exists()
    database = "" if has_database else _DATABASE_TODO.format(before=begun.before)
    print(_TODO.format(database=database), end="")
    return 0


def _difference(folder: Path, metadata: MetaData) -> str:
    """Return the code that leads from the newest schema to ``metadata``; "" if none is needed."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(folder))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            context = MigrationContext.configure(connection)
            upgrades = produce_migrations(context, metadata).upgrade_ops
            assert upgrades is not None
            return "\n    ".join(_rendered(step, context) for step in upgrades.ops)
    finally:
        engine.dispose()


def _rendered(step: ops.MigrateOperation, context: MigrationContext) -> str:
    """Return ``step`` as code, indented as the body of a function but for its first line."""
    changes = step.ops if isinstance(step, ops.ModifyTableOps) else ()
    is_in_place = all(isinstance(change, _IN_PLACE) for change in changes)
    code = render_python_code(
        ops.UpgradeOps([step]),
        render_as_batch=not is_in_place,
        render_item=_our_type,
        migration_context=context,
    )
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(lines).strip().replace(", schema=None", "")


def _our_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Return how a column type of ours is written; False leaves it to Alembic."""
    return repr(item) if kind == "type" and isinstance(item, tables.UtcDateTime) else False


if __name__ == "__main__":
    sys.exit(main())

"""The files of a database: whose they are, and that one bot at a time runs on them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.store import Database
from bot.store.files import file_of, is_run, only_bot
from bot.store.schema import backup, upgrade

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from bot.store.files import only_bot
with only_bot(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=[0o000, 0o022, 0o077])
def _umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder):
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}


@pytest.mark.usefixtures("_umask")
async def test_what_we_make_is_ours_alone_whatever_the_umask(tmp_path):
    folder = tmp_path / "new" / "data"
    path = folder / "daybrief.db"
    with only_bot(path):
        async with Database(f"sqlite+aiosqlite:///{path}") as database:
            await upgrade(database)
            await backup(database, folder / "copy.db")
            found = modes(folder)
    assert set(found) == {path.name + end for end in ("", "-wal", "-shm", ".lock")} | {"copy.db"}
    assert set(found.values()) == {"0o600"}
    assert modes(tmp_path) == {"new": "0o700"}
    assert modes(tmp_path / "new") == {"data": "0o700"}


async def test_a_database_that_was_open_to_others_is_closed_to_them(tmp_path):
    path = tmp_path / "daybrief.db"
    for name in ("daybrief.db", "daybrief.db-wal", "daybrief.db.lock"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        assert set(modes(tmp_path).values()) == {"0o600"}


async def test_a_mode_that_cannot_be_changed_is_no_error(tmp_path, monkeypatch):
    def refuse(_path, _mode):
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db") as database:
        await upgrade(database)


def test_a_second_bot_is_refused_until_the_first_has_ended(tmp_path):
    path = tmp_path / "daybrief.db"
    assert not is_run(path)
    with only_bot(path):
        assert is_run(path)
        with pytest.raises(SetupError, match="Another daybrief runs on"), only_bot(path):
            pass
    assert not is_run(path)
    with only_bot(path):
        pass


def test_a_killed_bot_keeps_nobody_out(tmp_path):
    path = tmp_path / "daybrief.db"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        assert is_run(path)
        holder.kill()
    with only_bot(path):
        pass


def test_two_names_of_a_file_are_one_database(tmp_path):
    path = tmp_path / "daybrief.db"
    (tmp_path / "link.db").symlink_to(path)
    with only_bot(file_of(f"sqlite+aiosqlite:///{tmp_path}/link.db")):
        assert is_run(file_of(f"sqlite+aiosqlite:///{path}"))


def test_a_look_at_the_lock_keeps_no_bot_from_starting(tmp_path, monkeypatch):
    path = tmp_path / "daybrief.db"
    with only_bot(path):
        pass
    looked = only_bot(path)
    looked.__enter__()
    monkeypatch.setattr(time, "sleep", lambda _s: looked.__exit__(None, None, None))
    with only_bot(path):
        assert is_run(path)


def test_a_lock_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    lock = only_bot(tmp_path / "file" / "daybrief.db")
    with pytest.raises(SetupError, match="cannot be opened: Not a directory"), lock:
        pass


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_memory_that_ends_with_the_program_is_refused(url):
    with pytest.raises(SetupError, match="DAYBRIEF_DATABASE_URL must name a file"):
        async with Database(url):
            pass


@pytest.mark.parametrize("path", ["file::memory:?uri=true", "a\0b"])
def test_what_is_no_path_of_a_file_is_one_line(path):
    with pytest.raises(SetupError, match="DAYBRIEF_DATABASE_URL must"):
        file_of(f"sqlite+aiosqlite:///{path}")

"""The files of a SQLite database: private to their owner, and locked by one bot at a time."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SetupError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["close_to_others", "file_of", "files_of", "is_run", "make_file", "only_bot", "parsed"]

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
# A bot that is told to stop may take a moment, and a look at the lock holds it for an instant.
_LOCK_TRIES = 10
_LOCK_PAUSE_S = 0.1


def parsed(url: str) -> URL:
    """Return the parts of a database's URL; raise SQLAlchemy's ArgumentError if it is none.

    Drivers are not looked for.
    """
    try:
        return make_url(url)
    except ValueError as error:  # a port that is no number
        raise ArgumentError(f"no URL of a database: {error}") from error


def file_of(url: str) -> Path | None:
    """Return the file of the SQLite database at ``url``, links resolved; None for PostgreSQL.

    Raises SetupError if it would be in memory, is given as a ``file:`` URI, or as what can be no
    path; SQLAlchemy's ArgumentError if ``url`` is none. A relative path counts from the working
    folder. The file need not exist.
    """
    parts = parsed(url)
    if not parts.drivername.startswith("sqlite"):
        return None
    if not parts.database or parts.database == ":memory:":
        raise SetupError(
            "DAYBRIEF_DATABASE_URL must name a file: memory has to outlive the program."
        )
    if parts.database.startswith("file:"):  # which may name memory as well
        raise SetupError(
            "DAYBRIEF_DATABASE_URL must give a SQLite database by its file's path, not by a URI."
        )
    try:
        return Path(parts.database).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # links that go round, a NUL
        raise SetupError(f"DAYBRIEF_DATABASE_URL must name a file: {error}.") from error


def files_of(path: Path) -> list[Path]:
    """Return the database's file, its -wal and -shm, and its .lock, in this order.

    None of them need exist. Raises ValueError for a path without a name, such as ``/``.
    """
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", ".lock"))]


def make_file(path: Path) -> None:
    """Make a file and its missing folders, private to their owner; OSError if that fails.

    A file that exists is left as it is, but must be one that may be written. Folders that were
    made stay if the file cannot be.
    """
    for folder in reversed([folder for folder in path.parents if not folder.exists()]):
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _FILE_MODE))


def close_to_others(path: Path) -> None:
    """Make the files of the database at ``path`` private, as far as they are ours.

    Files that are missing or another's are passed over. Raises ValueError as ``files_of`` does, and
    for a NUL in the path.
    """
    for file in files_of(path):
        with suppress(OSError):  # it is not there, or another's
            file.chmod(_FILE_MODE)


@contextmanager
def only_bot(path: Path) -> Iterator[None]:
    """Lock the database at ``path`` for one bot; raise SetupError if another has it.

    One of the same process counts as another. Raises SetupError, too, if the file ``.lock``
    cannot be opened, and OSError where the file system has no locks. Blocks for up to a second.
    The lock ends with the context, or whenever the process ends. The file ``.lock`` is made,
    with missing folders, and stays: a new one in its place could be locked at the same time as
    the old. ValueError as by ``close_to_others``.
    """
    lock = files_of(path)[-1]
    try:
        make_file(lock)
        held = os.open(lock, os.O_RDWR)
    except OSError as error:
        raise SetupError(
            f"{lock} cannot be opened: {error.strerror}. DAYBRIEF_DATABASE_URL says where it is."
        ) from error
    try:
        for _ in range(_LOCK_TRIES):
            if _take(held):
                break
            time.sleep(_LOCK_PAUSE_S)
        else:
            raise SetupError(f"Another daybrief runs on {path}: stop it first.")
        yield
    finally:
        os.close(held)


def is_run(path: Path) -> bool:
    """Return whether a bot, of this process too, has the database at ``path`` locked.

    Takes its lock for an instant, in which ``only_bot`` waits; does not wait itself. False, too,
    if the file ``.lock`` cannot be opened. Raises OSError where the file system has no locks, and
    ValueError as ``close_to_others``.
    """
    try:
        looked = os.open(files_of(path)[-1], os.O_RDWR)
    except OSError:
        return False
    try:
        return not _take(looked)
    finally:
        os.close(looked)


def _take(lock: int) -> bool:
    """Take the lock until it is closed; return False if another process has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is Windows' word for it
        return False
    return True

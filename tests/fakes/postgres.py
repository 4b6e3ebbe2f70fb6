"""A private PostgreSQL server, started for a test session."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MISSING", "PostgresServer", "controlled_postgres", "postgres_server"]


def _binaries() -> Path | None:
    """Return the folder of PostgreSQL's server programs, which Debian does not put on the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


_BIN = _binaries()
_MEMORY = Path("/dev/shm")
# Two workers' servers, with 8 MB for each of some 1,200 databases, and what else needs memory.
_ROOM_BYTES = 16 * 2**30
MISSING = "" if _BIN else "PostgreSQL's server programs (initdb, pg_ctl) are not installed"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server in ``folder`` on a loopback port, run by ``user`` ("": the current)."""

    folder: Path
    port: int
    user: str

    @property
    def url(self) -> str:
        """Its URL, without a database name."""
        return f"postgresql+psycopg://daybrief@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return when it answers."""
        # The data is deleted after the tests, so nothing needs to wait for the disk.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self.folder}"
        self._control("-w", "-o", options, "-l", self.folder / "log", "start")

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._control("-m", "immediate", "stop")

    def _control(self, *words: object) -> None:
        assert _BIN is not None, MISSING
        _run(self.user, _BIN / "pg_ctl", "-D", self.folder / "data", *words)


@contextmanager
def controlled_postgres() -> Iterator[PostgresServer]:
    """Run a server on a free loopback port, which may be stopped and started meanwhile."""
    assert _BIN is not None, MISSING
    with tempfile.TemporaryDirectory(prefix="daybrief-pg-", dir=_roomy_memory()) as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        server = PostgresServer(folder, _free_port(), _owner(folder, data))
        _run(
            server.user,
            *(_BIN / "initdb", "-D", data, "-U", "daybrief", "-A", "trust", "--no-sync"),
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server on a free loopback port; yield its URL, without a database name."""
    with controlled_postgres() as server:
        yield server.url


def _roomy_memory() -> Path | None:
    """Return the folder in memory if there is room for all databases of a run, else None.

    Each has 400 files, and a thousand of them took two minutes to delete from a busy disk.
    """
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES
    return _MEMORY if has_room else None


def _owner(*folders: Path) -> str:
    """Return the user to run the server as, "" for the current; it refuses to run as root."""
    if os.geteuid() != 0:
        return ""
    owner = pwd.getpwnam("postgres")
    for folder in folders:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return "postgres"


def _run(user: str, *command: object) -> None:
    words = [str(word) for word in command]
    prefix = ["runuser", "-u", user, "--"] if user else []
    subprocess.run([*prefix, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

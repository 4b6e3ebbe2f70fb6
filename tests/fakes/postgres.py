"""A private PostgreSQL server, started for a test session."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["MISSING", "postgres_server"]


def _binaries() -> Path | None:
    """Return the folder of PostgreSQL's server programs, which Debian does not put on the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


_BIN = _binaries()
MISSING = "" if _BIN else "PostgreSQL's server programs (initdb, pg_ctl) are not installed"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server on a free loopback port; yield its URL, without a database name."""
    assert _BIN is not None, MISSING
    with tempfile.TemporaryDirectory(prefix="daybrief-pg-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        user = _owner(Path(folder), data)
        port = _free_port()
        _run(user, _BIN / "initdb", "-D", data, "-U", "daybrief", "-A", "trust", "--no-sync")
        # The data is deleted after the tests, so nothing needs to wait for the disk.
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        _run(
            user,
            _BIN / "pg_ctl",
            "-D",
            data,
            "-w",
            "-o",
            options,
            "-l",
            Path(folder) / "log",
            "start",
        )
        try:
            yield f"postgresql+psycopg://daybrief@127.0.0.1:{port}"
        finally:
            _run(user, _BIN / "pg_ctl", "-D", data, "-m", "immediate", "stop")


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

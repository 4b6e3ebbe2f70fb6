"""What each fault of the world costs: what is lost, repeated and late, and until when.

    python -m benchmarks.faults [--json] [--rooms 200] [--only NAME …]

The real process sends an edition each to many readers. Meanwhile one thing fails for a while: the
database is locked or its disk is full, PostgreSQL is stopped, Telegram is away, refuses or stays
silent. ``late_s`` is how long after the fault's end the last edition came, beyond what the pace
takes for those that were left; ``pause_s`` is the longest time without a delivery from the fault's
end on, which a slow machine does not lengthen. Exits with 1 if something was lost or repeated
without need, or waited over 10 s for nothing. The full disk needs the right to mount. ``--data``
is not used.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.mass import all_ended, fate, fill
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.postgres import PostgresServer, controlled_postgres

__all__ = ["main"]

_PACE_PER_S = 20
_BEGIN_AT = 40  # messages delivered when the fault begins
_END_S = 400.0
# The longest that work may rest though the fault is over.
_PAUSE_S = 10.0

_SHOWN = ("lost", "repeats", "ambiguous", "dead", "late_s", "pause_s")

Fault = Callable[["Rig"], AbstractAsyncContextManager[None]]


class Rig:
    """A database, the server it may have, and the Bot API of one run."""

    def __init__(
        self, folder: Path, api: BotApi, server: PostgresServer | None, rooms: int
    ) -> None:
        self.folder = folder
        self.rooms = rooms
        self.file = folder / "daybrief.db"
        self.api = api
        self.server = server
        self.url = f"sqlite+aiosqlite:///{self.file}"
        if server is not None:
            address = server.url.replace("+psycopg", "")
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE faults")
            self.url = f"{server.url}/faults"


@asynccontextmanager
async def _locked(rig: Rig) -> AsyncIterator[None]:
    holder = sqlite3.connect(rig.file, timeout=30, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    await asyncio.sleep(60)
    holder.execute("COMMIT")
    holder.close()
    yield


@asynccontextmanager
async def _full(rig: Rig) -> AsyncIterator[None]:
    filler = rig.folder / "filler"
    command = ["dd", "if=/dev/zero", f"of={filler}", "bs=64k"]
    await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    await asyncio.sleep(25)
    filler.unlink()
    yield


@asynccontextmanager
async def _stopped(rig: Rig) -> AsyncIterator[None]:
    assert rig.server is not None
    await asyncio.to_thread(rig.server.stop)
    await asyncio.sleep(25)
    await asyncio.to_thread(rig.server.start)
    yield


@asynccontextmanager
async def _away(rig: Rig) -> AsyncIterator[None]:
    rig.api.is_down = True
    await asyncio.sleep(25)
    rig.api.is_down = False
    yield


@asynccontextmanager
async def _two_silences(rig: Rig) -> AsyncIterator[None]:
    left = [chat for chat in range(1, rig.rooms + 1) if not rig.api.taken[chat]]
    for chat in left[-20:-10]:
        rig.api.rules[chat].extend(("reset-before", "reset-before"))
    yield


@asynccontextmanager
async def _floods(rig: Rig) -> AsyncIterator[None]:
    rig.api.rates = {"flood": 0.3}
    await asyncio.sleep(10)
    rig.api.rates = {}
    yield


# By name: the fault, and how much longer than 10 s work may rest after it.
_FAULTS: dict[str, tuple[Fault, float]] = {
    "locked-60s": (_locked, 0.0),
    "full-25s": (_full, 0.0),
    "postgresql-stopped-25s": (_stopped, 0.0),
    # Telegram is asked whether it answers again up to a minute later.
    "telegram-away-25s": (_away, 60.0),
    "two-silences": (_two_silences, 170.0),
    "floods": (_floods, 10.0),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a fault cost more than it may, else 0."""
    options = _parser().parse_args(arguments)
    rows = {}
    for name in options.only or _FAULTS:
        row = _run(name, options.rooms)
        if row is None:
            print(f"{name}: no right to mount a small disk here", file=sys.stderr)
            continue
        rows[name] = row
        if not options.json:
            shown = {key: row[key] for key in _SHOWN}
            print(f"{name:<24} {shown} {'' if row['holds'] else '✗'}", flush=True)
    print(json.dumps({"benchmark": "faults", "faults": rows}))
    return 0 if all(row["holds"] for row in rows.values()) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.faults", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=list(_FAULTS), metavar="NAME")
    return parser


def _run(name: str, rooms: int) -> dict[str, Any] | None:
    """Return what the fault cost; None where it cannot be made here."""
    with tempfile.TemporaryDirectory(prefix="daybrief-faults-") as temporary:
        folder = Path(temporary)
        if name.startswith("postgresql"):
            with controlled_postgres() as server:
                return asyncio.run(_measure(name, rooms, folder, server))
        if not name.startswith("full"):
            return asyncio.run(_measure(name, rooms, folder, None))
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            return None
        try:
            return asyncio.run(_measure(name, rooms, folder, None))
        finally:
            subprocess.run(["umount", folder], check=False)


async def _measure(
    name: str, rooms: int, folder: Path, server: PostgresServer | None
) -> dict[str, Any]:
    make_fault, more_s = _FAULTS[name]
    with tempfile.TemporaryDirectory(prefix="daybrief-log-") as logs:
        async with BotApi() as api:
            rig = Rig(folder, api, server, rooms)
            await fill(rig.url, rooms)
            log = Path(logs) / "log"
            pace = str(_PACE_PER_S)
            async with running_bot(rig.url, api.url, log, messages_per_s=pace) as process:
                await api.until(lambda: api.taken.total() >= _BEGIN_AT)
                async with make_fault(rig):
                    ended_s, left = time.monotonic(), rooms - len(api.taken)
                ended = await all_ended(rig.url, rooms, within_s=_END_S)
                process.terminate()
                code = await process.wait()
            found = await fate(rig.url, api, rooms)
    later_s = [ended_s, *(d.at_s for d in api.journal if d.at_s > ended_s)]
    late_s = max(later_s[-1] - ended_s - left / _PACE_PER_S, 0.0)
    pause_s = max((after - before for before, after in pairwise(later_s)), default=0.0)
    undue = found.repeats > found.ambiguous
    holds = ended and not code and not found.lost and not undue and found.is_sound
    return {
        **asdict(found),
        "left": left,
        "late_s": round(late_s, 1),
        "pause_s": round(pause_s, 1),
        "holds": holds and pause_s <= _PAUSE_S + more_s,
    }


if __name__ == "__main__":
    sys.exit(main())

"""Whether anything is lost when the bot is killed again and again while Telegram fails.

    python -m benchmarks.crash [--short] [--json] [--kills 100] [--rooms 3000] [--faults 0.1]
        [--database sqlite|postgresql] [--seed 1]

The real process sends an edition each to many readers, over a Bot API on loopback that goes wrong
for a part of the messages, and is killed at random instants, its start included. What was on its
way at a kill, and what got no answer, may be repeated; nothing else may, and nothing be lost. A
part that Telegram left without an answer three times is dead. ``--short`` kills ten times. Exits
with 1 if something was lost, stuck, or repeated without need. ``--data`` is not used.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.mass import TROUBLE, all_ended, fate, fill
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.postgres import postgres_server

__all__ = ["main"]

_SHORT = {"kills": 10, "rooms": 120}
# A second silence is followed by two minutes; a machine may be busy.
_END_S = 420.0
# A start takes a second or two, on a busy machine a minute.
_START_S = 60.0
# Two starts of three live long enough to send.
_LIVES_S = (0.3, 8.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if something was lost or stuck, else 0."""
    options = _parser().parse_args(arguments)
    if options.short:
        vars(options).update(_SHORT)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daybrief-crash-")))
        if options.database == "postgresql":
            base = stack.enter_context(postgres_server())
            with psycopg.connect(
                base.replace("+psycopg", "") + "/postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE crash")
            url = f"{base}/crash"
        else:
            url = f"sqlite+aiosqlite:///{folder}/daybrief.db"
        figures = asyncio.run(_measure(url, folder / "log", options))
    if not options.json:
        for name, value in figures.items():
            print(f"{name:<22} {value}")
    print(json.dumps({"benchmark": "crash", "database": options.database, **figures}))
    return 0 if figures["holds"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.crash", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--short", action="store_true", help="ten kills among 120 readers")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rooms", type=int, default=3000)
    parser.add_argument("--faults", type=float, default=0.1, help="of messages")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    return parser


async def _measure(url: str, log: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return what became of the editions, and how long the last start took to its first one."""
    rng = random.Random(options.seed)
    rates = {name: rate * options.faults / sum(TROUBLE.values()) for name, rate in TROUBLE.items()}
    polls = {"page-502": options.faults / 4, "reset-before": options.faults / 4}
    in_flight = kills = 0
    await fill(url, options.rooms)
    # Slowly enough that there is something left to send for every kill.
    pace = str(max(1, round(options.rooms / options.kills / 4)))
    async with BotApi(rates=rates, poll_rates=polls, seed=options.seed) as api:
        for number in range(options.kills):
            if len(api.taken) == options.rooms:  # a kill would find nothing to interrupt
                break
            kills += 1
            async with running_bot(url, api.url, log, messages_per_s=pace) as process:
                if number % 3:  # not before it sends
                    before = api.taken.total()
                    await _sends(api, before, process)
                await asyncio.sleep(rng.uniform(*_LIVES_S) / (1 + 2 * (number % 3)))
                in_flight += api.in_flight
                process.kill()
                await process.wait()
        killed_at = api.taken.total()
        began_s = time.monotonic()
        async with running_bot(url, api.url, log) as process:
            ended = await all_ended(url, options.rooms, within_s=_END_S)
            process.terminate()
            code = await process.wait()
        found = await fate(url, api, options.rooms)
    first_s = next((d.at_s - began_s for d in api.journal[killed_at:]), 0.0)
    undue = found.repeats - found.ambiguous - in_flight
    holds = ended and not code and not found.lost and not found.stuck and found.is_sound
    return {
        "kills": kills,
        **asdict(found),
        "in_flight": in_flight,
        "sent_before_the_last": killed_at,
        "first_delivery_s": round(first_s, 1),
        "faults": dict(sorted(api.met.items())),
        "holds": holds and undue <= 0,
    }


async def _sends(api: BotApi, before: int, process: asyncio.subprocess.Process) -> None:
    """Return when a message was delivered since ``before``, or a start has failed."""
    until_s = time.monotonic() + _START_S
    while api.taken.total() == before and process.returncode is None:
        if time.monotonic() > until_s:
            return
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())

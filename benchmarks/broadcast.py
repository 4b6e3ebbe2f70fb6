"""What a broadcast costs, loses and repeats: in virtual time, beside the peers, and on time.

    python -m benchmarks.broadcast [--short] [--json] [--only PROOF …] [--chats 100000]
        [--million 1000000] [--readers 10000] [--aiogram PYTHON]

Five proofs, each a row of the table: ``faults`` sends to many chats over HTTP while a tenth of
the messages goes wrong and a hundredth of the chats has blocked the bot; ``million`` sends
without faults to as many as would take eleven hours, in memory; ``lateness`` runs the whole app
while many readers are due at one instant, and counts how much later than Telegram's pace each is
told; ``restart`` kills the real process and counts until its first delivery; ``peers`` compares
the CPU of sending with python-telegram-bot's own on httpx, and with aiogram where ``--aiogram``
names a Python that has it. The first three run in virtual time; ``lateness`` counts the time that
work takes. ``--short`` is a hundredth of it. Exits with 1 if one does not hold.
``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from benchmarks.mass import fill_due, fill_outbox
from benchmarks.sending import HTML, compare
from benchmarks.virtual_broadcast import broadcast_in_memory, broadcast_over_http
from bot.app import build
from bot.send.pacing import BROADCAST_PER_S
from bot.settings import Settings
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.virtual_time import VirtualLoop, run_virtually, virtual_machine
from tests.fakes.wire import TOKEN

__all__ = ["main"]

_PROOFS = ("faults", "million", "lateness", "restart", "peers")
_SHORT = {"chats": 1000, "million": 10_000, "readers": 100}
_MAX_CPU_US_EACH = 900.0
_MAX_MB = 1024
_MAX_P50_S, _MAX_P99_S = 1.0, 5.0
_MAX_RESTART_S = 3.0
_MIN_HTTPX, _MIN_AIOGRAM = 5.0, 0.9
# A start takes a second or two, on a busy machine a minute.
_START_S = 120.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a proof does not hold, else 0."""
    options = _parser().parse_args(arguments)
    if options.short:
        vars(options).update(_SHORT)
    proofs = {}
    for name in options.only or _PROOFS:
        with tempfile.TemporaryDirectory(prefix="daybrief-broadcast-") as folder:
            proofs[name] = _RUNS[name](options, Path(folder))
        if not options.json:
            print(name)
            for key, value in proofs[name].items():
                print(f"  {key:<20} {value}")
    holds = all(proof["holds"] for proof in proofs.values())
    print(json.dumps({"benchmark": "broadcast", **proofs, "holds": holds}))
    return 0 if holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.broadcast", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--short", action="store_true", help="a hundredth of each")
    parser.add_argument("--only", nargs="+", choices=_PROOFS, default=())
    parser.add_argument("--chats", type=int, default=100_000)
    parser.add_argument("--million", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--aiogram", default="", help="a Python in which aiogram is installed")
    return parser


def _faults(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    def sent(loop: VirtualLoop) -> Any:
        return broadcast_over_http(loop, folder, options.chats, HTML)

    found = run_virtually(sent)
    return {**asdict(found), "holds": found.holds}


def _million(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    def sent(loop: VirtualLoop) -> Any:
        return broadcast_in_memory(loop, folder, options.million, HTML)

    found = run_virtually(sent)
    is_cheap = found.cpu_us_each <= _MAX_CPU_US_EACH and found.peak_mb <= _MAX_MB
    return {**asdict(found), "holds": found.holds and is_cheap}


def _lateness(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    return run_virtually(partial(_late, folder=folder, readers=options.readers), counts_work=True)


async def _late(loop: VirtualLoop, folder: Path, readers: int) -> dict[str, Any]:
    """Return how late readers were told, beyond what the pace alone makes them wait."""
    url = f"sqlite+aiosqlite:///{folder}/late.db"
    wait_s = 60.0
    due_s = loop.time() + wait_s
    await fill_due(url, readers, loop.wall() + timedelta(seconds=due_s - loop.time()))
    async with BotApi() as api:
        values: dict[str, Any] = {
            "_env_file": None,
            "token": SecretStr(TOKEN),
            "database_url": url,
            "api_url": api.url,
            "builtin_feeds": False,
        }
        with virtual_machine(loop) as clock:
            async with build(Settings(**values), clock=clock) as app:
                await app.start()
                await api.until(lambda: len(api.taken) == readers, within_s=readers + 600)
    late_s = sorted(
        delivery.at_s - due_s - n / BROADCAST_PER_S for n, delivery in enumerate(api.journal)
    )
    p50, p99 = (late_s[(len(late_s) - 1) * share // 100] for share in (50, 99))
    return {
        "readers": readers,
        "p50_s": round(p50, 2),
        "p99_s": round(p99, 2),
        "holds": p50 <= _MAX_P50_S and p99 <= _MAX_P99_S,
    }


def _restart(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    return asyncio.run(_restarted(folder, options.readers))


async def _restarted(folder: Path, chats: int) -> dict[str, Any]:
    """Return how long the real process takes from its start to its first delivery after a kill."""
    url = f"sqlite+aiosqlite:///{folder}/restart.db"
    await fill_outbox(url, chats, HTML)
    took_s = []
    async with BotApi() as api:
        for _ in range(3):
            before, began_s = api.taken.total(), time.monotonic()
            async with running_bot(url, api.url, folder / "log", messages_per_s="20"):
                await api.until(partial(_more, api, before), within_s=_START_S)
                took_s.append(api.journal[before].at_s - began_s)
                await api.until(partial(_more, api, before + 20), within_s=_START_S)
    # The first start compiles byte code and upgrades; the others follow a kill.
    first_s = min(took_s[1:])
    return {"first_delivery_s": round(first_s, 2), "holds": first_s <= _MAX_RESTART_S}


def _more(api: BotApi, than: int) -> bool:
    return api.taken.total() > than


def _peers(options: argparse.Namespace, _folder: Path) -> dict[str, Any]:
    rounds, messages = (3, 300) if options.short else (5, 1000)
    rates = compare(messages, rounds, options.aiogram)
    ratios = {
        f"to_{peer}": round(rates["ours"] / rates[peer], 2) for peer in rates if peer != "ours"
    }
    return {
        "per_cpu_s": rates,
        **ratios,
        "aiogram": "measured" if "aiogram" in rates else "skipped: --aiogram names no Python",
        "holds": ratios["to_httpx"] >= _MIN_HTTPX
        and ratios.get("to_aiogram", _MIN_AIOGRAM) >= _MIN_AIOGRAM,
    }


_RUNS = {
    "faults": _faults,
    "million": _million,
    "lateness": _lateness,
    "restart": _restart,
    "peers": _peers,
}


if __name__ == "__main__":
    sys.exit(main())

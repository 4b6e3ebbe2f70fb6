"""Whether the bot stays as it is while everything goes on and much of it fails.

    python -m benchmarks.soak [--short | --long] [--json] [--rooms 300]

The real process over SQLite for ten minutes (60 s, 30 min): feeds that grow and fail, readers who
ask, tap wrongly and set new times, editions that are due again and again, a tenth of all messages
going wrong. Once it is warm, its memory and open files are taken every second, those of its
workers too. Exits with 1 if memory grew by over 20 MB from the first third to the last, open
files by over 20, if the process ended by itself or wrote a traceback. ``--data`` is not used.
"""

import argparse
import asyncio
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from benchmarks.mass import TROUBLE, fill
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.web import Web
from tests.fakes.wire import message_update

__all__ = ["main"]

_SHORT_S, _USUAL_S, _LONG_S = 60.0, 600.0, 1800.0
# What start and first use take: pools, caches, workers, the topics' files.
_WARM = 0.34
_MAX_GROWTH_MB = 20.0
_MAX_MORE_FILES = 20
_ASKED = (
    *("/help", "/brief", "/topics", "/status", "/settings", "/schedule", "nonsense", "/search dam"),
    *("/subscribe climate", "/unsubscribe climate", "/schedule off", "/timezone Berlin"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if something grew or broke, else 0."""
    options = _parser().parse_args(arguments)
    seconds = _SHORT_S if options.short else _LONG_S if options.long else _USUAL_S
    with tempfile.TemporaryDirectory(prefix="daybrief-soak-") as folder:
        figures = asyncio.run(_measure(Path(folder), seconds, options.rooms))
    if not options.json:
        for name, value in figures.items():
            print(f"{name:<18} {value}")
    print(json.dumps({"benchmark": "soak", **figures}))
    return 0 if figures["holds"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--short", action="store_true", help="60 s")
    parser.add_argument("--long", action="store_true", help="30 minutes")
    parser.add_argument("--rooms", type=int, default=300)
    return parser


async def _measure(folder: Path, seconds: float, rooms: int) -> dict[str, Any]:
    """Return how the process fared for ``seconds`` from its first answer on."""
    url, log = f"sqlite+aiosqlite:///{folder}/daybrief.db", folder / "log"
    await fill(url, rooms)
    rng = random.Random(1)
    samples: list[tuple[float, int]] = []
    async with BotApi(rates=TROUBLE, poll_rates={"page-502": 0.05}) as api, Web() as web:
        feeds = [_publish(web, number, 0) for number in range(3)]
        settings = {"feeds": ",".join(feeds), "allow_local": web.at, "messages_per_s": "25"}
        async with running_bot(url, api.url, log, **settings) as process:
            await api.until(lambda: bool(api.taken))
            end_s, turn = time.monotonic() + seconds, itertools.count(1)
            while time.monotonic() < end_s and process.returncode is None:
                number = next(turn)
                asker = rng.randint(1, rooms)
                update = message_update(rng.choice(_ASKED), asker)
                api.updates.append({"update_id": number, **update})
                if not number % 10:
                    soon = datetime.now(UTC) + timedelta(minutes=1)
                    update = message_update(f"/schedule {soon:%H:%M}", asker)
                    api.updates.append({"update_id": next(turn), **update})
                    _publish(web, number % 3, number)
                await asyncio.sleep(1)
                samples.append(await asyncio.to_thread(_size_of, process.pid))
            is_alive = process.returncode is None
            process.terminate()
            code = await process.wait()
    warm = samples[round(len(samples) * _WARM) :]
    first, last = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    grown_mb = _median(last, 0) - _median(first, 0)
    more_files = _median(last, 1) - _median(first, 1)
    tracebacks = log.read_text("utf-8", errors="replace").count("Traceback")
    grown_mb, more_files = round(grown_mb, 1), round(more_files)
    is_flat = grown_mb <= _MAX_GROWTH_MB and more_files <= _MAX_MORE_FILES
    return {
        "seconds": round(seconds),
        "messages": api.taken.total(),
        "faults": api.met.total(),
        "memory_mb": round(_median(last, 0)),
        "grown_mb": grown_mb,
        "open_files": round(_median(last, 1)),
        "more_files": more_files,
        "tracebacks": tracebacks,
        "exit_code": code,
        "holds": is_flat and is_alive and not code and not tracebacks,
    }


def _median(samples: Sequence[tuple[float, int]], place: int) -> float:
    return statistics.median(sample[place] for sample in samples) if samples else 0.0


def _size_of(pid: int) -> tuple[float, int]:
    """Return the memory (MB, shared pages counted once for each) and open files of a process.

    Of its workers too. What ends meanwhile is passed over.
    """
    megabytes, files = 0.0, 0
    pids = [pid]
    while pids:
        folder = Path("/proc") / str(pids.pop())
        try:
            for task in (folder / "task").iterdir():
                pids += map(int, (task / "children").read_text("ascii").split())
            status = (folder / "smaps_rollup").read_text("ascii")
            megabytes += int(status.split("Pss:")[1].split()[0]) / 1024
            files += len(list((folder / "fd").iterdir()))
        except (OSError, IndexError, ValueError):
            continue
    return megabytes, files


def _publish(web: Web, number: int, version: int) -> str:
    """Let feed ``number`` list its news of ``version``; return its URL."""
    items = []
    for n in range(version, version + 12):
        title = f"North Korea's harbour number {number}{n} opens for ship {n * 7}"
        told = " ".join(
            f"<p>Ship {n * 7 + k} brought {n + 3 * k} tons of grain to North Korea's harbour "
            f"number {number}{n}, its pilot said on quay {k}.</p>"
            for k in range(8)
        )
        date = format_datetime(datetime.now(UTC) - timedelta(minutes=5))
        items.append(
            f"<item><title>{title}</title><link>{web.url(f'/{number}/{n}')}</link>"
            f"<guid>{number}-{n}</guid><pubDate>{date}</pubDate>"
            f"<description><![CDATA[{told}]]></description></item>"
        )
    feed = (
        f'<rss version="2.0"><channel><title>Quay {number}</title>{"".join(items)}</channel></rss>'
    )
    return web.add(f"/feed/{number}", feed, content_type="application/rss+xml")


if __name__ == "__main__":
    sys.exit(main())

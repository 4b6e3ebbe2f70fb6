"""The memory of the idle bot, and the time to start a worker.

    python -m benchmarks.memory [--json] [--rest-s 120] [--idle-s 75]

The bot is started without a token, as a newcomer does: with its chat page and sample newsroom.
``at rest`` is measured ``--rest-s`` after the page is announced; ``after a briefing`` is measured
``--idle-s`` after a person has subscribed and been briefed, when the workers have ended. MB are the
PSS of all processes (pages shared by several are counted once), so this runs on Linux only;
``make`` as their parent would add 2 MB. ``worker start ms`` is the time that a call takes when no
worker is running. ``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks import lean
from benchmarks.floors import unmet
from bot.app import WORKER_IMPORTS
from bot.workers import Workers

__all__ = ["main"]

_ROOT = Path(__file__).parents[1]
_TOPIC = "north-korea"
# A timeout longer than the start of the bot, or a briefing, takes on any machine.
_HANGS_S = 180
_STARTS = 9


def main(arguments: Sequence[str] | None = None) -> int:
    """Print tables and a line of JSON; return 1 if a floor is not met, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.memory", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--rest-s", type=float, default=120, help="from the page to the measuring")
    parser.add_argument("--idle-s", type=float, default=75, help="from the briefing to it")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    options = parser.parse_args(arguments)
    figures: dict[str, Any] = {"benchmark": "memory"}
    with tempfile.TemporaryDirectory() as folder, _bot(Path(folder)) as (bot, page):
        time.sleep(options.rest_s)
        figures["at rest"] = _weighed(bot, is_shown=not options.json)
        figures["first briefing s"] = round(_brief(page), 2)
        time.sleep(options.idle_s)
        figures["after a briefing"] = _weighed(bot, is_shown=not options.json)
    figures["worker start ms"] = asyncio.run(_worker_start_ms())
    if not options.json:
        for name in ("first briefing s", "worker start ms"):
            print(f"{name:20} {figures[name]}")
    print(json.dumps(figures))
    lines = unmet("memory", figures)
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


@contextmanager
def _bot(folder: Path) -> Iterator[tuple[psutil.Process, str]]:
    """Run a bot; yield its process and the URL of its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAYBRIEF_")}
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,  # where no .env lies
        env=ours | {"PYTHONPATH": str(_ROOT), "DAYBRIEF_TRYOUT_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert program.stdout is not None
        found = re.search(r"http://\S+", program.stdout.readline())
        if found is None:
            raise RuntimeError("the bot did not start")
        yield psutil.Process(program.pid), found[0].rstrip("/")
    finally:
        program.terminate()
        program.wait(_HANGS_S)


def _weighed(bot: psutil.Process, *, is_shown: bool) -> dict[str, Any]:
    """Return the PSS of the bot and all its processes, in MB, and the number of processes."""
    processes = [bot, *bot.children(recursive=True)]
    taken = [process.memory_full_info() for process in processes]
    total = sum(memory.pss for memory in taken) / 1e6
    if is_shown:
        print(f"{'MB':>8} {'alone':>8}  process")
        for process, memory in zip(processes, taken, strict=True):
            print(f"{memory.pss / 1e6:8.1f} {memory.uss / 1e6:8.1f}  {_role(process)}")
        print(f"{total:8.1f}           together\n", flush=True)
    return {"MB": round(total, 1), "processes": len(processes)}


def _role(process: psutil.Process) -> str:
    """Return the role of a process; a worker has the same command line as the fork server."""
    command = " ".join(process.cmdline())
    parent = process.parent()
    if "forkserver" in command:
        is_worker = parent is not None and "forkserver" in " ".join(parent.cmdline())
        return "worker" if is_worker else "fork server"
    return "resource tracker" if "resource_tracker" in command else "bot"


def _brief(page: str) -> float:
    """Subscribe a person and ask for a briefing; return the seconds the briefing took."""
    chat = _post(page, "hello", zone="Europe/Berlin", language="en")["chat"]
    _post(page, "say", chat=chat, text=f"/subscribe {_TOPIC}")
    seen = _wait(page, chat, "Subscribed", 0)
    began = time.monotonic()
    _post(page, "say", chat=chat, text="/brief")
    _wait(page, chat, "SAMPLE", seen)
    return time.monotonic() - began


def _wait(page: str, chat: int, words: str, seen: int) -> int:
    """Return the number of the first event after ``seen`` whose text contains ``words``."""
    until = time.monotonic() + _HANGS_S
    while time.monotonic() < until:
        url = f"{page}/tryout/events?chat={chat}&after={seen}"
        with urllib.request.urlopen(url, timeout=_HANGS_S) as answer:
            events = json.load(answer)["events"]
        for event in events:
            seen = max(seen, event["seq"])
            if words in event.get("message", event).get("text", ""):
                return seen
    raise RuntimeError(f"the bot never said {words!r}")


def _post(page: str, name: str, **body: Any) -> Any:
    request = urllib.request.Request(
        f"{page}/tryout/{name}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_HANGS_S) as answer:
        return json.load(answer)


async def _worker_start_ms() -> float:
    """Return the median time of a call when the fork server is warm and no worker is running."""
    found = []
    async with Workers(max_workers=1, imports=WORKER_IMPORTS, idle_s=0.05) as workers:
        await workers.warm()
        for _ in range(_STARTS):
            await asyncio.sleep(0.3)
            began = time.perf_counter()
            await workers.run(os.getpid)
            found.append(time.perf_counter() - began)
    return round(1e3 * statistics.median(found), 1)


if __name__ == "__main__":
    sys.exit(lean.run("benchmarks.memory"))

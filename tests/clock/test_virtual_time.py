"""The loop of tests and benchmarks whose clock jumps: nothing under way is overtaken."""

import asyncio
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.clock.local import Job, LocalJobs
from bot.clock.system import SystemClock
from bot.store import Database
from tests.fakes.bot_api import BotApi
from tests.fakes.virtual_time import (
    DeadlockError,
    VirtualClock,
    VirtualLoop,
    run_virtually,
    virtual_machine,
)

DAY_S = 86_400.0
START = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)
# Long enough that a loop which overtakes threads would certainly have jumped.
WORK_S = 0.05


def test_sleepers_wake_in_the_order_of_their_times_at_their_times() -> None:
    async def main(loop: VirtualLoop) -> list[tuple[str, float]]:
        began, woken = loop.time(), []

        async def sleeper(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            woken.append((name, round(loop.time() - began, 6)))

        days = (("c", 3), ("a", 1), ("b", 2))
        await asyncio.gather(*(sleeper(name, n * DAY_S) for name, n in days))
        return woken

    assert run_virtually(main) == [("a", DAY_S), ("b", 2 * DAY_S), ("c", 3 * DAY_S)]


def test_the_sooner_of_a_limit_and_what_it_limits_wins() -> None:
    async def main(_loop: VirtualLoop) -> str:
        async with asyncio.timeout(10):
            await asyncio.sleep(9.99)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await asyncio.sleep(10.01)
        return "both"

    assert run_virtually(main) == "both"


@pytest.mark.parametrize("counts_work", [False, True])
def test_work_of_threads_is_not_overtaken(counts_work: bool) -> None:
    async def main(_loop: VirtualLoop) -> str:
        async with asyncio.timeout(3600):
            return await asyncio.to_thread(lambda: time.sleep(WORK_S) or "done")

    assert run_virtually(main, counts_work=counts_work) == "done"


def test_work_takes_no_time_unless_it_is_counted() -> None:
    async def main(loop: VirtualLoop) -> float:
        began = loop.time()
        await asyncio.to_thread(time.sleep, WORK_S)
        await asyncio.sleep(100)
        return loop.time() - began

    assert run_virtually(main) == pytest.approx(100, abs=1e-6)
    assert run_virtually(main, counts_work=True) >= 100 + WORK_S


def test_statements_of_a_database_are_not_overtaken(tmp_path: Path) -> None:
    slow = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
        " SELECT count(*) FROM n"
    )

    async def main(_loop: VirtualLoop) -> Any:
        async with (
            asyncio.timeout(3600),
            Database(f"sqlite+aiosqlite:///{tmp_path}/a.db") as database,
            database.read() as connection,
        ):
            return await connection.scalar(slow)

    assert run_virtually(main) == 300_000


def test_a_child_process_is_not_overtaken() -> None:
    async def main(_loop: VirtualLoop) -> bytes:
        async with asyncio.timeout(3600):
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-c", "import time; time.sleep(0.2); print('out')"),
                stdout=asyncio.subprocess.PIPE,
            )
            out, _ = await child.communicate()
        return out

    assert run_virtually(main) == b"out\n"


def test_bytes_between_sockets_of_the_loop_arrive_before_time_passes() -> None:
    async def main(loop: VirtualLoop) -> float:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while line := await reader.readline():
                await asyncio.sleep(5)
                writer.write(line)
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        began = loop.time()
        for _ in range(100):
            writer.write(b"hello\n")
            async with asyncio.timeout(5.001):
                assert await reader.readline() == b"hello\n"
        writer.close()
        await writer.wait_closed()
        server.close()
        return loop.time() - began

    assert run_virtually(main) == pytest.approx(500, abs=0.01)


def test_what_waits_for_nothing_ends_with_an_error() -> None:
    async def main(_loop: VirtualLoop) -> None:
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError):
        run_virtually(main)


def test_a_thread_that_wakes_the_loop_later_needs_to_be_announced() -> None:
    async def main(loop: VirtualLoop) -> None:
        event = asyncio.Event()
        timer = threading.Timer(WORK_S, loop.call_soon_threadsafe, [event.set])
        with loop.busy():
            timer.start()
            async with asyncio.timeout(3600):
                await event.wait()

    run_virtually(main)


def test_our_clocks_follow_and_see_no_step() -> None:
    async def main(loop: VirtualLoop) -> None:
        with virtual_machine(loop) as trusted:
            clocks = (VirtualClock(loop), SystemClock(), trusted)
            await clocks[0].sleep(7 * DAY_S)
            for clock in clocks:
                assert abs(clock.now() - (START + timedelta(days=7))) < timedelta(milliseconds=1)
            assert not trusted.is_doubted
        assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(hours=1)

    run_virtually(main, start=START)


def test_the_clocks_jobs_run_at_their_virtual_times() -> None:
    async def main(loop: VirtualLoop) -> list[datetime]:
        ran: list[datetime] = []

        async def run() -> None:
            ran.append(clock.now())

        with virtual_machine(loop) as clock:
            async with LocalJobs(clock, [Job(name="look", run=run, every=timedelta(hours=1))]):
                await asyncio.sleep(3.5 * 3600)
        return ran

    ran = run_virtually(main, start=START)

    assert [round((at - START).total_seconds()) for at in ran] == [0, 3600, 7200, 10_800]


def test_the_local_bot_api_keeps_virtual_time() -> None:
    async def main(loop: VirtualLoop) -> list[float]:
        async with BotApi(delay_s=0.0) as api:
            began = loop.time()
            for chat in (1, 2):
                reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
                body = f'{{"chat_id": {chat}, "text": "Hello"}}'.encode()
                head = (
                    "POST /bot/sendMessage HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                )
                writer.write(head.encode() + body)
                assert b"200 OK" in await reader.read()
                writer.close()
                await writer.wait_closed()
                await asyncio.sleep(60)
        return [delivery.at_s - began for delivery in api.journal]

    assert run_virtually(main) == pytest.approx([0, 60], abs=0.01)

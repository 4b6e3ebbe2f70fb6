"""Fixtures for the tests of the steps: clocks, a web server, and a fetcher."""

import asyncio

import pytest

from bot.gather.http.fetch import Fetcher
from tests.fakes.clock import FakeClock
from tests.fakes.web import Web


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def skip(monkeypatch):
    """Return a function that moves the loop's clock on by ``seconds`` and runs what is due."""
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: real() + ahead)

    async def skip(seconds):
        nonlocal ahead
        ahead += seconds
        for _ in range(10):
            await asyncio.sleep(0)

    return skip


@pytest.fixture
async def web():
    async with Web() as web:
        yield web


@pytest.fixture
async def fetcher(clock):
    """Yield a fetcher that may open all of loopback, without a gap between requests."""
    async with Fetcher(
        clock=clock, user_agent="tests", allow=("127.0.0.0/8",), min_gap_s=0.0
    ) as fetcher:
        yield fetcher

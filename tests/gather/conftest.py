"""A web server on loopback, and a fetcher that is allowed to open it."""

import pytest

from bot.clock.system import SystemClock
from bot.gather.http.fetch import Fetcher
from tests.fakes.web import Web


@pytest.fixture
async def web():
    async with Web() as web:
        yield web


@pytest.fixture
async def fetcher(web):
    async with Fetcher(
        clock=SystemClock(), user_agent="daybrief-test", allow=[web.at], min_gap_s=0.0
    ) as fetcher:
        yield fetcher

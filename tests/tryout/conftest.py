"""A tryout server without a newsroom, and the real python-telegram-bot as its client."""

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.send.telegram import AiohttpRequest
from bot.tryout import ShiftableClock, Tryout
from tests.fakes.clock import FakeClock


@pytest.fixture
async def tryout():
    clock = ShiftableClock(FakeClock())
    async with Tryout(port=0, clock=clock, newsroom=None) as tryout:
        yield tryout


@pytest.fixture
def chat(tryout):
    return tryout.chats.new_person("en")


@pytest.fixture(params=[AiohttpRequest, HTTPXRequest])
async def bot(tryout, request):
    """Yield a Bot; the test runs once with our request class, once with python-telegram-bot's."""
    kind = request.param
    bot = Bot(tryout.token, base_url=tryout.base_url, request=kind(), get_updates_request=kind())
    async with bot:
        yield bot

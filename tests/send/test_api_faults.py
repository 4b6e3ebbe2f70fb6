"""The faults of the Bot API on loopback mean to the transport what they say they mean."""

import pytest
from telegram.ext import ExtBot

from bot.errors import ChatGone, ChatMigrated, FloodWait, MaybeSent, NotSent
from bot.send.telegram import AiohttpRequest, TelegramTransport
from tests.fakes.api_faults import FAULTS
from tests.fakes.bot_api import BotApi
from tests.fakes.outbox import part
from tests.fakes.wire import TOKEN

MEANT = {
    "flood": FloodWait,
    "error-500": NotSent,
    "page-502": NotSent,
    "page-504": MaybeSent,
    "reset-before": MaybeSent,
    "reset-after": MaybeSent,
    "half": MaybeSent,
    "garbage": MaybeSent,
    "slow": None,
    "blocked": ChatGone,
    "migrated": ChatMigrated,
    "conflict": MaybeSent,
}


@pytest.fixture
async def send():
    """Send a part to chat 1 of a server with ``faults``, and return what the server saw."""
    request = AiohttpRequest()
    await request.initialize()

    async def send(**options):
        async with BotApi(delay_s=0.0, **options) as api:
            bot = ExtBot(TOKEN, base_url=api.url, request=request, get_updates_request=request)
            try:
                await TelegramTransport(bot).send(part(1))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
                return api, error
            return api, None

    yield send
    await request.shutdown()


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_leaves_the_bot_in_doubt_exactly_where_it_says_so(send, name):
    api, error = await send(rates={name: 1.0})
    meant = MEANT[name]
    assert error is None if meant is None else isinstance(error, meant)
    assert api.met == {name: 1}
    assert api.ambiguous[1] == FAULTS[name].is_ambiguous
    assert api.taken[1] == FAULTS[name].delivers == len(api.journal)
    if FAULTS[name].is_ambiguous:
        assert isinstance(error, MaybeSent)


async def test_without_a_fault_a_message_is_delivered_and_written_down(send):
    api, error = await send()
    assert error is None
    assert [(one.chat_id, one.text[:7]) for one in api.journal] == [(1, "<b>part")]
    assert api.calls == {"sendMessage": 1}


async def test_more_than_is_allowed_in_a_second_is_refused_and_counted():
    request = AiohttpRequest()
    await request.initialize()
    async with BotApi(delay_s=0.0, most_per_s=3) as api:
        bot = ExtBot(TOKEN, base_url=api.url, request=request, get_updates_request=request)
        transport = TelegramTransport(bot)
        for chat in (1, 2, 3):
            await transport.send(part(chat))
        with pytest.raises(FloodWait):
            await transport.send(part(4))
        assert (api.met["too-fast"], api.taken[4]) == (1, 0)
    await request.shutdown()

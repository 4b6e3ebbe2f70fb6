"""Hosts that asked to be left alone, in every database."""

from datetime import timedelta

from tests.fakes.clock import START

HOUR = timedelta(hours=1)


async def test_a_pause_lasts_until_it_ends(store):
    await store.pauses.save("harbour.example", START + HOUR)
    await store.pauses.save("ferry.example", START + 2 * HOUR)
    await store.pauses.save("harbour.example", START + 3 * HOUR)
    both = {"harbour.example": START + 3 * HOUR, "ferry.example": START + 2 * HOUR}
    assert await store.pauses.load(START) == both
    assert await store.pauses.load(START + 2 * HOUR) == {"harbour.example": START + 3 * HOUR}
    assert await store.pauses.load(START) == {"harbour.example": START + 3 * HOUR}

"""The outbox in memory keeps the contract of the real ones."""

import pytest

from tests.fakes.outbox import MemoryOutbox, part
from tests.fakes.outbox_contract import *  # noqa: F403 - the contract's tests


class Memory:
    def __init__(self):
        self.store = MemoryOutbox()

    async def add(self, telegram_id, parts=1, *, reply=False):
        first = part(telegram_id, reply=reply)
        edition = [first] + [
            part(telegram_id, n, edition_id=first.edition_id, reply=reply)
            for n in range(2, parts + 1)
        ]
        self.store.add(*edition)
        return [each.id for each in edition]

    async def fate(self, part_id):
        row = self.store.rows[part_id]
        return row.state.value, row.error


@pytest.fixture
async def world():
    return Memory()

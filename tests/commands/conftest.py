"""The fixture ``house``: a whole bot over a fake wire, without feeds or readers."""

import pytest

from tests.fakes.house import open_house


@pytest.fixture
async def house(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        yield house

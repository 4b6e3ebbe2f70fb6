"""What every test may use."""

import logging
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from bot.store import Database, Store
from tests.fakes.databases import fresh_database
from tests.fakes.postgres import MISSING, postgres_server

# A busy machine fails no test: speed is judged by benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL server, so that a run can do without."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a real PostgreSQL server; the test is skipped where there is none."""
    if MISSING:
        if os.environ.get("DAYBRIEF_TEST_POSTGRES") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Where a fresh database may lie: each test runs once for each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with fresh_database(database_url) as database:
        yield database


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Set environment variables for a program that runs in an empty folder."""
    for name in [name for name in os.environ if name.startswith("DAYBRIEF_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def change(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"DAYBRIEF_{name.upper()}", str(value))

    before = logging.getLogger().level, list(logging.getLogger().handlers)
    yield change
    logging.getLogger().setLevel(before[0])
    logging.getLogger().handlers = before[1]
    logging.captureWarnings(capture=False)

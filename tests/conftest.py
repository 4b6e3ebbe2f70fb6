"""Fixtures for all tests: databases, a store, and a clean environment."""

import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import chain, compress
from operator import not_

import pytest
from hypothesis import settings

from bot.store import Database, Store
from tests.fakes.databases import fresh_database, wanted_url
from tests.fakes.house import open_house
from tests.fakes.postgres import MISSING, postgres_server

# No deadlines, so that a busy machine fails no test; benchmarks measure speed. The examples of a
# commit are the same in every run; `make test ARGS=--hypothesis-profile=searching` draws new ones.
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, print_blob=True)
# For `make coverage`, where more examples reach no other branch.
settings.register_profile("few", deadline=None, derandomize=True, max_examples=10)
settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need a PostgreSQL server, so that a run can leave them out.

    A run of the whole bot on PostgreSQL leaves out what would be the same on SQLite.
    """
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")
    if os.environ.get("DAYBRIEF_TEST_DATABASE") == "postgresql":
        is_kept = [_is_of_the_whole_bot(item) for item in items]
        config.hook.pytest_deselected(items=[*compress(items, map(not_, is_kept))])
        items[:] = compress(items, is_kept)


def _is_of_the_whole_bot(item: pytest.Item) -> bool:
    """Return whether a test, or a fixture of its, asks for the database that the run is for."""
    assert isinstance(item, pytest.Function)
    fixtures = chain.from_iterable(item._fixtureinfo.name2fixturedefs.values())
    modules = {item.module.__name__, *(fixture.func.__module__ for fixture in fixtures)} - {
        __name__
    }
    return any(
        value is wanted_url or value is open_house
        for module in modules
        for value in vars(sys.modules[module]).values()
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a real PostgreSQL server, without a database name.

    Where PostgreSQL is not installed, the test is skipped; with DAYBRIEF_TEST_POSTGRES=required
    it fails.
    """
    if MISSING:
        if os.environ.get("DAYBRIEF_TEST_POSTGRES") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Return a URL for ``fresh_database``; the test runs once on SQLite and once on PostgreSQL."""
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
    """Yield a function that sets ``DAYBRIEF_…`` variables, given by their lower-case names.

    The test runs in an empty folder without other such variables; logging is restored after it.
    """
    for name in [name for name in os.environ if name.startswith("DAYBRIEF_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def set_variables(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"DAYBRIEF_{name.upper()}", str(value))

    before = logging.getLogger().level, list(logging.getLogger().handlers)
    yield set_variables
    logging.getLogger().setLevel(before[0])
    logging.getLogger().handlers = before[1]
    logging.captureWarnings(capture=False)

"""The tryout's calendar: the newsroom's own week, and where a kept memory goes on."""

from datetime import timedelta

from bot import cli
from bot.domain.edition import EditionKind
from bot.settings import Settings
from bot.tryout.newsroom import FIRST_DAY
from tests.fakes.rooms import open_room


def tryout(path):
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{path}/x.db", tryout_port=None
    )
    return cli._tryout(settings, live=False)


def test_the_first_day_is_the_thursday_of_the_texts():
    assert f"{FIRST_DAY:%A %d %B %Y}" == "Thursday 05 June 2025"


async def test_the_sample_week_begins_on_its_first_day_and_goes_on_where_a_kept_memory_ends(
    tmp_path,
):
    async with tryout(tmp_path) as (first, app):
        now = app.flow.clock.now()
        assert now.astimezone().date() == FIRST_DAY
        assert first.mornings == [now] or now - first.mornings[0] < timedelta(minutes=1)
        room = await open_room(app.store)
        later = now + timedelta(days=3)
        await app.store.editions.open(room.id, EditionKind.BRIEF, "1", now=later)
    async with tryout(tmp_path) as (second, app):
        assert app.flow.clock.now() >= later
        assert app.flow.clock.now() - second.mornings[0] < timedelta(minutes=1)

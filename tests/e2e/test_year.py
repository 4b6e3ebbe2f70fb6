"""A year of editions: one per local date, at the reader's local time, over both clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.edition import EditionKind
from bot.reasons import Reason, load_reason
from bot.store.tables import edition
from tests.fakes.house import open_house

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


async def at_home(house, at="07:30"):
    """Subscribe reader 1, in Berlin, to North Korea, with a daily briefing at ``at``."""
    await house.say("/subscribe north-korea")
    await house.say("/timezone Berlin")
    await house.say(f"/schedule {at}")


async def scheduled(house):
    """Return (due at, reason) for each scheduled edition, in order."""
    rows = select(edition.c.due_at, edition.c.reason).where(edition.c.kind == EditionKind.SCHEDULED)
    async with house.app.store.database.read() as connection:
        found = await connection.execute(rows.order_by(edition.c.due_at))
        return [(due_at, load_reason(reason)) for due_at, reason in found]


@pytest.mark.slow
async def test_a_year_has_one_edition_a_date_at_half_past_seven(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    begins = datetime(2025, 6, 5, 22, 30, tzinfo=UTC)
    got = []
    async with open_house(url) as house:
        house.clock.move_to(begins)
        await at_home(house)
        while (at := await house.app.flow.next_edition_at()) < begins + timedelta(days=365):
            assert at > house.clock.now()
            house.clock.move_to(at)
            (text,) = await house.morning()
            assert "late" not in text.lower()
            got.append(at.astimezone(BERLIN))
        assert len(await scheduled(house)) == 365
    assert {(at.hour, at.minute) for at in got} == {(7, 30)}
    assert [at.date() for at in got] == [date(2025, 6, 6) + timedelta(days=n) for n in range(365)]
    assert {at.utcoffset() for at in got} == {HOUR, 2 * HOUR}


async def test_looking_every_hour_finds_the_same_editions_once(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        # The days around the change to winter time.
        house.clock.move_to(datetime(2025, 10, 24, 12, tzinfo=UTC))
        await at_home(house)
        counts = []
        for _ in range(3 * 24):
            house.clock.advance(HOUR)
            counts.append(len(await house.morning()))
        dues = [at.astimezone(BERLIN) for at, _ in await scheduled(house)]
    assert sum(counts) == 3
    assert max(counts) == 1
    assert [f"{at:%d %H:%M}" for at in dues] == [f"{day} 07:30" for day in range(25, 28)]


async def test_a_time_in_the_gap_and_a_time_that_comes_twice_are_one_edition_each(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.clock.move_to(datetime(2025, 10, 25, 12, tzinfo=UTC))
        await at_home(house, "02:30")
        for _ in range(8):
            house.clock.advance(3 * HOUR)
            await house.morning()
        house.clock.move_to(datetime(2026, 3, 28, 12, tzinfo=UTC))
        await house.morning()  # the editions that became due meanwhile
        before = len(await scheduled(house))
        for _ in range(8):
            house.clock.advance(3 * HOUR)
            await house.morning()
        dues = [at for at, _ in await scheduled(house)]
    assert dues[0] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert dues[1].astimezone(BERLIN).date() == date(2025, 10, 27)
    # 02:30 does not exist that night; the edition is due at 03:30 local time.
    assert dues[before:] == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]


async def test_after_three_days_off_one_late_edition_says_so_and_the_rest_is_on_record(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.clock.move_to(datetime(2025, 6, 5, 6, tzinfo=UTC))
        await at_home(house)
        house.clock.move_to(datetime(2025, 6, 8, 14, tzinfo=UTC))
        (text,) = await house.morning()
        assert await house.morning() == []
        found = await scheduled(house)
    assert "07:30" in text
    assert "late" in text.lower()
    assert [at.astimezone(BERLIN).day for at, _ in found] == [6, 7, 8]
    assert [reason for _, reason in found] == [
        Reason("missed-in-outage"),
        Reason("missed-in-outage"),
        None,
    ]


async def test_a_move_to_another_zone_moves_the_next_edition_with_the_reader(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await at_home(house)
        await house.say("/timezone Tokyo")
        at = await house.app.flow.next_edition_at()
        assert f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}" == "07:30"
        assert timedelta() < at - house.clock.now() <= timedelta(days=1)

"""Who leaves is forgotten: /forgetme deletes all that belongs to a reader, to the last byte."""

import pytest
from sqlalchemy import text

from tests.fakes.house import House, open_house

SECRET = "zzquillon"  # a word that only the first reader uses
FIRST, SECOND = 11, 22
TABLES = ("chat", "room", "schedule", "subscription", "edition", "part", "quote", "told")


def rss(title: str, link: str) -> str:
    return (
        f"<rss version='2.0'><channel><title>{title}</title><item><title>{title} of Velt</title>"
        f"<link>{link}</link><description>&lt;p&gt;The {title} of Velt was found in a drawer on "
        "Wednesday, the museum of the valley said in the evening.&lt;/p&gt;</description></item>"
        "</channel></rss>"
    )


async def rows(house: House, reader: int) -> dict[str, list[tuple]]:
    """Return every row that belongs to a reader's chat, by table."""
    rooms = "SELECT room.id FROM room JOIN chat ON chat.id = chat_id WHERE telegram_id = :id"
    editions = f"SELECT id FROM edition WHERE room_id IN ({rooms})"
    where = {
        "chat": "telegram_id = :id",
        "room": f"id IN ({rooms})",
        **dict.fromkeys(("part", "quote"), f"edition_id IN ({editions})"),
    }
    found = {}
    async with house.app.store.database.read() as connection:
        for table in TABLES:
            condition = where.get(table, f"room_id IN ({rooms})")
            query = text(f"SELECT * FROM {table} WHERE {condition} ORDER BY 1, 2, 3")
            found[table] = [tuple(row) for row in await connection.execute(query, {"id": reader})]
    return found


@pytest.fixture
async def house(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        for path, title in (("/feed", "Museum"), (f"/{SECRET}.xml", SECRET)):
            house.web.add(path, rss(title, house.web.url(f"/{title}")), content_type="text/xml")
        await house.say("/timezone Berlin", FIRST)
        await house.say(f"/subscribe “{SECRET}”", FIRST)
        await house.say(f"/subscribe {house.web.url(f'/{SECRET}.xml')}", FIRST)
        await house.say("/schedule 06:15 weekdays", FIRST)
        await house.say("/brief", FIRST)
        await house.say("/settings", FIRST)
        yield house


async def test_who_leaves_is_forgotten_to_the_last_byte(house, tmp_path):
    await house.say("/forgetme", FIRST)
    await house.press("v1:forget:yes", house.wire.sent(FIRST)[-1])
    assert not any((await rows(house, FIRST)).values())
    if house.app.store.database.is_sqlite:
        files = sorted(tmp_path.glob("x.db*"))
        assert files
        assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []

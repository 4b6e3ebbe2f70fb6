"""Two readers of one bot cannot see or change each other's data, and /forgetme deletes it all."""

import pytest
from sqlalchemy import text

from bot.commands import listed
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


def buttons(house: House, reader: int) -> list[str]:
    """Return the callback data of every button in a reader's chat."""
    markups = [message.get("reply_markup") or {} for message in house.wire.sent(reader)]
    grids = [markup.get("inline_keyboard", ()) for markup in markups]
    return [b["callback_data"] for grid in grids for row in grid for b in row]


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


async def test_no_command_and_no_button_reaches_the_other_readers_rows(house):
    mine = await rows(house, FIRST)
    assert all(mine[table] for table in ("chat", "room", "schedule", "subscription", "edition"))
    for name in (command.name for command in listed()):
        for argument in ("", " climate", " all", " off", " 3d", f" {SECOND}"):
            await house.say(f"/{name}{argument}", SECOND)
    stolen = [*buttons(house, FIRST), "v1:undo:1", "v1:undo:1,2,3", "v1:preview:1", "v1:forget:yes"]
    for data in stolen:
        await house.say("/help", SECOND)
        await house.press(data, house.wire.sent(SECOND)[-1])
    assert await rows(house, FIRST) == mine
    shown = [str(message) for message in house.wire.sent(SECOND)]
    shown += [str(call) for call in house.wire.calls("answerCallbackQuery")]
    assert not [text for text in shown if SECRET in text]


async def test_who_leaves_is_forgotten_to_the_last_byte(house, tmp_path):
    await house.say("/forgetme", FIRST)
    await house.press("v1:forget:yes", house.wire.sent(FIRST)[-1])
    assert not any((await rows(house, FIRST)).values())
    if house.app.store.database.is_sqlite:
        files = sorted(tmp_path.glob("x.db*"))
        assert files
        assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []

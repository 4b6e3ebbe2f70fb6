"""A reader who wants to be forgotten leaves no byte behind."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.commands.privacy import ForgetTapped
from bot.domain.briefing import Briefing
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.subscription import SubscriptionKind
from bot.send import telegram_address
from bot.store.editions import FilledEdition
from bot.store.erasure import drop_unread
from bot.store.tables import (
    chat,
    content,
    edition,
    metadata,
    part,
    room,
    schedule,
    subscription,
    told,
)
from tests.fakes.clock import START
from tests.fakes.databases import rows_of
from tests.fakes.house import open_house
from tests.fakes.rooms import add_feed, open_room

MARKER = "zzmarker"
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>zzmarker news</title><item>
<title>The zzmarker of today</title><link>%s</link><guid>zzmarker-1</guid></item></channel></rss>"""


async def counts(store):
    tables = (chat, room, subscription, schedule, edition, part, content, told)
    async with store.database.read() as connection:
        return [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]


async def test_all_rows_of_a_chat_go_and_those_of_others_stay(store):
    for telegram_id in (1, 2):
        mine = await open_room(store, telegram_id)
        await store.subscriptions.add(
            mine.id, SubscriptionKind.QUERY, f"q:{telegram_id}", "", now=START
        )
        number = await store.editions.open(mine.id, EditionKind.BRIEF, "1", now=START)
        said = Briefing(local_date=START.date(), zone="UTC", sections=())
        message = Message(html="x", plain="x")
        filled = FilledEdition(messages=[message], content=said, told={5: [1]}, listed={6: 1})
        await store.editions.fill(number, filled, now=START)
    forgotten = await store.chats.find_room(telegram_address(1))
    await store.forget(forgotten.chat.id)
    assert await store.chats.find_room(telegram_address(1)) is None
    assert await counts(store) == [1, 1, 1, 0, 1, 1, 1, 2]
    assert set(await store.subscriptions.keys(SubscriptionKind.QUERY)) == {"q:2"}


async def test_not_a_byte_of_a_readers_words_or_feeds_stays(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        url = house.app.settings.database_url
        page = house.web.add("/zzmarker", f"<p>{'All about the zzmarker itself. ' * 40}</p>")
        address = house.web.add("/zzmarker.xml", RSS % page, content_type="application/rss+xml")
        await house.say(f"/subscribe “{MARKER} of the day” -never{MARKER}", chat_id=9)
        await house.say(f"/subscribe {address}", chat_id=9)
        await house.say("/schedule 07:30", chat_id=9)
        await house.refresh()
        await house.say("/brief", chat_id=9)
        assert await places_of(MARKER, tmp_path, url)
        await house.say("/forgetme", chat_id=9)
        await house.press(ForgetTapped().pack(), house.wire.sent(9)[-1])
        assert await places_of(MARKER, tmp_path, url) == []
        assert await house.known(9) == ""
    assert await places_of(MARKER, tmp_path, url) == []


async def places_of(word, folder, url):
    """Return which files of a folder hold a word, and which rows of a database."""
    files = [path for path in folder.iterdir() if word.encode() in path.read_bytes()]
    rows = [row for row in (await rows_of(url)).splitlines() if word in row]
    return [*(path.name for path in files), *rows]


async def test_every_table_that_names_a_room_lets_go_of_it(store):
    names = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in {"chat", "room", "edition"} and key.ondelete != "CASCADE"
    }
    assert names == set()


async def test_keys_that_name_no_feed_of_a_reader_delete_none(store):
    private = await add_feed(store, "https://harbour.example/own", "feed:1", public=False)
    shared = await add_feed(store)
    keys = ["*", "feed:", "feed:dam", f"feed:0{private}", f"feed:{2**64}"]
    async with store.database.write() as connection:
        await drop_unread(connection, keys)
    due = await store.feeds.claim_due(now=START, limit=9, lease=timedelta(1), keys=["feed:1"])
    assert {feed.id for feed in due} == {private, shared}

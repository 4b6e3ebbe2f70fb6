"""Live through a day with the bot of the worktree we stand in, and print what it has stored.

See README.md. The bot is stopped in the evening of 5 June 2025, with work left undone.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, text
from telegram.error import TimedOut

import bot.gather.preload  # noqa: F401 - so that no first page takes too long
from bot.domain.edition import EditionKind
from bot.send import telegram_address
from bot.store import Database
from bot.store.feeds import NewFeed
from bot.store.schema import newest_revision
from bot.store.tables import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.house import House, open_house
from tests.fakes.press import BRIDGE, CIRCLE, FEEDS, publish
from tests.fakes.web import Web
from tests.fakes.wire import error

WEDNESDAY, THURSDAY = datetime(2025, 6, 4, tzinfo=UTC), datetime(2025, 6, 5, tzinfo=UTC)
# Who reads, by what is told of them: a chat, and a forum topic of it.
READERS = {
    name: (number, 0)
    for number, name in enumerate(
        (
            "plain",
            "german",
            "chooser",
            "two_languages",
            "break_ends",
            "break_lasts",
            "own_words",
            "private_feed",
            "ended_feed",
            "gone",
            "waiting",
            "sending",
            "maybe",
            "refused",
            "expired",
            "unfilled",
            "outage",
            "unsubscribed",
            "back",
            "old_method",
            "old_zone",
            "old_topic",
        ),
        start=1,
    )
} | {"forum": (-99, 5)}
BERLIN = "/timezone Berlin"
TOPICS, TOPIC = "/subscribe climate, north-korea", "/subscribe north-korea"
QUERY = "/subscribe “rare earths” +mine -stocks"
MORNING = "/schedule 05:30"
# What each reader asked for; {web} is where the feeds are.
ASKED = {
    "plain": ("/timezone London", TOPICS, "/schedule 04:30 weekdays"),
    "chooser": ("/timezone New York", TOPICS, "/schedule 23:30"),
    "two_languages": (BERLIN, "/subscribe climate", MORNING),
    "break_ends": (BERLIN, TOPIC, MORNING, "/pause 2025-06-06"),
    "break_lasts": (BERLIN, TOPIC, MORNING, "/pause"),
    "own_words": (BERLIN, QUERY, "/schedule 5:30 mon-sat"),
    "private_feed": (BERLIN, f"/subscribe {{web}}{CIRCLE}", TOPIC, MORNING),
    "ended_feed": (BERLIN, f"/subscribe {{web}}{BRIDGE}", MORNING),
    "gone": (BERLIN, QUERY, "/schedule 05:30 18:30"),
    "refused": (BERLIN, QUERY, MORNING),
    "expired": (BERLIN, QUERY, "/schedule 05:33"),
    "outage": (BERLIN, QUERY, "/schedule 05:35"),
    "unsubscribed": (BERLIN, TOPIC, MORNING, "/unsubscribe all"),
    "back": (BERLIN, TOPIC, MORNING, "/pause 3d"),
    "old_method": (BERLIN, QUERY, MORNING),
    "old_zone": (BERLIN, QUERY, MORNING),
    "old_topic": (BERLIN, "/subscribe climate", MORNING),
    "forum": (BERLIN, TOPIC, MORNING),
}
ASKED_LATER = {
    "plain": ("/schedule 04:30 15:00 weekdays",),
    "german": ("/subscribe klima",),
    "maybe": (BERLIN, TOPIC, "/schedule 18:50"),
    "waiting": (BERLIN, TOPIC, "/schedule 19:00"),
    "sending": (BERLIN, TOPIC, "/schedule 19:00"),
    "unfilled": (BERLIN, TOPIC, "/schedule 19:05"),
}
TAPPED = {
    "chooser": ("length:deep", "sentences:3", "language:any", "method:lexrank", "silence:night"),
    "two_languages": ("language:de",),
}
BLOCKED = error(403, "Forbidden: bot was blocked by the user")
REFUSED = error(400, "Bad Request: message text is not to our liking")
# What no command of today could write, but what earlier ones may have.
OLD_CHOICES = (
    'UPDATE room SET settings = replace(settings, \'"method":""\', \'"method":"edmundson-old"\')'
    " WHERE chat_id = (SELECT id FROM chat WHERE telegram_id = {old_method})",
    "UPDATE chat SET zone = 'Europe/Atlantis' WHERE telegram_id = {old_zone}",
    "UPDATE subscription SET key = 'old-topic', label = 'Old topic' WHERE key = 'climate'"
    " AND room_id = (SELECT room.id FROM room JOIN chat ON chat.id = chat_id"
    " WHERE telegram_id = {old_topic})",
)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/old.db"
        clock = FakeClock(WEDNESDAY + timedelta(hours=3, minutes=31))
        async with (
            Web() as quiet,
            open_house(url, feeds=FEEDS, allow=(quiet.at,), clock=clock) as house,
        ):
            await live(house, quiet)
            at = {house.web.at: "web.invalid", quiet.at: "quiet.invalid"}
        async with Database(url) as database:
            rows = await rows_of(database)
    dump = {
        "revision": newest_revision(),
        "stopped_at": clock.now().isoformat(),
        "readers": READERS,
    }
    for line in lines_of(dump, rows):
        for address, name in at.items():
            line = line.replace(address, name)  # noqa: PLW2901
        sys.stdout.write(f"{line}\n")


async def live(house: House, quiet: Web) -> None:
    clock, store = house.clock, house.app.store
    publish(house.web, day=1)
    quiet.add("/feed.xml", status=429, headers={"Retry-After": "3600"})
    gazette = NewFeed(url=quiet.url("/feed.xml"), source="Quiet Gazette", public=True)
    await store.feeds.add([gazette], ["*"], now=clock.now())
    faults: dict[int, object] = {}
    take = house.wire._on_sendMessage

    def answer(parameters):
        fault = faults.get(int(parameters["chat_id"]))
        if isinstance(fault, Exception):
            raise fault
        return fault or take(parameters)

    house.wire._on_sendMessage = answer
    await ask(house, ASKED)
    await house.refresh()

    # In the first night, the bot stops before it has sent what it made.
    clock.move_to(WEDNESDAY + timedelta(hours=3, minutes=33))
    await house.app.flow.prepare()
    clock.move_to(THURSDAY + timedelta(hours=3, minutes=36))
    publish(house.web, day=1, ended=True)
    for _ in range(2):  # 410 is believed the second time
        await house.app.store.feeds.poll_now([], now=clock.now())
        await house.app.flow.refresh()
    faults |= {READERS["gone"][0]: BLOCKED, READERS["refused"][0]: REFUSED}
    await house.morning()
    # As grouping does when a third outlet's words join two accounts.
    stories = await stories_of(house, "seed", "schools")
    await store.articles.merge([(max(stories), min(stories))])
    clock.move_to(THURSDAY + timedelta(hours=5))
    await ask(house, ASKED_LATER)
    await say(house, "plain", "/brief")
    await say(house, "back", "/resume")
    for hour, minute in ((5, 30), (14, 0), (16, 30)):
        clock.move_to(THURSDAY + timedelta(hours=hour, minutes=minute))
        await house.morning()

    # The evening of which the next morning is what we test.
    clock.move_to(THURSDAY + timedelta(hours=16, minutes=50))
    faults |= {READERS["maybe"][0]: TimedOut()}
    await house.morning()
    clock.move_to(THURSDAY + timedelta(hours=17))
    await house.app.flow.prepare()
    busy = {telegram_address(chat) for name, (chat, _) in READERS.items() if name != "sending"}
    lease = timedelta(seconds=90)
    await store.outbox.claim_parts(now=clock.now(), limit=1, lease=lease, busy=busy)
    clock.move_to(THURSDAY + timedelta(hours=17, minutes=5))
    (due,) = await store.schedules.claim_due(now=clock.now(), limit=1, lease=timedelta(minutes=5))
    key = f"{due.id}:{due.local_date.isoformat()}"
    await store.editions.open(
        due.room_id, EditionKind.SCHEDULED, key, now=clock.now(), due_at=due.due_at
    )
    async with store.database.write() as connection:
        for statement in OLD_CHOICES:
            ids = {name: chat for name, (chat, _) in READERS.items()}
            await connection.execute(text(statement.format(**ids).replace(":", "\\:")))
        # Pauses are kept by the clock of the publishers, which no test can set.
        await connection.execute(
            text("UPDATE host_pause SET until = '2099-01-01 00\\:00\\:00.000000'")
        )


async def ask(house: House, asked: dict[str, tuple[str, ...]]) -> None:
    for name, commands in asked.items():
        for command in commands:
            await say(house, name, command.format(web=house.web.url("")))
        for choice in TAPPED.get(name, ()):
            chat, _ = READERS[name]
            await house.say("/settings", chat)
            await house.press(f"v1:set:{choice}", house.wire.sent(chat)[-1])


async def stories_of(house: House, *slugs: str) -> list[int]:
    known = await house.app.store.articles.grouped_since(WEDNESDAY)
    return [story for one, story in known if one.article.url.rsplit("/")[-1] in slugs]


async def say(house: House, name: str, words: str) -> None:
    chat, thread = READERS[name]
    options = {}
    if name == "german":
        options["from"] = {"id": chat, "is_bot": False, "first_name": "L", "language_code": "de"}
    if thread:
        house.wire.members[chat, abs(chat)] = "administrator"
        options |= {"message_thread_id": thread, "is_topic_message": True}
    await house.say(words, chat, **options)


async def rows_of(database: Database) -> dict[str, list[list[object]]]:
    """Return the rows of each table that has any, the names of its columns first."""
    found = {}
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            result = await connection.execute(select(table).order_by(*table.primary_key))
            rows = [list(row) for row in result]
            if rows:
                found[table.name] = [list(result.keys()), *rows]
    return found


def lines_of(head: dict[str, object], tables: dict[str, list[list[object]]]) -> Iterator[str]:
    """Return the dump as JSON with a row on a line, so that a change of it can be read."""
    yield "{"
    yield from (f" {shown(name)}: {shown(value)}," for name, value in head.items())
    yield ' "tables": {'
    for n, (table, rows) in enumerate(tables.items(), start=1):
        yield f"  {shown(table)}: ["
        yield from (f"   {shown(row)}," for row in rows[:-1])
        yield f"   {shown(rows[-1])}"
        yield "  ]" + "," * (n < len(tables))
    yield from (" }", "}")


def shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=as_text)


def as_text(value: datetime | date | bytes) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()


asyncio.run(main())

"""Two readers with everything: nothing that one can send touches a row of the other.

The cases come from the registry, the codec of buttons and the tables: a command, a button or a
table that is new and has no case fails here.
"""

import itertools
from dataclasses import fields
from typing import get_type_hints

import pytest
from sqlalchemy import select

from bot.chat import Throttle
from bot.commands.managing import ElsewhereTapped
from bot.commands.registry import BUTTONS, COMMANDS
from bot.store.tables import metadata
from tests.fakes.conversation import tap
from tests.fakes.house import open_house
from tests.fakes.membership import channel, group, membership_update, post_update
from tests.fakes.wire import message_update

ALICE, BOB, HERS, HER_CHANNEL, HIS = 1, 2, -30, -50, -40
THREAD = {"message_thread_id": 44, "is_topic_message": True}
SECRET = "Zanzibar Ledger"
RSS = (
    f"<rss version='2.0'><channel><title>{SECRET}</title><item><title>{SECRET} opens</title>"
    "<link>%s</link><description>&lt;p&gt;The gates of the old dam were opened on Wednesday, the "
    "council of the valley said in the evening.&lt;/p&gt;</description></item></channel></rss>"
)

# Tables that hold nothing of one reader.
SHARED = {
    "meta", "acted_update", "outlet", "feed", "feed_use", "article", "article_key",
    "article_text", "host_pause", "furniture", "feed_entry", "article_match", "story",
    "story_article",
}  # fmt: skip
# What follows a command: anything that a reader may have chosen, and what ends all of it.
WORDS = ("", "all", "north-korea", "alices own words", "off", "06:15", "3d", "Tokyo", "deep", "de")
# What the texts of a button may be, by its prefix: values that are valid and say something.
TEXTS = {
    "pick": [("north-korea",)],
    "topic": [("north-korea",)],
    "time": [("08:30",)],
    "zone": [("Asia/Tokyo",)],
    "set": [("length", "deep"), ("reads", "ko"), ("only", "de,fr"), ("language", "any")],
    "offer": [("subject",)],
    "add": [("read", "north-korea")],
    "heard": [("link",), ("words",)],
    "forget": [("yes",)],
    "speak": [("de",)],
    "say": [("unsubscribe all",), ("stop",), ("pause 3d",)],
}
PLAIN_WORDS = ("stop", "unsubscribe from everything", "every day at 9", "I live in Tokyo", "yes")


def owned_tables():
    """Return the tables with rows of a reader, each with its column that says whose they are."""
    found = {}
    for table in metadata.sorted_tables:
        names = ("room_id", "chat_id", "edition_id")
        column = next((name for name in names if name in table.c), None)
        if table.name in {"chat", "room"}:
            column = "id"
        if table.name not in SHARED:
            assert column is not None, f"whose are the rows of {table.name}?"
            found[table.name] = (table, column)
    return found


async def of_alice(house):
    """Return every row of Alice, her group and her channel, by table; and all their ids."""
    rows, ids = {}, {}
    async with house.app.store.database.read() as connection:
        chats = metadata.tables["chat"]
        hers = select(chats.c.id).where(chats.c.telegram_id.in_((ALICE, HERS, HER_CHANNEL)))
        ids["chat_id"] = set((await connection.execute(hers)).scalars())
        rooms = metadata.tables["room"]
        found = select(rooms.c.id).where(rooms.c.chat_id.in_(ids["chat_id"]))
        ids["room_id"] = set((await connection.execute(found)).scalars())
        editions = metadata.tables["edition"]
        found = select(editions.c.id).where(editions.c.room_id.in_(ids["room_id"]))
        ids["edition_id"] = set((await connection.execute(found)).scalars())
        for name, (table, column) in owned_tables().items():
            whose = ids[f"{name}_id"] if column == "id" else ids[column]
            theirs = select(table).where(table.c[column].in_(whose))
            rows[name] = sorted(map(repr, await connection.execute(theirs)))
            if "id" in table.c:
                numbers = select(table.c.id).where(table.c[column].in_(whose))
                ids[name] = set((await connection.execute(numbers)).scalars())
        private = select(metadata.tables["feed"].c.url).where(~metadata.tables["feed"].c.public)
        rows["private feeds"] = sorted(map(repr, await connection.execute(private)))
    return rows, {number for group in ids.values() for number in group}


def packed(action, numbers):
    """Return the data of a kind of button, with each of ``numbers`` where it names a row."""
    kinds = [get_type_hints(action.data)[field.name] for field in fields(action.data)]
    texts = TEXTS.get(action.data.prefix, [()])
    assert all(len(each) == kinds.count(str) for each in texts), f"{action.data} needs its TEXTS"
    for number in numbers if len(kinds) > kinds.count(str) else [0]:
        for text in texts:
            left = iter(text)
            # Of several numbers only the last may name a row: those before say which page.
            is_last = [str not in kinds[at:] and int not in kinds[at + 1 :] for at in range(9)]
            values = [
                next(left) if kind is str
                else (number,) if kind == tuple[int, ...]
                else number if is_last[at] or kinds.count(int) == 1
                else 0
                for at, kind in enumerate(kinds)
            ]  # fmt: skip
            yield action.data(*values).pack()


async def settle(house):
    """Let Alice have everything: a room, a group with a topic, a channel, a feed of her own."""
    for chat, person in ((HERS, ALICE), (HER_CHANNEL, ALICE), (HIS, BOB)):
        house.wire.members[chat, person] = "administrator"
    house.wire.members[HER_CHANNEL, BOB] = "left"
    rss = RSS % house.web.url("/story")
    url = house.web.add("/alice.xml", rss, content_type="text/xml")
    for chat, place in ((ALICE, {}), (HERS, {}), (HERS, THREAD)):
        await house.say("/timezone Berlin", chat, user_id=ALICE, **place)
        await house.say("/subscribe north-korea, “alices own words”", chat, user_id=ALICE, **place)
        await house.say("/schedule 06:15 weekdays", chat, user_id=ALICE, **place)
        await house.say("/settings deep", chat, user_id=ALICE, **place)
    await house.say(f"/subscribe {url}", ALICE)
    await house.say("/brief", ALICE)
    joined = membership_update(channel(HER_CHANNEL), "left", "administrator", user_id=ALICE)
    await house.take(joined)
    await house.take(membership_update(group(HERS), "left", "administrator", user_id=ALICE))
    await tap(house, "Manage it from here", ALICE)
    await house.say("/subscribe energy", ALICE)
    await house.say("every day at 9:15", ALICE)  # in plain words: it can be taken back
    await house.say("/subscribe climate", BOB)
    await house.say("/subscribe climate", HIS, user_id=BOB)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_nothing_that_one_reader_sends_touches_a_row_of_another(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=10**9)) as house:
        await settle(house)
        before, ids = await of_alice(house)
        assert all(before.values()), "Alice has something in every table"
        told = []

        async def check(case):
            rows, _ = await of_alice(house)
            assert [name for name in before if rows[name] != before[name]] == [], case

        private, elsewhere = (BOB, {}), [(HIS, {}), (HERS, {}), (HERS, THREAD)]
        for command in COMMANDS:
            cases = [(command.name, word, private) for word in WORDS]
            cases += [(name, "all", private) for name in command.aliases]
            cases += [(command.name, word, where) for word in ("", "all") for where in elsewhere]
            for name, word, (chat, place) in cases:
                told += await house.say(f"/{name} {word}", chat, user_id=BOB, **place)
            told += await house.take(post_update(f"/{command.name} all", channel(-60)))
            await check(command.name)
        for text, (chat, place) in itertools.product(PLAIN_WORDS, (private, *elsewhere)):
            reply = house.wire.sent(chat)[-1]
            told += await house.say(text, chat, user_id=BOB, reply_to_message=reply, **place)
        for kind, number in itertools.product(("manage_", "read_"), sorted(ids)):
            told += await house.say(f"/start {kind}{number}", BOB)
        edited = message_update("/unsubscribe all", HERS, user_id=BOB)["message"]
        await house.take({"edited_message": edited | {"edit_date": edited["date"] + 9}})
        await check("plain words, deep links and edits")
        await house.say("/help", BOB)
        own, hers = house.wire.sent(BOB)[-1], house.wire.sent(HERS)[-1]
        at = [(number, "v1:say:unsubscribe all") for number in sorted(ids)]
        at += [(number, "v1:forget:yes") for number in sorted(ids)]
        forged = [ElsewhereTapped(*each).pack() for each in at]
        for action, data in [
            *((action.data, [*packed(action, [0, *sorted(ids)])]) for action in BUTTONS),
            (ElsewhereTapped, forged),
        ]:
            for each in data:
                for message in (own, hers):
                    await house.press(each, message, user_id=BOB)
            for message in (own, own | {"date": 0}, hers | {"date": 0}):  # repeated, and old
                await house.press(data[-1], message, user_id=BOB)
            await check(action.__name__)
        told += house.wire.texts(BOB) + house.wire.texts(HIS)
        told += [str(call) for call in house.wire.calls("answerCallbackQuery")]
        assert [text for text in told if SECRET in text] == []


async def test_what_is_of_alice_is_hers_to_change(tmp_path):
    """The matrix would notice: the same command of Alice's changes what it watches."""
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await settle(house)
        before, _ = await of_alice(house)
        await house.say("/unsubscribe all", HERS, user_id=ALICE, **THREAD)
        await house.say("/pause 3d", ALICE)
        after, _ = await of_alice(house)
        changed = {name for name in before if before[name] != after[name]}
        assert changed >= {"room", "subscription"}

"""Readers' data stays private: it reaches no log, no stderr, and no answer to another room."""

import asyncio
import gc
import json
import re
import subprocess
import sys
from datetime import timedelta
from enum import StrEnum

import pytest
from sqlalchemy import insert
from telegram.error import BadRequest
from telegram.ext import MessageHandler, filters

from bot.gather.feeds.listing import read_listing
from bot.store.tables import chat
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.databases import wanted_url
from tests.fakes.house import open_house
from tests.fakes.wire import error, message_update, press_update


# Words that must not leak, each planted in a different place.
class Mark(StrEnum):
    FEED_PATH = "quokkapath"
    FEED_HOST = "numbathost"
    FEED_NAME = "Wombatgazette"
    LINK = "bilbylink"
    TITLE = "Potoroo"
    TEXT = "echidnaword"
    FAILING_PAGE = "dunnartpage"
    QUERY = "kowariquery"
    MESSAGE = "quollmessage"
    PERSON = "Taipanname"
    NICK = "taipannick"
    GROUP = "Galahtitle"
    BUTTON = "cassowarydata"
    ZONE = "Atlantis/Lorikeet"
    ERROR = "brolgaerror"
    UNREADABLE = "magpiebroken"


READER, OTHER, GROUP = 1, 2, -30
NAMED = {"first_name": Mark.PERSON, "username": Mark.NICK}
TEXT = " ".join(f"The {Mark.TEXT} came to harbour {n} today." for n in range(80))
FEED = """<rss version="2.0"><channel><title>{name}</title><link>{home}</link>
<item><title>{title} sails</title><link>{good}</link><guid>1</guid>
<description>{text}</description></item>
<item><title>{title} sinks</title><link>{bad}</link><guid>2</guid></item></channel></rss>"""


def private_feed(house):
    """Serve a feed whose fields contain marks from the web of ``house``; return its URL."""
    good = house.web.add(f"/{Mark.LINK}", f"<article><p>{TEXT}</p></article>")
    body = FEED.format(
        name=Mark.FEED_NAME,
        home=house.web.url("/"),
        title=Mark.TITLE,
        good=good,
        bad=house.web.url(f"/{Mark.FAILING_PAGE}"),
        text=TEXT,
    ).encode()
    read_listing(body, good)  # makes libraries load what they need for a first feed
    return house.web.add(f"/{Mark.FEED_PATH}.xml", body, content_type="application/rss+xml")


def named(update):
    """Put marks into the names of an update's author and the title of its group; return it."""
    said = update.get("message") or update["callback_query"]
    said["from"] |= NAMED
    place = said["chat"] if "chat" in said else said["message"]["chat"]
    place |= {"title": Mark.GROUP} if place["id"] < 0 else NAMED
    return update


async def read_and_fail(house, url):
    """Let the feed be read, and then fail in each way whose error contains a mark."""
    await house.take(named(message_update(f"/subscribe {url}", READER)))
    path = f"/{Mark.FEED_PATH}.xml"
    for change in (
        lambda: house.web.add(path, f"no feed but {Mark.FEED_NAME}"),
        lambda: house.web.redirect(path, f"http://{Mark.FEED_HOST}.local/"),
    ):
        await house.app.flow.refresh()
        change()
        house.clock.advance(timedelta(hours=12))  # the feed is due again
    await house.app.flow.refresh()


async def talk(house):
    """Send messages, commands and taps with marks, in private and in a group."""
    for text in (
        f'/subscribe "{Mark.QUERY} harbour"',
        Mark.MESSAGE,
        f"/{Mark.MESSAGE}",
        f"/timezone {Mark.ZONE}",
        f"/schedule {Mark.MESSAGE}",
        "/brief",
        "/status",
        "/export",
    ):
        await house.take(named(message_update(text, READER)))
        await house.take(named(message_update(text, GROUP)))
    pressed = message_update(Mark.MESSAGE, READER)["message"]
    for data in (Mark.BUTTON, f"v1:undo:{Mark.BUTTON}"):
        await house.take(named(press_update(data, pressed)))


async def break_things(house):
    """Make handlers, tasks, the database and Telegram fail with marks in their errors."""

    async def break_down(update, _context):
        failure = ExceptionGroup(Mark.ERROR, [ValueError(update.message.text)])
        failure.add_note(Mark.ERROR)
        raise RuntimeError(Mark.ERROR) from failure

    async def store_twice():
        async with house.app.store.database.write() as connection:
            row = {"telegram_id": 77, "kind": "private", "language": Mark.ERROR}
            row |= {"created_at": house.clock.now()}
            await connection.execute(insert(chat), [row, row])

    house.app.application.add_handler(
        MessageHandler(filters.Regex("explode"), break_down), group=-1
    )
    await house.take(named(message_update(f"explode {Mark.MESSAGE}", READER)))
    task = asyncio.create_task(store_twice())
    await asyncio.wait([task])
    del task
    gc.collect()
    quoting = f'Bad Request: can\'t parse entities: unsupported start tag "{Mark.QUERY}" at 3'
    house.wire.script("sendMessage", error(400, quoting), BadRequest(quoting), error(400, quoting))
    await house.take(named(message_update("/help", READER)))
    await house.take(named(message_update("/brief", READER)))


def confirmed(house, number):
    """Return whether the bot has confirmed an update, and so passed it to the handlers."""
    return any(poll["offset"] > number for poll in house.wire.calls("getUpdates"))


async def test_nothing_private_reaches_a_log_or_another_room(tmp_path, log, capfd):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.forgives = True
        house.wire.members[GROUP, abs(GROUP)] = "administrator"
        await house.say("/subscribe north-korea", OTHER)
        url = private_feed(house)
        await read_and_fail(house, url)
        await talk(house)
        own = await house.known(READER) + "".join(house.wire.texts(READER))
        await break_things(house)
        await house.app.start()
        broken = {"message_id": 1, "date": 1, "chat": {"id": 1}}
        house.wire.feed({"message": broken | {"text": Mark.UNREADABLE}})
        asked = house.wire.say("/status", OTHER)["update_id"]
        async with asyncio.timeout(100):
            while not confirmed(house, asked):  # noqa: ASYNC110 - it goes over a wire
                await asyncio.sleep(0.01)
        known = await house.known(OTHER)
    others = [known, *house.wire.texts(OTHER)]
    assert "All your sources answer." in others[-1]  # to /status
    assert Mark.FEED_NAME in own  # the marks were there to leak
    assert "that is no public name" in own
    assert Mark.QUERY in own
    written = log.getvalue()
    for line in (
        *(
            "new=0 error=no-feed",
            "new=0 error=no-public-name",
            "page feed=",
            "update-skipped",
            "was not handled",
            "not delivered",
        ),
        *("never retrieved", "break_down", "store_twice"),
    ):
        assert line in written
    for where in (written, *capfd.readouterr(), *others):
        assert not [mark for mark in Mark if mark.lower() in where.lower()]
    assert url not in written
    assert json.dumps(url) not in written
    assert not re.search(rf"\b{house.web.port}\b", written)


async def test_what_libraries_say_in_a_worker_goes_nowhere():
    script = """
import asyncio, logging, os, warnings
from bot.workers import Workers

async def main():
    async with Workers(imports=["bot.gather.preload"]) as workers:
        await workers.run(logging.getLogger("library").critical, "quokka")
        await workers.run(warnings.warn, "quokka")
        for stream in (1, 2):  # C and Rust libraries write to these directly
            await workers.run(os.write, stream, b"quokka")

if __name__ == "__main__":
    asyncio.run(main())
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
async def test_an_outage_is_one_line_and_a_bot_in_it_ends_at_once(tmp_path):
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    log = tmp_path / "log"
    async with BotApi() as api:
        api.updates.append({"update_id": 1, **message_update("/help", 4)})
        async with running_bot(url, api.url, log, log_level="DEBUG") as process:
            await api.until(lambda: api.taken.total() == 1)
            await api.__aexit__(None, None, None)  # connections are refused from now on
            async with asyncio.timeout(100):
                while "telegram-unreachable" not in log.read_text():  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            await asyncio.sleep(4)  # some more polls fail
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 100) == 0
    written = log.read_text()
    assert written.count("telegram-") == 1
    assert "Traceback" not in written

"""The findings of ``daybrief doctor`` on healthy and on broken installations."""

import asyncio
import os
import shutil
import sqlite3
from types import TracebackType
from typing import Self

import pytest
from aiohttp import web
from sqlalchemy import text

from bot import doctor
from bot.cli import main
from bot.doctor import Mark, examine
from bot.settings import Settings
from bot.store import Database
from bot.store.files import only_bot
from bot.store.schema import upgrade
from tests.e2e.test_feed_commands import FEED
from tests.fakes.databases import fresh_database
from tests.fakes.web import Web
from tests.fakes.wire import BOT, TOKEN
from tests.store.test_schema import make_old

_WEBHOOK = {"has_custom_certificate": False, "pending_update_count": 0}
CONFLICT = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other"}


class PolledTelegram:
    """A Bot API server that allows one long poll at a time: a newer poll ends the older with 409.

    ``offsets`` are the offset parameters of all getUpdates calls, in order. If ``waits``, an
    update is pending and getUpdates answers at once.
    """

    def __init__(self, *, webhook: object = None, waits: bool = False) -> None:
        self.offsets: list[str | None] = []
        self.polls = 0
        self._webhook = webhook or {"url": "", **_WEBHOOK}
        self._waits = waits
        self._poll: asyncio.Future[None] | None = None
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def long_poll(self, timeout_s: float) -> web.Response:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self.polls += 1
        own = self._poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(own, 0 if self._waits else timeout_s)
        except TimeoutError:
            updates = [{"update_id": 1}] if self._waits else []
            return web.json_response({"ok": True, "result": updates})
        return web.json_response(CONFLICT, status=409)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        method = request.path.rsplit("/", 1)[-1]
        if method == "getUpdates":
            asked = await request.post()
            self.offsets.append(asked.get("offset"))
            return await self.long_poll(float(asked.get("timeout", 0)))
        return web.json_response(
            {"ok": True, "result": BOT if method == "getMe" else self._webhook}
        )


@pytest.fixture
def url(tmp_path):
    """Return a SQLite URL for the database of an installation; no file exists yet."""
    return f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"


async def look(url, api_url="", **changes):
    """Return the findings as the command line prints them."""
    settings = Settings(
        _env_file=None,
        token=TOKEN if api_url else "",
        **({"api_url": api_url} if api_url else {}),
        database_url=url,
        builtin_feeds=False,
        **changes,
    )
    return [
        f"{finding.mark.value} {finding.said}" async for finding in examine(settings, probe_s=0.6)
    ]


def ill(lines):
    return [line for line in lines if line.startswith(Mark.ILL.value)]


async def test_a_new_installation_is_well_and_gets_no_database(url, tmp_path):
    async with PolledTelegram() as telegram:
        lines = await look(url, telegram.url)
    assert ill(lines) == []
    assert "✓ There is no database yet: the first run makes it." in lines
    assert "✓ Nobody else asks Telegram for the bot's messages." in lines
    assert list(tmp_path.iterdir()) == []


async def test_an_upgraded_installation_is_well(url, tmp_path):
    make_old(tmp_path / "daybrief.db")
    async with Database(url) as database:
        await upgrade(database)
    lines = await look(url)
    assert ill(lines) == []
    assert f"✓ The database {url} is sound." in lines


async def test_an_installation_that_is_about_to_be_upgraded_is_well(url, tmp_path):
    make_old(tmp_path / "daybrief.db")
    (tmp_path / "daybrief.db").chmod(0o600)
    lines = await look(url)
    assert ill(lines) == []
    assert "✓ The schema is 0001, of an older daybrief: the next run upgrades it." in lines


async def test_an_installation_whose_bot_runs_is_well_and_is_not_disturbed(url, tmp_path):
    async with fresh_database(url), PolledTelegram() as telegram:
        with only_bot(tmp_path / "daybrief.db"):
            lines = await look(url, telegram.url)
    assert ill(lines) == []
    assert "✓ The bot runs on this database." in lines
    assert telegram.polls == 0


async def test_another_process_on_the_token_is_found_and_loses_no_update(url):
    async with PolledTelegram() as telegram:

        async def run_elsewhere():
            while True:
                await telegram.long_poll(30)
                await asyncio.sleep(0.1)

        other = asyncio.create_task(run_elsewhere())
        await asyncio.sleep(0)
        lines = await look(url, telegram.url)
        other.cancel()
    assert len(ill(lines)) == 1
    assert "Another process asks Telegram for the bot's messages: stop it" in ill(lines)[0]
    assert set(telegram.offsets) == {None}


async def test_updates_that_wait_are_neither_taken_nor_asked_for_without_a_pause(url):
    async with PolledTelegram(waits=True) as telegram:
        assert ill(await look(url, telegram.url)) == []
    assert set(telegram.offsets) == {None}
    assert telegram.polls <= 3


async def test_on_postgresql_another_process_may_be_our_own(postgres_url):
    async with fresh_database(postgres_url) as database, PolledTelegram() as telegram:

        async def run_elsewhere():
            while True:
                await telegram.long_poll(30)

        other = asyncio.create_task(run_elsewhere())
        await asyncio.sleep(0)
        lines = await look(database.url, telegram.url)
        other.cancel()
    assert ill(lines) == []
    assert any(line.startswith("? Another process asks Telegram") for line in lines)


async def test_a_webhook_is_named_without_what_may_be_its_key(url):
    hook = {"url": "https://hooks.example.org/geheim", **_WEBHOOK}
    async with PolledTelegram(webhook=hook) as telegram:
        lines = ill(await look(url, telegram.url))
    assert len(lines) == 1
    assert "hooks.example.org" in lines[0]
    assert "geheim" not in lines[0]
    assert telegram.polls == 0


async def test_a_bot_api_unlike_telegrams_is_no_crash(url):
    async with PolledTelegram(webhook=True) as telegram:
        lines = await look(url, telegram.url)
    assert ill(lines) == []


async def test_each_feed_of_ones_own_is_read_once_and_told_of(url):
    async with Web() as web:
        web.add("/feed", FEED, content_type="application/rss+xml")
        web.add("/page", "<html><body>Nothing here.</body></html>")
        feeds = (web.url("/feed?key=geheim"), web.url("/page"), web.url("/gone"))
        lines = await look(url, feeds=feeds, allow_local=(web.at,), languages="la")
        assert sorted(web.paths()) == ["/feed?key=geheim", "/gone", "/page"]
    assert f"✓ {web.url('/feed')}?…: Quay, 3 entries." in lines
    assert len(ill(lines)) == 2
    assert "the document is no feed" in ill(lines)[0]
    assert "404" in ill(lines)[1]


async def test_a_language_that_no_outlet_writes_in_is_found(url):
    lines = ill(await look(url, languages="en,la"))
    assert len(lines) == 1
    assert "No outlet of the catalogue writes in la" in lines[0]


@pytest.mark.parametrize("name", ["daybrief.db", "daybrief.db-wal", "daybrief.db.lock"])
async def test_a_file_that_others_may_read_is_found(url, tmp_path, name):
    async with fresh_database(url):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
        lines = ill(await look(url))
    assert lines == [f"✗ Others may read {tmp_path / name}: chmod 600 {tmp_path / name}"]


async def test_a_folder_that_anybody_may_write_into_is_found(url, tmp_path):
    tmp_path.chmod(0o777)
    assert len(ill(await look(url))) == 1
    tmp_path.chmod(0o1777)  # as /tmp: other users cannot replace the file
    assert ill(await look(url)) == []


async def test_a_folder_that_cannot_be_written_is_found(url, tmp_path, monkeypatch):
    # root can write everywhere
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    assert ill(await look(url)) == [
        f"✗ {tmp_path} cannot be written: give it to the user who runs daybrief."
    ]


async def test_the_disk_of_the_database_is_looked_at_and_not_that_of_the_cwd(tmp_path, monkeypatch):
    asked = []
    real = shutil.disk_usage

    def full_in_memory(path):
        asked.append(path)
        return real(path)._replace(free=1_000_000)

    monkeypatch.setattr(doctor.shutil, "disk_usage", full_in_memory)
    lines = ill(await look(f"sqlite+aiosqlite:///{tmp_path}/not/yet/daybrief.db"))
    assert asked == [tmp_path]
    assert lines == [f"✗ 0.0 GB of disk are free in {tmp_path}: make room, or move the database."]


async def test_a_schema_that_is_not_that_of_the_tables_is_found(database_url):
    async with fresh_database(database_url) as database:
        assert ill(await look(database.url)) == []
        async with database.write() as connection:
            await connection.execute(text("DROP INDEX ix_told_at"))
        lines = ill(await look(database.url))
    assert lines == [
        "✗ The schema is not as it should be (add index ix_told_at): restore a backup."
    ]


async def test_a_file_that_is_no_database_is_a_finding(url, tmp_path):
    (tmp_path / "daybrief.db").write_text("My notes. " * 200)
    (tmp_path / "daybrief.db").chmod(0o600)
    lines = ill(await look(url))
    assert len(lines) == 1
    assert "file is not a database" in lines[0]


async def test_rows_that_point_nowhere_are_counted(url, tmp_path):
    async with fresh_database(url):
        pass
    with sqlite3.connect(tmp_path / "daybrief.db") as connection:
        connection.execute("INSERT INTO story_article VALUES (1, 2)")
    connection.close()
    lines = ill(await look(url))
    assert len(lines) == 1
    assert lines[0].endswith("And 1 more: daybrief db check.")


def test_unknown_names_are_findings_wherever_they_are_set(set_up, tmp_path, capsys):
    set_up(service_host="10.0.0.1", builtin_feeds="false")
    (tmp_path / ".env").write_text("DAYBRIEF_TOKN=geheim\n")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        "✗ DAYBRIEF_SERVICE_HOST in the environment is no setting: take it out.",
        "✗ DAYBRIEF_TOKN in .env is no setting: did you mean DAYBRIEF_TOKEN?",
        "✓ The settings can be read.",
    ]


def test_a_healthy_installation_ends_the_doctor_with_0(set_up, capsys):
    set_up(builtin_feeds="false")
    assert main(["doctor"]) == 0
    assert main(["db", "upgrade"]) == 0
    assert main(["doctor"]) == 0
    assert "✗" not in capsys.readouterr().out

"""``daybrief feeds``, as the command line calls it."""

import asyncio

import pytest

from bot.cli import main
from tests.fakes.web import Web

ITEMS = "".join(
    f"<item><title>North Korea opens pier {n}</title><link>/{n}</link><guid>{n}</guid></item>"
    for n in range(3)
)
FEED = f'<rss version="2.0"><channel><title>Quay</title>{ITEMS}</channel></rss>'


@pytest.fixture
async def web(set_up):
    async with Web() as web:
        set_up(allow_local=web.at, feeds=web.url("/feed"))
        web.add("/feed", FEED, content_type="application/rss+xml")
        web.add("/page", "<html><body>Nothing here.</body></html>")
        yield web


async def run(*words: str) -> int:
    """Run a command in a thread, so that the web server can answer meanwhile; return its code."""
    return await asyncio.to_thread(main, ["feeds", *words])


async def test_a_refresh_begins_no_database_and_a_check_needs_none(web, capsys, tmp_path):
    assert await run("refresh") == 2
    assert "There is no database" in capsys.readouterr().err
    assert await run("check", web.url("/feed")) == 0
    assert list(tmp_path.iterdir()) == []


async def test_one_feed_is_checked_and_its_entries_shown(web, capsys):
    assert await run("check", web.url("/feed")) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"✓ {web.url('/feed')}: Quay, 3 entries, 0 with full text",
        *(f"  (no date)  North Korea opens pier {n}" for n in range(3)),
    ]


async def test_several_feeds_are_checked_and_the_broken_ones_named(web, capsys):
    urls = [web.url("/feed"), web.url("/page"), web.url("/gone"), "http://10.0.0.1/feed"]
    assert await run("check", *urls) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines[:-1]) == [
        f"✓ {urls[0]}: Quay, 3 entries, 0 with full text",
        f"✗ {urls[3]}: that is no public address",
        f"✗ {urls[2]}: the feed is not there (404)",
        f"✗ {urls[1]}: the document is no feed",
    ]
    assert lines[-1] == "1 of 4 feeds can be read."


async def test_a_refresh_reads_what_is_due_and_logs_it(web, capsys):
    await asyncio.to_thread(main, ["db", "upgrade"])
    capsys.readouterr()
    assert await run("refresh") == 0
    out, err = capsys.readouterr()
    assert err.count(" poll ") == 1
    assert out.splitlines() == [
        "Feeds asked: 1, of which failed: 0.",
        "New entries: 3, of which became articles somebody reads: 0.",
    ]
    await run("refresh")
    assert capsys.readouterr().out.splitlines()[0] == "Feeds asked: 0, of which failed: 0."
    await run("refresh", "--all")
    assert capsys.readouterr().out.splitlines()[0] == "Feeds asked: 1, of which failed: 0."

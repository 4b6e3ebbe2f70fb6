"""``daybrief feeds`` in a process of its own."""

import pytest

from tests.e2e.test_setup import run_program
from tests.fakes.web import Web

ITEMS = "".join(
    f"<item><title>North Korea opens pier {n}</title><link>/{n}</link><guid>{n}</guid></item>"
    for n in range(3)
)
FEED = f'<rss version="2.0"><channel><title>Quay</title>{ITEMS}</channel></rss>'


@pytest.fixture
async def web():
    async with Web() as web:
        web.add("/feed", FEED, content_type="application/rss+xml")
        web.add("/page", "<html><body>Nothing here.</body></html>")
        yield web


async def test_one_feed_is_checked_and_its_entries_shown(tmp_path, web):
    code, out, _ = await run_program(
        tmp_path, "feeds", "check", web.url("/feed"), allow_local=web.at
    )
    assert code == 0
    assert out.splitlines() == [
        f"✓ {web.url('/feed')}: Quay, 3 entries, 0 with full text",
        *(f"  (no date)  North Korea opens pier {n}" for n in range(3)),
    ]


async def test_several_feeds_are_checked_and_the_broken_ones_named(tmp_path, web):
    urls = [web.url("/feed"), web.url("/page"), web.url("/gone"), "http://10.0.0.1/feed"]
    code, out, _ = await run_program(tmp_path, "feeds", "check", *urls, allow_local=web.at)
    assert code == 1
    lines = out.splitlines()
    assert sorted(lines[:-1]) == [
        f"✓ {urls[0]}: Quay, 3 entries, 0 with full text",
        f"✗ {urls[3]}: 10.0.0.1 is no public address",
        f"✗ {urls[2]}: the feed is not there (404)",
        f"✗ {urls[1]}: the document is no feed",
    ]
    assert lines[-1] == "1 of 4 feeds can be read."


async def test_a_refresh_reads_what_is_due_and_logs_what_is_left(tmp_path, web):
    settings = {"feeds": web.url("/feed"), "allow_local": web.at}
    code, out, err = await run_program(tmp_path, "feeds", "refresh", **settings)
    assert (code, err.count(" poll ")) == (0, 1)
    assert out.splitlines() == [
        "Feeds asked: 1, of which failed: 0.",
        "New entries: 3, of which became articles somebody reads: 0.",
    ]
    code, out, _ = await run_program(tmp_path, "feeds", "refresh", **settings)
    assert out.splitlines()[0] == "Feeds asked: 0, of which failed: 0."
    code, out, _ = await run_program(tmp_path, "feeds", "refresh", "--all", **settings)
    assert out.splitlines()[0] == "Feeds asked: 1, of which failed: 0."

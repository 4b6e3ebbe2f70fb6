"""``daybrief feeds``: what it reads, the line it prints for each feed, and its exit code."""

import argparse
import asyncio
import io
import sys

import pytest

from bot.cli import main
from bot.feed_commands import add_feed_commands
from tests.fakes.web import Web


def rss(title, *items):
    listed = "".join(
        f"<item><title>{name}</title><link>/{name}</link><guid>{name}</guid>{more}</item>"
        for name, more in items
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{listed}</channel></rss>'


DATED = "<pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate>"


@pytest.fixture
async def web(set_up):
    async with Web() as web:
        set_up(allow_local=web.at)
        yield web


async def run(*words):
    """Run a command in a thread, so that the web can answer it."""
    return await asyncio.to_thread(main, ["feeds", *words])


def parsed(*words):
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data")
    parser = argparse.ArgumentParser()
    add_feed_commands(parser, common)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "urls"),
    [(["check"], []), (["check", "a"], ["a"]), (["check", "a", "b", "a"], ["a", "b", "a"])],
)
def test_a_check_takes_any_number_of_addresses(words, urls):
    options = parsed(*words)
    assert options.urls == urls
    assert options.command != parsed("refresh").command


def test_a_refresh_asks_all_feeds_only_if_told(capsys):
    assert parsed("refresh").all is False
    assert parsed("refresh", "--all").all is True
    for words in (["refresh", "url"], ["check", "--all"], []):
        with pytest.raises(SystemExit):
            parsed(*words)
    assert "required: ACTION" in capsys.readouterr().err


def test_each_action_has_the_common_options():
    assert parsed("check", "--data", "x").data == "x"
    assert parsed("refresh", "--data", "x").data == "x"


# ---------------------------------------------------------------- check


async def test_a_single_feed_is_shown_with_its_dates(web, capsys):
    url = web.add("/feed", rss("Quay", ("pier", DATED), ("ferry", "")))
    assert await run("check", url) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"✓ {url}: Quay, 2 entries, 0 with full text",
        "  2025-06-05 04:00:00+00:00  pier",
        "  (no date)  ferry",
    ]


async def test_of_many_entries_ten_are_shown_and_all_counted(web, capsys):
    url = web.add("/feed", rss("Quay", *((f"n{n}", "") for n in range(11))))
    assert await run("check", url) == 0
    head, *entries = capsys.readouterr().out.splitlines()
    assert head == f"✓ {url}: Quay, 11 entries, 0 with full text"
    assert entries == [f"  (no date)  n{n}" for n in range(10)]


async def test_of_several_feeds_the_entries_are_not_shown_and_the_readable_ones_counted(
    web, capsys
):
    first = web.add("/first", rss("Quay", ("a", "")))
    second = web.add("/second", rss("Pier"))
    assert await run("check", first, second) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines[:2]) == [
        f"✓ {first}: Quay, 1 entries, 0 with full text",
        f"✓ {second}: Pier, 0 entries, 0 with full text",
    ]
    assert lines[2:] == ["2 of 2 feeds can be read."]


async def test_an_address_that_is_named_twice_is_asked_once(web, capsys):
    url = web.add("/feed", rss("Quay", ("a", "")))
    assert await run("check", url, url) == 0
    assert web.paths() == ["/feed"]
    assert len(capsys.readouterr().out.splitlines()) == 2


async def test_a_feed_that_cannot_be_read_is_code_1(web, capsys):
    url = web.url("/gone")
    assert await run("check", url) == 1
    assert capsys.readouterr().out.splitlines() == [f"✗ {url}: the feed is not there (404)"]


async def test_one_broken_feed_among_sound_ones_is_code_1(web, capsys):
    sound, broken = web.add("/feed", rss("Quay")), web.add("/page", "<html></html>")
    assert await run("check", sound, broken) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"✗ {broken}: the document is no feed" in lines
    assert lines[-1] == "1 of 2 feeds can be read."


# ---------------------------------------------------------------- refresh


async def test_without_a_database_there_is_nothing_to_refresh(web, capsys, tmp_path):
    assert await run("refresh") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("daybrief: There is no database")
    assert list(tmp_path.iterdir()) == []


async def test_a_refresh_counts_feeds_that_answered_and_failed_and_their_entries(
    web, set_up, capsys
):
    good = web.add("/feed", rss("Quay", ("a", ""), ("b", "")))
    async with Web("::1") as other:  # requests to one host keep a distance
        set_up(feeds=f"{good},{other.url('/gone')}", allow_local=f"{web.at},{other.at}")
        await asyncio.to_thread(main, ["db", "upgrade"])
        capsys.readouterr()
        for words, asked, failed, new in (
            (["refresh"], 2, 1, 2),
            (["refresh"], 0, 0, 0),
            (["refresh", "--all"], 2, 1, 0),
        ):
            assert await run(*words) == 0
            assert capsys.readouterr().out.splitlines() == [
                f"Feeds asked: {asked}, of which failed: {failed}.",
                f"New entries: {new}, of which became articles somebody reads: 0.",
            ]


class Terminal(io.StringIO):
    """Takes what is shown to somebody who sits before it."""

    def isatty(self):
        return True


async def test_on_a_terminal_the_progress_of_a_refresh_is_shown(web, set_up, monkeypatch):
    good = web.add("/feed", rss("Quay", ("a", ""), ("b", "")))
    async with Web("::1") as other:
        set_up(feeds=f"{good},{other.url('/gone')}", allow_local=f"{web.at},{other.at}")
        await asyncio.to_thread(main, ["db", "upgrade"])
        shown = Terminal()
        monkeypatch.setattr(sys, "stderr", shown)
        assert await run("refresh") == 0
    *_, feeds = (line for line in shown.getvalue().split("\r") if line.startswith("feeds"))
    assert feeds.startswith("feeds: 100%")
    assert " 2/2 " in feeds
    assert "INFO" not in shown.getvalue()


async def test_elsewhere_no_progress_is_shown(web, capsys):
    url = web.add("/feed", rss("Quay", ("a", "")))
    assert await run("check", url) == 0
    assert "feeds:" not in capsys.readouterr().err

"""``daybrief feeds``: check feeds from the command line, or refresh them."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm

from bot.assembly import (
    WORKER_IMPORTS,
    make_gathering,
    open_feed_reader,
    open_feeds,
    open_fetcher,
    open_store,
)
from bot.clock.system import SystemClock
from bot.gather.catalogue.sources import load_sources
from bot.gather.polling.feed_reader import FeedReader
from bot.gather.polling.policy import FeedState
from bot.gather.values import Listing
from bot.reasons import Reason
from bot.settings import Settings
from bot.store.refresh_progress import RefreshProgress
from bot.texts import explain, texts_for
from bot.workers import Workers

__all__ = ["add_feed_commands"]

# How often the progress of a refresh is shown.
_TELL_EVERY_S = 0.5
_SHOWN_ENTRIES = 10


def add_feed_commands(feeds: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add the actions ``check`` and ``refresh`` to ``feeds``; each sets its ``command``.

    ``command`` is called with the settings and the parsed options, and returns a coroutine of the
    exit code. ``common`` holds the options that every action has. To be called once for a
    parser: argparse ends the program at a second call.
    """
    actions = feeds.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        parents=[common],
        help="read feeds once and say what they hold; without URL, the whole catalogue",
    )
    check.add_argument("urls", nargs="*", metavar="URL")
    check.set_defaults(command=_check)
    refresh = actions.add_parser(
        "refresh", parents=[common], help="read what is new in the feeds that are due"
    )
    refresh.add_argument("--all", action="store_true", help="ask every feed, due or not")
    refresh.set_defaults(command=_refresh)


async def _check(settings: Settings, options: argparse.Namespace) -> int:
    """Read each feed once, and print a line for it; 1 if one of them cannot be read."""
    urls = options.urls or [*settings.feeds, *(outlet.feed_url for outlet in load_sources())]
    async with open_feed_reader(settings) as reader:
        answers = [asyncio.create_task(_ask(reader, url)) for url in dict.fromkeys(urls)]
        failed = 0
        with _bar(len(answers), "feeds", "feed") as bar:
            for answer in asyncio.as_completed(answers):
                url, listing, error = await answer
                failed += listing is None
                bar.clear()
                for line in _said(url, listing, error, is_only=len(answers) == 1):
                    print(line, flush=True)
                bar.update()
    if len(answers) > 1:
        print(f"{len(answers) - failed} of {len(answers)} feeds can be read.")
    return 1 if failed else 0


async def _ask(reader: FeedReader, url: str) -> tuple[str, Listing | None, Reason | None]:
    outcome, listing = await reader.ask(FeedState(url=url))
    return url, listing, outcome.error


def _said(
    url: str, listing: Listing | None, error: Reason | None, *, is_only: bool
) -> Iterable[str]:
    if listing is None:
        yield f"✗ {url}: {explain(error, texts_for('en')) if error else ''}"
        return
    whole = sum(entry.complete for entry in listing.entries)
    yield f"✓ {url}: {listing.title}, {len(listing.entries)} entries, {whole} with full text"
    if is_only:
        for entry in listing.entries[:_SHOWN_ENTRIES]:
            yield f"  {entry.published_at or '(no date)'}  {entry.title}"


async def _refresh(settings: Settings, options: argparse.Namespace) -> int:
    """Refresh once, as the bot does by itself, and show the progress; the bot may run meanwhile."""
    clock = SystemClock()
    async with (
        open_store(settings, create=False) as store,
        open_fetcher(settings, store) as fetcher,
        Workers(imports=WORKER_IMPORTS, max_workers=settings.workers) as workers,
    ):
        gathering = make_gathering(store, fetcher, workers, clock)
        await open_feeds(gathering, settings)
        if options.all:
            await store.feeds.poll_now([], now=clock.now())
        before = await store.refresh_progress([], now=clock.now())
        with (
            _bar(before.due, "feeds", "feed") as feeds,
            _bar(before.waiting, "pages", "page", position=1) as pages,
        ):

            def tell(state: RefreshProgress) -> None:
                _move(feeds, left=state.due)
                _move(pages, left=state.waiting)

            if _is_seen():
                report = await gathering.refresh(report=tell, every_s=_TELL_EVERY_S)
            else:
                report = await gathering.refresh()
            after = await store.refresh_progress([], now=clock.now())
            tell(after)
    read = after.articles - before.articles
    print(f"Feeds asked: {report.polled}, of which failed: {report.failed}.")
    print(f"New entries: {report.entries}, of which became articles somebody reads: {read}.")
    return 0


def _bar(total: int, name: str, unit: str, position: int = 0) -> "tqdm[Any]":
    """Return a progress bar, which is shown on a terminal only; elsewhere there is the log."""
    if _is_seen():  # lines of the log would break it up
        logging.getLogger().setLevel(logging.WARNING)
    return tqdm(total=total, desc=name, unit=unit, position=position, disable=not _is_seen())


def _is_seen() -> bool:
    return sys.stderr.isatty()


def _move(bar: "tqdm[Any]", *, left: int) -> None:
    """Show how much is left, of what may have become more meanwhile."""
    bar.total = max(bar.total or 0, bar.n + left)
    bar.update(bar.total - left - bar.n)

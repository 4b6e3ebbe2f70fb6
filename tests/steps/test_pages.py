"""What becomes of one entry: read from the feed or from its page, tried again, or given up."""

from datetime import timedelta

import pytest

from bot.errors import Aborted, StoreUnavailable, Unforeseen
from bot.gather.http.robots import Robots
from bot.gather.pages.repeats import digest
from bot.steps.matching import Matching
from bot.steps.reading import Reading, ReadReport
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import ask, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import add_entries, add_feed, feed_entry, open_room
from tests.fakes.rss import page
from tests.fakes.web import Answer

HOUR, MINUTE, INSTANT = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
BODY = (
    "The ferry crosses twice a day, the port office said, and carries sixty people and nine "
    "lorries each way when the sea is calm enough for it.",
    "Half a million larches stand on the slopes above the river, where floods took the soil "
    "three summers ago and nothing but grass had come back since.",
)
FERRY = page("About ferry", *BODY)
ENTRY = "SELECT state, error, attempts FROM feed_entry ORDER BY id"
SHORT, TEASER = "x" * 79, "x" * 80
ROBOTS = "/robots.txt"


class Troubled(PatientWorkers):
    """Workers that raise ``error``, if it is set."""

    error = None

    async def run(self, function, /, *args, **kwargs):
        if self.error is not None:
            raise self.error
        return await super().run(function, *args, **kwargs)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def workers():
    return Troubled()


@pytest.fixture
async def reading(store, fetcher, clock, workers):
    """Reads for a reader of ferries."""
    await subscribe(store, await open_room(store), "q:ferry")
    matching = Matching(store, load_topics(), clock)
    await matching.load()
    return Reading(
        store,
        fetcher=fetcher,
        robots=Robots(fetcher, clock=clock),
        workers=workers,
        matching=matching,
        clock=clock,
    )


@pytest.fixture
def add_entry(store, web):
    """Let a feed list an entry of which nothing but the page tells all."""

    async def add_entry(guid="ferry", text="", *, complete=False, feed_id=0, **changes):
        feed_id = feed_id or await add_feed(store)
        entry = feed_entry(guid, text or "Short.", complete=complete)
        values = {name: getattr(entry, name) for name in entry.__slots__}
        values |= {"url": web.url(f"/{guid}")} | changes
        await add_entries(store, feed_id, type(entry)(**values))
        return feed_id

    return add_entry


async def articles(store):
    """Return the articles that all readers may see, oldest first."""
    return [stored.article for stored in await store.articles.since(START - 100 * HOUR)]


async def matches(store):
    """Return the keys that are not the catalogue's, by article."""
    query = "SELECT article_id, key FROM article_match WHERE key LIKE '%:%' ORDER BY 1, 2"
    return await ask(store, query)


async def test_what_the_feed_brought_whole_is_not_asked_for(store, reading, add_entry, web):
    await add_entry(text=BODY[0], complete=True, url=f"{web.url('/ferry')}?utm_source=feed#top")
    assert await reading.read() == ReadReport(articles=1, failed=0)
    assert web.requests == []
    (article,) = await articles(store)
    assert (article.url, article.title, article.text) == (web.url("/ferry"), "About ferry", BODY[0])
    assert (article.language, article.source) == ("en", "Harbour Post")
    assert (article.published_at, article.seen_at) == (START, START)
    assert await ask(store, "SELECT state, text, article_id FROM feed_entry") == [("done", "", 1)]
    assert await matches(store) == [(1, "q:ferry")]


async def test_what_it_did_not_is_read_from_its_page_once_robots_allow(
    store, reading, add_entry, web
):
    await add_entry(published_at=None)
    web.add("/ferry", page("Another title", *BODY))
    assert await reading.read() == ReadReport(articles=1, failed=0)
    assert web.paths() == [ROBOTS, "/ferry"]
    (article,) = await articles(store)
    assert article.title == "About ferry"  # the feed's
    assert article.text == "\n".join(BODY)
    assert (article.published_at, article.seen_at) == (None, START)
    assert await ask(store, ENTRY) == [("done", "", 1)]


async def test_an_entry_without_a_title_bears_that_of_its_page(store, reading, add_entry, web):
    await add_entry(title="")
    web.add("/ferry", FERRY)
    await reading.read()
    assert [article.title for article in await articles(store)] == ["About ferry"]


async def test_the_address_where_a_page_was_found_is_its_own(store, reading, add_entry, web):
    claim = f'<link rel="canonical" href="{web.url("/2025/ferry")}">'
    await add_entry()
    web.redirect("/ferry", web.url("/moved"))
    web.add("/moved", page("Ferry", *BODY, head=claim))
    await add_entry("dam", feed_id=1)
    web.redirect("/dam", web.url("/here?utm_source=x"))
    web.add("/here", page("Dam", *BODY))
    await reading.read()
    assert sorted(article.url for article in await articles(store)) == [
        web.url("/here"),
        web.url("/moved"),
    ]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({ROBOTS: "User-agent: *\nDisallow: /", "/ferry": FERRY}, "robots-excluded"),
        ({}, 'page-status {"status": 404}'),
        ({"/ferry": 403}, 'page-status {"status": 403}'),
        ({"/ferry": page("Ferry", "Gone.")}, "no-article"),
    ],
)
@pytest.mark.parametrize(
    ("teaser", "stands_in"),
    [(SHORT, False), (TEASER, True), ("渡" * 39 + "x", False), ("渡" * 40, True)],
    ids=["79", "80", "39 ideographs", "40 ideographs"],
)
async def test_where_a_page_gives_no_article_a_long_teaser_stands_in_for_it(  # noqa: PLR0917
    store, reading, add_entry, web, answers, reason, teaser, stands_in
):
    """Behind the title alone where it is short, and neither where there is no page."""
    is_told = stands_in or "404" not in reason
    await add_entry(text=teaser)
    for path, body in answers.items():
        if isinstance(body, int):
            web.add(path, status=body)
        else:
            web.add(path, body)
    report = await reading.read()
    assert report == ReadReport(articles=int(is_told), failed=int(not is_told))
    state = ("done", "") if is_told else ("failed", reason)
    assert await ask(store, ENTRY) == [(*state, 1)]
    told = teaser if stands_in else ""
    assert [article.text for article in await articles(store)] == [told] * is_told
    assert ("/ferry" in web.paths()) is (reason != "robots-excluded")


async def test_a_column_that_the_feed_brought_whole_is_known_by_address_and_title(
    store, reading, add_entry, web
):
    url = web.url("/opinion/ferry")
    await add_entry(text=BODY[0], complete=True, url=url, title="Opinion: the ferry must stay")
    await reading.read()
    assert [article.kind for article in await articles(store)] == ["opinion"]


WALL = (
    "<html><body><main><h1>Log in</h1><p>Please log in to your account to go on reading this "
    "page. If you have no account yet, you can register on our site; it is free.</p><p>If you "
    "forgot your password, click the link below and we send you an e-mail.</p></main></body></html>"
)


@pytest.mark.parametrize("body", [WALL, FERRY], ids=["a wall", "another article"])
@pytest.mark.parametrize("teaser", [SHORT, TEASER], ids=["title", "teaser"])
async def test_what_stands_in_an_articles_place_is_not_told_under_its_headline(  # noqa: PLR0917
    store, reading, add_entry, web, body, teaser
):
    await add_entry(title="Parliament in Velt lowers taxes on small farms", text=teaser)
    web.add("/ferry", body)
    assert await reading.read() == ReadReport(articles=1, failed=0)
    (article,) = await articles(store)
    assert article.title == "Parliament in Velt lowers taxes on small farms"
    assert article.text == (teaser if teaser == TEASER else "")


@pytest.mark.parametrize(
    ("status", "hours", "told"), [(410, 0, 0), (404, 25, 0), (404, 23, 1), (403, 25, 1)]
)
async def test_a_page_that_is_gone_is_not_told_from_its_teaser(  # noqa: PLR0917
    store, reading, add_entry, web, clock, status, hours, told
):
    await add_entry(text=TEASER)
    clock.advance(hours * HOUR)
    web.add("/ferry", status=status)
    assert await reading.read() == ReadReport(articles=told, failed=1 - told)


@pytest.mark.parametrize("teaser", [SHORT, TEASER], ids=len)
async def test_a_page_that_cannot_be_had_is_tried_four_times_with_longer_waits(  # noqa: PLR0917
    store, reading, add_entry, web, clock, teaser
):
    await add_entry(text=teaser)
    web.add("/ferry", status=500)
    said = 'http-status {"status": 500}'
    for attempt, wait in enumerate((5 * MINUTE, 30 * MINUTE, 2 * HOUR), 1):
        assert await reading.read() == ReadReport(articles=0, failed=1)
        assert await ask(store, ENTRY) == [("new", said, attempt)]
        clock.advance(wait - INSTANT)
        assert await reading.read() == ReadReport()
        clock.advance(INSTANT)
    stands_in = teaser == TEASER
    assert (await reading.read()).articles == stands_in
    assert await ask(store, ENTRY) == [("done", "", 4) if stands_in else ("failed", said, 4)]
    assert web.paths().count("/ferry") == 4


@pytest.mark.parametrize(
    ("asked_s", "wait"), [(299, 5 * MINUTE), (301, timedelta(seconds=301)), (7200, 2 * HOUR)]
)
async def test_a_host_that_names_a_longer_wait_gets_it(  # noqa: PLR0917
    store, reading, add_entry, web, clock, asked_s, wait
):
    await add_entry()
    busy = Answer(status=503, headers={"Retry-After": str(asked_s)})
    web.script("/ferry", [busy, Answer(FERRY.encode(), headers={"Content-Type": "text/html"})])
    await reading.read()
    clock.advance(wait - INSTANT)
    assert await reading.read() == ReadReport()
    clock.advance(INSTANT)
    assert await reading.read() == ReadReport(articles=1)


async def test_a_page_read_at_last_is_an_article(store, reading, add_entry, web, clock):
    await add_entry()
    web.add("/ferry", status=500)
    await reading.read()
    web.add("/ferry", FERRY)
    clock.advance(5 * MINUTE)
    assert await reading.read() == ReadReport(articles=1, failed=0)
    assert await ask(store, ENTRY) == [("done", "", 2)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Aborted("too-slow", seconds=5), 'too-slow {"seconds": 5}'),
        (Unforeseen("KeyError"), 'unforeseen {"kind": "KeyError"}'),
        (ValueError("words"), 'unforeseen {"kind": "ValueError"}'),
    ],
)
async def test_what_may_be_our_own_fault_is_tried_again_and_no_teaser_hides_it(  # noqa: PLR0917
    store, reading, add_entry, web, clock, workers, error, reason
):
    await add_entry(text=TEASER)
    web.add("/ferry", FERRY)
    workers.error = error
    assert await reading.read() == ReadReport(articles=0, failed=1)
    assert await ask(store, ENTRY) == [("new", reason, 1)]
    workers.error = None
    clock.advance(5 * MINUTE)
    assert await reading.read() == ReadReport(articles=1, failed=0)


async def test_a_page_that_others_led_to_is_known_and_not_asked_for(store, reading, add_entry, web):
    web.add("/ferry", FERRY)
    await add_entry()
    await reading.read()
    other = await add_feed(store, "https://harbour.example/other")
    await add_entry("again", feed_id=other, url=web.url("/ferry?utm_source=other"))
    web.requests.clear()
    assert (await reading.read()).failed == 0
    assert web.requests == []
    assert len(await articles(store)) == 1
    ends = await ask(store, "SELECT state, article_id FROM feed_entry")
    assert ends == [("done", 1), ("done", 1)]


async def test_a_readers_own_feed_is_read_for_them_alone(store, reading, add_entry, web):
    web.add("/ferry", FERRY)
    own = await add_feed(store, "https://own.example/feed", "feed:1", public=False)
    await add_entry(feed_id=own)
    assert await reading.read() == ReadReport(articles=1)
    assert await articles(store) == []
    assert await matches(store) == [(1, f"feed:{own}")]
    # What only they may see is not known to others: the page is read again, for all.
    public = await add_feed(store)
    await add_entry("public", feed_id=public, url=web.url("/ferry"))
    assert await reading.read() == ReadReport(articles=1)
    assert web.paths().count("/ferry") == 2
    assert len(await articles(store)) == 1
    assert await matches(store) == [(1, f"feed:{own}"), (1, "q:ferry")]


async def test_a_readers_own_feed_is_read_though_all_others_know_the_page(
    store, reading, add_entry, web
):
    web.add("/ferry", FERRY)
    await add_entry()
    await reading.read()
    own = await add_feed(store, "https://own.example/feed", "feed:2", public=False)
    await add_entry("own", feed_id=own, url=web.url("/ferry"))
    assert await reading.read() == ReadReport(articles=1)
    assert await matches(store) == [(1, f"feed:{own}"), (1, "q:ferry")]


async def test_a_page_that_is_listed_twice_is_asked_for_once_in_a_run(
    store, reading, add_entry, web
):
    web.add("/ferry", FERRY)
    feed = await add_entry()
    await add_entry("twin", feed_id=feed, url=web.url("/ferry"))
    assert (await reading.read()).failed == 0
    assert web.paths() == [ROBOTS, "/ferry"]
    assert [row[0] for row in await ask(store, ENTRY)] == ["done", "done"]


async def test_only_the_entries_of_the_feeds_asked_for_are_read(store, reading, add_entry):
    wanted = await add_feed(store, "https://a.example/feed", "energy")
    other = await add_feed(store, "https://b.example/feed", "culture")
    await add_entry("a", BODY[0], complete=True, feed_id=wanted)
    await add_entry("b", BODY[1], complete=True, feed_id=other)
    assert await reading.read(["energy"]) == ReadReport(articles=1)
    assert [article.title for article in await articles(store)] == ["About a"]
    assert await store.entries.pending_count() == 1


async def test_more_than_are_in_hand_at_once_are_read_in_one_run(store, reading):
    feed = await add_feed(store)
    await add_entries(store, feed, *(feed_entry(f"ferry {n}") for n in range(70)))
    assert await reading.read() == ReadReport(articles=70, failed=0)
    assert len({article.title for article in await articles(store)}) == 70


CALL = "Did you see it happen? Our desk on the quay is open day and night."
EDGE = "e" * 200  # the longest line that may be furniture
LONG = "l" * 201


async def test_lines_that_an_outlet_repeats_are_learned_with_the_third_article(
    store, reading, add_entry, clock
):
    feed = await add_feed(store)
    texts = []
    for number in range(1, 5):
        own = f"Story {number}. " * 80
        text = "\n".join((own, CALL, EDGE, LONG))
        await add_entry(str(number), text, complete=True, feed_id=feed)
        await reading.read()
        clock.advance(HOUR)
        texts.append((await articles(store))[-1].text.split("\n")[1:])
    whole = [CALL, EDGE, LONG]
    assert texts == [whole, whole, [LONG], [LONG]]
    seen = await ask(store, "SELECT DISTINCT seen_at FROM furniture")
    assert [str(row[0])[11:16] for row in seen] == ["08:30"]  # with the last article


async def test_a_line_that_was_learned_before_is_left_out_of_a_single_article(
    store, reading, add_entry
):
    await store.furniture.learn("Harbour Post", [digest(CALL)], now=START)
    own = "Story 1. " * 80
    await add_entry(text=f"{own}\n{CALL}\n{EDGE}", complete=True)
    await reading.read()
    assert [article.text for article in await articles(store)] == [f"{own}\n{EDGE}"]


async def test_what_a_readers_own_feed_repeats_is_left_as_it_is(store, reading, add_entry):
    own = await add_feed(store, "https://own.example/feed", "feed:1", public=False)
    for number in range(4):
        text = f"Story {number}. " * 80 + f"\n{CALL}"
        await add_entry(str(number), text, complete=True, feed_id=own)
        await reading.read()
    found = await store.articles.since(START, public=False)
    assert [stored.article.text.endswith(CALL) for stored in found] == [True] * 4
    assert await store.furniture.of("Harbour Post") == frozenset()


async def test_a_database_that_is_away_leaves_entries_as_they_were(
    store, reading, add_entry, monkeypatch
):
    await add_entry(complete=True)

    async def away(*_args, **_fields):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(store.articles, "save", away)
    with pytest.raises(ExceptionGroup) as raised:
        await reading.read()
    assert raised.group_contains(StoreUnavailable)
    assert await ask(store, ENTRY) == [("new", "", 0)]
    monkeypatch.undo()
    assert await reading.read() == ReadReport(articles=1)

"""What /subscribe does with a web address: which feed it takes, what it says without one."""

import asyncio

import pytest

from bot.commands import PATIENCE_S
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import StoreUnavailable
from bot.reasons import Reason
from bot.send import telegram_address
from tests.fakes.conversation import reasoned, room_of, subscribed, tap

RSS = "application/rss+xml"


def rss(title="Quay", count=2):
    items = "".join(
        f"<item><title>Pier {n}</title><link>/{n}</link><guid>{n}</guid></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def page(*hrefs):
    links = "".join(f'<link rel="alternate" type="{RSS}" href="{href}">' for href in hrefs)
    return f"<html><head>{links}</head><body>A page.</body></html>"


async def feed_of(house, chat_id=1):
    """Return the stored feed behind the only subscription of a chat."""
    ((key, _),) = await subscribed(house, chat_id)
    found = await house.app.store.feeds.get(SubscriptionKey(key).feed_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("count", "note"), [(0, "0 articles"), (1, "1 article"), (2, "2 articles")]
)
async def test_a_feed_is_subscribed_to_by_its_title_and_says_what_it_holds(house, count, note):
    url = house.web.add("/feed", rss(count=count), content_type=RSS)
    (answer,) = await house.say(f"/subscribe {url}")
    assert answer.splitlines()[0] == f"Subscribed to Quay ({note} so far)."
    ((key, label),) = await subscribed(house)
    assert label == "Quay"
    assert SubscriptionKey(key).kind is SubscriptionKind.FEED
    feed = await feed_of(house)
    assert (feed.url, feed.source, feed.public) == (url, "Quay", False)


async def test_it_is_polled_for_its_reader_and_not_for_everybody(house):
    url = house.web.add("/feed", rss(), content_type=RSS)
    await house.say(f"/subscribe {url}")
    ((key, _),) = await subscribed(house)
    now = house.clock.now()
    assert (await house.app.store.refresh_progress([key], now=now)).sources == 1
    assert (await house.app.store.refresh_progress(["climate"], now=now)).sources == 0
    assert await house.app.store.feeds.next_poll_at() == now


async def test_a_feed_without_a_title_goes_by_its_address(house):
    url = house.web.add("/feed", rss(title=""), content_type=RSS)
    (answer,) = await house.say(f"/subscribe {url}")
    assert answer.splitlines()[0] == f"Subscribed to {url} (2 articles so far)."
    assert (await feed_of(house)).source == url


async def test_a_feed_that_moved_is_stored_where_it_is_now(house):
    house.web.add("/new", rss(), content_type=RSS)
    await house.say(f"/subscribe {house.web.redirect('/old', '/new')}")
    assert (await feed_of(house)).url == house.web.url("/new")


async def test_two_readers_of_an_address_share_one_feed(house):
    url = house.web.add("/feed", rss(), content_type=RSS)
    await house.say(f"/subscribe {url}", 1)
    await house.say(f"/subscribe {url}", 2)
    assert await subscribed(house, 1) == await subscribed(house, 2)
    (again,) = await house.say(f"/subscribe {url}", 1)
    assert again.splitlines()[0] == "You read Quay already."


async def test_several_addresses_are_each_subscribed_to(house):
    first = house.web.add("/first", rss("Quay"), content_type=RSS)
    second = house.web.add("/second", rss("Pier", 1), content_type=RSS)
    (answer,) = await house.say(f"/subscribe {first} {second}")
    assert answer.splitlines()[0] == (
        "Subscribed to Quay (2 articles so far) and Pier (1 article so far)."
    )
    await tap(house, "Undo")
    assert await subscribed(house) == []


async def test_if_one_of_several_addresses_has_no_feed_none_is_subscribed_to(house):
    first = house.web.add("/first", rss(), content_type=RSS)
    (answer,) = await house.say(f"/subscribe {first} {house.web.url('/gone')}")
    status = Reason("http-status", {"status": 404})
    assert answer == reasoned("no-feed-there", address=house.web.url("/gone"), reason=status)
    assert await subscribed(house) == []


async def test_of_a_page_the_first_feed_that_can_be_read_is_taken(house):
    house.web.add("/broken", "no feed")
    house.web.add("/good", rss("Good"), content_type=RSS)
    house.web.add("/later", rss("Later"), content_type=RSS)
    url = house.web.add("/site", page("/broken", "/gone", "/good", "/later"))
    await house.say(f"/subscribe {url}")
    assert (await feed_of(house)).url == house.web.url("/good")
    assert house.web.paths() == ["/site", "/broken", "/gone", "/good"]


async def test_no_more_than_four_feeds_of_a_page_are_looked_at(house):
    house.web.add("/good", rss("Good"), content_type=RSS)
    four = house.web.add("/four", page("/a", "/b", "/c", "/good"))
    five = house.web.add("/five", page("/a", "/b", "/c", "/d", "/good"))
    (answer,) = await house.say(f"/subscribe {five}")
    assert answer == reasoned("no-feed-there", address=five, reason=Reason("no-feed-linked"))
    await house.say(f"/subscribe {four}")
    assert (await feed_of(house)).url == house.web.url("/good")


async def test_a_page_whose_feed_is_busy_is_not_said_to_have_none(house):
    house.web.add("/busy", status=503)
    url = house.web.add("/site", page("/busy", "/gone"))
    (answer,) = await house.say(f"/subscribe {url}")
    assert "503" in answer
    assert answer != reasoned("no-feed-there", address=url, reason=Reason("no-feed-linked"))


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/page", "<html><body>No feed.</body></html>", 200, Reason("no-feed-linked")),
        ("/gone", "", 410, Reason("http-status", {"status": 410})),
        ("/empty", "", 204, Reason("http-status", {"status": 204})),
    ],
)
async def test_an_address_without_a_feed_is_refused_with_the_reason(
    house, path, body, status, reason
):
    url = house.web.add(path, body, status=status)
    assert await house.say(f"/subscribe {url}") == [
        reasoned("no-feed-there", address=url, reason=reason)
    ]
    assert await subscribed(house) == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("ftp://quay.example/feed", Reason("other-scheme")),
        ("file:///etc/passwd", Reason("other-scheme")),
        ("http://10.0.0.1/feed", Reason("no-public-address")),
        ("https://quay.example:99999/", Reason("no-such-port")),
        ("https://reader:secret@quay.example/", Reason("link-with-password")),
    ],
)
async def test_an_address_that_is_not_opened_is_refused_as_it_was_typed(house, typed, reason):
    (answer,) = await house.say(f"/subscribe {typed}")
    assert answer == reasoned("no-feed-there", address=typed, reason=reason)


async def test_a_database_that_does_not_answer_is_not_told_as_an_address_without_a_feed(
    house, monkeypatch
):
    url = house.web.add("/feed", rss(), content_type=RSS)
    await house.say("/topics")

    async def broken(*_args, **_named):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(house.app.store.feeds, "add", broken)
    dispatcher = house.app.dispatcher
    request = await dispatcher.request(
        telegram_address(1), kind="private", language="en", update_id=9
    )
    with pytest.raises(StoreUnavailable):
        await dispatcher.use_cases.subscriptions.subscribe(request, url)


async def test_a_long_address_is_cut_where_it_is_repeated(house):
    url = house.web.url("/" + "x" * 200)
    (answer,) = await house.say(f"/subscribe {url}")
    status = Reason("http-status", {"status": 404})
    assert answer == reasoned("no-feed-there", address=url[:100], reason=status)


async def test_words_with_a_dot_and_no_path_are_own_words(house):
    await house.say("/subscribe node.js ferry")
    ((key, _),) = await subscribed(house)
    assert SubscriptionKey(key).kind is SubscriptionKind.QUERY
    assert house.web.paths() == []


async def test_the_feed_of_the_last_reader_goes_with_them(house):
    url = house.web.add("/feed", rss(), content_type=RSS)
    await house.say(f"/subscribe {url}")
    feed_id = (await feed_of(house)).id
    await house.say("/unsubscribe Quay")
    assert await house.app.store.feeds.get(feed_id) is None
    assert (await room_of(house)).id


@pytest.fixture
def hurry(monkeypatch):
    """Leave addresses half a second to answer."""
    monkeypatch.setattr("bot.commands.addition_finder._ANSWER_S", PATIENCE_S - 0.5)


@pytest.mark.usefixtures("hurry")
async def test_of_slow_addresses_what_was_found_is_subscribed_to(house):
    good = house.web.add("/feed", rss(), content_type=RSS)

    async def hang(_request):
        await asyncio.sleep(30)

    slow = house.web.serve("/slow", hang)
    (answer,) = await house.say(f"/subscribe {good} {slow}")
    assert answer.startswith("Subscribed to Quay")
    assert f"No answer in time from {slow}" in answer
    assert [label for _, label in await subscribed(house)] == ["Quay"]


@pytest.mark.usefixtures("hurry")
async def test_slow_addresses_alone_are_said_not_to_answer(house):
    async def hang(_request):
        await asyncio.sleep(30)

    slow = house.web.serve("/slow", hang)
    (answer,) = await house.say(f"/subscribe {slow}")
    assert "did not answer in time" in answer
    assert await subscribed(house) == []

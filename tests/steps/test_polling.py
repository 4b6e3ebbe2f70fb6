"""From feeds to entries, with the whole bot around it."""

from datetime import timedelta

import pytest

from bot.reasons import Reason
from tests.fakes.house import open_house

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def sitemap(house, *names: str) -> str:
    urls = "".join(
        f"<url><loc>{house.web.url(f'/{name}')}</loc><news:news>"
        "<news:publication><news:name>Quay</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2025-06-04T07:00:00Z</news:publication_date>"
        f"<news:title>North Korea {name}</news:title></news:news></url>"
        for name in names
    )
    return f"<urlset {NAMESPACES}>{urls}</urlset>"


def index(house, *paths: str) -> str:
    listed = "".join(f"<sitemap><loc>{house.web.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex {NAMESPACES}>{listed}</sitemapindex>"


@pytest.fixture
async def house(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, feeds=("/index.xml",)) as house:
        await house.say("/subscribe north-korea")
        house.web.requests.clear()
        yield house


async def test_an_index_of_sitemaps_brings_what_its_newest_list(house):
    house.web.add("/index.xml", index(house, "/a.xml", "/pages.xml", "/gone.xml", "/old.xml"))
    house.web.add("/a.xml", sitemap(house, "opens a ferry", "plants a forest"))
    house.web.add("/pages.xml", "<urlset><url><loc>http://a.example/</loc></url></urlset>")
    await house.refresh()
    assert house.web.paths()[:4] == ["/index.xml", "/a.xml", "/pages.xml", "/gone.xml"]
    assert "/old.xml" not in house.web.paths()
    assert await house.app.store.feeds.failing(["north-korea"]) == []
    pages = [path for path in house.web.paths() if path.endswith(("ferry", "forest"))]
    assert len(pages) == 2
    house.web.requests.clear()
    # The index says nothing new, but one of its sitemaps does.
    house.web.add("/a.xml", sitemap(house, "opens a ferry", "counts its cranes"))
    await house.refresh()
    assert [path for path in house.web.paths() if "xml" not in path] == ["/counts%20its%20cranes"]


async def test_an_index_of_sitemaps_may_be_a_readers_own(house):
    house.web.add("/sitemaps.xml", index(house, "/a.xml"))
    house.web.add("/a.xml", sitemap(house, "opens a ferry", "plants a forest"))
    (answer,) = await house.say(f"/subscribe {house.web.url('/sitemaps.xml')}", 2)
    assert "Subscribed to Quay (2 articles so far)" in answer


async def test_an_index_without_news_is_told(house):
    house.web.add("/index.xml", index(house, "/pages.xml"))
    house.web.add("/pages.xml", "<urlset><url><loc>http://a.example/</loc></url></urlset>")
    await house.refresh()
    (failing,) = await house.app.store.feeds.failing(["north-korea"])
    assert failing.error == Reason("sitemaps-without-news")


async def test_what_a_feed_goes_on_listing_is_known_though_its_entries_are_forgotten(house):
    house.web.add("/index.xml", sitemap(house, "opens a ferry", "plants a forest"))
    await house.refresh()
    house.web.add("/index.xml", status=304)
    await house.refresh()
    house.web.add("/index.xml", status=500)
    await house.refresh()
    later = house.clock.now() + timedelta(days=1)
    await house.app.store.entries.purge(later, idle_before=later)
    house.web.requests.clear()
    house.web.add("/index.xml", sitemap(house, "counts its cranes", "opens a ferry"))
    await house.refresh()
    assert house.web.paths() == ["/index.xml", "/counts%20its%20cranes"]


def feed_of(house, ages: dict[str, int]) -> str:
    """Return a feed whose entries are so many days old."""
    items = "".join(
        f"<item><title>North Korea {name}</title><link>{house.web.url(f'/{name}')}</link>"
        f"<pubDate>{(house.clock.now() - timedelta(days=days)).isoformat()}</pubDate></item>"
        for name, days in ages.items()
    )
    return f'<rss version="2.0"><channel><title>Quay</title>{items}</channel></rss>'


async def test_a_first_reading_brings_a_week_and_no_later_one_the_archive(house):
    ages = {"ferry": 1, "forest": 6, "dam": 20, "cranes": 900}
    house.web.add("/index.xml", feed_of(house, ages))
    await house.refresh()
    assert {"/ferry", "/forest"} <= set(house.web.paths())
    assert not {"/dam", "/cranes"} & set(house.web.paths())
    house.clock.advance(timedelta(hours=2))
    house.web.requests.clear()
    house.web.add("/index.xml", feed_of(house, {"boats": 0, "old boats": 30, **ages}))
    await house.refresh()
    # What a feed lists later it means to tell, whatever its date.
    assert {"/boats", "/old%20boats"} <= set(house.web.paths())
    assert not {"/dam", "/cranes"} & set(house.web.paths())


async def test_a_site_without_news_brings_its_latest_and_says_so(house):
    url = house.web.add("/quiet", feed_of(house, {"a": 21, "b": 30, "c": 40, "d": 500}))
    (answer,) = await house.say(f"/subscribe {url}", 2)
    assert "Subscribed to Quay (3 articles so far, latest: 3 weeks ago)" in answer
    await house.refresh()
    assert "/d" not in house.web.paths()
    assert {"/a", "/b", "/c"} <= set(house.web.paths())

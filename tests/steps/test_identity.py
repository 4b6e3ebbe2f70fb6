"""One article, one identity: its own address, whatever its page claims."""

import pytest
from sqlalchemy import update

from bot.gather.http.earlier_keys import earlier_page_key
from bot.store.tables import article
from tests.fakes.clock import START
from tests.fakes.editions import ask
from tests.fakes.house import open_house

FERRY = (
    "The ferry crosses twice a day, the port office of North Korea said, and carries sixty people "
    "and nine lorries each way when the sea is calm enough for it, which is often.",
    "It was built in the yards of Wonsan, where two hundred welders worked on it for three "
    "winters and one long summer, and where a second one is on the slip already.",
)
LARCHES = (
    "Half a million larches stand on the slopes above the river in North Korea, where floods took "
    "the soil three summers ago and nothing but grass had come back since.",
    "The seedlings came by train from the north, and school classes of four districts planted "
    "them by hand in the first two weeks of April, before the rain.",
)
TITLES = ("North Korea opens a ferry line", "North Korea plants half a million larches")


@pytest.fixture
async def house(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, feeds=("/feed", "/second")) as house:
        await house.say("/subscribe north-korea")
        yield house


def page(title, lines, head=""):
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}"
        "</article></body></html>"
    )


def feed(*items, name="Quay"):
    listed = "".join(
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item>"
        for title, url in items
    )
    return f'<rss version="2.0"><channel><title>{name}</title>{listed}</channel></rss>'


def serve(house, path, *items, **options):
    house.web.add(path, feed(*items, **options), content_type="application/rss+xml")


async def read(house):
    await house.refresh()
    return [stored.article for stored in await house.app.store.articles.since(START)]


def claims(url):
    return f'<link rel="canonical" href="{url}">'


async def test_two_articles_that_claim_one_address_stay_two(house):
    hub = claims(house.web.url("/2025/06/04/what-happened-today"))
    pages = [
        house.web.add(f"/2025/06/04/{n}", page(title, lines, hub))
        for n, (title, lines) in enumerate(zip(TITLES, (FERRY, LARCHES), strict=True))
    ]
    serve(house, "/feed", *zip(TITLES, pages, strict=True))
    articles = await read(house)
    assert {article.url for article in articles} == set(pages)


async def test_a_page_and_its_copy_under_another_address_are_one(house):
    whole = house.web.add("/2025/06/04/ferry", page(TITLES[0], FERRY))
    print_ = house.web.add("/print/2025-ferry", page(f"{TITLES[0]} (print)", FERRY, claims(whole)))
    serve(house, "/feed", (TITLES[0], whole))
    serve(house, "/second", (TITLES[0], print_), name="Quay for the eyes")
    (article,) = await read(house)
    assert article.url in {whole, print_}
    keys = await ask(house.app.store, "SELECT count(*) FROM article_key WHERE NOT claimed")
    assert keys == [(1,)]  # that of the copy, beside the article's own


async def test_a_new_title_under_the_same_address_is_the_same_article(house):
    url = house.web.add("/2025/06/04/ferry", page(TITLES[0], FERRY))
    serve(house, "/feed", (TITLES[0], url))
    assert len(await read(house)) == 1
    serve(house, "/second", ("North Korea: new ferry sails", f"{url}?utm_source=x"))
    assert len(await read(house)) == 1


async def test_a_link_is_shown_as_it_was_published(house):
    url = house.web.add("/story.php", page(TITLES[0], FERRY)) + "?20250604&b=caf%e9;a=%20"
    serve(house, "/feed", (TITLES[0], f"{url}&utm_source=rss".replace("&", "&amp;")))
    (article,) = await read(house)
    assert article.url == url


async def test_an_article_stored_under_a_key_of_before_is_known(house):
    page_url = house.web.add("/2025/06/04/ferry", page(TITLES[0], FERRY))
    url = f"{page_url}?b=1;c=2&source=rss&a=caf%e9"
    serve(house, "/feed", (TITLES[0], url.replace("&", "&amp;")))
    assert len(await read(house)) == 1
    store = house.app.store
    async with store.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM article_key")
        key = f"schema-3:{earlier_page_key(url)}"
        await connection.execute(update(article).values(page_key=key))
    asked = len(house.web.paths())
    serve(house, "/second", (TITLES[0], f"{url}&utm_medium=feed".replace("&", "&amp;")))
    assert len(await read(house)) == 1
    assert [path for path in house.web.paths()[asked:] if "ferry" in path] == []


async def test_two_outlets_on_one_host_are_two(house):
    first = house.web.add("/a/2025-1", page(TITLES[0], FERRY))
    second = house.web.add("/b/2025-2", page(TITLES[1], LARCHES))
    serve(house, "/feed", (TITLES[0], first), name="Harbour Post")
    serve(house, "/second", (TITLES[1], second), name="World | Valley Times")
    articles = await read(house)
    assert {article.source for article in articles} == {"Harbour Post", "Valley Times"}
    assert len({article.outlet for article in articles}) == 2


async def test_furniture_is_the_outlets_whatever_it_is_called(house):
    url = house.web.add("/2025/06/04/ferry", page(TITLES[0], FERRY))
    serve(house, "/feed", (TITLES[0], url))
    (article,) = await read(house)
    store = house.app.store
    await store.furniture.learn(article.outlet, ["x"], now=START)
    await store.outlets.learn([(article.outlet, "The Quay Post", 4)])
    (article,) = await read(house)
    assert article.source == "The Quay Post"
    assert await store.furniture.of(article.outlet) == {"x"}

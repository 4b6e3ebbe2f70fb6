"""Which outlet an address is of, and what it is called."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.catalogue.outlets import Naming, OutletName, Outlets, load_outlets, outlet_id
from bot.gather.pages.outlet_names import resembles

OUTLETS = Outlets(
    [
        {"id": "quay-post", "name": "Quay Post", "at": ["quay.example/news", "feeds.quay.example"]},
        {
            "id": "quay-sport",
            "name": "Quay Sport",
            "at": ["quay.example/sport", "f.example/r?id=7"],
        },
        {"id": "pages", "name": "Pages", "at": ["pages.example"]},
    ]
)


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.quay.example/news/world/rss.xml", "quay-post"),
        ("http://m.quay.example/news", "quay-post"),
        ("https://feeds.quay.example/anything", "quay-post"),
        ("https://www.quay.example/sport/rss.xml?utm_source=x", "quay-sport"),
        ("https://f.example/r?id=7", "quay-sport"),
        ("https://f.example/r?id=8", "f.example"),
        ("https://www.quay.example/shop/rss", "quay.example"),
        ("https://www.quay.example/newsletter", "quay.example"),
        ("https://pages.example/feed", "pages"),
        ("https://pages.example/feed/@ann", "pages.example/@ann"),
        ("https://pages.example/~bob/rss.xml", "pages.example/~bob"),
        ("https://other.example/blogs/ann/feed", "other.example/blogs/ann"),
        ("https://other.example/blogs/feed.xml", "other.example"),
        ("https://rss.other.example/x", "other.example"),
        ("https://tube.example/videos.xml?channel_id=UC7", "tube.example/UC7"),
        ("tag:no.example,2026:1", ""),
        ("https://[broken", ""),
    ],
)
def test_an_address_is_of_one_outlet(url, outlet):
    assert OUTLETS.id_of(url) == outlet


def test_feeds_of_other_names_on_one_host_are_of_other_outlets():
    harbour = OUTLETS.id_of("http://127.0.0.1:8080/a.xml", "Harbour Post - World")
    again = OUTLETS.id_of("http://127.0.0.1:8080/b.xml", "Sport | Harbour Post")
    valley = OUTLETS.id_of("http://127.0.0.1:8080/c.xml", "Valley Times")
    assert harbour == again == "127.0.0.1:8080/harbour-post"
    assert valley == "127.0.0.1:8080/valley-times"


@pytest.mark.parametrize(
    ("url", "title", "name"),
    [
        ("https://www.quay.example/news/rss", "Whatever", "Quay Post"),
        ("https://hp.example/rss", "Harbour Post - News that matters", "Harbour Post"),
        ("https://hp.example/rss", "World news | Harbour Post", "Harbour Post"),
        ("https://hp.example/rss", "Latest: Harbour Post » Politics", "Harbour Post"),
        ("https://tree.example/rss", "Under the Oak", "Under the Oak"),
        ("https://tree.example/rss", "World: politics, crime and more", "tree.example"),
        ("https://tree.example/rss", "(A|B) and so on", "(A|B) and so on"),
        ("https://tree.example/rss", "RSS", "tree.example"),
        ("https://tree.example/rss", "World", "tree.example"),
        ("https://tree.example/rss", "Latest news - Technology", "tree.example"),
        ("https://tree.example/rss", "North Korea", "tree.example"),
        ("https://tree.example/rss", "", "tree.example"),
        ("https://medley.example/@ann", "Stories by Ann Ort on Medley", "medley.example/@ann"),
        ("https://medley.example/@ann", "Under the Oak - Medley", "Under the Oak"),
    ],
)
def test_a_feed_names_its_outlet_unless_it_only_names_itself(url, title, name):
    outlet = OUTLETS.id_of(url, title)
    assert OUTLETS.named_by_feed(outlet, url, title=title).name == name


def test_the_best_of_an_outlets_names_counts():
    url = "https://tree.example/rss"
    given = OUTLETS.named_by_feed("tree.example", url, title="Oak", given="The Tree")
    assert given == OutletName("tree.example", "The Tree", Naming.PAGE)
    for address in ("tree.example", "Tree.example", url):
        host = OUTLETS.named_by_feed("tree.example", url, title="Oak", given=address)
        assert host == OutletName("tree.example", "Oak", Naming.FEED)
    assert Naming.HOST < Naming.FEED < Naming.PAGE < Naming.CATALOGUE


@pytest.mark.parametrize(
    ("outlet", "name", "is_better"),
    [
        ("tree.example", "The Tree", True),
        ("tree.example", "World Press Agency", False),  # whose report it is
        ("tree.example", "tree.example", False),
        ("tree.example/@ann", "The Tree", False),  # the host's, not the author's
        ("quay-post", "Tree Post", False),  # the catalogue knows better
        ("tree.example", "", False),
    ],
)
def test_a_page_names_its_outlet_where_the_name_is_the_hosts(outlet, name, is_better):
    found = OUTLETS.named_by_page(outlet, "https://www.tree.example/a", name)
    assert (found == OutletName(outlet, name, Naming.PAGE)) is is_better


@pytest.mark.parametrize(
    ("name", "url", "does"),
    [
        ("The Detroit News", "https://www.detroitnews.com/a", True),
        ("Wall Street Journal", "https://wsj.com", True),
        ("San Antonio Express-News", "https://www.expressnews.com/", True),
        ("Café Zürich", "https://cafezurich.ch", True),
        ("Associated Press", "https://www.ctpost.com/", False),
        ("Ann's Notes", "https://anns.pages.example/", True),
        ("A", "https://feeds.ctpost.com/", False),
        ("", "https://www.ctpost.com/", False),
        ("Quay", "", False),
        ("Quay", "http://[", False),
    ],
)
def test_a_name_resembles_its_host(name, url, does):
    assert resembles(name, url) is does


def test_the_catalogue_is_sound():
    text = resources.files("bot.gather.catalogue").joinpath("outlets.json").read_text("utf-8")
    rows = json.loads(text)
    assert len(load_outlets()) == len(rows) > 3_000
    places = [place for row in rows for place in row["at"]]
    assert len(places) == len(set(places))
    assert all(row["at"] and row["name"].strip() == row["name"] for row in rows)
    for row in rows:
        assert outlet_id(f"https://{row['at'][0]}") == row["id"]
    assert len(text.encode()) < 700_000


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_address_and_title_are_of_an_outlet_or_none(address, title):
    for url in (address, f"https://h.example/{address}"):
        outlet = OUTLETS.id_of(url, title)
        assert OUTLETS.id_of(url, title) == outlet
        if outlet:
            assert OUTLETS.named_by_feed(outlet, url, title=title).name

"""What a browser and a reading program find on the newsroom's pages."""

import json
import re
from datetime import UTC, datetime, timedelta

import trafilatura
from lxml import html

from bot.tryout.newsroom import FEED_PATH, Newsroom, Outlet, SampleArticle, load_newsroom

BASE_URL = "http://127.0.0.1:8101"
MORNINGS = [datetime(2026, 3, 1, 6, 30, tzinfo=UTC) + timedelta(days=day) for day in range(7)]
NEWSROOM = load_newsroom()


def page(article: SampleArticle, *, mornings=MORNINGS) -> bytes:
    made = NEWSROOM.page(article.outlet, article.slug, base_url=BASE_URL, mornings=mornings)
    assert made is not None
    return made


def folded(text: str) -> str:
    return " ".join(text.split())


def test_every_page_says_sample_in_its_header_and_names_its_language():
    outlets = {outlet.slug: outlet for outlet in NEWSROOM.outlets}
    for article in NEWSROOM.articles:
        tree = html.fromstring(page(article))
        assert "SAMPLE" in tree.xpath("string(//header)")
        assert tree.get("lang") == outlets[article.outlet].language
        assert folded(tree.xpath("string(//h1)")) == article.title_on(MORNINGS)


def test_reading_a_page_gives_the_article_and_none_of_its_furniture():
    for article in NEWSROOM.articles:
        read = trafilatura.extract(page(article), favor_precision=True, include_comments=False)
        expected = [folded(paragraph) for paragraph in article.paragraphs]
        if article.dateline:
            expected[0] = f"{article.dateline} — {expected[0]}"
        assert [folded(line) for line in read.splitlines()] == expected, article.slug


def test_a_page_has_the_furniture_that_stands_around_news():
    article = next(article for article in NEWSROOM.articles if article.caption)
    tree = html.fromstring(page(article))
    for element in ("nav", "footer", "figure", "figcaption", "time", "aside"):
        assert tree.xpath(f"//{element}"), element
    assert tree.xpath("string(//figcaption)") == article.caption
    assert article.byline in tree.xpath("string(//*[@class='byline'])")
    assert len(tree.xpath("//aside[@class='related']//a")) >= 3


def test_every_language_has_its_own_furniture():
    notes = set()
    for language in ("en", "de", "es", "ko"):
        outlet = next(outlet for outlet in NEWSROOM.outlets if outlet.language == language)
        article = next(a for a in NEWSROOM.articles if a.outlet == outlet.slug)
        notes.add(html.fromstring(page(article)).xpath("string(//*[@class='sample-mark'])"))
    assert len(notes) == 4


def test_the_page_declares_its_article_for_machines():
    for article in NEWSROOM.articles:
        tree = html.fromstring(page(article))
        data = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
        assert data["@type"] == "NewsArticle"
        assert data["headline"] == article.title_on(MORNINGS)
        published_at = article.published_at(MORNINGS).replace(microsecond=0)
        assert datetime.fromisoformat(data["datePublished"]) == published_at
        assert data["mainEntityOfPage"] == f"{BASE_URL}/{article.slug}"


def test_no_placeholder_is_left_and_no_outside_address_is_named():
    for article in NEWSROOM.articles:
        text = page(article).decode()
        assert not re.search(r"\$[a-z_]+", text)
        addresses = re.findall(r"https?://[^\s\"'<]+", text)
        assert {a for a in addresses if not a.startswith((BASE_URL, "https://schema.org"))} == set()


def test_related_stories_lead_to_pages_of_the_outlet_that_are_out():
    for article in NEWSROOM.articles:
        mornings = MORNINGS[: article.day + 1]
        tree = html.fromstring(page(article, mornings=mornings))
        for link in tree.xpath("//aside[@class='related']//a"):
            slug = link.get("href").removeprefix(f"{BASE_URL}/")
            assert slug != article.slug
            assert NEWSROOM.page(article.outlet, slug, base_url=BASE_URL, mornings=mornings)


def test_named_related_stories_come_first():
    article = next(a for a in NEWSROOM.articles if len(a.related) == 2)
    links = html.fromstring(page(article)).xpath("//aside[@class='related']//a/@href")
    assert links[:2] == [f"{BASE_URL}/{slug}" for slug in article.related]


def test_a_page_is_there_from_its_morning_on_and_only_at_its_outlet():
    article = next(article for article in NEWSROOM.articles if article.day == 3)
    other = next(o.slug for o in NEWSROOM.outlets if o.slug != article.outlet)

    def made(outlet: str, slug: str, mornings) -> bytes | None:
        return NEWSROOM.page(outlet, slug, base_url=BASE_URL, mornings=mornings)

    assert made(article.outlet, article.slug, MORNINGS[:3]) is None
    assert made(article.outlet, article.slug, MORNINGS[:4]) is not None
    assert made(other, article.slug, MORNINGS) is None
    assert made(article.outlet, "no-such-article", MORNINGS) is None
    assert made("no-such-paper", article.slug, MORNINGS) is None


def test_a_retitled_article_shows_its_new_title_from_that_morning_on():
    article = next(article for article in NEWSROOM.articles if article.retitled)
    day = article.retitled.day
    before = html.fromstring(page(article, mornings=MORNINGS[:day])).xpath("string(//h1)")
    after = html.fromstring(page(article, mornings=MORNINGS[: day + 1])).xpath("string(//h1)")
    assert (before, after) == (article.title, article.retitled.title)


def test_hostile_words_stay_words():
    hostile = '</script><script>alert("1")</script>&amp;<img src=x onerror=y>'
    outlet = Outlet(
        slug="o",
        name=hostile,
        tagline=hostile,
        country="ZZ",
        language="en",
        feed=NEWSROOM.outlets[0].feed,
        full_text=True,
        colour='red"><script>',
    )
    article = SampleArticle(
        slug="a",
        outlet="o",
        event="e",
        day=0,
        age_h=1,
        title=hostile,
        paragraphs=(hostile,) * 5,
        byline=hostile,
        dateline=hostile,
        caption=hostile,
    )
    room = Newsroom((outlet,), (article,), {"e": ()})
    for made in (
        room.page("o", "a", base_url=BASE_URL, mornings=MORNINGS),
        room.front("o", base_url=BASE_URL, mornings=MORNINGS),
    ):
        tree = html.fromstring(made)
        assert not tree.xpath("//img")
        assert all(s.get("type") == "application/ld+json" for s in tree.xpath("//script"))
        assert hostile in tree.xpath("string(//body)")


def test_the_front_page_lists_what_is_out_and_names_the_feed():
    outlet = NEWSROOM.outlets[0]
    made = NEWSROOM.front(outlet.slug, base_url=BASE_URL, mornings=MORNINGS[:2])
    tree = html.fromstring(made)
    feed = tree.xpath("//link[@rel='alternate']")[0]
    out = [a for a in NEWSROOM.articles if a.outlet == outlet.slug and a.day < 2]
    assert feed.get("href") == f"{BASE_URL}{FEED_PATH}"
    assert feed.get("type") == outlet.feed.content_type.partition(";")[0]
    assert len(tree.xpath("//main//a")) == len(out)
    assert "SAMPLE" in tree.xpath("string(//header)")


def test_an_unknown_outlet_has_no_front_page():
    assert NEWSROOM.front("no-such-paper", base_url=BASE_URL, mornings=MORNINGS) is None

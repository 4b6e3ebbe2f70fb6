"""What the newsroom's feeds list, and when."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import feedparser
import pytest

from bot.tryout.newsroom import (
    FEED_PATH,
    FeedFormat,
    Newsroom,
    Outlet,
    Retitled,
    SampleArticle,
    load_newsroom,
)

BASE_URL = "http://127.0.0.1:8101"
OPENED_AT = datetime(2026, 3, 1, 9, 12, 30, 500_000, tzinfo=UTC)
MORNINGS = [OPENED_AT, *(datetime(2026, 3, 1 + day, 6, 30, tzinfo=UTC) for day in range(1, 7))]
NEWSROOM = load_newsroom()


def outlet(kind: FeedFormat, *, full_text: bool) -> Outlet:
    return Outlet(
        slug="gazette",
        name="Smith & Sons <Gazette>",
        tagline="a < b & c",
        country="ZZ",
        language="en",
        feed=kind,
        full_text=full_text,
        colour="#123456",
    )


def article(slug: str = "rain", **changes) -> SampleArticle:
    fields = {
        "slug": slug,
        "outlet": "gazette",
        "event": "rain",
        "day": 0,
        "age_h": 2,
        "title": "Rain & <b>shine</b>",
        "paragraphs": ('It rained "a lot" & <i>hard</i>.', "It stopped."),
        "byline": "A & B",
    }
    return SampleArticle(**fields | changes)


def newsroom(*articles: SampleArticle, kind=FeedFormat.RSS, full_text=True) -> Newsroom:
    return Newsroom((outlet(kind, full_text=full_text),), articles, {"rain": ()})


def read(feed: bytes) -> list[dict]:
    """Return the entries of any of the three formats under common names."""
    if feed.startswith(b"{"):
        return [
            {
                "id": item["id"],
                "url": item["url"],
                "title": item["title"],
                "summary": item["summary"],
                "html": item.get("content_html", ""),
                "at": datetime.fromisoformat(item["date_published"]),
                "byline": item["authors"][0]["name"],
            }
            for item in json.loads(feed)["items"]
        ]
    parsed = feedparser.parse(feed)
    assert not parsed.bozo
    return [
        {
            "id": entry.id,
            "url": entry.link,
            "title": entry.title,
            "summary": entry.summary,
            "html": entry.content[0].value if "content" in entry else "",
            "at": datetime(*entry.published_parsed[:6], tzinfo=UTC),
            "byline": entry.author,
        }
        for entry in parsed.entries
    ]


@pytest.mark.parametrize("slug", [outlet.slug for outlet in NEWSROOM.outlets])
@pytest.mark.parametrize("count", [0, 1, 4, 7])
def test_a_feed_lists_what_is_out_newest_first(slug: str, count: int):
    mornings = MORNINGS[:count]
    entries = read(NEWSROOM.feed(slug, base_url=BASE_URL, mornings=mornings))
    out = [a for a in NEWSROOM.articles if a.outlet == slug and a.day < count]
    assert {entry["url"] for entry in entries} == {f"{BASE_URL}/{a.slug}" for a in out}
    assert len(entries) == len(out)
    assert [entry["at"] for entry in entries] == sorted(
        (entry["at"] for entry in entries), reverse=True
    )


def test_nothing_is_published_after_the_morning_it_is_read_on():
    for outlet in NEWSROOM.outlets:
        feed = NEWSROOM.feed(outlet.slug, base_url=BASE_URL, mornings=MORNINGS)
        assert all(entry["at"] < MORNINGS[-1] for entry in read(feed))


def test_mornings_past_the_week_bring_nothing_new():
    later = [*MORNINGS, MORNINGS[-1] + timedelta(days=1), MORNINGS[-1] + timedelta(days=2)]
    for outlet in NEWSROOM.outlets:
        feed = partial(NEWSROOM.feed, outlet.slug, base_url=BASE_URL)
        assert feed(mornings=later) == feed(mornings=MORNINGS)


def test_all_three_formats_occur_and_half_of_the_feeds_carry_whole_articles():
    assert {outlet.feed for outlet in NEWSROOM.outlets} == set(FeedFormat)
    full = sum(outlet.full_text for outlet in NEWSROOM.outlets)
    assert abs(2 * full - len(NEWSROOM.outlets)) <= 2


@pytest.mark.parametrize("kind", FeedFormat)
def test_markup_in_titles_and_texts_arrives_as_text(kind: FeedFormat):
    feed = newsroom(article(), kind=kind).feed("gazette", base_url=BASE_URL, mornings=MORNINGS[:1])
    entry = read(feed)[0]
    # feedparser reads an RSS title as markup, so titles are compared as they were sent.
    assert entry["byline"] == "A & B"
    assert '<p>It rained "a lot" &amp; &lt;i&gt;hard&lt;/i&gt;.</p>' in entry["html"]
    raw = feed.decode()
    if kind is FeedFormat.JSON:
        assert entry["title"] == "Rain & <b>shine</b>"
    else:
        assert "Rain &amp; &lt;b&gt;shine&lt;/b&gt;" in raw


@pytest.mark.parametrize("kind", FeedFormat)
def test_a_teaser_feed_carries_the_beginning_only(kind: FeedFormat):
    long = "The river rose again during the night. " * 10
    feed = newsroom(
        article(paragraphs=(long.strip(), "The end.")), kind=kind, full_text=False
    ).feed("gazette", base_url=BASE_URL, mornings=MORNINGS[:1])
    entry = read(feed)[0]
    assert entry["html"] == ""
    assert entry["summary"].endswith("…")
    assert long.startswith(entry["summary"][:-1])
    assert len(entry["summary"]) <= 181
    assert b"The end." not in feed


def test_dates_are_the_morning_less_the_age_in_whole_seconds():
    feed = newsroom(article(age_h=1.5)).feed("gazette", base_url=BASE_URL, mornings=MORNINGS[:1])
    assert read(feed)[0]["at"] == datetime(2026, 3, 1, 7, 42, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", FeedFormat)
def test_a_retitled_article_keeps_its_address_and_its_date(kind: FeedFormat):
    room = newsroom(article(retitled=Retitled(day=2, title="Sun")), kind=kind)
    feed = partial(room.feed, "gazette", base_url=BASE_URL)
    before, after = feed(mornings=MORNINGS[:2]), feed(mornings=MORNINGS[:3])
    old, new = read(before)[0], read(after)[0]
    assert (old["id"], old["url"], old["at"]) == (new["id"], new["url"], new["at"])
    assert old["title"] != "Sun"
    assert new["title"] == "Sun"
    if kind is not FeedFormat.RSS:  # RSS has no date of the last change
        assert b"2026-03-03T04:30:00+00:00" in after


def test_an_atom_feed_says_where_it_is_and_when_it_changed():
    feed = newsroom(article(), kind=FeedFormat.ATOM).feed(
        "gazette", base_url=BASE_URL, mornings=MORNINGS[:1]
    )
    parsed = feedparser.parse(feed)
    assert f"{BASE_URL}{FEED_PATH}" in [link.href for link in parsed.feed.links]
    assert parsed.feed.updated == "2026-03-01T07:12:30+00:00"


def test_an_unknown_outlet_has_no_feed():
    with pytest.raises(KeyError):
        NEWSROOM.feed("no-such-paper", base_url=BASE_URL, mornings=MORNINGS)


def test_every_format_has_its_media_type():
    assert FeedFormat.RSS.content_type == "application/rss+xml; charset=utf-8"
    assert FeedFormat.ATOM.content_type == "application/atom+xml; charset=utf-8"
    assert FeedFormat.JSON.content_type == "application/feed+json; charset=utf-8"

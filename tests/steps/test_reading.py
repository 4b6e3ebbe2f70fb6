"""From entries to articles, with the whole bot around it."""

from datetime import timedelta

import pytest

from tests.fakes.clock import START
from tests.fakes.house import open_house

CALL = "Did you see it happen? Our desk on the quay is open day and night."
TALES = {
    "North Korea opens a ferry line": "The ferry crosses twice a day, the port office said, and "
    "carries sixty people and nine lorries each way when the sea is calm enough for it.",
    "North Korea plants a forest": "Half a million larches stand on the slopes above the river, "
    "where floods took the soil three summers ago and nothing but grass had come back since.",
    "North Korea repairs a dam": "The sluices were shut for eleven weeks while divers changed the "
    "gates, and the valley drank from tankers that came over the pass each morning.",
    "North Korea counts its cranes": "Volunteers walked the estuary for four days and found more "
    "birds than in any year since the count began, most of them with grown young.",
}


def page(title: str, text: str) -> str:
    more = f"{text} {title}, as an official told reporters who had come from the capital by bus."
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text}</p><p>{CALL}</p><p>{more}</p></article></body></html>"
    )


async def test_a_page_that_two_feeds_list_is_asked_for_once(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/all", "/asia")) as house:
        title, text = next(iter(TALES.items()))
        url = house.web.add("/ferry", page(title, text))
        for path, link in (("/all", url), ("/asia", f"{url}?utm_source=asia")):
            item = f"<item><title>{title}</title><link>{link}</link><guid>{path}</guid></item>"
            feed = f'<rss version="2.0"><channel><title>Quay</title>{item}</channel></rss>'
            house.web.add(path, feed, content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        for _ in range(2):
            await house.refresh()
        articles = await house.app.store.articles.since(START)
        waiting = await house.app.store.entries.pending_count()
    assert [one.article.title for one in articles] == [title]
    assert waiting == 0
    assert len([path for path in house.web.paths() if path.startswith("/ferry")]) == 1


async def test_a_line_that_an_outlet_repeats_is_learned_and_left_out(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        items = []
        for n, (title, text) in enumerate(TALES.items()):
            url = house.web.add(f"/{n}", page(title, text))
            items.append(f"<item><title>{title}</title><link>{url}</link><guid>{n}</guid></item>")
        feed = f'<rss version="2.0"><channel><title>Quay</title>{"".join(items)}</channel></rss>'
        house.web.add("/feed", feed, content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        await house.refresh()
        texts = [one.article.text for one in await house.app.store.articles.since(START)]
    assert len(texts) == len(TALES)
    with_call = [text for text in texts if CALL in text]
    assert len(with_call) <= 2
    for text in TALES.values():
        assert any(text in found for found in texts)


MARKED = '<script type="application/ld+json">{"@type": "NewsArticle", %s}</script></head>'
TEASER = "The ferry crosses twice a day, the port office said, and carries sixty people. " * 3


@pytest.mark.parametrize("teaser", ["", TEASER])
async def test_an_article_that_its_publisher_marks_as_not_free_is_marked_in_the_briefing(
    tmp_path, teaser
):
    """Also where the page shows nothing of it, so that the feed's teaser is told."""
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        title, text = next(iter(TALES.items()))
        data = MARKED % f'"headline": "{title}", "isAccessibleForFree": false'
        empty = f"<html><head><title>{title}</title></head></html>"
        shown = empty if teaser else page(title, text)
        url = house.web.add("/ferry", shown.replace("</head>", data))
        item = f"<item><title>{title}</title><link>{url}</link><guid>1</guid>"
        item += f"<description>{teaser}</description></item>"
        feed = f'<rss version="2.0"><channel><title>Quay</title>{item}</channel></rss>'
        house.web.add("/feed", feed, content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        await house.refresh()
        (stored,) = await house.app.store.articles.since(START)
        answers = await house.say("/brief")
    assert stored.article.paywalled
    assert (stored.article.text == TEASER.strip()) == bool(teaser)
    assert any("(paywall)" in str(answer) for answer in answers)


WHOLE = "Die Fähre legt zweimal am Tag ab, sagte das Hafenamt, und nimmt sechzig Leute mit. " * 12


async def test_a_feed_that_names_no_language_brings_articles_that_have_one(tmp_path):
    """Topics, summaries and a reader's languages go by what the text is in."""
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        text = "".join(f"<p>{part}</p>" for part in (WHOLE, WHOLE))
        item = f"<title>Nordkorea eröffnet eine Fähre</title><link>{house.web.at}/1</link>"
        item += f"<description><![CDATA[{text}]]></description>"
        feed = f'<rss version="2.0"><channel><title>Kai</title><item>{item}</item></channel></rss>'
        house.web.add("/feed", feed, content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        await house.refresh()
        (article,) = await house.app.store.articles.since(START)
    assert article.article.language == "de"


async def test_a_page_that_is_away_is_tried_again_after_five_minutes(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        url = house.web.add("/dam", status=503)
        item = f"<item><title>North Korea repairs a dam</title><link>{url}</link></item>"
        feed = f'<rss version="2.0"><channel><title>Quay</title>{item}</channel></rss>'
        house.web.add("/feed", feed, content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        await house.refresh()
        assert house.web.paths().count("/dam") == 1
        house.clock.advance(timedelta(minutes=5) - timedelta(seconds=1))
        await house.app.flow.refresh()
        assert house.web.paths().count("/dam") == 1
        house.clock.advance(timedelta(seconds=1))
        await house.app.flow.refresh()
        assert house.web.paths().count("/dam") == 2

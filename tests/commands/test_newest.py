"""/subscribe names the newest headline on what it subscribed to."""

from datetime import timedelta

import pytest

from tests.fakes.house import open_house

TEXT = (
    "The council of Velt counted 312 wind turbines along its coast on Wednesday, nine more than "
    "planned. Wind energy lights 40 villages now, the mayor said."
)


def rss(*items):
    return (
        "<rss version='2.0'><channel><title>Harbour Post</title><language>en</language>"
        + "".join(
            f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S GMT}</pubDate>"
            f"<description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item>"
            for title, url, at in items
        )
        + "</channel></rss>"
    )


@pytest.fixture
async def newsroom(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, feeds=("/feed",)) as house:
        at = house.clock.now() - timedelta(hours=2)
        items = [("Velt's wind energy grows &amp;amp; grows", house.web.url("/a"), at)]
        house.web.add("/feed", rss(*items), content_type="application/rss+xml")
        await house.say("/subscribe energy", 2)
        await house.refresh()
        yield house


async def test_the_newest_headline_on_a_new_topic_is_named_with_its_outlet(newsroom):
    (answer,) = await newsroom.say("/subscribe energy")
    assert "\nLatest: Velt's wind energy grows &amp; grows (Harbour Post)\n" in answer


async def test_own_words_name_what_they_find(newsroom):
    (answer,) = await newsroom.say("/subscribe turbines velt")
    assert "Latest: Velt's wind energy" in answer


@pytest.mark.parametrize("words", ["space", "zeppelin hangars"])
async def test_where_nothing_came_in_no_headline_is_claimed(newsroom, words):
    (answer,) = await newsroom.say(f"/subscribe {words}")
    assert "Subscribed" in answer
    assert "Latest" not in answer


async def test_what_is_over_three_days_old_or_in_another_language_is_not_named(newsroom):
    german = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}
    (answer,) = await newsroom.say("/subscribe energy", 7, **german)
    assert "wind energy" not in answer
    newsroom.clock.advance(timedelta(days=4))
    (answer,) = await newsroom.say("/subscribe energy", 8)
    assert "wind energy" not in answer


async def test_own_words_that_met_nothing_say_so_and_name_the_topics_near(newsroom):
    (answer,) = await newsroom.say("/subscribe zeppelin hangars")
    assert "\nNothing on it came in within three days.\n" in answer
    (answer,) = await newsroom.say("/subscribe glacier climate -wind")
    said = "Nothing on it came in within three days. Topics near it: /subscribe climate."
    assert f"\n{said}\n" in answer


async def test_a_topic_without_news_is_not_said_to_have_met_nothing(newsroom):
    (answer,) = await newsroom.say("/subscribe space, zeppelin hangars")
    assert "Nothing on it" not in answer


@pytest.mark.parametrize("words", ["new york", "NYC", "Texas"])
async def test_a_city_or_state_of_one_name_is_not_asked_about(newsroom, words):
    (answer,) = await newsroom.say(f"/subscribe {words}")
    assert answer.startswith(("Subscribed to New York City", "Subscribed to Texas"))

"""What was asked for by address or in own words is told in its language, in an English room."""

from datetime import timedelta

import pytest

from tests.fakes.conversation import tap
from tests.fakes.house import open_house

GERMAN = (
    "Die Sperre von Velt wurde am Mittwochabend gefüllt, teilte die Flussbehörde des Tals in einer "
    "Erklärung den Leuten von Orun mit."
)
RUSSIAN = (
    "Плотина в Вельте снова заполнена после снежной зимы, сообщило управление реки в среду, а воду "
    "получат все поля долины Орун."
)


@pytest.fixture
async def house(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/own",)) as house:
        house.web.add(
            "/own", feed(house, "Our own", "ru", RUSSIAN), content_type="application/rss+xml"
        )
        yield house


def feed(house, name, language, text):
    at = (house.clock.now() - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    title = " ".join(text.split()[:4])
    link = house.web.url(f"/{language}.html")
    return (
        f"<rss version='2.0'><channel><title>{name}</title><language>{language}</language><item>"
        f"<title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{at}</pubDate>"
        f"<description>{text}</description></item></channel></rss>"
    )


async def test_a_site_is_told_in_its_language(house):
    url = house.web.add(
        "/german", feed(house, "Velter Bote", "de", GERMAN), content_type="application/rss+xml"
    )
    await house.say(f"/subscribe {url}")
    await house.refresh()
    told = " ".join(await house.say("/brief"))
    assert GERMAN in told


async def test_own_words_are_told_in_their_language(house):
    await house.say("/subscribe плотина")
    await house.refresh()
    told = " ".join(await house.say("/brief"))
    assert RUSSIAN in told


async def test_where_languages_were_chosen_the_reader_hears_in_which_there_is_something(house):
    await house.say("/settings")
    await tap(house, "German (de)")
    await house.say("/subscribe плотина")
    await house.refresh()
    told = " ".join(await house.say("/brief"))
    assert RUSSIAN not in told
    assert "there is something in ru only" in told

"""In which languages feeds are polled for what a reader asks for."""

import pytest

from bot.commands.feeds import FeedFinder
from bot.domain.room import UsualLanguages
from bot.domain.subscription import SubscriptionKey
from bot.gather.catalogue.sources import load_sources
from tests.fakes.clock import FakeClock
from tests.fakes.editions import ask
from tests.fakes.rooms import open_room


def english_finder(store):
    return FeedFinder(
        store,
        None,
        None,
        FakeClock(),
        sources=load_sources(),
        languages=UsualLanguages(configured=("en",)),
    )


@pytest.fixture
def sources_of(store):
    """Return the languages of the feeds that an English room's key is polled from."""

    async def languages(key):
        room = await open_room(store)
        finder = english_finder(store)
        await finder.add_sources(key, room)
        return {row[0] for row in await ask(store, "SELECT language FROM feed")}

    return languages


async def test_own_words_bring_news_in_the_languages_of_their_letters(sources_of):
    assert await sources_of(SubscriptionKey.of_query("плотина")) == {"ru", "uk", "en"}


async def test_words_in_latin_letters_bring_the_rooms_languages(sources_of):
    assert await sources_of(SubscriptionKey.of_query("dam")) == {"en"}


async def test_a_topic_brings_the_rooms_languages(sources_of):
    assert await sources_of(SubscriptionKey.of_topic("climate")) == {"en"}


async def test_an_outlet_is_subscribed_to_by_its_name_and_ordinary_words_are_none(store):
    room = await open_room(store)
    finder = english_finder(store)
    found = await finder.named("bbc", room)
    feed = await store.feeds.get(found.feed_id)
    assert (found.title, feed.public) == ("BBC News", True)
    assert "bbc" in feed.url
    assert await finder.named("time", room) is None
    without = FeedFinder(
        store, None, None, FakeClock(), sources=None, languages=UsualLanguages(configured=("en",))
    )
    assert await without.named("bbc", room) is None

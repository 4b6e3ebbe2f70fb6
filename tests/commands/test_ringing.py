"""Which jobs of the clock are woken by what a reader does, so that nobody waits for a heartbeat."""

from datetime import timedelta

import pytest

from bot.assembly import make_dispatcher, open_fetcher
from bot.domain.room import UsualLanguages
from bot.send import telegram_address
from tests.fakes.clock import START
from tests.fakes.house import PatientWorkers, open_house
from tests.fakes.rooms import add_feed


class Asking:
    """Use cases of their own over a house's store, and the jobs that they woke."""

    def __init__(self, house, fetcher):
        self.house = house
        self.rung = []
        self._dispatcher = make_dispatcher(
            house.app.flow,
            fetcher,
            PatientWorkers(),
            house.app.settings,
            languages=UsualLanguages(),
            ring=self.rung.append,
        )

    async def _request(self, update_id):
        return await self._dispatcher.request(
            telegram_address(1), kind="private", language="en", update_id=update_id
        )

    async def say(self, name, text="", update_id=1):
        """Run a command and return the jobs that it woke."""
        self.rung.clear()
        command = self._dispatcher.command(name)
        await self._dispatcher.run(command, await self._request(update_id), text)
        return self.rung.copy()

    async def press(self, data):
        """Press a button and return the jobs that it woke."""
        self.rung.clear()
        await self._dispatcher.press(await self._request(2), data)
        return self.rung.copy()


@pytest.fixture
async def asking(tmp_path):
    async with (
        open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house,
        open_fetcher(house.app.settings, house.app.store, gap_s=0.0) as fetcher,
    ):
        yield Asking(house, fetcher)


async def test_the_first_subscription_wakes_the_poll_and_what_makes_editions(asking):
    assert sorted(set(await asking.say("subscribe", "climate"))) == ["poll", "prepare"]


async def test_a_later_one_and_one_that_is_known_wake_the_poll_alone(asking):
    await asking.say("subscribe", "climate")
    assert await asking.say("subscribe", "space") == ["poll"]
    assert await asking.say("subscribe", "space") == ["poll"]


async def test_a_topic_that_is_turned_on_wakes_the_poll_and_one_turned_off_nothing(asking):
    await asking.say("subscribe", "climate")
    assert await asking.press("v1:topic:space") == ["poll"]
    assert await asking.press("v1:topic:space") == []


@pytest.mark.parametrize("name", ["unsubscribe", "topics", "status", "settings", "help", "privacy"])
async def test_what_changes_no_time_and_no_feed_wakes_nothing(asking, name):
    await asking.say("subscribe", "climate")
    assert await asking.say(name, "climate") == []


async def test_times_and_zones_wake_what_makes_editions(asking):
    assert "prepare" in await asking.say("schedule", "08:00")
    assert await asking.say("timezone", "Berlin") == ["prepare"]
    assert await asking.press("v1:zone:Asia/Tokyo") == ["prepare"]
    assert await asking.say("schedule") == []
    assert await asking.say("schedule", "off") == []


async def test_a_briefing_that_was_asked_for_wakes_what_sends(asking):
    await asking.say("subscribe", "climate")
    assert await asking.say("brief", update_id=3) == ["deliver"]
    assert await asking.press("v1:brief") == ["deliver"]


async def test_a_break_wakes_nothing_and_its_end_what_sends(asking):
    await asking.say("pause")
    assert await asking.say("resume") == []
    await asking.say("subscribe", "climate")
    assert await asking.say("pause", "3d") == []
    assert await asking.say("resume") == ["deliver"]


async def test_of_sources_out_of_reach_nothing_is_to_be_sent(asking):
    house = asking.house
    await asking.say("subscribe", "climate")
    await add_feed(house.app.store, house.web.add("/feed", status=500), "climate")
    assert await asking.say("brief") == []
    await asking.say("pause")
    assert await asking.say("resume") == []


async def test_the_catalogue_brings_no_source_where_the_operator_does_without(asking):
    await asking.say("subscribe", "climate")
    progress = await asking.house.app.store.refresh_progress(["climate"], now=START)
    assert progress.sources == 0
    assert await asking.house.app.store.feeds.next_poll_at() is None
    asking.house.clock.advance(timedelta(days=1))
    assert asking.house.web.paths() == []

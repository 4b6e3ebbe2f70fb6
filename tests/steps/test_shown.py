"""What is picked, as it is shown."""

import pytest

from bot.domain.room import Length, RoomSettings
from bot.pick import compose
from bot.render import fit_briefing, max_seen_for
from bot.render.limits import TELEGRAM_LIMITS
from bot.texts import texts_for
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, wanted


def long_story(n):
    first, second = (" ".join(f"{word}{n}{k}" for k in range(40)) for word in ("dam", "gate"))
    return candidate(
        n, stored(n, f"T{n}", f"Story {n} tells {first}.\nEngineers of Velt count {second}.")
    )


@pytest.mark.parametrize(("length", "fewest"), [(Length.BRIEF, 1), (Length.DEEP, 2)])
def test_a_long_briefing_shows_less_unless_it_is_deep(length, fewest):
    section = wanted("climate", *map(long_story, range(1, 7)))
    room = RoomSettings(method="lead", stories_per_topic=6, length=length)
    briefing = compose([section], {}, settings=room, now=NOW, zone="Europe/Berlin", outlets={})
    shown = fit_briefing(
        briefing,
        texts_for("en"),
        goal_units=None if length is Length.DEEP else TELEGRAM_LIMITS.units,
        max_seen_units=max_seen_for(length),
    )
    assert min(len(story.sentences) for story in shown.stories) == fewest
    assert len(shown.stories) == 6

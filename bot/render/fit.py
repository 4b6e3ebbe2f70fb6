"""Makes a briefing short: what a message cannot hold goes, the least weighty first."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bot.domain.briefing import Briefing, BriefingStory, Quotation
from bot.domain.room import Length
from bot.render.frame import frame_units
from bot.render.limits import GOAL_UNITS, MAX_MESSAGE, Size
from bot.render.story import is_tellable, story_block
from bot.texts import Texts

__all__ = ["fit_briefing", "goal_for"]

# What stands beside a lone story at most: a head of 35 units, two notices, a heading of
# 100 units with our words around it, and what parts them.
_FRAME_ROOM = Size(units=400, entities=5, entity_bytes=100)
_STORY_ROOM = MAX_MESSAGE - _FRAME_ROOM

# A briefing of more stories was asked for (deep, catch-up): it may take several messages.
_MAX_STORIES_IN_ONE = 7

# Each quotation has its link, so no message could hold more of them.
_MAX_QUOTATIONS = MAX_MESSAGE.entities


def goal_for(length: Length) -> int:
    """Return how many units a room that wants ``length`` should get to read at once.

    A deep briefing may fill its message; the others keep to two minutes.
    """
    return MAX_MESSAGE.units if length is Length.DEEP else GOAL_UNITS


def fit_briefing(briefing: Briefing, texts: Texts, *, goal_units: int = GOAL_UNITS) -> Briefing:
    """Return ``briefing`` with the sentences that will be shown, and no other change.

    Sentences are never shortened, only left out. First what no message could hold; then,
    for up to seven stories, what goes beyond ``goal_units`` of text in all: the quotes of
    the last stories, then all but one sentence of the last stories. A briefing that is
    still longer stays so. Fitting the result again changes nothing.
    """
    fitting = _Fitting(briefing, texts)
    if len(briefing.stories) <= _MAX_STORIES_IN_ONE:
        fitting.shorten(goal_units)
    return fitting.briefing()


class _Fitting:
    """The stories of one briefing while they are made to fit."""

    def __init__(self, briefing: Briefing, texts: Texts) -> None:
        self._briefing = briefing
        self._texts = texts
        numbered = enumerate(briefing.stories)
        self._stories = [self._fit_alone(index, story) for index, story in numbered]

    def briefing(self) -> Briefing:
        """Return the briefing with the stories as they are now."""
        stories = iter(self._stories)
        sections = tuple(
            replace(section, stories=tuple(islice(stories, len(section.stories))))
            for section in self._briefing.sections
        )
        return replace(self._briefing, sections=sections)

    def shorten(self, goal_units: int) -> None:
        """Leave out sentences, the last first, until all is at most ``goal_units`` long."""
        units = [self._size(index, story).units for index, story in enumerate(self._stories)]
        allowed = goal_units - frame_units(self._briefing, self._texts)
        for index, shorter in self._shorter_stories():
            if sum(units) <= allowed:
                return
            self._stories[index] = shorter
            units[index] = self._size(index, shorter).units

    def _shorter_stories(self) -> Iterator[tuple[int, BriefingStory]]:
        """Return each story without its last sentence, in the order they can be spared."""
        backwards = range(len(self._stories) - 1, -1, -1)
        for index in backwards:
            while more := self._stories[index].more:
                yield index, replace(self._stories[index], more=more[:-1])
        for index in backwards:
            while len(told := self._stories[index].sentences) > 1:
                yield index, replace(self._stories[index], sentences=told[:-1])

    def _fit_alone(self, index: int, story: BriefingStory) -> BriefingStory:
        """Return ``story`` without the sentences for which its message has no room."""
        told, more = _readable(story.sentences), _readable(story.more)
        whole = replace(story, sentences=told, more=more)
        if self._fits(index, whole):
            return whole
        kept = replace(story, sentences=(), more=())
        for quotation in told:
            longer = replace(kept, sentences=(*kept.sentences, quotation))
            kept = longer if self._fits(index, longer) else kept
        for quotation in more:
            longer = replace(kept, more=(*kept.more, quotation))
            kept = longer if self._fits(index, longer) else kept
        return kept

    def _fits(self, index: int, story: BriefingStory) -> bool:
        return self._size(index, story).fits(_STORY_ROOM)

    def _size(self, index: int, story: BriefingStory) -> Size:
        today = self._briefing.local_date
        return story_block(story, index + 1, today=today, texts=self._texts).size()


def _readable(quotations: tuple[Quotation, ...]) -> tuple[Quotation, ...]:
    return tuple(filter(is_tellable, quotations[:_MAX_QUOTATIONS]))

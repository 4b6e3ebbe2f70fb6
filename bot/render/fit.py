"""Shortens a briefing to a reader's two minutes, and to what messages hold.

All that makes a briefing shorter is here, in this order: sentences move into the quotes
until what is seen without opening them is short; sentences that no message could hold go;
and sentences go until the whole is near its goal. The limits are arguments.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from bot.domain.briefing import Briefing, BriefingStory
from bot.domain.room import Length
from bot.render.frame import frame_units, opening_block
from bot.render.limits import GOAL_UNITS, MAX_SEEN_CHARS, TELEGRAM_LIMITS, MessageLimits, Size
from bot.render.story import is_tellable, story_block
from bot.texts import Texts

__all__ = ["fit_briefing", "max_seen_for"]

# What stands beside a lone story at most: a head of 35 units, two notices of ours, a heading
# of 100 units with our words around it, and what parts them. The briefing's notices come on top.
_FRAME_ROOM = Size(units=400, entities=5, entity_bytes=100)

# A briefing of more stories was asked for (deep, catch-up): it may take several messages.
_MAX_STORIES_IN_ONE = 7

# The link after a sentence ("Harbour Post, 4 Jun"), and the coverage line.
_LINK_CHARS = 20
_COVERAGE_CHARS = 25


def max_seen_for(length: Length) -> int | None:
    """Return how many characters a room that wants ``length`` sees before it opens a quote.

    That is the ``max_seen_chars`` of the functions here. None, any number, for a deep briefing
    only: it shows all it has.
    """
    return None if length is Length.DEEP else MAX_SEEN_CHARS


def fit_briefing(
    briefing: Briefing,
    texts: Texts,
    *,
    goal_units: int = GOAL_UNITS,
    max_seen_chars: int | None = None,
    limits: MessageLimits = TELEGRAM_LIMITS,
) -> Briefing:
    """Return ``briefing`` with the sentences that will be shown, and no other change.

    Sentences are never shortened, only moved into a story's quote or left out. First, if
    ``max_seen_chars`` is given, sentences move into the quotes until about so many
    characters are seen without opening one; a story keeps its first outside. Then goes what is
    blank, and what of a story a message of its own, of these ``limits``, has no room for. Then, for
    up to seven stories, what goes beyond ``goal_units`` (UTF-16) in all: the quotes of the last
    stories, then all but one sentence of the last stories. A briefing that is still longer stays
    so. Fitting the result again changes nothing.

    CPU work, without I/O: a story is laid out again for each sentence left out, and for each it
    has if no message holds it whole. Where a time would be shown, raises KeyError
    (ZoneInfoNotFoundError), ValueError or OSError for what is no zone, and ValueError for a naive
    ``next_at``.
    """
    stories = list(briefing.stories)
    if max_seen_chars is not None:
        _move_into_quotes(stories, max_seen_chars)

    def size_of(index: int, story: BriefingStory) -> Size:
        return story_block(story, index + 1, today=briefing.local_date, texts=texts).size()

    beside = _FRAME_ROOM
    if briefing.notices:
        beside += opening_block(replace(briefing, sections=()), texts).size()
    for index, story in enumerate(stories):
        stories[index] = _fit_alone(index, story, size_of, limits, beside)
    if len(stories) <= _MAX_STORIES_IN_ONE:
        units = [size_of(index, story).units for index, story in enumerate(stories)]
        allowed = goal_units - frame_units(briefing, texts)
        # What can be spared, in this order: the quotes, then all but one sentence, each time
        # of the last stories first.
        backwards = range(len(stories))[::-1]
        spare = [index for index in backwards for _ in stories[index].more]
        spare += [index for index in backwards for _ in stories[index].sentences[1:]]
        for index in spare:
            if sum(units) <= allowed:
                break
            story = stories[index]
            if story.more:
                story = replace(story, more=story.more[:-1])
            else:
                story = replace(story, sentences=story.sentences[:-1])
            stories[index], units[index] = story, size_of(index, story).units
    rest = iter(stories)
    sections = tuple(
        replace(section, stories=tuple(islice(rest, len(section.stories))))
        for section in briefing.sections
    )
    return replace(briefing, sections=sections)


def _move_into_quotes(stories: list[BriefingStory], max_chars: int) -> None:
    """Move sentences into the quotes until about ``max_chars`` are seen, if so many can move.

    The last sentence of the longest story moves first, the later one of equals.
    """

    def seen_chars(story: BriefingStory) -> int:
        quoted = sum(len(quotation.text) for quotation in story.sentences)
        links = len({quotation.url for quotation in story.sentences})
        return len(story.title) + quoted + _LINK_CHARS * links + _COVERAGE_CHARS

    while sum(map(seen_chars, stories)) > max_chars:
        movable = [n for n, story in enumerate(stories) if len(story.sentences) > 1]
        if not movable:
            break
        longest = max(movable, key=lambda n: (seen_chars(stories[n]), n))
        story = stories[longest]
        *kept, last = story.sentences
        stories[longest] = replace(story, sentences=tuple(kept), more=(last, *story.more))


def _fit_alone(
    index: int,
    story: BriefingStory,
    size_of: Callable[[int, BriefingStory], Size],
    limits: MessageLimits,
    beside: Size,
) -> BriefingStory:
    """Return ``story`` without the sentences for which a message of its own has no room."""

    def fits(story: BriefingStory) -> bool:
        return limits.hold(size_of(index, story) + beside)

    # Each quotation has its link, so no message could hold more of them than entities.
    told = tuple(filter(is_tellable, story.sentences[: limits.entities]))
    more = tuple(filter(is_tellable, story.more[: limits.entities]))
    whole = replace(story, sentences=told, more=more)
    if fits(whole):
        return whole
    kept = replace(story, sentences=(), more=())
    for quotation in told:
        longer = replace(kept, sentences=(*kept.sentences, quotation))
        kept = longer if fits(longer) else kept
    for quotation in more:
        longer = replace(kept, more=(*kept.more, quotation))
        kept = longer if fits(longer) else kept
    return kept

"""A briefing that is read in two minutes."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.briefing import BriefingStory, Section

__all__ = ["fit"]

# What is seen without opening a quote; the rules of the briefing ask for under 2,000 units,
# of which the head, the section names and the end take some 150.
_MAX_SEEN_CHARS = 1_850
# The link after a sentence ("Harbour Post, 4 Jun"), and the coverage line.
_LINK_CHARS = 20
_COVERAGE_CHARS = 25


def fit(sections: Sequence[Section]) -> list[Section]:
    """Return ``sections`` with sentences moved into the quotes until the rest is short enough.

    The last sentence of the longest story moves first, the later one of equals. Every story
    keeps a sentence, so many stories may still be longer together; nothing is dropped.
    """
    stories = [story for section in sections for story in section.stories]
    while sum(map(_seen_chars, stories)) > _MAX_SEEN_CHARS:
        movable = [n for n, story in enumerate(stories) if len(story.sentences) > 1]
        if not movable:
            break
        longest = max(movable, key=lambda n: (_seen_chars(stories[n]), n))
        stories[longest] = _shortened(stories[longest])
    rest = iter(stories)
    return [
        replace(section, stories=tuple(next(rest) for _ in section.stories)) for section in sections
    ]


def _seen_chars(story: BriefingStory) -> int:
    """Return about how many characters of a story are seen without opening its quote."""
    quoted = sum(len(one.text) for one in story.sentences)
    links = len({one.url for one in story.sentences})
    return len(story.title) + quoted + _LINK_CHARS * links + _COVERAGE_CHARS


def _shortened(story: BriefingStory) -> BriefingStory:
    last = story.sentences[-1]
    return replace(story, sentences=story.sentences[:-1], more=(last, *story.more))

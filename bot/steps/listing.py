"""What an edition may list with its title alone: nothing that was listed before, unless it grew."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.briefing import Briefing, ListedStory
from bot.render import Rendered

__all__ = ["may_list", "without_listed"]

# A story that so many times as many outlets report is another piece of news.
_GROWN = 2


def may_list(outlets: int, before: int) -> bool:
    """Return whether a story of ``outlets`` may be listed that was listed with ``before``.

    ``before`` is 0 for one that never was.
    """
    return outlets >= _GROWN * before


def without_listed(
    briefing: Briefing, listed: Mapping[int, int], render: Callable[[Briefing], Rendered]
) -> Rendered:
    """Return ``briefing`` rendered so that it lists nothing again, unless its breadth doubled.

    ``listed`` is the breadth with which stories were listed before, by story id. A story that was
    listed may be told in full; one for which ``render`` finds no more room than for its title is
    left out then, and what remains is rendered anew: a time for each round of such, of which
    there is none as long as nothing was listed. Raises what ``render`` does.
    """

    def is_listed_again(story: ListedStory) -> bool:
        return not may_list(story.outlets, listed.get(story.story_id, 0))

    also = tuple(story for story in briefing.also if not is_listed_again(story))
    briefing = replace(briefing, also=also)
    while True:
        rendered = render(briefing)
        again = {story.story_id for story in rendered.briefing.also if is_listed_again(story)}
        if not again:
            return rendered
        sections = []
        for section in briefing.sections:
            kept = tuple(story for story in section.stories if story.story_id not in again)
            if kept:
                sections.append(replace(section, stories=kept))
        briefing = replace(briefing, sections=tuple(sections))

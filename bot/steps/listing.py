"""What an edition may list with its title alone: nothing that was listed before, unless it grew."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.briefing import Briefing
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
    briefing = replace(
        briefing,
        also=tuple(
            one for one in briefing.also if may_list(one.outlets, listed.get(one.story_id, 0))
        ),
    )
    while True:
        rendered = render(briefing)
        again = {
            one.story_id
            for one in rendered.briefing.also
            if not may_list(one.outlets, listed.get(one.story_id, 0))
        }
        if not again:
            return rendered
        kept = (
            replace(
                section,
                stories=tuple(story for story in section.stories if story.story_id not in again),
            )
            for section in briefing.sections
        )
        briefing = replace(briefing, sections=tuple(one for one in kept if one.stories))

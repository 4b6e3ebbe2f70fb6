"""Finding the parts that break an edition: each is tried alone, and left out with its reason."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.domain.briefing import Briefing
from bot.errors import GiveUp, story_broken
from bot.pick import SectionCandidates, StoryCandidate
from bot.reasons import Reason

__all__ = ["sound_sections", "sound_stories"]

# A section whose stories break so often is left out as a whole: each may take a worker's time.
_MAX_BROKEN = 3

Compose = Callable[[Sequence[SectionCandidates]], Awaitable[object]]


async def sound_sections(
    wanted: Sequence[SectionCandidates], compose: Compose
) -> tuple[list[SectionCandidates], list[Reason]]:
    """Return ``wanted`` without the stories that break ``compose``, and why each is left out.

    A section that breaks though none of its stories does by itself, or in which three or more
    do, stays without stories and has the reason. Sections and stories stay in their order.
    Awaits ``compose`` once for each section, and for the stories of those that break, up to the
    third that does, one after the other; errors other than GiveUp pass through. Reasons are
    those of stories that were found to break: at most three of a section.
    """
    sections, left_out = [], []
    for section in wanted:
        try:
            await compose([section])
        except GiveUp as section_error:
            kept: list[StoryCandidate] = []
            broken: list[Reason] = []
            for candidate in section.candidates:
                try:
                    await compose([replace(section, candidates=(candidate,))])
                except GiveUp as error:
                    broken.append(story_broken(candidate.story_id, error))
                    if len(broken) >= _MAX_BROKEN:
                        break
                else:
                    kept.append(candidate)
            left_out += broken
            if not broken or len(broken) >= _MAX_BROKEN:
                sections.append(replace(section, candidates=(), reason=section_error.reason))
            else:
                sections.append(replace(section, candidates=tuple(kept)))
        else:
            sections.append(section)
    return sections, left_out


def sound_stories(briefing: Briefing, render: Callable[[Briefing], object]) -> Briefing:
    """Return ``briefing`` without the stories that break ``render`` by themselves.

    The reasons are added to ``left_out``; sections without stories go. All keeps its order. Calls
    ``render`` once for each story, on a briefing of it alone; never raises, whatever Exception
    that raises. The whole may break ``render`` all the same.
    """
    left_out: list[Reason] = []
    sections = []
    for section in briefing.sections:
        kept = []
        for story in section.stories:
            try:
                render(replace(briefing, sections=(replace(section, stories=(story,)),)))
            except Exception as error:  # noqa: BLE001 - a bulkhead: whatever it is, this story has it
                left_out.append(story_broken(story.story_id, error))
            else:
                kept.append(story)
        if kept:
            sections.append(replace(section, stories=tuple(kept)))
    return replace(briefing, sections=tuple(sections), left_out=(*briefing.left_out, *left_out))

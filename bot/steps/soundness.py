"""Bulkheads of an edition: what of it is sound, where the whole would break.

Each part is tried alone; what breaks is left out with a reason, and the rest is told.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.domain.briefing import Briefing, BriefingStory, Section
from bot.errors import GiveUp, story_broken
from bot.pick import SectionCandidates
from bot.reasons import Reason

__all__ = ["sound_sections", "sound_stories"]

# A section whose stories break so often is left out as a whole: each may take a worker's time.
_MAX_BROKEN = 3

Compose = Callable[[Sequence[SectionCandidates]], Awaitable[object]]


async def sound_sections(
    wanted: Sequence[SectionCandidates], compose: Compose
) -> tuple[list[SectionCandidates], list[Reason]]:
    """Return ``wanted`` without the stories that break ``compose``, and why each is left out.

    A section that breaks though none of its stories does by itself, or in which too many
    do, stays without stories and has the reason.
    """
    sections, left_out = [], []
    for section in wanted:
        try:
            await compose([section])
        except GiveUp as error:
            kept, broken = await _sound_candidates(section, compose)
            left_out += broken
            is_hopeless = not broken or len(broken) >= _MAX_BROKEN
            sections.append(
                replace(section, candidates=(), reason=error.reason) if is_hopeless else kept
            )
        else:
            sections.append(section)
    return sections, left_out


async def _sound_candidates(
    section: SectionCandidates, compose: Compose
) -> tuple[SectionCandidates, list[Reason]]:
    kept, broken = [], []
    for candidate in section.candidates:
        try:
            await compose([replace(section, candidates=(candidate,))])
        except GiveUp as error:
            broken.append(story_broken(candidate.story_id, error))
            if len(broken) >= _MAX_BROKEN:
                break
        else:
            kept.append(candidate)
    return replace(section, candidates=tuple(kept)), broken


def sound_stories(briefing: Briefing, render: Callable[[Briefing], object]) -> Briefing:
    """Return ``briefing`` without the stories that break ``render`` by themselves."""
    left_out: list[Reason] = []

    def is_sound(section: Section, story: BriefingStory) -> bool:
        try:
            render(replace(briefing, sections=(replace(section, stories=(story,)),)))
        except Exception as error:  # noqa: BLE001 - a bulkhead: whatever it is, this story has it
            left_out.append(story_broken(story.story_id, error))
            return False
        return True

    sections = [
        replace(section, stories=tuple(s for s in section.stories if is_sound(section, s)))
        for section in briefing.sections
    ]
    kept = tuple(section for section in sections if section.stories)
    return replace(briefing, sections=kept, left_out=(*briefing.left_out, *left_out))

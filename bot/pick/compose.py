"""A whole briefing, made in one call: pick, condense, fit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, BriefingStory, Quiet, Section
from bot.domain.room import Length, RoomSettings
from bot.errors import story_broken
from bot.pick.condense import Outlets, condense
from bot.pick.fitting import fit
from bot.pick.hashes import sentence_hash
from bot.pick.selection import pick
from bot.pick.values import SectionCandidates, SelectedSection, SelectedStory, Told
from bot.reasons import Reason

__all__ = ["compose"]


def compose(
    wanted: Sequence[SectionCandidates],
    told: Mapping[int, Told],
    *,
    settings: RoomSettings,
    now: datetime,
    zone: str,
    outlets: Outlets,
) -> Briefing:
    """Return the briefing of a room at ``now``; ``zone`` (IANA) gives its local date.

    ``told`` is by story id. A subscription without stories becomes a Quiet. What the
    briefing tells of a story is the hash of each of its sentences, ``more`` included: no
    sentence stands in it twice, and none that was told before. A story that breaks is left
    out, and said. Pure, and made of values that can be pickled, so that it runs in a
    worker process.
    """
    writer = _Writer(told, settings, ZoneInfo(zone), outlets)
    picked = pick(wanted, told, settings, now, tellable=writer.can_tell)
    sections = [writer.section(one) for one in picked.sections if one.chosen]
    if settings.length is not Length.DEEP:
        sections = fit(sections)
    return Briefing(
        local_date=now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        sections=tuple(sections),
        quiet=tuple(_quiet(one) for one in picked.sections if not one.chosen),
        left_out=tuple(writer.broken),
    )


class _Writer:
    """Condenses each story that is about to be chosen, and remembers what was said."""

    def __init__(
        self,
        told: Mapping[int, Told],
        settings: RoomSettings,
        zone: ZoneInfo,
        outlets: Outlets,
    ) -> None:
        self._settings = settings
        self._zone = zone
        self._outlets = outlets
        self._said = frozenset[int]().union(*(one.hashes for one in told.values()))
        self._stories: dict[int, BriefingStory] = {}
        self.broken: list[Reason] = []

    def can_tell(self, chosen: SelectedStory) -> bool:
        """Write a story; say whether there was something to quote."""
        try:
            story = condense(
                chosen, self._settings, self._zone, outlets=self._outlets, told=self._said
            )
        except MemoryError:  # no fault of the story's: the process is at its cap
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: the other stories are told
            self.broken.append(story_broken(chosen.candidate.story_id, error))
            return False
        if story is None:
            return False
        self._stories[story.story_id] = story
        self._said |= {sentence_hash(one.text) for one in (*story.sentences, *story.more)}
        return True

    def section(self, picked: SelectedSection) -> Section:
        """Return a section with the stories as they were written."""
        return Section(
            name=picked.wanted.name,
            stories=tuple(self._stories[one.candidate.story_id] for one in picked.chosen),
            own_words=picked.wanted.own_words,
        )


def _quiet(picked: SelectedSection) -> Quiet:
    return Quiet(
        name=picked.wanted.name,
        held_back=picked.held_back,
        failed_sources=picked.wanted.failed_sources,
        reason=picked.wanted.reason,
    )

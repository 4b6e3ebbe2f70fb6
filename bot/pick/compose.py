"""A whole briefing, made in one call: pick, then condense."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, BriefingStory, Quiet, Section
from bot.domain.room import Length, RoomSettings
from bot.errors import story_broken
from bot.pick.condense import condense, was_told
from bot.pick.coverage import Outlets
from bot.pick.hashes import sentence_hash
from bot.pick.ranking import rank
from bot.pick.selection import pick
from bot.pick.values import SectionCandidates, SelectedStory, Selection, StoryCandidate, Told
from bot.reasons import Reason

__all__ = ["compose"]

# Outlets of a story whose articles stand in the stored content: so many of seven stories take a
# fifth of its 1.5 kB.
_MAX_COVERAGE = 12


def compose(
    wanted: Sequence[SectionCandidates],
    told: Mapping[int, Told],
    *,
    settings: RoomSettings,
    now: datetime,
    zone: str,
    outlets: Outlets,
) -> Briefing:
    """Return the briefing of a room at ``now`` (aware); ``zone`` (IANA) gives its local date.

    ``told`` is by story id; ``settings.languages`` None means any, as () does. Sections and
    quiet subscriptions keep the order of ``wanted``, stories in a section stand best first; one
    without stories becomes a Quiet, which names its stories that another one tells. No sentence
    stands in the briefing twice, in ``sentences`` or ``more``, and none that was told before. A
    story none of whose sentences may open is told by its title, where room is left behind those
    that have one. A story that raises is left out, and its reason stands in ``left_out``; but
    MemoryError passes through, and what goes wrong while stories are selected (TypeError for a
    naive ``now``). Raises KeyError (ZoneInfoNotFoundError), ValueError or OSError for what is no
    zone. Nothing is shortened to fit a message yet.

    CPU work that blocks for up to seconds and cannot be cancelled. Arguments and result can be
    pickled: run it in a worker process, not in two threads at once.
    """
    writer = _Writer(told, settings, ZoneInfo(zone), outlets, now)
    selection = pick(wanted, told, settings, now, tellable=writer.can_tell)
    selection = _with_titles(selection, writer.untold_titles(), settings)
    return Briefing(
        local_date=now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        sections=tuple(
            Section(
                name=section.wanted.name,
                stories=tuple(
                    _weighed(writer.stories[chosen.candidate.story_id], chosen.candidate, now)
                    for chosen in section.chosen
                ),
                own_words=section.wanted.own_words,
                sign=section.wanted.sign,
                key=section.wanted.key,
                held_back=section.held_back,
            )
            for section in selection.sections
            if section.chosen
        ),
        quiet=tuple(
            Quiet(
                name=section.wanted.name,
                held_back=section.held_back,
                failed_sources=section.wanted.failed_sources,
                reason=section.wanted.reason,
                key=section.wanted.key,
                see=_told_elsewhere(section.wanted, selection),
            )
            for section in selection.sections
            if not section.chosen
        ),
        left_out=tuple(writer.broken),
    )


def _with_titles(
    selection: Selection, titles: Sequence[SelectedStory], settings: RoomSettings
) -> Selection:
    """Return ``selection`` with stories told by their ``titles``, best first, where room is left.

    Each stands last in the section with room that it matches best, weighed.
    """
    sections = list(selection.sections)
    room = settings.stories_in_all - sum(len(section.chosen) for section in sections)
    for title in titles[: max(room, 0)]:
        found = [
            (-candidate.match * section.wanted.weight, position)
            for position, section in enumerate(sections)
            for candidate in section.wanted.candidates
            if candidate.story_id == title.candidate.story_id
            and len(section.chosen) < settings.stories_per_topic
        ]
        if found:
            _, position = min(found)
            section = sections[position]
            sections[position] = replace(section, chosen=(*section.chosen, title))
    return replace(selection, sections=tuple(sections))


def _weighed(story: BriefingStory, candidate: StoryCandidate, now: datetime) -> BriefingStory:
    """Return ``story`` with what its ``candidate`` says of why it was chosen, and of whose texts.

    Numbers are rounded to three decimals.
    """
    texts = {stored.article.url: stored.text_id for stored in candidate.articles}
    coverage: dict[str, int] = {}
    for stored in candidate.originals:
        coverage.setdefault(stored.article.outlet_key, stored.id)
    return replace(
        story,
        also_in=tuple(replace(other, text_id=texts.get(other.url, 0)) for other in story.also_in),
        text_id=texts.get(story.url, 0),
        coverage=tuple(coverage.values())[:_MAX_COVERAGE],
        match=round(candidate.match, 3),
        weight=round(rank(candidate, now), 3),
    )


def _told_elsewhere(wanted: SectionCandidates, selection: Selection) -> tuple[int, ...]:
    """Return the stories of a section that others tell, in reading order."""
    own = {candidate.story_id for candidate in wanted.candidates}
    told = (
        chosen.candidate.story_id for section in selection.sections for chosen in section.chosen
    )
    return tuple(story_id for story_id in told if story_id in own)


class _Writer:
    """Condenses each story that is about to be chosen, without repeating sentences.

    ``stories`` holds what was written, by story id; ``titles`` those whose texts have no sentence
    that may open; ``broken`` why a story was not.
    """

    def __init__(
        self,
        told: Mapping[int, Told],
        settings: RoomSettings,
        zone: ZoneInfo,
        outlets: Outlets,
        now: datetime,
    ) -> None:
        self._settings = settings
        self._zone = zone
        self._outlets = outlets
        self._now = now
        self._said = frozenset[int]().union(*(known.hashes for known in told.values()))
        self.stories: dict[int, BriefingStory] = {}
        self.titles: list[SelectedStory] = []
        self.broken: list[Reason] = []

    def untold_titles(self) -> list[SelectedStory]:
        """Return those of ``titles`` whose texts have no sentence that was told since."""
        return [
            chosen
            for chosen in self.titles
            if not any(was_told(stored, self._said) for stored in chosen.candidate.originals)
        ]

    def can_tell(self, chosen: SelectedStory) -> bool:
        """Write a story; return whether it is told before those with nothing to quote."""
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
        weight = rank(chosen.candidate, self._now)
        self.stories[story.story_id] = replace(story, weight=weight)
        self._said |= {sentence_hash(quote.text) for quote in (*story.sentences, *story.more)}
        has_text = any(stored.article.text for stored in chosen.candidate.originals)
        if has_text and not story.sentences and self._settings.length is not Length.HEADLINES:
            self.titles.append(chosen)
            return False
        return True

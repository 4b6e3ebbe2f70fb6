"""Which stories a briefing tells, and in which section."""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.article_kind import NO_REPORTS
from bot.domain.room import RoomSettings
from bot.pick.novelty import new_articles
from bot.pick.ranking import rank
from bot.pick.values import (
    SectionCandidates,
    SelectedSection,
    SelectedStory,
    Selection,
    StoryCandidate,
    Told,
)

__all__ = ["pick", "shortlist"]

# So many stories of a section may turn out to have nothing to quote.
_REFUSED = 8


def pick(
    wanted: Sequence[SectionCandidates],
    told: Mapping[int, Told],
    settings: RoomSettings,
    now: datetime,
    *,
    tellable: Callable[[SelectedStory], bool] = bool,
) -> Selection:
    """Return the stories to tell, within ``settings``' limits.

    A story told before comes back only with something new; else it is counted as held back,
    once, in its section. A story stands once in the briefing, in the section it matches best
    (weighed; ties go to the earlier), except that a section which has none of its own may
    borrow one that would not be told before another's third. ``tellable`` is called once for
    each story about to be chosen, and may refuse it: it is then told nowhere, nor
    counted. Places are dealt in rounds, so that every section with news has its first story
    before any has its second; where places run out, the weightier stories have them.
    A SelectedStory is always true, so the default refuses none.

    Sections keep the order of ``wanted``, also those without stories; their stories stand best
    first by ``rank``, of equals the lower story id, behind them those without any text, and last
    what reports nothing (``NO_REPORTS``). Articles in
    other known languages than those of ``settings`` do not count, but for a story that has no
    other, in a section of ``any_language``; None and () there mean any.
    ``told`` is by story id; ``now`` is aware (else TypeError where there are stories). CPU work
    that blocks: it reads the texts of updates, and takes as long as ``tellable`` does, whose
    errors pass through.
    """
    desks = [_OpenSection(section) for section in wanted]
    home = _homes(wanted, settings)
    for story_id, (position, candidate) in home.items():
        known = told.get(story_id)
        if known is not None and not new_articles(candidate, known):
            desks[position].held_back += 1
        else:
            desks[position].waiting.append(SelectedStory(candidate=candidate, told=known))
    for desk in desks:
        desk.waiting.sort(key=lambda chosen: _order(chosen, now), reverse=True)
    places = settings.stories_in_all
    # A third story may only be told once every section that could have a first has one.
    borrowing_round = min(1, settings.stories_per_topic - 1)
    for number in range(settings.stories_per_topic):
        waiting = [desk for desk in desks if desk.waiting]
        waiting.sort(key=lambda desk: -rank(desk.waiting[0].candidate, now) * desk.wanted.weight)
        for desk in waiting:  # the weightiest first
            places -= _take(desk, [desk], now, tellable) if places > 0 else 0
        if number == borrowing_round:
            for desk in desks:
                if places > 0 and not desk.chosen:
                    places -= _take(desk, desks, now, tellable)
    return Selection(sections=tuple(desk.section(now) for desk in desks))


def shortlist(
    wanted: Sequence[SectionCandidates],
    told: Mapping[int, Told],
    settings: RoomSettings,
    now: datetime,
) -> frozenset[int]:
    """Return the stories whose texts ``pick`` may have to read.

    For candidates whose articles have no text yet. Among these stories and those told before,
    ``pick`` finds what it would find among all, unless more than eight that it chooses cannot
    be told. Story ids; ``told`` is by story id; ``now`` and languages as for ``pick``.
    Reads no texts: O(n log n) in the candidates.
    """
    home = _homes(wanted, settings)
    order = {
        story_id: (_reports(candidate), rank(candidate, now), -story_id)
        for story_id, (_, candidate) in home.items()
        if story_id not in told
    }
    likely = {
        story_id
        for story_id in home.keys() & told.keys()
        if any(stored.article.seen_at > told[story_id].at for stored in home[story_id][1].originals)
    }
    enough = settings.stories_in_all + _REFUSED
    for position, section in enumerate(wanted):
        shared = {candidate.story_id for candidate in section.candidates} & order.keys()
        own = {story_id for story_id in shared if home[story_id][0] == position}
        for story_ids in (own, shared):  # what it has itself, and what it may borrow
            likely.update(heapq.nlargest(enough, story_ids, key=order.__getitem__))
    return frozenset(likely)


@dataclass(slots=True)
class _OpenSection:
    """A section being filled: stories waiting, best first, and those chosen."""

    wanted: SectionCandidates
    waiting: list[SelectedStory] = field(default_factory=list)
    chosen: list[SelectedStory] = field(default_factory=list)
    held_back: int = 0

    def section(self, now: datetime) -> SelectedSection:
        """Return the section as it was filled, best story first."""
        best_first = sorted(self.chosen, key=lambda chosen: _order(chosen, now), reverse=True)
        return SelectedSection(
            wanted=self.wanted, chosen=tuple(best_first), held_back=self.held_back
        )


def _homes(
    wanted: Sequence[SectionCandidates], settings: RoomSettings
) -> dict[int, tuple[int, StoryCandidate]]:
    """Return each story's best section (its position) with the candidate it is there."""
    home: dict[int, tuple[int, StoryCandidate]] = {}
    best: dict[int, float] = {}
    for position, section in enumerate(wanted):
        for candidate in (_readable(found, section, settings) for found in section.candidates):
            score = candidate.match * section.weight
            if candidate.articles and score > best.get(candidate.story_id, -1.0):
                best[candidate.story_id] = score
                home[candidate.story_id] = (position, candidate)
    return home


def _readable(
    candidate: StoryCandidate, section: SectionCandidates, settings: RoomSettings
) -> StoryCandidate:
    """Return ``candidate`` with only the articles in the room's languages, or of unknown one.

    With all of its articles where there is none such and the section is told in any language.
    """
    if not settings.languages:
        return candidate
    languages = {*settings.languages, ""}
    articles = tuple(
        stored for stored in candidate.articles if stored.article.language in languages
    )
    if not articles and section.any_language:
        return candidate
    return replace(candidate, articles=articles)


def _order(chosen: SelectedStory, now: datetime) -> tuple[bool, bool, float, int]:
    # A title without a text is told where there is room behind the stories that have one.
    has_text = any(stored.article.text for stored in chosen.candidate.originals)
    reports = _reports(chosen.candidate)
    return reports, has_text, rank(chosen.candidate, now), -chosen.candidate.story_id


def _reports(candidate: StoryCandidate) -> bool:
    return any(stored.article.kind not in NO_REPORTS for stored in candidate.originals)


def _take(
    desk: _OpenSection,
    lenders: Iterable[_OpenSection],
    now: datetime,
    tellable: Callable[[SelectedStory], bool],
) -> int:
    """Choose the best story of a section that waits at one of ``lenders`` and can be told.

    Return how many were chosen (0 or 1). Stories that cannot be told are dropped.
    """
    own = {candidate.story_id for candidate in desk.wanted.candidates}
    queues = [
        [(chosen, lender) for chosen in lender.waiting if chosen.candidate.story_id in own]
        for lender in lenders
    ]
    best_first = heapq.merge(*queues, key=lambda pair: _order(pair[0], now), reverse=True)
    for chosen, lender in best_first:
        lender.waiting.remove(chosen)
        if tellable(chosen):
            desk.chosen.append(chosen)
            return 1
    return 0

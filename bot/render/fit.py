"""Shortens a briefing to a reader's two minutes, and to what messages hold.

All that makes a briefing shorter is here: which stories are told and which are listed by their
titles, and which of their sentences are seen, stand in the quote, or go. The limits are
arguments; the turns are those of ``bot.render.dealing``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.article_kind import NO_REPORTS
from bot.domain.briefing import Briefing, BriefingStory, ListedStory, Section
from bot.domain.room import Length
from bot.render.dealing import Allowance, Hand, deal
from bot.render.fold import rows_of, with_whole_first
from bot.render.frame import also_block, frame_size
from bot.render.limits import GOAL_UNITS, TELEGRAM_LIMITS, MessageLimits, Size, utf16_units
from bot.render.listing import MAX_LISTED, Contender, told_and_listed
from bot.render.markup import Block
from bot.render.story import (
    StoryLayout,
    is_tellable,
    listed_line,
    listed_story,
)
from bot.texts import Texts

__all__ = ["fit_briefing", "max_seen_for"]

# What stands beside a lone story at most: a head of 35 units or the line below the title, a
# heading of 100 units, and what parts them.
_FRAME_ROOM = Size(units=400, entities=5, entity_bytes=100)

# A briefing of more stories was asked for: it may take several messages, and its room grows.
_MAX_STORIES_IN_ONE = 7

# Remarks and names of topics leave so much of the room that is seen to the stories.
_MIN_STORIES_SHARE = 0.6


@dataclass(slots=True)
class _Portion:
    """A story of ``section`` (its place in the briefing), and what it has been dealt."""

    section: int
    place: int
    story: BriefingStory
    layout: StoryLayout
    hand: Hand
    seen_units: int  # of its title, and of what it was told before
    head_rows: Sequence[int]  # of the lines that stand first in its quote

    def shorten_opening(self, units: int) -> None:
        """Leave of a first passage beyond ``units`` (UTF-16) the sentences that fit, at least one.

        Each leans on those before it, so that none is left without what it leans on.
        """
        while self.hand.passages and self.seen_units + self.hand.opening_size.units > units:
            first, *rest = self.hand.passages
            if len(first.quotations) == 1:
                break
            shorter = self.layout.passage(first.quotations[:-1], may_be_seen=True)
            self.hand.passages = [shorter, *rest]


def max_seen_for(length: Length) -> int | None:
    """Return how many UTF-16 units a room that wants ``length`` sees before it opens a quote.

    That is the ``max_seen_units`` of the functions here. None, any number, for a deep briefing
    only: it shows all it has.
    """
    return None if length is Length.DEEP else GOAL_UNITS


def fit_briefing(
    briefing: Briefing,
    texts: Texts,
    *,
    goal_units: int | None = GOAL_UNITS,
    max_seen_units: int | None = None,
    limits: MessageLimits = TELEGRAM_LIMITS,
) -> Briefing:
    """Return ``briefing`` as it is shown: its order, its sentences, the titles it lists.

    The story that matters most comes first, and its section with it; all else keeps its order.
    Sentences are never shortened, only moved into a story's quote or left out, those that lean on
    one another together. Blank ones go, and what a message of its own, of these ``limits``, has no
    room for.

    Room is dealt in turns (``deal``). Up to seven stories share one message, in which
    ``max_seen_units`` (UTF-16) are seen without opening a quote, all counted, and ``goal_units``
    stand in all; None is any number. Where a first passage each does not fit, or one is longer
    than its story's room, stories are listed by their titles instead: those that stand last in
    their sections first, six titles at most; what does not fit there goes. Of more than seven
    stories no report is listed, and the room that is seen grows with them. Stories that report
    nothing (``NO_REPORTS``) are listed wherever there is a report. A first passage longer than
    the room of the whole briefing is told as far as it fits. A briefing may stay longer only where
    one sentence, or remarks, take more. A quote begins with lines that the fold leaves whole where
    its articles can be told in such an order.

    Fitting the result again changes nothing. CPU work, without I/O, that lays each sentence out
    once. Where a time would be shown, raises KeyError (ZoneInfoNotFoundError), ValueError or
    OSError for what is no zone, and ValueError for a naive ``next_at``.
    """
    portions = list(_portions(briefing, texts, limits))
    if not portions:
        return replace(briefing, also=briefing.also[:MAX_LISTED])
    portions, also = _reports_alone(portions, briefing.also)
    caps = [units for units in (goal_units, max_seen_units) if units is not None]
    room = Allowance(None, None)
    if caps:
        frame = frame_size(briefing, texts)
        is_one = len(portions) <= _MAX_STORIES_IN_ONE
        most = min(caps) * (1 if is_one else len(portions) / _MAX_STORIES_IN_ONE)
        room.seen_units = int(max(most * _MIN_STORIES_SHARE, most - frame.units))
        if is_one:
            for portion in portions:
                portion.shorten_opening(room.seen_units)
            portions, also = _told(portions, also, room.seen_units, texts)
            units = limits.units if goal_units is None else min(goal_units, limits.units)
            whole = Size(units, limits.entities, limits.entity_bytes)
            room.whole = whole - frame
        if listed := also_block(replace(briefing, also=also), texts):
            size = listed.size() + Size(units=len("\n\n"))
            room.spend(size, size.units)
        for portion in portions:
            room.spend(portion.hand.size, portion.seen_units)
    for portion in portions:
        portion.hand.open(room)
    portions = _lead_first(portions)
    deal([portion.hand for portion in portions], room)
    return replace(briefing, sections=tuple(_sections(briefing, portions)), also=also)


def _portions(briefing: Briefing, texts: Texts, limits: MessageLimits) -> Iterator[_Portion]:
    """Yield each story with what could be dealt to it, in order."""
    number = len(briefing.stories)  # the widest there is
    room = limits.beside(_FRAME_ROOM)
    for index, section in enumerate(briefing.sections):
        for place, whole in enumerate(section.stories):
            # Each quotation has its link, so no message could hold more of them than entities.
            seen = tuple(filter(is_tellable, whole.sentences[: limits.entities]))
            more = tuple(filter(is_tellable, whole.more[: limits.entities]))
            story = replace(whole, sentences=seen, more=more)
            layout = StoryLayout(story, today=briefing.local_date, texts=texts)
            title = layout.title_block(number)
            size = title.size()
            passages = [
                passage
                for passage in layout.passages()
                if room.hold(size + passage.folded_size(None))
            ]
            if not passages:  # the title alone, with its link
                story = replace(whole, sentences=(), more=())
                layout = StoryLayout(story, today=briefing.local_date, texts=texts)
                title = layout.title_block(number)
            hand = Hand(passages, title.size(), room, has_quote=bool(title.quote))
            yield _Portion(
                section=index,
                place=place,
                story=story,
                layout=layout,
                hand=hand,
                seen_units=title.seen_size().units,
                head_rows=[rows_of("".join(s.text for s in line)) for line in title.quote],
            )


def _reports_alone(
    portions: Sequence[_Portion], also: Sequence[ListedStory]
) -> tuple[list[_Portion], tuple[ListedStory, ...]]:
    """Return the stories to tell and the titles to list: beside reports, all that report nothing.

    Up to six titles, those first.
    """
    reports = [portion for portion in portions if portion.story.kind not in NO_REPORTS]
    if not reports:
        return list(portions), tuple(also[:MAX_LISTED])
    others = [listed_story(p.story) for p in portions if p.story.kind in NO_REPORTS]
    return reports, (*others, *also)[:MAX_LISTED]


def _told(
    portions: Sequence[_Portion], also: Sequence[ListedStory], units: int, texts: Texts
) -> tuple[list[_Portion], tuple[ListedStory, ...]]:
    """Return the stories that are told in ``units``, and the titles that are listed."""
    contenders = []
    for portion in portions:
        opening = portion.hand.opening_size.units
        title = listed_story(portion.story)
        contenders.append(
            Contender(
                place=portion.place,
                told_units=portion.seen_units + opening,
                opening_units=opening,
                title=title,
                listed_units=_line_units(title, texts),
            )
        )
    told, listed = told_and_listed(
        contenders,
        [(title, _line_units(title, texts)) for title in also],
        units=units,
        heading_units=utf16_units(texts._("Also today")) + len("\n\n"),
    )
    return [portions[n] for n in told], tuple(listed)


def _lead_first(portions: Sequence[_Portion]) -> list[_Portion]:
    """Return ``portions`` with the one that matters most first, and its section with it."""
    lead = max(portions, key=lambda p: (p.story.weight, p.story.outlets))  # the first of equals
    return sorted(portions, key=lambda p: (p is not lead, p.section != lead.section))


def _sections(briefing: Briefing, portions: Sequence[_Portion]) -> Iterator[Section]:
    """Yield the sections of ``briefing`` with what was dealt, then those without stories."""
    for index, told in groupby(portions, key=lambda portion: portion.section):
        stories = tuple(_dealt(portion) for portion in told)
        yield replace(briefing.sections[index], stories=stories)
    with_stories = {portion.section for portion in portions}
    for index, section in enumerate(briefing.sections):
        if index not in with_stories:
            yield replace(section, stories=())


def _dealt(portion: _Portion) -> BriefingStory:
    """Return the story of ``portion`` with the sentences that it was dealt.

    In its quote those of one article come first that the fold leaves whole. The others keep their
    order, and so do all of one article.
    """
    sentences = tuple(quote for passage in portion.hand.seen for quote in passage.quotations)
    runs = [list(run) for _, run in groupby(portion.hand.folded, key=lambda p: p.source)]
    articles = [{quotation.url for p in run for quotation in p.quotations} for run in runs]
    rows = [[count for passage in run for count in passage.rows] for run in runs]
    free = [n for n in range(len(runs)) if all(articles[n].isdisjoint(a) for a in articles[:n])]
    if runs:
        runs.insert(0, runs.pop(with_whole_first(rows, free, portion.head_rows)))
    more = tuple(quote for run in runs for passage in run for quote in passage.quotations)
    return replace(portion.story, sentences=sentences, more=more)


def _line_units(title: ListedStory, texts: Texts) -> int:
    """Return what a listed title takes up, its line break included."""
    return Block((listed_line(title.title, title.url, title.kind, texts),)).size().units + 1

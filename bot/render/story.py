"""A story as a reader sees it: title, sentences with their links, a quote with more."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.domain.briefing import BriefingStory, ListedStory, Quotation
from bot.render.dealing import Passage
from bot.render.direction import is_right_to_left, isolated
from bot.render.fold import FOLDED_ROWS, is_cut, rows_of, with_whole_head
from bot.render.limits import Size, utf16_units
from bot.render.links import safe_url
from bot.render.marks import kind_mark
from bot.render.markup import ARROW, Block, Line, bold, link, words
from bot.render.sources import (
    also_in_line,
    broken_line,
    day_label,
    headline_link,
    marks_of,
    source_label,
    source_link,
    source_link_size,
)
from bot.render.wording import cut, one_line
from bot.texts import Texts

__all__ = [
    "StoryLayout",
    "is_tellable",
    "listed_line",
    "listed_story",
    "passages_of",
    "shown_words",
    "story_block",
]

# A publisher's title is shown whole up to here; what is longer is no headline.
_MAX_TITLE_UNITS = 300
# The same where titles stand in a list: four rows of a phone.
_MAX_LISTED_UNITS = 160

# What was told before is a reminder: a sentence that is longer is not said again.
_MAX_TOLD_UNITS = 300


def story_block(
    story: BriefingStory, number: int, *, today: date, texts: Texts, opening: Line = ()
) -> Block:
    """Return ``story`` under its ``number``; ``today`` is the local date of the briefing.

    ``number`` counts from 1. With ``opening``, the briefing opens with it: a sun stands before
    the title, and ``opening`` below it, which says how many outlets report it. Nothing is checked
    against the limits of a message: see ``fit_briefing``. Never raises, whatever titles,
    sentences and addresses hold.
    """
    layout = StoryLayout(story, today=today, texts=texts)
    frame = layout.title_block(number, opening)
    quote = layout.folded_lines(frame.quote)
    return Block((*frame.lines, *layout.seen_lines()), quote, frame.open_quote)


class StoryLayout:
    """How the parts of a story look; ``today`` is the local date of the briefing."""

    def __init__(self, story: BriefingStory, *, today: date, texts: Texts) -> None:
        self._story = story
        self._today = today
        self._texts = texts

    def title_block(self, number: int, opening: Line = ()) -> Block:
        """Return the title, below it ``opening``, and what stands first in the story's quotes."""
        title = self._title_line(number, is_first=bool(opening))
        also_in = also_in_line(self._story, self._texts)
        return Block(
            (title, opening) if opening else (title,),
            quote=(also_in,) if also_in else (),
            open_quote=self._told_lines(),
        )

    def seen_lines(self) -> Iterator[Line]:
        """Yield a line for each run of sentences from one article, its link at the end."""
        for label, run in self._runs(self._story.sentences):
            yield (words(f"{_said(run)} "), source_link(label, run))

    def folded_lines(self, head: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the lines of the folded quote: ``head`` and the passages, as whole as can be."""
        lines: list[Line] = []
        # An arrow is enough behind a sentence of the source named on the line before. Below
        # other outlets, or what was told before, it would seem to be theirs.
        is_next = not head and self._story.told_before is None
        above = list(self._runs(self._story.sentences[-1:])) if is_next else []
        known = above[-1][0] if above else ""
        for passage in passages_of(self._story.more):
            for label, run in self._runs(passage):
                is_known = label == known and safe_url(run[0].url) is not None
                shown = self._arrow(run[0]) if is_known else label
                lines.append((words(f"{_said(run)} "), source_link(shown, run)))
                known = label
        usual = (*head, *lines)
        if not head or not is_cut(_rows(usual)):
            return usual
        if len(lines) < 2 or not lines[1][-1].text.startswith(ARROW):
            moved = with_whole_head(head, lines, _rows(usual))
            if moved != usual:
                return moved
        filled = (*broken_line(head[0], FOLDED_ROWS), *lines)
        return usual if is_cut(_rows(filled)) else filled

    def passages(self) -> Iterator[Passage]:
        """Yield what can be dealt of the story, in order, with what it takes up."""
        story, place = self._story, 0
        for quotations in passages_of((*story.sentences, *story.more)):
            may_be_seen = place < max(1, len(story.sentences))
            yield self.passage(quotations, may_be_seen=may_be_seen)
            place += len(quotations)

    def passage(self, quotations: tuple[Quotation, ...], *, may_be_seen: bool) -> Passage:
        """Return one or more ``quotations`` of the story with what they take up together."""
        *inner, (label, last) = self._runs(quotations)
        units = sum(utf16_units(_said(run)) + 2 for _, run in inner)  # a space, a line break
        text = Size(units + utf16_units(_said(last)))
        for inner_label, run in inner:
            text += source_link_size(inner_label, run[0])
        return Passage(
            quotations,
            text=text,
            link=source_link_size(label, last[0]),
            arrow=source_link_size(self._arrow(last[0]), last[0]),
            source=None if inner else (last[0].url, label),
            may_be_seen=may_be_seen,
            rows=tuple(rows_of(f"{_said(r)} {name}") for name, r in (*inner, (label, last))),
        )

    def _title_line(self, number: int, *, is_first: bool) -> Line:
        story, texts = self._story, self._texts
        title = cut(one_line(story.title), _MAX_TITLE_UNITS) or texts._("(no title)")
        title = isolated(title, in_right_to_left=texts.is_right_to_left)
        spans = [words("☀️ ")] if is_first else []
        spans.append(bold(f"{number}. {title}"))
        marks = kind_mark(story.kind, texts)
        if story.updated_since is not None:
            marks += f" · {texts._('update')}"
        if story.outlets > 1 and not is_first:
            marks += f" · {texts.ngettext('{n} source', '{n} sources', story.outlets)}"
        if marks:
            spans.append(words(marks))
        if not story.sentences:  # a headline alone still leads somewhere
            page = headline_link(story, today=self._today, texts=texts)
            spans += [words(" · "), page] if page else []
        return tuple(spans)

    def _told_lines(self) -> tuple[Line, ...]:
        """Return the line of an update that says what was told before, and when."""
        story, texts = self._story, self._texts
        told = story.told_before
        said = one_line(told.text) if told is not None else ""
        if story.updated_since is None or told is None or not said:
            return ()
        if utf16_units(said) > _MAX_TOLD_UNITS:
            return ()
        day = day_label(story.updated_since, today=self._today, texts=texts)
        is_rtl = texts.is_right_to_left
        # The day is said already, where its article is of that day.
        label = source_label(
            told, story, today=story.updated_since, texts=texts, in_right_to_left=is_rtl
        )
        said = isolated(said, in_right_to_left=is_rtl)
        told_on = texts._("Told on {day}:", day=day)
        return ((words(f"{told_on} {said} "), source_link(label, [told])),)

    def _arrow(self, quotation: Quotation) -> str:
        """Return what stands for an outlet that is named above: an arrow, and its marks."""
        return ARROW + marks_of(quotation, self._story, self._texts)

    def _runs(self, quotations: Sequence[Quotation]) -> Iterator[tuple[str, tuple[Quotation, ...]]]:
        """Yield what stands in a row from one article, with the label of its link."""

        def source_of(quotation: Quotation) -> tuple[str, str]:
            label = source_label(
                quotation,
                self._story,
                today=self._today,
                texts=self._texts,
                in_right_to_left=is_right_to_left(quotation.text),
            )
            return quotation.url, label

        for (_, label), run in groupby(quotations, key=source_of):
            yield label, tuple(run)


def listed_line(title: str, url: str, kind: str, texts: Texts) -> Line:
    """Return a title as a link, with what it is where it is no news: "• Title (opinion)"."""
    shown = cut(one_line(title), _MAX_LISTED_UNITS) or texts._("(no title)")
    shown = isolated(shown, in_right_to_left=texts.is_right_to_left)
    page = safe_url(url)
    title_span = link(shown, page=page, target=page) if page else words(shown)
    return (words("• "), title_span, words(kind_mark(kind, texts)))


def listed_story(story: BriefingStory) -> ListedStory:
    """Return ``story`` as it stands among the titles that are listed."""
    return ListedStory(
        story_id=story.story_id,
        title=story.title,
        url=story.url,
        kind=story.kind,
        outlets=story.outlets,
    )


def passages_of(quotations: Sequence[Quotation]) -> Iterator[tuple[Quotation, ...]]:
    """Yield what is told whole or not at all: a quotation and those behind that lean on it."""
    passage: list[Quotation] = []
    for quotation in quotations:
        if passage and not quotation.joins:
            yield tuple(passage)
            passage = []
        passage.append(quotation)
    if passage:
        yield tuple(passage)


def is_tellable(quotation: Quotation) -> bool:
    """Return whether a sentence is more than white space and controls (see ``one_line``)."""
    return bool(one_line(quotation.text))


def shown_words(story: BriefingStory) -> str:
    """Return what of ``story`` is read without opening its quote: title, then sentences."""
    return " ".join([story.title, *(quotation.text for quotation in story.sentences)])


def _rows(lines: Sequence[Line]) -> list[int]:
    return [rows_of("".join(span.text for span in line)) for line in lines]


def _said(quotations: Sequence[Quotation]) -> str:
    return " ".join(one_line(quotation.text) for quotation in quotations)

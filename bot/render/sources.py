"""Who says it: the links behind sentences and titles, and the outlets that are not quoted."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.briefing import BriefingStory, Quotation
from bot.render.direction import isolated
from bot.render.limits import Size, utf16_units
from bot.render.links import host_of, link_to, safe_url
from bot.render.marks import outlet_marks
from bot.render.markup import Line, Pointers, Span, link, optional_link, words
from bot.render.wording import cut, one_line
from bot.texts import Texts

__all__ = [
    "also_in_line",
    "broken_line",
    "day_label",
    "headline_link",
    "marks_of",
    "source_label",
    "source_link",
    "source_link_size",
]

# Of the 824 outlets in a catalogue of feeds, 811 have a name of up to 40 characters; the
# others go on with a slogan.
_MAX_NAME_UNITS = 40

# Outlets that are named without being quoted; the rest is counted. Two or three rows of a phone,
# which are what a folded quote shows.
_MAX_ALSO_IN = 5

# A day without its year is taken for the nearest one.
_CLEAR_YEAR = timedelta(days=182)


def source_label(
    quotation: Quotation,
    story: BriefingStory,
    *,
    today: date,
    texts: Texts,
    in_right_to_left: bool = False,
) -> str:
    """Return what the link of ``quotation`` says: "Harbour Post", "Harbour Post, Wed 4 Jun".

    The day stands only where it is not ``today``; marks say that a state runs the outlet, as
    the quotation or ``story.state_run`` knows, or that its article costs. Never empty: a source
    without a name is called by its site, or else by the day. ``in_right_to_left`` is the direction
    of the line.
    """
    name = _name(quotation.source, quotation.url)
    is_dated = quotation.dated_at != today or not name
    day = day_label(quotation.dated_at, today=today, texts=texts) if is_dated else ""
    label = ", ".join(filter(None, (name, day))) + marks_of(quotation, story, texts)
    return isolated(label, in_right_to_left=in_right_to_left)


def marks_of(quotation: Quotation, story: BriefingStory, texts: Texts) -> str:
    """Return the marks of the outlet and the article that a link leads to (``outlet_marks``)."""
    return outlet_marks(
        texts,
        is_state_run=quotation.is_state_run or quotation.source in story.state_run,
        is_paywalled=quotation.is_paywalled,
    )


def day_label(day: date, *, today: date, texts: Texts) -> str:
    """Return "Wed 4 Jun", or "4 Jun 2024" where ``today`` is over 182 days away."""
    if abs(today - day) > _CLEAR_YEAR:
        return texts.short_date(day, today=today)
    return texts.day(day, short=True)


def source_link(label: str, quotations: Sequence[Quotation]) -> Span:
    """Return a link that lands on ``quotations`` of one article, or its label in brackets.

    In brackets where their address is not safe. Raises IndexError without ``quotations``.
    """
    page = safe_url(quotations[0].url)
    if page is None:
        return words(f"({label})")
    target = link_to(page, [quotation.text for quotation in quotations])
    return link(label, page=page, target=target)


def source_link_size(label: str, quotation: Quotation) -> Size:
    """Return what the link of ``quotation`` takes up with this label, if it is not pointed."""
    page = safe_url(quotation.url)
    if page is None:
        return Size(utf16_units(label) + 2)  # its brackets
    return link(label, page=page, target=page).size(Pointers.BARE, Pointers.ALL)


def headline_link(story: BriefingStory, *, today: date, texts: Texts) -> Span | None:
    """Return the link of a story that is its title alone: outlet and day, whatever day it is.

    The day is missing where it is not known. None where there is no address to lead to.
    """
    page = safe_url(story.url)
    if page is None:
        return None
    day = day_label(story.dated_at, today=today, texts=texts) if story.dated_at else ""
    marks = outlet_marks(
        texts,
        is_state_run=story.source in story.state_run,
        is_paywalled=story.is_paywalled,
    )
    label = ", ".join(filter(None, (_name(story.source, story.url), day))) + marks
    label = isolated(label, in_right_to_left=texts.is_right_to_left)
    return link(label, page=page, target=page)


def also_in_line(story: BriefingStory, texts: Texts) -> Line:
    """Return "Also in: Harbour Post, Velt Mail and 2 more", () if all outlets are quoted.

    Up to five are named. Their links are the first to go where a message has no room for all.
    """
    quoted = {quotation.source for quotation in (*story.sentences, *story.more)}
    reports = {report.source: report for report in story.also_in if report.source not in quoted}
    named = [report for report in reports.values() if _name(report.source, report.url)]
    if not named:
        return ()
    spans = [words(f"{texts._('Also in:')} ")]
    for place, report in enumerate(named[:_MAX_ALSO_IN]):
        marks = outlet_marks(
            texts,
            is_state_run=report.is_state_run or report.source in story.state_run,
            is_paywalled=report.is_paywalled,
        )
        label = isolated(
            _name(report.source, report.url) + marks, in_right_to_left=texts.is_right_to_left
        )
        page = safe_url(report.url)
        if place:
            spans.append(words(texts.join(("", ""), "plain")))
        spans.append(optional_link(label, page=page) if page else words(label))
    if (hidden := len(named) - _MAX_ALSO_IN) and hidden > 0:
        more = texts.ngettext("{n} more", "{n} more", hidden)
        spans.append(words(f"{texts.join(('', ''), 'plain')}{more}"))
    return tuple(spans)


def broken_line(line: Line, count: int) -> tuple[Line, ...]:
    """Return an "Also in" line in ``count`` lines, broken behind commas, or fewer if it is short.

    It takes up as much as before: a line break stands for the space behind a comma. ``line`` is
    one of ``also_in_line``'s, ``count`` 1 or more: ValueError or ZeroDivisionError otherwise.
    """
    lead, *rest = line
    outlets = rest[::2]
    size = max(1, -(-len(outlets) // count))
    lines = []
    for start in range(0, len(outlets), size):
        end = start + size
        spans = rest[2 * start : 2 * end]
        if end < len(outlets):
            spans[-1] = words(spans[-1].text.rstrip())
        lines.append((lead, *spans) if start == 0 else tuple(spans))
    return tuple(lines)


def _name(source: str, url: str) -> str:
    """Return an outlet's name as a link shows it, else its site, "" without either."""
    name = cut(one_line(source), _MAX_NAME_UNITS)
    if name:
        return name
    page = safe_url(url)
    return cut(host_of(page), _MAX_NAME_UNITS) if page else ""

"""A story as a reader sees it: title, sentences with their links, a quote with more."""

from datetime import date
from itertools import groupby

from bot.domain.briefing import BriefingStory, Quotation
from bot.render.limits import utf16_units
from bot.render.links import host_of, link_to, safe_url
from bot.render.markup import ARROW, Block, Line, Span, bold, italic, link, words
from bot.render.wording import cut, one_line
from bot.texts import Texts

__all__ = ["is_tellable", "shown_words", "story_block"]

# A publisher's title is shown whole up to here; what is longer is no headline.
_MAX_TITLE_UNITS = 300

# Of the 824 outlets in a catalogue of feeds, 811 have a name of up to 40 characters; the
# others go on with a slogan.
_MAX_NAME_UNITS = 40

# More outlets than this in one line read as a list, not as a warning.
_MAX_STATE_RUN_NAMES = 3


def story_block(story: BriefingStory, number: int, *, today: date, texts: Texts) -> Block:
    """Return ``story`` under its ``number``; ``today`` is the local date of the briefing.

    ``number`` counts from 1. Nothing is checked against the limits of a message: see
    ``fit_briefing``. Never raises, whatever titles, sentences and addresses hold.
    """
    title = cut(one_line(story.title), _MAX_TITLE_UNITS) or texts._("(no title)")
    head = [bold(f"{number}. {title}")]
    if story.updated_since is not None:
        day = texts.near_date(story.updated_since, today=today)
        head.append(words(f" · ↻ {texts._('new since {day}', day=day)}"))
    page = safe_url(story.url)
    if page is not None and not story.sentences:  # a headline alone still leads somewhere
        head += [words(" "), link(cut(host_of(page), _MAX_NAME_UNITS), page=page, target=page)]
    lines: list[Line] = [tuple(head)]
    # A line for each run of sentences from one article, its link at the end.
    for _, run in groupby(story.sentences, key=lambda quotation: quotation.url):
        quotations = tuple(run)
        told = " ".join(one_line(quotation.text) for quotation in quotations)
        label = _label(quotations[0], today=today, texts=texts)
        lines.append((words(f"{told} "), _source_link(label, *quotations)))
    coverage = _coverage(story, texts)
    if not story.more:
        return Block((*lines, (italic(coverage),)))
    # An arrow is enough behind a sentence of the source named above the quote or on the line
    # before: any other source is named, so that no one is given another's words.
    known = _label(story.sentences[-1], today=today, texts=texts) if story.sentences else ""
    quote: list[Line] = []
    for quotation in story.more:
        label = _label(quotation, today=today, texts=texts)
        is_linked = safe_url(quotation.url) is not None
        shown = ARROW if label == known and is_linked else label
        quote.append((words(f"{one_line(quotation.text)} "), _source_link(shown, quotation)))
        known = label
    return Block(tuple(lines), (*quote, (words(coverage),)))


def is_tellable(quotation: Quotation) -> bool:
    """Return whether a sentence is more than white space and controls (see ``one_line``)."""
    return bool(one_line(quotation.text))


def shown_words(story: BriefingStory) -> str:
    """Return what of ``story`` is read without opening its quote: title, then sentences."""
    return " ".join([story.title, *(quotation.text for quotation in story.sentences)])


def _source_link(label: str, *quotations: Quotation) -> Span:
    """Return a link that lands on ``quotations`` of one article, or its label in brackets."""
    page = safe_url(quotations[0].url)
    if page is None:
        return words(f"({label})")
    target = link_to(page, [quotation.text for quotation in quotations])
    return link(label, page=page, target=target)


def _label(quotation: Quotation, *, today: date, texts: Texts) -> str:
    name = cut(one_line(quotation.source), _MAX_NAME_UNITS)
    day = texts.short_date(quotation.dated_at, today=today)
    return f"{name}, {day}" if name else day


def _coverage(story: BriefingStory, texts: Texts) -> str:
    """Return who reports it: "6 sources · 3 countries", "1 source so far"."""
    facts = [
        texts._("1 source so far")
        if story.outlets <= 1
        else texts.ngettext("{n} source", "{n} sources", story.outlets)
    ]
    if story.countries > 1:
        facts.append(texts.ngettext("{n} country", "{n} countries", story.countries))
    if story.state_run:
        # Their names follow while they are few.
        state_run = texts.ngettext("{n} state-run", "{n} state-run", len(story.state_run))
        names = [cut(one_line(name), _MAX_NAME_UNITS) for name in story.state_run]
        is_named = len(names) <= _MAX_STATE_RUN_NAMES and all(map(utf16_units, names))
        facts.append(f"{state_run} ({', '.join(names)})" if is_named else state_run)
    return " · ".join(facts)

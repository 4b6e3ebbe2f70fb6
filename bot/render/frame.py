"""The frame around the stories: head, notices, topics without news, the end."""

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, Quiet, Section
from bot.render.limits import utf16_units
from bot.render.markup import Block, Line, Span, bold, italic, moment, words
from bot.render.story import shown_words
from bot.render.wording import cut, one_line
from bot.texts import Texts, explain

__all__ = [
    "MAX_HEAD_UNITS",
    "closing_blocks",
    "frame_units",
    "later_head",
    "opening_block",
    "section_line",
]

# The first line is what a phone shows of a message in its notification.
MAX_HEAD_UNITS = 35

# A topic's name, or the words of a reader's own query, in a heading.
_MAX_TOPIC_UNITS = 100

# What we have to say of a setting, or of a topic that could not be told.
_MAX_NOTICE_UNITS = 300

# Failed sources named in the line of a quiet topic; the rest is counted.
_MAX_FAILED_NAMES = 3

# Adults read 238 words of English non-fiction a minute in silence (Brysbaert 2019);
# a screen in the morning is read a little slower.
_WORDS_PER_MINUTE = 200

# An operator's word for invented news, the same in every language so that it can be
# looked for.
_SAMPLE = "SAMPLE"

# Scripts without spaces, in which two characters count as a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u9fff\uf900-\ufaff]")


def opening_block(briefing: Briefing, texts: Texts) -> Block:
    """Return the head of the first message, then its notices, each on a line of its own.

    The head is the longest form of up to 35 UTF-16 units, else the shortest there is. Notices
    say that it is late, that it catches up, then ``briefing.notices`` in order, each of these cut
    to 300 units. For a late briefing, raises KeyError (ZoneInfoNotFoundError), ValueError or
    OSError for what is no zone.
    """
    long, short = (texts.day(briefing.local_date, short=is_short) for is_short in (False, True))
    stories = briefing.stories
    if stories:
        count = texts.ngettext("{n} story", "{n} stories", len(stories))
        shown = " ".join(map(shown_words, stories))
        word_count = len(shown.split()) + len(_UNSPACED.findall(shown)) / 2
        reading_min = max(1, round(word_count / _WORDS_PER_MINUTE))
        minutes = texts.ngettext("{n} min", "{n} min", reading_min)
        bare = texts.short_date(briefing.local_date)
        timed = ([day, count, minutes] for day in (long, short, bare))
        head = _longest_fitting(briefing, *timed, [short, count], [bare, count], [bare])
    else:
        count = texts._("nothing new")
        head = _longest_fitting(briefing, [long, count], [short, count], [short])
    return Block(((words(head),), *((italic(notice),) for notice in _notices(briefing, texts))))


def later_head(briefing: Briefing, n: int, of: int, texts: Texts) -> Block:
    """Return the head of message ``n``, counted from 1, of ``of``, without notices.

    In up to 35 UTF-16 units where there is so short a form, else as short as can be.
    """
    place = f"{texts.number(n)}/{texts.number(of)}"
    days = texts.day(briefing.local_date), texts.short_date(briefing.local_date)
    return Block(((words(_longest_fitting(briefing, *([day, place] for day in days))),),))


def section_line(section: Section, texts: Texts) -> Line:
    """Return the heading of ``section``, empty if its name is blank.

    A name is cut to 100 UTF-16 units; our words stand around one that is the reader's own query.
    """
    name = cut(one_line(section.name), _MAX_TOPIC_UNITS)
    if name and section.own_words:
        name = texts._("Your words: “{words}”", words=name)
    return (bold(name),) if name else ()


def closing_blocks(briefing: Briefing, texts: Texts) -> list[Block]:
    """Return the lines of topics without news, in order, then of faults, and last the end.

    Where there are neither stories nor such lines, a line says so. The end names the next
    briefing, if there is one; then this raises KeyError (ZoneInfoNotFoundError), ValueError or
    OSError for what is no zone, and ValueError for a naive ``next_at``.
    """
    blocks = [_quiet_block(quiet, texts) for quiet in briefing.quiet]
    if briefing.left_out:
        missing = texts.ngettext(
            "{n} story could not be told: a fault on our side, noted.",
            "{n} stories could not be told: a fault on our side, noted.",
            len(briefing.left_out),
        )
        blocks.append(Block(((words(missing),),)))
    if not blocks and not briefing.stories:
        blocks = [Block(((words(texts._("Nothing new in your topics.")),),))]
    end: list[Span] = [bold(texts._("That's all."))]
    if briefing.next_at is not None:
        zone = ZoneInfo(briefing.zone)
        is_near = briefing.next_at.astimezone(zone).date() - briefing.local_date < timedelta(7)
        shown = texts.weekday_time if is_near else texts.date_time
        end.append(words(f" {texts._('Next:')} "))
        form = "wt" if is_near else "wdt"
        end.append(moment(shown(briefing.next_at, zone), briefing.next_at, form))
    return [*blocks, Block((tuple(end),))]


def frame_units(briefing: Briefing, texts: Texts) -> int:
    """Return the length of a one-message briefing without its stories, in UTF-16 units.

    Its head is taken at the longest. Raises what ``opening_block`` and ``closing_blocks`` do.
    """
    told = [section for section in briefing.sections if section.stories]
    lines = [*_notices(briefing, texts)]
    lines += [span.text for section in told for span in section_line(section, texts)]
    closing = closing_blocks(briefing, texts)
    units = (
        MAX_HEAD_UNITS + sum(map(utf16_units, lines)) + sum(block.size().units for block in closing)
    )
    # A blank line before each story and the closing, a line break elsewhere.
    return units + 2 * len(briefing.stories) + len(lines) + len(closing) + 1


def _quiet_block(quiet: Quiet, texts: Texts) -> Block:
    topic = cut(one_line(quiet.name), _MAX_TOPIC_UNITS)
    if quiet.reason is not None:
        why = cut(one_line(explain(quiet.reason, texts)), _MAX_NOTICE_UNITS)
        return Block(((words(f"{topic}: {why}"),),))
    line = texts._("{topic}: nothing new", topic=topic)
    details = []
    if quiet.held_back:
        details.append(
            texts.ngettext("{n} repeat held back", "{n} repeats held back", quiet.held_back)
        )
    if quiet.failed_sources:
        shown = quiet.failed_sources[:_MAX_FAILED_NAMES]
        names = [cut(one_line(name), _MAX_TOPIC_UNITS) for name in shown]
        if hidden := len(quiet.failed_sources) - len(names):
            names.append(texts.ngettext("{n} more", "{n} more", hidden))
        sources = texts.join(names)
        details.append(texts._("could not reach {sources}", sources=sources))
    return Block(((words(f"{line} ({'; '.join(details)})" if details else line),),))


def _longest_fitting(briefing: Briefing, *choices: list[str]) -> str:
    """Return the first of ``choices`` that is short enough for a head, or else the last."""
    mark = f"☀️ {_SAMPLE}" if briefing.sample else "☀️"
    separator = " · " if briefing.sample else " "
    heads = [mark + separator + " · ".join(choice) for choice in choices]
    fitting = (head for head in heads if utf16_units(head) <= MAX_HEAD_UNITS)
    return next(fitting, heads[-1])


def _notices(briefing: Briefing, texts: Texts) -> Iterator[str]:
    if briefing.late_since is not None:
        due = briefing.late_since.astimezone(ZoneInfo(briefing.zone))
        is_today = due.date() == briefing.local_date
        time = texts.time(due) if is_today else texts.date_time(due)
        yield texts._("Due {time}, late: it could not be sent in time.", time=time)
    if briefing.catch_up_since is not None:
        day = texts.day(briefing.catch_up_since)
        yield texts._("Catching up: the best since {day}.", day=day)
    for notice in briefing.notices:
        yield cut(one_line(explain(notice, texts)), _MAX_NOTICE_UNITS)

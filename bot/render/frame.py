"""The frame around the stories: the line below the first title, headings, lists, the end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, Quiet, Section
from bot.render.direction import isolated
from bot.render.limits import Size, utf16_units
from bot.render.markup import Block, Line, Span, bold, italic, moment, words
from bot.render.story import listed_line, shown_words
from bot.render.wording import cut, one_line
from bot.texts import Texts, explain

__all__ = [
    "MAX_HEAD_UNITS",
    "also_block",
    "closing_blocks",
    "frame_size",
    "later_head",
    "line_below_title",
    "quiet_blocks",
    "section_line",
]

# The first line is what a phone shows of a message in its notification.
MAX_HEAD_UNITS = 35

# A topic's name, or the words of a reader's own query, in a heading.
_MAX_TOPIC_UNITS = 100
# The same where topics share a line, and all of that line: what is left is counted.
_MAX_QUIET_NAME_UNITS = 40
_MAX_QUIET_UNITS = 300

# What we have to say of a setting, or of a topic that could not be told.
_MAX_NOTICE_UNITS = 300

# Titles of the day for a reader whose topics are quiet.
_MAX_TOP_TITLES = 3

# By so much the line below the title can grow once the stories are fewer than were counted.
_SPARE_UNITS = 10

# Adults read 238 words of English non-fiction a minute in silence (Brysbaert 2019);
# a screen in the morning is read a little slower.
_WORDS_PER_MINUTE = 200

# An operator's word for invented news, the same in every language so that it can be
# looked for.
_SAMPLE = "SAMPLE"

# What a reader's own words are found by.
_OWN_WORDS_SIGN = "🔎"

# Scripts without spaces, in which two characters count as a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u9fff\uf900-\ufaff]")


def line_below_title(briefing: Briefing, texts: Texts) -> Line:
    """Return the second line of a briefing with stories, in italics.

    It says, where that is so, that it is a sample, late and over a pause; then how many sources
    report the first story, how many stories are to come, and how long all that is seen takes to
    read. For a late briefing, raises KeyError (ZoneInfoNotFoundError), ValueError or OSError for
    what is no zone.
    """
    stories = briefing.stories
    facts = [*_marks(briefing, texts)]
    if stories[0].outlets > 1:
        facts.append(texts.ngettext("{n} source", "{n} sources", stories[0].outlets))
    if count := len(stories) - 1:
        facts.append(texts.ngettext("{n} more story", "{n} more stories", count))
    shown = " ".join(chain(map(shown_words, stories), (story.title for story in briefing.also)))
    word_count = len(shown.split())
    if not shown.isascii():
        word_count += len(_UNSPACED.findall(shown)) // 2
    minutes = max(1, round(word_count / _WORDS_PER_MINUTE))
    facts.append(texts.ngettext("{n} min", "{n} min", minutes))
    return (italic(" · ".join(facts)),)


def later_head(briefing: Briefing, n: int, of: int, texts: Texts) -> Block:
    """Return the head of message ``n``, counted from 1, of ``of``: its day and place.

    In up to 35 UTF-16 units where there is so short a form, else as short as can be.
    """
    place = f"{texts.number(n)}/{texts.number(of)}"
    sample = isolated(_SAMPLE, in_right_to_left=texts.is_right_to_left)
    mark = f"☀️ {sample} · " if briefing.sample else "☀️ "
    on = briefing.local_date
    days = (texts.day(on), texts.day(on, short=True), texts.short_date(on))
    heads = [f"{mark}{day} · {place}" for day in days]
    fitting = (head for head in heads if utf16_units(head) <= MAX_HEAD_UNITS)
    return Block(((words(next(fitting, heads[-1])),),))


def section_line(section: Section, texts: Texts) -> Line:
    """Return the heading of ``section``, empty if its name is blank.

    A name is cut to 100 UTF-16 units and stands behind the section's sign; one that is the
    reader's own query stands in quotation marks.
    """
    name = cut(one_line(section.name), _MAX_TOPIC_UNITS)
    if not name:
        return ()
    name = isolated(name, in_right_to_left=texts.is_right_to_left)
    sign = section.sign or (_OWN_WORDS_SIGN if section.own_words else "")
    if section.own_words:
        name = texts._("“{words}”", words=name)
    return (words(f"{sign} {name}" if sign else name),)


def also_block(briefing: Briefing, texts: Texts) -> Block | None:
    """Return the titles of ``briefing.also`` below "Also today", None if there are none."""
    if not briefing.also:
        return None
    lines = [listed_line(story.title, story.url, story.kind, texts) for story in briefing.also]
    return Block(((words(texts._("Also today")),), *lines))


def quiet_blocks(briefing: Briefing, texts: Texts) -> list[Block]:
    """Return a briefing without stories: one line, up to three titles of the day, what failed.

    The line names the topics that are quiet and the next briefing. Raises as ``closing_blocks``.
    """
    facts = [*_marks(briefing, texts)]
    said = " · ".join(facts) + " · " if facts else ""
    names = _names(_quiet(briefing), texts)
    if names:
        said += texts._("Quiet: {topics}.", topics=names)
    elif briefing.catch_up_since is not None:
        said += texts._("You missed nothing on your topics.")
    else:
        said += texts._("Nothing new in your topics.")
    line = (words(f"☀️ {said} "), *_end(briefing, texts))
    blocks = [Block((line,))]
    if titles := briefing.top_titles[:_MAX_TOP_TITLES]:
        lines = [listed_line(title, url, "news", texts) for title, url in titles]
        blocks.append(Block(((words(texts._("Top stories today")),), *lines)))
    if also := also_block(briefing, texts):
        blocks.append(also)
    return [*blocks, *_remark_blocks(briefing, texts)]


def closing_blocks(briefing: Briefing, texts: Texts) -> list[Block]:
    """Return the lines below the stories: topics told elsewhere or quiet, remarks, the end.

    Topics without news share a line, and so do those whose stories another section tells; one
    that could not be told has its own. The end names the next briefing, if there is one; then
    this raises KeyError (ZoneInfoNotFoundError), ValueError or OSError for what is no zone, and
    ValueError for a naive ``next_at``.
    """
    blocks = []
    if seen_elsewhere := _seen_elsewhere(briefing, texts):
        blocks.append(Block(((words(seen_elsewhere),),)))
    if names := _names(_quiet(briefing), texts):
        blocks.append(Block(((words(texts._("Quiet: {topics}.", topics=names)),),)))
    return [*blocks, *_remark_blocks(briefing, texts), Block((_end(briefing, texts),))]


def frame_size(briefing: Briefing, texts: Texts) -> Size:
    """Return what a one-message briefing takes up beside its stories and what it lists.

    With every heading, and the line below the title at its longest. Raises as ``closing_blocks``.
    """
    opening = Block((line_below_title(briefing, texts),)).size()
    size = opening + Size(units=_SPARE_UNITS + len("☀️ "))
    for section in briefing.sections:
        line = section_line(section, texts)
        if section.stories and line:
            size += Block((line,)).size() + Size(units=1)
    # The first section may be left with the story that opens the briefing, and is named then.
    first, *rest = (section for section in briefing.sections if section.stories)
    fewest = replace(briefing, sections=(replace(first, stories=first.stories[:1]), *rest))
    for block in closing_blocks(fewest, texts):
        size += block.size() + Size(units=1)
    # A blank line before each story, and before the closing.
    return size + Size(units=2 * len(briefing.stories) + 1)


def _remark_blocks(briefing: Briefing, texts: Texts) -> Iterator[Block]:
    """Yield what could not be told, and what the reader should know of their settings."""
    for quiet in briefing.quiet:
        if quiet.reason is not None:
            topic = cut(one_line(quiet.name), _MAX_TOPIC_UNITS)
            topic = isolated(topic, in_right_to_left=texts.is_right_to_left)
            why = cut(one_line(explain(quiet.reason, texts)), _MAX_NOTICE_UNITS)
            yield Block(((words(f"{topic}: {why}"),),))
    if briefing.left_out:
        missing = texts.ngettext(
            "{n} story could not be told: a fault on our side, noted.",
            "{n} stories could not be told: a fault on our side, noted.",
            len(briefing.left_out),
        )
        yield Block(((words(missing),),))
    for notice in briefing.notices:
        said = cut(one_line(explain(notice, texts)), _MAX_NOTICE_UNITS)
        yield Block(((italic(said),),))


def _end(briefing: Briefing, texts: Texts) -> Line:
    end: list[Span] = [bold(texts._("That's all."))]
    if briefing.next_at is not None:
        zone = ZoneInfo(briefing.zone)
        is_near = briefing.next_at.astimezone(zone).date() - briefing.local_date < timedelta(7)
        shown = texts.weekday_time if is_near else texts.date_time
        end.append(words(f" {texts._('Next:')} "))
        form = "wt" if is_near else "wdt"
        end.append(moment(shown(briefing.next_at, zone), briefing.next_at, form))
    return tuple(end)


def _marks(briefing: Briefing, texts: Texts) -> Iterator[str]:
    """Yield what is unusual about an edition: that it is invented, late, or over a pause."""
    if briefing.sample:
        yield isolated(_SAMPLE, in_right_to_left=texts.is_right_to_left)
    if briefing.late_since is not None:
        due = briefing.late_since.astimezone(ZoneInfo(briefing.zone))
        is_today = due.date() == briefing.local_date
        time = texts.time(due) if is_today else texts.date_time(due)
        yield texts._("late, due {time}", time=time)
    if briefing.catch_up_since is not None:
        day = texts.day(briefing.catch_up_since, short=True)
        yield texts._("the best since {day}", day=day)


def _seen_elsewhere(briefing: Briefing, texts: Texts) -> str:
    """Return "North Korea: see 1 · Climate: see 2", "" if every topic has its own stories below.

    So are named a topic whose stories another section tells, and one of several whose only
    story opens the briefing, above all headings.
    """
    number_of = {story.story_id: n for n, story in enumerate(briefing.stories, 1)}
    told = [section for section in briefing.sections if section.stories]
    wanted: list[tuple[str, Sequence[int]]] = []
    if told and len(told[0].stories) == 1 and len(told) + len(briefing.quiet) > 1:
        wanted.append((told[0].name, (told[0].stories[0].story_id,)))
    wanted += [(s.name, s.see) for s in briefing.sections if not s.stories]
    wanted += [(q.name, q.see) for q in briefing.quiet]
    shown = []
    for name, story_ids in wanted:
        numbers = sorted({number_of[known] for known in story_ids if known in number_of})
        topic = cut(one_line(name), _MAX_QUIET_NAME_UNITS)
        if numbers and topic:
            topic = isolated(topic, in_right_to_left=texts.is_right_to_left)
            stories = texts.join(map(texts.number, numbers), "plain")
            shown.append(texts._("{topic}: see {stories}", topic=topic, stories=stories))
    return _within(shown, " · ", texts)


def _quiet(briefing: Briefing) -> list[Quiet]:
    """Return the topics without news, for no reason, and told nowhere else."""
    told = {story.story_id for story in briefing.stories}
    return [q for q in briefing.quiet if q.reason is None and told.isdisjoint(q.see)]


def _names(quiet: Sequence[Quiet], texts: Texts) -> str:
    """Return the names of topics, separated by commas; those beyond 300 units are counted."""
    names = [cut(one_line(topic.name), _MAX_QUIET_NAME_UNITS) for topic in quiet]
    shown = [isolated(n, in_right_to_left=texts.is_right_to_left) for n in names if n]
    return _within(shown, texts.join(("", ""), "plain"), texts)


def _within(items: Sequence[str], separator: str, texts: Texts) -> str:
    """Return ``items`` joined, those beyond 300 units counted: "A, B and 2 more"."""
    units = 0
    for place, item in enumerate(items):
        units += utf16_units(item) + len(separator)
        if units > _MAX_QUIET_UNITS:
            more = texts.ngettext("{n} more", "{n} more", len(items) - place)
            return separator.join((*items[:place], more))
    return separator.join(items)

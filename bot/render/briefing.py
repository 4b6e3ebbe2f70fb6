"""The messages of an edition."""

from dataclasses import dataclass

from bot.domain.briefing import Briefing
from bot.domain.message import Message
from bot.render.fit import fit_briefing
from bot.render.frame import later_head, opening_block
from bot.render.limits import GOAL_UNITS, TELEGRAM_LIMITS, MessageLimits
from bot.render.parts import split
from bot.texts import Texts

__all__ = ["Rendered", "render_briefing", "render_edition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A briefing in messages, and what of it they show.

    ``briefing`` is the briefing with only the sentences that found room: what was quoted and
    told. ``message_of`` has, for each of its stories in reading order, the index of the
    message that tells it.
    """

    messages: tuple[Message, ...]
    briefing: Briefing
    message_of: tuple[int, ...]


def render_briefing(
    briefing: Briefing, texts: Texts, *, goal_units: int = GOAL_UNITS
) -> list[Message]:
    """Return the messages that tell ``briefing``, in order: those of ``render_edition``.

    ``goal_units`` is in UTF-16 units; any number of characters may be seen without opening a
    quote. CPU work and errors as there.
    """
    rendered = render_edition(briefing, texts, goal_units=goal_units)
    return list(rendered.messages)


def render_edition(
    briefing: Briefing,
    texts: Texts,
    *,
    goal_units: int = GOAL_UNITS,
    max_seen_chars: int | None = None,
    limits: MessageLimits = TELEGRAM_LIMITS,
) -> Rendered:
    """Return ``briefing`` in messages, at least one, even of no news.

    Each message is within ``limits`` and valid for Telegram, whatever titles, sentences,
    names and addresses hold. What is left out to get there, and to come near ``goal_units``
    (UTF-16) and ``max_seen_chars`` (seen without opening a quote; None is any number), is what
    ``fit_briefing`` leaves out. ``limits`` must have room for a lone headline below the head and
    its notices, some 1,000 units and 300 a notice: else messages may be over them.

    CPU work, without I/O, that grows with the sentences left out. Where a time is to be shown,
    raises KeyError (ZoneInfoNotFoundError), ValueError or OSError for what is no zone, and
    ValueError for a naive ``next_at``.
    """
    briefing = fit_briefing(
        briefing, texts, goal_units=goal_units, max_seen_chars=max_seen_chars, limits=limits
    )
    drafts = split(briefing, texts, limits)
    heads = [opening_block(briefing, texts)]
    heads += [later_head(briefing, n, len(drafts), texts) for n in range(2, len(drafts) + 1)]
    messages = [
        Message(html=draft.html(head), plain=draft.plain(head))
        for draft, head in zip(drafts, heads, strict=True)
    ]
    message_of = tuple(n for n, draft in enumerate(drafts) for _ in range(draft.story_count))
    return Rendered(messages=tuple(messages), briefing=briefing, message_of=message_of)

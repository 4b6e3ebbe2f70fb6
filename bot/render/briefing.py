"""The messages of an edition."""

from dataclasses import dataclass

from bot.domain.briefing import Briefing
from bot.domain.message import Message
from bot.render.fit import fit_briefing
from bot.render.limits import GOAL_UNITS, TELEGRAM_LIMITS, MessageLimits
from bot.render.parts import heads, split
from bot.texts import Texts

__all__ = ["Rendered", "render_briefing", "render_edition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A briefing in messages, and what of it they show.

    ``briefing`` is the briefing with only the sentences that found room, in the order in which it
    is read, and the titles that are listed: what was quoted and told. ``message_of`` has, for each
    of its stories in reading order, the index of the message that tells it.
    """

    messages: tuple[Message, ...]
    briefing: Briefing
    message_of: tuple[int, ...]


def render_briefing(
    briefing: Briefing, texts: Texts, *, goal_units: int | None = GOAL_UNITS
) -> list[Message]:
    """Return the messages that tell ``briefing``, in order: those of ``render_edition``.

    ``goal_units`` is in UTF-16 units, None for any number; as many may be seen without opening a
    quote. CPU work and errors as there.
    """
    rendered = render_edition(briefing, texts, goal_units=goal_units)
    return list(rendered.messages)


def render_edition(
    briefing: Briefing,
    texts: Texts,
    *,
    goal_units: int | None = GOAL_UNITS,
    max_seen_units: int | None = None,
    limits: MessageLimits = TELEGRAM_LIMITS,
) -> Rendered:
    """Return ``briefing`` in messages, at least one, even of no news.

    Each message is within ``limits`` and valid for Telegram, whatever titles, sentences,
    names and addresses hold. What is left out, moved into quotes or listed by its title to get
    there, and to stay within ``goal_units`` and ``max_seen_units`` (UTF-16; None is any number),
    is what ``fit_briefing`` says. ``limits`` must have room for a lone headline below the head,
    some 1,000 units: else messages may be over them.

    CPU work, without I/O, linear in the sentences. Where a time is to be shown, raises KeyError
    (ZoneInfoNotFoundError), ValueError or OSError for what is no zone, and ValueError for a naive
    ``next_at``.
    """
    briefing = fit_briefing(
        briefing, texts, goal_units=goal_units, max_seen_units=max_seen_units, limits=limits
    )
    drafts = split(briefing, texts, limits)
    messages = [
        Message(html=draft.html(head), plain=draft.plain(head))
        for draft, head in zip(drafts, heads(briefing, drafts, texts), strict=True)
    ]
    message_of = tuple(n for n, draft in enumerate(drafts) for _ in range(draft.story_count))
    return Rendered(messages=tuple(messages), briefing=briefing, message_of=message_of)

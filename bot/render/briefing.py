"""The messages of an edition."""

from bot.domain.briefing import Briefing
from bot.domain.message import Message
from bot.render.buttons import button_row
from bot.render.fit import fit_briefing
from bot.render.frame import later_head, opening_block
from bot.render.limits import GOAL_UNITS
from bot.render.parts import split
from bot.texts import Texts

__all__ = ["render_briefing"]


def render_briefing(
    briefing: Briefing, texts: Texts, *, goal_units: int = GOAL_UNITS, buttons: bool = False
) -> list[Message]:
    """Return the messages that tell ``briefing``, in order; at least one, even of no news.

    Each is valid for Telegram, whatever titles, sentences, names and addresses hold:
    at most 4096 UTF-16 units and 100 entities. What is left out to get there, and to
    come near ``goal_units``, is what ``fit_briefing`` leaves out. ``buttons`` puts the
    row of buttons below the last message.
    """
    fitted = fit_briefing(briefing, texts, goal_units=goal_units)
    parts = split(fitted, texts)
    heads = [opening_block(fitted, texts)]
    heads += [later_head(fitted, n, len(parts), texts) for n in range(2, len(parts) + 1)]
    messages = [
        Message(html=part.html(head), plain=part.plain(head))
        for part, head in zip(parts, heads, strict=True)
    ]
    if buttons:
        last = messages[-1]
        keyboard = button_row(briefing.edition_id, texts)
        messages[-1] = Message(html=last.html, plain=last.plain, keyboard=keyboard)
    return messages

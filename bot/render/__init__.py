"""Briefing → messages, as docs/decisions/0060 describes them. Pure."""

from bot.render.briefing import Rendered, render_briefing, render_edition
from bot.render.fit import fit_briefing, max_seen_for
from bot.render.limits import GOAL_UNITS

__all__ = [
    "GOAL_UNITS",
    "Rendered",
    "fit_briefing",
    "max_seen_for",
    "render_briefing",
    "render_edition",
]

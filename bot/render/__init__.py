"""Briefing → messages, as docs/decisions/0060 describes them. Pure."""

from bot.render.briefing import render_briefing
from bot.render.fit import fit_briefing, goal_for
from bot.render.limits import GOAL_UNITS

__all__ = ["GOAL_UNITS", "fit_briefing", "goal_for", "render_briefing"]

"""Try it here, no account: a Bot API on loopback, a chat page, a sample newsroom."""

from bot.tryout.clock import ShiftableClock
from bot.tryout.server import Tryout

__all__ = ["ShiftableClock", "Tryout"]

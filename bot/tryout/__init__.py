"""Everything to try the bot without an account: a Bot API on loopback, a chat page, sample news."""

from bot.tryout.clock import ShiftableClock
from bot.tryout.server import Tryout

__all__ = ["ShiftableClock", "Tryout"]

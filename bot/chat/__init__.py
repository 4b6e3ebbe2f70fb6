"""The reader speaks to us: the python-telegram-bot edge. Handlers parse, run a use case, answer."""

from bot.chat.handlers import Handlers
from bot.chat.lanes import Lanes
from bot.chat.throttle import Throttle
from bot.chat.updates import LongPoll, PollRequest, UpdateCounts

__all__ = ["Handlers", "Lanes", "LongPoll", "PollRequest", "Throttle", "UpdateCounts"]

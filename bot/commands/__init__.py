"""What a reader can ask for: one module a use case, no telegram."""

from bot.commands.dispatcher import ButtonAnswer, Dispatcher
from bot.commands.privacy import Export
from bot.commands.request import Request, say

__all__ = ["ButtonAnswer", "Dispatcher", "Export", "Request", "say"]

"""What a reader can ask for: the registry of commands, and one module a use case."""

from bot.commands.dispatcher import ButtonAnswer, Dispatcher
from bot.commands.privacy import Export
from bot.commands.registry import Command, MenuScope, Role, UseCases, listed, menu
from bot.commands.request import NO_LANE, PATIENCE_S, Lane, Request, plain_message

__all__ = [
    "NO_LANE",
    "PATIENCE_S",
    "ButtonAnswer",
    "Command",
    "Dispatcher",
    "Export",
    "Lane",
    "MenuScope",
    "Request",
    "Role",
    "UseCases",
    "listed",
    "menu",
    "plain_message",
]

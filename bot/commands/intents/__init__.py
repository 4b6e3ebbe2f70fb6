"""What a plain text asks for, by rules and tables of words; pure: no I/O but its own tables."""

from bot.commands.intents.reading import Intent, Meaning, read_meaning
from bot.commands.intents.spelling import TypedCommand, nearest, typed_commands
from bot.commands.intents.subjects import (
    NameMeaning,
    is_whole_country,
    may_mean,
    near_topics,
    topic_named,
)

__all__ = [
    "Intent",
    "Meaning",
    "NameMeaning",
    "TypedCommand",
    "is_whole_country",
    "may_mean",
    "near_topics",
    "nearest",
    "read_meaning",
    "topic_named",
    "typed_commands",
]

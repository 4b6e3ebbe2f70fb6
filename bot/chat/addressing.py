"""Who speaks in a group, and whether to the bot."""

from telegram import Bot, Message
from telegram.constants import MessageEntityType

__all__ = ["is_of_machine", "said_to"]

_MENTIONS: list[str | None] = [MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION]


def is_of_machine(message: Message) -> bool:
    """Return whether no person sent a message: another bot did, or a channel linked to the group.

    An admin who stays anonymous writes by a bot of Telegram's, in the name of the group. No I/O.
    """
    author = message.from_user
    is_bots = author is not None and author.is_bot and message.sender_chat is None
    return is_bots or bool(message.is_automatic_forward)


def said_to(message: Message, bot: Bot) -> str | None:
    """Return what a message says to the bot, without its mention; None if it is not for it.

    It is if it mentions the bot or replies to a message of its own. No I/O.
    """
    text, is_called = message.text or message.caption or "", False
    parse = message.parse_entities if message.text else message.parse_caption_entities
    name = f"@{bot.username}".lower()
    for entity, called in parse(_MENTIONS).items():
        if called.lower() == name or (entity.user is not None and entity.user.id == bot.id):
            text, is_called = text.replace(called, " ", 1), True
    answered = message.reply_to_message
    # Whatever is written in a topic of a forum answers the message that made the topic.
    if answered is not None and answered.forum_topic_created is None:
        is_called |= answered.from_user is not None and answered.from_user.id == bot.id
    return " ".join(text.split()) if is_called else None

"""Whether an update has the shape in which the Bot API gives what we read of it.

python-telegram-bot (22.8) takes a value of any type for most fields, and none for many that are
always there: a text that is a number would break whoever reads it. What we do not read may be
anything, and what Telegram adds is not minded.
"""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["check_update"]

# Ids of chats and people have at most 52 bits; those of messages and threads are int32.
_MAX_ID = 2**52

Check = Callable[[Any], None]


def check_update(raw: Mapping[str, Any]) -> None:
    """Raise TypeError if a field of ``raw``, an update's JSON, cannot be what Telegram says it is.

    null counts as missing. A message within a message is looked at, too: RecursionError if they
    are nested too deep. Linear in the fields that are read.
    """
    _UPDATE(raw)


def _of(kind: type) -> Check:
    def check(value: Any) -> None:
        if type(value) is not kind:  # True is no number
            raise TypeError(kind.__name__)

    return check


def _id(value: Any) -> None:
    if type(value) is not int or abs(value) > _MAX_ID:
        raise TypeError("id")


def _number(value: Any) -> None:
    if type(value) not in (int, float):
        raise TypeError("number")


def _object(needed: Mapping[str, Check], known: Mapping[str, Check]) -> Check:
    """Return a check of an object that has all of ``needed``, and perhaps some of ``known``."""

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise TypeError("object")
        for name, field in needed.items():
            field(value.get(name))
        for name, field in known.items():
            if value.get(name) is not None:
                field(value[name])

    return check


def _each(item: Check) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise TypeError("list")
        for element in value:
            item(element)

    return check


def _message(value: Any) -> None:
    _MESSAGE(value)


_text, _bool, _int = _of(str), _of(bool), _of(int)

_USER = _object(
    {"id": _id},
    {"is_bot": _bool, "first_name": _text, "username": _text, "language_code": _text},
)
_CHAT = _object({"id": _id, "type": _text}, {"title": _text, "username": _text, "is_forum": _bool})
_ENTITIES = _each(_object({"type": _text, "offset": _int, "length": _int}, {"url": _text}))
_MESSAGE = _object(
    {"message_id": _int, "chat": _CHAT},
    {
        **dict.fromkeys(("text", "caption", "media_group_id"), _text),
        **dict.fromkeys(("message_thread_id", "migrate_to_chat_id", "migrate_from_chat_id"), _id),
        **dict.fromkeys(("is_topic_message", "is_automatic_forward"), _bool),
        **dict.fromkeys(("entities", "caption_entities"), _ENTITIES),
        "from": _USER,
        "sender_chat": _CHAT,
        "reply_to_message": _message,
        "new_chat_members": _each(_USER),
        "left_chat_member": _USER,
        "location": _object({"latitude": _number, "longitude": _number}, {}),
    },
)
_PRESS = _object(
    {"id": _text, "from": _USER},
    {"data": _text, "inline_message_id": _text, "message": _MESSAGE},
)
_MEMBER = _object({"status": _text, "user": _USER}, {})
_CHANGE = _object(
    {"chat": _CHAT, "from": _USER, "old_chat_member": _MEMBER, "new_chat_member": _MEMBER}, {}
)
_UPDATE = _object(
    {},
    {
        **dict.fromkeys(("message", "edited_message"), _MESSAGE),
        **dict.fromkeys(("channel_post", "edited_channel_post"), _MESSAGE),
        **dict.fromkeys(("my_chat_member", "chat_member"), _CHANGE),
        "callback_query": _PRESS,
    },
)

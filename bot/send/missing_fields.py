"""Objects of the Bot API that lack a field which python-telegram-bot cannot do without.

A Bot API server may be older than the library, or newer: fields come and go. The library (22.8)
refuses a whole object then, and with it the update or the answer that holds it, such as a
restricted member without ``can_react_to_messages`` or a poll without ``allows_revoting``.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from telegram import ChatFullInfo, ChatMember, Message

__all__ = ["completed", "completed_answer"]

_Object = TypeVar("_Object")

# What its constructors say of a field that is missing, with and without a default in Python.
_MISSING = re.compile(r"missing \d{1,3} required positional arguments?: (.*)", re.DOTALL)
_REQUIRED = re.compile(r"`(\w{1,64})` is (?:a )?required")
_NAME = re.compile(r"'(\w{1,64})'")
# Without these an object says nothing: it is refused as before.
_ESSENTIAL = frozenset({
    "chat", "chat_instance", "date", "first_name", "from_user", "id", "message_id",
    "new_chat_member", "old_chat_member", "status", "type", "update_id", "user",
})  # fmt: skip
# What a message of text holds: values, and objects that never lost a field.
_TEXT_FIELDS = frozenset({
    "message_id", "message_thread_id", "is_topic_message", "from", "chat", "date", "edit_date",
    "text", "entities", "reply_markup", "reply_to_message",
})  # fmt: skip
_AUTHOR_FIELDS = frozenset({"id", "is_bot", "first_name"})
# Of objects within objects, each is completed in its turn.
_MAX_ROUNDS = 20


def completed(raw: Any, read: Callable[[Any], _Object]) -> tuple[Any, _Object]:
    """Return ``raw``, JSON of the Bot API, with what ``read`` needs, and what it is read as.

    Missing fields are false, which python-telegram-bot takes for zero, for nothing and for an
    empty list alike; they are added to every object within that lacks them, where they mean
    nothing. ``raw`` itself stays as it is, and is what is returned if it lacks nothing. Raises
    what ``read`` raises for any other fault, and for a field without which an object says nothing.
    """
    for _ in range(_MAX_ROUNDS):
        try:
            return raw, read(raw)
        except TypeError as error:
            said = str(error)
            found = _MISSING.search(said)
            names = {*_NAME.findall(found[1])} if found else {*_REQUIRED.findall(said)}
            if not names or names & _ESSENTIAL:
                raise
            raw = _filled(raw, names)
    return raw, read(raw)


def completed_answer(answer: Any) -> Any:
    """Return an answer of the Bot API whose result python-telegram-bot can read, if it could.

    Messages, members and chats are completed, others are returned as they are. Never raises. A
    message of text, as most are that we send, is not read for it.
    """
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict) or _is_text(result):
        return answer
    if "message_id" in result:
        kind: Any = Message
    elif "status" in result and "user" in result:
        kind = ChatMember
    elif "accent_color_id" in result or "max_reaction_count" in result:
        kind = ChatFullInfo
    else:
        return answer
    try:
        return answer | {"result": completed(result, kind.de_json)[0]}
    except Exception:  # noqa: BLE001 - whoever asked gets to know what is wrong with it
        return answer


def _is_text(message: Any) -> bool:
    """Return whether a message lacks nothing at a glance: text of somebody, or an answer to such.

    Objects in it that fields come and go of are none of those listed.
    """
    if not isinstance(message, dict) or not message.keys() <= _TEXT_FIELDS:
        return False
    author = message.get("from")
    if not isinstance(author, dict) or not author.keys() >= _AUTHOR_FIELDS:
        return False
    answered = message.get("reply_to_message")
    return answered is None or _is_text(answered)


def _filled(raw: Any, names: set[str]) -> Any:
    if isinstance(raw, list):
        return [_filled(item, names) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return dict.fromkeys(names, False) | {key: _filled(item, names) for key, item in raw.items()}

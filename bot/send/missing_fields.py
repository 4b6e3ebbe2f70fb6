"""Objects of the Bot API that lack a field which python-telegram-bot cannot do without.

A Bot API server may be older than the library, or newer: fields come and go. The library (22.8)
refuses a whole object then, and with it the update or the answer that holds it, such as a
restricted member without ``can_react_to_messages`` or a poll without ``allows_revoting``.
"""

import re
from collections.abc import Callable
from typing import Any

from telegram import ChatFullInfo, ChatMember, Message

__all__ = ["completed", "completed_answer"]

# What its constructors say of a field that is missing, with and without a default in Python.
_MISSING = re.compile(r"missing \d{1,3} required positional arguments?: (.*)", re.DOTALL)
_REQUIRED = re.compile(r"`(\w{1,64})` is (?:a )?required")
_NAME = re.compile(r"'(\w{1,64})'")
# Without these an object says nothing: it is refused as before.
_ESSENTIAL = frozenset({
    "chat", "chat_instance", "date", "first_name", "from_user", "id", "message_id",
    "new_chat_member", "old_chat_member", "status", "type", "update_id", "user",
})  # fmt: skip
# Of objects within objects, each is completed in its turn.
_MAX_ROUNDS = 20


def completed(raw: Any, read: Callable[[Any], object]) -> Any:
    """Return ``raw``, JSON of the Bot API, with what it needs for ``read`` to accept it.

    Missing fields are false, which python-telegram-bot takes for zero, for nothing and for an
    empty list alike; they are added to every object within that lacks them, where they mean
    nothing. ``raw`` itself stays as it is. Raises what ``read`` raises for any other fault, and
    for a field without which an object says nothing.
    """
    for _ in range(_MAX_ROUNDS):
        try:
            read(raw)
        except TypeError as error:
            said = str(error)
            found = _MISSING.search(said)
            names = {*_NAME.findall(found[1])} if found else {*_REQUIRED.findall(said)}
            if not names or names & _ESSENTIAL:
                raise
            raw = _filled(raw, names)
        else:
            return raw
    read(raw)
    return raw


def completed_answer(answer: Any) -> Any:
    """Return an answer of the Bot API whose result python-telegram-bot can read, if it could.

    Messages, members and chats are completed, others are returned as they are. Never raises.
    """
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
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
        return answer | {"result": completed(result, kind.de_json)}
    except Exception:  # noqa: BLE001 - whoever asked gets to know what is wrong with it
        return answer


def _filled(raw: Any, names: set[str]) -> Any:
    if isinstance(raw, list):
        return [_filled(item, names) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return dict.fromkeys(names, False) | {key: _filled(item, names) for key, item in raw.items()}

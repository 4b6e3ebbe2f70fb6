"""Updates that tell the bot what it is in a chat from now on, and posts of channels."""

from typing import Any

from tests.fakes.wire import BOT, Json

__all__ = ["channel", "group", "membership_update", "post_update"]

# What the Bot API always sends of these memberships.
_RIGHTS = (
    *("can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "is_anonymous"),
)
_MAY = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos"),
    *("can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls"),
    *("can_send_other_messages", "can_add_web_page_previews", "can_change_info"),
    *("can_invite_users", "can_pin_messages", "can_manage_topics", "can_edit_tag"),
    "can_react_to_messages",
)


def group(chat_id: int) -> Json:
    """Return a supergroup."""
    return {"id": chat_id, "type": "supergroup", "title": f"Group {-chat_id}"}


def channel(chat_id: int) -> Json:
    """Return a channel."""
    return {"id": chat_id, "type": "channel", "title": f"Channel {-chat_id}"}


def membership_update(
    chat: Json, old: str, new: str, *, user_id: int, language: str = "en", **rights: Any
) -> Json:
    """Return an update (without ``update_id``): a person made the bot ``new`` where it was ``old``.

    ``rights`` are fields of the new membership that differ from the usual.
    """
    person = {"id": user_id, "is_bot": False, "first_name": "P", "language_code": language}
    return {
        "my_chat_member": {
            "chat": chat,
            "from": person,
            "date": 1749101400,
            "old_chat_member": _member(old),
            "new_chat_member": _member(new) | rights,
        }
    }


def post_update(text: str, chat: Json) -> Json:
    """Return an update (without ``update_id``) with a post of a channel."""
    return {
        "channel_post": {
            "message_id": 1,
            "date": 1749101400,
            "chat": chat,
            "sender_chat": chat,
            "text": text,
        }
    }


def _member(status: str) -> Json:
    extra: dict[str, Json] = {
        "kicked": {"until_date": 0},
        "administrator": dict.fromkeys(_RIGHTS, False),
        "restricted": dict.fromkeys(_MAY, True) | {"until_date": 0, "is_member": True},
    }
    return {"status": status, "user": BOT, **extra.get(status, {})}

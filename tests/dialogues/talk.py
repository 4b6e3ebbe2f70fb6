"""A dialogue under way: each step as an update to the house, and the rows it leaves.

Several dialogues share one house: their chats and people get numbers of their own, and the clock
is set back before each. The numbers in a dialogue are those it would have alone.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.send import telegram_address
from tests.fakes.clock import START
from tests.fakes.house import House
from tests.fakes.membership import channel, group, membership_update, post_update
from tests.fakes.wire import BOT, Json, message_update, press_update

__all__ = ["ADMIN", "Talk"]

ADMIN = 7
# More chats than a dialogue has, so that no two dialogues share a number.
_APART = 1_000
_ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "Anonymous"}
_MACHINE = {"id": 99, "is_bot": True, "first_name": "B", "username": "b_bot"}
_OTHER = {"id": -1009, "type": "channel", "title": "Other"}
_FEED = '<rss version="2.0"><channel><title>{title}</title></channel></rss>'
_PLACES = {"group": group, "channel": channel}
Step = Mapping[str, Any]


class Talk:
    """One dialogue, the ``number``-th of its house."""

    def __init__(self, house: House, dialogue: Step, number: int = 0) -> None:
        self.house = house
        self._dialogue = dialogue
        self._number = number
        self._tapped: tuple[str, Json] | None = None
        self._said = 0
        house.clock.move_to(START)
        for chat in {self._chat(step) for step in dialogue["steps"]}:
            if chat < 0:
                house.wire.members[self._own(chat), self._own(ADMIN)] = "administrator"

    def chat_of(self, step: Step) -> int:
        """Return the chat, as the wire numbers it, in which a step is answered."""
        return self._own(self._chat(step))

    def buttons(self, chat: int) -> dict[str, str]:
        """Return what the buttons below the newest message of ``chat`` carry, by label.

        A link carries its address.
        """
        found: Any = self.house.wire.sent(chat)[-1].get("reply_markup") or {}
        found = json.loads(found) if isinstance(found, str) else found
        rows = found.get("inline_keyboard", [])
        return {
            button["text"]: button.get("callback_data") or button["url"]
            for row in rows
            for button in row
        }

    async def act(self, step: Step) -> list[str] | None:
        """Do a step; return the answers: new messages, or what a tap made of the old one.

        None where nobody spoke: minutes passed, somebody's rank changed.
        """
        chat = self.chat_of(step)
        if "wait" in step or "rank" in step:
            self.house.clock.advance(timedelta(minutes=step.get("wait", 0)))
            for user, rank in step.get("rank", {}).items():
                self.house.wire.members[chat, self._own(int(user))] = rank
            return None
        if "morning" in step:
            before = self.house.wire.texts(chat)
            await self.house.morning()
            return self.house.wire.texts(chat)[len(before) :]
        if step.keys() & {"tap", "again", "press"}:
            return await self._tap(step, chat)
        return await self.house.take(await self._update(step, chat))

    async def rows(self, step: Step) -> dict[str, Any] | None:
        """Return what is stored of the chat of ``step`` or its ``rows_of``; None for nothing."""
        chat = self._own(step.get("rows_of", self._chat(step)))
        thread = step.get("with", {}).get("message_thread_id", 0)
        found = await self.house.app.store.chats.find_room(telegram_address(chat, thread))
        data = json.loads(await self.house.known(chat, thread) or "{}")
        if not data or found is None:
            return None
        room, zone = data["rooms"][0], data["chat"]["zone"]
        if thread:
            room = next(one for one in data["rooms"] if one.get("thread") == thread)
        schedules = [one["schedule"] for one in room["schedules"]]
        times = {one["local_time"][:5]: sorted(one["days"]) for one in schedules}
        return {
            "topics": [_named(one) for one in room["subscriptions"]],
            "times": {at: "".join(map(str, days)) for at, days in times.items()},
            "zone": zone if data["chat"]["zone_known"] else "",
            "language": found.language,
            "state": found.chat.state.value,
            "paused": self._pause(room["settings"].get("paused_until"), zone),
            "settings": {
                name: value
                for name, value in room["settings"].items()
                if name not in {"paused_until", "chosen"}
            },
        }

    def _pause(self, until: str | None, zone: str) -> str:
        ends = datetime.fromisoformat(until) if until else None
        if ends is None or ends <= self.house.clock.now():
            return ""
        day = ends.astimezone(ZoneInfo(zone or "UTC")).date()
        return "open" if ends.year == 9999 else day.isoformat()

    def _chat(self, step: Step) -> int:
        return int(step.get("chat", self._dialogue.get("chat", 1)))

    def _own(self, number: int) -> int:
        return number + (_APART if number > 0 else -_APART) * self._number

    def _user(self, step: Step, chat: int) -> int:
        user = step.get("user", self._dialogue.get("user"))
        return abs(chat) if user is None else self._own(user)

    async def _update(self, step: Step, chat: int) -> Json:
        user = self._user(step, chat)
        language = step.get("language", self._dialogue["language"])
        if "become" in step:
            place = _PLACES.get(step.get("kind", ""), lambda one: {"id": one, "type": "private"})
            old, new = step["become"]
            return membership_update(
                place(chat), old, new, user_id=user, language=language, **step.get("rights", {})
            )
        if "post" in step:
            return post_update(step["post"], channel(chat))
        text = await self._filled(step.get("say", step.get("edit", "")), step)
        message: Json = message_update(text, chat, user_id=user)["message"]
        message["from"]["language_code"] = language
        self._said += "edit" not in step
        message["message_id"] = 1000 + self._said
        if "send" in step or "list" in step:
            del message["text"]
            message |= step.get("send") or self._list(step["list"])
        message |= step.get("with", {}) | self._author(step, chat)
        if "edit" in step:
            message["edit_date"] = message["date"] + step.get("late", 5)
            return {"edited_message": message}
        return {"message": message}

    def _author(self, step: Step, chat: int) -> Json:
        return {
            "group": {"from": _ANONYMOUS, "sender_chat": group(chat)},
            "channel": {"from": _ANONYMOUS | {"id": 136817688}, "sender_chat": _OTHER},
            "bot": {"from": _MACHINE},
            "": {},
        }[step.get("as", "")]

    async def _filled(self, text: str, step: Step) -> str:
        if "{feed}" in text:
            text = text.replace("{feed}", self._feed("Quay"))
        if "{room}" in text:
            address = telegram_address(self._own(step["room_of"]))
            room = await self.house.app.store.chats.find_room(address)
            text = text.replace("{room}", str(room.id if room else 0))
        return text

    def _feed(self, title: str) -> str:
        """Return the address of a feed of this dialogue's own."""
        return self.house.web.add(f"/{self._number}/{title}", _FEED.format(title=title))

    def _list(self, titles: list[str]) -> Json:
        urls = [self._feed(title) for title in titles]
        lines = "".join(f'<outline text="x" xmlUrl="{url}"/>' for url in urls)
        content = f'<opml version="2.0"><body>{lines}</body></opml>'.encode()
        self.house.wire.files["list"] = content
        names = {"file_id": "list", "file_unique_id": "l", "file_name": "feeds.opml"}
        return {"document": names}

    async def _tap(self, step: Step, chat: int) -> list[str]:
        if "press" in step:
            self._tapped = step["press"], self.house.wire.sent(chat)[-1] | {"from": BOT}
        elif "tap" in step:
            found, label = self.buttons(chat), step["tap"]
            data = found.get(label) or next(
                (data for text, data in found.items() if text.startswith(label)), None
            )
            assert data is not None, f"no button {label!r} of {list(found)}"
            self._tapped = data, self.house.wire.sent(chat)[-1] | {"from": BOT}
        assert self._tapped is not None
        data, message = self._tapped
        if step.get("old"):  # what Telegram tells of a message that is inaccessible
            message = {key: message[key] for key in ("chat", "message_id")} | {"date": 0}
        before = self.house.wire.texts(chat)
        user = self._user(step, chat)
        update = press_update(data, message, user_id=user)
        update["callback_query"]["from"]["language_code"] = self._dialogue["language"]
        new = await self.house.take(update)
        after = self.house.wire.texts(chat)
        return new or [text for text in after if text not in before]


def _named(subscription: Mapping[str, Any]) -> str:
    """Return the key of a subscription; of a feed, whose number says nothing, its title."""
    key: str = subscription["key"]
    return f"feed {subscription['label']}" if subscription["kind"] == "feed" else key

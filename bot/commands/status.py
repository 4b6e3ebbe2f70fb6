"""How things stand: /status."""

from datetime import datetime, timedelta

from bot.commands.request import Request, plain_message
from bot.commands.schedule import Schedules, say_next
from bot.domain.message import Message
from bot.domain.subscription import SubscriptionKey
from bot.store import Store
from bot.store.editions import EditionRow
from bot.store.feeds import FeedRow
from bot.store.schedules import StoredSchedule
from bot.texts import Texts, explain

__all__ = ["StatusReport"]

# A delay worth a word.
_DELAY = timedelta(minutes=2)
_MAX_FEEDS = 8


class StatusReport:
    """The use case of the room's state."""

    def __init__(self, store: Store, schedules: Schedules) -> None:
        self._store = store
        self._schedules = schedules

    async def status(self, request: Request, _text: str) -> Message:
        """Say what was sent lately, what comes next, and which feeds fail."""
        texts, store = request.texts, self._store
        lines = [texts._("Lately:")]
        recent = await store.editions.recent(request.room.id)
        lines += [f"· {self._edition(one, request)}" for one in recent]
        if not recent:
            lines = [texts._("No briefing yet.")]
        lines += await self._late_editions(request)
        next_at = await self._schedules.next_at(request.room.id)
        if next_at is None:
            lines.append(texts._("Nothing is scheduled."))
        elif next_at > request.now:
            lines.append(await say_next(next_at, request.room, request))
        until = request.room.settings.paused_until
        if until is not None and until > request.now:
            lines.append(texts._("You are on a break. /resume ends it."))
        lines += await self._failing(request)
        return plain_message("\n".join(lines))

    def _edition(self, one: EditionRow, request: Request) -> str:
        texts, zone = request.texts, request.room.chat.zone or "UTC"
        when = texts.date_time(one.due_at or one.created_at, zone)
        if one.reason is not None:
            reason = explain(one.reason, texts)
            return texts._("{when}: not sent ({reason})", when=when, reason=reason)
        told = texts.ngettext("{n} story", "{n} stories", one.stories)
        if one.held_back:
            held = texts.ngettext("{n} repeat held back", "{n} repeats held back", one.held_back)
            told = f"{told}, {held}"
        fate = self._fate(one, request)
        if one.left_out is not None:
            fate = f"{fate} ({explain(one.left_out, texts)})"
        return f"{when}: {told}, {fate}"

    async def _late_editions(self, request: Request) -> list[str]:
        """Say which editions are due and not made yet, and what holds them up."""
        schedules = await self._store.schedules.of_room(request.room.id)
        return [
            self._late(stored, stored.next_due_at, request)
            for stored in schedules
            if stored.next_due_at is not None
            and (stored.error is not None or stored.next_due_at <= request.now)
        ]

    def _late(self, stored: StoredSchedule, due_at: datetime, request: Request) -> str:
        texts, zone = request.texts, request.room.chat.zone or "UTC"
        when = texts.date_time(due_at, zone)
        if stored.error is None or stored.again_at is None:
            return texts._("Due {when}, being made now.", when=when)
        return texts._(
            "Due {when}, not made yet ({reason}); I try again at {time}.",
            when=when,
            reason=explain(stored.error, texts),
            time=texts.time(stored.again_at, zone),
        )

    def _fate(self, one: EditionRow, request: Request) -> str:
        texts = request.texts
        if one.waiting:
            return texts._("on its way")
        if one.dead:
            return texts._("not delivered")
        due = one.due_at
        if due is not None and one.sent_at is not None and one.sent_at - due > _DELAY:
            minutes = int((one.sent_at - due).total_seconds() // 60)
            return texts.ngettext("sent {n} minute late", "sent {n} minutes late", minutes)
        return texts._("sent")

    async def _failing(self, request: Request) -> list[str]:
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        keys = [one.key for one in subscriptions]
        failing = await self._store.feeds.failing(keys)
        # The address of a private feed of somebody else is never shown.
        mine = [one for one in failing if one.public or SubscriptionKey.of_feed(one.id) in keys]
        if not mine:
            return [request.texts._("All your sources answer.")]
        failures = [_failure(feed, request.texts) for feed in mine[:_MAX_FEEDS]]
        return [request.texts._("Sources that fail:"), *failures]


def _failure(feed: FeedRow, texts: Texts) -> str:
    said = explain(feed.error, texts) if feed.error else ""
    return f"· {feed.source or feed.url}: {said}"

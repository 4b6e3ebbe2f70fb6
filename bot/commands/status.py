"""How things stand: /status."""

from datetime import datetime, timedelta

from bot.commands.break_notice import is_on_a_break
from bot.commands.request import Request, plain_message
from bot.commands.schedule import Schedules, say_next
from bot.domain.message import Message
from bot.domain.subscription import SubscriptionKey
from bot.store import Store
from bot.store.editions import EditionRow
from bot.store.schedules import StoredSchedule
from bot.texts import explain

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
        """Return what was sent lately, newest first, what comes next, and which feeds fail.

        Up to five briefings, then those that are late, and up to eight feeds, by outlet; instants
        are in the chat's zone (UTC without one). The address of a private feed is shown only to
        rooms that read it. Five queries. Raises StoreUnavailable.
        """
        texts, store = request.texts, self._store
        recent = await store.editions.recent(request.room.id)
        lines = [texts._("Lately:") if recent else texts._("No briefing yet.")]
        lines += [f"· {_edition_line(edition, request)}" for edition in recent]
        for stored in await store.schedules.of_room(request.room.id):
            is_late = stored.error is not None or (stored.next_due_at or request.now) <= request.now
            if stored.next_due_at is not None and is_late:
                lines.append(_late_line(stored, stored.next_due_at, request))
        next_at = await self._schedules.next_at(request.room.id)
        if next_at is None:
            lines.append(texts._("Nothing is scheduled."))
        if is_on_a_break(request.room, request.now) or (next_at and next_at > request.now):
            lines.append(await say_next(next_at, request.room, request))
        keys = [s.key for s in await store.subscriptions.of_room(request.room.id)]
        failing = [
            feed
            for feed in await store.feeds.failing(keys)
            if feed.public or SubscriptionKey.of_feed(feed.id) in keys
        ]
        lines.append(
            texts._("Failing sources:") if failing else texts._("All your sources answer.")
        )
        for feed in failing[:_MAX_FEEDS]:
            reason = explain(feed.error, texts) if feed.error else ""
            lines.append(f"· {feed.source or feed.url}: {reason}")
        return plain_message("\n".join(lines))


def _edition_line(edition: EditionRow, request: Request) -> str:
    """Return when an edition was due, how much it told, and what became of it."""
    texts, zone = request.texts, request.room.zone or "UTC"
    when = texts.date_time(edition.due_at or edition.created_at, zone)
    if edition.reason is not None:
        reason = explain(edition.reason, texts)
        return texts._("{when}: not sent ({reason})", when=when, reason=reason)
    told = texts.ngettext("{n} story", "{n} stories", edition.stories)
    if edition.held_back:
        held = texts.ngettext("{n} repeat held back", "{n} repeats held back", edition.held_back)
        told = f"{told}, {held}"
    due_at, sent_at = edition.due_at, edition.sent_at
    delay = sent_at - due_at if sent_at and due_at else timedelta()
    if edition.waiting:
        outcome = texts._("on its way")
    elif edition.dead:
        outcome = texts._("not delivered")
    elif delay > _DELAY:
        minutes = int(delay.total_seconds() // 60)
        outcome = texts.ngettext("sent {n} minute late", "sent {n} minutes late", minutes)
    else:
        outcome = texts._("sent")
    if edition.left_out is not None:
        outcome = f"{outcome} ({explain(edition.left_out, texts)})"
    return f"{when}: {told}, {outcome}"


def _late_line(stored: StoredSchedule, due_at: datetime, request: Request) -> str:
    """Return what delays an edition that is due."""
    texts, zone = request.texts, request.room.zone or "UTC"
    when = texts.date_time(due_at, zone)
    if stored.error is None or stored.again_at is None:
        return texts._("Due {when}, being made now.", when=when)
    return texts._(
        "Due {when}, not made yet ({reason}); I try again at {time}.",
        when=when,
        reason=explain(stored.error, texts),
        time=texts.time(stored.again_at, zone),
    )

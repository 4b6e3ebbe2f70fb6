"""The first minutes: /start and /help."""

from datetime import timedelta

from bot.desk.means import Means
from bot.desk.schedule import Scheduling, say_next
from bot.desk.visit import Visit, say
from bot.domain.message import Button, Keyboard, Message

__all__ = ["COMMANDS", "TOPIC_DATA", "Starting"]

# What the menu shows, in its order. The sentences are translated where they are shown.
COMMANDS = (
    ("brief", "Your briefing, now"),
    ("subscribe", "Read about a topic, words or a site"),
    ("unsubscribe", "Stop reading about something"),
    ("topics", "What you read, and what there is"),
    ("schedule", "When your briefing comes"),
    ("timezone", "Where you are"),
    ("help", "What I can do"),
)
TOPIC_DATA = "v1:topic:"
# Topics offered to a newcomer: what has stories within this time.
_LIVELY = timedelta(days=2)
_MAX_OFFERED = 12
_PER_ROW = 2
_USUAL = (
    "technology", "climate", "science", "health", "economy", "ai", "space", "energy",
    "ukraine", "china", "north-korea", "sports",
)  # fmt: skip


class Starting:
    """The use cases of arriving."""

    def __init__(self, means: Means, scheduling: Scheduling) -> None:
        self._means = means
        self._scheduling = scheduling

    async def start(self, visit: Visit) -> Message:
        """Welcome a newcomer with topics to tap; tell anybody else where they are."""
        texts = visit.texts
        present = await self._means.store.subscriptions.of_room(visit.room.id)
        if present:
            return await self._resume(visit, len(present))
        hello = texts._(
            "One short news briefing a day, in your chat. "
            "Every line is quoted word for word from its source, and linked to it."
        )
        pick = texts._("What would you like to read about? Tap a topic, or send your own words.")
        return say(f"{hello}\n\n{pick}", await self.offer(visit))

    async def offer(self, visit: Visit, taken: frozenset[str] = frozenset()) -> Keyboard:
        """Return buttons for topics: those that have stories now, the liveliest first."""
        slugs = [topic.slug for topic in self._means.topics.all()]
        since = visit.now - _LIVELY
        live = await self._means.store.articles.live_keys(slugs, since=since)
        ranked = sorted(live, key=lambda slug: (-live[slug], slug)) or list(_USUAL)
        offered = [slug for slug in ranked if slug not in taken][:_MAX_OFFERED]
        buttons = [
            Button(text=topic.name(visit.texts.language), data=TOPIC_DATA + slug)
            for slug in offered
            if (topic := self._means.topics.get(slug)) is not None
        ]
        starts = range(0, len(buttons), _PER_ROW)
        return tuple(tuple(buttons[at : at + _PER_ROW]) for at in starts)

    def help(self, visit: Visit) -> Message:
        """Say what there is to say, a line a command."""
        texts = visit.texts
        lines = [f"/{name} – {texts._(said)}" for name, said in COMMANDS]
        examples = texts._(
            "For example: /subscribe north-korea · /subscribe “rare earths” -stocks · "
            "/subscribe https://example.org · /schedule 07:30 weekdays · /timezone Berlin"
        )
        return say("\n".join([*lines, "", examples]))

    async def _resume(self, visit: Visit, count: int) -> Message:
        texts = visit.texts
        read = texts.ngettext(
            "You read {n} topic: /topics shows it.",
            "You read {n} topics: /topics shows them.",
            count,
        )
        next_at = await self._scheduling.next_at(visit.room.id)
        coming = await say_next(next_at, visit.room, visit)
        lines = [texts._("Welcome back."), read, coming, texts._("/brief shows one now.")]
        return say("\n".join(line for line in lines if line))

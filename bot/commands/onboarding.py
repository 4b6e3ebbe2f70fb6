"""The first minutes: /start and /help."""

from datetime import timedelta

from bot.commands.brief import BRIEF_DATA
from bot.commands.means import Means
from bot.commands.request import Request, say
from bot.commands.schedule import Schedules, say_next
from bot.domain.message import Button, Keyboard, Message
from bot.domain.topic import Topic
from bot.errors import ReaderError
from bot.texts import Texts, sentence

__all__ = ["COMMANDS", "PERSONAL_COMMANDS", "TIME_DATA", "TOPIC_DATA", "Onboarding"]

# What the menu shows, in its order. The sentences are translated where they are shown.
COMMANDS = (
    ("brief", sentence("Your briefing, now")),
    ("subscribe", sentence("Read about a topic, words or a site")),
    ("unsubscribe", sentence("Stop reading about something")),
    ("topics", sentence("What you read, and what there is")),
    ("schedule", sentence("When your briefing comes")),
    ("timezone", sentence("Where you are")),
    ("settings", sentence("Length, languages and more")),
    ("pause", sentence("Take a break from the news")),
    ("resume", sentence("End the break, and catch up")),
    ("status", sentence("What was sent, and what comes next")),
    ("privacy", sentence("What I know about you")),
    ("export", sentence("All I know about you, as a file")),
    ("forgetme", sentence("Delete all I know about you")),
    ("help", sentence("What I can do")),
)
# What a group is not offered: it has no privacy of one person to show or to end.
PERSONAL_COMMANDS = frozenset({"privacy", "export", "forgetme"})
TOPIC_DATA = "v1:topic:"
TIME_DATA = "v1:time:"
# The times a newcomer can tap; /schedule takes any.
_TIMES = ("06:30", "07:30", "08:30", "18:00")
# Topics offered to a newcomer: what has stories within this time.
_LIVELY = timedelta(days=2)
_MAX_OFFERED = 12
# How long a welcome waits for the first news of a bot that has just started.
_PATIENCE_S = 5.0
_PER_ROW = 2
_USUAL = (
    "technology", "climate", "science", "health", "economy", "ai", "space", "energy",
    "ukraine", "china", "north-korea", "sports",
)  # fmt: skip


class Onboarding:
    """The use cases of arriving."""

    def __init__(self, means: Means, scheduling: Schedules) -> None:
        self._means = means
        self._scheduling = scheduling

    async def start(self, request: Request) -> Message:
        """Welcome a newcomer with topics to tap; tell anybody else where they are."""
        present = await self._means.store.subscriptions.of_room(request.room.id)
        if present:
            return await self._resume(request, len(present))
        await self._means.flow.intake.refreshes.end(_PATIENCE_S)  # topics may be coming in just now
        texts = request.texts
        hello = texts._(
            "One short news briefing a day, in your chat. "
            "Every line is quoted word for word from its source, and linked to it."
        )
        pick = texts._("What would you like to read about? Tap a topic, or send your own words.")
        return say(f"{hello}\n\n{pick}", await self._topic_rows(request, frozenset()))

    async def picked(self, request: Request) -> Message:
        """Show what a newcomer has picked so far, with times, and the way to the briefing."""
        texts, room_id = request.texts, request.room.id
        present = await self._means.store.subscriptions.of_room(room_id)
        rows = await self._topic_rows(request, frozenset(one.key for one in present))
        if not present:
            return say(texts._("What would you like to read about? Tap a topic."), rows)
        schedules = await self._means.store.schedules.of_room(room_id)
        times = {texts.time(one.schedule.local_time) for one in schedules}
        names = texts.join([self._means.name_of(one, texts) for one in present])
        text = texts._("You read {names}, daily at {times}.", names=names, times=texts.join(times))
        clock = tuple(_time_button(at, chosen=at in times) for at in _TIMES)
        brief = Button(text=texts._("▶ My first briefing"), data=BRIEF_DATA)
        return say(text, (*rows, clock, (brief,)))

    async def set_time(self, request: Request, at: str) -> Message:
        """Take the time a newcomer tapped."""
        if at not in _TIMES:
            raise ReaderError("old-time-button")
        await self._scheduling.schedule(request, at)
        return await self.picked(request)

    async def _topic_rows(self, request: Request, taken: frozenset[str]) -> Keyboard:
        """Return buttons for topics: those picked, and those with stories now."""
        slugs = [topic.slug for topic in self._means.topics.all()]
        since = request.now - _LIVELY
        live = await self._means.store.articles.live_keys(
            slugs, since=since, languages=self._means.languages.of(request.room)
        )
        ranked = sorted(live, key=lambda slug: (-live[slug], slug)) or list(_USUAL)
        offered = list(dict.fromkeys([*ranked[:_MAX_OFFERED], *sorted(taken)]))
        buttons = [
            _topic_button(topic, request.texts, chosen=slug in taken)
            for slug in offered
            if (topic := self._means.topics.get(slug)) is not None
        ]
        starts = range(0, len(buttons), _PER_ROW)
        return tuple(tuple(buttons[at : at + _PER_ROW]) for at in starts)

    def help(self, request: Request) -> Message:
        """Say what there is to say, a line a command."""
        texts = request.texts
        lines = [f"/{name} – {texts._(said)}" for name, said in COMMANDS]
        examples = texts._(
            "For example: /subscribe north-korea · /subscribe “rare earths” -stocks · "
            "/subscribe https://example.org · /schedule 07:30 weekdays · /timezone Berlin"
        )
        return say("\n".join([*lines, "", examples]))

    async def _resume(self, request: Request, count: int) -> Message:
        texts = request.texts
        read = texts.ngettext(
            "You read {n} topic: /topics shows it.",
            "You read {n} topics: /topics shows them.",
            count,
        )
        next_at = await self._scheduling.next_at(request.room.id)
        coming = await say_next(next_at, request.room, request)
        lines = [texts._("Welcome back."), read, coming, texts._("/brief shows one now.")]
        return say("\n".join(line for line in lines if line))


def _topic_button(topic: Topic, texts: Texts, *, chosen: bool) -> Button:
    name = topic.name(texts.language)
    return Button(text=f"✓ {name}" if chosen else name, data=TOPIC_DATA + topic.slug)


def _time_button(at: str, *, chosen: bool) -> Button:
    return Button(text=f"✓ {at}" if chosen else at, data=TIME_DATA + at)

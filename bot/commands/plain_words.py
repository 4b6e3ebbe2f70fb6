"""Plain words as commands: what is understood is done, what is not is asked, nothing is guessed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.commands.break_notice import is_on_a_break
from bot.commands.breaks import break_end
from bot.commands.intents import (
    Intent,
    Meaning,
    is_whole_country,
    near_topics,
    nearest,
    read_meaning,
)
from bot.commands.intents import topic_named as find_topic
from bot.commands.lists import DropTapped
from bot.commands.questions import SayTapped, choices, question
from bot.commands.reading_times import names_an_end, read_free_days
from bot.commands.request import Request, plain_message
from bot.commands.times import parse_plan
from bot.commands.undo import RestoreTapped, Undo
from bot.commands.wanted import place_test
from bot.commands.zones import find_zones
from bot.domain.address import ChatAddress
from bot.domain.callback import prefix_of
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.store import Store
from bot.topics import COUNTRY, Topics

__all__ = ["PlainWords"]

# How long a question of ours waits for an answer in words, and how many rooms' are remembered.
_OPEN = timedelta(minutes=10)
# Topics that share the name of a city, as buttons of one question.
_MAX_MEANT = 3
_MAX_OPEN = 10_000
_ZONE_BUTTON = "zone"
# What a reader who got such a refusal is about to name: the command it belongs to.
_ASKED_BY = {
    "unsubscribe-from-what": "unsubscribe", "not-read": "unsubscribe", "nothing-named": "subscribe",
    "time-missing": "schedule", "no-time": "schedule", "until-when": "pause",
    "no-such-place": "timezone",
}  # fmt: skip
# Of these the words after the command decide; the others take a whole message for an answer.
_ORDER = ("timezone", "schedule", "unsubscribe", "subscribe")
_MAX_ANSWER_WORDS = 5
# A text of more characters says more than a time.
_MAX_SCHEDULE_CHARS = 60
# A number up to this one may be an hour, where it is no story's.
_LAST_HOUR = 23
_RECENT_EDITIONS = 5
_SAYABLE = frozenset({
    "subscribe", "unsubscribe", "topics", "schedule", "timezone", "settings", "pause", "resume",
    "status", "brief", "help", "start", "stop", "privacy", "forgetme",
})  # fmt: skip


# Where a question was asked: the room it is about, and the private chat it is managed from.
_Place = tuple[ChatAddress, ChatAddress | None]
# The command that is asked for, and what buttons offer.
_Asked = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Open:
    """A question of ours: the command it asks for, or what was offered, likeliest first."""

    command: str
    offers: tuple[str, ...]
    at: datetime


class PlainWords:
    """Answers texts that are no commands. ``bind`` it to the commands before the first."""

    def __init__(self, store: Store, topics: Topics, undo: Undo) -> None:
        self._store = store
        self._topics = topics
        self._undo = undo
        self._commands: Mapping[str, Any] = {}
        self._open: OrderedDict[_Place, _Open] = OrderedDict()

    def bind(self, commands: Mapping[str, Any]) -> None:
        """Set the handlers of commands, by name: each is called with a request and a text."""
        self._commands = commands

    async def read(self, request: Request, text: str) -> Message | None:
        """Do what a message in plain words asks for, or ask what it means; None as commands do.

        An answer to a question of ours goes before all else, for ten minutes. What is done can be
        taken back by a button. Nothing is changed where a word of the message is not understood.
        Takes as long as the commands it says, and raises what they raise; ReaderError where it
        means nothing.
        """
        answered = self._answer_to_question(request, text)
        if answered is not None:
            return await self._do(request, answered)
        language = request.room.chat.spoken
        meaning = read_meaning(text, self._topics, language, place_test(request.now))
        if asked := self._asked_first(request, text, meaning):
            return asked
        if acts := _acts(request, text, meaning):
            return await self._do(request, acts)
        wishes = [(offer.act, offer.text) for offer in meaning.offers]
        if not wishes and text.strip().isupper() and place_test(request.now)(text):
            wishes = [("timezone", text.strip())]  # "EST", which is a word in French
        if len(wishes) == 1:
            wishes = self._with_place(request, wishes[0])
        if not wishes and names_an_end(text) and break_end(text, request) is not None:
            wishes = [("pause", " ".join(text.split()))]
        asked = question(request, self._topics, text, wishes)
        if asked is None:
            raise ReaderError("too-long-to-read" if meaning.is_long else "no-command")
        return asked

    async def say(self, request: Request, tapped: SayTapped) -> Message | None:
        """Do what a button says on the reader's behalf, as the command itself would.

        Raises ReaderError for a command that buttons do not say, and what the command raises.
        """
        name, _, text = tapped.text.partition(" ")
        if name not in _SAYABLE or name not in self._commands:
            raise ReaderError("old-button")
        handler = self._commands[name]
        return await self._undo.run(request, lambda: handler(request, text))

    def undoable(
        self, use_case: Callable[[Request, str], Awaitable[Message]]
    ) -> Callable[[Request, str], Awaitable[Message | None]]:
        """Return ``use_case`` with an Undo below its answer; it raises what that raises."""

        async def run(request: Request, text: str) -> Message | None:
            return await self._undo.run(request, lambda: use_case(request, text))

        return run

    async def undo(self, request: Request, tapped: RestoreTapped) -> Message:
        """Take back what a message changed; raises as ``Undo.restore`` does."""
        return await self._undo.restore(request, tapped)

    async def stop(self, request: Request, _text: str = "") -> Message | None:
        """Hold all briefings until further notice, and offer to delete what is known.

        Raises StoreUnavailable.
        """
        answer = await self._undo.run(request, lambda: self._commands["pause"](request, ""))
        if answer is None:
            return None
        offers = [] if request.room.chat.kind != "private" else [("forgetme", "")]
        rows = choices(request, self._topics, [("resume", ""), *offers])
        return plain_message(answer.plain, answer.keyboard + rows)

    async def guess(self, request: Request, name: str, text: str) -> Message:
        """Return a question for the command that the unknown ``name`` may have meant.

        A name of a topic asks for that. Raises ReaderError where nothing is near.
        """
        words = name.replace("_", " ")
        topic = find_topic(words, self._topics, request.room.chat.spoken)
        wishes = [("subscribe", topic.slug)] if topic is not None and not text else []
        command = nearest(name, _SAYABLE)
        if command and not wishes:
            wishes = [(command, " ".join(text.split()))]
        if not wishes:
            wishes = [("subscribe", near.slug) for near in near_topics(words, self._topics)]
        asked = question(request, self._topics, f"/{name}", wishes)
        if asked is None:
            raise ReaderError("no-such-command")
        return asked

    def note(
        self, request: Request, answer: object = None, *, command: str = "", refusal: str = ""
    ) -> None:
        """Remember what the last answer asked, if anything: it may be answered in words.

        ``command`` is what it answers; ``refusal`` is the code of the reason for which nothing was
        done.
        """
        if refusal == "no-command":  # chatter answers nothing: the question stays open
            return
        place = _place(request)
        self._open.pop(place, None)
        asked: _Asked = (_ASKED_BY.get(refusal, ""), ())
        if isinstance(answer, Message):
            shown = [button.data for row in answer.keyboard for button in row]
            asked = _asked_by(shown)
            if command == "unsubscribe" and any(prefix_of(d) == DropTapped.prefix for d in shown):
                asked = (command, ())
        if any(asked):
            self._open[place] = _Open(*asked, request.now)
            while len(self._open) > _MAX_OPEN:
                self._open.popitem(last=False)

    def _answer_to_question(self, request: Request, text: str) -> Sequence[Intent] | None:
        """Return what ``text`` says in answer to a question of ours, None if it is no answer."""
        asked = self._open.get(_place(request))
        command, offers = _asked_by(request.replied)  # however long ago
        if not request.replied and asked is not None and request.now - asked.at <= _OPEN:
            command, offers = asked.command, asked.offers
        if not command and not offers:
            return None
        meaning = read_meaning(
            text, self._topics, request.room.chat.spoken, place_test(request.now)
        )
        acts = {act.act for act in meaning.acts}
        if len(offers) == 1 and acts == {"yes"}:
            name, _, words = offers[0].partition(" ")
            return [Intent(name, words)]
        bare = text.strip(" .!?\n")
        if not _may_answer(command, bare, acts):
            return None
        if command == "timezone" and (meaning.is_plan or not find_zones(bare, request.now)):
            return None
        return [Intent(command, meaning.acts[0].text if acts == {"subscribe"} else bare)]

    async def _do(self, request: Request, acts: Sequence[Intent]) -> Message | None:
        """Do ``acts``, zones and times first, and return one answer to all."""
        if len(acts) == 1 and (asked := self._city_question(request, acts[0])):
            return asked
        ordered = sorted(
            acts, key=lambda act: _ORDER.index(act.act) if act.act in _ORDER else len(_ORDER)
        )
        if len(ordered) == 1 and ordered[0].act == "subscribe":
            return await self._act(request, ordered[0])
        return await self._undo.run(request, lambda: self._all(request, ordered))

    async def _all(self, request: Request, acts: Sequence[Intent]) -> Message | None:
        lines: dict[str, None] = {}
        rows: dict[str, Any] = {}
        for act in acts:
            room = await self._store.chats.get_room(request.room.id) or request.room
            answer = await self._act(replace(request, room=room), act)
            if answer is None:
                continue
            lines |= dict.fromkeys(answer.plain.split("\n"))
            rows |= {str(row): row for row in answer.keyboard}
        return plain_message("\n".join(lines), tuple(rows.values())) if lines else None

    async def _act(self, request: Request, act: Intent) -> Message | None:
        texts = request.texts
        match act.act:
            case "greet" | "brief" if not await self._store.subscriptions.of_room(request.room.id):
                return await self._said("start", request, "")
            case "greet":
                return plain_message(
                    texts._("Hello! /brief shows your news now, /topics what you read.")
                )
            case "thank" | "yes" | "no":
                refused = texts._(
                    "All right, nothing is changed. /brief shows your news, /help what I can do."
                )
                done = texts._("You're welcome. /brief shows your news, /help what I can do.")
                return plain_message(refused if act.act == "no" else done)
            case "story" if not await self._told_so_many(request, act.text):
                return self._hour_question(request, act.text)
            case "story":
                return plain_message(
                    texts._(
                        "The links of a story lead to all of it. /brief shows the news now, "
                        "/settings how long it is."
                    )
                )
        return await self._said(act.act, request, act.text)

    async def _told_so_many(self, request: Request, number: str) -> bool:
        """Return whether the last briefing told a story of that ``number`` ("" is of any)."""
        if not number:
            return True
        told = await self._store.editions.recent(request.room.id, _RECENT_EDITIONS)
        last = next((each.stories for each in told if each.stories), 0)
        return 1 <= int(number) <= last

    def _hour_question(self, request: Request, number: str) -> Message:
        """Return the question whether a number is an hour; ReaderError where it cannot be."""
        wishes = [("schedule", f"{int(number):02}:00")] if int(number) <= _LAST_HOUR else []
        asked = question(request, self._topics, number, wishes)
        if asked is None:
            raise ReaderError("no-command")
        return asked

    def _asked_first(self, request: Request, text: str, meaning: Meaning) -> Message | None:
        """Return a question that goes before what ``text`` means: of a city, or ours anew.

        Ours is where "yes" does not say to which of its offers.
        """
        if len(meaning.acts) != 1:
            return None
        asked = self._open.get(_place(request))
        is_open = asked is not None and request.now - asked.at <= _OPEN
        if asked is not None and is_open and meaning.acts[0].act == "yes" and asked.offers:
            wishes = [offer.partition(" ")[::2] for offer in asked.offers]
            return question(request, self._topics, text, wishes)
        return self._city_question(request, meaning.acts[0])

    async def _said(self, command: str, request: Request, text: str) -> Message | None:
        answer: Message | None = await self._commands[command](request, text)
        return answer

    def _city_question(self, request: Request, act: Intent) -> Message | None:
        """Return the question for what is a city alone, and may be where a reader lives."""
        if act.act != "subscribe" or not act.text or '"' in act.text:
            return None
        wishes = self._with_place(request, (act.act, act.text))
        if len(wishes) == 1:
            return None
        return question(request, self._topics, act.text, wishes)

    def _with_place(self, request: Request, wish: tuple[str, str]) -> list[tuple[str, str]]:
        """Return ``wish`` with what else a name of a city may mean, if it is one."""
        command, words = wish[0], wish[1].strip('"')
        topic = find_topic(words, self._topics, request.room.chat.spoken)
        is_city = command == "subscribe" and place_test(request.now)(words)
        is_whole = topic is not None and topic.group == COUNTRY and is_whole_country(words, topic)
        if not is_city or is_whole:
            return [wish]
        meant = [*self._topics.find_all(words)] or [topic] if topic is not None else []
        topics = [("subscribe", each.slug) for each in meant[:_MAX_MEANT]]
        return [*topics, ("timezone", words), ("subscribe", f'"{words}"')]


def _place(request: Request) -> _Place:
    """Return where a question stays open; a room that was opened for it alone may be gone.

    Of two admins who manage one room, each in their own chat, each is asked alone.
    """
    asker = request.asker.address if request.asker is not None else None
    return request.room.address, asker


def _asked_by(data: Sequence[str]) -> _Asked:
    """Return what buttons ask for: the command, and what they say."""
    offers = [
        SayTapped.unpack(packed).text for packed in data if prefix_of(packed) == SayTapped.prefix
    ]
    is_zone = any(prefix_of(packed) == _ZONE_BUTTON for packed in data)
    return ("timezone" if is_zone else ""), tuple(offers)


def _time_alone(text: str) -> tuple[Intent, ...]:
    """Return the schedule of a text that is nothing else to those who read times.

    A mere "no" or "never" is none: it may answer anything.
    """
    if len(text) > _MAX_SCHEDULE_CHARS:
        return ()
    try:
        plan = parse_plan(text)
    except ReaderError:
        return ()
    return () if plan.is_off else (Intent("schedule", text),)


def _acts(request: Request, text: str, meaning: Meaning) -> Sequence[Intent]:
    """Return what ``text`` asks for, which it may be for the times and the break that are set."""
    if read_free_days(text):
        return [Intent("schedule", text)]
    is_spare = not meaning.acts and not meaning.offers and len(text) <= _MAX_SCHEDULE_CHARS
    if is_spare and is_on_a_break(request.room, request.now):
        end = break_end(text, request)  # of the break that is on, if by a day
        if end is not None and end.until is not None:
            return [Intent("pause", text)]
    return meaning.acts or (() if meaning.offers else _time_alone(text))


def _may_answer(command: str, text: str, acts: set[str]) -> bool:
    """Return whether ``text``, which means ``acts`` by itself, may answer what was asked."""
    is_short = len(text.split()) <= _MAX_ANSWER_WORDS
    match command:
        case "timezone":
            return is_short and acts <= {"subscribe", "schedule", "story"}
        case "subscribe" | "unsubscribe":
            return acts == {"subscribe"}
        case "schedule":
            return acts == {"story"} and text.isdigit()
        case "pause":
            return is_short and not acts
    return False

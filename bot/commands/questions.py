"""Questions to a reader, with buttons: each button says a command on their behalf."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData, prefix_of
from bot.domain.message import Button, Keyboard, Message
from bot.topics import Topics

__all__ = ["SayTapped", "asks_only", "choices", "question", "said"]

# Where a button is no wider than a phone.
_MAX_LABEL_CHARS = 40
_MAX_SHOWN_CHARS = 60
# Buttons that answer a question: ours, and the clocks of places.
_QUESTIONS = frozenset({"say", "zone"})
# What ends all that is read, and is no word.
_ALL_GONE = ("unsubscribe", "all")


@dataclass(frozen=True)
class SayTapped(CallbackData):
    """The button that says a command: its name, and what follows ("subscribe climate")."""

    prefix: ClassVar[str] = "say"
    text: str


def said(command: str, text: str = "") -> str:
    """Return the data of a button that says a command; raise ValueError if it is too long."""
    return SayTapped(f"{command} {text}".strip()).pack()


def choices(request: Request, topics: Topics, wishes: Iterable[tuple[str, str]]) -> Keyboard:
    """Return a row with a button for each (command, what follows) of ``wishes``.

    Those that are too long for a button (some 50 letters) are left out.
    """
    rows = []
    for command, text in wishes:
        with suppress(ValueError):
            label = _label(request, topics, command, text)[:_MAX_LABEL_CHARS]
            rows.append((Button(text=label, data=said(command, text)),))
    return tuple(rows)


def question(
    request: Request, topics: Topics, words: str, wishes: Iterable[tuple[str, str]]
) -> Message | None:
    """Return the question what ``words`` mean, with ``wishes`` to tap; None if none fits."""
    wishes = list(wishes)
    keyboard = choices(request, topics, wishes)
    if not keyboard:
        return None
    texts = request.texts
    shown = " ".join(words.split())
    shown = shown if len(shown) <= _MAX_SHOWN_CHARS else f"{shown[:_MAX_SHOWN_CHARS]}…"
    names = [_name(request, topics, command, text) for command, text in wishes]
    if len(names) == 1:
        asked = texts._("“{words}”: do you mean {names}? Tap it.", words=shown, names=names[0])
    else:
        meant = texts.join(names, "or")
        asked = texts._("“{words}”: do you mean {names}? Tap one.", words=shown, names=meant)
    return plain_message(asked, keyboard)


def asks_only(answer: object) -> bool:
    """Return whether an answer is nothing but a question of ours, with buttons to tap."""
    if not isinstance(answer, Message) or not answer.keyboard:
        return False
    return all(prefix_of(button.data) in _QUESTIONS for row in answer.keyboard for button in row)


def _name(request: Request, topics: Topics, command: str, text: str) -> str:
    """Return what is meant, as the question names it."""
    texts, topic = request.texts, topics.get(text)
    if command not in {"subscribe", "unsubscribe", "timezone"} or (command, text) == _ALL_GONE:
        return f"/{command} {text}".strip()
    if topic is not None:
        return topic.name(texts.language)
    if command == "timezone":
        return texts._("the local time of {place}", place=text)
    return texts._("the words “{words}”", words=text.strip('"'))


def _label(request: Request, topics: Topics, command: str, text: str) -> str:
    texts = request.texts
    topic = topics.get(text)
    name = topic.name(texts.language) if topic else text.strip('"')
    if topic is not None and topic.sign:
        name = f"{topic.sign} {name}"
    match command:
        case "subscribe" if topic is None:
            return texts._("News with the words “{words}”", words=name)
        case "subscribe":
            return texts._("News: {name}", name=name)
        case "unsubscribe":
            is_all = (command, text) == _ALL_GONE
            everything = texts._("Unsubscribe from everything")
            return everything if is_all else texts._("No more: {name}", name=name)
        case "timezone":
            return texts._("I live there: {place}", place=name)
        case "schedule":
            return texts._("Briefing at {time}", time=name)
    return f"/{command} {name}".strip()

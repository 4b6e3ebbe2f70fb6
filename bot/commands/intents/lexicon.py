"""The phrases by which people say what they want, in every language of the interface at once.

``words/*.json`` list them by language and label. They are read whatever language a room has: many
write to a bot in another than their phone's.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from babel import Locale

from bot.commands.intents.tokens import folded_words

__all__ = ["LABELS", "LANGUAGES", "Labels", "phrase_at"]

# What a phrase may say; where one is in two lists, what comes first here counts.
LABELS = (
    "not", "chat", "drop_all", "stop", "drop", "wish", "want", "news", "pause", "resume", "forget",
    "brief", "help", "list", "settings", "more", "place", "hi", "thanks", "yes", "no",
    "every_am", "every_pm", "every",
    "weekdays", "weekend", "day", "am", "pm", "hour", "at", "to", "join", "polite", "swap", "fill",
)  # fmt: skip
LANGUAGES = (
    "ar", "de", "en", "es", "fa", "fr", "hi", "id", "it", "ja", "ko", "pl", "pt", "ru", "tr", "uk",
    "zh",
)  # fmt: skip
# Names of days shorter than this are left out where they stand for other words ("so", "do").
_MIN_DAY_CHARS = 3

Labels = tuple[str, int]
_Phrase = tuple[str, ...]


def phrase_at(words: Sequence[str], at: int, language: str) -> tuple[int, Labels, bool] | None:
    """Return how many of ``words`` from ``at`` on are the longest phrase there, and its label.

    Also whether it is one of the reader's language or of English. The label comes with a number:
    the day for "day" (0 is Monday), else -1. ``words`` are keys of
    tokens, "" for what is no word. What a phrase says in the reader's ``language`` counts before
    what it says in English, and that before others. None if no phrase begins there. The first call
    reads the tables, in some 0.1 s.
    """
    phrases = _phrases()
    for length in range(min(_longest(), len(words) - at), 0, -1):
        found = phrases.get(tuple(words[at : at + length]))
        if found is not None:
            known = found.get(language) or found.get("en")
            return length, known or found[""], known is not None
    return None


@cache
def _phrases() -> dict[_Phrase, dict[str, Labels]]:
    """Return labels by phrase and language; that of "" is the first of all."""
    order = {label: rank for rank, label in enumerate(LABELS)}
    found: dict[_Phrase, dict[str, Labels]] = {}

    def add(text: str, language: str, labels: Labels) -> None:
        key = folded_words(text)
        if not key:
            return
        by_language = found.setdefault(key, {})
        for code in (language, ""):
            known = by_language.get(code)
            if known is None or order[labels[0]] < order[known[0]]:
                by_language[code] = labels

    for language in LANGUAGES:
        for label, phrases in _table(language).items():
            shared = (label, -1)
            for phrase in phrases:
                add(phrase, language, shared)
                if " " in phrase:  # "id like"; alone, "ill" and "were" are words of their own
                    add(phrase.replace("'", ""), language, shared)
        for day, name in _days(language):
            add(name, language, ("day", day))
    return found


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def _table(language: str) -> dict[str, list[str]]:
    path = resources.files("bot.commands.intents").joinpath("words", f"{language}.json")
    table: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return table


def _days(language: str) -> list[tuple[int, str]]:
    """Return the names of weekdays, as CLDR has them, with the days they are (0 is Monday)."""
    days = Locale(language).days
    names = [
        (day, name.rstrip("."))
        for kind in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for day, name in days[kind][width].items()
    ]
    plurals = [(day, f"{name}s") for day, name in names if language in ("en", "de", "pt")]
    return [(day, name) for day, name in names + plurals if len(name) >= _MIN_DAY_CHARS]

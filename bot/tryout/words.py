"""The words of the chat page, in the language that the bot speaks to its reader."""

from collections.abc import Mapping
from datetime import datetime

from bot.texts import Texts, sentence

__all__ = ["head_words", "page_words"]

# By the names that the page's files have for them.
_WORDS: Mapping[str, str] = {
    "connecting": sentence("connecting…"),
    "reconnecting": sentence("reconnecting…"),
    "unreachable": sentence("The bot does not run: start it, and reload this page."),
    "over": sentence("This chat is over: reload the page."),
    "welcomeSample": sentence(
        "This is the real bot, with a newsroom that comes with it. Nothing leaves this machine."
    ),
    "welcomeLive": sentence("This is the real bot, with the news of today."),
    "start": sentence("Start"),
    "message": sentence("Message"),
    "send": sentence("Send"),
    "commands": sentence("Commands"),
    "conversation": sentence("Conversation"),
    "you": sentence("You"),
    "typing": sentence("daybrief is typing"),
    "more": sentence("more"),
    "less": sentence("less"),
}
# What marks every briefing of the sample newsroom, in any language (bot/render).
_SAMPLE = "SAMPLE"


def page_words(texts: Texts) -> dict[str, str]:
    """Return every word of the page by its name, none of them empty."""
    return {name: texts.gettext(said) for name, said in _WORDS.items()}


def head_words(texts: Texts, *, now: datetime, next_at: datetime, sample: bool) -> dict[str, str]:
    """Return what the page's head says: ``status``, and ``jump``, the label of its button.

    "SAMPLE · Thu 5 Jun", and "Tomorrow 07:30" of ``next_at``. Both instants are on the clocks of
    the reader.
    """
    today = texts.day(now.date(), short=True)
    jump = texts.relative_time(next_at, now)
    return {
        "status": f"{_SAMPLE} · {today}" if sample else today,
        "jump": jump[:1].upper() + jump[1:],
    }

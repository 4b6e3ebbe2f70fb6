"""The marks that say what an article is: its kind, who runs its outlet, who can read it."""

from bot.texts import Texts, sentence

__all__ = ["kind_mark", "outlet_marks"]

# What is no plain report, by the kinds of ``bot.domain.article_kind``. The weather says so itself.
_KINDS = {
    "satire": sentence("satire"),
    "commercial": sentence("advertisement"),
    "horoscope": sentence("horoscope"),
    "recipe": sentence("recipe"),
    "obituary": sentence("obituary"),
    "quiz": sentence("quiz"),
    "game": sentence("game"),
    "fact-check": sentence("fact check"),
    "live": sentence("live"),
    "digest": sentence("digest"),
    "review": sentence("review"),
    "interview": sentence("interview"),
    "media": sentence("audio or video"),
    "list": sentence("list"),
    "analysis": sentence("analysis"),
    "opinion": sentence("opinion"),
    "guide": sentence("guide"),
    "reference": sentence("reference"),
    "offer": sentence("offer"),
    "event": sentence("event"),
    "user-post": sentence("user post"),
    "personal": sentence("personal"),
    "petition": sentence("petition"),
}


def kind_mark(kind: str, texts: Texts) -> str:
    """Return " (opinion)" and the like, to stand behind a title; "" for news and unknown kinds."""
    name = _KINDS.get(kind)
    return f" ({texts._(name)})" if name else ""


def outlet_marks(texts: Texts, *, is_state_run: bool, is_paywalled: bool) -> str:
    """Return " (state-run)", " (paywall)", both or "", to stand behind an outlet's name."""
    marks = f" ({texts._('state-run')})" if is_state_run else ""
    return f"{marks} ({texts._('paywall')})" if is_paywalled else marks

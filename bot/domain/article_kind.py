"""What an article is, beside news, and what that means for stories and briefings."""

__all__ = ["KINDS", "REPORTS", "ArticleKind", "is_of_one_event", "kind_weight", "telling_turn"]

# One of ``KINDS``, or what a newer daybrief calls it.
ArticleKind = str

# Where a page says two kinds equally often, the first counts: the narrow before the wide.
_NARROW_FIRST = (
    *("satire", "commercial", "horoscope", "recipe", "obituary", "quiz", "game", "fact-check"),
    *("weather", "live", "digest", "review", "interview", "media", "list", "analysis", "opinion"),
)
KINDS = ("news", *_NARROW_FIRST)
# What tells facts in its own name, so that its sentences may open a story.
REPORTS = frozenset({"news", "live", "weather", "obituary", "fact-check", "analysis", "interview"})
# What no other outlet's article is about: many things at once, or nothing that happened.
_OF_NO_EVENT = frozenset(
    {"satire", "commercial", "horoscope", "recipe", "quiz", "game", "digest", "list"}
)
# Which articles of a story are told: those of the first turn that has any. An analysis and an
# interview may stand behind a report, but not before it; a ticker, a check of a claim and an
# opinion stand alone.
_TURNS = {
    **dict.fromkeys(("analysis", "interview"), 1),
    "live": 2,
    "fact-check": 3,
    **dict.fromkeys(("opinion", "review", "media"), 4),
    **dict.fromkeys(("satire", "commercial", "horoscope", "recipe", "quiz", "game"), 5),
    **dict.fromkeys(("digest", "list"), 5),
}
_FOR_FUN_OR_SALE = frozenset({"satire", "commercial", "horoscope", "recipe", "quiz", "game"})


def is_of_one_event(kind: str) -> bool:
    """Return whether an article of ``kind`` may tell what another article tells.

    True for a kind that is not known, as all are that a newer daybrief wrote.
    """
    return kind not in _OF_NO_EVENT


def kind_weight(kind: str) -> float:
    """Return how much an article of ``kind`` matters in a briefing beside news, in (0, 1].

    1 for a kind that is not known.
    """
    if kind in _FOR_FUN_OR_SALE:
        return 0.25
    return 1.0 if kind in REPORTS or kind not in KINDS else 0.5


def telling_turn(kind: str) -> int:
    """Return whose turn it is to tell a story to which articles of several kinds belong.

    0 for a report, also in a kind that is not known, 1 for what may stand behind one, more for
    what is told only where no article of a lower turn is there.
    """
    return _TURNS.get(kind, 0)

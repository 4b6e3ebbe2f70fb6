"""What an article is, beside news, and what that means for stories and briefings."""

__all__ = [
    "KINDS",
    "NO_REPORTS",
    "PAGES",
    "REPORTS",
    "ArticleKind",
    "is_of_one_event",
    "kind_weight",
    "telling_turn",
]

# One of ``KINDS``, or what a newer daybrief calls it.
ArticleKind = str

# Pages that outlets and other sites have beside articles; "guide" is also advice and exercises,
# "reference" an entry or what a site says of itself, "offer" of goods, services, courses, jobs.
PAGES = frozenset({"guide", "reference", "offer", "event", "user-post", "personal", "petition"})
# Where a page says two kinds equally often, the first counts: the narrow before the wide.
_NARROW_FIRST = (
    *("satire", "commercial", "horoscope", "recipe", "obituary", "quiz", "game", "fact-check"),
    *("weather", "live", "digest", "review", "interview", "media", "list", "analysis", "opinion"),
    *("petition", "event", "offer", "user-post", "guide", "reference", "personal"),
)
KINDS = ("news", *_NARROW_FIRST)
# What tells facts in its own name, so that its sentences may open a story.
REPORTS = frozenset({"news", "live", "weather", "obituary", "fact-check", "analysis", "interview"})
_FOR_FUN_OR_SALE = frozenset({"satire", "commercial", "horoscope", "recipe", "quiz", "game"})
# What no sentence of tells anything that happened: a title and a link say what it is.
NO_REPORTS = _FOR_FUN_OR_SALE | PAGES | {"list"}
# What no other outlet's article is about: many things at once, or nothing that happened.
_OF_NO_EVENT = NO_REPORTS | {"digest"}
# Which articles of a story are told: those of the first turn that has any. An analysis and an
# interview may stand behind a report, but not before it; a ticker, a check of a claim and an
# opinion stand alone.
_TURNS = {
    **dict.fromkeys(("analysis", "interview"), 1),
    "live": 2,
    "fact-check": 3,
    **dict.fromkeys(("opinion", "review", "media"), 4),
    **dict.fromkeys(_OF_NO_EVENT, 5),
}


def is_of_one_event(kind: str) -> bool:
    """Return whether an article of ``kind`` may tell what another article tells.

    True for a kind that is not known, as all are that a newer daybrief wrote.
    """
    return kind not in _OF_NO_EVENT


def kind_weight(kind: str) -> float:
    """Return how much an article of ``kind`` matters in a briefing beside news, in (0, 1].

    1 for a kind that is not known.
    """
    if kind in NO_REPORTS and kind != "list":
        return 0.25
    return 1.0 if kind in REPORTS or kind not in KINDS else 0.5


def telling_turn(kind: str) -> int:
    """Return whose turn it is to tell a story to which articles of several kinds belong.

    0 for a report, also in a kind that is not known, 1 for what may stand behind one, more for
    what is told only where no article of a lower turn is there.
    """
    return _TURNS.get(kind, 0)

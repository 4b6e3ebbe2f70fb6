"""What an article is, beside news, and what that means for stories and briefings."""

__all__ = ["KINDS", "REPORTS", "is_of_one_event", "kind_weight"]

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

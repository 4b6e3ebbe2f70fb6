"""Which story matters most: many outlets, fresh, to the point."""

import math
from datetime import datetime, timedelta

from bot.domain.article_kind import kind_weight
from bot.pick.values import StoryCandidate

__all__ = ["HALF_LIFE", "TOLD_FROM", "freshness", "rank"]

# A daily edition covers a day: what is as old as the last edition counts half.
HALF_LIFE = timedelta(days=1)
# The match from which on a story is told in a section: of a story that only mentions what the
# section is about, a quiet line is better. A topic's word in the title alone reaches it, one in
# the lead alone does not.
TOLD_FROM = 0.6


def rank(candidate: StoryCandidate, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """Return how much a story matters, 0 or more, without an upper bound.

    Breadth (1 for one outlet, 2 for three, 3 for seven; copies do not count) x freshness of
    its newest article x match (between a half and 1) x kind (1 if any of its articles is news,
    half for opinions, lists and the like, a quarter for what reports nothing). So three
    outlets never rank below one of equal age and kind, however well that one matches. It is 0
    without articles, and where the newest is so old that its freshness is 0. ``now`` is aware
    (else TypeError), ``half_life`` above 0. O(n) in the articles.
    """
    breadth = math.log2(1 + len(candidate.outlets))
    dated_at = max(
        (stored.article.dated_at for stored in candidate.originals), default=candidate.last_at
    )
    kind = max((kind_weight(stored.article.kind) for stored in candidate.originals), default=1.0)
    return breadth * freshness(dated_at, now, half_life) * (0.5 + 0.5 * candidate.match) * kind


def freshness(dated_at: datetime, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """Return how fresh a story is, in [0, 1]: 1 when new, halved every ``half_life``.

    After 1,075 of these it is 0. A date later than ``now`` counts as new, so a publisher's fast
    clock gains nothing. Both instants are aware (TypeError if one is not), ``half_life`` is above
    0 (ZeroDivisionError for 0).
    """
    age_s = max((now - dated_at).total_seconds(), 0.0)
    return math.exp2(-age_s / half_life.total_seconds())

"""What a room reads."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Query", "Subscription", "SubscriptionKind"]


class SubscriptionKind(StrEnum):
    """A catalogue topic, the reader's own words, or one feed."""

    TOPIC = "topic"
    QUERY = "query"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A reader's own words: all ``terms`` must occur, and all ``must``, and no ``never``.

    Each is a word or a quoted phrase, casefolded. At least one of ``terms`` or ``must``
    is there. A term matches in title or text.
    """

    terms: tuple[str, ...]
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One line of a room's reading list.

    ``key`` identifies what is read, and is what articles are matched to: a topic's slug,
    ``q:`` and a query's normal form, or ``feed:`` and a feed's id. ``label`` is how we
    name it to the reader.
    """

    id: int
    room_id: int
    kind: SubscriptionKind
    key: str
    label: str
    weight: float = 1.0

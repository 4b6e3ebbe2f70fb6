"""What a room reads."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

__all__ = ["EVERYTHING", "TOP", "Query", "Subscription", "SubscriptionKey", "SubscriptionKind"]


class SubscriptionKind(StrEnum):
    """A catalogue topic, the reader's own words, or one feed."""

    TOPIC = "topic"
    QUERY = "query"
    FEED = "feed"


class SubscriptionKey(str):
    """Identifies what is read; articles are matched to it, and feeds polled for it.

    Its text is stored as it is: a topic's slug ("climate"), ``q:`` and a query's normal form,
    ``feed:`` and a feed's id, or ``*``: everything, for a feed that serves every subscription.
    It equals the ``str`` of its text. No text is checked.
    """

    __slots__ = ()
    QUERY_PREFIX: ClassVar[str] = "q:"
    FEED_PREFIX: ClassVar[str] = "feed:"

    @classmethod
    def of_topic(cls, slug: str) -> "SubscriptionKey":
        """Return the key of a catalogue topic; whether there is one is not checked."""
        return cls(slug)

    @classmethod
    def of_query(cls, normal_form: str) -> "SubscriptionKey":
        """Return the key of a reader's own words, given in their normal form.

        ``bot.topics.query_key`` makes the key of a Query, form and all.
        """
        return cls(cls.QUERY_PREFIX + normal_form)

    @classmethod
    def of_feed(cls, feed_id: int) -> "SubscriptionKey":
        """Return the key of a single feed."""
        return cls(f"{cls.FEED_PREFIX}{feed_id}")

    @property
    def kind(self) -> SubscriptionKind | None:
        """What the key identifies, by its prefix alone; None for everything."""
        if self.startswith(self.QUERY_PREFIX):
            return SubscriptionKind.QUERY
        if self.startswith(self.FEED_PREFIX):
            return SubscriptionKind.FEED
        return None if self == "*" else SubscriptionKind.TOPIC

    @property
    def feed_id(self) -> int:
        """The id of the feed; raises ValueError if the key is of another kind or has no number."""
        if self.kind is not SubscriptionKind.FEED:
            raise ValueError(f"not the key of a feed: {self!r}")
        return int(self.removeprefix(self.FEED_PREFIX))


EVERYTHING = SubscriptionKey("*")
# The topic of what most outlets tell, whatever it is about: no word gives it away.
TOP = SubscriptionKey.of_topic("top")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A reader's own words: all ``terms`` must occur, and all ``must``, and no ``never``.

    Each is a word or a quoted phrase, casefolded but for quoted words in capitals ("US"), or the
    beginning of a word with a star. At least one of ``terms`` or ``must`` is there. A term matches
    in title or text; of several ``terms``, those that are words, where they stand together. One of
    ``others``, which have none of their own, will do as well.
    """

    terms: tuple[str, ...]
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    others: "tuple[Query, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One line of a room's reading list; ``label`` is what the reader calls it.

    Of two subscriptions of a room, ``key`` is never the same. ``weight`` is how much it
    matters beside the room's others (1 is usual).
    """

    id: int
    room_id: int
    kind: SubscriptionKind
    key: SubscriptionKey
    label: str
    weight: float = 1.0

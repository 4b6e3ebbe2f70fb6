"""What is to be subscribed to, and what it is called."""

from dataclasses import dataclass

from bot.commands.feeds import FoundFeed
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.domain.topic import Topic
from bot.texts import Texts

__all__ = ["Addition", "outlet_addition", "own_words", "topic_addition"]

_JOINERS = "\u200c\u200d"
_STRAIGHT_QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Something to subscribe to; ``shown`` is how the answer names it once it is stored."""

    kind: SubscriptionKind
    key: SubscriptionKey
    label: str
    shown: str


def own_words(piece: str) -> str:
    """Return what a reader typed, spelled as they did, with straight quotation marks.

    What is not shown is left out, but for joiners, which belong to words of Persian and of Indian
    languages.
    """
    shown = "".join(char for char in piece if char.isprintable() or char in _JOINERS)
    return " ".join(shown.translate(_STRAIGHT_QUOTES).split())


def topic_addition(topic: Topic, texts: Texts) -> Addition:
    """Return a topic of the catalogue, called as in the language of ``texts``."""
    name = topic.name(texts.language)
    key = SubscriptionKey.of_topic(topic.slug)
    return Addition(kind=SubscriptionKind.TOPIC, key=key, label=name, shown=name)


def outlet_addition(found: FoundFeed) -> Addition:
    """Return a single feed, called by its title."""
    key = SubscriptionKey.of_feed(found.feed_id)
    return Addition(kind=SubscriptionKind.FEED, key=key, label=found.title, shown=found.title)

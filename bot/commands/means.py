"""What all use cases work with."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.ports import Clock
from bot.domain.room import UsualLanguages
from bot.domain.subscription import Subscription
from bot.flow import Flow
from bot.gather.catalogue.sources import Sources
from bot.gather.http.fetch import Fetcher
from bot.settings import Settings
from bot.store import Store
from bot.texts import Texts
from bot.topics import Topics
from bot.workers import AnyWorkers

__all__ = ["Means"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The means of the desk: memory, the river, the catalogue.

    ``languages`` are those of articles for rooms that chose none. ``ring`` wakes a named job of
    the clock, so that a change takes effect at once.
    """

    settings: Settings
    clock: Clock
    store: Store
    flow: Flow
    fetcher: Fetcher
    workers: AnyWorkers
    topics: Topics
    sources: Sources
    languages: UsualLanguages
    ring: Callable[[str], None]

    def name_of(self, one: Subscription, texts: Texts) -> str:
        """Return what a reader calls what they subscribed to: a topic's name, or their words."""
        topic = self.topics.get(one.key)
        return topic.name(texts.language) if topic else one.label

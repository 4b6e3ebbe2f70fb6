"""What goes into picking, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.article import StoredArticle
from bot.reasons import Reason

__all__ = [
    "SectionCandidates",
    "SelectedSection",
    "SelectedStory",
    "Selection",
    "StoryCandidate",
    "Told",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCandidate:
    """A story that a section may tell.

    ``articles`` are those the room may see, oldest first; ``copies`` are the ids of those
    whose text an earlier one already has. ``match`` in (0, 1] is the best score of the
    section's key. ``first_at`` and ``last_at`` (UTC) span the story.
    """

    story_id: int
    articles: tuple[StoredArticle, ...]
    match: float
    first_at: datetime
    last_at: datetime
    copies: frozenset[int] = frozenset()

    @property
    def originals(self) -> tuple[StoredArticle, ...]:
        """The articles that are not copies; all, if the room sees nothing but copies.

        Oldest first; O(n) each time.
        """
        return (
            tuple(stored for stored in self.articles if stored.id not in self.copies)
            or self.articles
        )

    @property
    def outlets(self) -> Mapping[str, str]:
        """The outlets that wrote about it themselves, names by ids, the first one first.

        O(n) each time.
        """
        articles = [stored.article for stored in self.originals]
        return {article.outlet_key: article.source for article in articles}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCandidates:
    """One subscription, and the stories it may tell; ``weight`` is how much it matters.

    ``own_words`` says that ``name`` is the reader's own query. A story without an article in
    the room's languages is told in its own where ``any_language`` is. ``reason`` says why there
    are no stories, or none that may be told, where that is not for want of news.
    """

    key: str
    name: str
    own_words: bool = False
    any_language: bool = False
    weight: float = 1.0
    candidates: tuple[StoryCandidate, ...] = ()
    failed_sources: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a room was told of a story: when last (UTC), and the hashes of the sentences."""

    story_id: int
    at: datetime
    hashes: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedStory:
    """A story to tell. ``told`` is what the room knows of it, for an update, else None."""

    candidate: StoryCandidate
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedSection:
    """A subscription with the stories chosen for it, best first, and the count held back."""

    wanted: SectionCandidates
    chosen: tuple[SelectedStory, ...] = ()
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What one briefing tells: a section for each subscription, in the room's order."""

    sections: tuple[SelectedSection, ...] = ()

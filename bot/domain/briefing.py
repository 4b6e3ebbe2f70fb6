"""What an edition says, before it is put into words and markup."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.reasons import Reason

__all__ = ["Briefing", "BriefingStory", "ListedStory", "Quiet", "Quotation", "Section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A verbatim sentence: ``text`` is ``[start:end]`` of the stored text ``text_id``.

    ``dated_at`` is the day of its article in the reader's zone.
    """

    text: str
    url: str
    source: str
    dated_at: date
    text_id: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingStory:
    """One story as told in one briefing.

    ``title`` is the publisher's, of the article quoted first, and ``url`` its address.
    ``sentences`` are shown; ``more`` stands in the expandable quote. ``outlets`` counts
    distinct sources, ``countries`` distinct countries of them (0 if unknown).
    ``updated_since`` is the day the room was last told this story, for an update.

    Why it was chosen is not shown, but stored: ``text_id`` names the text of the article whose
    title it bears, 0 if unknown; ``coverage`` has the id of an article for each outlet, the first
    to report first, up to 20; ``match`` and ``score`` are as in ``bot.pick``, to three decimals.
    """

    story_id: int
    title: str
    url: str
    sentences: tuple[Quotation, ...]
    more: tuple[Quotation, ...] = ()
    outlets: int = 1
    countries: int = 0
    state_run: tuple[str, ...] = ()
    updated_since: date | None = None
    text_id: int = 0
    coverage: tuple[int, ...] = ()
    match: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStory:
    """A story of which an edition says no more than the title, which links to its article.

    ``kind`` is the article's, ``outlets`` the number of distinct sources; ``text_id`` names the
    article's text, 0 if unknown.
    """

    story_id: int
    title: str
    url: str
    kind: str = "news"
    outlets: int = 1
    text_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A topic with stories; ``own_words`` says that ``name`` is the reader's own query.

    ``key`` is the subscription's; ``held_back`` counts told stories without anything new.
    """

    name: str
    stories: tuple[BriefingStory, ...]
    own_words: bool = False
    key: str = ""
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A topic with nothing new: how many told stories were held back, which sources failed.

    ``reason`` says why nothing could be told of it, where that was not for want of news. ``key``
    is the subscription's.
    """

    name: str
    held_back: int = 0
    failed_sources: tuple[str, ...] = ()
    reason: Reason | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """One edition: sections in order, then topics without news, then what comes next.

    ``zone`` (IANA) is the reader's. ``next_at`` (UTC) is the next scheduled edition, None
    if there is none. ``late_since`` (UTC) is when a late edition was due; ``catch_up_since``
    marks an edition over a pause. ``sample`` marks the sample newsroom.
    ``notices`` are said at the top: what the reader should know of their settings.
    ``left_out`` are stories that should have been told and broke; ``also`` those only listed.
    """

    local_date: date
    zone: str
    sections: tuple[Section, ...]
    quiet: tuple[Quiet, ...] = ()
    next_at: datetime | None = None
    late_since: datetime | None = None
    catch_up_since: date | None = None
    sample: bool = False
    notices: tuple[Reason, ...] = ()
    left_out: tuple[Reason, ...] = ()
    also: tuple[ListedStory, ...] = ()

    @property
    def stories(self) -> tuple[BriefingStory, ...]:
        """All stories, in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

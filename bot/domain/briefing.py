"""What an edition says, before it is put into words and markup."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.reasons import Reason

__all__ = [
    "Briefing",
    "BriefingStory",
    "ListedStory",
    "OtherReport",
    "Quiet",
    "Quotation",
    "Section",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A verbatim sentence: ``text`` is ``[start:end]`` of the stored text ``text_id``.

    ``dated_at`` is the day of its article in the reader's zone. A quotation that ``joins`` leans
    on the one before it in its story: a reader gets both or neither. ``is_state_run`` and
    ``is_paywalled`` are said at its link.
    """

    text: str
    url: str
    source: str
    dated_at: date
    text_id: int = 0
    start: int = 0
    end: int = 0
    joins: bool = False
    is_state_run: bool = False
    is_paywalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReport:
    """An outlet that reports a story and is not quoted; ``url`` is its article's.

    ``text_id`` names the article's text, 0 if unknown.
    """

    source: str
    url: str
    is_state_run: bool = False
    is_paywalled: bool = False
    text_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingStory:
    """One story as told in one briefing.

    ``title`` is the publisher's, of the article quoted first; ``url``, ``source``, ``dated_at``
    (its day in the reader's zone), ``kind`` ("news", "opinion", "live" …) and ``is_paywalled`` are
    that article's.
    ``sentences`` are shown; ``more`` stands in the expandable quote. ``outlets`` counts
    distinct sources, ``countries`` distinct countries of them (0 if unknown); ``also_in`` are
    those that are not quoted, ``state_run`` the names of those that a state runs.
    ``updated_since`` is the day the room was last told this story, for an update, and
    ``told_before`` what it was told. ``weight`` is how much the story matters beside the
    others of its briefing; 0 if that is not known.

    Not shown, but stored with the edition are ``text_id``, which names the text of the article
    whose title it bears (0 if unknown), ``coverage``, the ids of an article for each outlet, the
    first to report first, up to 12, and ``match``, the best score of the section's key.
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
    source: str = ""
    dated_at: date | None = None
    kind: str = "news"
    also_in: tuple[OtherReport, ...] = ()
    told_before: Quotation | None = None
    weight: float = 0.0
    text_id: int = 0
    coverage: tuple[int, ...] = ()
    match: float = 0.0
    is_paywalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStory:
    """A story of which a briefing shows the title alone, as a link: "Also today".

    ``text_id`` names the text of the article that it links to, 0 if unknown.
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

    ``sign`` is an emoji for the topic, or "". ``see`` are ids of its stories that another
    section tells. ``key`` is the subscription's; ``held_back`` counts told stories without
    anything new.
    """

    name: str
    stories: tuple[BriefingStory, ...]
    own_words: bool = False
    sign: str = ""
    see: tuple[int, ...] = ()
    key: str = ""
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A topic with nothing new: how many told stories were held back, which sources failed.

    ``reason`` says why nothing could be told of it, where that was not for want of news.
    ``see`` are ids of its stories that another section tells. ``key`` is the subscription's.
    """

    name: str
    held_back: int = 0
    failed_sources: tuple[str, ...] = ()
    reason: Reason | None = None
    see: tuple[int, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """One edition: sections in order, then topics without news, then what comes next.

    ``zone`` (IANA) is the reader's. ``next_at`` (UTC) is the next scheduled edition, None
    if there is none. ``late_since`` (UTC) is when a late edition was due; ``catch_up_since``
    marks an edition over a pause. ``sample`` marks the sample newsroom.
    ``notices`` are said below the stories: what the reader should know of their settings.
    ``left_out`` are stories that should have been told and broke. ``also`` are shown by their
    titles, the best first. ``top_titles``, title and address, are the day's in general: for a
    briefing without stories.
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
    top_titles: tuple[tuple[str, str], ...] = ()

    @property
    def stories(self) -> tuple[BriefingStory, ...]:
        """All stories, in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

"""The day's news in three titles, for a morning that has nothing else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.article_kind import telling_turn
from bot.domain.briefing import Briefing
from bot.domain.room import RoomSettings
from bot.group import copies
from bot.pick import StoryCandidate, Told, arrange, rank
from bot.store import Store
from bot.store.articles import StoredStory

__all__ = ["top_titles"]

_COUNT = 3
# What is looked at for them: some were told before, or are no reports.
_LOOKED_AT = 20
_DAY = timedelta(days=1)


async def top_titles(
    store: Store,
    briefing: Briefing,
    told: Mapping[int, Told],
    settings: RoomSettings,
    now: datetime,
) -> tuple[tuple[str, str], ...]:
    """Return titles and addresses of up to three stories of the last day, the best first.

    Of public news in the languages of ``settings``, whatever it is about, reports that the room
    was never told; the broadest and freshest ones. () for a ``briefing`` that has stories. Two
    queries, none with stories. Raises StoreUnavailable.
    """
    if briefing.stories:
        return ()
    languages = settings.languages or ()
    stories = await store.articles.broadest(since=now - _DAY, languages=languages, limit=_LOOKED_AT)
    outlets = await store.feeds.outlets()
    candidates = [_candidate(story, languages) for story in stories if story.id not in told]
    candidates = [candidate for candidate in candidates if candidate.articles]
    candidates.sort(key=lambda candidate: rank(candidate, now), reverse=True)
    titles: dict[str, str] = {}
    for candidate in candidates[:_COUNT]:
        telling = arrange(
            candidate.originals,
            ZoneInfo(briefing.zone),
            is_state_run=lambda article: outlets.get(article.outlet_key, ("", False))[1],
        )
        lead = telling.articles[telling.lead].article
        titles.setdefault(lead.title, lead.url)
    return tuple(titles.items())


def _candidate(story: StoredStory, languages: tuple[str, ...]) -> StoryCandidate:
    """Return what of a story is a report in one of ``languages``, or in any without these."""
    return StoryCandidate(
        story_id=story.id,
        articles=tuple(
            stored
            for stored in story.articles
            if telling_turn(stored.article.kind) == 0
            and (not languages or stored.article.language in languages)
        ),
        match=1.0,
        first_at=story.first_at,
        last_at=story.last_at,
        copies=frozenset(story.articles[at].id for at in copies(story.fingerprints)),
    )

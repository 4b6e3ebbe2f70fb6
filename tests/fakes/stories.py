"""Story candidates, sections and told stories: the input of ``bot.pick``."""

from datetime import timedelta

from bot.pick import SectionCandidates, StoryCandidate, Told, sentence_hash
from tests.fakes.news import NOW


def candidate(story_id, *articles, match=0.5, copies=()):
    """Return a candidate story of ``articles``, which are given oldest first."""
    return StoryCandidate(
        story_id=story_id,
        articles=articles,
        match=match,
        first_at=min(member.article.dated_at for member in articles),
        last_at=max(member.article.dated_at for member in articles),
        copies=frozenset(copies),
    )


def wanted(key, *candidates, weight=1.0, **fields):
    """Return a section with the stories it may show."""
    return SectionCandidates(
        key=key, name=key.title(), weight=weight, candidates=candidates, **fields
    )


def told(story_id, *sentences, age_h=24.0):
    """Return a record that ``sentences`` of a story were told ``age_h`` hours before NOW."""
    hashes = frozenset(map(sentence_hash, sentences))
    return Told(story_id, NOW - timedelta(hours=age_h), hashes)

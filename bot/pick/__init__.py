"""Story → briefing: which stories are worth a reader's time, and the sentences that tell them."""

from bot.pick.compose import compose
from bot.pick.condense import condense
from bot.pick.hashes import sentence_hash
from bot.pick.lead import arrange
from bot.pick.ranking import TOLD_FROM, rank
from bot.pick.selection import pick, shortlist
from bot.pick.values import (
    SectionCandidates,
    SelectedSection,
    SelectedStory,
    Selection,
    StoryCandidate,
    Told,
)

__all__ = [
    "TOLD_FROM",
    "SectionCandidates",
    "SelectedSection",
    "SelectedStory",
    "Selection",
    "StoryCandidate",
    "Told",
    "arrange",
    "compose",
    "condense",
    "pick",
    "rank",
    "sentence_hash",
    "shortlist",
]

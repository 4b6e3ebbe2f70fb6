"""Who reports a story beside those quoted, and what a reader was told of it before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from bot.domain.article import Article, StoredArticle
from bot.domain.article_kind import telling_turn
from bot.domain.briefing import OtherReport, Quotation
from bot.pick.lead import share_subject
from bot.pick.values import StoryCandidate

__all__ = ["Outlets", "also_in", "is_state_run", "quotation", "told_before"]

# The country (ISO 3166-1, "" if unknown) of an outlet, by its id, and whether a state runs it.
Outlets = Mapping[str, tuple[str, bool]]

# Outlets that are named beside those quoted; the rest is counted.
_MAX_ALSO = 8


def is_state_run(article: Article, outlets: Outlets) -> bool:
    """Return whether a state runs the outlet of ``article``; False for one not in ``outlets``."""
    return outlets.get(article.outlet_key, ("", False))[1]


def also_in(
    candidate: StoryCandidate, lead: StoredArticle, quoted: Iterable[int], outlets: Outlets
) -> tuple[OtherReport, ...]:
    """Return the outlets that report what ``lead`` does and are not quoted, the newest first.

    Up to eight, each with its newest report; those of another subject, and opinions and the like
    beside reports, are none. ``quoted`` are ids of texts. O(n) in the articles.
    """
    texts = {lead.text_id, *quoted}
    seen = {s.article.outlet_key for s in candidate.articles if s.text_id in texts}
    turn = max(telling_turn(lead.article.kind), 1)
    found: list[OtherReport] = []
    for stored in reversed(candidate.originals):
        article = stored.article
        if (
            len(found) < _MAX_ALSO
            and article.outlet_key not in seen
            and telling_turn(article.kind) <= turn
            and share_subject(stored, lead)
        ):
            seen.add(article.outlet_key)
            found.append(
                OtherReport(
                    source=article.source,
                    url=article.url,
                    is_state_run=is_state_run(article, outlets),
                    is_paywalled=article.paywalled,
                )
            )
    return tuple(found)


def told_before(
    candidate: StoryCandidate, said: Sequence[str], outlets: Outlets, zone: tzinfo
) -> Quotation | None:
    """Return the first of the sentences ``said`` that stands in the newest article with one.

    None where no article has any. Linear in the length of the texts, for each sentence.
    """
    for stored in reversed(candidate.articles if said else ()):
        starts = [(stored.article.text.find(sentence), len(sentence)) for sentence in said]
        found = min(((start, size) for start, size in starts if start >= 0), default=None)
        if found is not None:
            return quotation(stored, found[0], sum(found), outlets, zone)
    return None


def quotation(
    stored: StoredArticle, start: int, end: int, outlets: Outlets, zone: tzinfo
) -> Quotation:
    """Return ``[start:end]`` of the text of ``stored``, dated in ``zone``."""
    article = stored.article
    return Quotation(
        text=article.text[start:end],
        url=article.url,
        source=article.source,
        dated_at=article.dated_at.astimezone(zone).date(),
        text_id=stored.text_id,
        start=start,
        end=end,
        is_state_run=is_state_run(article, outlets),
        is_paywalled=article.paywalled,
    )

"""A chosen story in a few sentences of its own articles, word for word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from zoneinfo import ZoneInfo

from bot.domain.article import StoredArticle
from bot.domain.article_kind import REPORTS
from bot.domain.briefing import BriefingStory, Quotation
from bot.domain.room import Length, RoomSettings
from bot.pick.hashes import sentence_hash
from bot.pick.novelty import known_of, new_articles, told_sentences
from bot.pick.shared_summaries import MAX_SENTENCE_CHARS, summaries_of_new
from bot.pick.values import SelectedStory
from bot.topics.tokens import search_tokens
from summarizers import DEFAULT_METHOD, Budget, Document, Summary, summarize_in_turn

__all__ = ["Outlets", "condense"]

# The country (ISO 3166-1, "" if unknown) of an outlet, by its id, and whether a state runs it.
Outlets = Mapping[str, tuple[str, bool]]

# Articles that are read for one story: seven stories of this many take LexRank, which is
# quadratic, 2.6 s; of ten, 6.9 s.
_MAX_ARTICLES = 6
# Sentences of other angles, in the expandable quote.
_MORE = {Length.HEADLINES: 0, Length.BRIEF: 3, Length.DEEP: 4}


def condense(
    chosen: SelectedStory,
    settings: RoomSettings,
    zone: ZoneInfo,
    *,
    outlets: Outlets,
    told: frozenset[int] = frozenset(),
) -> BriefingStory | None:
    """Return a story as a briefing tells it, None if there is no sentence to quote.

    Sentences come in the order in which they are read: document by document, the opening one
    first. ``told`` are hashes of sentences that must not be quoted. An update quotes only what is
    new, from new articles only: None without one. At most six articles are read, those of the
    commonest language and of none known, and reports before opinions and the like. With
    headlines, and where no article has a text, nothing is quoted: the story is the title of the
    article that its articles agree with most, or of the newest for an update. Dates are local to
    ``zone``. ``outlets`` is by id; one that is not there is of no known country. The texts of the
    articles must be loaded.

    CPU work, linear in the length of what is read (for an update, of all articles) but for the
    methods of sumy; it blocks, for up to seconds: meant for a worker process, and not for two
    threads at once (``summaries_of_new``, which keep what was read of new stories). Raises what
    the summarizer raises, which headlines do not ask: ValueError for a ``settings.method`` that
    there is not or a negative budget.
    """
    candidate = chosen.candidate
    articles = new_articles(candidate, chosen.told) if chosen.told else candidate.originals
    known = Counter(stored.article.language for stored in articles if stored.article.language)
    if len(known) > 1:
        # All of one language, the commonest, or of an unknown one, which joins any.
        language = known.most_common(1)[0][0]  # the first met of equals
        articles = tuple(stored for stored in articles if stored.article.language in (language, ""))
    # Facts are told in a report's words, where there is one.
    articles = tuple(s for s in articles if s.article.kind in REPORTS) or articles
    articles = _spread(articles, _MAX_ARTICLES)
    if not articles:
        return None
    # Of a page that gives no article its title and link are told.
    is_bare = chosen.told is None and not any(stored.article.text for stored in articles)
    if settings.length is Length.HEADLINES or is_bare:
        lead = articles[-1]
        if chosen.told is None:
            # The title that shares most words with the others', the newest of equals.
            titles = [frozenset(search_tokens(stored.article.title)) for stored in articles]
            uses = Counter(chain.from_iterable(titles))
            shared = [sum(uses[word] - 1 for word in title) / (len(title) or 1) for title in titles]
            lead = articles[max(range(len(articles)), key=lambda n: (shared[n], n))]
        return _story(chosen, lead, outlets, zone)
    # Extracted texts often begin with the headline, which is shown anyway.
    headlines = {sentence_hash(stored.article.title) for stored in candidate.articles}
    summaries = _summaries(articles, chosen, settings, told | headlines)
    shown, behind = (_quotations(summary, articles, zone) for summary in summaries)
    if not shown:
        return None
    more = tuple(quotation for key, quotation in behind.items() if key not in shown)
    lead = articles[summaries[0].sentences[0].document]
    return _story(chosen, lead, outlets, zone, sentences=tuple(shown.values()), more=more)


def _story(
    chosen: SelectedStory,
    lead: StoredArticle,
    outlets: Outlets,
    zone: ZoneInfo,
    *,
    sentences: tuple[Quotation, ...] = (),
    more: tuple[Quotation, ...] = (),
) -> BriefingStory:
    """Return the story under the title of ``lead``, with its coverage."""
    sources = chosen.candidate.outlets
    known = [(name, *outlets[key]) for key, name in sources.items() if key in outlets]
    return BriefingStory(
        story_id=chosen.candidate.story_id,
        title=lead.article.title,
        url=lead.article.url,
        sentences=sentences,
        more=more,
        outlets=len(sources),
        countries=len({country for _, country, _ in known if country}),
        state_run=tuple(source for source, _, is_state_run in known if is_state_run),
        updated_since=chosen.told.at.astimezone(zone).date() if chosen.told else None,
    )


def _spread(articles: Sequence[StoredArticle], limit: int) -> tuple[StoredArticle, ...]:
    """Return up to ``limit`` articles: the newest of each outlet before a second of any.

    Both ``articles`` and the result have the oldest first.
    """
    seen: Counter[str] = Counter()
    turns = []
    for age, stored in enumerate(reversed(articles)):
        turns.append((seen[stored.article.outlet_key], age))
        seen[stored.article.outlet_key] += 1
    ages = sorted((age for _, age in sorted(turns)[:limit]), reverse=True)
    return tuple(articles[-1 - age] for age in ages)


def _summaries(
    articles: Sequence[StoredArticle],
    chosen: SelectedStory,
    settings: RoomSettings,
    never: frozenset[int],
) -> tuple[Summary, ...]:
    """Return what to show of a story, and what to put behind it."""
    documents = tuple(
        Document(
            text=stored.article.text,
            title=stored.article.title,
            source=stored.article.source,
            published_at=stored.article.dated_at,
        )
        for stored in articles
    )
    # What stands outside the expandable quote, and in it.
    shown = settings.sentences + (1 if settings.length is Length.DEEP else 0)
    budgets = (Budget(sentences=shown), Budget(sentences=_MORE[settings.length]))
    languages = (stored.article.language for stored in articles)
    language = next(filter(None, languages), "")
    method = settings.method or DEFAULT_METHOD
    if chosen.told is None:
        return summaries_of_new(
            documents, budgets=budgets, language=language, method=method, never=never
        )
    known = known_of(chosen.candidate, chosen.told)

    def is_wanted(sentence: str) -> bool:
        if len(sentence) > MAX_SENTENCE_CHARS or sentence_hash(sentence) in never:
            return False
        return known.is_new(sentence)

    return summarize_in_turn(
        documents,
        budgets=budgets,
        language=language,
        method=method,
        known=told_sentences(chosen.candidate.articles, chosen.told.hashes),
        wanted=is_wanted,
    )


def _quotations(
    summary: Summary, articles: Sequence[StoredArticle], zone: ZoneInfo
) -> dict[int, Quotation]:
    """Return quotations by their hashes, in order: none says again what an earlier one says."""
    quoted: dict[int, Quotation] = {}
    for sentence in summary.sentences:
        stored = articles[sentence.document]
        quotation = Quotation(
            text=sentence.text,
            url=stored.article.url,
            source=stored.article.source,
            dated_at=stored.article.dated_at.astimezone(zone).date(),
            text_id=stored.text_id,
            start=sentence.start,
            end=sentence.end,
        )
        quoted.setdefault(sentence_hash(sentence.text), quotation)
    return quoted

"""A chosen story in a few sentences of its own articles, word for word."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.domain.article import StoredArticle
from bot.domain.article_kind import NO_REPORTS, telling_turn
from bot.domain.briefing import BriefingStory, Quotation
from bot.domain.room import Length, RoomSettings
from bot.pick.coverage import Outlets, also_in, is_state_run, quotation, told_before
from bot.pick.hashes import sentence_hash
from bot.pick.lead import Telling, arrange
from bot.pick.novelty import known_of, new_articles, told_sentences
from bot.pick.sentence_signs import gives_verdict
from bot.pick.shared_summaries import MAX_SENTENCE_CHARS, summaries_of_new
from bot.pick.values import SelectedStory
from summarizers import (
    DEFAULT_METHOD,
    Budget,
    Document,
    Summary,
    split_sentences,
    summarize_in_turn,
)

__all__ = ["Outlets", "condense", "was_told"]

# Articles that are read for one story: seven stories of this many take LexRank, which is
# quadratic, 2.6 s; of ten, 6.9 s.
_MAX_ARTICLES = 6
# A shorter verdict is a single word, which says little without the claim.
_MIN_VERDICT_CHARS = 12
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
    """Return a story as a briefing tells it, None for an update without a sentence to quote.

    The article that leads (``arrange``) gives title, address, kind and first sentence; others
    follow, document by document. It is the best that has a sentence which may open. ``told``
    are hashes of sentences that must not be quoted. An update quotes only what is new, from new
    articles only: None without one. At most six articles are read, those of the commonest
    language and of none known, and reports before opinions and the like. A fact check is told by
    one sentence, its verdict, or not at all. With headlines, of what reports nothing
    (``NO_REPORTS``), and where no article has a sentence that may open, nothing is quoted; what
    reports nothing has no update but with headlines. Dates are local to ``zone``. ``outlets`` is by
    id; one that is not there is of no known country. The texts of the articles must be loaded.

    CPU work, linear in the length of what is read (for an update, of all articles) but for the
    methods of sumy; it blocks, for up to seconds: meant for a worker process, and not for two
    threads at once (``summaries_of_new``, which keep what was read of new stories). Raises what
    the summarizer raises, which headlines do not ask: ValueError for a ``settings.method`` that
    there is not or a negative budget.
    """
    candidate = chosen.candidate
    articles = new_articles(candidate, chosen.told) if chosen.told else candidate.originals
    left = _read(articles)
    said: tuple[str, ...] = ()
    if chosen.told and chosen.told.hashes:
        said = told_sentences(candidate.articles, chosen.told.hashes)
    before = told_before(candidate, said, outlets, zone)
    # Of a story without a sentence that may open its title and link are told.
    bare: BriefingStory | None = None
    # Extracted texts often begin with the headline, which is shown anyway.
    headlines = {sentence_hash(stored.article.title) for stored in candidate.articles}
    while left:
        telling = arrange(
            left,
            zone,
            is_state_run=partial(is_state_run, outlets=outlets),
        )
        lead = telling.articles[telling.lead]
        if settings.length is Length.HEADLINES:
            return _story(chosen, lead, outlets, zone, before)
        if lead.article.kind in NO_REPORTS:
            return None if chosen.told else _story(chosen, lead, outlets, zone, before)
        if lead.article.kind == "fact-check":
            verdict = _verdict(lead, outlets, zone, told)
            if verdict is None:
                return None
            return _story(chosen, lead, outlets, zone, before, sentences=(verdict,))
        summaries = _summaries(telling, chosen, settings, told | headlines, said)
        told_first = summaries[0].sentences[:1]
        opens = any(sentence.document == telling.lead for sentence in told_first)
        if opens and summaries[0].is_news:
            shown, behind = (
                _quotations(summary, telling.articles, outlets, zone) for summary in summaries
            )
            more = tuple(quotation for key, quotation in behind.items() if key not in shown)
            return _story(
                chosen, lead, outlets, zone, before, sentences=tuple(shown.values()), more=more
            )
        # It has no sentence that may open: the next best leads.
        if bare is None and chosen.told is None and not was_told(lead, told):
            bare = _story(chosen, lead, outlets, zone, before)
        left = tuple(stored for stored in left if stored is not lead)
    return bare


def _read(articles: Sequence[StoredArticle]) -> tuple[StoredArticle, ...]:
    """Return the articles to read, oldest first: those whose turn it is, then what may join."""
    known = Counter(stored.article.language for stored in articles if stored.article.language)
    if len(known) > 1:
        # All of one language, the commonest, or of an unknown one, which joins any.
        language = known.most_common(1)[0][0]  # the first met of equals
        articles = tuple(stored for stored in articles if stored.article.language in (language, ""))
    if not articles:
        return ()
    turn = min(telling_turn(stored.article.kind) for stored in articles)
    own = [stored for stored in articles if telling_turn(stored.article.kind) == turn]
    read = _spread(own, _MAX_ARTICLES)
    if turn == 0 and len(read) < _MAX_ARTICLES:
        beside = [stored for stored in articles if telling_turn(stored.article.kind) == 1]
        read += _spread(beside, _MAX_ARTICLES - len(read))
    return tuple(sorted(read, key=articles.index))


def _story(
    chosen: SelectedStory,
    lead: StoredArticle,
    outlets: Outlets,
    zone: ZoneInfo,
    before: Quotation | None,
    *,
    sentences: tuple[Quotation, ...] = (),
    more: tuple[Quotation, ...] = (),
) -> BriefingStory:
    """Return the story under the title of ``lead``, with its coverage."""
    candidate, told = chosen.candidate, chosen.told
    sources = candidate.outlets
    known = [(name, *outlets[key]) for key, name in sources.items() if key in outlets]
    return BriefingStory(
        story_id=candidate.story_id,
        title=lead.article.title,
        url=lead.article.url,
        source=lead.article.source,
        dated_at=lead.article.dated_at.astimezone(zone).date(),
        kind=lead.article.kind,
        is_paywalled=lead.article.paywalled,
        sentences=sentences,
        more=more,
        outlets=len(sources),
        countries=len({country for _, country, _ in known if country}),
        state_run=tuple(source for source, _, is_state_run in known if is_state_run),
        also_in=also_in(
            candidate, lead, (quoted.text_id for quoted in (*sentences, *more)), outlets
        ),
        updated_since=told.at.astimezone(zone).date() if told else None,
        told_before=before,
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
    telling: Telling,
    chosen: SelectedStory,
    settings: RoomSettings,
    never: frozenset[int],
    said: Sequence[str],
) -> tuple[Summary, ...]:
    """Return what to show of a story, and what to put behind it; ``said`` was told before."""
    articles = telling.articles
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
    may_quote = telling.may_quote(language)
    if chosen.told is None:
        return summaries_of_new(
            documents,
            budgets=budgets,
            language=language,
            method=method,
            never=never,
            lead=telling.lead,
            careful=(telling.earlier, telling.overtaken),
            may_quote=may_quote,
        )
    known = known_of(chosen.candidate, chosen.told, language)

    def is_wanted(sentence: str) -> bool:
        if len(sentence) > MAX_SENTENCE_CHARS or sentence_hash(sentence) in never:
            return False
        return known.is_new(sentence) and may_quote(sentence)

    return summarize_in_turn(
        documents,
        budgets=budgets,
        language=language,
        method=method,
        known=said,
        wanted=is_wanted,
        lead=telling.lead,
        opening_is_news=False,
    )


def was_told(stored: StoredArticle, told: frozenset[int]) -> bool:
    """Return whether any sentence of an article was told, of this story or another.

    ``told`` are hashes of sentences (``sentence_hash``). Splits the text where there are any:
    linear, some milliseconds.
    """
    text = stored.article.text
    spans = split_sentences(text, stored.article.language) if told else ()
    return any(sentence_hash(text[start:end]) in told for start, end in spans)


def _quotations(
    summary: Summary, articles: Sequence[StoredArticle], outlets: Outlets, zone: ZoneInfo
) -> dict[int, Quotation]:
    """Return quotations by their hashes, in order: none says again what an earlier one says."""
    quoted: dict[int, Quotation] = {}
    for sentence in summary.sentences:
        stored = articles[sentence.document]
        found = quotation(stored, sentence.start, sentence.end, outlets, zone)
        quoted.setdefault(sentence_hash(sentence.text), replace(found, joins=sentence.leans))
    return quoted


def _verdict(
    stored: StoredArticle, outlets: Outlets, zone: ZoneInfo, never: frozenset[int]
) -> Quotation | None:
    """Return the sentence of a fact check that says what is true, None without one.

    Of what was claimed and how it spread nothing is told, for it would read as a fact.
    """
    text, language = stored.article.text, stored.article.language
    for start, end in split_sentences(text, language):
        sentence = text[start:end]
        if (
            _MIN_VERDICT_CHARS <= len(sentence) <= MAX_SENTENCE_CHARS
            and gives_verdict(sentence, language)
            and sentence_hash(sentence) not in never
        ):
            return quotation(stored, start, end, outlets, zone)
    return None

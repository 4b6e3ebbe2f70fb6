"""Which article of a story leads, and which of the others may be quoted behind it.

The lead is the article quoted first, which gives the story its title: the newest report, so that
a story opens with its latest development. What was written before it may have been overtaken: it
is quoted with care, or not at all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from bot.domain.article import Article, StoredArticle
from bot.domain.article_kind import telling_turn
from bot.pick.sentence_signs import are_known, looks_ahead, names_a_day
from bot.topics.tokens import search_tokens
from summarizers.stopwords import story_stop_words

__all__ = ["Telling", "arrange", "share_subject"]

# An article this much older than the newest reports another stage of the story: its outlet does
# not "report it too", and it is not quoted beside a newer one.
_ONE_STAGE = timedelta(hours=24)
# What an article of the same day said of the future this long before the lead may be past.
_PREVIEW_AGE = timedelta(hours=1)
# In so little time a story hardly moves: a free article leads before one that costs and is newer.
_HARDLY_OLDER = timedelta(hours=6)
# A shorter text is one sentence or two, mostly a feed's teaser; half as long where a sign is a
# syllable. In characters.
_SHORT_CHARS = 200
_SHORT_UNSPACED_CHARS = 80
_UNSPACED = frozenset({"ja", "ko", "th", "zh"})
# The subject of an article stands in its title and first paragraphs: 700 characters part stories
# as well as 1,200 do, and take half the time.
_SUBJECT_CHARS = 700
# Articles of one story share less of the smaller subject than this in 0.3 to 3% of pairs (clusters
# of outlets in English and Vietnamese; 15% where clusters are loose), of two stories in 63 to 99%.
_SAME_SUBJECT = 0.05
# An article that shares this much less with the others than the one that shares most is odd.
_ODD_SHARE = 0.5
# Words are known by their first letters.
_STEM_CHARS = 6
# Where a word is written in pieces with spaces between, two pieces say what one cannot.
_SYLLABLES_APART = frozenset({"vi"})


@dataclass(frozen=True, slots=True)
class Telling:
    """The articles to quote, oldest first; ``lead`` is the index of the one that opens.

    ``earlier`` are the indexes of those of an earlier local day than the lead, ``overtaken``
    of those and others that were written an hour or more before it.
    """

    articles: tuple[StoredArticle, ...]
    lead: int
    earlier: frozenset[int] = frozenset()
    overtaken: frozenset[int] = frozenset()

    def may_quote(self, language: str) -> Callable[[str], bool]:
        """Return what tells whether a sentence of these texts is fit to stand beside the lead.

        One that stands only in an article of an earlier day must name no day relative to it
        ("last night"), and no such sentence, nor one that is an hour old, may tell what was still
        to come. Linear in the sentence, but for those refused, which are looked for in the texts.
        """
        texts = [stored.article.text for stored in self.articles]
        latest = [text for at, text in enumerate(texts) if at not in self.overtaken]
        today = [text for at, text in enumerate(texts) if at not in self.earlier]

        def is_fit(sentence: str) -> bool:
            if self.earlier and names_a_day(sentence, language) and not _in_any(sentence, today):
                return False
            return not (
                self.overtaken and looks_ahead(sentence, language) and not _in_any(sentence, latest)
            )

        return is_fit


def arrange(
    articles: Sequence[StoredArticle], zone: tzinfo, *, is_state_run: Callable[[Article], bool]
) -> Telling:
    """Return which of ``articles`` (one or more, oldest first) are told, and which one leads.

    The lead is a report where there is one (``telling_turn``), shares with the others what they
    are about, is of an outlet that no state runs and longer than a teaser, as far as an article
    within a day of the newest is, and free where one that is hardly older is; of these the newest.
    Behind it are quoted articles of its day in ``zone`` and of the 24 hours before, that share a
    subject with it and whose kind may stand beside it. An article of an earlier day is quoted only
    in a language whose words for days are known. IndexError without articles. O(n²) in the
    articles, which should be few.
    """
    turn = min(telling_turn(stored.article.kind) for stored in articles)
    told = [
        stored for stored in articles if telling_turn(stored.article.kind) in (turn, max(turn, 1))
    ]
    lead = told[_lead(told, turn, is_state_run)]
    day = _day(lead, zone)
    kept = [
        stored
        for stored in told
        if stored is lead
        or (
            _day(stored, zone) <= day
            and lead.article.dated_at - stored.article.dated_at <= _ONE_STAGE
            and (_day(stored, zone) == day or are_known(lead.article.language))
            and share_subject(stored, lead)
        )
    ]
    at = kept.index(lead)
    earlier = {n for n, stored in enumerate(kept) if _day(stored, zone) < day}
    older = {
        n
        for n, stored in enumerate(kept)
        if lead.article.dated_at - stored.article.dated_at >= _PREVIEW_AGE
    }
    return Telling(tuple(kept), at, frozenset(earlier), frozenset(earlier | older))


def _lead(
    articles: Sequence[StoredArticle], turn: int, is_state_run: Callable[[Article], bool]
) -> int:
    """Return the place of the article that leads."""
    odd = _odd_ones(articles)
    own = [
        n
        for n, stored in enumerate(articles)
        if telling_turn(stored.article.kind) == turn and n not in odd
    ]
    if not own:  # the only one in its turn is odd
        own = [n for n, stored in enumerate(articles) if telling_turn(stored.article.kind) == turn]
    free = [articles[n].article.dated_at for n in own if not articles[n].article.paywalled]

    def fitness(n: int) -> tuple[bool, bool, bool, datetime, int]:
        article = articles[n].article
        at = article.dated_at
        # A reader is not asked to pay for what is free elsewhere, and hardly older.
        is_free_elsewhere = article.paywalled and any(
            free_at > at - _HARDLY_OLDER for free_at in free
        )
        return (not is_state_run(article), not _is_short(article), not is_free_elsewhere, at, n)

    newest = max(articles[n].article.dated_at for n in own)
    return max((n for n in own if newest - articles[n].article.dated_at <= _ONE_STAGE), key=fitness)


def _odd_ones(articles: Sequence[StoredArticle]) -> frozenset[int]:
    """Return the places of articles that share scarcely a word with the others.

    None of two, for who would say which.
    """
    if len(articles) < 3:
        return frozenset()
    sums = [
        sum(_shared(stored, other) for other in articles if other is not stored)
        for stored in articles
    ]
    return frozenset(n for n, sum_ in enumerate(sums) if sum_ < _ODD_SHARE * max(sums))


def _is_short(article: Article) -> bool:
    is_unspaced = article.language in _UNSPACED
    return len(article.text) < (_SHORT_UNSPACED_CHARS if is_unspaced else _SHORT_CHARS)


def share_subject(one: StoredArticle, other: StoredArticle) -> bool:
    """Return whether two articles are about the same, as far as their first words tell.

    True where one has no words that tell. Linear in 700 characters of each, once.
    """
    return _shared(one, other) >= _SAME_SUBJECT


def _shared(one: StoredArticle, other: StoredArticle) -> float:
    """Return how much of the shorter subject two articles share, in [0, 1].

    1 where one has no words that tell.
    """
    first, second = _subject_of(one.article), _subject_of(other.article)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 1.0


def _subject_of(article: Article) -> frozenset[str]:
    return _subject(article.title, article.text[:_SUBJECT_CHARS], article.language)


# At a full hour the same stories are told to thousands of readers.
@lru_cache(maxsize=2_000)
def _subject(title: str, opening: str, language: str) -> frozenset[str]:
    """Return the stems, or pairs of syllables, that tell what an article is about."""
    stops = story_stop_words(language)
    tokens = search_tokens(f"{title}\n{opening}")
    is_telling = [len(token) > 1 and token not in stops for token in tokens]
    if language in _SYLLABLES_APART:
        pairs = zip(pairwise(tokens), pairwise(is_telling), strict=True)
        return frozenset(f"{first} {second}" for (first, second), told in pairs if all(told))
    return frozenset(
        token[:_STEM_CHARS] for token, told in zip(tokens, is_telling, strict=True) if told
    )


def _day(stored: StoredArticle, zone: tzinfo) -> date:
    return stored.article.dated_at.astimezone(zone).date()


def _in_any(sentence: str, texts: Iterable[str]) -> bool:
    return any(sentence in text for text in texts)

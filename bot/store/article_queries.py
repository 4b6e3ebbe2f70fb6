"""Queries of articles with their texts, and of the stories they tell."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.article import Article, StoredArticle
from bot.store.tables import article, article_match, article_text, story, story_article

__all__ = [
    "SAME_FIELDS",
    "article_of",
    "broadest_stories",
    "matching_stories",
    "members_of",
    "select_articles",
    "stored_article",
    "visible_to",
]

# The most articles of one story that are looked at for a briefing: the newest ones.
_MAX_ARTICLES = 40
# The most stories that compete for one topic's place in a briefing: the newest ones.
_MAX_STORIES = 300
# The fields of an Article that are columns of the same name.
SAME_FIELDS = (
    "outlet",
    "source",
    "kind",
    "title",
    "language",
    "published_at",
    "seen_at",
    "paywalled",
)


def visible_to(feed_keys: Sequence[str]) -> Any:
    """Return the SQL condition that a room with these feed subscriptions may see an article."""
    if not feed_keys:
        return article.c.public
    own = exists().where(
        article_match.c.article_id == article.c.id, article_match.c.key.in_(feed_keys)
    )
    return or_(article.c.public, own.correlate(article))


async def matching_stories(
    connection: AsyncConnection, key: str, since: datetime, feed_keys: Sequence[str]
) -> list[tuple[int, float]]:
    """Return (id, best score) of the newest stories that answer to ``key``, newest first.

    Of articles seen since an aware instant, and visible to readers of ``feed_keys``. One query.
    """
    match = article_match.alias("m")
    statement = (
        select(story_article.c.story_id, func.max(match.c.score))
        .join(match, match.c.article_id == story_article.c.article_id)
        .join(article, article.c.id == match.c.article_id)
        .where(match.c.key == key, article.c.seen_at >= since, visible_to(feed_keys))
        .group_by(story_article.c.story_id)
        .order_by(func.max(article.c.seen_at).desc(), story_article.c.story_id)
        .limit(_MAX_STORIES)
    )
    return [(row[0], row[1]) for row in await connection.execute(statement)]


async def broadest_stories(
    connection: AsyncConnection, since: datetime, languages: Sequence[str], limit: int
) -> list[int]:
    """Return up to ``limit`` stories of which most outlets have a public article, broadest first.

    Only articles seen at ``since`` or later count, with ``languages`` only those in these. Of
    equals the one seen last, then the lower id. One query, of all articles since then. Raises
    SQLAlchemy's StatementError for a naive ``since``.
    """
    statement = (
        select(story_article.c.story_id)
        .join(article, article.c.id == story_article.c.article_id)
        .where(article.c.public, article.c.seen_at >= since)
        .group_by(story_article.c.story_id)
        .order_by(
            func.count(article.c.outlet.distinct()).desc(),
            func.max(article.c.seen_at).desc(),
            story_article.c.story_id,
        )
        .limit(limit)
    )
    if languages:
        statement = statement.where(article.c.language.in_(languages))
    return list((await connection.execute(statement)).scalars())


async def best_topics(connection: AsyncConnection, story_ids: Sequence[int]) -> dict[int, str]:
    """Return the topic, no reader's words and no feed, that each story's articles match best.

    Stories without a topic are left out. One query, for at most 10,000 ids.
    """
    statement = (
        select(story_article.c.story_id, article_match.c.key)
        .join(article_match, article_match.c.article_id == story_article.c.article_id)
        .where(story_article.c.story_id.in_(story_ids), ~article_match.c.key.like("%:%"))
        .group_by(story_article.c.story_id, article_match.c.key)
        # The best comes last, and stays.
        .order_by(func.sum(article_match.c.score), article_match.c.key.desc())
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}


async def members_of(
    connection: AsyncConnection, story_ids: Sequence[int], feed_keys: Sequence[str]
) -> dict[int, list[RowMapping]]:
    """Return the visible articles of each story, without texts, the latest to come first.

    At most 40 a story; stories without such are left out. One query, none without ``story_ids``.
    """
    members: dict[int, list[RowMapping]] = defaultdict(list)
    if not story_ids:
        return members
    its_story = (story_article.c.story_id, story.c.first_at, story.c.last_at)
    statement = (
        select_articles(article.c.fingerprint, *its_story, text=literal("").label("text"))
        .join(story_article, story_article.c.article_id == article.c.id)
        .join(story, story.c.id == story_article.c.story_id)
        .where(story_article.c.story_id.in_(story_ids), visible_to(feed_keys))
        .order_by(article.c.id.desc())
    )
    for row in (await connection.execute(statement)).mappings():
        if len(members[row["story_id"]]) < _MAX_ARTICLES:
            members[row["story_id"]].append(row)
    return members


def select_articles(*more: Any, text: Any = article_text.c.text) -> Any:
    """Return a SELECT of articles, each with its newest text, or what ``text`` is instead."""
    newest = (
        select(func.max(article_text.c.id))
        .where(article_text.c.article_id == article.c.id)
        .correlate(article)
        .scalar_subquery()
    )
    names = ("id", "canonical_url", *SAME_FIELDS)
    columns = [*(article.c[name] for name in names), article_text.c.id.label("text_id"), text]
    return select(*columns, *more).join(article_text, article_text.c.id == newest)


def stored_article(row: RowMapping) -> StoredArticle:
    """Return the article in a row of ``select_articles``."""
    return StoredArticle(id=row["id"], text_id=row["text_id"], article=article_of(row))


def article_of(row: RowMapping) -> Article:
    """Return the article in a row that has its address, its ``SAME_FIELDS`` and a text."""
    named = {name: row[name] for name in SAME_FIELDS}
    return Article(url=row["canonical_url"], text=row["text"], **named)

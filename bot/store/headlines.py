"""Titles of the newest articles, without their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.store.article_queries import visible_to
from bot.store.database import Database
from bot.store.tables import article, article_match

__all__ = ["Headline", "HeadlineRows"]


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of an article, and the name of its outlet, "" if unknown."""

    title: str
    source: str


class HeadlineRows:
    """The repository of titles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(
        self,
        keys: Sequence[str],
        *,
        since: datetime,
        languages: Sequence[str],
        feed_keys: Sequence[str],
    ) -> Headline | None:
        """Return the report that came in last of those that answer to ``keys``; None for none.

        Seen since an instant, and visible to a room with ``feed_keys``; opinion and the like do
        not count. With ``languages`` only articles in these do, and those of unknown language. At
        most 100 keys of either sort; one query.
        """
        statement = (
            select(article.c.title, article.c.source)
            .join(article_match, article_match.c.article_id == article.c.id)
            .where(
                article_match.c.key.in_(keys),
                article.c.seen_at >= since,
                article.c.kind == "news",
                visible_to(feed_keys),
            )
            .order_by(article.c.seen_at.desc(), article.c.id.desc())
            .limit(1)
        )
        if languages:
            statement = statement.where(article.c.language.in_([*languages, ""]))
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).first()
        return Headline(row.title, row.source) if row else None

    async def newest_id(self) -> int:
        """Return the highest id of an article, 0 if there is none; one lookup."""
        async with self._database.read() as connection:
            return (await connection.execute(select(func.max(article.c.id)))).scalar() or 0

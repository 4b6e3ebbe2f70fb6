"""What editions said, for as long as it is kept."""

import logging
from collections.abc import Collection

from sqlalchemy import select

from bot.domain.article import Article
from bot.domain.briefing import Briefing
from bot.domain.content import load_content
from bot.logs import event
from bot.store.article_queries import SAME_FIELDS, article_of
from bot.store.database import CHUNK, Database
from bot.store.tables import article, article_text, content, edition

__all__ = ["ContentRows"]

_log = logging.getLogger(__name__)


class ContentRows:
    """The repository of contents, which ``EditionRows.fill`` stores.

    They are without publishers' words (``bot.domain.content``), which ``articles_of`` finds. Of an
    edition that said nothing, that was made before contents were stored, or whose content was
    purged, there is none; one that cannot be read is logged, and there is none either.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, room_id: int, edition_id: int) -> Briefing | None:
        """Return what an edition of a room said, or None; not another room's. One query."""
        return (await self.of_room(room_id, edition_id)).get(edition_id)

    async def of_room(self, room_id: int, edition_id: int | None = None) -> dict[int, Briefing]:
        """Return what the editions of a room said, by their ids, the newest first.

        With ``edition_id`` only that of this one. One query.
        """
        statement = (
            select(content.c.edition_id, content.c.value)
            .join(edition, edition.c.id == content.c.edition_id)
            .where(edition.c.room_id == room_id)
            .order_by(content.c.edition_id.desc())
        )
        if edition_id is not None:
            statement = statement.where(content.c.edition_id == edition_id)
        found = {}
        async with self._database.read() as connection:
            for number, value in await connection.execute(statement):
                try:
                    found[number] = load_content(value)
                except ValueError:
                    event(_log, "content-unreadable", level=logging.ERROR, edition=number)
        return found

    async def articles_of(self, text_ids: Collection[int]) -> dict[int, Article]:
        """Return the articles of texts, each with that text, by the ids of the texts.

        Private ones too; an id without a text is left out. In no order; one query per 10,000.
        """
        ids, found = list(text_ids), {}
        names = ("canonical_url", *SAME_FIELDS)
        columns = (article_text.c.id, article_text.c.text, *(article.c[name] for name in names))
        joined = select(*columns).join(article, article.c.id == article_text.c.article_id)
        async with self._database.read() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = joined.where(article_text.c.id.in_(ids[start : start + CHUNK]))
                for row in (await connection.execute(chunk)).mappings():
                    found[row["id"]] = article_of(row)
        return found

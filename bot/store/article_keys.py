"""The keys by which an article is known: its own address's, those that led to it, a claimed one."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import article, article_key
from bot.store.upsert import insert_missing

__all__ = ["holder", "save_keys"]


async def holder(
    connection: AsyncConnection,
    keys: Sequence[str],
    *,
    public: bool = False,
    claimed: bool = False,
) -> int | None:
    """Return the id of the article that has one of ``keys``, the first that any has; or None.

    That whose own address it is goes before one that it only led to, and with ``claimed`` one that
    only claims it comes last. With ``public`` others are passed over. Two queries.
    """
    if not keys:
        return None
    own = select(article.c.page_key, article.c.id).where(article.c.page_key.in_(keys))
    led = (
        select(article_key.c.key, article_key.c.article_id)
        .join(article, article.c.id == article_key.c.article_id)
        .where(article_key.c.key.in_(keys))
        .order_by(article_key.c.claimed)
    )
    if not claimed:
        led = led.where(~article_key.c.claimed)
    if public:
        own, led = own.where(article.c.public), led.where(article.c.public)
    for statement in (own, led):
        found = {row[0]: row[1] for row in (await connection.execute(statement)).all()}
        for key in keys:
            if key in found:
                return int(found[key])
    return None


async def save_keys(
    connection: AsyncConnection, article_id: int, *, own: Collection[str], claim: str
) -> None:
    """Let an article be known by ``own`` keys, and by ``claim`` ("" for none) as one it claims.

    A key that another article has stays that one's, unless it only claimed it; so does a claim.
    Part of the caller's transaction, which must be a ``write``.
    """
    keys = sorted({*own, claim} - {""})
    taken = select(article.c.page_key).where(article.c.page_key.in_(keys))
    free = set(keys) - set((await connection.execute(taken)).scalars())
    mine = free & set(own)
    if mine:
        only_claimed = article_key.c.key.in_(mine) & article_key.c.claimed
        await connection.execute(delete(article_key).where(only_claimed))
    # What became an article's own address is claimed by no other any more.
    own_address = article_key.c.key.in_(set(keys) - free) & article_key.c.claimed
    await connection.execute(delete(article_key).where(own_address))
    rows = [{"key": key, "article_id": article_id, "claimed": False} for key in sorted(mine)]
    if claim in free and claim not in mine:
        rows.append({"key": claim, "article_id": article_id, "claimed": True})
    await insert_missing(connection, article_key, rows)

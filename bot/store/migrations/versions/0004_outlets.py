"""Outlets have ids, articles kinds and further keys; what is repeated belongs to an outlet's id."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
# Where the name of an outlet comes from, as bot.gather.catalogue.outlets.Naming counts it.
_HOST, _FEED = 1, 2
# The outlet of an article is that of the feed it came by, first of one that bears its name.
_BY_ENTRY = """
    UPDATE article SET outlet = COALESCE((
        SELECT MIN(feed.outlet) FROM feed_entry JOIN feed ON feed.id = feed_entry.feed_id
        WHERE feed_entry.article_id = article.id AND feed.outlet <> '' {same_name}
    ), '')
    WHERE outlet = ''
"""


def upgrade() -> None:
    """Give feeds and articles the ids of their outlets, and repeated lines to these ids.

    Keys of articles are marked as those of schema 0003: what makes two addresses one page has
    changed, and a link is looked up by both. All articles are news. No name changes.
    """
    op.create_table(
        "outlet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("naming", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
    )
    op.create_table(
        "article_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("claimed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_key_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_key")),
    )
    op.create_index(op.f("ix_article_key_article_id"), "article_key", ["article_id"])
    for table in ("article", "feed"):
        outlet = sa.Column("outlet", sa.Text(), server_default="", nullable=False)
        op.add_column(table, outlet)
    op.add_column("article", sa.Column("kind", sa.Text(), server_default="news", nullable=False))
    op.drop_index("ix_article_source", table_name="article")
    op.create_index("ix_article_outlet", "article", ["outlet", "id"])
    op.create_index("ix_feed_outlet", "feed", ["outlet"])
    op.execute("UPDATE article SET page_key = 'schema-3:' || page_key")
    _give_outlets()
    _move_furniture()


def _give_outlets() -> None:
    """Give an outlet to each feed that was ever read, and to each article."""
    outlet_of = context.config.attributes.get("outlet_of") or _by_host
    feeds = _rows("SELECT id, url, source FROM feed WHERE read_at IS NOT NULL AND source <> ''")
    found = [(outlet_of(url, source), url, source, number) for number, url, source in feeds]
    _run(
        "UPDATE feed SET outlet = :outlet WHERE id = :id",
        [{"id": number, "outlet": outlet} for outlet, _, _, number in found],
    )
    named: dict[str, dict[str, Any]] = {}
    for outlet, url, source, _ in found:
        naming = _HOST if source in {url, urlsplit(url).hostname} else _FEED
        named.setdefault(outlet, {"id": outlet, "name": source, "naming": naming})
    _run("INSERT INTO outlet (id, name, naming) VALUES (:id, :name, :naming)", [*named.values()])
    for same_name in ("AND feed.source = article.source", ""):
        op.execute(_BY_ENTRY.format(same_name=same_name))
    by_name = {source: outlet for outlet, _, source, _ in reversed(found)}
    left = _rows("SELECT id, canonical_url, source FROM article WHERE outlet = ''")
    _run(
        "UPDATE article SET outlet = :outlet WHERE id = :id",
        [
            {"id": number, "outlet": by_name.get(source) or outlet_of(url, source)}
            for number, url, source in left
        ],
    )


def _move_furniture() -> None:
    """Give the lines that a name repeated to all outlets of that name."""
    outlets: dict[str, set[str]] = defaultdict(set)
    pairs = "SELECT DISTINCT source, outlet FROM {} WHERE outlet <> ''"
    for table in ("feed", "article"):
        for source, outlet in _rows(pairs.format(table)):
            outlets[source].add(outlet)
    lines = {
        (outlet, digest): seen_at
        for source, digest, seen_at in _rows(
            "SELECT source, digest, seen_at FROM furniture ORDER BY seen_at"
        )
        for outlet in outlets.get(source, {source})
    }
    op.drop_table("furniture")
    op.create_table(
        "furniture",
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet", "digest", name=op.f("pk_furniture")),
    )
    _run(
        "INSERT INTO furniture (outlet, digest, seen_at) VALUES (:outlet, :digest, :seen_at)",
        [
            {"outlet": outlet, "digest": digest, "seen_at": seen_at}
            for (outlet, digest), seen_at in lines.items()
        ],
    )


def _by_host(url: str, name: str) -> str:
    """Return an outlet's id where nobody says how ids are made: host and name."""
    return f"{urlsplit(url).netloc}/{name}"


def _rows(select: str) -> Sequence[Any]:
    return op.get_bind().execute(sa.text(select)).all()


def _run(statement: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        op.get_bind().execute(sa.text(statement), rows[start : start + _AT_ONCE])

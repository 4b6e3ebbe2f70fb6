"""Reasons are values, rooms keep only what they chose, schedules count failed attempts."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Where a reason stood as prose.
_REASONS = (
    ("edition", "reason"),
    ("feed", "error"),
    ("feed_entry", "error"),
    ("part", "error"),
    ("chat", "error"),
)
# What a room was stored with at schema 0002 although nobody had chosen it. An empty list of
# languages is not among it: that is the choice "any".
_DEFAULTS = {
    "length": "brief",
    "stories_per_topic": 3,
    "stories_in_all": 7,
    "sentences": 2,
    "method": "",
    "silence": "off",
    "paused_until": None,
}
# The languages there were sources in: newcomers who spoke one were given articles in it, all
# others in English.
_AVAILABLE = frozenset({
    "am", "ar", "bg", "bn", "bs", "cn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi",
    "fr", "gu", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "km", "ko", "lt", "lv", "ms",
    "my", "nl", "no", "pl", "pt", "ro", "ru", "rw", "sk", "sl", "sr", "sv", "sw", "ta", "th",
    "tr", "uk", "vi", "zh",
})  # fmt: skip
_AT_ONCE = 1_000


def upgrade() -> None:
    """Turn prose into the code "legacy", and drop from settings what nobody chose."""
    attempts = sa.Column("attempts", sa.Integer(), server_default="0", nullable=False)
    op.add_column("schedule", attempts)
    op.add_column("schedule", sa.Column("error", sa.Text(), server_default="", nullable=False))
    op.add_column("edition", sa.Column("left_out", sa.Text(), server_default="", nullable=False))
    for table, column in _REASONS:
        prose = f"SELECT id, {column} FROM {table} WHERE {column} <> ''"  # noqa: S608
        change = f"UPDATE {table} SET {column} = :new WHERE id = :id"  # noqa: S608
        _rewrite(prose, change, lambda row: _legacy(row[1]))
    _rewrite(
        "SELECT room.id, room.settings, chat.language "
        "FROM room JOIN chat ON chat.id = room.chat_id WHERE room.settings <> '{}'",
        "UPDATE room SET settings = :new WHERE id = :id",
        lambda row: _chosen(row[1], row[2]),
    )


def _rewrite(select: str, update: str, new: Any) -> None:
    database = op.get_bind()
    rows = [{"id": row[0], "new": new(row)} for row in database.execute(sa.text(select)).all()]
    for start in range(0, len(rows), _AT_ONCE):
        database.execute(sa.text(update), rows[start : start + _AT_ONCE])


def _legacy(text: str) -> str:
    return f"legacy {json.dumps({'text': text}, ensure_ascii=False)}"


def _chosen(settings: str, language: str) -> str:
    """Return of stored ``settings`` what differs from what a newcomer was given."""
    try:
        stored = json.loads(settings)
    except ValueError:
        return settings
    if not isinstance(stored, Mapping):
        return settings
    own = language[:2].lower()
    usual = [own] if own in _AVAILABLE else ["en"]
    # The operator's went before the reader's own.
    configured = list(context.config.attributes.get("languages", ()))
    given = {**_DEFAULTS, "languages": configured or usual}
    missing = object()
    kept = {name: value for name, value in stored.items() if given.get(name, missing) != value}
    return json.dumps(kept, ensure_ascii=False)

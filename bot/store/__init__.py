"""Memory: SQLAlchemy Core tables, one repository per noun, Alembic migrations."""

from bot.store.database import Database
from bot.store.store import Store

__all__ = ["Database", "Store"]

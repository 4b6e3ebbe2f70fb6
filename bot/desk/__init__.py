"""What a reader can ask for: one module a use case, no telegram."""

from bot.desk.desk import Desk, Pressed
from bot.desk.privacy import Export
from bot.desk.visit import Visit, say

__all__ = ["Desk", "Export", "Pressed", "Visit", "say"]

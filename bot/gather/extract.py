"""The entry point ``extract_article``, which stays here whatever moves behind it."""

from bot.gather.pages.extract import extract_article

__all__ = ["extract_article"]

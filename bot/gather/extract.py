"""The entry point ``extract_article``, whose import path is stable."""

from bot.gather.pages.extract import extract_article

__all__ = ["extract_article"]

"""The entry point ``clean_text``, whose import path is stable."""

from bot.gather.pages.clean import clean_text

__all__ = ["clean_text"]

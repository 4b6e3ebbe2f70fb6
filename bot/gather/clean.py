"""The entry point ``clean_text``, which stays here whatever moves behind it."""

from bot.gather.pages.clean import clean_text

__all__ = ["clean_text"]

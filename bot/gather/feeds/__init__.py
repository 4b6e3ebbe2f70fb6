"""Parsing of feeds in many formats. Loaded in worker processes only."""

from bot.gather.feeds.formats import parse_feed

__all__ = ["parse_feed"]

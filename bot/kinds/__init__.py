"""Words → kind: what an article is by its own words; ``bot.domain.article_kind`` lists kinds."""

from bot.kinds.titles import is_of_many_things

__all__ = ["is_of_many_things"]

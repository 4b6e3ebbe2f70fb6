"""Topics: a catalogue as data, readers' own queries, and what an article is about."""

from bot.topics.catalogue import COUNTRY, ORGANIZATION, PLACE, SUBJECT, Topics, load_topics
from bot.topics.queries import is_plain, parse_query, query_key, query_text, split_list
from bot.topics.scripts import languages_of_script
from bot.topics.standing import QueryMatcher
from bot.topics.tokens import search_tokens

__all__ = [
    "COUNTRY",
    "ORGANIZATION",
    "PLACE",
    "SUBJECT",
    "QueryMatcher",
    "Topics",
    "is_plain",
    "languages_of_script",
    "load_topics",
    "parse_query",
    "query_key",
    "query_text",
    "search_tokens",
    "split_list",
]

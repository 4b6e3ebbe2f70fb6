"""What the words of a reader ask for: topics of the catalogue, or a search for the words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.commands.intents import (
    is_whole_country,
    may_mean,
    near_topics,
    read_meaning,
    topic_named,
)
from bot.commands.places import is_city_of_region
from bot.commands.zones import find_zones
from bot.domain.topic import Topic
from bot.errors import ReaderError
from bot.topics import PLACE, SUBJECT, Topics, is_plain, parse_query, split_list

__all__ = ["Unclear", "are_addresses", "few", "place_test", "several_topics", "wanted_things"]

_Thing = TypeVar("_Thing")

_COMMA = re.compile(r"[,、،，]")
_MAX_AT_ONCE = 10
_MAX_NAME_CHARS = 80  # no topic has a longer name, with all that is said around it
# A name of a site as people write it; of other endings of its length, too few are sites.
_SITE = re.compile(
    r"(?:www\.)?(?:[a-z0-9-]{2,63}\.){1,4}(?:com|org|net|info|news|gov|edu|int|[a-z]{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that may mean one of ``topics``, or just themselves.

    What ``is_name`` is spelled as the topics are called: no slip of the reader's.
    """

    words: str
    topics: tuple[Topic, ...]
    is_name: bool = False


def place_test(now: datetime) -> Callable[[str], bool]:
    """Return what says whether words name a place with a time of its own; a clock time is none.

    "Paris, Texas" is one; "Tokyo, energy news" and "Germany, France" name two things.
    """

    def is_place(words: str) -> bool:
        if any(map(str.isdigit, words)):
            return False
        return is_city_of_region(words) if _COMMA.search(words) else bool(find_zones(words, now))

    return is_place


def are_addresses(text: str) -> bool:
    """Return whether ``text`` is nothing but names of sites, such as "quay.example.com"."""
    words = text.split()
    return bool(words) and all(_SITE.fullmatch(word) for word in words)


def wanted_things(
    text: str,
    topics: Topics,
    language: str = "",
    is_place: Callable[[str], bool] = lambda _: False,
) -> list[Topic | Unclear | str]:
    """Return what ``text`` asks for in its order: topics, and own words as typed.

    Words in quotation marks, with a sign or an operator are own words; others are a topic where
    they name one, in any language, and several where each of a list does. What is said around
    them ("please", "news about") is nothing. A country with one subject asks for both
    together, in own words. What is only excluded, between commas, is so from all the rest. A name
    that several topics share, one that means a part of a topic or something else too, and a city
    of a country (``is_place``) is unclear, as is a topic's name misspelt. ``language`` is the
    reader's. Raises ReaderError for more than ten things.
    """
    if (whole := _topic(text, topics)) is not None and _is_clear(text, topics, language, is_place):
        return [whole]
    pieces = [piece.strip() for piece in re.split(r"[,;\n]+", text)]
    pieces = [p for p in pieces if any(map(str.isalnum, p)) or (p and _topic(p, topics))]
    excluded = [piece for piece in pieces if _only_excludes(piece)]
    asked = [piece for piece in pieces if piece not in excluded]
    if excluded and asked:
        pieces = [" ".join((piece, *excluded)) for piece in asked]
    things: list[Topic | Unclear | str] = []
    for piece in pieces:
        things += _of_piece(piece, topics, language, is_place)
    return few(things)


def few(things: list[_Thing]) -> list[_Thing]:
    """Return ``things``; raise ReaderError if they are too many to be asked for at once."""
    if len(things) > _MAX_AT_ONCE:
        raise ReaderError("too-many-at-once", n=_MAX_AT_ONCE)
    return things


def several_topics(text: str, topics: Topics) -> list[Topic]:
    """Return the topics if every single word of ``text`` names one ("climate ai space")."""
    return _all_found(text.split(), topics)


def _of_piece(
    piece: str, topics: Topics, language: str, is_place: Callable[[str], bool]
) -> list[Topic | Unclear | str]:
    if not is_plain(piece):
        parts = split_list(piece)
        either = is_plain(" ".join(parts)) and len(parts) > 1
        return [*_all_found(parts, topics)] if either and _all_found(parts, topics) else [piece]
    if found := _one(piece, topics, language, is_place):
        return [found]
    if several := _several(piece, topics):
        return [*several]
    if len(piece) > _MAX_NAME_CHARS:
        return [piece]
    asked = read_meaning(piece, topics, language, is_place)
    named = [act.text for act in asked.acts if act.act == "subscribe" and act.text]
    if named and {act.act for act in asked.acts} <= {"subscribe", "schedule"}:
        things: list[Topic | Unclear | str] = []
        for part in named[0].split(", "):
            if part != piece:
                one = _one(part, topics, language, is_place)
                things += [one] if one else _several(part, topics) or [part]
        if things:
            return things
    return [_unless_misspelt(piece, topics)]


def _one(
    words: str, topics: Topics, language: str, is_place: Callable[[str], bool]
) -> Topic | Unclear | None:
    """Return the topic that ``words`` name, what they may mean, or None."""
    if (topic := _topic(words, topics)) is not None and topic.sign == words.strip():
        return topic
    named = may_mean(words, topics, language)
    if not named.topics:
        return None
    if _is_clear(words, topics, language, is_place):
        return named.topics[0]
    return Unclear(words, named.topics, is_name=True)


def _is_clear(words: str, topics: Topics, language: str, is_place: Callable[[str], bool]) -> bool:
    topic = _topic(words, topics)
    if topic is not None and topic.sign == words.strip():
        return True
    named = may_mean(words, topics, language)
    if not named.is_clear:
        return False
    first = named.topics[0]
    return first.group == PLACE or is_whole_country(words, first) or not is_place(words)


def _several(piece: str, topics: Topics) -> list[Topic]:
    """Return the topics that a list names, or words in a row, but for a country's subject."""
    if len(parts := split_list(piece)) > 1 and (found := _all_found(parts, topics)):
        return found
    found = several_topics(piece, topics)
    # Of a place and a subject the one tells of the other.
    is_pair = len(found) == 2 and len({topic.group == SUBJECT for topic in found}) == 2
    return [] if is_pair else found


def _topic(text: str, topics: Topics) -> Topic | None:
    if not is_plain(text):
        return None
    sign = text.strip()
    by_sign = (topic for topic in topics.all() if topic.sign and topic.sign == sign)
    return topics.find(text) or (None if sign.isascii() else next(by_sign, None))


def _all_found(parts: list[str], topics: Topics) -> list[Topic]:
    """Return the topics of ``parts``, each once, if each names one."""
    found = [topic_named(part, topics) for part in parts]
    named = {topic.slug: topic for topic in found if topic is not None}
    return [] if None in found else list(named.values())


def _only_excludes(piece: str) -> bool:
    try:
        parse_query(piece)
    except ReaderError as error:
        return error.reason.code == "query-only-excludes"
    return False


def _unless_misspelt(piece: str, topics: Topics) -> Unclear | str:
    """Return ``piece``, as unclear if it is nearly the name of a topic, and no name of its own."""
    if not re.fullmatch(r"[\w-]+(?: [\w-]+)?", piece) or piece[1:] != piece[1:].lower() != "":
        return piece
    near = near_topics(piece.replace("-", " "), topics)
    return Unclear(piece, near) if near else piece

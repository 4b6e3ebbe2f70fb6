"""What the words of a reader ask for: topics of the catalogue, or a search for the words."""

import re
from difflib import SequenceMatcher
from typing import TypeVar

from bot.domain.topic import Topic
from bot.errors import ReaderError
from bot.topics import COUNTRY, Topics, is_plain, parse_query, split_list

__all__ = ["are_addresses", "few", "several_topics", "wanted_things"]

_Thing = TypeVar("_Thing")

_MAX_AT_ONCE = 10
_MAX_NAME_CHARS = 80  # no topic has a longer name, with all that is said around it
# A name of a site as people write it; of other endings of its length, too few are sites.
_SITE = re.compile(
    r"(?:www\.)?(?:[a-z0-9-]{2,63}\.){1,4}(?:com|org|net|info|news|gov|edu|int|[a-z]{2})",
    re.IGNORECASE,
)
# What is said around a topic: how to send it, and when.
_BEFORE = re.compile(
    r"^(?:(?:to|the|about|on|all|more|topics?:?|news(?: (?:about|on|from))?|zu|über|thema:?|sur"
    r"|sobre|su|o|про|о|новости)\s+)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s+(?:please|news|daily|every (?:day|morning|evening)|bitte|täglich|(?:at |um |à |a las )?"
    r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?))+$",
    re.IGNORECASE,
)
# How alike a word and a topic's name are if the one is the other misspelt: a letter in six.
_MISSPELT = 0.85


def are_addresses(text: str) -> bool:
    """Return whether ``text`` is nothing but names of sites, such as "quay.example.com"."""
    words = text.split()
    return bool(words) and all(_SITE.fullmatch(word) for word in words)


def wanted_things(text: str, topics: Topics) -> list[Topic | str]:
    """Return what ``text`` asks for in its order: topics, and own words as typed.

    Words in quotation marks, with a sign or an operator are own words; others are a topic where
    they name one, and several where each of a list does. A country with one subject asks for both
    together, in own words. What is only excluded, between commas, is so from all the rest. Raises
    ReaderError for what is a topic's name misspelt, or for more than ten things.
    """
    if (whole := _topic(text, topics)) is not None:
        return [whole]
    pieces = [piece.strip() for piece in re.split(r"[,;\n]+", text)]
    pieces = [piece for piece in pieces if piece and _means_something(piece, topics)]
    excluded = [piece for piece in pieces if _only_excludes(piece)]
    asked = [piece for piece in pieces if piece not in excluded]
    if excluded and asked:
        pieces = [" ".join((piece, *excluded)) for piece in asked]
    things: list[Topic | str] = []
    for piece in pieces:
        things += _of_piece(piece, topics)
    return few(things)


def few(things: list[_Thing]) -> list[_Thing]:
    """Return ``things``; raise ReaderError if they are too many to be asked for at once."""
    if len(things) > _MAX_AT_ONCE:
        raise ReaderError("too-many-at-once", n=_MAX_AT_ONCE)
    return things


def several_topics(text: str, topics: Topics) -> list[Topic]:
    """Return the topics if every single word of ``text`` names one ("climate ai space")."""
    return _all_found(text.split(), topics)


def _of_piece(piece: str, topics: Topics) -> list[Topic | str]:
    if not is_plain(piece):
        parts = split_list(piece)
        either = is_plain(" ".join(parts)) and len(parts) > 1
        return [*_all_found(parts, topics)] if either and _all_found(parts, topics) else [piece]
    if (topic := _topic(piece, topics)) is not None:
        return [topic]
    if len(piece) > _MAX_NAME_CHARS:
        return [*_several(piece, topics)] or [piece]
    bare = _AFTER.sub("", _BEFORE.sub("", piece)).strip()
    if bare and bare != piece and (topic := topics.find(bare)) is not None:
        return [topic]
    if found := _several(piece, topics):
        return [*found]
    _refuse_misspelt(piece, topics)
    return [piece]


def _several(piece: str, topics: Topics) -> list[Topic]:
    """Return the topics that a list names, or words in a row, but for a country's subject."""
    if len(parts := split_list(piece)) > 1 and (found := _all_found(parts, topics)):
        return found
    found = several_topics(piece, topics)
    return [] if _is_a_pair(found) else found


def _topic(text: str, topics: Topics) -> Topic | None:
    if not is_plain(text):
        return None
    sign = text.strip()
    by_sign = (topic for topic in topics.all() if topic.sign and topic.sign == sign)
    return topics.find(text) or (None if sign.isascii() else next(by_sign, None))


def _all_found(parts: list[str], topics: Topics) -> list[Topic]:
    """Return the topics of ``parts``, each once, if each names one."""
    found = [topics.find(part) for part in parts]
    named = {topic.slug: topic for topic in found if topic is not None}
    return [] if None in found else list(named.values())


def _is_a_pair(found: list[Topic]) -> bool:
    """Return whether these are a country and a subject: the one tells of the other."""
    return len(found) == 2 and len({topic.group == COUNTRY for topic in found}) == 2


def _only_excludes(piece: str) -> bool:
    try:
        parse_query(piece)
    except ReaderError as error:
        return error.reason.code == "query-only-excludes"
    return False


def _refuse_misspelt(piece: str, topics: Topics) -> None:
    """Raise ReaderError if ``piece`` is nearly the name of a topic, and not a name of its own."""
    if not re.fullmatch(r"[\w-]+(?: [\w-]+)?", piece) or piece[1:] != piece[1:].lower() != "":
        return
    typed = piece.casefold().replace("-", " ")
    likely = [
        topic.slug
        for topic in topics.suggest(piece)
        if any(
            SequenceMatcher(None, typed, name.casefold(), autojunk=False).ratio() >= _MISSPELT
            for name in (*topic.names.values(), topic.slug.replace("-", " "))
        )
    ]
    if likely:
        raise ReaderError("no-such-topic", words=piece[:60], names=tuple(likely))


def _means_something(piece: str, topics: Topics) -> bool:
    return any(map(str.isalnum, piece)) or _topic(piece, topics) is not None

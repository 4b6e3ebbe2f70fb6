"""The country that a reader most likely lives in, as a topic to offer."""

from babel.core import get_global

from bot.commands.zones import likely_zones
from bot.domain.room import Chat
from bot.domain.topic import Topic
from bot.topics import COUNTRY, Topics

__all__ = ["own_country"]

# Languages of many countries: which of them a phone of that language is in, nobody knows.
_OF_MANY_COUNTRIES = frozenset({"", "en", "es", "fr", "pt", "ar"})
_FLAG_A = 0x1F1E6


def own_country(chat: Chat, topics: Topics) -> Topic | None:
    """Return the topic of the reader's country, None where that is not known; no I/O.

    That of their zone, if they told us; else the region of their language's tag ("de-AT"), else
    where most people live who speak it, unless those are of many countries.
    """
    territory = _territory(chat)
    flag = "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in territory)
    if not flag:
        return None
    of_country = (t for t in topics.all() if t.group == COUNTRY and t.sign == flag)
    return next(of_country, None)


def _territory(chat: Chat) -> str:
    """Return a territory of ISO 3166-1 in two capital letters, or ""."""
    if chat.zone_known and (found := _of_zone(chat.zone)):
        return found
    for part in chat.language.replace("_", "-").split("-")[1:]:
        if len(part) == 2 and part.isascii() and part.isalpha():
            return part.upper()
    if chat.spoken in _OF_MANY_COUNTRIES:
        return ""
    zones = likely_zones(chat.language)
    return "" if zones == likely_zones("") else _of_zone(zones[0])


def _of_zone(zone: str) -> str:
    found = str(get_global("zone_territories").get(zone, ""))
    return found if len(found) == 2 and found.isalpha() else ""  # "001" is the world

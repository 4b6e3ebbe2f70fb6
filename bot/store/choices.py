"""A room's choices as JSON; a stored choice that exists no longer counts as not chosen."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.room import Length, RoomSettings, Silence
from bot.reasons import Reason
from bot.texts import is_language
from summarizers import METHODS

__all__ = ["dump_settings", "is_zone", "load_settings", "stored_zone"]

# An IETF tag such as "pt-BR". One without a catalogue is read in English, as a phone's is.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
# More of anything fits into no message.
_MAX_COUNT = 50


def dump_settings(settings: RoomSettings) -> str:
    """Return the JSON object of what was chosen, without defaults that were not chosen.

    No value is checked; one that JSON does not have raises TypeError. ``paused_until`` keeps its
    offset; a naive one is read back as UTC.
    """
    defaults = RoomSettings()
    values = {
        name: getattr(settings, name)
        for name in _READERS
        if name in settings.chosen or getattr(settings, name) != getattr(defaults, name)
    }
    return json.dumps(values, ensure_ascii=False, default=datetime.isoformat)


def load_settings(text: str) -> tuple[RoomSettings, tuple[Reason, ...]]:
    """Return the settings that ``dump_settings`` wrote, and what of them exists no longer.

    Never raises: a choice that cannot be read is among the reasons, like one that is gone, and
    has its default; of ``languages`` those known are kept. Reasons come in the order stored,
    languages last. Names that are no setting are passed over without a reason. ``paused_until``
    is in UTC.
    """
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError):
        stored = None
    if not isinstance(stored, Mapping):
        return RoomSettings(), (Reason("retired-settings"),)
    values: dict[str, Any] = {}
    retired = []
    for name, value in stored.items():
        if name not in _READERS:  # of an older or a newer daybrief
            continue
        try:
            values[name] = _READERS[name](value)
        except (ValueError, TypeError, OverflowError):
            shown = str(value)[:40]
            match name:
                case "method":
                    retired.append(Reason("retired-method", {"value": shown}))
                case "zone":
                    retired.append(Reason("retired-zone", {"zone": shown}))
                case _:
                    retired.append(Reason("retired-setting", {"value": shown}))
    unknown = tuple(code for code in values.get("languages") or () if not is_language(code))
    if unknown:
        retired.append(Reason("retired-language", {"languages": unknown}))
        kept = tuple(code for code in values["languages"] if code not in unknown)
        values |= {"languages": kept} if kept else {}
        if not kept:
            del values["languages"]
    return RoomSettings(**values, chosen=frozenset(values)), tuple(retired)


def stored_zone(settings: str, zone: str) -> str:
    """Return the zone of a room with these stored ``settings`` in a chat of ``zone``.

    Never raises; one that does not exist is returned all the same if it is the chat's.
    """
    if '"zone"' not in settings:  # nearly all
        return zone
    return load_settings(settings)[0].zone or zone


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Return whether ``name`` is in the time zone database of this machine; never raises.

    Case counts. Reads a file, once for each name: the answer is cached. "" is no zone.
    """
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # what a name of a file, a folder, or neither raise
        return False
    return True


def _count(value: object) -> int:
    if not isinstance(value, int) or value is True or not 0 < value <= _MAX_COUNT:
        raise ValueError(value)
    return value


def _languages(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(str, value))


def _method(value: object) -> str:
    name = str(value)
    if name and name not in METHODS:
        raise ValueError(value)
    return name


def _interface(value: object) -> str:
    tag = str(value)
    if not _TAG.fullmatch(tag):
        raise ValueError(value)
    return tag


def _zone(value: object) -> str:
    name = str(value)
    if not is_zone(name):
        raise ValueError(value)
    return name


def _instant(value: object) -> datetime | None:
    if value is None:
        return None
    at = datetime.fromisoformat(str(value))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "length": Length,
    "stories_per_topic": _count,
    "stories_in_all": _count,
    "sentences": _count,
    "languages": _languages,
    "method": _method,
    "silence": Silence,
    "paused_until": _instant,
    "interface": _interface,
    "zone": _zone,
}

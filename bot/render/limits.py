"""The limits of a message and of a briefing, counted as Telegram counts."""

from dataclasses import dataclass

__all__ = [
    "GOAL_UNITS",
    "TELEGRAM_LIMITS",
    "MessageLimits",
    "Size",
    "utf16_units",
]


def utf16_units(text: str) -> int:
    """Return the length of ``text`` as Telegram counts it: characters beyond U+FFFF are two.

    Lone surrogates count as one. Never raises.
    """
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Size:
    """What a message, or a piece of one, takes up; sizes of pieces add up.

    ``units`` are UTF-16 code units after parsing, ``entities`` the marked spans, and
    ``entity_bytes`` what the entities take on the way to Telegram's servers, most of it
    the addresses of links.
    """

    units: int = 0
    entities: int = 0
    entity_bytes: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.units + other.units,
            self.entities + other.entities,
            self.entity_bytes + other.entity_bytes,
        )

    def __sub__(self, other: "Size") -> "Size":
        return Size(
            self.units - other.units,
            self.entities - other.entities,
            self.entity_bytes - other.entity_bytes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLimits:
    """What one message may hold at most, in the measures of Size.

    The defaults are Telegram's. 4096 units are the Bot API's (sendMessage); what is marked
    after the 100th entity is shown unmarked. The third limit is documented nowhere: the
    servers answer ENTITIES_TOO_LONG where all entities together reach about 9,500 bytes
    (tdlib/telegram-bot-api issue 165, confirmed there by its maintainer). The offline
    parser does not check it, so we stay well below.
    """

    units: int = 4096
    entities: int = 100
    entity_bytes: int = 8000

    def hold(self, size: Size) -> bool:
        """Return whether ``size`` is within the limits in every measure."""
        return (
            size.units <= self.units
            and size.entities <= self.entities
            and size.entity_bytes <= self.entity_bytes
        )

    def beside(self, size: Size) -> "MessageLimits":
        """Return what is left of these limits beside something of ``size``."""
        return MessageLimits(
            units=self.units - size.units,
            entities=self.entities - size.entities,
            entity_bytes=self.entity_bytes - size.entity_bytes,
        )


TELEGRAM_LIMITS = MessageLimits()

# A briefing one thumb scrolls through in two minutes: what is seen of it before a tap, and all
# that a preview holds.
GOAL_UNITS = 2000

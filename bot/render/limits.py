"""How much Telegram takes in one message, counted as it counts."""

from dataclasses import dataclass

__all__ = ["GOAL_UNITS", "MAX_MESSAGE", "Size", "utf16_units"]


def utf16_units(text: str) -> int:
    """Return the length of ``text`` as Telegram counts it: characters beyond U+FFFF are two."""
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

    def fits(self, room: "Size") -> bool:
        """Say whether this goes into ``room`` in every measure."""
        return (
            self.units <= room.units
            and self.entities <= room.entities
            and self.entity_bytes <= room.entity_bytes
        )


# 4096 units are the Bot API's (sendMessage); what is marked after the 100th entity is
# shown unmarked. The third limit is documented nowhere: the servers answer
# ENTITIES_TOO_LONG where all entities together reach about 9,500 bytes
# (tdlib/telegram-bot-api issue 165, confirmed there by its maintainer). The offline
# parser does not check it, so we stay well below.
MAX_MESSAGE = Size(units=4096, entities=100, entity_bytes=8000)

# A briefing one thumb scrolls through in two minutes: what one message should hold.
GOAL_UNITS = 2000

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
    ``html_bytes`` the markup itself in UTF-8.
    """

    units: int = 0
    entities: int = 0
    html_bytes: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.units + other.units,
            self.entities + other.entities,
            self.html_bytes + other.html_bytes,
        )

    def __sub__(self, other: "Size") -> "Size":
        return Size(
            self.units - other.units,
            self.entities - other.entities,
            self.html_bytes - other.html_bytes,
        )

    def fits(self, room: "Size") -> bool:
        """Say whether this goes into ``room`` in every measure."""
        return (
            self.units <= room.units
            and self.entities <= room.entities
            and self.html_bytes <= room.html_bytes
        )


# 4096 units and 100 entities are the Bot API's ("Formatting options", sendMessage). The
# bytes are ours: nothing documents a limit on markup before parsing, but a hundred links
# of 2,000 characters are no message for a phone; 32 KiB hold any briefing we mean to send.
MAX_MESSAGE = Size(units=4096, entities=100, html_bytes=32_768)

# A briefing one thumb scrolls through in two minutes: what one message should hold.
GOAL_UNITS = 2000

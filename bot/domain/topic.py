"""Topics: what the catalogue offers to read about."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Match", "Topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject readers subscribe to by ``slug`` ([a-z0-9-]).

    ``names`` maps ISO 639-1 codes to the topic's display name. A topic that ``is_core`` has one
    in English, German, French, Spanish, Russian and Korean; others have one at least in English.
    ``sign`` is an emoji that stands before its name: a country's flag, "" if there is none.
    ``near`` is the slug of the topic whose feeds tell of it, too: a city's country; else "".
    """

    slug: str
    names: Mapping[str, str]
    group: str = ""
    is_core: bool = False
    sign: str = ""
    near: str = ""

    def name(self, language: str = "en") -> str:
        """Return the display name in ``language``, else in English, else the slug.

        ``language`` is any IETF tag: "pt-br" is named in Portuguese, "zh-hans" in Chinese.
        """
        spoken = language.replace("_", "-").lower().split("-")[0]
        names = self.names
        return names.get(language) or names.get(spoken) or names.get("en") or self.slug


@dataclass(frozen=True, slots=True)
class Match:
    """How well an article fits a topic or query, and the words that say so.

    ``score`` is above 0 and at most 1. ``hits`` are each there once, in no order to rely on.
    """

    score: float
    hits: tuple[str, ...]

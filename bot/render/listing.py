"""Which stories of a briefing are told, and which are listed by their titles."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.briefing import ListedStory

__all__ = ["MAX_LISTED", "Contender", "told_and_listed"]

# Titles that are listed: three to six where there are so many.
_MIN_LISTED = 3
MAX_LISTED = 6

# The opening of a story may take up twice its even share of the room, or half of it all where
# there are few stories.
_MAX_SHARES = 2
_FEW_STORIES = 4


@dataclass(frozen=True, slots=True)
class Contender:
    """A story that would be told, in UTF-16 units: ``opening_units`` are its first passage's.

    ``told_units`` are those of its title and that passage, ``listed_units`` those of ``title`` in
    the list. ``place`` is the story's in its section, from 0.
    """

    place: int
    told_units: int
    opening_units: int
    title: ListedStory
    listed_units: int


def told_and_listed(
    contenders: Sequence[Contender],
    others: Sequence[tuple[ListedStory, int]],
    *,
    units: int,
    heading_units: int,
) -> tuple[list[int], list[ListedStory]]:
    """Return which of ``contenders`` are told, by their places here, and the titles listed.

    ``others`` are further titles with what each takes up, ``heading_units`` is that of the list's
    heading. All together take up no more than ``units``, unless one story alone does. Listed, in
    order, are the stories whose first passage takes more than its share and those that stand last
    in their sections, then ``others``; of these all but three yield first, and titles beyond six
    are left out. At least one story is told. At most seven contenders, which is not checked.
    """
    most = _MAX_SHARES * units // max(len(contenders), _FEW_STORIES)
    told = [n for n, contender in enumerate(contenders) if contender.opening_units <= most]
    if not told:  # the shortest leaves room to list the others
        told = [min(range(len(contenders)), key=lambda n: contenders[n].opening_units)]
    listed = [n for n in range(len(contenders)) if n not in told]
    kept = list(others)[: MAX_LISTED - len(listed)]

    def taken() -> int:
        titles = sum(contenders[n].listed_units for n in listed) + sum(size for _, size in kept)
        heading = heading_units if titles else 0
        return sum(contenders[n].told_units for n in told) + titles + heading

    while taken() > units:
        if kept and len(listed) + len(kept) > _MIN_LISTED:
            kept.pop()
        elif len(told) > 1:
            last = max(told, key=lambda n: (contenders[n].place, n))
            told.remove(last)
            listed.append(last)
        elif kept:
            kept.pop()
        elif listed:
            listed.remove(max(listed, key=lambda n: (contenders[n].place, n)))
        else:
            break
    return told, [*(contenders[n].title for n in sorted(listed)), *(title for title, _ in kept)]

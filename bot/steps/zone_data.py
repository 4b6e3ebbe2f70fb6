"""Newer data on time zones: all due instants are worked out anew."""

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import TZPATH

from bot.domain.due import Due, next_due
from bot.store import Store
from bot.store.schedules import PlannedSchedule

__all__ = ["follow_zone_data", "replanned", "zone_data_version"]

# A zone moves its clocks by less than this between two versions of the data.
_MOST_MOVED = timedelta(days=2)
_BATCH = 500


async def follow_zone_data(store: Store, version: str) -> int:
    """Work out anew when each schedule is due if ``version`` is not that of the last start.

    Returns how many due instants changed. An edition keeps its local date: none is made twice,
    and one that would have been due by now is due at once. The first start only records the
    version. Reads all schedules then, in batches. Raises StoreUnavailable; asking again does the
    rest.
    """
    known = await store.known_zone_data()
    changed = 0
    if known not in {"", version}:
        after = 0
        while planned := await store.schedules.planned(after=after, limit=_BATCH):
            after = planned[-1].id
            dues = list(replanned(planned))
            changed += len(dues)
            await store.schedules.set_all(dues)
    if known != version:
        await store.record_zone_data(version)
    return changed


def replanned(planned: Iterable[PlannedSchedule]) -> Iterable[tuple[int, Due]]:
    """Yield (schedule id, when its next local date is due), where that is another instant. Pure.

    A zone that is unknown by now counts as UTC.
    """
    for each in planned:
        try:
            due = next_due(each.schedule, each.zone, each.due.at - _MOST_MOVED)
            while due.local_date < each.due.local_date:
                due = next_due(each.schedule, each.zone, due.at)
        except (KeyError, ValueError, OSError, OverflowError):
            continue
        if due != each.due:
            yield each.id, due


def zone_data_version(path: Iterable[str] = TZPATH) -> str:
    """Return the version of the data on zones in use, such as "2025b", or "unknown".

    That of the first folder of ``path`` that says it, else that of the package tzdata, which is
    read where the system has no data. Reads up to a line of a file; raises
    OSError where one that is there cannot be read.
    """
    for folder in path:
        for name in ("tzdata.zi", "+VERSION"):
            listed = Path(folder) / name
            if listed.is_file():
                with listed.open(encoding="utf-8", errors="replace") as lines:
                    return lines.readline().removeprefix("# version ").strip() or "unknown"
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except (ModuleNotFoundError, AttributeError):
        return "unknown"

"""Which feeds are polled for a topic: its own desks first, mixed by outlet, country and owner."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple, Protocol, TypeVar

__all__ = ["ENOUGH_OWN", "MAX_SOURCES", "REGION", "ROLES", "choose", "in_turns"]

# Feeds polled for a topic: enough for several views, few enough to be polite.
MAX_SOURCES = 12
# With so many of its own a topic needs no general news: of that, one story in fifty is its own.
ENOUGH_OWN = 6
# Of one outlet, which may have a feed for each of its desks.
_MAX_OF_OUTLET = 2
# What may fill the row is taken first within these numbers, then beyond them. A third is of one
# country, a quarter of outlets that a government runs or that let nobody read.
_FIRST_OF_COUNTRY = 4
_FIRST_OF_KIND = 8
_FIRST_STATE_RUN = 3
_FIRST_PAYWALLED = 3

# Who writes about a country, in the order in which they are asked, and how many of each first:
# outlets about just this country, its own press, feeds of the world's media about it, and desks
# of its region. No more of the last than this: most of what they tell is of other countries.
REGION = "region"
ROLES = {"specialist": 5, "national": 6, "world": 4, REGION: 2}


class Choosable(Protocol):
    """What is asked of a source to be chosen."""

    @property
    def outlet(self) -> str: ...
    @property
    def feed_url(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def paywall(self) -> str: ...


_S = TypeVar("_S", bound=Choosable)
_T = TypeVar("_T")


def choose(
    own: Mapping[str, Sequence[_S]],
    general: Sequence[_S],
    *,
    only_below: int = ENOUGH_OWN,
) -> tuple[_S, ...]:
    """Return at most ``MAX_SOURCES`` of a topic's ``own`` feeds, then of ``general`` news.

    ``own`` is by role, one of ``ROLES`` for a country; both are the best first, in languages that
    are read. General news fills up to ``only_below`` feeds, and comes with the topic's own only
    where those are fewer. At most two feeds are of an outlet, and two of desks of a region, of
    which none is general news where there is enough else. Linear in all feeds given.
    """
    nearer = [s for role, sources in own.items() if role != REGION for s in sources]
    regions = list(own.get(REGION, ()))
    of_outlets = Counter(source.outlet for source in nearer)
    if sum(min(count, _MAX_OF_OUTLET) for count in of_outlets.values()) >= ENOUGH_OWN:
        front = {source.feed_url for source in general}
        regions = [source for source in regions if source.feed_url not in front]
    roles = {source.feed_url: role for role, sources in own.items() for source in sources}
    chosen = _mixed([*nearer, *regions[: ROLES[REGION]]], MAX_SOURCES, roles)
    if len(chosen) >= only_below:
        return tuple(chosen)
    return tuple(_mixed(general, only_below, roles, taken=chosen))


def in_turns(queues: Iterable[Sequence[_T]]) -> list[_T]:
    """Return the first of each queue, then the second of each, and so on."""
    missing = object()
    rounds = zip_longest(*queues, fillvalue=missing)
    return [each for turn in rounds for each in turn if each is not missing]  # type: ignore[misc]


def _mixed(
    candidates: Iterable[_S],
    limit: int,
    roles: Mapping[str, str],
    taken: Sequence[_S] = (),
) -> list[_S]:
    """Return up to ``limit``: ``taken``, then candidates within the numbers of their groups.

    ``roles`` are by the address of a feed.
    Candidates beyond these numbers fill up what is left, in their order. At most two are of an
    outlet, and no feed comes twice.
    """
    chosen, later = list(taken), []
    urls = {source.feed_url for source in chosen}
    outlets = Counter(source.outlet for source in chosen)
    counts = Counter(group for source in chosen for group in _groups(source, roles))

    def take(source: _S) -> None:
        urls.add(source.feed_url)
        outlets[source.outlet] += 1
        chosen.append(source)

    def may_come(source: _S) -> bool:
        return (
            len(chosen) < limit
            and source.feed_url not in urls
            and outlets[source.outlet] < _MAX_OF_OUTLET
        )

    for source in filter(may_come, candidates):
        of = list(_groups(source, roles))
        if any(counts[group] >= group.first for group in of):
            later.append(source)
        else:
            counts.update(of)
            take(source)
    for source in filter(may_come, later):
        take(source)
    return chosen


class _Group(NamedTuple):
    """What sources have in common, and how many of them come first."""

    name: str
    first: int


def _groups(source: Choosable, roles: Mapping[str, str]) -> Iterator[_Group]:
    """Yield the groups of a source: by its role, or else its country and kind; by its owner."""
    role = roles.get(source.feed_url, "")
    if role in ROLES:
        yield _Group(f"role {role}", ROLES[role])
    else:
        yield _Group(f"country {source.country}", _FIRST_OF_COUNTRY)
        yield _Group(f"kind {source.kind}", _FIRST_OF_KIND)
    if source.state == "state-run":
        yield _Group("state-run", _FIRST_STATE_RUN)
    if source.paywall == "hard":
        yield _Group("paywalled", _FIRST_PAYWALLED)

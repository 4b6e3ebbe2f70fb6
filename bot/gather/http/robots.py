"""What a publisher asks of robots, before we open a page of theirs (RFC 9309).

Feeds are made for programs and are not asked about; pages are.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protego import Protego

from bot.domain.ports import Clock
from bot.errors import GiveUp, SourceUnavailable
from bot.gather.http.addresses import join_url
from bot.gather.http.fetch import Fetcher

__all__ = ["Robots"]

# RFC 9309, 2.4 and 2.5: rules are kept for a day, and the first 500 KiB of them are read.
KEPT_FOR = timedelta(days=1)
MAX_RULES_BYTES = 512_000
# How soon a server that could not tell its rules is asked again.
ASKED_AGAIN_AFTER = timedelta(minutes=10)
# Rules remembered, in bytes of their texts: about 500 usual sites, some 20 MB in memory.
MAX_KEPT_BYTES = 1_000_000
# A site without rules takes memory, too.
_SITE_BYTES = 500


@dataclass(slots=True)
class _Site:
    """What we know of one site; ``trouble`` says why its rules could not be read."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None
    trouble: SourceUnavailable | None = None
    size_bytes: int = _SITE_BYTES
    until: datetime | None = None


class Robots:
    """The robots.txt of each site, asked once a day; ``product`` is the name we go by there."""

    def __init__(self, fetcher: Fetcher, *, clock: Clock, product: str = "daybrief") -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._product = product
        self._sites: dict[str, _Site] = {}

    async def allows(self, url: str) -> bool:
        """Tell whether the site of ``url`` lets us open that page; a site without rules does.

        Raises SourceUnavailable while the site cannot tell: then no page of it may be opened.
        """
        where = join_url(url, "/robots.txt")
        site = self._sites.setdefault(where, _Site())
        async with site.lock:
            if site.until is None or site.until <= self._clock.now():
                await self._ask(where, site)
        if site.trouble is not None:
            raise SourceUnavailable("robots-out-of-reach")
        return site.rules is None or bool(site.rules.can_fetch(url, self._product))

    async def _ask(self, where: str, site: _Site) -> None:
        site.rules, site.trouble, site.size_bytes = None, None, _SITE_BYTES
        kept_for = KEPT_FOR
        try:
            answer = await self._fetcher.fetch(where)
        except SourceUnavailable as error:
            site.trouble, kept_for = error, ASKED_AGAIN_AFTER
        except GiveUp:
            pass  # rules that nobody can read bind nobody
        else:
            text = answer.body[:MAX_RULES_BYTES].decode("utf-8", errors="replace")
            site.size_bytes += len(text)
            # 500 KB take 0.13 s: too long for the loop, and harmless in a thread.
            site.rules = await asyncio.to_thread(Protego.parse, text)
        site.until = self._clock.now() + kept_for
        self._forget(where)

    def _forget(self, newest: str) -> None:
        """Drop the sites asked longest ago until the rest fits."""
        self._sites[newest] = self._sites.pop(newest)
        total = sum(site.size_bytes for site in self._sites.values())
        for where in list(self._sites):
            if total <= MAX_KEPT_BYTES:
                return
            if where != newest and not self._sites[where].lock.locked():
                total -= self._sites.pop(where).size_bytes

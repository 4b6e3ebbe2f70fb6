"""robots.txt (RFC 9309): whether a publisher lets us open a page.

Checked for pages only; feeds are made for programs and need no permission.
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
# How soon robots.txt is fetched again after its server failed to answer.
ASKED_AGAIN_AFTER = timedelta(minutes=10)
# Rules kept in memory, in bytes of their texts: about 500 usual sites, some 20 MB in memory.
MAX_KEPT_BYTES = 1_000_000
# A site without rules takes memory, too.
_SITE_BYTES = 500


@dataclass(slots=True)
class _Site:
    """The cached rules of one site, or None; ``trouble`` is why they could not be read."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None
    trouble: SourceUnavailable | None = None
    size_bytes: int = _SITE_BYTES
    until: datetime | None = None


class Robots:
    """The robots.txt of each site, fetched again after a day; for any number of tasks.

    Kept in memory, up to some 20 MB: beyond that, sites loaded longest ago are fetched again
    sooner. ``product`` is our user agent in these files.
    """

    def __init__(self, fetcher: Fetcher, *, clock: Clock, product: str = "daybrief") -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._product = product
        self._sites: dict[str, _Site] = {}

    async def allows(self, url: str) -> bool:
        """Return whether the site of ``url`` lets us open that page; a site without rules does.

        So does one whose rules are too large, or at an address that we do not open: ``url``
        itself is not checked. May wait for one request to the site, up to five redirects more;
        concurrent calls for a site share it, and any of them may be cancelled: the next then
        makes it anew. Raises SourceUnavailable if the rules could not be fetched: no page of the
        site may be opened then, and calls within the next ten minutes raise again without a
        request. Raises UnsafeAddress where ``url`` cannot be read as a URL, UnicodeEncodeError
        where rules meet lone surrogates in it, RuntimeError if the fetcher is not open, and what
        its ``on_pause`` raises.
        """
        robots_url = join_url(url, "/robots.txt")
        site = self._sites.setdefault(robots_url, _Site())
        async with site.lock:
            if site.until is None or site.until <= self._clock.now():
                site.rules, site.trouble, site.size_bytes = None, None, _SITE_BYTES
                kept_for = KEPT_FOR
                try:
                    answer = await self._fetcher.fetch(robots_url)
                except SourceUnavailable as error:
                    site.trouble, kept_for = error, ASKED_AGAIN_AFTER
                except GiveUp:
                    pass  # rules that nobody can read do not bind
                else:
                    text = answer.body[:MAX_RULES_BYTES].decode("utf-8-sig", errors="replace")
                    site.size_bytes += len(text)
                    # 500 KB take 0.13 s: too long for the loop, and harmless in a thread.
                    site.rules = await asyncio.to_thread(Protego.parse, text)
                site.until = self._clock.now() + kept_for
                # Sites loaded longest ago go until all fit; the newest stands last.
                self._sites.pop(robots_url, None)  # gone already after a cancelled call
                self._sites[robots_url] = site
                total = sum(kept.size_bytes for kept in self._sites.values())
                for oldest in list(self._sites):
                    if total <= MAX_KEPT_BYTES:
                        break
                    if oldest != robots_url and not self._sites[oldest].lock.locked():
                        total -= self._sites.pop(oldest).size_bytes
        if site.trouble is not None:
            raise SourceUnavailable("robots-out-of-reach")
        return site.rules is None or bool(site.rules.can_fetch(url, self._product))

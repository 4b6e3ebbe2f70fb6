"""The door holds on every hop: whatever names and redirects say, no local address is reached.

Sockets go to a server on loopback instead, and note where they were meant to go.
"""

import contextlib
import ipaddress
import json
import socket
from pathlib import Path

import pytest
from aiohttp import web as aioweb

from bot.clock.system import SystemClock
from bot.errors import GiveUp, SourceUnavailable, TryLater, UnsafeAddress
from bot.gather.http.addresses import is_public
from bot.gather.http.fetch import Fetcher
from tests.fakes.web import FakeNames, Web, diverted

SAMPLES = Path(__file__).parents[3] / "shared/data/hostile"
PUBLIC, PUBLIC6 = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"
NAMES = {
    "news.test": [[PUBLIC]],
    "six.test": [[PUBLIC6]],
    "home.test": [["127.0.0.1"]],
    "both.test": [["10.0.0.1", PUBLIC, "::1"]],
    "moody.test": [[PUBLIC], ["169.254.169.254"]],
    "none.test": [[]],
}


# Samples that a machine without IPv6 cannot reach.
NEED_IPV6 = {"ssrf-dev-152", "ssrf-dev-156"}


class OpenWorld:
    """A fetcher whose sockets all end at one server, and the list of where they were to go."""

    def __init__(self, names, **more):
        self.reached = []
        self._names = names
        self._more = more
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self):
        self.web = await self._stack.enter_async_context(Web())
        ways = {socket.AF_INET: ("127.0.0.1", self.web.port)}
        with contextlib.suppress(OSError):  # a machine without IPv6
            web6 = await self._stack.enter_async_context(Web("::1"))
            web6.add("/ok", "fine")
            ways[socket.AF_INET6] = ("::1", web6.port)
        self.has_ipv6 = socket.AF_INET6 in ways
        self.fetcher = await self._stack.enter_async_context(
            Fetcher(
                clock=SystemClock(),
                user_agent="daybrief-test",
                min_gap_s=0.0,
                resolver=FakeNames(self._names),
                open_socket=diverted(ways, self.reached),
                **self._more,
            )
        )
        self.web.add("/ok", "fine")
        self.web.serve("/r", self._redirect)
        self.web.serve("/chain", self._chain)
        self.web.redirect("/loop", "/loop")
        return self

    async def __aexit__(self, *error):
        await self._stack.aclose()

    @property
    def breaches(self):
        return [at for at in self.reached if not is_public(ipaddress.ip_address(at))]

    async def _redirect(self, request):
        return aioweb.Response(
            status=int(request.query["code"]), headers={"Location": request.query["to"]}
        )

    async def _chain(self, request):
        left = int(request.query["n"])
        to = f"/chain?n={left - 1}" if left else "/ok"
        return aioweb.Response(status=302, headers={"Location": to})


async def test_a_public_name_is_reached_where_it_leads():
    async with OpenWorld(NAMES) as world:
        assert (await world.fetcher.fetch("http://news.test/ok")).body == b"fine"
        assert world.reached == [PUBLIC]


async def test_a_name_that_leads_home_is_refused_without_a_connection():
    async with OpenWorld(NAMES) as world:
        with pytest.raises(UnsafeAddress, match="leads-to-no-public-address"):
            await world.fetcher.fetch("http://home.test/ok")
        assert world.reached == []


async def test_of_mixed_answers_only_the_public_one_is_used():
    async with OpenWorld(NAMES) as world:
        assert (await world.fetcher.fetch("http://both.test/ok")).status == 200
        assert world.reached == [PUBLIC]


async def test_a_name_that_changes_its_mind_gains_nothing():
    async with OpenWorld(NAMES) as world:
        world.web.add("/close", "fine", headers={"Connection": "close"})
        await world.fetcher.fetch("http://moody.test/close")
        with pytest.raises(UnsafeAddress):
            await world.fetcher.fetch("http://moody.test/close")
        assert world.reached == [PUBLIC]


@pytest.mark.parametrize("host", ["gone.test", "none.test"])
async def test_a_name_without_an_address_is_trouble_that_may_pass(host):
    async with OpenWorld(NAMES) as world:
        with pytest.raises(SourceUnavailable):
            await world.fetcher.fetch(f"http://{host}/ok")


async def test_redirects_are_judged_on_every_hop():
    async with OpenWorld(NAMES) as world:
        for to in ("http://127.0.0.1/ok", "//home.test/ok", "http://2130706433/", "file:///etc"):
            with pytest.raises(UnsafeAddress):
                await world.fetcher.fetch(f"http://news.test/r?code=301&to={to}")
        assert world.breaches == []


async def test_an_allowed_name_may_lead_home_at_its_port_only():
    async with OpenWorld(NAMES, allow=["home.test:8000"]) as world:
        assert (await world.fetcher.fetch("http://home.test:8000/ok")).body == b"fine"
        with pytest.raises(UnsafeAddress):
            await world.fetcher.fetch("http://home.test:8080/ok")
        assert world.reached == ["127.0.0.1"]


class LiarNames(FakeNames):
    """A resolver that says one address and hands over another."""

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        class Answer(dict):
            asked = 0

            def __getitem__(self, key):
                if key == "host":
                    self.asked += 1
                    return PUBLIC if self.asked == 1 else "127.0.0.1"
                return super().__getitem__(key)

        return [Answer(answer) for answer in await super().resolve(host, port, family)]


async def test_the_socket_itself_is_the_last_to_be_judged(web):
    reached = []
    async with Fetcher(
        clock=SystemClock(),
        user_agent="daybrief-test",
        resolver=LiarNames({"liar.test": [[PUBLIC]]}),
        open_socket=diverted({socket.AF_INET: ("127.0.0.1", web.port)}, reached),
    ) as fetcher:
        with pytest.raises(UnsafeAddress):
            await fetcher.fetch("http://liar.test/ok")
    assert reached == []


async def test_proxies_of_the_environment_are_ignored(web, fetcher, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (await fetcher.fetch(web.add("/ok"))).status == 200


async def test_the_resolver_of_the_system_is_judged_too(web):
    async with Fetcher(
        clock=SystemClock(), user_agent="daybrief-test", allow=[f"localhost:{web.port}"]
    ) as fetcher:
        web.add("/ok", "fine")
        assert (await fetcher.fetch(f"http://localhost:{web.port}/ok")).body == b"fine"


@pytest.mark.skipif(not SAMPLES.exists(), reason="the hostile samples are not at hand")
async def test_no_sample_reaches_a_local_address_and_no_good_one_is_refused():
    lines = (SAMPLES / "ssrf_urls.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines]
    async with OpenWorld(_read_zone()) as world:
        wrong = {s["id"] for s in samples if not await _is_as_expected(world.fetcher, s)}
    assert len(samples) > 150
    assert world.reached
    assert world.breaches == []
    assert wrong == (set() if world.has_ipv6 else NEED_IPV6)


async def _is_as_expected(fetcher, sample):
    try:
        await fetcher.fetch(sample["url"])
    except (GiveUp, TryLater):
        return sample["expect"] != "allow" or sample.get("optional", False)
    return sample["expect"] in {"allow", "no-breach"}


def _read_zone():
    zone = json.loads((SAMPLES / "ssrf_zone.json").read_text(encoding="utf-8"))
    return {name: _answers(zone, name) for name in zone if zone[name]["behave"] is None}


def _answers(zone, name):
    """Return what ``name`` answers first, second and so on, through its aliases."""
    if name not in zone:
        return [["127.0.0.1"]]  # localhost, by its alias
    entry = zone[name]
    if entry["cname"]:
        return _answers(zone, entry["cname"])
    v4, v6 = (entry["seqA"] or [entry["A"]]), (entry["seqAAAA"] or [entry["AAAA"]])
    turns = max(len(v4), len(v6))
    return [v4[min(n, len(v4) - 1)] + v6[min(n, len(v6) - 1)] for n in range(turns)]

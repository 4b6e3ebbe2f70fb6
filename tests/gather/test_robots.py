"""A publisher's wishes are asked for once a day, and kept."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import SourceUnavailable
from bot.gather.http import robots as robots_module
from bot.gather.http.robots import Robots
from tests.fakes.clock import FakeClock
from tests.fakes.web import Answer

RULES = """
User-agent: *
Disallow: /private/

User-agent: daybrief
Disallow: /not-for-us
Allow: /not-for-us/but-this
"""


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def robots(fetcher, clock):
    return Robots(fetcher, clock=clock)


async def test_rules_for_us_come_before_rules_for_all(web, robots):
    web.add("/robots.txt", RULES, content_type="text/plain")
    assert await robots.allows(web.url("/story"))
    assert await robots.allows(web.url("/private/story"))
    assert not await robots.allows(web.url("/not-for-us?x"))
    assert await robots.allows(web.url("/not-for-us/but-this"))


async def test_rules_for_all_hold_for_others(web, fetcher, clock):
    web.add("/robots.txt", RULES)
    assert not await Robots(fetcher, clock=clock, product="other").allows(web.url("/private/a"))


async def test_rules_are_asked_once_a_day(web, robots, clock):
    web.script("/robots.txt", [Answer(b""), Answer(RULES.encode())])
    pages = [web.url(f"/not-for-us/{n}") for n in range(5)]
    assert all(await asyncio.gather(*map(robots.allows, pages)))
    clock.advance(timedelta(hours=23))
    assert await robots.allows(pages[0])
    assert web.paths() == ["/robots.txt"]
    clock.advance(timedelta(hours=2))
    assert not await robots.allows(pages[0])


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_site_without_rules_allows_all(web, robots, status):
    web.add("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    assert await robots.allows(web.url("/story"))


async def test_rules_that_nobody_can_read_bind_nobody(web, robots):
    web.redirect("/robots.txt", "http://127.0.0.1:1/")
    assert await robots.allows(web.url("/story"))


async def test_a_site_in_trouble_is_left_alone_for_ten_minutes(web, robots, clock):
    web.script("/robots.txt", [Answer(status=500), Answer(b"")])
    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="robots-out-of-reach"):
            await robots.allows(web.url("/story"))
    assert len(web.requests) == 1
    clock.advance(timedelta(minutes=11))
    assert await robots.allows(web.url("/story"))


async def test_bytes_that_are_no_text_are_read_as_far_as_they_go(web, robots):
    web.add("/robots.txt", b"\xff\xfe\nUser-agent: *\nDisallow: /a\n")
    assert not await robots.allows(web.url("/a"))


async def test_of_too_many_rules_the_oldest_are_forgotten(web, robots, monkeypatch):
    monkeypatch.setattr(robots_module, "MAX_KEPT_BYTES", 1200)
    web.add("/robots.txt", RULES)
    sites = [web.url("/"), web.url("/").replace("127.0.0.1", "2130706433")]
    for site in (*sites, sites[0]):
        assert await robots.allows(site)
    assert len(web.requests) == 3
    assert len(robots._sites) == 1


async def test_a_site_in_trouble_is_asked_again_after_exactly_ten_minutes(web, robots, clock):
    web.script("/robots.txt", [Answer(status=500), Answer(b"")])
    with pytest.raises(SourceUnavailable):
        await robots.allows(web.url("/story"))
    clock.advance(timedelta(minutes=9, seconds=59))
    with pytest.raises(SourceUnavailable):
        await robots.allows(web.url("/story"))
    clock.advance(timedelta(seconds=1))
    assert await robots.allows(web.url("/story"))


async def test_the_first_half_megabyte_of_rules_is_read(web, robots):
    rules, rule = "User-agent: *\n", "\nDisallow: /ab"
    pad = "#" * (512_000 - len(rules) - len(rule) + 1)
    web.add("/robots.txt", f"{rules}{pad}{rule}c")
    assert not await robots.allows(web.url("/ax"))
    assert await robots.allows(web.url("/bx"))


async def test_a_mark_of_byte_order_hides_no_rule(web, robots):
    web.add("/robots.txt", b"\xef\xbb\xbfUser-agent: *\nDisallow: /", content_type="text/plain")
    assert not await robots.allows(web.url("/x"))

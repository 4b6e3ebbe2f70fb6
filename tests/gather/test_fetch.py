"""What comes through the door, what does not, and in whose words."""

import asyncio
import gzip
import itertools
import tracemalloc
import zlib
from datetime import timedelta

import pytest
from aiohttp import web as aioweb

from bot.clock.system import SystemClock
from bot.errors import SourceUnavailable, TooLarge
from bot.gather.http.fetch import Fetcher
from tests.fakes.clock import START, FakeClock
from tests.fakes.web import Answer, Web

FEED = b"<rss><channel><title>News</title></channel></rss>" * 50


def open_fetcher(*webs, clock=None, min_gap_s=0.0, **more):
    return Fetcher(
        clock=clock or SystemClock(),
        user_agent="daybrief-test",
        allow=[web.at for web in webs],
        min_gap_s=min_gap_s,
        **more,
    )


async def test_a_page_comes_with_all_a_poller_needs(web, fetcher):
    headers = {
        "Content-Type": "application/rss+xml",
        "ETag": 'W/"a, b"',
        "Last-Modified": "Thu, 05 Jun 2025 05:30:00 GMT",
        "Cache-Control": "public, max-age=900",
    }
    url = web.script("/feed", [Answer(FEED, headers=headers)]) + "?x=%2F"
    fetched = await fetcher.fetch(url)
    assert fetched.url == url
    assert (fetched.status, fetched.body) == (200, FEED)
    assert fetched.content_type == "application/rss+xml"
    assert fetched.etag == 'W/"a, b"'
    assert fetched.last_modified == "Thu, 05 Jun 2025 05:30:00 GMT"
    assert (fetched.moved_to, fetched.max_age_s, fetched.retry_after_s) == ("", 900.0, None)
    assert web.paths() == ["/feed?x=%2F"]


async def test_we_say_who_we_are_and_keep_no_cookies(web, fetcher):
    url = web.add("/feed", FEED, headers={"Set-Cookie": "a=b"})
    await fetcher.fetch(url)
    await fetcher.fetch(url)
    for request in web.requests:
        assert request.headers["User-Agent"] == "daybrief-test"
        assert request.headers["Accept-Encoding"] == "gzip, deflate"
        assert "Cookie" not in request.headers


async def test_what_has_not_changed_is_not_sent_again(web, fetcher):
    url = web.add("/feed", FEED, headers={"ETag": '"1"'})
    fetched = await fetcher.fetch(url, etag='"1"')
    assert (fetched.status, fetched.body, fetched.etag) == (304, b"", '"1"')
    url = web.add("/dated", FEED, headers={"Last-Modified": "yesterday"})
    assert (await fetcher.fetch(url, last_modified="yesterday")).status == 304


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 300])
async def test_a_lasting_refusal_is_an_answer(web, fetcher, status):
    fetched = await fetcher.fetch(web.add("/feed", b"go away", status=status))
    assert (fetched.status, fetched.body) == (status, b"")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_a_passing_trouble_is_not_an_answer(web, fetcher, status):
    with pytest.raises(SourceUnavailable, match=f"http-status status={status}") as caught:
        await fetcher.fetch(web.add("/feed", status=status))
    assert caught.value.retry_after_s is None


# ——— redirects


async def test_redirects_are_followed_and_a_lasting_move_is_told(web, fetcher):
    web.add("/new", FEED)
    web.redirect("/middle", "new", status=308)
    old = web.redirect("/old", web.url("/middle"), status=301)
    fetched = await fetcher.fetch(old)
    assert (fetched.url, fetched.moved_to) == (web.url("/new"), web.url("/new"))


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_one_passing_redirect_makes_the_move_a_passing_one(web, fetcher, status):
    web.add("/new", FEED)
    web.redirect("/middle", "/new", status=status)
    fetched = await fetcher.fetch(web.redirect("/old", "/middle", status=301))
    assert (fetched.url, fetched.moved_to, fetched.body) == (web.url("/new"), "", FEED)


async def test_a_move_to_nowhere_is_no_move(web, fetcher):
    fetched = await fetcher.fetch(web.redirect("/old", "/gone", status=301))
    assert (fetched.status, fetched.moved_to) == (404, "")


async def test_five_redirects_are_followed_and_no_more(web, fetcher):
    for n in range(6):
        web.redirect(f"/{n + 1}", f"/{n}")
    web.add("/0", FEED)
    assert (await fetcher.fetch(web.url("/5"))).body == FEED
    with pytest.raises(SourceUnavailable, match="too-many-redirects n=5"):
        await fetcher.fetch(web.url("/6"))
    with pytest.raises(SourceUnavailable, match="too-many-redirects n=5"):
        await fetcher.fetch(web.redirect("/loop", "/loop"))


async def test_a_redirect_in_raw_bytes_is_readable(web, fetcher):
    web.add("/caf\u00e9", FEED)
    web.serve(
        "/old", _raw(b"HTTP/1.1 302 Found\r\nLocation: /caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n")
    )
    assert (await fetcher.fetch(web.url("/old"))).body == FEED
    web.serve(
        "/odd", _raw(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
    )
    assert (await fetcher.fetch(web.url("/odd"))).body == FEED


def _raw(answer):
    async def handler(request):
        request.transport.write(answer)
        request.transport.close()
        return aioweb.Response()

    return handler


# ——— caps


def bomb(mib):
    return gzip.compress(bytes(mib << 20))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:])),
        ("GZIP", lambda body: gzip.compress(body) + bytes(100)),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", bytes),
        ("utf-8", bytes),
    ],
)
async def test_bodies_are_decompressed(web, fetcher, coding, pack):
    url = web.add("/feed", pack(FEED), headers={"Content-Encoding": coding})
    assert (await fetcher.fetch(url)).body == FEED


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
async def test_a_compression_we_did_not_offer_is_refused(web, fetcher, coding):
    url = web.add("/feed", b"whatever", headers={"Content-Encoding": coding})
    with pytest.raises(SourceUnavailable, match="unknown-compression"):
        await fetcher.fetch(url)


async def test_a_broken_or_cut_compression_is_told(web, fetcher):
    url = web.add("/broken", b"no gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceUnavailable, match="broken-compression"):
        await fetcher.fetch(url)
    url = web.add("/cut", gzip.compress(FEED)[:-20], headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceUnavailable, match="cut-short"):
        await fetcher.fetch(url)


async def test_a_body_of_just_the_cap_is_taken_and_one_byte_more_is_not(web, fetcher):
    for name, body in {"plain": FEED, "packed": gzip.compress(FEED)}.items():
        coding = {"Content-Encoding": "gzip"} if name == "packed" else {}
        url = web.add(f"/{name}", body, headers=coding)
        assert (await fetcher.fetch(url, max_bytes=len(FEED))).body == FEED
        with pytest.raises(TooLarge):
            await fetcher.fetch(url, max_bytes=len(FEED) - 1)


async def test_a_bomb_goes_off_within_the_cap(web, fetcher):
    url = web.add("/bomb", bomb(100), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(TooLarge):
        await fetcher.fetch(url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 << 20


async def test_an_endless_body_without_a_length_ends_at_the_cap(web, fetcher):
    async def endless(request):
        response = aioweb.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(65536))

    with pytest.raises(TooLarge):
        await fetcher.fetch(web.serve("/endless", endless))


# ——— trouble on the way


async def test_an_answer_that_drips_is_given_up_in_time(web, fetcher):
    async def drip(request):
        response = aioweb.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.02)

    with pytest.raises(SourceUnavailable, match="no-answer-in-time"):
        await fetcher.fetch(web.serve("/drip", drip), total_s=0.2)


async def test_the_time_limit_holds_for_all_redirects_together(web, fetcher):
    for n in range(4):
        web.script(f"/{n}", [Answer(status=302, headers={"Location": f"/{n + 1}"}, delay_s=0.2)])
    with pytest.raises(SourceUnavailable, match="no-answer-in-time"):
        await fetcher.fetch(web.url("/0"), total_s=0.5)
    assert len(web.requests) < 4


async def test_a_closed_port_and_a_cut_answer_and_no_http_are_told(web, fetcher):
    web.serve("/cut", _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"))
    with pytest.raises(SourceUnavailable, match="cut-short"):
        await fetcher.fetch(web.url("/cut"))
    web.serve("/smtp", _raw(b"220 mail ready\r\n\r\n"))
    with pytest.raises(SourceUnavailable, match="no-http"):
        await fetcher.fetch(web.url("/smtp"))
    async with Web() as gone:
        pass
    async with open_fetcher(gone) as fetcher_:
        with pytest.raises(SourceUnavailable, match="unreachable"):
            await fetcher_.fetch(gone.url("/"))


async def test_a_fetcher_that_is_not_open_says_so(web):
    with pytest.raises(RuntimeError, match="not open"):
        await open_fetcher(web).fetch(web.url("/"))


# ——— manners


async def test_one_host_is_asked_in_order_one_at_a_time_and_with_a_gap(web):
    for n in range(3):
        web.add(f"/{n}", delay_s=0.05)
    async with open_fetcher(web, min_gap_s=0.2) as fetcher:
        await asyncio.gather(*(fetcher.fetch(web.url(f"/{n}")) for n in range(3)))
    assert web.paths() == ["/0", "/1", "/2"]
    assert web.most_open == 1
    times = [request.at_s for request in web.requests]
    assert all(later - sooner >= 0.2 for sooner, later in itertools.pairwise(times))


async def test_hosts_do_not_wait_for_each_other():
    both_asked = asyncio.Barrier(2)

    async def once_both_are_asked(request):
        await both_asked.wait()
        return aioweb.Response()

    async with Web() as web, Web() as other, open_fetcher(web, other, min_gap_s=60) as fetcher:
        urls = [server.serve("/", once_both_are_asked) for server in (web, other)]
        async with asyncio.timeout(100):
            await asyncio.gather(*map(fetcher.fetch, urls))


async def test_a_host_that_asks_for_a_pause_gets_it(web):
    clock = FakeClock()
    web.script("/", [Answer(status=429, headers={"Retry-After": "120"}), Answer(b"ok")])
    async with open_fetcher(web, clock=clock) as fetcher:
        with pytest.raises(SourceUnavailable) as caught:
            await fetcher.fetch(web.url("/"))
        assert caught.value.retry_after_s == 120
        clock.advance(timedelta(seconds=30))
        with pytest.raises(SourceUnavailable) as caught:
            await fetcher.fetch(web.url("/other"))
        assert caught.value.retry_after_s == 90
        assert web.paths() == ["/"]
        clock.advance(timedelta(seconds=90))
        assert (await fetcher.fetch(web.url("/"))).body == b"ok"


async def test_a_pause_is_told_and_can_be_taken_over(web):
    web.script("/", [Answer(status=429, headers={"Retry-After": "120"}), Answer(b"ok")])
    clock, told = FakeClock(), {}

    async def remember(host, until):
        told[host] = until

    async with open_fetcher(web, clock=clock, on_pause=remember) as fetcher:
        with pytest.raises(SourceUnavailable):
            await fetcher.fetch(web.url("/"))
    assert told == {web.at: START + timedelta(seconds=120)}
    async with open_fetcher(web, clock=clock) as fetcher:
        fetcher.pause(told)
        with pytest.raises(SourceUnavailable, match="host-paused seconds=120"):
            await fetcher.fetch(web.url("/other"))
        clock.advance(timedelta(seconds=120))
        assert (await fetcher.fetch(web.url("/"))).body == b"ok"


async def test_a_pause_reaches_those_who_already_wait(web):
    web.script("/", [Answer(status=503, headers={"Retry-After": "9"}, delay_s=0.05), Answer()])
    async with open_fetcher(web, clock=FakeClock()) as fetcher:
        calls = [fetcher.fetch(web.url("/")) for _ in range(3)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(answer) for answer in answers] == [SourceUnavailable] * 3
    assert len(web.requests) == 1


async def test_waiting_in_line_is_not_counted_as_time_under_way(web):
    web.add("/", delay_s=0.1)
    async with open_fetcher(web) as fetcher:
        calls = (fetcher.fetch(web.url("/"), total_s=0.3) for _ in range(6))
        assert [answer.status for answer in await asyncio.gather(*calls)] == [200] * 6


async def test_a_cancelled_request_gives_its_turn_on(web, fetcher):
    web.add("/slow", delay_s=30)
    web.add("/quick")
    slow = asyncio.create_task(fetcher.fetch(web.url("/slow")))
    await asyncio.sleep(0.1)
    quick = asyncio.create_task(fetcher.fetch(web.url("/quick")))
    slow.cancel()
    assert (await quick).status == 200


async def test_an_answer_that_a_proxy_changed_is_an_answer(web, fetcher):
    web.script("/feed", [Answer(b"<rss/>", 203)])
    fetched = await fetcher.fetch(web.url("/feed"))
    assert (fetched.status, fetched.body) == (200, b"<rss/>")


async def test_a_compressed_file_is_read(web, fetcher):
    web.script("/a.xml.gz", [Answer(gzip.compress(b"<rss/>"), 200, {"Content-Type": "x/gzip"})])
    assert (await fetcher.fetch(web.url("/a.xml.gz"))).body == b"<rss/>"

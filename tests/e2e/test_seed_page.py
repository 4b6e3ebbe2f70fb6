"""The starting document: a news page as an aggregator shows it, with its boilerplate."""

import re
from html import escape, unescape
from pathlib import Path

import pytest

from tests.fakes.house import open_house

SEED = Path(__file__).parents[2] / ".." / "shared" / "data" / "seed-page.txt"
TITLE = "North Korea doubles down on 'unconditional' support for Russia's war in Ukraine"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the starting document is not here")


def rss(url: str) -> str:
    return f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Euronews</title>
        <item><title>{escape(TITLE)}</title><link>{url}</link><guid>{url}</guid>
        <pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate></item></channel></rss>"""


def flat(lines: list[str], tag: str) -> str:
    body = "".join(f"<{tag}>{escape(line)}</{tag}>" for line in lines)
    return f"<html><head><title>inkl</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("tag", ["p", "div"])
async def test_the_briefing_quotes_the_article_and_nothing_else_of_the_page(tmp_path, tag):
    lines = [line.strip() for line in SEED.read_text().splitlines() if line.strip()]
    paragraphs = [line for line in lines if len(line) > 95 and "(Kim Jong Un" not in line]
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        url = house.web.add("/story", flat(lines, tag))
        house.web.add("/feed", rss(url), content_type="application/rss+xml")
        await house.say("/subscribe north-korea")
        (markup,) = await house.say("/brief")
    links = re.findall(r'<a href="([^"]*)">', markup)
    briefing = unescape(re.sub(r"<[^>]*>", "", markup))
    quoted = [paragraph for paragraph in paragraphs if paragraph in briefing]
    assert len(quoted) >= 2
    rest = briefing
    for paragraph in quoted:
        rest = rest.replace(paragraph, "")
    assert TITLE in rest
    for line in lines:
        if line not in {*paragraphs, TITLE, "Euronews"}:
            assert line not in rest
    assert len(links) >= 2
    assert all(link.startswith(url) for link in links)

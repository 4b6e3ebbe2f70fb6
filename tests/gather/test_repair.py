"""Feeds made to be slow are repaired as fast as others."""

import time

import pytest

from bot.errors import NotAFeed
from bot.gather.feeds.repair import repaired

DECLARED = "".join(f"<!ENTITY n{n} 'x'>" for n in range(10_000))


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE rss [{DECLARED}]><rss>{'a b c ' * 200_000}</rss>",
        "<feed>" + '<content type="xhtml"><p>' * 30_000 + "</content></feed>",
    ],
    ids=["entities-that-nobody-uses", "elements-with-one-end"],
)
def test_the_work_grows_with_the_length(text):
    began = time.process_time()
    repaired(text)
    assert time.process_time() - began < 4  # 0.1 s; it took over 15 when it was quadratic


def test_an_entity_of_ones_own_is_refused_and_one_of_htmls_is_not():
    declared = "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'><!ENTITY own 'x'>]>"
    assert "\xa0" in repaired(f"{declared}<rss>&nbsp;</rss>").xml
    with pytest.raises(NotAFeed):
        repaired(f"{declared}<rss>&own;</rss>")


def test_each_text_ends_where_its_own_element_does():
    xml = "<title><b>a</b></title><summary><i>b</i></summary><title><b>c</b></title>"
    assert repaired(xml).xml == (
        "<title>&lt;b&gt;a&lt;/b&gt;</title><summary>&lt;i&gt;b&lt;/i&gt;</summary>"
        "<title>&lt;b&gt;c&lt;/b&gt;</title>"
    )

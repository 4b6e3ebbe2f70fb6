"""Titles as plain text."""

import pytest

from bot.gather.feeds.entries import plain


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Orun &amp;amp; Sons", "Orun & Sons"),
        ("Orun &amp;amp;amp; Sons", "Orun & Sons"),
        ("&lt;i&gt;Ferry&lt;/i&gt; sails", "Ferry sails"),
        ("One&lt;br&gt;two", "One two"),
        ("How the &lt;b&gt; tag came to be", "How the <b> tag came to be"),
        ("<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の町", "港の町"),
        ("On <time>Tuesday</time> the <abbr>EU</abbr>", "On Tuesday the EU"),
        ("Under\xadway\u200b to\u200fday", "Underway today"),
        ("<5 years> & 7 > 3", "<5 years> & 7 > 3"),
        ("می\u200cروم", "می\u200cروم"),
    ],
)
def test_a_title_is_a_line_of_plain_text(given, shown):
    assert plain(given) == shown

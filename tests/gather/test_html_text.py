"""The text that a browser shows of HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.pages.html_text import lines_of_html, text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The river\ncouncil\r\nmet</p>", "The river council met"),
        ("<p>one</p>two<div>three</div>four", "one\ntwo\nthree\nfour"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("The <a href='/x'>Harbour\nPost</a>'s <b>own</b> <i>ferry</i>.",
         "The Harbour Post's own ferry."),
        ("re<b>opens</b>, H<sub>2</sub>O, 5<sup>th</sup>", "reopens, H2O, 5th"),
        ("On <time datetime='2026'>Tuesday</time> the <abbr title='x'>EU</abbr>, "
         "<label>the ferry</label> and <button>the tram</button> stopped.",
         "On Tuesday the EU, the ferry and the tram stopped."),
        ("<p>It rained.</p><button>Share</button><p><label>Mail</label></p>", "It rained."),
        ("<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の町", "港の町"),
        ("<pre>\none\n  two\n\nthree</pre>four", "one\ntwo\nthree\nfour"),
        ("<p style='white-space: pre-line'>one\ntwo</p>", "one\ntwo"),
        ("<table><tr><td>Orun<td>3<tr><td>Velt<td>1</table>", "Orun 3\nVelt 1"),
        ("under&shy;way to\u200bday\ufeff \u200fהיום", "underway today היום"),
        ("می\u200cروم", "می\u200cروم"),
        ("<p>seen</p><p hidden>not</p><p style='display: none'>nor</p>"
         "<span class='x sr-only'>this</span>", "seen"),
        ("<span style='display:block'>one</span><span style='display:block'>two</span>",
         "one\ntwo"),
        ("He said <q>no</q>.", "He said “no”."),
        ("AT&amp;T &lt;3 5 < 6 & 7", "AT&T <3 5 < 6 & 7"),
        ("<p>Orun &amp;amp; Sons&amp;nbsp;close&amp;#8230;</p>", "Orun & Sons close…"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two &lt;b&gt;bold&lt;/b&gt;&lt;/p&gt;", "One\ntwo bold"),
        ("<div>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</div>", "One\ntwo"),
        ("<p>Write <code>&lt;p&gt;&amp;amp;&lt;/p&gt;</code>.</p>", "Write <p>&amp;</p>."),
        ("The list:\n\none\nline\n\ntwo", "The list:\none line\ntwo"),
        ("<p>one\n\ntwo</p>", "one two"),
        ("<form><p>All of a page of a certain kind.</p><input></form>",
         "All of a page of a certain kind."),
        ("<p>The article is much longer than the form.</p><form>Your mail</form>",
         "The article is much longer than the form."),
        ("<video>Your browser is old.</video><script>x</script><noscript>y</noscript>z", "z"),
        ("", ""),
        ("<!-- nothing -->", ""),
    ],
)  # fmt: skip
def test_text_reads_as_a_browser_shows_it(html, text):
    assert text_of_html(html) == text


@given(st.text("<>&;/ab p\n\x00\u2028\x85\u00ad=\"'-!", max_size=60))
def test_lines_are_folded_and_not_empty(html):
    for line in lines_of_html(html):
        assert line.text
        assert line.text == " ".join(line.text.split())
        assert len(line.text.splitlines()) == 1


@pytest.mark.parametrize(
    "html",
    ["&lt;p " * 20_000, "<b><i>" * 5_000, "<form>x" * 10_000, "<td>" * 20_000, "<p &" * 20_000,
     "&lt;b&gt;" * 20_000, "<a href=x>y" * 10_000, "\n " * 50_000],
)  # fmt: skip
def test_hostile_markup_takes_linear_time(html):
    started = time.process_time()
    text_of_html(html)
    assert time.process_time() - started < 2.0


def test_links_come_with_their_lines():
    first, second = lines_of_html("<p>Read <a href=' /1 '>the\nletter</a>.</p><p>Done.</p>")
    assert first.links == (("/1", "the letter"),)
    assert second.links == ()

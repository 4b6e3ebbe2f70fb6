"""The blocks of text of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages.blocks import PageBlock, blocks, letters


def read(html: str) -> list[PageBlock]:
    return blocks(LexborHTMLParser(html))


def texts(html: str) -> list[str]:
    return [block.text for block in read(html)]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>The harbour\noffice  said</p>", ["The harbour office said"]),
        ("<p>one</p>two<p>three</p>", ["one", "two", "three"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<p>one<br>two<br><br>three</p>", ["one", "two", "three"]),
        ("<p>A <b>bold</b> <a href=x>li<i>nk</i></a>.</p>", ["A bold link."]),
        ("<ul><li>one<ul><li>two</ul>three<li>four</ul>", ["one", "two", "three", "four"]),
        ("<table><tr><th>Orun<td>3<tr><td>Velt<td>1</table>", ["Orun", "3", "Velt", "1"]),
        ("<p>H<sub>2</sub>O, un\u00adder\u200bway</p>", ["H2O, underway"]),
        ("<p>a</p><p> \n</p><p>\u00ad</p><p></p>", ["a"]),
        ("y<script>x</script><style>x</style><noscript>x</noscript><template>x</template>", ["y"]),
        ("<p>港<ruby>町<rp>(</rp><rt>まち</rt><rp>)</rp></ruby></p>", ["港町"]),
        ("<select><option>x</select><textarea>x</textarea><svg><text>x</text></svg>y", ["y"]),
        ("<head><title>Title</title></head>", []),
        ("", []),
    ],
)
def test_blocks_are_the_lines_of_a_page_in_its_order(html, lines):
    assert texts(html) == lines


def test_a_block_tells_its_tag_and_the_two_boxes_around_it():
    (block,) = read("<main><div class='a b'><section><p><b>Word</b></p></section></div></main>")
    assert block.tag == "p"
    assert block.place == ("div.a b", "section.")


def test_siblings_are_in_one_place_and_other_classes_in_another():
    first, second, other = read("<div><p>a</p><p>b</p></div><div class=x><p>c</p></div>")
    assert first.place == second.place != other.place


def test_a_block_knows_the_innermost_article_around_it():
    html = "<p>a</p><article><p>b</p><article><p>c</p></article><p>d</p></article>"
    outside, first, inner, last = [block.article for block in read(html)]
    assert outside == 0
    assert first == last != 0
    assert inner not in {0, first}


@pytest.mark.parametrize("tag", ["aside", "nav", "footer", "form", "figure", "figcaption"])
def test_what_stands_beside_an_article_is_known(tag):
    beside, own = read(f"<div><{tag}><div><p>a</p></div></{tag}><p>b</p></div>")
    assert beside.beside
    assert not own.beside


@pytest.mark.parametrize(
    ("html", "is_linked"),
    [
        ("<p><a href=x>Bridge is painted green</a></p>", True),
        ("<p><a href=x>Bridge is painted</a>: more</p>", True),
        ("<p>The <a href=x>bridge</a> is painted green</p>", False),
        ("<p><a href=x>one</a>four</p>", False),
        ("<p>none</p>", False),
        ("<a href=x><p>one</p></a>", True),
        ("<p><a href=x>one\n       two</a></p>", True),
    ],
)
def test_a_block_is_linked_if_links_are_the_greater_part(html, is_linked):
    (block,) = read(html)
    assert block.is_linked is is_linked
    assert block.linked <= len(block.text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Ferry — No. 7!", "theferryno7"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("港、まち。", "港まち"),
        ("Паром №3", "паром3"),
        ("… — !", ""),
        ("", ""),
    ],
)
def test_letters_are_what_two_writings_of_a_text_share(text, found):
    assert letters(text) == found


@given(st.text(), st.text())
def test_letters_of_two_pieces_are_those_of_both(one, two):
    assert letters(one + " " + two) == letters(one) + letters(two)
    assert all(map(str.isalnum, letters(one)))


WORDS = st.text("abcд港한 ", min_size=1, max_size=12).filter(str.strip)
INLINE = st.sampled_from(["b", "i", "a", "span", "em", "strong", "sub", "abbr", "time", "label"])


@given(st.lists(st.lists(st.tuples(WORDS, INLINE), min_size=1, max_size=4), max_size=6))
def test_paragraphs_come_back_whole_whatever_elements_are_in_them(paragraphs):
    html = "".join(
        f"<p>{''.join(f'{word}<{tag}>{word}</{tag}>' for word, tag in pieces)}</p>"
        for pieces in paragraphs
    )
    told = [" ".join("".join(word * 2 for word, _ in pieces).split()) for pieces in paragraphs]
    assert texts(html) == told


SOUP = ["<p>", "</p>", "<div>", "<br>", "<article>", "</article>", "<li>", "<td>", "<a href=x>"]
SOUP += ["</a>", "<!--", "]]>", "&#0;", "<svg>", "<select>", "<frameset>", "<body", "word", "\x00"]


@given(st.lists(st.sampled_from(SOUP), max_size=40))
def test_any_soup_of_tags_has_blocks_that_are_not_empty(pieces):
    for block in read("".join(pieces)):
        assert block.text == " ".join(block.text.split()) != ""
        assert block.letters == letters(block.text)
        assert len(block.place) <= 2

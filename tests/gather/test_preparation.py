"""A page's markup made ready for an extractor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages.preparation import prepare

TITLE = "Ferry opens again on Monday"


def prepared(html: str, *titles: str) -> tuple[str, bool]:
    tree = LexborHTMLParser(html)
    changed = prepare(tree, titles)
    return (tree.body.inner_html if tree.body else ""), changed


INLINE = ["time", "button", "label", "abbr", "data", "output", "meter"]


@pytest.mark.parametrize("tag", INLINE)
@pytest.mark.parametrize("sentence", ["On {} it sails.", "{} it sails.", "It sails {}", "船は{}に"])
def test_words_in_a_sentence_lose_the_element_around_them(tag, sentence):
    html = f"<p>{sentence}</p>".format(f"<{tag} title=x>Monday</{tag}>")
    assert prepared(html) == (f"<p>{sentence}</p>".format("Monday"), True)


def test_a_quotation_has_its_marks():
    html = "<p>She said <q>no, <q>never</q> again</q>.</p><p><q>No.</q></p>"
    assert prepared(html) == ("<p>She said “no, “never” again”.</p><p>“No.”</p>", True)


@pytest.mark.parametrize("tag", INLINE)
def test_what_stands_alone_stays_as_it_is(tag):
    html = f"<div><{tag}>Share</{tag}> <{tag}>Mail</{tag}></div>"
    assert prepared(html) == (html, False)


@pytest.mark.parametrize(
    "unread",
    [
        "<span class='x sr-only'> external link</span>",
        "<span class=visually-hidden> external link</span>",
        "<span class=visuallyhidden> external link</span>",
        "<span class=screen-reader-text> external link</span>",
        "<dialog open><p>We use cookies.</p></dialog>",
        f"<dialog>{'We use cookies. ' * 200}</dialog>",
        "<div role=dialog>We use cookies.</div>",
        "<div role=alertdialog>We use cookies.</div>",
        "<div aria-modal=true>We use cookies.</div>",
    ],
)
def test_what_is_not_for_reading_goes(unread):
    assert prepared(f"<div>Harrow Bay{unread}.</div>") == ("<div>Harrow Bay.</div>", True)


def test_readings_go_and_their_characters_stay():
    html, changed = prepared("<p>港<ruby>町<rp>(</rp><rt>まち</rt><rp>)</rp></ruby>の船</p>")
    assert (html, changed) == ("<p>港<ruby>町</ruby>の船</p>", True)


def test_what_is_within_something_unread_goes_with_it():
    inner = "<span class=sr-only>Close</span><ruby>港<rt>みなと</rt></ruby>"
    html = f"<dialog><div role=dialog>{inner * 50}</div></dialog>" * 50
    assert prepared(f"<p>one</p>{html}<p>two</p>") == ("<p>one</p><p>two</p>", True)


def test_a_page_within_a_dialog_stays():
    html = f'<div role="dialog"><p>{"It rained for weeks. " * 200}</p></div>'
    assert prepared(html) == (html, False)


def articles(*pairs: tuple[str, str]) -> str:
    return "".join(f"<article>{heading}<p>{text}</p></article>" for heading, text in pairs)


OWN = (f"<h1>{TITLE}</h1>", "own")


@pytest.mark.parametrize("tag", ["h1", "h2", "h3", "h4"])
def test_other_articles_with_a_headline_go(tag):
    other = (f"<{tag}>Rain in Orun goes on</{tag}>", "other")
    for html in (articles(OWN, other), articles(other, OWN), articles(other, OWN, other)):
        assert prepared(html, TITLE) == (articles(OWN), True)


def test_articles_within_the_article_go():
    inner = articles(("<h3>Rain in Orun goes on</h3>", "other"))
    html = f"<article><h1>{TITLE}</h1><p>own</p>{{}}<p>more of it</p></article>"
    assert prepared(html.format(inner), TITLE) == (html.format(""), True)


def test_articles_that_are_most_of_the_article_stay():
    posts = articles(("<h3>Rain in Orun goes on</h3>", "first"), ("<h3>Dam is full</h3>", "next"))
    html = f"<article><h1>{TITLE}</h1><p>own</p>{posts}</article>"
    assert prepared(html, TITLE) == (html, False)


def test_an_article_around_all_stays():
    inner = articles(OWN, ("<h3>Rain in Orun goes on</h3>", "other"))
    html = f"<article><h1>Quay Post</h1>{inner}</article>"
    assert prepared(html, TITLE) == (f"<article><h1>Quay Post</h1>{articles(OWN)}</article>", True)


@pytest.mark.parametrize(
    "html",
    [
        articles(OWN, ("", "its second part"), ("", "its third part")),
        articles(OWN, (f"<h2>{TITLE}!</h2>", "the same again")),
        articles(("<h1>Boats are back</h1>", "one"), ("<h1>Rain in Orun</h1>", "two")),
        articles(OWN),
    ],
)
def test_parts_of_one_article_stay_and_all_where_none_has_the_title(html):
    assert prepared(html, TITLE) == (html, False)


def test_a_headline_is_known_in_any_script():
    own, other = ("<h1>渡船周一恢复通航</h1>", "own"), ("<h1>北方教师结束罢工</h1>", "other")
    assert prepared(articles(other, own), "渡船周一恢复通航") == (articles(own), True)


TAGS = (*INLINE, "article", "dialog", "rt", "p", "/p", "/article", "/dialog", "div role=dialog")
SOUP = [*map("<{}>".format, TAGS), f"<h1>{TITLE}</h1>", "<h2>Rain in Orun</h2>", "word", "<!--"]


@given(st.lists(st.sampled_from(SOUP), max_size=40))
def test_any_soup_of_tags_is_made_ready_once(pieces):
    html, _ = prepared("".join(pieces), TITLE)
    tree = LexborHTMLParser(html)
    assert not tree.css("rt,dialog,[role=dialog]")
    assert prepare(tree, {TITLE}) is False or html != ""


@given(st.lists(st.tuples(st.sampled_from(INLINE), st.sampled_from(["港", "word", "x y"]))))
def test_a_sentence_keeps_all_of_its_words(pieces):
    html = "<p>It " + "".join(f"<{tag}>{word}</{tag}> and " for tag, word in pieces) + "</p>"
    found, _ = prepared(html)
    assert found == "<p>It " + "".join(f"{word} and " for _, word in pieces) + "</p>"

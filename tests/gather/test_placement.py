"""Where a page has its headline, and which lines of a text do not belong to its article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages.blocks import PageBlock, blocks
from bot.gather.pages.placement import (
    headline_at,
    in_lines,
    linked_headings,
    without_offers,
    without_teasers,
)

TITLE = "Ferry opens again on Monday"
A = "The ferry line between the two banks opens again on Monday, the harbour office said."
B = "Two hundred people wrote to the mayor to ask for it, among them the bakers of the quay."
OTHER = "The reservoir of Orun reached ninety-one per cent on Wednesday, the authority said."
BOX = "We and the firms that we work with put cookies on your device, if you consent to it."


def read(html: str) -> list[PageBlock]:
    return blocks(LexborHTMLParser(html))


def article(*lines: str, title: str = "") -> str:
    heading = f"<h1>{title}</h1>" if title else ""
    return f"<article>{heading}{''.join(f'<p>{line}</p>' for line in lines)}</article>"


@pytest.mark.parametrize(
    ("html", "at"),
    [
        (f"<p>Quay Post</p><h1>{TITLE}</h1>", 1),
        (f"<h1>Quay Post</h1><h2>{TITLE}!</h2><h2>{TITLE}</h2>", 1),
        ("<h1>Boats are back</h1><h2>Why so late?</h2>", 0),  # the only one, written anew
        ("<h1>Boats are back</h1><h1>Rain in Orun</h1>", -1),
        (f"<p>{TITLE}</p>", -1),
        ("<h2>Boats are back</h2>", -1),
        ("", -1),
    ],
)
def test_the_headline_is_a_heading_that_says_the_title_or_the_only_one(html, at):
    assert headline_at(read(html), {TITLE}) == at


def test_what_an_extractor_ran_into_one_line_has_a_line_for_each_block():
    page = read(f"<div>{A}<br><br>{B}<br>{OTHER}</div>")
    assert in_lines(f"{A} {B} {OTHER}", page) == f"{A}\n{B}\n{OTHER}"
    assert in_lines(f"{A}{B}{OTHER}", page) == f"{A}\n{B}\n{OTHER}"


def test_links_in_such_a_line_are_left_out():
    page = read(f"<div>{A}<br><a href=x>Read on</a><br>{B}<br>{OTHER}</div>")
    assert in_lines(f"{A} Read on {B} {OTHER}", page) == f"{A}\n{B}\n{OTHER}"


@pytest.mark.parametrize("text", [A, f"{A} {B}", f"{A}\n{B} {OTHER}", "", f"{A} {B} x{OTHER}y" * 3])
def test_a_paragraph_stays_a_line(text):
    page = read(f"<p>{A}</p><p>{B}</p><p>{OTHER}</p>")
    assert in_lines(text, page) == text


OFFERS = {
    "en": "Subscribe now and read all our pages on your devices. You can cancel your account.",
    "de": "Jetzt abonnieren und alle unsere Seiten lesen. Sie können Ihr Abo jederzeit kündigen.",
    "fr": "Abonnez-vous et lisez toutes nos pages. Vous pouvez fermer votre compte ici.",
    "es": "Suscríbase a nuestro sitio. Puede cerrar su cuenta en nuestra página.",
    "ru": "Подпишитесь на наш сайт. Вы можете закрыть ваш аккаунт на нашем сайте в любой день.",
    "ja": "当社のサイトに登録してください。お客様のアカウントはいつでも解約できます。",
}  # fmt: skip


@pytest.mark.parametrize("language", OFFERS)
def test_an_offer_outside_of_the_article_goes(language):
    offer = OFFERS[language]
    page = read(f"{article(A, B, title=TITLE)}<div><p>{offer}</p></div>")
    assert without_offers(f"{A}\n{B}\n{offer}", page, 0) == f"{A}\n{B}"


def test_what_is_no_offer_or_inside_of_the_article_stays():
    offer = OFFERS["en"]
    outside = read(f"{article(A, title=TITLE)}<p>{B}</p><p>{OTHER}</p>")
    assert without_offers(f"{A}\n{B}\n{OTHER}", outside, 0) == f"{A}\n{B}\n{OTHER}"
    inside = read(article(A, offer, B, title=TITLE))
    assert without_offers(f"{A}\n{offer}\n{B}", inside, 0) == f"{A}\n{offer}\n{B}"
    twice = read(f"{article(A, offer, title=TITLE)}<p>{offer}</p>")
    assert without_offers(f"{A}\n{offer}", twice, 0) == f"{A}\n{offer}"
    bare = read(f"<h1>{TITLE}</h1><p>{A}</p><p>{offer}</p>")
    assert without_offers(f"{A}\n{offer}", bare, 0) == f"{A}\n{offer}"


CARDS = [
    ("Bridge stays shut until May", "Lorries have to take the road by Lindmar"),
    ("渡船恢复航行", "港务局宣布两岸的渡船星期一恢复航行"),
    ("Кит у пирса", "Портовая служба просит не подходить близко"),
]


def cards(*pairs: tuple[str, str]) -> str:
    return "".join(f"<li><a href=x>{title}</a><p>{line}</p></li>" for title, line in pairs)


def told(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"{title}\n{line}" for title, line in pairs)


ARTICLE = "\n".join((A, B, OTHER))


def test_a_list_of_other_stories_behind_the_article_goes():
    page = read(f"{article(A, B, OTHER, title=TITLE)}<ul>{cards(*CARDS)}</ul>")
    assert without_teasers(f"{ARTICLE}\n{told(*CARDS)}", page) == ARTICLE
    glued = "\n".join(title + line for title, line in CARDS)
    assert without_teasers(f"{ARTICLE}\n{glued}", page) == ARTICLE


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("title", ["Who paints the lighthouse?", "Кто красит маяк?", "今日は雨。"])
def test_a_title_of_the_list_may_be_a_sentence(title, at):
    pairs = [*CARDS]
    pairs.insert(at, (title, "Three artists have sent their drafts to the town"))
    page = read(f"{article(A, B, OTHER, title=TITLE)}<ul>{cards(*pairs)}</ul>")
    assert without_teasers(f"{ARTICLE}\n{told(*pairs)}", page) == ARTICLE


def test_long_lines_below_links_are_no_teasers():
    page = read(f"<p>{A}</p><p>{B}</p>{cards(*((title, OTHER * 4) for title, _ in CARDS))}")
    text = f"{A * 20}\n{told(*((title, OTHER * 4) for title, _ in CARDS))}"
    assert without_teasers(text, page) == text


def test_two_links_with_a_line_below_are_no_list():
    page = read(f"{article(A, B, OTHER, title=TITLE)}<ul>{cards(*CARDS[:2])}</ul>")
    text = f"{ARTICLE}\n{told(*CARDS[:2])}"
    assert without_teasers(text, page) == text


def test_a_list_before_the_last_paragraph_stays():
    page = read(f"<p>{A}</p><p>{B}</p>{cards(*CARDS)}<p>{OTHER}</p>")
    text = f"{A}\n{B}\n{told(*CARDS)}\n{OTHER}"
    assert without_teasers(text, page) == text


def test_sentences_in_links_are_no_titles_of_stories():
    pairs = [(f"{title}.", line) for title, line in CARDS]
    page = read(f"{article(A, B, OTHER, title=TITLE)}<ul>{cards(*pairs)}</ul>")
    text = f"{ARTICLE}\n{told(*pairs)}"
    assert without_teasers(text, page) == text


def test_a_text_that_is_made_of_such_a_list_stays():
    page = read(f"<p>{A[:30]}</p>{cards(*CARDS)}")
    text = f"{A[:30]}\n{told(*CARDS)}"
    assert without_teasers(text, page) == text


TEXTS = st.lists(st.sampled_from([A, B, OTHER, BOX, *CARDS[0], "…", ""]), max_size=8)
MARKUP = st.lists(
    st.sampled_from(
        [
            f"<h1>{TITLE}</h1>",
            f"<p>{A}</p>",
            f"<p>{BOX}</p>",
            f"<article><p>{B}</p>",
            "</article>",
            cards(*CARDS),
            f"<li><a href=x>{OTHER}</a>",
            "<br>",
            CARDS[0][1],
        ]
    ),
    max_size=10,
)


@given(TEXTS, MARKUP)
def test_lines_are_dropped_in_their_order_and_none_is_made_up(lines, markup):
    page = read("".join(markup))
    headline = headline_at(page, {TITLE})
    text = "\n".join(lines)
    in_lines(text, page)
    for kept in (without_offers(text, page, headline), without_teasers(text, page)):
        left = iter(text.split("\n"))
        assert not kept or all(line in left for line in kept.split("\n"))
    assert 2 * len(without_teasers(text, page)) >= len(text)


def test_lines_that_an_extractor_broke_within_a_block_become_one():
    page = read(f"<div>{A}</div><pre>one\ntwo</pre><p>{B}<br>{OTHER}</p>")
    broken = A.replace(" again", "\nagain")
    assert in_lines(f"{broken}\none\ntwo\n{B}\n{OTHER}", page) == f"{A}\none\ntwo\n{B}\n{OTHER}"


def test_headings_that_are_links_stay_where_a_paragraph_is_below_them():
    long = f"{A} {B} {OTHER} {BOX}"
    page = read(
        f"<h3><a href=x>First boat</a></h3><p>{long}</p>"
        f"<h3><a href=x>A teaser</a></h3><p>{A}</p>"
        f"<p><a href=x>No heading</a></p><p>{long}</p>"
    )
    assert linked_headings(page) == {"First boat"}

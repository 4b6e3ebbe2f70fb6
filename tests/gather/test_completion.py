"""What an extractor left out of an article: paragraphs in other boxes, lists, the lead."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages.blocks import PageBlock, blocks
from bot.gather.pages.completion import completed, repeated, with_lead, with_lists

A = "The ferry line between the two banks opens again on Monday, the harbour office said."
B = "Two hundred people wrote to the mayor to ask for it, among them the bakers of the quay."
C = "The boat was built in the town in the year of the great flood, and carried a circus once."
D = "Its engine was taken out in March and sent to a workshop in the hills for eleven weeks."
E = "A crossing will cost as much as before, and yearly tickets will be good for longer."
TITLE = "Ferry opens again"


def read(html: str) -> list[PageBlock]:
    return blocks(LexborHTMLParser(html))


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def boxes(*lines: str, kind: str = "chunk") -> str:
    return "".join(f"<div class={kind}><p>{line}</p></div>" for line in lines)


def test_paragraphs_in_boxes_of_their_own_come_back_in_their_order():
    page = read(boxes(A, B, C, D, E))
    for found in ((A, B), (A, C), (B, D), (D, E)):
        assert completed("\n".join(found), page) == "\n".join((A, B, C, D, E))


@pytest.mark.parametrize(
    "line",
    [
        "渡し船は町で造られ、大洪水の年に進水し、子どもたちや家畜、一度は小さなサーカスも運んだ。",
        "나룻배는 큰 홍수가 난 해에 마을에서 만들어졌고 학생과 가축과 작은 서커스단을 실어 날랐다.",
        "渡船是在发大水的那一年在镇上造的，运过学生和牲口，有一次还运过一个小马戏团到对岸去演出。",
        "Судно построили в городе в год большого наводнения, и однажды на нём плыл цирк.",
        "بنيت العبارة في المدينة عام الفيضان الكبير، ونقلت التلاميذ والماشية وسيركا صغيرا.",
        "เรือลำนี้สร้างขึ้นในเมืองเมื่อปีน้ำท่วมใหญ่ เคยบรรทุกนักเรียน วัวควาย และคณะละครสัตว์",
    ],
)
def test_a_paragraph_in_any_script_comes_back(line):
    assert completed(f"{A}\n{C}", read(boxes(A, line, C))) == f"{A}\n{line}\n{C}"


def test_only_what_is_in_the_same_place_comes_back():
    html = boxes(A, B) + boxes(C, kind="promo") + f"<section class=chunk><p>{D}</p></section>"
    assert completed(f"{A}\n{B}", read(html)) == f"{A}\n{B}"


def test_one_paragraph_is_no_sign_of_a_place():
    assert completed(A, read(boxes(A, B, C))) == A


@pytest.mark.parametrize("tag", ["aside", "nav", "footer", "form", "figure"])
def test_what_stands_beside_the_article_stays_out(tag):
    own, beside = boxes(A, B), boxes(C, D)
    html = f"<div>{own}</div><{tag}><div>{beside}</div></{tag}>"
    assert completed(f"{A}\n{B}", read(html)) == f"{A}\n{B}"


def test_paragraphs_of_another_article_stay_out():
    html = f"<article>{boxes(A, B)}</article><article>{boxes(C, D, E)}</article>"
    assert completed(f"{A}\n{B}", read(html)) == f"{A}\n{B}"


def test_links_and_short_lines_stay_out():
    links = "".join(f"<div class=chunk><p><a href=x>{line}</a></p></div>" for line in (C, D))
    page = read(boxes(A, B) + links + boxes(*(f"Photo {n}: the old quay" for n in range(9))))
    assert completed(f"{A}\n{B}", page) == f"{A}\n{B}"


def test_a_little_that_is_missing_is_left_out_on_purpose():
    short = "Forty and some characters of a small note."
    page = read(boxes(A, B, C, D, short))
    text = "\n".join((A, B, C, D))
    assert completed(text, page) == text


def test_a_paragraph_with_line_breaks_is_not_told_twice():
    page = read(boxes(f"{A}<br>{B}", f"{C}<br><br>{D}", E))
    text = f"{A} {B}\n{C} {D}"
    assert completed(text, page) == text
    assert completed(f"{A}{B}\n{C}{D}", page) == f"{A}{B}\n{C}{D}"


def test_a_paragraph_that_an_extractor_wrote_otherwise_is_not_told_twice():
    page = read(boxes(A, f"x<sup>2</sup> + y<sub>n</sub>: {B}", f"{C} — see [<i>1</i>]", D))
    text = "\n".join((A, B.replace("hundred", "100"), C.replace("year of the", "year:"), D))
    assert completed(text, page) == text


LINES = st.lists(
    st.sampled_from([A, B, C, D, E, "Yes.", "港務局", "…", "Ferry opens again", B[:50]]), max_size=8
)
WRAPS = st.sampled_from(
    [
        "<p>{}</p>",
        "<div class=a><p>{}</p></div>",
        "<li>{}</li>",
        "{}<br>",
        "<h2>{}</h2>",
        "<article><p>{}</p></article>",
        "<p><a href=x>{}</a></p>",
        "<aside><p>{}</p></aside>",
    ]
)
PAGES = st.lists(st.tuples(WRAPS, st.sampled_from([A, B, C, D, E, "Yes.", "港務局", "…"])))


@given(LINES, PAGES)
def test_no_line_is_lost_moved_or_told_more_often_than_by_the_page(lines, pieces):
    page = read("".join(wrap.format(line) for wrap, line in pieces))
    text = "\n".join(lines)
    for merged in (completed(text, page), with_lists(text, page)):
        found = merged.split("\n")
        left = iter(found)
        assert all(line in left for line in text.split("\n"))  # all of them, in their order
        for line in {A, B, C, D, E}:
            on_page = sum(told == line for _, told in pieces)
            assert found.count(line) <= max(lines.count(line), on_page, 1)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_and_page_are_completed(text, html):
    page = read(html)
    for line in text.split("\n"):
        assert line in completed(text, page).split("\n")
        assert line in with_lists(text, page).split("\n")
    assert with_lead(text, page, titles={text}, descriptions=[html]).endswith(text)


def listed(*items: str) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def test_a_list_between_two_paragraphs_comes_back():
    page = read(f"<main>{paragraphs(A)}{listed('New planks', 'Lamps')}{paragraphs(B)}</main>")
    assert with_lists(f"{A}\n{B}", page) == f"{A}\nNew planks\nLamps\n{B}"


def test_a_list_of_sentences_right_below_the_last_paragraph_comes_back():
    rules = listed("Bicycles cross free of charge.", "Dogs stay on the lower deck.")
    page = read(f"{paragraphs(A, B)}{rules}")
    told = f"{A}\n{B}\nBicycles cross free of charge.\nDogs stay on the lower deck."
    assert with_lists(f"{A}\n{B}", page) == told
    for other in (listed("Print", "Share"), f"<h2>More</h2>{rules}"):
        assert with_lists(f"{A}\n{B}", read(f"{paragraphs(A, B)}{other}")) == f"{A}\n{B}"


def test_a_list_that_is_told_already_is_not_told_twice():
    items = ("New planks for the northern pier", "Lamps along the quay, and a clock")
    page = read(f"<main>{paragraphs(A)}{listed(*items)}{paragraphs(B)}</main>")
    for text in ("\n".join((A, *items, B)), f"{A}\n{items[0]}\n{B}"):
        assert with_lists(text, page) == text


@pytest.mark.parametrize(
    "html",
    [
        f"<main>{paragraphs(A)}{listed('<a href=x>The bridge is green</a>')}{paragraphs(B)}</main>",
        f"<main>{paragraphs(A)}<nav>{listed('World', 'Sport')}</nav>{paragraphs(B)}</main>",
        f"<main>{paragraphs(A)}<div>{listed('World')}</div>{paragraphs(B)}</main>",
        f"<main>{paragraphs(A, B)}{listed('World', 'Sport')}</main>",
        f"<main>{listed('World', 'Sport')}{paragraphs(A, B)}</main>",
        f"<main>{paragraphs(A)}<h2>More</h2>{listed('World')}{paragraphs(B)}</main>",
        f"<main>{paragraphs(A)}{listed('World')}{paragraphs(C)}{paragraphs(B)}</main>",
        f"<main>{paragraphs(A)}{listed('World')}<div>{paragraphs(B)}</div></main>",
    ],
)
def test_a_list_in_another_place_stays_out(html):
    assert with_lists(f"{A}\n{B}", read(html)) == f"{A}\n{B}"


def test_a_list_between_paragraphs_that_the_text_has_apart_stays_out():
    page = read(f"<main>{paragraphs(A)}{listed('World')}{paragraphs(B, C)}</main>")
    assert with_lists(f"{A}\n{C}\n{B}", page) == f"{A}\n{C}\n{B}"


LEAD = "After eleven weeks of walking, the two banks of the river have their boat back"
ARTICLE = f"<div class=text>{paragraphs(A, B, C)}</div>"
TEXT = f"{A}\n{B}\n{C}"


def lead_of(html: str, *descriptions: str, text: str = TEXT) -> str:
    return with_lead(text, read(html), titles={TITLE}, descriptions=descriptions)


@pytest.mark.parametrize("tag", ["p", "h2", "div", "blockquote"])
@pytest.mark.parametrize("given_lead", [LEAD, f"{LEAD[:60]}…", f"{LEAD}. More of it than that."])
def test_the_lead_that_the_page_describes_itself_with_stands_above_the_text(tag, given_lead):
    html = f"<h1>{TITLE}</h1><{tag}>{LEAD}</{tag}>{ARTICLE}"
    assert lead_of(html, given_lead) == f"{LEAD}\n{TEXT}"


def test_the_headline_may_be_any_block_that_says_the_title():
    html = f"<div class=title>{TITLE}!</div><p>{LEAD}</p>{ARTICLE}"
    assert lead_of(html, LEAD) == f"{LEAD}\n{TEXT}"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{LEAD}</p><h1>{TITLE}</h1>{ARTICLE}",  # above the headline
        f"<p>{LEAD}</p>{ARTICLE}",  # without one
        f"<h1>{TITLE}</h1>{ARTICLE}<p>{LEAD}</p>",  # below the text
        f"<h1>{TITLE}</h1><figure><p>{LEAD}</p></figure>{ARTICLE}",
        f"<h1>{TITLE}</h1><p><a href=x>{LEAD}</a></p>{ARTICLE}",
        f"<h1>{TITLE}</h1><p>{LEAD} (Anna Ort/AFP)</p>{ARTICLE}",
        f"<h1>{TITLE}</h1><p>Another line of a page, which nobody described.</p>{ARTICLE}",
        f"<h1>{TITLE}</h1>{paragraphs(LEAD, LEAD, LEAD, LEAD)}{ARTICLE}",
        f"<h1>{TITLE}</h1><p>{LEAD}</p>{'<p>Word</p>' * 45}{ARTICLE}",
    ],
)
def test_no_other_line_is_a_lead(html):
    assert lead_of(html, LEAD) == TEXT


def test_a_lead_that_the_text_tells_already_is_not_told_twice():
    html = f"<h1>{TITLE}</h1><p>{LEAD}</p>{ARTICLE}"
    otherwise = LEAD.replace("two banks of", "2 banks of")
    for text in (f"{LEAD}\n{TEXT}", f"{A}\n{LEAD}, he said.\n{B}\n{C}", f"{A} {otherwise}.\n{B}"):
        assert lead_of(html, LEAD, text=text) == text


def test_without_descriptions_there_is_no_lead():
    assert lead_of(f"<h1>{TITLE}</h1><p>{LEAD}</p>{ARTICLE}") == TEXT


def test_a_large_page_is_completed_in_seconds():
    rng = random.Random(7)
    lines = [" ".join("".join(rng.choices("abcdefghij", k=7)) for _ in "fourteen words") + "."
             for _ in range(4_000)]  # fmt: skip
    page = read(boxes(*lines))
    started = time.process_time()
    assert completed("\n".join(lines[::2]), page) == "\n".join(lines)
    assert time.process_time() - started < 3.0


def test_a_paragraph_that_the_page_repeats_is_told_as_often():
    assert completed(A, read(boxes(A, A))) == f"{A}\n{A}"
    assert completed(f"{A}\n{B}\n{C}", read(boxes(A, B, C, A))) == f"{A}\n{B}\n{C}\n{A}"


@pytest.mark.parametrize(
    "again",
    [
        f"{paragraphs(A, B, C)}{paragraphs(A, B, C)}",
        f"{paragraphs(A, B, C)}<div class=x>{paragraphs(A)}</div>",
        f"{paragraphs(A, B, A, C, A)}",
    ],
    ids=["the article twice", "elsewhere", "many times"],
)
def test_what_a_page_holds_twice_for_other_reasons_is_told_once(again):
    text = "\n".join((A, B, C))
    assert repeated(read(f"<main>{again}</main>")) == frozenset()
    assert completed(text, read(f"<main>{again}</main>")) == text

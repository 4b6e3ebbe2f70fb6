"""The text of a page's article: what stays, what goes, what is told once."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NotAnArticle
from bot.gather.pages.extract import extract_article

URL = "https://quay.example/2026/11/20/ferry"
TITLE = "Ferry opens again on Monday"
A = (
    "The ferry line between the two banks opens again on Monday, the harbour office said, after "
    "eleven weeks in which everybody had to cross by the railway bridge."
)
B = (
    "Two hundred people wrote to the mayor to ask for it, among them the owner of the bakery on "
    "the eastern quay, who had lost half of her customers to the western one."
)
C = (
    "The boat was built in the town in the year of the great flood, and has carried school "
    "children, cattle and once a small circus from one bank to the other."
)
D = (
    "Its engine was taken out in March and sent to a workshop in the hills, where two brothers "
    "made by hand the part that no factory sells any more."
)
LINES = (A, B, C, D)
TEXT = "\n".join(LINES)
# Of another story.
X = (
    "The reservoir of Orun reached ninety-one per cent on Wednesday, the river authority said in "
    "its weekly report on the water of the valley."
)
Y = (
    "Farmers had asked for more water since the spring, when the canal of the valley ran dry for "
    "the first time in sixty years."
)


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(body: str, *, head: str = "", before: str = "", after: str = "") -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{TITLE} - Quay Post</title>{head}</head><body>"
        f"<header><nav><a href=/>Home</a> <a href=/w>World</a></nav></header>{before}<main>"
        f"<article><h1>{TITLE}</h1>{body}</article>{after}</main>"
        "<footer><p>About us</p></footer></body></html>"
    )


def read(html: str) -> str:
    return extract_article(html.encode(), url=URL).text


# --- What stays ---


@pytest.mark.parametrize(
    "lead",
    [
        "The ferry office has published its works for this spring, and these are its points:",
        "Three dead after fishing boat sinks off Orun",
        "Search goes on for a fourth man",
        "Lindmar beat Old Mill 61-38",
        "Velt 3 - Orun 1 (Toren 12, 40, 71 - Ort 90)",
        "Lindmar – Altmühle 2:1 (1:0)",
        "Round 1: 10 March, Velt Ring",
        "Премьер ушёл в отставку",
        "港務局：渡し船を再開へ",
        "나룻배 다시 뜬다",
        "العبارة تعود إلى العمل",
    ],
)
@pytest.mark.parametrize("tag", ["p", "h2", "div"])
def test_a_short_line_above_the_first_paragraph_stays(lead, tag):
    assert read(page(f"<{tag}>{lead}</{tag}>{paragraphs(*LINES)}")) == f"{lead}\n{TEXT}"


def test_byline_and_dateline_above_it_go():
    head = '<meta name="author" content="Anna Ort">'
    body = paragraphs("Anna Ort, Quay Post", "20 November 2026, 07:30", "Search goes on", *LINES)
    assert read(page(body, head=head)) == f"Search goes on\n{TEXT}"


@pytest.mark.parametrize("tag", ["p", "h2", "div"])
def test_the_lead_outside_of_the_texts_box_stays(tag):
    lead = "After eleven weeks of walking, the two banks of the river have their boat back"
    head = f'<meta property="og:description" content="{lead}">'
    body = f"<{tag} class=lead>{lead}</{tag}><div class=text>{paragraphs(*LINES)}</div>"
    assert read(page(body, head=head)) == f"{lead}\n{TEXT}"


@pytest.mark.parametrize("kind", ["ul", "ol"])
@pytest.mark.parametrize("wrap", ["<article><h1>{}</h1>{}</article>", "<h1>{}</h1>{}"])
def test_a_list_between_paragraphs_stays(kind, wrap):
    items = ["Bicycles travel without a fee on every boat.", "New planks for the pier", "Lamps"]
    listed = f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"
    body = f"{paragraphs(A, B)}{listed}{paragraphs(C, D)}"
    html = f"<title>{TITLE}</title><body>{wrap.format(TITLE, body)}</body>"
    assert read(html) == "\n".join((A, B, *items, C, D))


def test_a_table_of_results_stays():
    rows = [("Lindmar", "61"), ("Old Mill", "38"), ("Velt", "12"), ("Orun", "9")]
    table = "".join(f"<tr><td>{name}</td><td>{points}</td></tr>" for name, points in rows)
    text = read(page(f"{paragraphs(A, B)}<table>{table}</table>{paragraphs(C, D)}"))
    assert [line for line in LINES if line not in text] == []
    assert [name for name, points in rows if name not in text or points not in text] == []


INLINE = (
    "a href=/x,b,bdi,bdo,big,cite,code,data,del,dfn,em,font,i,ins,kbd,mark,nobr,q,s,samp,small,span"
    ",strike,strong,tt,u,var"
)


@pytest.mark.parametrize("tag", INLINE.split(","))
def test_words_in_an_element_of_running_text_stay(tag):
    body = paragraphs(A.replace("Monday", f"<{tag}>Monday</{tag.split()[0]}>"), B, C, D)
    told = TEXT.replace("Monday", "“Monday”" if tag == "q" else "Monday")
    assert read(page(body)) == told


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<time datetime=2026-11-23>Monday</time>", "Monday"),
        ("<button type=button>Monday</button>", "Monday"),
        ("<label>Monday</label>", "Monday"),
        ("<abbr title='day one'>Monday</abbr>", "Monday"),
        ("<data value=1>Monday</data>", "Monday"),
        ("<ruby>Monday<rp>(</rp><rt>day one</rt><rp>)</rp></ruby>", "Monday"),
        ("<span class=sr-only>on the day called </span>Monday", "Monday"),
        ("Mon&shy;day", "Monday"),
        ("CO<sub>2</sub>", "CO2"),
        ("the 5<sup>th</sup>", "the 5th"),
        ("Monday\n next", "Monday next"),
    ],
)
@pytest.mark.parametrize("form", ["{} the boat sails.", "The boat sails ({}) again.", "It is {}"])
def test_a_sentence_reads_as_a_browser_shows_it(markup, shown, form):
    body = paragraphs(A, form.format(markup), B, C, D)
    assert form.format(shown) in read(page(body)).split("\n")


def test_japanese_readings_are_no_words():
    line = "<ruby>港湾局<rt>こうわんきょく</rt></ruby>は渡し船を月曜日に再開すると発表した。"
    text = read(
        page(paragraphs(*[f"{line}{n}便が朝六時に東の岸を出る予定だという。" for n in "一二三四"]))
    )
    assert "港湾局は渡し船を月曜日に再開すると発表した。" in text
    assert "こうわん" not in text


WORDS = st.sampled_from(["the quay", "Monday", "a boat", "5", "Orun’s", "港", "паром"])
TAGS = st.sampled_from(
    ["b", "i", "em", "span", "a href=/x", "time", "label", "abbr", "button", "data", "strong"]
)
SENTENCES = st.lists(st.tuples(WORDS, TAGS), min_size=1, max_size=5)


@settings(max_examples=40)
@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_paragraphs_come_back_whole_whatever_elements_are_in_them(sentences):
    marked, shown = [], []
    for n, pieces in enumerate(sentences):
        start = f"{LINES[n % 4]} Sentence {n} says that "
        marked.append(
            start + " and ".join(f"<{tag}>{word}</{tag.split()[0]}>" for word, tag in pieces) + "."
        )
        shown.append(start + " and ".join(word for word, _ in pieces) + ".")
    assert read(page(paragraphs(*marked, B + " So.", C + " Then."))).split("\n")[:-2] == shown


# --- What is told once ---


@pytest.mark.parametrize("stop", ["<br>", "<br/>", "<br><br>", "<br>\n<br>"])
@pytest.mark.parametrize("wrap", ["<p>{}</p>", "<div><p>{}</p></div>", "<div>{}</div>"])
def test_a_paragraph_with_line_breaks_is_told_once(stop, wrap):
    bodies = [
        wrap.format(f"{A}{stop}{B}"),
        wrap.format(f"{C}{stop}{D}"),
        wrap.format(X),
        wrap.format(Y),
    ]
    text = read(page("".join(bodies)))
    assert [line for line in (A, B, C, D, X, Y) if text.count(line) != 1] == []


@pytest.mark.parametrize("escape", [0, 1, 2, 3])
def test_a_body_in_the_structured_data_is_read_as_its_markup_means(escape):
    body = paragraphs(*LINES)
    for _ in range(escape):
        body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE}
    script = json.dumps(data | {"articleBody": body}).replace("</", "<\\/")
    html = (
        f"<head><script type=application/ld+json>{script}</script></head><body><div id=app></div>"
    )
    assert read(html) == TEXT


def test_entities_of_a_plain_body_in_the_structured_data_are_characters():
    body = "\n".join(LINES).replace("mayor", "&quot;mayor&quot; &amp;amp; council")
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body}
    html = f"<script type=application/ld+json>{json.dumps(data)}</script><div id=app></div>"
    assert read(html) == TEXT.replace("mayor", '"mayor" & council')


# --- What goes ---


@pytest.mark.parametrize("heading", ["h1", "h2", "h3"])
@pytest.mark.parametrize("times", [1, 3])
def test_another_article_below_the_first_is_not_told(heading, times):
    lines = paragraphs(*[X, Y] * times)
    other = f"<article><{heading}>Orun dam refilled a year early</{heading}>{lines}</article>"
    for text in (
        read(page(paragraphs(A, B), after=other)),
        read(page(paragraphs(*LINES), after=other * 3)),
    ):
        assert text in {f"{A}\n{B}", TEXT}


def test_a_next_article_without_a_headline_of_its_own_is_not_told():
    other = f"<article>{paragraphs(X, Y)}</article>"
    text = read(page(paragraphs(*LINES), after=other))
    assert text.startswith(TEXT)
    assert read(page(paragraphs(A, B), after=other)).startswith(f"{A}\n{B}")


def test_the_article_of_the_headline_is_told_wherever_it_stands():
    other = f"<article><h1>Orun dam refilled a year early</h1>{paragraphs(X, Y, X[::-1])}</article>"
    assert read(page(paragraphs(A, B), before=f"<div>{other}</div>")) == f"{A}\n{B}"


@pytest.mark.parametrize(
    "comments",
    [
        "<section id=comments class=comments>{}</section>",
        "<div class=comments>{}</div>",
        "<div id=disqus_thread>{}</div>",
    ],
)
def test_comments_are_not_told(comments):
    said = "".join(
        f"<article class=comment><h4>{name}</h4><p>{line}</p></article>"
        for name, line in [("Anna", "I have waited for this boat since March."), ("Ilse", X)]
    )
    assert read(page(paragraphs(*LINES), after=comments.format(said))) == TEXT


CARDS = (
    ("Bridge stays shut until May", "Lorries have to take the road by Lindmar for nine more weeks"),
    ("A whale at the pier", "The harbour office asks people to keep forty metres away"),
    ("School gets its roof back", "The storm had carried it as far as the bakery"),
    ("Lindmar buys nine trams", "The first of them was shown to the council on Monday night"),
)


@pytest.mark.parametrize(
    ("around", "card"),
    [
        ("<ul>{}</ul>", "<li><a href=/s>{}</a><p>{}</p></li>"),
        ("<div class=more>{}</div>", "<div><a href=/s>{}</a><div>{}</div></div>"),
        ("<div>{}</div>", "<div><h3><a href=/s>{}</a></h3><p>{}</p></div>"),
    ],
)
def test_a_list_of_teasers_behind_the_article_is_not_told(around, card):
    teasers = around.format("".join(card.format(*pair) for pair in CARDS))
    for html in (page(paragraphs(*LINES) + teasers), page(paragraphs(*LINES), after=teasers)):
        assert read(html) == TEXT


def test_a_box_that_asks_for_consent_is_not_told():
    box = (
        "<div class=modal><p>We and the firms that we work with put small files on your device, "
        "and read them again, so that we can choose advertising for you and count who has seen "
        "it.</p><p>If you agree, we may also learn where you are and recognise your device. You "
        "can agree with one button, or refuse with the other one.</p></div>"
    )
    assert read(page(paragraphs(A, B), before=box)) == f"{A}\n{B}"
    with pytest.raises(NotAnArticle):
        read(page(paragraphs("The ferry sails again."), before=box * 2))


def test_an_offer_below_a_teaser_is_not_told():
    offer = (
        "<div class=offer><p>Try Quay Post plus now for 2.95 a week and read all articles of our "
        "editors without limits, on all of your devices.</p><p>You can cancel every week, without "
        "giving any reason. Two hundred thousand readers are with us already.</p></div>"
    )
    assert read(page(paragraphs(A, B), after=offer)) == f"{A}\n{B}"
    with pytest.raises(NotAnArticle):
        read(page(paragraphs("The ferry sails again."), after=offer))


@pytest.mark.parametrize(
    "offer",
    [
        "Prova Kajposten plus för 29 kronor i månaden och läs alla artiklar på alla dina skärmar."
        "</p><p>Du kan säga upp din prenumeration när du vill. Logga in om du är prenumerant.",
        "この記事は有料会員限定です。月額九百円で、すべての記事を無制限に読むことができます。</p>"
        "<p>いつでも解約できます。会員の方はログインしてください。",
    ],
    ids=["sv", "ja"],
)
def test_an_offer_at_the_end_of_the_articles_own_box_is_not_told(offer):
    assert read(page(f"{paragraphs(*LINES)}<section><p>{offer}</p></section>")) == TEXT
    with pytest.raises(NotAnArticle):
        read(page(f"<p>Once they lived of silver.</p><section><p>{offer}</p></section>"))


def test_what_is_hidden_is_not_told_unless_most_of_a_page_is():
    hidden = f'<div style="display: none">{paragraphs(X)}</div><p hidden>{Y}</p>'
    assert read(page(paragraphs(*LINES) + hidden)) == TEXT
    copy = f"<div style='display:none' itemscope><p>{TITLE}</p>{paragraphs(*LINES) * 4}</div>"
    assert read(page(paragraphs(*(LINES * 9)), before=copy)) == read(page(paragraphs(*(LINES * 9))))
    slides = "".join(f'<div style="display:none"><p>{line}</p></div>' for line in LINES[1:])
    assert read(page(paragraphs(A) + slides)) == TEXT


def test_lines_within_one_block_are_one_line():
    broken = "".join(f"<div>{line.replace(' the ', chr(10) + 'the ')}</div>" for line in LINES)
    assert read(page(broken)) == TEXT


@pytest.mark.parametrize("around", ["self.__next_f.push([1,{}])", "var state = {{html: {}}};"])
def test_an_article_that_a_script_would_put_in_place_is_told(around):
    state = json.dumps(json.dumps({"id": 7, "html": paragraphs(*LINES)}).replace("<", "\\u003c"))
    markup = json.dumps(paragraphs(*LINES)) if "state" in around else state
    script = f"<script>{around.format(markup)}</script>"
    assert read(page("<p>Loading …</p>", after=script)) == TEXT


def test_what_scripts_say_otherwise_is_no_article():
    words = json.dumps(" ".join(LINES))
    for script in (f"<script>x = {words}</script>", '<script>x = "<p>' + "a" * 999 + "</script>"):
        with pytest.raises(NotAnArticle):
            read(page("<p>Loading …</p>", after=script))


# --- Pages of odd shapes ---


def test_a_video_with_a_list_of_videos_is_no_article():
    links = "".join(
        f"<li><a href=/v{n}>Video {n}: a boat on the bay at sunset</a></li>" for n in range(9)
    )
    with pytest.raises(NotAnArticle):
        read(page(f"<video></video><p>Watch the ferry leave the quay.</p><ul>{links}</ul>"))


def test_a_huge_page_is_read_whole():
    lines = [f"On day {n} of the works, {A[0].lower()}{A[1:]}" for n in range(1_500)]
    assert read(page(paragraphs(*lines))).split("\n") == lines


@pytest.mark.parametrize("tag", ["div", "span", "b", "section"])
@pytest.mark.parametrize("depth", [150, 250, 1_000])
def test_a_deeply_nested_page_loses_nothing(tag, depth):
    text = read(page(f"<{tag}>" * depth + paragraphs(*LINES) + f"</{tag}>" * depth))
    assert [line for line in LINES if line not in text] == []


@pytest.mark.parametrize(
    "html",
    [
        page(paragraphs(*LINES)).replace("</p>", ""),
        page(paragraphs(*LINES)).replace("</article>", "").replace("</main>", ""),
        page(paragraphs(*LINES)).partition("</article>")[0],
        page(paragraphs(*LINES)).replace("<html><head>", ""),
        page(paragraphs(*LINES)).replace("<main>", "<main></div></td></p>"),
        page(paragraphs(*LINES)).replace("</body></html>", "</body></html><p>"),
        page(paragraphs(*LINES)).replace("<h1>", '<h1 class=x" id=>'),
        "<!-- x --><?xml version='1.0'?>" + page(paragraphs(*LINES)),
        page(f"<font><center>{paragraphs(*LINES)}"),
    ],
)
def test_broken_markup_loses_nothing(html):
    text = read(html)
    assert [line for line in LINES if line not in text] == []


@pytest.mark.parametrize(
    "html", ["", " ", "\x00", "<p>", "<html>", "<frameset><frame src=x>", "<title>x", page("")]
)
def test_an_empty_page_is_no_article(html):
    with pytest.raises(NotAnArticle, match=r"^no-article$"):
        read(html)

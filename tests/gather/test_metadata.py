"""What a page says about itself, in the many ways in which pages say it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages import metadata
from bot.gather.pages.structured import one_line

URL = "https://www.quay.example/2026/11/20/ferry-line-opens"
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
WHEN = "2026-11-20T07:30:00+01:00"
LATER = "2026-11-22T09:00:00Z"
LONG = "The ferry between the two banks of the Senn opens again on Monday, the office said. " * 2


def page(head: str = "", body: str = "<h1>Ferry opens</h1>") -> LexborHTMLParser:
    return LexborHTMLParser(f"<html><head>{head}</head><body>{body}</body></html>")


def ld(data: object, kind: str = "application/ld+json", before: str = "", after: str = "") -> str:
    return f'<script type="{kind}">{before}{json.dumps(data)}{after}</script>'


ARTICLE = {"@type": "NewsArticle", "headline": "Ferry opens", "datePublished": WHEN}


def date_of(tree: LexborHTMLParser) -> datetime | None:
    data = metadata.article_data(tree, metadata.headings(tree))
    return metadata.published_at(tree.html or "", tree, data)


@pytest.mark.parametrize(
    "head",
    [
        ld(ARTICLE, kind="Application/LD+JSON ; charset=utf-8"),
        ld(ARTICLE, before="//<![CDATA[\n", after="\n//]]>"),
        ld(ARTICLE, before="<![CDATA[", after="]]>"),
        ld(ARTICLE, before="<!-- ", after=" -->"),
        ld(ARTICLE, before="\ufeff", after=";"),
        ld(ARTICLE).replace("}", ",}"),
        ld({**ARTICLE, "@type": "schema:NewsArticle"}),
        ld({**ARTICLE, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]}),
        ld({f"http://schema.org/{name.strip('@')}" if name != "@type" else name: value
            for name, value in ARTICLE.items()}),
        ld({**ARTICLE, "headline": ["Ferry opens"], "datePublished": [WHEN]}),
        ld({**ARTICLE, "datePublished": {"@type": "DateTime", "@value": WHEN}}),
        ld({"@graph": [{"@type": "WebPage"}, [ARTICLE]]}),
        ld({"@type": "WebPage", "mainEntity": ARTICLE}),
        ld({"@type": "Organization"}, after=json.dumps(ARTICLE)),
        '<script type="application/ld+json">{broken</script>' + ld(ARTICLE),
    ],
)  # fmt: skip
def test_structured_data_is_read_as_it_is_found_in_the_wild(head):
    tree = page(head)
    assert metadata.article_data(tree)["headline"] == "Ferry opens"
    assert date_of(tree) == AT


@pytest.mark.parametrize(
    ("headline", "shown"),
    [
        ("Toren &amp; Weil: &#8216;old&#8217; ferry&nbsp;line", "Toren & Weil: ‘old’ ferry line"),
        ("R&amp;amp;D in the harbour", "R&D in the harbour"),
        ("The <em>old</em> ferry<br/>opens", "The old ferry opens"),
        ("&lt;b&gt;Ferry&lt;/b&gt; opens", "Ferry opens"),
        ("Fares < 3 coins, a<b and <3", "Fares < 3 coins, a<b and <3"),
        ("The &lt;canvas&gt; element", "The <canvas> element"),
        ("Fer\u00adry opens", "Ferry opens"),
    ],
)
def test_a_headline_reads_as_it_is_shown(headline, shown):
    tree = page(ld({**ARTICLE, "headline": headline}))
    assert metadata.title(tree, metadata.article_data(tree), "") == shown


def test_of_several_articles_the_one_with_the_pages_title_counts():
    other = {**ARTICLE, "headline": "Dam is full", "datePublished": LATER}
    assert date_of(page(ld([other, ARTICLE]))) == AT


def test_a_body_that_was_escaped_once_more_is_markup_again():
    tree = page(ld({**ARTICLE, "articleBody": "&lt;p&gt;One &amp;amp; two.&lt;/p&gt;"}))
    assert metadata.article_data(tree)["articleBody"] == "<p>One &amp; two.</p>"
    tree = page(ld({**ARTICLE, "articleBody": ["One.", "Two."]}))
    assert metadata.article_data(tree)["articleBody"] == "One.\nTwo."


@pytest.mark.parametrize(
    "name",
    [
        'property="article:published_time"', 'property="og:article:published_time"',
        'name="DC.date.issued"', 'name="dcterms.issued"', 'name="pubdate"', 'name="PublishDate"',
        'itemprop="datePublished"', 'name="date"', 'name="parsely-pub-date"',
    ],
)  # fmt: skip
def test_a_date_in_a_meta_tag_is_read_under_its_many_names(name):
    assert date_of(page(f'<meta {name} content="{WHEN}">')) == AT


def test_a_day_alone_is_told_its_time_by_another_date_of_that_day():
    day = ld({**ARTICLE, "datePublished": "2026-11-20"})
    assert date_of(page(day + f'<meta name="pubdate" content="{WHEN}">')) == AT
    other = date_of(page(day + f'<meta name="pubdate" content="{LATER}">'))
    assert other == datetime(2026, 11, 20, tzinfo=UTC)


TIME, OTHER = f'<time datetime="{WHEN}">', f'<time datetime="{LATER}">now</time>'


@pytest.mark.parametrize(
    "body",
    [
        f"<ul><li>{OTHER} <a href=/x>Dam is full</a></li></ul><article><h1>F</h1>{TIME}</article>",
        f"<article><h1>Ferry</h1><p>By Ann {TIME}</time></p><p>{LONG}{OTHER}</p></article>",
        f"<article><h1>Ferry</h1><p>{LONG}{OTHER}</p><footer>{TIME}</footer></article>",
        f"<main><h1>Ferry</h1><div class=by>{TIME}</div><article>{OTHER}</article></main>",
        f"<h1>Ferry</h1><div class='dateModified'>{OTHER.replace('<time', '<time class=updated')}"
        f"</div><p>{TIME}</p>",
        f"<div><h1>Ferry</h1></div><p>{OTHER}</p><p><time itemprop=datePublished datetime={WHEN}>",
        "<article><h1>Ferry</h1><time>20 November 2026 06:30</time></article>",
    ],
)
def test_the_time_of_the_article_itself_is_its_date(body):
    assert date_of(page(body=body)) == AT


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>Ferry</h1></article><div class=comment-list><p>{OTHER}</p></div>",
        f"<main><h1>Ferry</h1><section id=comments>{OTHER}</section></main>",
        f"<h1>Ferry</h1><aside>{OTHER}</aside>",
        f"<h1>Ferry</h1><div><a href=/x>The dam of Orun is full again, early</a>{OTHER}</div>",
        f"<h1>Ferry</h1><p>{LONG}{OTHER}</p>",
        f"<article><h1>Ferry</h1><article>{OTHER}</article></article>",
    ],
)
def test_the_time_of_something_else_is_no_date_of_the_article(body):
    assert date_of(page(body=body)) is None


@pytest.mark.parametrize(
    "claim",
    [
        "https://www.quay.example/", "/index.html", "/en", "/en-gb/", "/news", "/news/europe/",
        "/undefined", "/news/null", "/{{ article.slug }}", "/%7B%7Bslug%7D%7D", "/%SLUG%",
        "/news/[object Object]", "/login", "/login?next=/2026/11/20/ferry-line-opens",
        "/user/sign-in?id=7", "/2026/11/20", "/404", "/?x=y", "/consent?rid=77", "",
    ],
)  # fmt: skip
def test_what_cannot_be_an_articles_address_is_no_claim(claim):
    tree = page(f'<link rel="canonical" href="{claim}">')
    assert metadata.canonical(tree, URL) == ""


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical alternate" href="/story-17">', "https://www.quay.example/story-17"),
        ('<LINK REL=Canonical HREF="/?p=17">', "https://www.quay.example/?p=17"),
        ('<base href="/de/"><link rel=canonical href="a-17">', "https://www.quay.example/de/a-17"),
        ('<link rel=canonical href="/undefined"><meta property="og:url" content="/a-17">',
         "https://www.quay.example/a-17"),
        ('<link rel=canonical href="https://m.quay.example/2026/11/20/ferry-line-opens">',
         "https://m.quay.example/2026/11/20/ferry-line-opens"),
        ('<link rel=canonical href="/news/a-ferry-for-the-senn?B=1&a=%e9">',
         "https://www.quay.example/news/a-ferry-for-the-senn?B=1&a=%e9"),
    ],
)  # fmt: skip
def test_a_claim_is_the_first_plausible_one(head, canonical):
    assert metadata.canonical(page(head), URL) == canonical


def test_a_further_page_may_claim_the_first():
    tree = page('<link rel=canonical href="/2026/11/20/ferry-line-opens">')
    assert (
        metadata.canonical(tree, f"{URL}/2")
        == "https://www.quay.example/2026/11/20/ferry-line-opens"
    )


@pytest.mark.parametrize(
    ("publisher", "site", "name"),
    [
        ({"@type": "Organization", "name": "The Quay Post"}, "quay", "The Quay Post"),
        ({"name": "World Press Agency"}, "Quay Post", "Quay Post"),
        ([{"name": "Quay &amp; Co"}], "", "Quay & Co"),
        ("Harbour Post", "", "Harbour Post"),
        ({"@id": "#us"}, "", "Quay of Harrow"),
        ("https://quay.example/#us", "Quay", "Quay"),
        (7, "", ""),
    ],
)
def test_the_outlet_is_named_by_its_page(publisher, site, name):
    data = [{**ARTICLE, "publisher": publisher}, {"@id": "#us", "name": "Quay of Harrow"}]
    tree = page(ld(data) + f'<meta property="og:site_name" content="{site}">')
    assert metadata.outlet(tree, metadata.article_data(tree), URL) == name


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_values_of_any_type_do_no_harm(value):
    names = ("headline", "datePublished", "publisher", "articleBody", "isAccessibleForFree")
    tree = page(ld({"@type": "NewsArticle", **dict.fromkeys(names, value)}))
    data = metadata.article_data(tree)
    metadata.title(tree, data, "")
    metadata.outlet(tree, data, URL)
    metadata.is_paywalled(data)
    date_of(tree)


@given(st.text(alphabet="<>&;#amplt/b x\u00ad", max_size=40))
def test_any_text_makes_one_line(text):
    assert "\n" not in one_line(text)

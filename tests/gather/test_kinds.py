"""Kinds of articles by their page's own words."""

import json
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.article_kind import KINDS
from bot.gather.pages.kinds import PageSigns, kind_of
from bot.gather.pages.schema_types import sections_of, types_of
from bot.kinds import words as kind_words
from bot.kinds.titles import TITLE_PARTS, sure_kinds

NEWS = PageSigns(
    url="https://post.example/politics/2026/05/council-votes-on-harbour",
    title="Council votes on harbour",
    lead="The council voted on Monday.",
    types=("NewsArticle",),
    sections=("Politics",),
    og_type="article",
)


@pytest.mark.parametrize(
    ("kind", "signs"),
    [
        ("opinion", {"types": ["OpinionNewsArticle"], "sections": ["Comment"]}),
        ("opinion", {"url": "https://z.example/meinung/a-1", "title": "Kommentar: So nicht"}),
        ("opinion", {"url": "https://z.example/%E7%A4%BE%E8%AA%AC/12", "sections": ["社説"]}),
        ("opinion", {"sections": ["संपादकीय"], "title": "संपादकीय: पुल का सवाल"}),
        ("analysis", {"types": ["AnalysisNewsArticle"], "title": "Analyse: Was nun folgt"}),
        ("live", {"types": ["LiveBlogPosting"], "title": "Budget live: taxes fall"}),
        (
            "live",
            {"url": "https://z.example/en-direct/b", "title": "EN DIRECT. Le vote à la Chambre"},
        ),
        ("list", {"types": ["ItemList"], "title": "The 9 best piers on this coast"}),
        ("list", {"types": ["ItemList"], "title": "港で食べたい魚料理7選"}),
        ("review", {"types": ["Review"], "title": "Film review: The Pier"}),
        ("review", {"sections": ["Критика", "Рецензии"], "title": "«Пирс»: рецензия"}),
        ("fact-check", {"types": ["ClaimReview"], "sections": ["Faktencheck"]}),
        ("satire", {"types": ["SatiricalArticle"], "url": "https://z.example/satire/x"}),
        ("commercial", {"sections": ["Sponsored"], "lead": "Paid for by the Pier Company."}),
        ("recipe", {"types": ["Recipe"], "title": "Fischsuppe: Rezept vom Hafen"}),
        ("recipe", {"url": "https://z.example/tarifler/a", "title": "Balık çorbası tarifi"}),
        ("horoscope", {"sections": ["Гороскоп"], "title": "Гороскоп на вторник"}),
        ("quiz", {"url": "https://z.example/quiz/ports", "title": "Quiz: name the port"}),
        ("obituary", {"sections": ["Obituaries"], "title": "Ann Pier, diver, dies at 93"}),
        ("interview", {"sections": ["인터뷰"], "title": "[인터뷰] 등대지기 김씨"}),
        ("media", {"types": ["VideoObject"], "og_type": "video.other"}),
        ("media", {"sections": ["Podcasts"], "lead": "In this episode we go to sea."}),
        ("digest", {"sections": ["Newsletter"], "title": "Morning briefing: ports and piers"}),
        ("weather", {"sections": ["Погода"], "title": "Прогноз погоды на среду"}),
        ("game", {"url": "https://z.example/sudoku/77", "title": "Sudoku 77"}),
    ],
)
def test_two_signs_make_a_kind(kind, signs):
    assert kind_of(replace(NEWS, **{"sections": (), **signs})) == kind


@pytest.mark.parametrize(
    "signs",
    [
        {"types": ["OpinionNewsArticle"]},
        {"sections": ["Opinion"]},
        {"url": "https://z.example/opinion/a"},
        {"title": "Analysis: what the vote means"},
        {"title": "Ann Pier dies at 93", "lead": "The diver has died."},
    ],
)
def test_one_sign_is_not_enough(signs):
    assert kind_of(replace(NEWS, **signs)) == "news"


@pytest.mark.parametrize(
    "url",
    [
        "https://z.example/news/opinion-poll-review-live",
        "https://z.example/a?q=opinion",
        "https://z.example/a#opinion",
        "https://opinion.example/a",
        "https://z.example/opinion-polls/a",
    ],
)
def test_a_word_within_a_slug_is_no_sign(url):
    assert kind_of(replace(NEWS, url=url, types=["OpinionNewsArticle"])) == "news"


@pytest.mark.parametrize(
    "url",
    [
        "https://z.example/OPINION/a",
        "https://z.example/opinion.html",
        "https://z.example/op-ed/a",
        "https://opinion.z.example/a",
        "https://z.example/a?section=opinion&id=4",
        "https://z.example/opini%C3%B3n/a",
        "https://z.example/%D9%85%D9%82%D8%A7%D9%84%D8%A7%D8%AA/a",
        "https://z.example/chroniques_12/a",
    ],
)
def test_a_whole_segment_is_a_sign(url):
    assert kind_of(replace(NEWS, url=url, types=["OpinionNewsArticle"])) == "opinion"


def test_a_part_of_a_breadcrumb_is_a_sign():
    page = replace(NEWS, types=["OpinionNewsArticle"])
    assert kind_of(replace(page, sections=["Home > Opinion > Ports"])) == "opinion"
    assert kind_of(replace(page, sections=["Opinion polls"])) == "news"


def test_a_hub_of_the_day_is_one_sign_in_however_many_places():
    hub = replace(
        NEWS,
        url="https://z.example/live/a",
        sections=["Live"],
        categories=["Live"],
        lead="Follow live",
    )
    assert kind_of(hub) == "news"
    assert kind_of(replace(hub, title="Live: the harbour vote")) == "live"


def test_a_storm_under_weather_is_news():
    page = replace(NEWS, url="https://z.example/weather/a", sections=["Weather"])
    assert kind_of(replace(page, title="Weather: sun and wind on Friday")) == "weather"
    assert kind_of(replace(page, title="Weather: four dead in storm")) == "news"
    assert kind_of(replace(page, title="Bridge closed by storm")) == "news"


def test_a_film_in_a_report_is_no_sign_for_a_film():
    report = replace(NEWS, types=["NewsArticle", "VideoObject"], og_type="video.other")
    assert kind_of(report) == "news"
    assert kind_of(replace(report, url="https://z.example/video/fire-in-the-port")) == "news"


def test_a_category_confirms_no_word_within_the_title():
    tagged = replace(NEWS, title="Tax on horoscope apps rises", categories=["Horoscopes"])
    assert kind_of(tagged) == "news"
    assert kind_of(replace(tagged, sections=["Horoscopes"])) == "horoscope"


def test_a_category_does_not_confirm_an_address_against_the_section():
    tagged = replace(NEWS, url="https://z.example/analysis/lead-in-water", categories=["Analysis"])
    assert kind_of(tagged) == "news"
    assert kind_of(replace(tagged, sections=())) == "analysis"


def test_an_accent_can_part_two_words_of_two_languages():
    """Swedish "krönika" is a column, Polish "kronika" a police report."""
    label = replace(NEWS, types=["OpinionNewsArticle"])
    assert kind_of(replace(label, sections=["Krönika"])) == "opinion"
    assert kind_of(replace(label, sections=["Kronika"])) == "news"


def test_a_type_that_says_reported_asks_for_a_sign_more():
    page = replace(NEWS, types=["ReportageNewsArticle"], sections=["Opinion"])
    page = replace(page, url="https://z.example/opinion/a")
    assert kind_of(page) == "news"
    assert kind_of(replace(page, title="Opinion | The harbour")) == "opinion"


def test_numbers_of_dead_make_no_list():
    page = replace(NEWS, types=["ItemList"], sections=["Travel"])
    assert kind_of(replace(page, title="10 killed on a pier")) == "news"
    assert kind_of(replace(page, title="10 reasons to see a pier")) == "list"


@pytest.mark.parametrize(
    "name", ["Review", "schema:Review", "https://schema.org/Review", "review "]
)
def test_types_are_read_in_each_spelling(name):
    assert kind_of(replace(NEWS, types=[name], title="Review: The Pier")) == "review"


def test_types_of_a_document_are_its_own_and_not_what_it_embeds():
    data = {
        "@graph": [
            {"@type": ["NewsArticle", "Review"], "video": {"@type": "VideoObject"}},
            {"@type": "schema:WebPage", "mainEntity": {"@type": "Recipe"}},
            {"@type": 7},
            "x",
        ]
    }
    assert types_of(data) == ("NewsArticle", "Review", "schema:WebPage", "Recipe")


def test_sections_of_a_document_are_its_sections_and_breadcrumbs():
    data = {
        "@graph": [
            {"@type": "NewsArticle", "articleSection": ["Opinion", "Ports", None, "Opinion"]},
            {
                "@type": "BreadcrumbList",
                "itemListElement": [{"name": "Home"}, {"item": {"name": "Views"}}, 3],
            },
            {"@type": "ItemList", "itemListElement": [{"name": "Recipes"}]},
        ]
    }
    assert sections_of(data) == ("Opinion", "Ports", "Home", "Views")


def every_word(data):
    return [
        word
        for groups in data.values()
        for group in groups.values()
        for words in (group.values() if isinstance(group, dict) else [group])
        for word in words
    ]


def words():
    """Return texts made of the words that mean something, and of any others."""
    text = resources.files("bot.kinds").joinpath("kinds.json").read_text("utf-8")
    listed = every_word(json.loads(text))
    word = st.one_of(st.sampled_from(listed), st.text(max_size=12))
    return st.lists(word, max_size=5).map(": ".join)


WORDS = words()
PAGES = st.builds(
    PageSigns,
    url=st.one_of(
        st.text(), WORDS.map(lambda text: "https://z.example/" + text.replace(": ", "/"))
    ),
    title=WORDS,
    lead=WORDS,
    types=st.lists(WORDS, max_size=3),
    sections=st.lists(WORDS, max_size=3),
    og_type=WORDS,
    categories=st.lists(WORDS, max_size=3),
)


@given(page=PAGES, data=st.data())
def test_any_page_has_one_kind_in_whatever_order_it_gives_its_signs(page, data):
    kind = kind_of(page)
    assert kind in KINDS
    shuffled = {
        name: data.draw(st.permutations(getattr(page, name)))
        for name in ("types", "sections", "categories")
    }
    assert kind_of(replace(page, **shuffled)) == kind
    doubled = {name: [*getattr(page, name)] * 2 for name in shuffled}
    assert kind_of(replace(page, **doubled)) == kind


@given(
    word=st.text(st.characters(categories=["Nd", "Po", "Zs"])),
    og_type=st.sampled_from(["", "article"]),
)
def test_a_page_that_says_nothing_of_a_kind_is_news(word, og_type):
    page = PageSigns(url=f"https://z.example/{word}", types=[word], sections=[word])
    assert kind_of(replace(page, og_type=og_type, categories=[word])) == "news"


@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["@type", "@graph", "mainEntity", "breadcrumb", "itemListElement", "name"]
                ),
                st.one_of(inner, st.just("BreadcrumbList")),
                max_size=4,
            ),
        ),
    ).filter(lambda value: isinstance(value, dict))
)
def test_any_document_is_read(data):
    assert all(isinstance(text, str) for text in (*types_of(data), *sections_of(data)))


def test_the_file_of_words_knows_the_kinds_and_groups_and_no_others():
    text = resources.files("bot.kinds").joinpath("kinds.json").read_text("utf-8")
    data = json.loads(text)
    assert set(data) == set(KINDS) - {"news"}
    groups = {group for kind in data.values() for group in kind}
    assert groups == {
        *("types", "places", "hubs", "labels", "sure", "phrases", "lead", "against"),
        *("nouns", "numbers", "counters", "stars", "text"),
    }
    assert max(len(w.split()) for w in every_word(data)) <= kind_words.MAX_WORDS
    unspaced = (w for w in every_word(data) if kind_words.UNSPACED.match(w))
    assert max(map(len, unspaced)) <= kind_words.MAX_PHRASE_CHARS
    for kind, named in data.items():
        languages = set(named.get("places", {})) | set(named.get("hubs", {}))
        assert len(languages) >= 16, kind


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("live", "Live updates: the gates of the Orun dam open"),
        ("live", "Gates of the Orun dam open – as it happened"),
        ("live", "Liveticker: Tore der Orunsperre offen"),
        ("live", "EN DIRECT - Les vannes du barrage d'Orun s'ouvrent"),
        ("live", "Шлюзы открыты | Онлайн-трансляция"),
        ("live", "【随時更新】オルンダムの水門が開く"),
        ("digest", "Morning briefing: the dam, the ferry and the strike"),
        ("digest", "News in brief"),
        ("digest", "Kurz notiert"),
        ("digest", "En bref : le barrage, le bac"),
        ("digest", "Итоги дня: плотина и паром"),
        ("digest", "[모닝브리핑] 댐과 배"),
        ("digest", "10 things in tech you need to know today"),
        ("digest", "Five things you need to know this Thursday"),
    ],
)
def test_a_label_that_heads_nothing_else_needs_no_second_sign(kind, title):
    assert kind_of(PageSigns(title=title)) == kind
    assert kind_of(replace(NEWS, title=title)) == kind


@pytest.mark.parametrize(
    "title",
    [
        "Live music returns to the harbour of Orun",
        "Council: what you need to know about the new bridge toll",
        "Ten men need to be freed from the mine, union says",
        "Directeur of the dam: no water before May",
        "Briefly shut: the bridge of Velt",
        "Roundup of wild horses begins in the hills",
        "Velt: eleven things were found in the wreck",
        "Digest of laws is printed anew",
    ],
)
def test_words_within_a_headline_are_no_label(title):
    assert kind_of(replace(NEWS, title=title)) == "news"


_TITLES = st.text(alphabet="abcN 0192:：.–-|[]()/、七選opinion「」", max_size=30)


@given(_TITLES | st.text(max_size=30))
def test_a_plain_title_is_folded_and_parted_as_any_other(title):
    folded = kind_words.fold(title)
    assert kind_words.fold(f"{title} é") == f"{folded} e".strip()
    parts = [part for part in map(kind_words.fold, TITLE_PARTS.split(title)) if part]
    sure = kind_words.kind_words().sure
    expected = {kind for part in (*parts[:1], *parts[-1:]) for kind in sure.get(part, ())}
    assert sure_kinds(title) == expected


@pytest.mark.parametrize("title", ["Morning briefing: the ferry", "The ferry - morning briefing"])
def test_a_label_at_either_end_of_a_title_tells_its_kind(title):
    assert "digest" in sure_kinds(title)

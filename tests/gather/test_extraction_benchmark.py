"""The benchmark of extraction scores as it says, and takes one pass out at a time."""

from benchmarks.extraction_passes import PASSES, without_each
from benchmarks.extraction_relevance import Told, pairs, refusals, relevance, told_of
from benchmarks.extraction_sets import Page, Score, page_score, score
from bot.gather.pages.extract import extract_article

PARAGRAPHS = (
    "The council of Brackwater voted on Monday to open the northern lock to barges again.",
    "Engineers had closed it two winters ago, when ice tore a gate from its hinges.",
    "Skippers have since taken the long way around, which costs them half a day.",
    "The first barge is to pass in April, if the new gate holds through the spring flood.",
)
TITLE = "Brackwater opens its northern lock again"
STORY = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
HTML = (
    f"<html lang=en><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
    f"{STORY.replace('on Monday', '<time>on Monday</time>')}</article></body></html>"
)
PAGE = Page("zyte__lock", "https://news.example/lock", HTML.encode(), "\n".join(PARAGRAPHS))
OTHER = Page(
    "zyte__orchard",
    "https://news.example/orchard",
    b"<title>Late frost ruins cherries in the Elm valley</title>",
    "Growers expect a tenth of the usual harvest, their union said after three cold nights.",
)


def test_a_text_is_scored_by_what_it_shares_with_the_body():
    assert page_score(PAGE, PAGE.body) == Score(1.0, 1.0)
    half = page_score(PAGE, "\n".join(PARAGRAPHS[:2]))
    assert half.precision == 1.0
    assert 0.4 < half.recall < 0.6
    assert page_score(PAGE, "") == Score(0.0, 0.0)


def test_pieces_are_counted_over_all_pages_of_their_set():
    page = Page("segments__a", "", b"", wanted=("one  lock", "two gates"), unwanted=("Share",))
    assert score([page, page], ["One lock. one lock", "two gates Share"]) == Score(2 / 3, 1 / 2)


def test_a_pass_that_is_taken_out_is_put_back():
    before = extract_article(PAGE.html, url=PAGE.url).text
    texts = without_each(PAGE)
    assert tuple(texts) == PASSES
    assert "on Monday" in before
    assert "on Monday" not in texts["prepare"]
    assert extract_article(PAGE.html, url=PAGE.url).text == before


def test_another_page_of_the_language_is_told_instead_and_refused():
    others = pairs([PAGE, OTHER], {PAGE.name: "en", OTHER.name: "en"})
    assert others == {PAGE.name: OTHER, OTHER.name: PAGE}
    assert pairs([PAGE, OTHER], {PAGE.name: "en", OTHER.name: "de"}) == {}
    assert told_of(PAGE) == Told(TITLE, PARAGRAPHS[0])
    report = relevance([refusals((PAGE, OTHER)), refusals((PAGE, None))])
    assert report["true"]["title and lead"] == {"of": 2, "refused": 0, "share": 0.0}
    assert report["wrong"]["title"] == {"of": 1, "refused": 1, "share": 1.0}

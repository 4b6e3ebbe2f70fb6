"""What a reader can be given on its own."""

import pytest

from summarizers import METHODS, Budget, Document, summarize
from summarizers.datelines import dateline_chars
from summarizers.guard import Guard
from summarizers.lean import Lean
from summarizers.leaning import leaning_of
from summarizers.terms import find_words
from tests.summarizers.conftest import read_pages

PAGES = read_pages()


def _judge(text, language="en"):
    return Guard(language).judge(text, find_words(text), opens=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "'Illegal' cooperation"),
        ("en", "What happened next in the valley of Tarn?"),
        ("en", "Here's what we know about the dam so far."),
        ("en", "The reasons are the following ones:"),
        ("en", "The mayor left the room and then…"),
        ("en", "Image caption The dam at Orun was finished in 1931."),
        ("en", "The dam on Tuesday (AP Photo/Dana Ives)."),
        ("en", "Petra Holm and Lena Marsh at the dam of Orun on Wednesday 4 June 2025."),
        ("en", "By Mark Osei, Velt Mail science correspondent in Velt."),
        ("en", "Sign up for our newsletter to read more of this."),
        ("en", "View all Harbour Post newsletters."),
        ("en", "Reporting by Mark Osei; Editing by Jane Coe in Velt."),
        ("en", '"We won the strike, the union leader of Velt said.'),
        ("en", "- the second point of the long list of demands."),
        ("en", "and went back to the valley on the same day."),
        ("en", "(The mayor had said so at the council before.)"),
        ("en", "THE DAM OF ORUN IS FULL AGAIN AFTER A YEAR."),
        ("en", "See https://orun.example/dam for all the pictures."),
        ("en", "Too short."),
        ("en", "Very long " * 60 + "sentence."),
        ("de", "Lesen Sie auch: Die schönsten Stauseen der Welt."),
        ("ru", "Читайте также: самые красивые озёра всей страны."),
        ("ko", "저작권자 항구일보, 무단 전재 및 재배포 금지."),
        ("zh", "好。"),
    ],
)
def test_what_is_no_statement_of_the_story_is_unfit(language, text):
    assert not _judge(text, language).is_fit


@pytest.mark.parametrize(
    "text",
    [
        "The report by the river authority names three cracks.",
        "iPhone sales in the country fell by nine percent in May.",
        'Kim reiterated his “unconditional support", KCNA reported.',
        "Inspectors recommended that the dam be repaired.",
        "The Velt treaty was signed on 4 June 2025.",
        "Share prices of the dam builder rose by four percent.",
        "Here the river is 40 metres wide at its deepest point.",
    ],
)
def test_a_plain_statement_is_fit_and_stands_alone(text):
    verdict = _judge(text)
    assert verdict.is_fit
    assert leaning_of("en").of(text, find_words(text)) == Lean()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("WASHINGTON (AP) — Miners voted.", "Miners voted."),
        ("SEOUL, June 5 (Reuters) - Miners voted.", "Miners voted."),
        ("(CNN)Miners voted.", "Miners voted."),
        ("Catania, Italy (CNN)Miners voted.", "Miners voted."),
        ("LONDON — Miners voted.", "Miners voted."),
        ("Corrin — Miners voted.", "Miners voted."),
        ("New Orun, Velt — Miners voted.", "Miners voted."),
        ("Seoul desk — Miners voted.", "Miners voted."),
        ("Anna Quill — The Miner — voted.", "Anna Quill — The Miner — voted."),
        ("Miners voted — Again.", "Miners voted — Again."),
        ("Velt (dpa) - Die Bergleute stimmten zu.", "Die Bergleute stimmten zu."),
        ("(서울=연합뉴스) 홍길동 기자 = 광부들이 투표했다.", "광부들이 투표했다."),
        ("新华社北京6月5日电（记者 李明）矿工投票。", "矿工投票。"),
        ("МОСКВА, 5 июня. /ТАСС/. Шахтёры проголосовали.", "Шахтёры проголосовали."),
        (
            "The Associated Press (AP) said miners voted.",
            "The Associated Press (AP) said miners voted.",
        ),
        ("NASA — the space agency — hired miners.", "NASA — the space agency — hired miners."),
        ("Miners voted - again.", "Miners voted - again."),
        ("Miners voted.", "Miners voted."),
    ],
)
def test_a_dateline_is_stepped_over(text, rest):
    assert text[dateline_chars(text) :] == rest


def test_a_dateline_before_endless_spaces_is_looked_for_once():
    # Read anew for each space, this took hours.
    assert dateline_chars("Corrin — " + " " * 1_000_000 + "x -- y.") == 0


@pytest.mark.parametrize("method", METHODS)
def test_nothing_but_the_story_is_quoted_from_any_page(method):
    assert len(PAGES) == 20
    for page in PAGES:
        for budget in (Budget(sentences=2), Budget(words=300)):
            summary = summarize(
                [Document(page.text, page.title)],
                budget=budget,
                language=page.language,
                method=method,
            )
            assert summary.sentences
            for sentence in summary.sentences:
                assert any(sentence.text in line for line in page.story), sentence.text


def test_the_lead_has_all_the_story_of_every_page():
    for page in PAGES:
        summary = summarize(
            [Document(page.text, page.title)],
            budget=Budget(sentences=9),
            language=page.language,
            method="lead",
        )
        assert len(summary.sentences) == len(page.story)


def test_what_leans_is_told_right_after_what_it_leans_on(flood):
    text = (
        "A monitoring group of eight countries called the pact illegal last week.\n"
        "The report said the pact was paying for missiles and for a naval programme.\n"
        "It also feared that missiles and naval technology were changing hands."
    )
    for method in METHODS:
        for count in (1, 2, 3):
            summary = summarize(
                [Document(text)], budget=Budget(sentences=count), language="en", method=method
            )
            starts = [sentence.start for sentence in summary.sentences]
            assert starts == [start for start, _ in _spans(text)][: len(starts)]
            assert starts


def _spans(text):
    position, spans = 0, []
    for line in text.split("\n"):
        spans.append((position, position + len(line)))
        position += len(line) + 1
    return spans


def test_the_seed_page_gives_nothing_but_its_article(pytestconfig):
    path = pytestconfig.rootpath.parent / "shared" / "data" / "seed-page.txt"
    if not path.exists():
        pytest.skip("the seed page is not on this machine")
    text = path.read_text("utf-8")
    title = text.split("\n\n")[1]
    article = text.split(title)[1].split("Sign up")[0]
    for method in METHODS:
        for budget in (Budget(sentences=2), Budget(words=400)):
            summary = summarize(
                [Document(text, title)], budget=budget, language="en", method=method
            )
            assert len(summary.sentences) >= 2
            for sentence in summary.sentences:
                assert sentence.text in article
                assert sentence.text[-11:] != "cooperation"
                assert "(Kim" not in sentence.text
                assert not sentence.text.startswith("Kim Jong Un and Russian")


def test_closing_marks_alone_are_unfit_and_no_question():
    for stops in (True, False):
        verdict = Guard("en").judge("”»)", [], opens=True, stops=stops)
        assert not verdict.is_fit
        assert not verdict.asks

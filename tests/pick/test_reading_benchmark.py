"""The benchmark of reading: its counters, its view of messages, its pairs and sums of verdicts."""

import gzip
import json
import sqlite3
from dataclasses import replace

import pytest

from benchmarks import reading, reading_verdicts
from benchmarks.reading_counters import FAULTS, Line, count_faults, faults_of, sentences
from benchmarks.reading_lines import read_lines
from benchmarks.reading_openings import leans
from benchmarks.reading_pairs import make_pairs, write_pairs
from benchmarks.reading_sites import load_press
from benchmarks.reading_verdicts import Share, agreement, line_shares, pair_shares, wilson
from bot.domain.content import dump_content
from tests.fakes.briefings import briefing, quote, story
from tests.fakes.clock import START

LINE = Line(
    id="l00001",
    edition=1,
    story="1-1",
    title="Orun dam refilled a year early",
    position="seen",
    place=0,
    gap=False,
    outlet="Harbour Post",
    language="en",
    sentence="The reservoir reached 91 per cent on Thursday night, the river authority said.",
    before="",
    after="Farmers may draw water again from Monday.",
    article_title="Orun dam refilled a year early",
    article="",
    follows=" Farmers may draw water again from Monday.",
    is_first=True,
)


def faults(sentence, **changes):
    return faults_of(replace(LINE, **{"sentence": sentence, "article": sentence, **changes}))


def test_a_whole_sentence_of_news_has_no_fault():
    assert faults(LINE.sentence) == frozenset()


@pytest.mark.parametrize(
    "sentence",
    [
        "of the lake free to catch the flood.",
        "The board closed the harbour (and the pier.",
        "“The wall is safe, the harbour master said.",
        "The harbour board will meet again on …",
        "He came to see Mr.",
    ],
)
def test_pieces_of_sentences_are_cut(sentence):
    assert "cut" in faults(sentence)


def test_a_sentence_is_cut_where_its_paragraph_goes_on_in_small_letters():
    assert "cut" in faults("Divers left at 5 p.m.", follows=" on Friday, the board said.")
    assert "cut" in faults("Divers went on Friday.", lead_in="The board sent a letter and the ")
    assert "cut" not in faults("Divers left on Friday.", lead_in="PELLWORTH (Northlight) - ")


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our letter from the harbour.",
        "CORRIN: Two cranes lowered the first blocks.",
        "CORRIN (AFP) Two cranes lowered the first blocks on Monday.",
        "By Dalia Ferran",
        "Lesen Sie auch, was die Werft dazu sagt.",
        "続きは会員限定です、こちらの記事をご覧ください。",
        "Two cranes.",
    ],
)
def test_what_is_not_of_the_report_is_furniture(sentence):
    assert "furniture" in faults(sentence, follows="")


@pytest.mark.parametrize(
    "sentence",
    [
        "Pupils of Corrin learn what copyright is.",
        "The choir was sponsored in its first year.",
        "Corrin: a town of nine thousand that owns its harbour.",
        "The mill - the oldest of Dorn - burnt down on Friday.",
    ],
)
def test_news_in_the_words_of_furniture_is_news(sentence):
    assert "furniture" not in faults(sentence)


def test_a_paragraph_without_a_mark_at_its_end_is_furniture():
    assert "furniture" in faults("Cranes lower a block before the fish market", follows="")
    assert "furniture" not in faults("Cranes lowered a block before the market.", follows="")


@pytest.mark.parametrize(
    "sentence",
    [
        "The <b>harbour</b> board said so.",
        "The board &amp; the mayor said so.",
        "More stands at www.corrin.example for readers.",
        "The board said so.[3]",
        "The board of the cafÃ© said so.",
    ],
)
def test_what_is_left_of_markup_is_found(sentence):
    assert "markup" in faults(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Orun dam refilled a year early.",
        "The Orun dam was refilled a whole year early, they say.",
    ],
)
def test_a_line_that_says_the_title_again_is_found(sentence):
    assert "same as title" in faults(sentence)


def test_titles_without_spaces_between_words_are_compared_too():
    title = "オルン湖のダムが一年早く満水になった"
    assert "same as title" in faults(f"{title}。", title=title, language="ja")
    assert "same as title" not in faults("農家は月曜日から再び水を使える。", title=title)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "He said the wall was safe."),
        ("en", "On Friday, she said the wall was safe."),
        ("en", "However, the wall was safe."),
        ("en", "In most cases this was paid for by the town."),
        ("en", "Two of the divers found a crack in the third block."),
        ("de", "Nach dem Sturm wurde sie zum ersten Mal gesperrt."),
        ("en", "The report names three firms as its makers."),
        ("de", "Dennoch bleibt der Hafen gesperrt."),
        ("de", "Die Fähre verbrauchte täglich 9.000 Liter."),
        ("fr", "Cette décision a surpris les pêcheurs."),
        ("es", "Sin embargo, el puerto sigue cerrado."),
        ("it", "Questo ha sorpreso i pescatori."),
        ("pt", "Além disso, o porto segue fechado."),
        ("nl", "Toch blijft de haven gesloten."),
        ("pl", "Jednak port pozostaje zamknięty."),
        ("ru", "По его словам, порт закрыт."),
        ("tr", "Öte yandan liman kapalı kalıyor."),
        ("vi", "Tuy nhiên, cảng vẫn đóng cửa."),
        ("ko", "그러나 항구는 여전히 닫혀 있다."),
        ("ja", "しかし、港は閉鎖されたままだ。"),
        ("zh", "不过，港口仍然关闭。"),
        ("ar", "لكن الميناء لا يزال مغلقا."),
    ],
)
def test_what_leans_on_the_sentence_before_dangles_after_a_gap(language, sentence):
    assert "dangling" in faults(sentence, language=language, gap=True)
    assert "dangling" not in faults(sentence, language=language, gap=False)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The government will pay for the wall."),
        ("en", "The mayor of Corrin will pay for it."),
        ("en", "The Harbour Board will pay for the wall."),
        ("en", "The dam holds 40 million litres."),  # of the title
        ("en", "Miners voted 812 to 94 for it."),
        ("en", "In Corrin the mayor said that she would pay for it."),
        ("de", "Im Hafen hat die Stadt gesagt, dass sie die Mauer bezahlt."),
        ("de", "Die Bundesregierung will den Hafen bezahlen."),
        ("fr", "Le gouvernement paiera le mur."),
        ("ko", "코린 항만청은 금요일에 방파제를 점검했다."),
    ],
)
def test_what_stands_alone_does_not_dangle(language, sentence):
    assert "dangling" not in faults(sentence, language=language, gap=True)


def test_a_bare_surname_leans_until_the_whole_name_was_shown():
    earlier = "The choir was led by Dalia Ferran for eleven years. It sang on Friday."
    sentence = "Ferran thanked the miller."
    assert leans(sentence, "en", shown="A choir of Ort", earlier=earlier)
    assert not leans(sentence, "en", shown="Dalia Ferran leads a choir", earlier=earlier)
    assert not leans("Choirs thanked the miller.", "en", shown="", earlier=earlier)


def test_halves_of_pairs_told_alone_are_found():
    assert "half of a pair" in faults("Three firms made offers:")
    assert "half of a pair" in faults("Nine per cent are not a goal.", after="Rather a floor.")
    told = {"after": "Rather a floor.", "told_next": "Rather a floor."}
    assert "half of a pair" not in faults("Nine per cent are not a goal.", **told)
    assert "half of a pair" in faults("Not only the mill was flooded.")
    assert "half of a pair" not in faults("Not only the mill but the inn was flooded.")


def test_openings_count_as_late_from_the_third_place_on_unless_they_are_updates():
    assert "late opening" not in faults(LINE.sentence, place=2)
    assert "late opening" in faults(LINE.sentence, place=3)
    assert "late opening" not in faults(LINE.sentence, place=3, is_update=True)
    assert "late opening" not in faults(LINE.sentence, place=3, is_first=False)


def test_shares_are_counted_among_the_lines_that_could_have_the_fault():
    article = "One came. Two came. Three came. Four came."
    told = ("Blocks went down.", "Divers found cracks.", "Cranes stand idle.", "Boats lie still.")
    lines = [
        replace(LINE, story="1-1", sentence=sentence, is_first=n == 0)
        for n, sentence in enumerate(told)
    ]
    alone = replace(LINE, story="1-2", sentence="He came.", gap=True, article=article)
    again = replace(LINE, edition=2, story="2-1", is_first=False)
    counts = count_faults([*lines, alone, again, replace(again, position="folded")])
    assert set(counts) == set(FAULTS)
    assert counts["starved"] == (1, 3)
    assert counts["dangling"] == (1, 1)
    assert counts["late opening"] == (0, 2)
    assert counts["said twice"] == (1, 7)


def test_sentences_end_at_marks_of_many_scripts_and_at_new_lines():
    assert sentences("One came. “Two left!” Three\nFour 3.5 m.") == [
        *("One came.", "“Two left!”", "Three", "Four 3.5 m."),
    ]
    assert sentences("港は閉まった。船は出ない。") == ["港は閉まった。", "船は出ない。"]
    assert sentences("पुल खुला। लोग आए।") == ["पुल खुला।", "लोग आए।"]
    assert sentences("") == []


# ------------------------------------------------------------------ lines of a database

TEXT = (
    "Dam is full\nORUN (Northlight) - The dam is full & safe. Farmers waited a year. "
    "All boats must wait.\n"
    "The mayor of Orun came."
)
HTML = (
    "<b>1. Dam is full</b> · 2 sources\nThe dam is full &amp; safe. All boats must wait. "
    '<a href="http://x.example/">Quay</a>\n'
    "<blockquote expandable>The mayor of Orun\ncame. ↗</blockquote>\n<b>That's all.</b>"
)


def content(*spans):
    """Return the content of an edition that quotes ``spans`` of text 9 in story 5."""
    sentences = tuple(
        quote(TEXT[start:end], text_id=9, start=start, end=end) for start, end in spans
    )
    return dump_content(briefing(story("Dam is full", *sentences, story_id=5)))


@pytest.fixture
def database(tmp_path):
    """A database with what the benchmark reads of an app's: one edition of four quotes."""
    path = tmp_path / "app.db"
    spans = [
        (TEXT.index(sentence), TEXT.index(sentence) + len(sentence))
        for sentence in (
            "The dam is full & safe.",
            "All boats must wait.",
            "The mayor of Orun came.",
            "ORUN",
        )
    ]
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE edition (id, room_id); CREATE TABLE part (id, edition_id, n, html);"
            "CREATE TABLE article (id, title, source, language);"
            "CREATE TABLE article_text (id, article_id, text);"
            "CREATE TABLE story_article (article_id, story_id);"
            "CREATE TABLE content (edition_id, value);"
            "INSERT INTO edition VALUES (7, 1); INSERT INTO story_article VALUES (3, 5);"
            "INSERT INTO article VALUES (3, 'Dam is full', 'Quay', 'en');"
        )
        connection.execute("INSERT INTO part VALUES (1, 7, 0, ?)", (HTML,))
        connection.execute("INSERT INTO article_text VALUES (9, 3, ?)", (TEXT,))
        connection.execute("INSERT INTO content VALUES (7, ?)", (content(*spans),))
    connection.close()
    return path


def test_lines_have_their_place_in_message_and_article(database):
    told = read_lines(database)
    first, second, third = told.lines
    assert told.unplaced == 1
    assert [line.sentence for line in told.lines] == [
        *("The dam is full & safe.", "All boats must wait.", "The mayor of Orun came."),
    ]
    assert {line.title for line in told.lines} == {"Dam is full"}
    assert [line.position for line in told.lines] == ["seen", "seen", "folded"]
    # Neither the headline nor the dateline is a sentence before the first.
    assert [line.place for line in told.lines] == [0, 2, 3]
    assert [line.gap for line in told.lines] == [False, True, False]
    assert (second.before, second.after) == ("Farmers waited a year.", "The mayor of Orun came.")
    assert third.told_before == ("The dam is full & safe.", "All boats must wait.")
    assert (first.is_first, first.told_next, second.is_first) == (
        True,
        "All boats must wait.",
        False,
    )
    assert all(faults_of(line) <= {"same as title"} for line in told.lines)


def test_a_sentence_that_repeats_its_title_is_found_below_the_title(database):
    with sqlite3.connect(database) as connection:
        html = HTML.replace("The dam is full &amp; safe.", "Dam is full")
        connection.execute("UPDATE part SET html = ?", (html,))
        connection.execute("UPDATE content SET value = ?", (content((0, 11)),))
    connection.close()
    first = read_lines(database).lines[0]
    assert (first.sentence, first.title) == ("Dam is full", "Dam is full")
    assert "same as title" in faults_of(first)


def test_pairs_are_blind_and_stand_in_both_orders(database, tmp_path):
    lines = read_lines(database).lines
    pairs = make_pairs(database, lines, 3, 2)
    write_pairs(pairs, tmp_path)
    rows = [read(tmp_path / name) for name in ("pairs.jsonl", "pairs-swapped.jsonl")]
    key = {row["id"]: row for row in read(tmp_path / "key.jsonl")}
    ((one,), (other,)) = rows
    assert (one["A"], one["B"]) == (other["B"], other["A"])
    assert set(one) == {"id", "language", "title", "A", "B"}
    ours = one[key[one["id"]]["ours"]]
    assert ours == "The dam is full & safe.\nAll boats must wait.\nThe mayor of Orun came."
    assert key[one["id"]]["pair"] == key[other["id"]]["pair"]
    assert key[one["id"]]["ours"] != key[other["id"]]["ours"]
    assert len(one["A"].split("\n")) == len(one["B"].split("\n")) == 3


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


# ------------------------------------------------------------------ verdicts


def test_the_wilson_interval_is_that_of_the_tables():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


ROWS = [
    {"id": "l1", "story": "a", "position": "seen", "opening": True, "language": "en"},
    {"id": "l2", "story": "a", "position": "folded", "opening": False, "language": "en"},
    {"id": "l3", "story": "b", "position": "seen", "opening": True, "language": "de"},
    {"id": "l4", "story": "c", "position": "seen", "opening": True, "language": "de"},
]


def test_a_line_is_fit_if_all_who_judged_it_say_so():
    shares = line_shares(ROWS, [{"l1": "fit", "l2": "cut", "l3": "fit"}, {"l1": "tease"}])
    assert shares["fit, all"] == Share(1, 3)
    assert shares["fit, seen at once"] == Share(1, 2)
    assert shares["stories with an unfit line at first sight"] == Share(1, 2)
    assert shares["tease"] == Share(1, 3)
    assert shares["fit, en"] == Share(0, 2)


def test_pairs_are_counted_once_whatever_number_of_votes_they_got():
    key = [
        {"id": "p1", "pair": "p1", "ours": "A", "against": "lead"},
        {"id": "p1s", "pair": "p1", "ours": "B", "against": "lead"},
        {"id": "p2", "pair": "p2", "ours": "B", "against": "lexrank"},
    ]
    shares = pair_shares(key, [{"p1": "A", "p1s": "A", "p2": "B"}, {"p1": "tie"}])
    assert shares["better than lead"] == Share(0.5, 1)
    assert shares["better than lexrank"] == Share(1.0, 1)
    assert shares["better, votes with ours as A"] == Share(1.5, 2)


def test_agreement_is_none_by_chance_and_one_if_all_agree():
    one = {"l1": "fit", "l2": "cut", "l3": "fit", "l4": "weak"}
    assert agreement([one]) is None
    assert agreement([one, one]) == 1.0
    other = {"l1": "fit", "l2": "fit", "l3": "cut", "l4": "weak"}
    assert agreement([one, other]) == pytest.approx(0.0)


def test_verdicts_are_summed_from_files_and_wrong_ones_refused(tmp_path, capsys):
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS))
    judge = tmp_path / "judge.jsonl"
    judge.write_text('{"id": "l1", "verdict": "fit"}\n{"id": "l3", "verdict": "weak"}\n')
    assert reading_verdicts.main([str(judge)]) == 0
    assert "50.0% [9.5, 90.5] (1 of 2)" in capsys.readouterr().out
    judge.write_text('{"id": "l1", "verdict": "nice"}\n{"id": "l9", "verdict": "fit"}\n')
    assert reading_verdicts.main([str(judge)]) == 2
    assert "l1: no verdict: nice" in capsys.readouterr().err


# ------------------------------------------------------------------ a run

PAGE = (
    "<html lang='en'><head><title>{0} | Velt Mail</title>"
    "<meta property='og:description' content='{0}, the board said, and more will follow soon.'>"
    "</head><body><article><h1>{0}</h1>{1}</article></body></html>"
)


@pytest.fixture
def data(tmp_path):
    """A data folder of one invented page and one invented cluster of two documents."""
    pages, summaries = tmp_path / "data" / "pages", tmp_path / "data" / "summaries"
    pages.mkdir(parents=True)
    summaries.mkdir()
    body = "".join(
        f"<p>Miners of Velt voted {n}12 to 94 to accept offer {n} of the board. Shift {n} goes "
        f"down on Saturday, when gallery {n} has been pumped dry by the engineers of Dorn.</p>"
        for n in range(2, 6)
    )
    html = PAGE.format("Velt mine reopens after strike", body)
    (pages / "velt.html.gz").write_bytes(gzip.compress(html.encode()))
    (pages / "velt.json").write_text('{"url": "https://velt-mail.example/mine", "body": ""}')
    texts = [
        f"The choir festival of Ort moves into the tannery by the river, {who} said on Tuesday. "
        "Forty choirs will sing there on three evenings in the first week of June. Snow had "
        f"damaged the roof of the old hall in January, {who} said. Visitors bring cushions."
        for who in ("its organisers", "the mayor")
    ]
    row = {
        "lang": "en",
        "documents": [{"title": "", "text": text} for text in texts],
        "summary": ["– The choir festival of Ort gets a new hall this year. It is a tannery."],
    }
    with gzip.open(summaries / "multinews.jsonl.gz", "wt") as lines:
        lines.write(json.dumps(row) + "\n")
    return tmp_path / "data"


def test_pages_and_documents_become_articles_of_outlets(data):
    press = load_press(data, START, seed=1)
    (page,) = press.outlets.pop("velt-mail.example")
    assert page.title == "Velt mine reopens after strike"
    assert page.teaser.startswith("Velt mine reopens after strike, the board said")
    documents = [item for items in press.outlets.values() for item in items]
    assert len(press.outlets) == len(documents) == 2
    assert {item.title for item in documents} == {
        "The choir festival of Ort gets a new hall this year"
    }
    dates = [item.at for item in (page, *documents)]
    assert max(dates) <= START
    assert (START - min(dates)).days == 0
    assert load_press(data, START, seed=1).outlets != load_press(data, START, seed=2).outlets


@pytest.mark.slow
def test_a_run_writes_what_is_to_be_judged(data, tmp_path, capsys):
    out = tmp_path / "out"
    assert reading.main(["--data", str(data), "--out", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["entries"], figures["articles"], figures["stories grouped"]) == (3, 3, 2)
    assert figures["unplaced"] == 0
    lines = read(out / "lines.jsonl")
    assert {line["title"] for line in lines} == {
        *("Velt mine reopens after strike", "The choir festival of Ort gets a new hall this year"),
    }
    assert all(line["sentence"] in line["article"] for line in lines)
    assert [line["id"] for line in lines] == [line["id"] for line in read(out / "all-lines.jsonl")]

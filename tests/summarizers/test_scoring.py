"""The benchmark's own ROUGE, and that the benchmarks run."""

import gzip
import json
import random
from xml.etree import ElementTree

import pytest
from rouge_score.rouge_scorer import RougeScorer

from benchmarks import sentences, summaries, summary_speed
from benchmarks.floors import unmet
from benchmarks.scoring import Reference, paired_interval, rouge_tokens


def test_scores_equal_those_of_rouge_score():
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    rng = random.Random(7)
    words = [
        "the",
        "dams",
        "were",
        "rising",
        "quickly",
        "2019",
        "U.S.",
        "Holm's",
        "houses",
        "policies",
        "it",
        "said",
    ]
    for _ in range(40):
        reference, summary = (" ".join(rng.choices(words, k=rng.randint(1, 40))) for _ in "ab")
        theirs = scorer.score(reference, summary)
        ours = Reference([reference], "en").score(summary)
        expected = [theirs[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")]
        assert [ours.r1, ours.r2, ours.rl] == pytest.approx(expected)


def test_the_best_of_several_references_counts():
    score = Reference(["one two three", "dam full"], "en").score("dam full")
    assert (score.r1, score.r2, score.rl, score.mean) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("ko", "오룬 dam 3", ["오", "룬", "dam", "3"]),
        ("zh", "水库abc", ["水", "库", "abc"]),
        ("vi", "Đập Orun, 3", ["đập", "orun", "3"]),
        ("en", "Dams were rising", ["dam", "were", "rise"]),
    ],
)
def test_tokens_are_those_of_the_language(language, text, tokens):
    assert rouge_tokens(text, language) == tokens


def test_nothing_scores_nothing():
    score = Reference([""], "en").score("")
    assert score.mean == 0


def test_an_interval_holds_the_mean():
    low, high = paired_interval([1.0, 2.0, 3.0, 2.0] * 5, rounds=200)
    assert 1 < low <= 2 <= high < 3


def test_missing_data_ends_with_code_2(tmp_path, capsys):
    assert summaries.main(["--data", str(tmp_path)]) == 2
    assert sentences.main(["--data", str(tmp_path)]) == 2
    assert summary_speed.main(["--data", str(tmp_path)]) == 2
    assert "--data" in capsys.readouterr().err


def test_a_stranger_s_text_counts_if_all_its_sentences_are_found(tmp_path):
    cases = [
        {"set": "a", "language": "en", "text": "It rains. Go.", "sentences": ["It rains.", "Go."]},
        {"set": "a", "language": "en", "text": "It rains. Go. ", "sentences": ["It rains. Go."]},
        {"set": "b", "language": "en", "text": "It rains.", "sentences": ["It rains."]},
    ]
    path = tmp_path / "strangers.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
    sets = sentences.read_strangers(path)
    assert {name: sentences.exact_share(sentences.ours, items) for name, items in sets.items()} == {
        "a": 0.5,
        "b": 1,
    }


def test_strangers_are_skipped_with_a_reason_and_held_to_a_floor(tmp_path, capsys, monkeypatch):
    # The peers are slow to load, and one of them warns.
    monkeypatch.setattr(sentences, "_splitters", lambda: {"daybrief": sentences.ours})
    (tmp_path / "en.txt").write_text("It rains.‖ Go.\n", "utf-8")
    options = ["--data", str(tmp_path), "--json"]
    assert sentences.main(options) == 0
    assert "skipped" in capsys.readouterr().err
    case = {"set": "pysbd", "language": "en", "text": "It. Go.", "sentences": ["It. Go."]}
    path = tmp_path / "strangers.jsonl"
    path.write_text(json.dumps(case), "utf-8")
    assert sentences.main([*options, "--strangers", str(path)]) == 1
    assert "strangers/daybrief/pysbd is 0.0" in capsys.readouterr().err


def test_what_is_under_a_floor_is_named():
    good = {"f1": {"daybrief": {"English": 0.99, "other Latin": 0.99, "other scripts": 0.99}}}
    assert unmet("sentences", good) == []
    assert unmet("sentences", {}) == []
    good["f1"]["daybrief"]["English"] = 0.5
    assert unmet("sentences", good) == ["sentences: f1/daybrief/English is 0.5, not {'min': 0.98}"]


def test_the_benchmark_puts_the_oracle_first_and_its_last_line_is_json(tmp_path, capsys, flood):
    row = {
        "id": "1",
        "lang": "en",
        "documents": [{"title": "Flood", "text": text} for text in flood],
        "summary": ["The river Tarn flooded 400 homes near Lowmoor. Insurers expect claims."],
    }
    with gzip.open(tmp_path / "allsides.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(row) + "\n")
    picture = tmp_path / "plot.svg"
    options = ["--data", str(tmp_path), "--every", "2", "--plot", str(picture)]
    assert summaries.main(options) == 0
    assert ElementTree.fromstring(picture.read_text("utf-8")).tag.endswith("svg")
    report = json.loads(capsys.readouterr().out.splitlines()[-1])["sets"]["allsides"]
    assert max(report, key=lambda system: report[system]["mean"]) == "oracle"
    assert report["centroid"]["ahead"] == {"mean": 0, "low": 0, "high": 0}

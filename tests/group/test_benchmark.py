"""The measure itself, and the floors it holds us to."""

import json
from pathlib import Path

import pytest

from benchmarks.stories import b_cubed, leader, main, pairs_f, title_rule
from bot.group import group_articles
from tests.fakes.effort import calls
from tests.fakes.news import article

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"


def test_b_cubed_is_the_mean_over_articles():
    precision, recall = b_cubed(["a", "a", "a", "b"], [1, 1, 2, 2])
    assert precision == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_pairs_are_right_when_both_articles_tell_one_story():
    assert pairs_f(["a", "a", "b", "b"], [1, 1, 1, 2]) == pytest.approx(
        2 * (1 / 3 * 1 / 2) / (5 / 6)
    )
    assert pairs_f(["a", "b"], [1, 2]) == 0.0
    assert pairs_f(["a", "a"], [1, 1]) == 1.0


def test_the_peers_find_what_they_are_made_to_find():
    same = [
        article("Orun dam opens both its gates before storm Edda"),
        article("Storm Edda: Orun dam opens gates before the rain"),
        article("Lorvia votes on Sunday"),
    ]
    assert title_rule(same) == [[0, 1], [2]]
    assert leader(same) == [[0, 1], [2]]


def test_the_sample_newsroom_is_grouped_ahead_of_the_title_rule(capsys):
    assert main(["--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    scores = json.loads(line)["sets"]["sample newsroom"]
    assert scores["daybrief"]["f"] > scores["title rule (NewsBlur's)"]["f"]
    assert scores["daybrief"]["precision"] > 0.95


def test_missing_data_is_one_line_and_exit_code_2(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "uci_stories.jsonl.gz" in said.err


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled sets are not here")
def test_the_floors_hold_on_labelled_news(capsys):
    assert main(["--data", str(SHARED), "--json"]) == 0
    sets = json.loads(capsys.readouterr().out)["sets"]
    assert sets["uci headlines, as filed"]["daybrief"]["f"] >= 0.86
    assert sets["uci headlines, shuffled"]["daybrief"]["f"] >= 0.82
    assert sets["allsides 30 days"]["daybrief"]["f"] >= 0.86
    for scores in sets.values():
        assert max(scores, key=lambda name: scores[name]["f"]) == "daybrief"


@pytest.mark.slow
def test_work_grows_with_the_number_of_articles_only():
    def work(count):
        words = [f"w{n}" for n in range(400)]
        articles = [
            article(
                " ".join(words[(7 * n + k * k) % 400] for k in range(9)),
                " ".join(words[(11 * n + k * 13) % 400] for k in range(40)),
                age_h=(count - n) / 40,
                url=f"https://a.example/{n}",
            )
            for n in range(count)
        ]
        return calls(lambda: group_articles(articles))

    assert work(1_200) < 4 * work(300) * 2.5

import gzip
import json

from benchmarks import matching
from benchmarks import topics as recognition


def last_line(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_missing_data_ends_with_one_line_and_code_two(tmp_path, capsys):
    assert recognition.main(["--data", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert str(tmp_path) in captured.err
    assert len(captured.err.splitlines()) == 1


def test_places_are_scored_beside_plain_word_lists(tmp_path, capsys):
    articles = [
        ("NORWAY PLANTS TREES", "Trees are planted near Oslo.", ["norway"]),
        ("A LONG WALK", "The Norwegian guide came from Bergen.", ["norway"]),
        ("ROAST TURKEY", "A turkey needs four hours.", []),
        ("TURKEY PLANTS TREES", "Trees are planted near Ankara.", ["turkey"]),
        ("SOVIET TREES", "Trees are planted near Moscow.", ["ussr"]),
    ] * recognition.MIN_ARTICLES
    (tmp_path / "stories").mkdir()
    with gzip.open(tmp_path / "stories" / "reuters.jsonl.gz", "wt", encoding="utf-8") as file:
        for title, body, places in articles:
            file.write(json.dumps({"title": title, "body": body, "places": places}) + "\n")
    (tmp_path / "demonyms.json").write_text('{"norway": ["norwegian", "oslo"]}', "utf-8")
    assert recognition.main(["--data", str(tmp_path)]) == 0
    report = last_line(capsys)
    assert report["articles"] == len(articles)
    methods = report["methods"]
    assert list(methods) == ["slug words", "+ CLDR names", "+ demonyms, capitals", "ours"]
    assert methods["ours"]["f"] == 1.0
    assert methods["slug words"]["f"] < methods["+ demonyms, capitals"]["f"] < 1.0


def test_standing_queries_are_timed_and_the_peers_agree(capsys):
    assert matching.main(["--queries", "60", "--articles", "6"]) == 0
    report = last_line(capsys)
    assert report["queries"] == 60
    assert set(report["ms"]) == {"ours", "naive", "re"}

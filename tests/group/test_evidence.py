"""What speaks for one event, and for two of a kind, beyond likeness."""

import json
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from bot.group import StoryWindow, group_articles
from tests.fakes.news import NOW, article

CASES = Path(__file__).parents[1] / "data" / "stories" / "kinds-open.jsonl"


def news(title, text, *, hours=0.0, **fields):
    return article(title, text, age_h=-hours, **fields)


def stories(*articles):
    return group_articles(articles)


def cases():
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def grouped(case):
    """Return the stories of a case's articles, each added as it comes."""
    window = StoryWindow()
    articles = sorted(enumerate(case["articles"]), key=lambda item: item[1]["hours"])
    found = {}
    for n, one in articles:
        at = NOW + timedelta(hours=one["hours"])
        fields = {"language": case["language"], "source": one["source"], "seen_at": at}
        [found[n]] = window.add([article(one["title"], one["text"], published_at=at, **fields)], at)
        for merge in window.take_merges():
            found = {n: merge.kept if old == merge.gone else old for n, old in found.items()}
    return found


def test_labelled_events_of_one_kind_stay_two():
    apart = []
    for case in cases():
        found, events = grouped(case), case["events"]
        pairs = list(combinations(range(len(events)), 2))
        if len(set(events)) > 1:
            apart.append(all(found[a] != found[b] for a, b in pairs if events[a] != events[b]))
    assert sum(apart) >= 0.95 * len(apart)


def test_of_labelled_reports_of_one_event_most_are_one_story():
    told_as_one = [case for case in cases() if case["kind"].startswith("joined")]
    joined = [len(set(grouped(case).values())) == 1 for case in told_as_one]
    assert sum(joined) >= 0.7 * len(joined)


MILL = (
    "Fire at Harl mill, two hurt",
    "Two people were hurt in a fire at a mill near Tamsin Brook.",
)


@pytest.mark.parametrize(
    ("title", "text", "is_one"),
    [
        # another angle a day later: the place, and a second name
        (
            "Weavers out of work",
            "Sixty women in Harl and at Tamsin Brook wait to hear who pays for weeks without "
            "orders, and their union called a meeting.",
            True,
        ),
        # the place alone
        ("Harl gets a second ferry", "A boat for 40 cars is to cross the lake from May.", False),
        # a person's two names are one name
        ("Tamsin Brook sings tonight", "She gives her last concert, the organiser said.", False),
    ],
)
def test_a_second_name_tells_the_same_event_where_one_is_chance(title, text, is_one):
    found = stories(news(*MILL), news(title, text, hours=20, source="Velt Mail"))
    assert (len(found) == 1) == is_one


def test_names_of_many_articles_and_of_countries_are_no_evidence():
    first = (
        "After nine years a tunnel opens near Harl",
        "The road under the fjord took many men to dig and cost twice what Norway had planned.",
    )
    second = (
        "Sheep show draws crowds",
        "Farmers from all of Norway brought rams to Harl, and a white one won the first prize.",
    )
    assert len(stories(news(*first), news(*second, hours=3))) == 2
    many = [
        news(f"Tenth meeting {n}", f"The council of Harl met at Tamsin Brook for the {n}th time.")
        for n in range(8)
    ]
    later = news("Weavers of Harl out of work", "At Tamsin Brook nobody knows who pays.", hours=20)
    found = stories(*many, news(*MILL, hours=1), later)
    assert [9] in found


def test_a_name_and_a_number_that_few_events_have_tell_the_same_event():
    first = news(
        "Harl loses 4.75 million crowns",
        "The treasurer had put the savings of the town into bonds of a bank that has since failed.",
    )
    worries = "In Harl a hole of {} million worries those who hoped for a new school roof by May."
    same = news("Who will pay for it?", worries.format("4.75"), hours=20)
    other = news("Who will pay for it?", worries.format("3.62"), hours=20)
    assert len(stories(first, same)) == 1
    assert len(stories(first, other)) == 2


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            ("Fire at Harl mill, two hurt", "Two people were hurt in a fire at a mill in Harl."),
            ("Fire at Osk mill, four hurt", "Four people were hurt in a fire at a mill in Osk."),
        ),
        (  # countries, by their people
            "de",
            ("Finnische Bahn erhöht die Preise", "Die finnische Bahn hat ihre Preise erhöht."),
            ("Ungarische Bahn erhöht die Preise", "Die ungarische Bahn hat ihre Preise erhöht."),
        ),
        (  # a name that opens the sentence
            "tr",
            ("Akpınar'da köprü çöktü", "Akpınar'da bir köprü çöktü. Yaralanan olmadı."),
            ("Gökdere'de köprü çöktü", "Gökdere'de bir köprü çöktü. Yaralanan olmadı."),
        ),
        (  # no capitals: what stands at the head
            "zh",
            ("北溪镇一座桥梁倒塌 无人受伤", "周一，北溪镇一座桥梁倒塌，无人受伤。"),
            ("南岗乡一座桥梁倒塌 无人受伤", "周一，南岗乡一座桥梁倒塌，无人受伤。"),
        ),
        (  # no names at all: between the same words
            "en",
            ("Why the canal vote matters", "The vote on the canal matters because boats decide."),
            ("Why the tram vote matters", "The vote on the tram matters because trams decide."),
        ),
    ],
)
def test_two_events_of_a_kind_are_two(language, first, second):
    one = news(*first, language=language, source="Velt Mail")
    other = news(*second, language=language, hours=2)
    assert stories(one, other) == [[0], [1]]


def test_another_opponent_is_another_match_when_days_lie_between():
    first = ("Harl 3-0 Osk: Tarn double sinks visitors", "Harl beat Osk 3-0 as Tarn scored twice.")
    later = (
        "Harl 3-0 Velt: Tarn double sinks visitors",
        "Harl beat Velt 3-0 as Tarn scored twice.",
    )
    assert stories(news(*first), news(*later, hours=72)) == [[0], [1]]


def test_a_name_that_one_of_two_leaves_out_is_no_conflict():
    one = news("Fire at Harl mill, two hurt", "Two people were hurt in a fire at the mill in Harl.")
    other = news("Mill fire: two hurt", "Two people were hurt when a mill burned, police said.")
    assert stories(one, other) == [[0, 1]]


@pytest.mark.parametrize(
    ("language", "kind", "title", "first", "second"),
    [
        (
            "en",
            "news",
            "Morning briefing: what you need to know today",
            "Good morning. Here is what you need to know: rail talks and rice.",
            "Good morning. Here is what you need to know: a storm.",
        ),
        (  # a headline that names something, and the date
            "en",
            "news",
            "Harl crossword, {} June",
            "Solve the riddle of Thursday. Seven across is a river with two mouths.",
            "Solve the riddle of Friday. Nine down is a bird that never sings.",
        ),
        (
            "de",
            "news",
            "Horoskop für Widder am {}. Juni",
            "Widder haben heute Glück in der Liebe und sollten sparen.",
            "Widder haben heute Pech im Beruf und sollten ruhen.",
        ),
        (
            "es",
            "news",
            "El tiempo hoy en Valdoria",
            "En Valdoria se espera sol y 24 grados por la tarde.",
            "En Valdoria se espera lluvia y 16 grados por la tarde.",
        ),
        (
            "fr",
            "news",
            "Les cinq infos à retenir ce matin",
            "Bonjour. La grève continue à Aubernay et le pain manque.",
            "Bonjour. La neige bloque les cols et un musée rouvre.",
        ),
        (
            "ru",
            "news",
            "Главное к утру: коротко",
            "Доброе утро. В Приморске открыли мост, цены растут.",
            "Доброе утро. Снег закрыл перевалы, музей снова работает.",
        ),
        (
            "zh",
            "news",
            "早间要闻：今天你需要知道的",
            "早上好。石桥镇开通新桥，粮价上涨。",
            "早上好。大雪封山，博物馆重新开放。",
        ),
        (  # by its kind, whatever else the headline says
            "en",
            "weather",
            "Weather in Harl: {} degrees",
            "Harl expects sun on Thursday, the weather office at Osk said.",
            "Harl expects rain on Friday, the weather office at Osk said.",
        ),
        (
            "it",
            "opinion",
            "La lettera di Mara Lindi da Roccabruna, {}",
            "Mara Lindi scrive ogni settimana da Roccabruna. Oggi parla del pane.",
            "Mara Lindi scrive ogni settimana da Roccabruna. Oggi parla della neve.",
        ),
    ],
)
def test_the_same_column_of_two_days_is_two_stories(language, kind, title, first, second):
    pieces = [
        news(title.format(day), text, hours=24 * day, language=language, kind=kind)
        for day, text in ((4, first), (5, second))
    ]
    assert stories(*pieces) == [[0], [1]]


def test_a_report_told_on_under_its_headline_is_one_story():
    told = "Two people were hurt in a fire at a mill in Harl on Thursday, the fire brigade said."
    first, second = (
        news(MILL[0], text, hours=hours)
        for text, hours in ((told, 0), (told + " Both have left hospital.", 20))
    )
    assert stories(first, second) == [[0, 1]]


@pytest.mark.parametrize("kind", ["list", "digest", "live"])
def test_a_list_and_a_ticker_join_nothing(kind):
    assert stories(news(*MILL), news(*MILL, hours=1, source="Velt Mail", kind=kind)) == [[0], [1]]


def test_an_opinion_that_names_a_reports_names_joins_by_likeness_only():
    other_words = (
        "Sixty women in Harl and at Tamsin Brook wait to hear who pays for weeks without orders, "
        "and their union called a meeting."
    )
    report, opinion = (
        news("Weavers out of work", other_words, hours=20, source="Velt Mail", kind=kind)
        for kind in ("news", "opinion")
    )
    assert stories(news(*MILL), report) == [[0, 1]]
    assert stories(news(*MILL), opinion) == [[0], [1]]
    assert stories(news(*MILL), news(*MILL, source="Velt Mail", kind="opinion")) == [[0, 1]]

"""What is new in a story that was told before."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.pick.novelty import Known, known_of, new_articles, told_sentences
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, told

UPDATES = Path(__file__).parents[1] / "data" / "stories" / "updates-open.jsonl"
STRIKE = (
    "Miners at the Velt copper mine have been on strike for five weeks. "
    "The company raised its offer to 4.2 per cent on Tuesday. "
    "The union will hold a vote, its chairwoman Ina Brack said."
)
FIRST = stored(1, "Velt mine: company raises its offer", STRIKE, age_h=30)
TOLD = told(7, "The company raised its offer to 4.2 per cent on Tuesday.")


def news(text, *, title="Velt: something happened", age_h=2.0, copies=(), **fields):
    later = stored(2, title, text, age_h=age_h, source="Velt Mail", **fields)
    return new_articles(candidate(7, FIRST, later, copies=copies), TOLD)


def test_a_new_turn_is_new():
    assert news("Miners voted 812 to 94 to accept it, and work resumes on Monday.")


def test_a_new_figure_is_new():
    assert news("The company raised its offer to 5.75 per cent on Tuesday.")


@pytest.mark.parametrize(
    "text",
    [
        STRIKE,
        STRIKE.upper(),
        "The company raised its offer to 4.2 per cent on Tuesday.",
        "The union will hold a vote, its chairwoman Ina Brack said.",  # there, though not told
        "Velt's miners have been on strike for five weeks, and the union holds a vote.",
        "",
    ],
)
def test_what_the_story_said_before_is_not_new(text):
    assert news(text) == ()


def test_background_further_down_is_not_news():
    background = "The mine was opened in 1911 by a watchmaker from Aldersby."
    assert news(f"{STRIKE} {background}") == ()
    assert news(f"{background} {STRIKE}")


def test_a_new_title_is_nothing_new():
    assert news(STRIKE, title="Breaking: 900 miners stun the world of copper") == ()


def test_a_new_date_is_nothing_new():
    assert news(STRIKE, published_at=NOW) == ()


def test_a_copy_is_nothing_new():
    assert news("Miners voted 812 to 94 to accept it.", copies={2}) == ()


def test_an_article_seen_before_the_telling_is_nothing_new():
    assert news("Miners voted 812 to 94 to accept it.", age_h=25) == ()


def test_a_story_without_later_articles_has_nothing_new():
    assert new_articles(candidate(7, FIRST), TOLD) == ()


def test_an_account_in_a_language_in_which_nothing_was_known_is_nothing_new():
    raised = "Die Firma erhöhte ihr Angebot am {} auf {} Prozent."
    german = stored(2, "Velt", raised.format("Mittwoch", "6,1"), age_h=2, language="de")
    assert new_articles(candidate(7, FIRST, german), TOLD) == ()
    known = stored(3, "Velt", raised.format("Dienstag", "4,2"), age_h=29, language="de")
    assert new_articles(candidate(7, FIRST, known, german), TOLD) == (german,)


def test_only_the_articles_that_bring_it_are_new():
    turn = stored(3, "Strike over", "Miners voted 812 to 94 to accept it.", age_h=1)
    echo = stored(2, "Strike goes on", STRIKE, age_h=2)
    assert new_articles(candidate(7, FIRST, echo, turn), TOLD) == (turn,)


def test_a_told_sentence_is_found_again_in_its_articles():
    assert told_sentences([FIRST, FIRST], TOLD.hashes) == (
        "The company raised its offer to 4.2 per cent on Tuesday.",
    )


def test_a_told_sentence_is_not_new_even_where_its_words_are_unseen():
    sentence = "Wage talks collapsed after 19 hours in Nordby."
    other = told(7, sentence)
    later = stored(2, "Talks", sentence, age_h=2)
    assert new_articles(candidate(7, FIRST, later), other) == ()


def knows(words):
    return Known(frozenset(words.split()), frozenset(), language="en")


def known_by(text):
    return known_of(candidate(7, stored(1, "", text, age_h=30)), TOLD, "en")


def test_a_name_is_news_in_a_sentence_that_is_new_as_a_whole():
    assert knows("old").is_new("The copper mine of Nordby reopens.")
    assert not knows("old").is_new("The copper mine in the valley reopens.")


def test_six_new_words_of_ten_are_a_new_sentence_and_five_another_wording():
    four = "alpha bravo delta hotel"
    assert knows(four).is_new(f"{four} tango victor yankee zulus quebec 45")
    assert not knows(f"{four} tango").is_new(f"{four} tango victor yankee zulus quebec 45")


def test_another_value_of_what_was_counted_is_news_among_any_number_of_known_words():
    known = known_by("Two wolves were seen in the wood, and 41 houses were damaged.")
    assert known.is_new("Four wolves were seen in the wood, and 41 houses were damaged.")
    assert not known.is_new("About 40 houses were damaged, and two wolves were seen.")
    assert not known.is_new("Two wolves were seen in the wood, and 41 houses damaged in 1952.")


def test_what_is_undone_is_news():
    known = known_by("Bathing has been banned in Corrin since Saturday because of algae.")
    assert known.is_new("The ban on bathing in Corrin was lifted.")
    assert not known.is_new("Nobody is allowed to bathe in Corrin any more.")
    assert not known_by("The ban was lifted.").is_new("The ban has been lifted.")


def test_an_inflected_word_is_no_news():
    known = knows("minist reopen copper")
    assert not known.is_new("Ministry ministers ministerial coppery reopened reopening")
    assert known.is_new("Minister reopens copper mines in the valley of Nordby.")


def test_an_outlet_that_writes_again_needs_no_name_and_another_does():
    text = "Crews have begun to pump the lower shaft dry, and a crane was brought to the gate."
    first, turn = FIRST.article.source, "The lower shaft is pumped dry"
    sequel = stored(2, turn, text, age_h=2, source=first)
    echo = stored(2, turn, text, age_h=2, source="Velt Mail")
    assert new_articles(candidate(7, FIRST, sequel), TOLD) == (sequel,)
    assert new_articles(candidate(7, FIRST, echo), TOLD) == ()


def test_a_name_in_another_account_of_what_was_told_is_no_news_below_its_opening():
    account = (
        "The owners of the copper mine in Velt put 4.2 per cent on the table for their workers. "
        "Crews met beside the harbour gates near Nordby, according to somebody present."
    )
    assert news(account, title="Velt mine puts 4.2 per cent on the table") == ()
    assert news(account, title="Velt miners meet in Nordby")
    assert news(
        f"{account[:-1]}, for 47 minutes.", title="Velt mine puts 4.2 per cent on the table"
    )
    turned = " ".join(f"{part}." for part in reversed(account.removesuffix(".").split(". ")))
    assert news(turned, title="Velt mine puts 4.2 per cent on the table")


def test_months_and_weekdays_are_no_names():
    assert not knows("").is_new("Hiring picked up in March, the office said on Friday.")


def test_nouns_are_no_names_where_all_are_capital():
    known = Known(frozenset(), frozenset(), language="de")
    assert not known.is_new("Künftig braut dort eine Genossenschaft das Bier der Mönche.")
    assert known.is_new("Spaziergänger fanden präparierte Wurst am See in Wiesenau.")


def test_what_was_written_before_the_newest_that_was_known_is_nothing_new():
    text = "Miners voted 812 to 94 to accept it, and work resumes on Monday."
    assert news(text, published_at=NOW - timedelta(hours=31))
    assert news(text, published_at=NOW - timedelta(hours=33)) == ()


def test_most_labelled_updates_are_told_and_few_repeats():
    cases = [json.loads(line) for line in UPDATES.read_text("utf-8").splitlines()]
    told_of = {True: [], False: []}
    for case in cases:
        first, later = case["told"], case["later"]
        at = NOW - timedelta(hours=40)
        articles = [
            stored(1, first["title"], first["text"], age_h=40, language=case["language"]),
            stored(
                2,
                later["title"],
                later["text"],
                age_h=1,
                published_at=at + timedelta(hours=min(case["hours"], 39)),
                language=case["language"],
                source=later.get("source", "Velt Mail"),
            ),
        ]
        was_told = bool(new_articles(candidate(7, *articles), told(7, first["title"], age_h=39)))
        told_of[case["new"]].append(was_told)
    assert sum(told_of[True]) >= 0.85 * len(told_of[True])
    assert sum(told_of[False]) <= 0.15 * len(told_of[False])


def test_an_article_seen_at_the_moment_of_telling_was_known():
    at_that_moment = stored(2, "Over", "Miners voted 812 to 94 to accept it.", age_h=24)
    assert new_articles(candidate(7, FIRST, at_that_moment), TOLD) == ()
    echo = stored(3, "Over", at_that_moment.article.text, age_h=2)
    assert new_articles(candidate(7, FIRST, at_that_moment, echo), TOLD) == ()

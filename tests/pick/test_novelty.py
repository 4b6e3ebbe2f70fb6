"""What is new in a story that was told before."""

import pytest

from bot.pick.novelty import Known, new_articles, told_sentences
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, told

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
    return Known(frozenset(words.split()), frozenset())


def test_three_new_words_make_a_sentence_new_and_two_do_not():
    assert knows("old").is_new("Old copper mine reopens.")
    assert not knows("old mine").is_new("Old mine, copper reopens.")


def test_three_new_words_of_ten_are_news_and_of_eleven_only_another_wording():
    seven = "alpha bravo delta hotel india kilos limas"
    assert knows(seven).is_new(f"{seven} tango victor yankee")
    assert not knows(f"{seven} mikes").is_new(f"{seven} mikes tango victor yankee")


def test_a_figure_is_news_among_any_number_of_known_words():
    known = "alpha bravo delta hotel india kilos limas mikes oscar papas"
    assert knows(known).is_new(f"{known} 45")
    assert not knows(known).is_new(f"{known} 4")  # as often a rank as a fact


def test_an_inflected_word_is_no_news():
    known = knows("minist reopen copper")
    assert not known.is_new("Ministry ministers ministerial coppery reopened reopening")
    assert known.is_new("Minister reopens copper mines near Nordby.")


def test_words_of_two_letters_count_and_single_letters_do_not():
    assert knows("").is_new("Xi yo zu")
    assert not knows("").is_new("A b c d e f")


def test_an_article_seen_at_the_moment_of_telling_was_known():
    at_that_moment = stored(2, "Over", "Miners voted 812 to 94 to accept it.", age_h=24)
    assert new_articles(candidate(7, FIRST, at_that_moment), TOLD) == ()
    echo = stored(3, "Over", at_that_moment.article.text, age_h=2)
    assert new_articles(candidate(7, FIRST, at_that_moment, echo), TOLD) == ()

"""Lines that an outlet puts into its articles."""

from bot.gather.pages.repeats import digest, repeated, without

CALL = "Write to our desk if you saw it happen."


def article(n: int) -> str:
    return f"Ship {n} left the harbour before dawn, the pilots' office said.\n{CALL}\n{n} men sail."


def test_a_line_of_three_articles_is_the_outlets():
    assert repeated([article(1), article(2)]) == set()
    assert repeated([article(1), article(2), article(3)]) == {CALL}


def test_a_line_that_one_article_says_three_times_is_its_own():
    assert repeated([f"{CALL}\n" * 3, article(1)]) == set()


def test_a_long_paragraph_told_again_stays():
    background = "The strike began five weeks ago, when the owners closed the eastern shaft. " * 4
    assert repeated([f"{background}\n{n}" for n in range(5)]) == set()


def test_what_was_learned_is_taken_away_and_nothing_else():
    left = without(article(4), {digest(CALL)})
    assert left == article(4).replace(f"{CALL}\n", "")
    assert without(article(4), set()) == article(4)


def test_an_article_made_of_repeats_stays():
    text = f"{CALL}\nMore soon."
    assert without(text, {digest(CALL)}) == text


def test_a_line_of_two_hundred_characters_may_be_the_outlets_and_a_longer_one_is_not():
    line = "x" * 200
    assert repeated([f"{line}\n{n}" for n in range(3)]) == {line}
    assert repeated([f"{line}x\n{n}" for n in range(3)]) == set()
    known = {digest(line), digest(f"{line}x")}
    assert without(f"{line}\n{line}x\nend", known) == f"{line}x\nend"


def test_half_of_an_article_must_be_left():
    assert without("aaaa\nbbbbb", {digest("aaaa")}) == "bbbbb"
    assert without("aaaaa\nbbbbb", {digest("aaaaa")}) == "aaaaa\nbbbbb"


def test_a_digest_is_for_ever_since_it_is_stored():
    assert digest(CALL) == "b260250ca75334c1392ba3a7"


def test_an_empty_line_is_nobodys():
    assert repeated(["", "", "\n"]) == set()

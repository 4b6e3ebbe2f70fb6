"""What follows the opening: the sentence behind it, and of other outlets only what is new."""

import pytest

from summarizers import Budget, Document, summarize, summarize_in_turn
from summarizers.news_signs import NewsSigns, news_signs, roots_of

THEFT = Document(
    "Detectives in Corrin look for a woman who posed as a clerk and stole phones worth $40,000.\n"
    "The woman walked into the shop on Mill Road and went straight to the stockroom.\n"
    "Shops on Mill Road will close at five until she is found.",
    title="Woman poses as clerk and steals $40,000 worth of phones",
    source="Orun Courier",
)
AGAIN = Document(
    "Police of Tarn County search for a woman suspected of posing as a clerk and stealing phones "
    "worth more than $40,000.\n"
    "The shop had opened in May.\n"
    "A guard of the shop, Jonas Reil, told police that the woman wore a red badge.",
    title="Police search for false clerk",
    source="Velt Mail",
)
ELSEWHERE = Document(
    "Grain prices rose at the market of Lowmoor on Friday for a third week.\n"
    "Bakers want help.\n"
    "Mayor Petra Holm promised the bakers 20 million crowns before the winter begins in Lowmoor.",
    title="Grain gets dearer",
    source="Meridian Ledger",
)


def told(*documents, sentences=2, more=0, language="en"):
    budgets = [Budget(sentences=sentences), Budget(sentences=more)]
    summaries = summarize_in_turn(documents, budgets=budgets, language=language, lead=0)
    return [[found.text for found in summary.sentences] for summary in summaries]


def test_the_sentence_behind_the_opening_goes_on():
    (seen, _) = told(THEFT)
    assert seen == THEFT.text.split("\n")[:2]


def test_what_is_folded_goes_on_from_what_is_seen():
    (_, folded) = told(THEFT, AGAIN, more=1)
    assert folded == THEFT.text.split("\n")[2:]


def test_a_sentence_with_nothing_to_miss_gives_way():
    text = (
        "The Orun dam is full again, the river authority said on Thursday.\n"
        "Everybody is very happy about such things.\n"
        "Mayor Petra Holm will open 12 gates of the dam for the farms of Lowmoor."
    )
    (seen, _) = told(Document(text, "Orun dam is full"))
    assert seen == text.split("\n")[::2]


@pytest.mark.parametrize("sentences", [3, 5])
def test_a_second_outlet_does_not_tell_the_event_again(sentences):
    (seen, _) = told(THEFT, AGAIN, sentences=sentences)
    assert not any("Tarn County" in text for text in seen)
    assert set(THEFT.text.split("\n")) <= set(seen)


def test_a_second_outlet_adds_what_only_it_knows():
    (seen, _) = told(THEFT, AGAIN, sentences=5)
    assert any("Jonas Reil" in text for text in seen)


def test_what_has_nothing_of_the_story_is_not_told_below_its_title():
    (seen, folded) = told(THEFT, ELSEWHERE, sentences=5, more=5)
    assert not any("Lowmoor" in text for text in (*seen, *folded))


def test_a_summary_without_a_title_above_may_tell_several_stories():
    found = summarize([THEFT, ELSEWHERE], budget=Budget(words=90), language="en")
    assert {sentence.document for sentence in found.sentences} == {0, 1}


@pytest.mark.parametrize(
    ("language", "text", "is_weak"),
    [
        ("en", "Everybody is very happy about such things.", True),
        ("en", "For years nobody in Velt had looked.", True),  # opens as background
        ("en", "Everybody praised Petra Holm.", False),
        ("en", "Everybody got 12 of them.", False),
        ("en", "Everybody was happy on Monday.", False),
        ("en", "Everybody loved the reservoir of the dam.", False),  # has much of the title
        ("en", "Everybody called it “a gift”.", False),
        ("de", "Alle Leute freuen sich sehr über solche Dinge.", True),
        ("de", "Alle Leute freuen sich seit Montag.", False),
        ("de", "Alle danken dem Maler Jonas Reil.", False),
        ("de", "Alle danken der UNO.", False),
        ("fr", "Tout le monde est content.", True),
        ("fr", "Tout le monde remercie Jeanne Bonnet.", False),
        ("zh", "大家都很高兴。", False),  # who knows what is a name
        ("zh", "多年来大家都很高兴。", True),
        ("ru", "Все очень рады этому.", True),
        ("", "Everybody is very happy about such things.", False),
    ],
)
def test_a_sentence_is_weak_if_nothing_in_it_would_be_missed(language, text, is_weak):
    title = roots_of(language, ["dam", "reserv", "full"])
    terms = text.lower().rstrip(".").split()
    assert news_signs(language).is_weak(text, terms, title) is is_weak


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "en",
            "Voters in Velt choose their mayor and the council on Sunday",
            "The polls in Velt open at 8 a.m. for 9,000 people, the clerk Ada Lund said.\n"
            "Velt votes for another mayor and its councillors next Sunday.\n"
            "Two bridges of the town are shut for repairs until June.",
        ),
        (
            "de",
            "Velt wählt am Sonntag Bürgermeister und Gemeinderat",
            "Wahllokale öffnen um 8 Uhr für 9000 Menschen, teilte die Stadt Velt am Montag mit.\n"
            "Auch Wähler und Gemeinden rund um Velt haben sonntags eine Wahl vor Augen.\n"
            "Zwei Brücken von Velt sind bis 3. Juni gesperrt, sagte die Polizei.",
        ),
        (
            "fr",
            "Velt choisit dimanche son maire et son conseil",
            "Les bureaux ouvrent à 8 heures pour 9 000 personnes, a annoncé lundi la mairie.\n"
            "Velt aura donc un autre maire et des conseillers choisis dimanche.\n"
            "Deux ponts de Velt sont fermés jusqu'au 3 juin, a dit la police.",
        ),
    ],
)
def test_what_the_title_says_is_not_said_again_in_other_words(language, title, text):
    first, again, new = text.split("\n")
    (seen, folded) = told(Document(text, title), sentences=3, more=3, language=language)
    assert seen == [first, new]
    assert again not in folded
    # Without a title above, as where several stories are summed up, it may be told.
    found = summarize([Document(text, title)], budget=Budget(sentences=3), language=language)
    assert again in [sentence.text for sentence in found.sentences]


def test_a_figure_that_was_not_shown_lets_a_sentence_say_more():
    title = "Voters in Velt choose their mayor and the council on Sunday"
    more = "On Sunday voters in Velt choose a council of 17."
    text = f"The polls in Velt open at 8 a.m. for all, the clerk Ada Lund said.\n{more}"
    (seen, _) = told(Document(text, title))
    assert more in seen


def test_what_was_seen_of_a_sentence_is_seen_again_after_many_others():
    signs = NewsSigns("en")
    text = "On Monday Ada Lund told the council that 12 boats sank."
    first = signs.look(text)
    assert (first.kinds, first.names) == ((True, True, True), ["Monday", "Ada", "Lund"])
    assert signs.look(text) is first
    for number in range(1000):
        signs.look(f"Boat {number} sank.")
    again = signs.look(text)
    assert again is not first
    assert (again.kinds, again.names, again.words) == (first.kinds, first.names, first.words)

"""What can be told next, and what the budget still allows."""

import pytest

from summarizers import summarize
from summarizers.choosing import Choice
from summarizers.story import read_story
from summarizers.values import Budget, Document

TEXT = "\n".join(
    [
        "The Velt council closed the bridge over the Tarn on Monday after cracks were found.",
        "Divers from Orun will look at all nine of its piers until the end of June.",
        "It was built for carts.",
        "Ada Lund, the mayor of Velt, promised a free ferry for everyone who works in Orun.",
        "Fines are not a goal of the council.",
        "They are only a means.",
        "The harbour master wants a second ferry.",
        "Shops in Velt fear that fewer guests will come to the summer market this year.",
    ]
)


@pytest.mark.parametrize("budget", [*({"words": n} for n in (5, 12, 30, 200)), {"sentences": 2}])
def test_units_in_bulk_are_the_units_one_by_one_that_fit(budget):
    story = read_story([Document(TEXT, "Velt closes bridge"), Document(TEXT, "")], "en")
    places = range(len(story.candidates))
    choice = Choice(story, Budget(**budget))
    choice.open(1)
    for _ in range(4):
        expected = {at: choice.unit(at) for at in places}
        expected = {at: unit for at, unit in expected.items() if unit and choice.fits(unit)}
        units = choice.fitting(places)
        assert list(units.items()) == list(expected.items())
        if not units:
            break
        choice.take(max(units.values()))


@pytest.mark.parametrize("sentences", [0, 1])
def test_an_opener_of_nothing_but_stop_words_takes_no_place_of_another(sentences):
    documents = [Document(text="Said the said said."), Document(text="Dam dam dam dam.")]
    told = summarize(documents, budget=Budget(sentences=sentences)).sentences
    assert [sentence.text for sentence in told] == ["Dam dam dam dam."][:sentences]

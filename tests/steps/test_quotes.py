"""Which texts an edition quotes, and which of its messages shows them."""

from bot.domain.briefing import ListedStory
from bot.steps.filling import _quotes
from bot.store.editions import Quote
from tests.fakes.briefings import briefing, quote, story


def test_what_is_listed_stands_in_the_last_message():
    """The titles below the stories, however many messages these take."""
    told = [
        story(f"Title {n}", quote("The dam is full.", text_id=10 + n), story_id=n) for n in (1, 2)
    ]
    listed = ListedStory(story_id=3, title="Ferry", url="https://harbour.example/3", text_id=13)
    assert _quotes(briefing(*told, also=(listed,)), (0, 1)) == [
        Quote(part=0, story_id=1, text_id=11),
        Quote(part=1, story_id=2, text_id=12),
        Quote(part=1, story_id=3, text_id=13),
    ]

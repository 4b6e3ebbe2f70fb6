"""Short enough for a phone."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.briefing import BriefingStory, Quotation, Section
from bot.render import fit_briefing
from bot.render.limits import MAX_SEEN_CHARS
from bot.texts import texts_for
from tests.fakes.briefings import briefing
from tests.fakes.news import NOW


def quote(text):
    return Quotation(text=text, url="https://a.example/", source="A", dated_at=NOW.date())


def story(n, *lengths):
    sentences = tuple(quote(f"{n}{k}".ljust(length, "x")) for k, length in enumerate(lengths))
    return BriefingStory(story_id=n, title="T" * 60, url="https://a.example/", sentences=sentences)


def section(*stories):
    return Section(name="A", stories=stories)


def fit(sections):
    """Return ``sections`` with only what is seen before a tap made shorter."""
    edition = briefing(sections=tuple(sections))
    fitted = fit_briefing(edition, texts_for("en"), goal_units=10**6, max_seen_chars=MAX_SEEN_CHARS)
    return list(fitted.sections)


def said(sections):
    return [
        [one.text for one in (*story.sentences, *story.more)]
        for section in sections
        for story in section.stories
    ]


def test_a_short_briefing_stays_as_it_is():
    sections = [section(story(1, 200, 200)), section(story(2, 100))]
    assert fit(sections) == sections


def test_the_longest_storys_last_sentence_goes_into_its_quote_first():
    sections = [section(story(1, 300, 300), story(2, 400, 400)), section(story(3, 200, 200))]
    [first, second] = [one.stories for one in fit(sections)]
    assert [len(one.sentences) for one in (*first, *second)] == [2, 1, 2]
    assert len(first[1].more) == 1


LENGTHS = st.lists(st.integers(20, 600), min_size=1, max_size=3)


@given(sections=st.lists(st.lists(LENGTHS, min_size=1, max_size=3), max_size=4))
def test_nothing_is_lost_nor_reordered_and_every_story_keeps_a_sentence(sections):
    before = [section(*(story(n, *lengths) for n, lengths in enumerate(one))) for one in sections]
    after = fit(before)
    assert said(after) == said(before)
    stories = [story for one in after for story in one.stories]
    assert all(story.sentences for story in stories)
    seen = sum(len(one.text) for story in stories for one in story.sentences)
    assert seen <= 2_000 or all(len(story.sentences) == 1 for story in stories)

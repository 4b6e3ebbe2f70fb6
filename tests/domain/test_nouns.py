"""The nouns refuse what would break a promise later, and say the little they derive."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.address import ChatAddress
from bot.domain.article import Article
from bot.domain.briefing import Briefing, BriefingStory, Quiet, Section
from bot.domain.message import Button
from bot.domain.room import Chat, ChatState, Length, Room, RoomSettings, Silence, UsualLanguages
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND, Schedule
from bot.domain.subscription import Subscription, SubscriptionKey, SubscriptionKind
from bot.domain.topic import Topic

SEEN = datetime(2025, 6, 5, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(published_at):
    return Article(
        url="https://harbour.example/dam",
        title="Orun dam refilled",
        text="The reservoir reached 91% on Wednesday.",
        language="en",
        source="Harbour Post",
        published_at=published_at,
        seen_at=SEEN,
    )


@pytest.mark.parametrize(
    ("published_at", "dated_at"), [(None, SEEN), (SEEN - HOUR, SEEN - HOUR), (SEEN + HOUR, SEEN)]
)
def test_a_publishers_date_is_trusted_unless_it_lies_in_the_future(published_at, dated_at):
    assert article(published_at).dated_at == dated_at


def test_the_stories_of_a_briefing_are_those_of_its_sections_in_reading_order():
    first, second, third = (
        BriefingStory(story_id=n, title=str(n), url="https://x.example/", sentences=())
        for n in (1, 2, 3)
    )
    sections = (
        Section(name="A", stories=(first, second)),
        Section(name="B", stories=()),
        Section(name="C", stories=(third,)),
    )
    briefing = Briefing(local_date=date(2025, 6, 5), zone="UTC", sections=sections)
    assert briefing.stories == (first, second, third)


def test_a_schedule_is_a_wall_clock_time_on_one_or_more_days():
    with pytest.raises(ValueError, match="no zone"):
        Schedule(local_time=time(7, 30, tzinfo=UTC))
    for days in (frozenset(), frozenset({7}), frozenset({-1, 2})):
        with pytest.raises(ValueError, match="Monday"):
            Schedule(local_time=time(7, 30), days=days)


def test_a_button_sends_data_or_opens_a_url():
    assert Button(text="ok", data="x" * 64).data
    for fields in ({}, {"data": "a", "url": "https://x.example/"}):
        with pytest.raises(ValueError, match="either"):
            Button(text="?", **fields)


@pytest.mark.parametrize("data", ["x" * 65, "한" * 22])
def test_a_buttons_data_fits_into_what_telegram_sends_back(data):
    with pytest.raises(ValueError, match="64 bytes"):
        Button(text="?", data=data)


def test_a_topic_has_a_name_in_every_language():
    topic = Topic(
        slug="north-korea",
        names={"en": "North Korea", "de": "Nordkorea", "pt": "Coreia do Norte", "zh": "朝鲜"},
    )
    spoken = {
        "de": "Nordkorea",
        "de-AT": "Nordkorea",
        "en": "North Korea",
        "ko": "North Korea",
        "pt-br": "Coreia do Norte",
        "pt_BR": "Coreia do Norte",
        "zh-Hans": "朝鲜",
    }
    assert {language: topic.name(language) for language in spoken} == spoken
    assert Topic(slug="x-y", names={}).name("de") == "x-y"


def test_a_choice_is_remembered_as_one_even_if_it_is_the_default():
    settings = RoomSettings().choose(length=Length.BRIEF, silence=Silence.NIGHT)
    assert settings.chosen == {"length", "silence"}
    back = settings.choose(silence=None)
    assert (back.silence, back.chosen) == (Silence.OFF, {"length"})
    assert back == RoomSettings()


@pytest.mark.parametrize(
    ("language", "chosen", "configured", "read"),
    [
        ("de-AT", None, (), ("de",)),
        ("ja", None, (), ("en",)),
        ("de_AT", None, (), ("de",)),
        ("den", None, (), ("en",)),
        ("DE", None, (), ("de",)),
        ("", None, (), ("en",)),
        ("de", None, ("fr", "it"), ("fr", "it")),
        ("de", ("ko",), ("fr",), ("ko",)),
        ("de", (), ("fr",), ()),
    ],
)
def test_a_room_that_chose_no_language_reads_the_usual_ones(language, chosen, configured, read):
    usual = UsualLanguages(configured=configured, available=frozenset({"de", "en"}))
    chat = Chat(
        id=1,
        address=ChatAddress("telegram", "7"),
        kind="private",
        language=language,
        zone="UTC",
        state=ChatState.ACTIVE,
    )
    room = Room(id=1, chat=chat, thread=0, settings=RoomSettings(languages=chosen))
    assert usual.of(room) == read


def test_a_room_that_chose_nothing_has_seven_short_stories_at_any_hour():
    usual = RoomSettings()
    assert (usual.length, usual.sentences) == (Length.BRIEF, 2)
    assert (usual.stories_per_topic, usual.stories_in_all) == (3, 7)
    assert (usual.method, usual.languages) == ("", None)
    assert (usual.silence, usual.paused_until) == (Silence.OFF, None)


def test_the_week_is_made_of_five_weekdays_and_a_weekend():
    assert ({0, 1, 2, 3, 4}, {5, 6}) == (WEEKDAYS, WEEKEND)
    assert WEEKDAYS | WEEKEND == EVERY_DAY
    assert Schedule(local_time=time(7, 30)).days == EVERY_DAY


def test_of_a_story_nothing_is_claimed_that_was_not_said():
    story = BriefingStory(story_id=1, title="A", url="https://x.example/", sentences=())
    assert (story.outlets, story.countries, story.state_run) == (1, 0, ())
    assert not Section(name="A", stories=()).own_words
    assert Quiet(name="A").held_back == 0
    assert not Briefing(local_date=date(2025, 6, 5), zone="UTC", sections=()).sample


def test_what_is_not_said_of_a_topic_a_chat_or_a_subscription_is_the_usual():
    topic = Topic(slug="x-y", names={})
    assert (topic.group, topic.is_core, topic.sign) == ("", False, "")
    chat = Chat(
        id=1,
        address=ChatAddress("telegram", "7"),
        kind="private",
        language="",
        zone="",
        state=ChatState.ACTIVE,
    )
    assert not chat.zone_known
    key = SubscriptionKey.of_topic("x-y")
    subscription = Subscription(id=1, room_id=1, kind=SubscriptionKind.TOPIC, key=key, label="X")
    assert subscription.weight == 1.0


def test_a_topic_without_a_name_in_english_is_named_by_its_slug():
    assert Topic(slug="x-y", names={"de": "Ypsilon"}).name("fr") == "x-y"

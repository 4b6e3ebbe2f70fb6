"""What a room's sections may tell: new, visible, and with no more texts than are needed."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.room import RoomSettings
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import StoreUnavailable
from bot.pick import TOLD_FROM, Told
from bot.reasons import Reason
from bot.steps.candidate_loader import CandidateLoader
from bot.store.feeds import NewFeed
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, add_story, ask, send_edition, subscribe
from tests.fakes.rooms import add_entries, add_feed, open_room

DAY, HOUR, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
OLD_NEWS = 3 * DAY
# Of one section's stories, all that a briefing has places for, and eight to spare.
ENOUGH = RoomSettings().stories_in_all + 8


@pytest.fixture
async def room(store):
    room = await open_room(store)
    await subscribe(store, room, "energy")
    return room


@pytest.fixture
def load(store, room):
    """Return a room's sections as a briefing at START gets them."""
    loader = CandidateLoader(store, load_topics())

    async def load(told=(), language="en"):
        reader = replace(room, chat=replace(room.chat, language=language))
        subscriptions = await store.subscriptions.of_room(room.id)
        return await loader.load(
            reader, subscriptions, {known.story_id: known for known in told}, START
        )

    return load


def ids_of(section):
    return [candidate.story_id for candidate in section.candidates]


def texts_of(section):
    return {
        candidate.story_id: [article.article.text for article in candidate.articles]
        for candidate in section.candidates
    }


async def test_now_may_be_in_any_zone(store, room):
    dam = await add_story(store, "dam")
    subscriptions = await store.subscriptions.of_room(room.id)
    now = START.astimezone(ZoneInfo("Asia/Tokyo"))
    loader = CandidateLoader(store, load_topics())
    (section,) = await loader.load(room, subscriptions, {}, now)
    assert ids_of(section) == [dam]


async def test_a_story_comes_with_all_that_is_known_of_it(store, load):
    first = await add_report(
        store, "dam", matches={"energy": 0.7, "water": 1.0}, seen_at=START - 3 * HOUR
    )
    second = await add_report(
        store, "weir", matches={"energy": 0.75}, seen_at=START - HOUR, source="Velt Mail"
    )
    story = (await store.articles.assign({-1: [first, second]}))[-1]
    (section,) = await load()
    assert (section.key, section.name, section.own_words) == ("energy", "Energy", False)
    assert section.sign == "⚡"
    assert (section.weight, section.failed_sources, section.reason) == (1.0, (), None)
    (candidate,) = section.candidates
    assert candidate.story_id == story
    assert candidate.match == 0.75
    assert (candidate.first_at, candidate.last_at) == (START - 3 * HOUR, START - HOUR)
    assert candidate.articles == (first, second)  # texts included
    assert candidate.copies == frozenset()


async def test_sections_stand_in_the_order_of_the_subscriptions_with_their_own_stories(
    store, room, load
):
    await subscribe(store, room, "q:dam", "culture")
    dam = await add_story(store, "dam", matches={"q:dam": 1.0, "energy": 0.65})
    opera = await add_story(store, "opera", matches={"culture": 1.0})
    energy, words, culture = await load()
    assert [(section.key, ids_of(section)) for section in (energy, words, culture)] == [
        ("energy", [dam]),
        ("q:dam", [dam]),
        ("culture", [opera]),
    ]
    assert [section.candidates[0].match for section in (energy, words)] == [0.65, 1.0]


async def test_a_story_that_only_mentions_the_topic_is_not_told_in_its_section(store, load):
    await add_story(store, "opera", matches={"energy": TOLD_FROM - 0.01})
    dam = await add_story(store, "dam", matches={"energy": TOLD_FROM})
    (section,) = await load()
    assert ids_of(section) == [dam]


@pytest.mark.parametrize(("language", "name"), [("en", "Energy"), ("fr", "Énergie")])
async def test_a_topic_is_named_in_the_readers_language(load, language, name):
    (section,) = await load(language=language)
    assert section.name == name


async def test_a_readers_own_words_stand_without_their_quotes(store, room, load):
    key = SubscriptionKey.of_query('"old mill" +weir')
    await store.subscriptions.add(
        room.id, SubscriptionKind.QUERY, key, '"old mill" +weir', now=START
    )
    _, section = await load()
    assert (section.name, section.own_words, section.sign) == ("old mill +weir", True, "")


async def test_a_readers_own_feed_is_named_as_they_call_it_and_only_theirs(store, room, load):
    await store.subscriptions.add(room.id, SubscriptionKind.FEED, "feed:1", "Quay", now=START)
    own = await add_story(store, "dam", matches={"feed:1": 1.0}, public=False)
    foreign = await add_story(store, "weir", matches={"feed:2": 1.0, "energy": 1.0}, public=False)
    energy, feed = await load()
    assert (feed.name, feed.own_words, ids_of(feed)) == ("Quay", False, [own])
    assert foreign not in ids_of(energy)


@pytest.fixture
def load_in_english(store, room):
    """Return the sections of a room that reads English, by its own ``choice`` or our default."""
    loader = CandidateLoader(store, load_topics())

    async def load(*, choice):
        chosen = frozenset({"languages"} if choice else ())
        reader = replace(room, settings=RoomSettings(languages=("en",), chosen=chosen))
        subscriptions = await store.subscriptions.of_room(room.id)
        return await loader.load(reader, subscriptions, {}, START)

    return load


@pytest.mark.parametrize("choice", [True, False])
async def test_a_site_that_was_named_is_told_in_its_language(store, room, load_in_english, choice):
    await store.subscriptions.add(room.id, SubscriptionKind.FEED, "feed:1", "Kai", now=START)
    await add_story(store, "dam", matches={"feed:1": 1.0}, language="de")
    topic, site = await load_in_english(choice=choice)
    assert (topic.any_language, site.any_language, site.reason) == (False, True, None)


async def test_a_default_hides_no_answer_to_own_words(store, room, load_in_english):
    await store.subscriptions.add(room.id, SubscriptionKind.QUERY, "q:дамба", "дамба", now=START)
    await add_story(store, "dam", matches={"q:дамба": 1.0}, language="ru")
    _, words = await load_in_english(choice=False)
    assert (words.any_language, words.reason) == (True, None)


async def test_languages_that_were_chosen_hold_and_it_is_said(store, room, load_in_english):
    await store.subscriptions.add(room.id, SubscriptionKind.QUERY, "q:дамба", "дамба", now=START)
    for name, language in (("dam", "ru"), ("weir", "uk"), ("mill", "ru")):
        await add_story(store, name, matches={"q:дамба": 1.0}, language=language)
    _, words = await load_in_english(choice=True)
    assert not words.any_language
    assert words.reason == Reason("other-languages", {"languages": ("ru", "uk")})


@pytest.mark.parametrize("choice", [True, False])
async def test_own_words_with_an_answer_in_the_rooms_language_stay_in_it(
    store, room, load_in_english, choice
):
    await store.subscriptions.add(room.id, SubscriptionKind.QUERY, "q:dam", "dam", now=START)
    await add_story(store, "dam", matches={"q:dam": 1.0}, language="en")
    await add_story(store, "weir", matches={"q:dam": 1.0}, language="de")
    _, words = await load_in_english(choice=choice)
    assert (words.any_language, words.reason) == (False, None)


async def test_a_weight_is_passed_on(store, room, load):
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE subscription SET weight = 2.5")
    (section,) = await load()
    assert section.weight == 2.5


@pytest.mark.parametrize(("more", "is_there"), [(timedelta(0), True), (INSTANT, False)])
async def test_what_was_seen_before_the_last_edition_is_no_news(store, room, load, more, is_there):
    last_at = START - DAY
    await send_edition(store, room, now=last_at)
    story = await add_story(store, "dam", seen_at=last_at - more)
    (section,) = await load()
    assert ids_of(section) == [story] * is_there


@pytest.mark.parametrize(("more", "is_there"), [(timedelta(0), False), (INSTANT, True)])
async def test_what_happened_three_days_before_the_last_edition_is_no_news_though_seen_now(
    store, room, load, more, is_there
):
    last_at = START - DAY
    await send_edition(store, room, now=last_at)
    story = await add_story(store, "dam", published_at=last_at - OLD_NEWS + more)
    (section,) = await load()
    assert ids_of(section) == [story] * is_there


async def test_a_room_that_never_had_an_edition_gets_whatever_there_is(store, load):
    story = await add_story(store, "dam", seen_at=START - 13 * DAY)
    (section,) = await load()
    assert ids_of(section) == [story]


async def test_an_edition_that_said_nothing_was_no_edition(store, room, load):
    await send_edition(store, room, now=START, messages=[], reason=Reason("paused"))
    story = await add_story(store, "dam")
    (section,) = await load()
    assert ids_of(section) == [story]


async def test_only_the_texts_of_likely_stories_are_read(store, load):
    stories = [
        await add_story(store, f"dam {n}", seen_at=START - n * HOUR) for n in range(ENOUGH + 3)
    ]
    (section,) = await load()
    assert ids_of(section) == stories[:ENOUGH]  # the newest, and no more than may be told
    for texts in texts_of(section).values():
        assert texts[0].startswith("The dam ")


async def test_what_was_told_and_has_not_grown_stays_to_be_counted_without_its_text(store, load):
    story = await add_story(store, "dam")
    (section,) = await load([Told(story, START - HOUR)])
    assert texts_of(section) == {story: [""]}


async def test_what_was_told_and_has_grown_is_read(store, load):
    story = await add_story(store, "dam", seen_at=START - HOUR)
    (section,) = await load([Told(story, START - HOUR - INSTANT)])
    (text,) = texts_of(section)[story]
    assert text.startswith("The dam opened again")


async def test_copies_are_marked_and_the_first_is_none(store, load):
    prints = (0b1111, 0b1110, 0b1111 << 20, 0)
    reports = [
        await add_report(store, f"dam {n}", fingerprint=print_, seen_at=START - (9 - n) * HOUR)
        for n, print_ in enumerate(prints)
    ]
    await store.articles.assign({-1: reports})
    (section,) = await load()
    (candidate,) = section.candidates
    # The third has eight bits of its own: within what copies may differ in.
    assert candidate.copies == {reports[1].id, reports[2].id}
    assert candidate.originals == (reports[0], reports[3])


async def test_failed_sources_are_named_once_and_at_most_three(store, load):
    for n, source in enumerate(("Velt", "Arn", "Dorn", "Arn", "Bel")):
        url = f"https://harbour.example/{n}"
        feed = NewFeed(url=url, source=source, public=True)
        (feed_id,) = await store.feeds.add([feed], ["energy"], now=START)
        await add_entries(store, feed_id, error=Reason("unreachable"))
    await add_feed(store, "https://harbour.example/well", "energy")
    (section,) = await load()
    assert section.failed_sources == ("Arn", "Bel", "Dorn")


async def test_a_source_of_another_topic_has_not_failed_this_one(store, load):
    feed_id = await add_feed(store, "https://harbour.example/opera", "culture")
    await add_entries(store, feed_id, error=Reason("unreachable"))
    (section,) = await load()
    assert section.failed_sources == ()


async def test_a_topic_that_exists_no_more_says_so_and_has_no_stories(store, room, load):
    await store.subscriptions.add(
        room.id, SubscriptionKind.TOPIC, "old-topic", 'Old "topic"', now=START
    )
    await add_story(store, "dam", matches={"old-topic": 1.0})
    energy, old = await load()
    assert energy.reason is None
    assert old.reason == Reason("retired-topic")
    assert (old.name, old.own_words, old.candidates) == ("Old topic", False, ())


def break_for(monkeypatch, store, key, error):
    failing = store.feeds.failing_names

    async def breaks(keys):
        if key in keys:
            raise error
        return await failing(keys)

    monkeypatch.setattr(store.feeds, "failing_names", breaks)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LookupError("words"), Reason("unforeseen", {"kind": "LookupError"})),
        (RecursionError(), Reason("unforeseen", {"kind": "RecursionError"})),
    ],
)
async def test_a_subscription_that_breaks_gives_its_reason_and_leaves_the_others_whole(  # noqa: PLR0917
    store, room, load, monkeypatch, error, reason
):
    await subscribe(store, room, "q:dam", "culture")
    keys = {"energy": 1.0, "q:dam": 1.0, "culture": 1.0}
    story = await add_story(store, "dam", matches=keys)
    whole = await load()
    break_for(monkeypatch, store, "q:dam", error)
    energy, words, culture = await load()
    assert (energy, culture) == (whole[0], whole[2])
    assert ids_of(culture) == [story]
    assert (words.key, words.name, words.own_words) == ("q:dam", "q:dam", True)
    assert (words.candidates, words.reason) == ((), reason)


async def test_a_lone_subscription_that_breaks_gives_its_reason(store, load, monkeypatch):
    break_for(monkeypatch, store, "energy", ValueError("that row"))
    (section,) = await load()
    assert (section.name, section.own_words) == ("Energy", False)
    assert section.reason == Reason("unforeseen", {"kind": "ValueError"})


async def test_a_database_that_is_away_breaks_no_subscription(store, room, load, monkeypatch):
    await subscribe(store, room, "culture")
    break_for(monkeypatch, store, "energy", StoreUnavailable("store-unavailable"))
    with pytest.raises(StoreUnavailable):
        await load()


async def test_without_subscriptions_there_are_no_sections(store, room, load):
    await store.subscriptions.remove(room.id, "energy")
    assert await ask(store, "SELECT count(*) FROM subscription") == [(0,)]
    assert await load() == ()

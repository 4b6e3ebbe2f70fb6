"""What an edition said, read back from the store and rendered again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.domain.edition import Edition, EditionKind
from bot.domain.room import Length, RoomSettings, UsualLanguages
from bot.steps.composing import Composing
from bot.steps.content_reader import ContentReader
from bot.steps.filling import render_for
from bot.texts import texts_for
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, add_story, ask, send_edition, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

HOUR = timedelta(hours=1)
ENGLISH = texts_for("en")
GONE = "This sentence is no longer stored."


@pytest.fixture
def database_url(tmp_path):
    """What is asked of the database is proved for every kind in tests/store."""
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def composing(store, clock):
    usual = UsualLanguages()
    topics = load_topics()
    return Composing(store, PatientWorkers(), topics, clock, languages=usual, sample=True)


@pytest.fixture
def reader(store):
    return ContentReader(store)


async def reader_of(store, *keys, language="en", zone="Asia/Seoul", **settings):
    room = await open_room(store)
    await subscribe(store, room, *keys)
    chat = replace(room.chat, language=language, zone=zone)
    return replace(room, chat=chat, settings=RoomSettings(**settings))


async def compose(store, composing, room, key="1", **fields):
    """Compose an edition; return its id."""
    await composing.compose(Edition(room=room, kind=EditionKind.BRIEF, key=key, **fields))
    ((number,),) = await ask(store, "SELECT max(id) FROM edition")
    return number


async def sent(store, number):
    query = "SELECT html, plain FROM part WHERE edition_id = :number ORDER BY n"
    return await ask(store, query, number=number)


def rendered(content, room):
    """Return the messages that ``content`` makes, as an edition's are made."""
    found = render_for(content, room)
    assert found.briefing == content  # nothing of it has to go
    return [(message.html, message.plain) for message in found.messages]


async def five_stories(store):
    """Store five stories, of which one has two outlets and one comes from an evening before."""
    names = ("dam", "mill", "weir", "opera")
    at = START - timedelta(hours=20)
    ids = [
        await add_story(store, name, source=f"{name.title()} <Post>", published_at=at)
        for name in names[:3]
    ]
    ids.append(await add_story(store, "opera", matches={"culture": 0.7}, language=""))
    other = await add_report(
        store,
        "dam-again",
        title="Orun’s dam & its lake",
        text="Lake Orun reached 91 per cent on the gauge. Farmers may draw water from Monday.",
        source="State Radio",
    )
    await store.articles.assign({ids[0]: [other]})
    return ids


@pytest.mark.parametrize("length", list(Length))
@pytest.mark.parametrize("place", [("en", ""), ("de", "Asia/Seoul")])
async def test_messages_made_from_the_content_are_those_that_were_sent(
    store, composing, reader, length, place
):
    language, zone = place
    room = await reader_of(
        store, "energy", "culture", "space", language=language, zone=zone, length=length
    )
    await five_stories(store)
    fields = {"catch_up_since": START - timedelta(days=3)}
    number = await compose(store, composing, room, **fields)
    content = await reader.read(room.id, number, texts_for(language))
    assert len(content.stories) == 4
    assert rendered(content, room) == await sent(store, number)


async def test_a_content_says_why_a_story_was_chosen_and_who_reports_it(store, composing, reader):
    room = await reader_of(store, "energy", "space")
    dam, *_ = await five_stories(store)
    content = await reader.read(room.id, await compose(store, composing, room), ENGLISH)
    assert [(one.key, one.name) for one in content.sections] == [("energy", "Energy")]
    assert [one.key for one in content.quiet] == ["space"]
    story = next(one for one in content.stories if one.story_id == dam)
    articles = await ask(
        store, "SELECT article_id FROM story_article WHERE story_id = :dam", dam=dam
    )
    assert {(number,) for number in story.coverage} == set(articles)
    assert (len(story.coverage), story.outlets) == (2, 2)
    assert (story.match, story.weight > 0) == (0.7, True)
    title = (
        "SELECT title FROM article JOIN article_text AS t ON t.article_id = article.id"
        " WHERE t.id = :id"
    )
    assert await ask(store, title, id=story.text_id) == [(story.title,)]


async def test_an_update_and_a_quiet_edition_are_read_back_too(store, clock, composing, reader):
    room = await reader_of(store, "energy")
    dam = await add_story(store, "dam")
    first = await compose(store, composing, room)
    clock.advance(HOUR)
    text = "Forty-one boats passed the new gates of Orun on Tuesday. They paid 300 crowns each."
    more = await add_report(store, "boats", text=text, seen_at=clock.now())
    await store.articles.assign({dam: [more]})
    second = await compose(store, composing, room, "2")
    clock.advance(HOUR)
    copy = await add_report(store, "copy", seen_at=clock.now())
    await store.articles.assign({dam: [copy]})
    third = await compose(store, composing, room, "3")
    contents = [await reader.read(room.id, number, ENGLISH) for number in (first, second, third)]
    for number, content in zip((first, second, third), contents, strict=True):
        assert rendered(content, room) == await sent(store, number)
    assert [[bool(one.updated_since) for one in content.stories] for content in contents] == [
        [False],
        [True],
        [],
    ]
    assert [one.held_back for one in contents[2].quiet] == [1]


async def test_where_a_text_is_gone_its_sentence_says_so_in_the_readers_language(
    store, composing, reader
):
    room = await reader_of(store, "energy", language="de")
    await add_story(store, "dam", language="en")
    await add_story(store, "mill", language="en")
    number = await compose(store, composing, room)
    async with store.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM article WHERE title LIKE '%mill%'")
    content = await reader.read(room.id, number, texts_for("de"))
    told = {one.title: {q.text for q in (*one.sentences, *one.more)} for one in content.stories}
    assert told[""] == {"Dieser Satz ist nicht mehr gespeichert."}
    assert any("dam" in sentence for sentence in told["The dam is back"])
    assert "Dieser Satz ist nicht mehr gespeichert." in rendered(content, room)[0][1]
    english = await reader.read(room.id, number, ENGLISH)
    assert GONE in {one.text for story in english.stories for one in story.sentences}


async def test_an_edition_without_content_is_not_read(store, reader):
    room, other = await open_room(store), await open_room(store, 2)
    number = await send_edition(store, room, now=START)
    assert await reader.read(room.id, number, ENGLISH) is None
    assert await reader.read(other.id, number, ENGLISH) is None


async def test_an_edition_with_its_content_takes_one_statement_more_than_without(store, composing):
    room = await reader_of(store, "energy")
    await five_stories(store)
    seen = []

    def count(_connection, _cursor, statement, *_more):
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        await compose(store, composing, room)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    asked = [one for one in seen if not one.startswith(("BEGIN", "SELECT max(id)"))]
    assert len([one for one in asked if "INTO content" in one]) == 1
    assert len(asked) == 18

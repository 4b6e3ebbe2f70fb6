"""Contents: stored with their editions, read by their rooms, in every database."""

from datetime import timedelta

from sqlalchemy import update

from bot.domain.briefing import Briefing, Quiet
from bot.store.tables import content as contents
from tests.fakes.clock import START
from tests.fakes.editions import send_edition
from tests.fakes.rooms import add_article, open_room

DAY = timedelta(days=1)
SAID = Briefing(local_date=START.date(), zone="UTC", sections=(), quiet=(Quiet(name="Énergie"),))


def said(name):
    return Briefing(
        local_date=START.date(), zone="Asia/Seoul", sections=(), quiet=(Quiet(name=name),)
    )


async def test_what_an_edition_said_is_read_by_its_room_alone(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    first = await send_edition(store, room, "1", now=START, content=said("Énergie"))
    second = await send_edition(store, room, "2", now=START, content=said("에너지"))
    await send_edition(store, other, "1", now=START, content=said("Energie"))
    assert await store.contents.get(room.id, first) == said("Énergie")
    assert await store.contents.get(other.id, first) is None
    found = await store.contents.of_room(room.id)
    assert list(found.items()) == [(second, said("에너지")), (first, said("Énergie"))]


async def test_an_edition_may_be_without_content(store):
    room = await open_room(store)
    number = await send_edition(store, room, now=START)
    assert await store.contents.get(room.id, number) is None
    assert await store.contents.get(room.id, number + 1) is None
    assert await store.contents.of_room(room.id) == {}


async def test_a_content_that_cannot_be_read_is_logged_and_hides_no_other(store, caplog):
    room = await open_room(store)
    broken = await send_edition(store, room, "1", now=START, content=SAID)
    sound = await send_edition(store, room, "2", now=START, content=SAID)
    async with store.database.write() as connection:
        its_row = update(contents).where(contents.c.edition_id == broken)
        await connection.execute(its_row.values(value=b"nothing of ours"))
    assert await store.contents.of_room(room.id) == {sound: SAID}
    assert await store.contents.get(room.id, broken) is None
    assert f"content-unreadable edition={broken}" in caplog.messages


async def test_a_content_goes_when_it_is_old_unless_a_part_of_its_edition_waits(store):
    room = await open_room(store)
    ended = await send_edition(store, room, "1", now=START, content=SAID, told={5: [1]})
    (part,) = await store.outbox.claim_parts(now=START, limit=1, lease=DAY)
    await store.outbox.mark_sent(part.id, message_id=1, now=START)
    waits = await send_edition(store, room, "2", now=START, content=SAID)
    young = await send_edition(store, room, "3", now=START + DAY, content=SAID)
    limits = {"bodies_before": START, "parts_before": START + DAY, "told_before": START}
    await store.editions.purge(**limits)
    assert list(await store.contents.of_room(room.id)) == [young, waits]
    # What it told is remembered still.
    assert ended in [one.id for one in await store.editions.recent(room.id)]


async def test_articles_are_found_by_any_of_their_texts(store):
    before = await add_article(store, "a", text="All about a.")
    after = await add_article(store, "a", text="All about a, again.")
    assert before.text_id != after.text_id
    found = await store.contents.articles_of([before.text_id, after.text_id, 999])
    assert {number: article.text for number, article in found.items()} == {
        before.text_id: "All about a.",
        after.text_id: "All about a, again.",
    }
    assert found[before.text_id].title == before.article.title
    assert await store.contents.articles_of([]) == {}

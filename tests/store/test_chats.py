"""Chats and rooms, in every database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.address import ChatAddress
from bot.domain.room import ChatState, Length, RoomSettings
from bot.domain.subscription import SubscriptionKind
from bot.reasons import Reason
from bot.send import telegram_address
from tests.fakes.clock import START
from tests.fakes.rooms import open_room


async def test_a_room_is_made_once_and_found_again(store):
    first = await open_room(store, 7, thread=3)
    again = await open_room(store, 7, thread=3)
    assert first == again
    assert await store.chats.find_room(telegram_address(7, 3)) == first
    assert await store.chats.get_room(first.id) == first
    assert await store.chats.find_room(telegram_address(7)) is None
    assert await store.chats.get_room(first.id + 1) is None


async def test_a_chat_has_a_room_for_each_of_its_threads(store):
    rooms = [await open_room(store, -7, thread=thread) for thread in (0, 1, 2)]
    assert len({room.chat.id for room in rooms}) == 1
    assert [one.thread for one in await store.chats.rooms_of(rooms[0].chat.id)] == [0, 1, 2]


async def test_a_zone_belongs_to_the_chat_and_settings_to_the_room(store):
    here, there = await open_room(store, -7), await open_room(store, -7, thread=9)
    await store.chats.set_zone(here.chat.id, "Asia/Seoul", known=True)
    until = datetime(2025, 12, 24, tzinfo=UTC)
    wanted = replace(RoomSettings(), length=Length.DEEP, languages=("de", "en"), paused_until=until)
    await store.chats.save_settings(there.id, wanted)
    here, there = await store.chats.get_room(here.id), await store.chats.get_room(there.id)
    assert here.chat == there.chat
    assert (here.chat.zone, here.chat.zone_known) == ("Asia/Seoul", True)
    assert here.settings == RoomSettings()
    assert there.settings == wanted


async def test_a_chat_that_was_gone_is_back_when_it_writes_again(store):
    room = await open_room(store, 7)
    await store.outbox.mark_chat_gone(telegram_address(7), error=Reason("bot-blocked"), now=START)
    assert (await store.chats.get_room(room.id)).chat.state is ChatState.GONE
    assert (await open_room(store, 7)).chat.state is ChatState.ACTIVE


async def test_a_paused_chat_stays_paused_when_it_writes(store):
    room = await open_room(store, 7)
    await store.chats.set_state(room.chat.id, ChatState.PAUSED)
    assert (await open_room(store, 7)).chat.state is ChatState.PAUSED


async def test_a_group_that_became_a_supergroup_keeps_what_it_reads(store):
    room = await open_room(store, -7)
    await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, "energy", "Energy", now=START)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    moved = await store.chats.find_room(telegram_address(-1007))
    assert moved.id == room.id
    assert moved.chat.kind == "supergroup"
    assert await store.chats.find_room(telegram_address(-7)) is None
    assert [one.key for one in await store.subscriptions.of_room(moved.id)] == ["energy"]


async def test_a_group_joins_the_supergroup_that_wrote_before_it_was_known_to_be_the_same(store):
    old, thread = await open_room(store, -7), await open_room(store, -7, thread=5)
    new = await open_room(store, -1007)
    for room, key in ((old, "energy"), (thread, "space"), (new, "climate")):
        await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, key, key, now=START)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    rooms = {one.thread: one for one in await store.chats.rooms_of(new.chat.id)}
    assert {number: one.id for number, one in rooms.items()} == {0: new.id, 5: thread.id}
    assert [one.key for one in await store.subscriptions.of_room(new.id)] == ["climate"]
    assert await store.chats.get_room(old.id) is None
    assert await store.chats.find_room(telegram_address(-7)) is None


async def test_a_supergroup_that_was_only_greeted_takes_what_its_group_reads(store):
    old = await open_room(store, -7)
    await store.subscriptions.add(old.id, SubscriptionKind.TOPIC, "energy", "Energy", now=START)
    greeted = await open_room(store, -1007)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    assert (await store.chats.find_room(telegram_address(-1007))).id == old.id
    assert await store.chats.get_room(greeted.id) is None


async def test_a_joined_supergroup_without_a_zone_takes_that_of_the_group(store):
    old = await open_room(store, -7)
    await store.chats.set_zone(old.chat.id, "Asia/Tokyo", known=True)
    await open_room(store, -1007)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    chat = (await store.chats.find_room(telegram_address(-1007))).chat
    assert (chat.zone, chat.zone_known) == ("Asia/Tokyo", True)


async def test_a_joined_supergroup_keeps_the_zone_it_has(store):
    for number, zone in ((-7, "Asia/Tokyo"), (-1007, "Europe/Rome")):
        room = await open_room(store, number)
        await store.chats.set_zone(room.chat.id, zone, known=True)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    assert (await store.chats.find_room(telegram_address(-1007))).chat.zone == "Europe/Rome"


async def test_a_group_that_became_itself_stays(store):
    room = await open_room(store, -7)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-7), now=START)
    assert (await store.chats.find_room(telegram_address(-7))).id == room.id


async def test_a_migration_told_twice_changes_nothing_the_second_time(store):
    room = await open_room(store, -7)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    assert (await store.chats.find_room(telegram_address(-1007))).id == room.id


@pytest.mark.parametrize(
    "address", [ChatAddress("matrix", "7"), ChatAddress("telegram", "7", account="other")]
)
async def test_an_address_of_another_platform_or_account_is_refused(store, address):
    with pytest.raises(ValueError, match="can be stored"):
        await store.chats.find_room(address)


@pytest.mark.parametrize("number", ["", "x", " 7", "1_0", "007", str(2**63)])
async def test_an_id_that_is_no_number_of_telegrams_is_refused(store, number):
    with pytest.raises(ValueError, match=r"id|int"):
        await store.chats.find_room(ChatAddress("telegram", number))


async def test_a_room_is_found_at_the_address_it_tells(store):
    room = await open_room(store, -7, thread=3)
    address = replace(room.chat.address, thread=room.thread)
    assert address == telegram_address(-7, 3)
    assert address.chat == room.chat.address
    assert await store.chats.find_room(address) == room

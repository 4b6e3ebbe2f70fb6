"""Groups and channels that an admin manages from the private chat, and nobody else does."""

from datetime import timedelta

import pytest

from tests.fakes.conversation import buttons, notes, reasoned, room_of, shown, subscribed, tap
from tests.fakes.membership import channel, group, membership_update, post_update
from tests.fakes.wire import message_update

GROUP, CHANNEL, ADMIN, STRANGER = -30, -50, 7, 9


@pytest.fixture
async def house(house):
    for chat in (GROUP, CHANNEL):
        house.wire.members[chat, ADMIN] = "administrator"
        house.wire.members[chat, STRANGER] = "left"
    await house.say("/timezone London", ADMIN)
    return house


async def let_in(house, chat, **rights):
    update = membership_update(chat, "left", "administrator", user_id=ADMIN, **rights)
    return await house.take(update)


async def managing(house):
    """Let the admin manage the channel from their private chat."""
    await let_in(house, channel(CHANNEL), can_post_messages=True)
    await tap(house, "Manage it from here", ADMIN)


async def test_an_admin_who_lets_it_into_a_channel_is_told_in_private_and_nobody_there(house):
    (told,) = await let_in(house, channel(CHANNEL), can_post_messages=True)
    assert "Channel 50" in told
    assert house.wire.sent(CHANNEL) == []


async def test_all_commands_are_for_the_channel_until_it_is_left(house):
    await managing(house)
    (answer,) = await house.say("/subscribe energy", ADMIN)
    assert answer.startswith("<b>▸ Group 50</b>")  # what getChat calls it
    assert await subscribed(house, CHANNEL) == [("energy", "Energy")]
    assert await subscribed(house, ADMIN) == []
    await house.say("/manage", ADMIN)
    assert "✓ Group 50" in buttons(house, ADMIN)
    await tap(house, "Back to my own briefing", ADMIN)
    await house.say("/subscribe space", ADMIN)
    assert await subscribed(house, ADMIN) == [("space", "Space")]
    assert await subscribed(house, CHANNEL) == [("energy", "Energy")]
    assert house.wire.sent(CHANNEL) == []


async def test_what_it_reads_comes_into_the_channel_at_its_time(house):
    await managing(house)
    await house.say("/subscribe energy", ADMIN)
    house.clock.advance(timedelta(days=1))
    await house.morning()
    assert len(house.wire.sent(CHANNEL)) == 1


async def test_a_briefing_asked_for_goes_there_and_that_is_said_here(house):
    await managing(house)
    await house.say("/subscribe energy", ADMIN)
    await house.say("/brief", ADMIN)
    assert len(house.wire.sent(CHANNEL)) == 1
    assert "On its way to Group 50." in house.wire.texts(ADMIN)


async def test_buttons_act_on_the_room_they_were_shown_for(house):
    await managing(house)
    await house.say("/settings", ADMIN)
    await tap(house, "Length: Normal", ADMIN)
    of_channel, message = buttons(house, ADMIN), house.wire.sent(ADMIN)[-1]
    await house.say("/manage", ADMIN)
    await tap(house, "Back to my own briefing", ADMIN)
    await house.say("/settings", ADMIN)
    await tap(house, "Length: Normal", ADMIN)
    of_own, own_message = buttons(house, ADMIN), house.wire.sent(ADMIN)[-1]
    await house.press(of_channel["Deep"], message)
    assert (await room_of(house, CHANNEL)).settings.length == "deep"
    assert (await room_of(house, ADMIN)).settings.length == "brief"
    await house.press(of_own["Headlines"], own_message)
    assert (await room_of(house, ADMIN)).settings.length == "headlines"
    assert (await room_of(house, CHANNEL)).settings.length == "deep"


async def test_to_forget_a_channel_forgets_nothing_of_its_admin(house):
    await house.say("/subscribe space", ADMIN)
    await managing(house)
    await house.say("/forgetme", ADMIN)
    await tap(house, "Yes, delete everything", ADMIN)
    assert await house.known(CHANNEL) == ""
    assert await subscribed(house, ADMIN) == [("space", "Space")]


async def test_start_is_a_beginning_of_ones_own(house):
    await managing(house)
    await house.say("/start", ADMIN)
    await house.say("/subscribe space", ADMIN)
    assert await subscribed(house, ADMIN) == [("space", "Space")]


async def test_one_who_is_no_admin_any_more_is_told_and_changes_nothing_of_their_own(house):
    await managing(house)
    house.wire.members[CHANNEL, ADMIN] = "left"
    house.clock.advance(timedelta(minutes=1))
    answer = await house.say("/subscribe energy", ADMIN)
    assert answer == [reasoned("not-its-admin", place="Group 50")]
    assert await subscribed(house, CHANNEL) == []
    assert await subscribed(house, ADMIN) == []
    await house.say("/subscribe space", ADMIN)  # now it is for their own chat
    assert await subscribed(house, ADMIN) == [("space", "Space")]


async def test_a_group_leads_to_the_private_chat_and_that_back_to_it(house):
    await let_in(house, group(GROUP))
    room = await room_of(house, GROUP)
    await house.say("/manage", GROUP, user_id=ADMIN)
    assert f"start=manage_{room.id}'" in str(house.wire.sent(GROUP)[-1]["reply_markup"])
    await house.say(f"/start manage_{room.id}", ADMIN)
    assert "Group 30" in shown(house, ADMIN)
    await house.say("/subscribe energy", ADMIN)
    assert await subscribed(house, GROUP) == [("energy", "Energy")]


async def test_who_never_wrote_to_the_bot_finds_the_channel_when_they_do(house):
    house.wire.members[CHANNEL, 11] = "creator"
    update = membership_update(channel(CHANNEL), "left", "administrator", user_id=11)
    assert await house.take(update) == []
    await house.say("/manage", 11)
    assert "Group 50" in buttons(house, 11)


async def test_a_channel_it_may_not_post_in_is_gone_until_it_may(house):
    await managing(house)
    await house.say("/subscribe energy", ADMIN)
    update = membership_update(
        channel(CHANNEL), "administrator", "administrator", user_id=ADMIN, can_post_messages=False
    )
    await house.take(update)
    assert (await room_of(house, CHANNEL)).chat.state == "gone"
    update = membership_update(
        channel(CHANNEL), "administrator", "administrator", user_id=ADMIN, can_post_messages=True
    )
    await house.take(update)
    assert (await room_of(house, CHANNEL)).chat.state == "active"


@pytest.mark.parametrize("reads", [True, False])
async def test_a_group_that_moves_is_managed_on_whatever_wrote_first(house, reads):
    await let_in(house, group(GROUP))
    room = await room_of(house, GROUP)
    await house.say(f"/start manage_{room.id}", ADMIN)
    if reads:
        await house.say("/subscribe energy", ADMIN)
    house.wire.members[-10030, ADMIN] = "administrator"
    await house.say("/help", -10030, user_id=ADMIN)  # the supergroup, before we know that it is
    moved = message_update("", -10030)["message"] | {"migrate_from_chat_id": GROUP}
    del moved["text"]
    await house.take({"message": moved})
    (told,) = await house.say("/subscribe space", ADMIN)
    assert told.startswith("<b>▸ Group 10030</b>")
    assert ("space", "Space") in await subscribed(house, -10030)
    assert await subscribed(house, ADMIN) == []


# ---------------------------------------------------------------- what a channel posts


async def test_a_command_posted_in_a_channel_is_done_and_answered_in_private_alone(house):
    await let_in(house, channel(CHANNEL), can_post_messages=True)
    (answer,) = await house.take(post_update("/subscribe energy", channel(CHANNEL)))
    assert answer.startswith("<b>▸ Channel 50</b>")
    assert await subscribed(house, CHANNEL) == [("energy", "Energy")]
    assert house.wire.sent(CHANNEL) == []
    assert house.wire.sent(ADMIN)[-1]["text"] == answer


async def test_former_admins_of_a_channel_are_told_nothing(house):
    await let_in(house, channel(CHANNEL), can_post_messages=True)
    house.wire.members[CHANNEL, ADMIN] = "left"
    house.clock.advance(timedelta(minutes=1))
    assert await house.take(post_update("/subscribe energy", channel(CHANNEL))) == []


@pytest.mark.parametrize(
    "text", ["/ban x", "/help@another_bot", "News: /subscribe", "/forgetme", "/start", "hello"]
)
async def test_other_posts_are_nothing_to_the_bot(house, text):
    assert await house.take(post_update(text, channel(CHANNEL))) == []
    assert await house.known(CHANNEL) == ""


async def test_a_fault_of_ours_is_not_told_in_a_channel(house):
    house.forgives = True
    await let_in(house, channel(CHANNEL), can_post_messages=True)
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE subscription")
    assert await house.take(post_update("/topics", channel(CHANNEL))) == []
    assert house.wire.sent(CHANNEL) == []


# ---------------------------------------------------------------- nobody else


async def places(house):
    return [await house.known(GROUP), await house.known(CHANNEL), await house.known(ADMIN)]


@pytest.mark.parametrize(
    "data",
    [
        *("v1:manage:{room}", "v1:at:{room}:v1:forget:yes", "v1:at:{room}:v1:topic:climate"),
        *("v1:at:{room}:v1:set:length:deep", "v1:at:{room}:v1:at:{room}:v1:forget:yes"),
        *("v1:at:{room}:v1:unmanage", "v1:at:{room}:nonsense", "v1:at:{room}", "v1:at::"),
        *("v1:move:{room}", "v1:manage:999", "v1:at:999:v1:forget:yes", "v1:at:-1:v1:forget:yes"),
    ],
)
async def test_no_forged_button_manages_what_its_sender_is_no_admin_of(house, data):
    await let_in(house, group(GROUP))
    await managing(house)
    await house.say("/subscribe energy", ADMIN)
    room = await room_of(house, CHANNEL)
    await house.say("/help", STRANGER)
    before = await places(house)
    for _ in range(2):
        await house.press(
            data.format(room=room.id), house.wire.sent(STRANGER)[-1], user_id=STRANGER
        )
        await house.say(f"/start manage_{room.id}", STRANGER)
        await house.say("/subscribe space", STRANGER)
    assert await places(house) == before
    assert all(notes(house)[1:])  # each was refused with a sentence


async def test_no_private_room_is_managed_by_another_nor_from_a_group(house):
    await house.say("/subscribe space", ADMIN)
    await let_in(house, group(GROUP))
    own = await room_of(house, ADMIN)
    before = await house.known(ADMIN)
    await house.say("/help", STRANGER)
    for data in (f"v1:manage:{own.id}", f"v1:at:{own.id}:v1:forget:yes"):
        await house.press(data, house.wire.sent(STRANGER)[-1], user_id=STRANGER)
        await house.press(data, house.wire.sent(GROUP)[-1], user_id=ADMIN)
    await house.say(f"/start read_{own.id}", STRANGER)
    assert house.wire.texts(STRANGER)[-1] == reasoned("old-button")
    assert await house.known(ADMIN) == before


async def test_who_is_forgotten_manages_nothing(house):
    await managing(house)
    await house.say("/start", ADMIN)
    await house.say("/forgetme", ADMIN)
    await tap(house, "Yes, delete everything", ADMIN)
    async with house.app.store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM manager")
        assert rows.scalar() == 0
    assert await house.known(CHANNEL) != ""


async def test_an_export_names_what_is_managed(house):
    await managing(house)
    assert f'"telegram_id": {CHANNEL}' in await house.known(ADMIN)


async def test_a_refusal_of_a_tap_says_which_room_it_is_about(house):
    await managing(house)
    await house.say("/settings", ADMIN)
    number = (await room_of(house, CHANNEL)).id
    data = f"v1:at:{number}:v1:set:length:endless"
    await house.press(data, house.wire.sent(ADMIN)[-1], user_id=ADMIN)
    assert notes(house)[-1] == f"▸ Group 50\n{reasoned('old-settings-button')}"

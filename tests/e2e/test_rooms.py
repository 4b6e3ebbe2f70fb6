"""Private feeds and topics of forums: what one room reads, no other is shown."""

import json

from tests.fakes.house import open_house

ALICE, BOB, GROUP = 1, 2, -3
SECRET = "Zanzibar Ledger"
RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>{SECRET}</title><item>
<title>Dam at Kongwa opens</title><link>%s</link><guid>1</guid>
<pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = "".join(
    f"<p>The dam at Kongwa opened its gates on day {n} of the flood, and the valley was told "
    f"in time to bring {n} hundred cattle to the hills above the river.</p>"
    for n in range(1, 8)
)


async def alice_moves_in(house):
    """Subscribe Alice to a topic, a query and a feed of her own; return her export."""
    page = house.web.add("/story", f"<html><body><article>{PAGE}</article></body></html>")
    house.web.add("/alice.xml", RSS % page, content_type="application/rss+xml")
    await house.say("/timezone Berlin", ALICE)
    await house.say(f"/subscribe {house.web.url('/alice.xml')}", ALICE)
    await house.say("/subscribe north-korea, “alices own words”", ALICE)
    await house.say("/schedule 06:15", ALICE)
    await house.refresh()
    return await house.known(ALICE)


def hides_alice(texts):
    """Assert that no text contains Alice's feed, its address, its article or her query."""
    for text in texts:
        for mine in (SECRET, "alices own words", "/alice.xml", "Kongwa"):
            assert mine not in text


async def test_a_private_feed_reaches_its_own_reader_and_nobody_else(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await alice_moves_in(house)
        await house.say("/subscribe kongwa, dam, cattle, africa", BOB)
        hides_alice(await house.say("/brief", BOB))
        hides_alice(await house.say("/topics", BOB))
        hides_alice(await house.say("/status", BOB))
        mine = await house.say("/brief", ALICE)
    assert any("Kongwa" in text for text in mine)


async def test_a_private_feed_that_fails_is_named_to_its_own_reader_only(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await alice_moves_in(house)
        await house.say("/subscribe north-korea", BOB)
        house.web.add("/alice.xml", "gone", status=500)
        async with house.app.store.database.write() as connection:
            await connection.exec_driver_sql("UPDATE feed SET next_poll_at = '2025-06-01 00:00:00'")
        await house.app.flow.refresh()
        mine, others = await house.say("/status", ALICE), await house.say("/status", BOB)
    assert SECRET in mine[0]
    hides_alice(others)


async def test_two_readers_of_one_private_feed_do_not_lose_it_when_one_leaves(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await alice_moves_in(house)
        await house.say(f"/subscribe {house.web.url('/alice.xml')}", BOB)
        (gone,) = await house.say("/unsubscribe all", ALICE)
        assert "No more about" in gone
        texts = await house.say("/brief", BOB)
    assert any("Kongwa" in text for text in texts)


async def test_rooms_of_one_forum_read_what_each_of_them_chose(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.wire.members[GROUP, -GROUP] = "administrator"
        for thread, topic in ((11, "energy"), (12, "space")):
            here = {"message_thread_id": thread, "is_topic_message": True}
            await house.say(f"/subscribe {topic}", GROUP, **here)
        (text,) = await house.say("/topics", GROUP, message_thread_id=11, is_topic_message=True)
        rooms = json.loads(await house.known(GROUP, 11))["rooms"]
    assert "Energy" in text
    assert "Space" not in text
    keys = {
        room["thread"]: [subscription["key"] for subscription in room["subscriptions"]]
        for room in rooms
    }
    assert keys == {11: ["energy"], 12: ["space"]}

"""First messages of strangers, by somebody who had not seen the rules, to the real Application."""

import json
from pathlib import Path

import pytest

from bot.topics import load_topics
from tests.fakes.house import open_house
from tests.fakes.wire import message_update

CASES = Path(__file__).parents[1] / "data" / "conversation" / "first-open.jsonl"
# Topics that the cases name otherwise than the catalogue does.
SLUGS = {
    "artificial-intelligence": "ai",
    "united-states": "usa",
    "united-kingdom": "uk",
}
# Of each hundred messages: understood, or met with one question; and the least understood at once.
MIN_MET = 96
MIN_UNDERSTOOD = 90


async def state(house, chat_id):
    """Return what is set: topics, words, times with days, the zone, and whether it is paused."""
    data = json.loads(await house.known(chat_id) or '{"chat": {"zone_known": 0}, "rooms": []}')
    rooms = data["rooms"] or [{"subscriptions": [], "schedules": [], "settings": {}}]
    reads = rooms[0]["subscriptions"]
    return {
        "topics": {one["key"] for one in reads if one["kind"] == "topic"},
        "words": {one["label"].strip('"').casefold() for one in reads if one["kind"] == "query"},
        "times": {
            (one["schedule"]["local_time"][:5], "".join(map(str, sorted(one["schedule"]["days"]))))
            for one in rooms[0]["schedules"]
        },
        "zone": data["chat"]["zone"] if data["chat"]["zone_known"] else "",
        "paused": bool(rooms[0]["settings"].get("paused_until")),
    }


def wanted(before, expect):
    """Return the state that a message asks for."""
    topics = {SLUGS.get(slug, slug) for slug in expect.get("subscribe", ())}
    dropped = {SLUGS.get(slug, slug) for slug in expect.get("unsubscribe", ())}
    words = {one.casefold() for one in expect.get("subscribe_words", ())}
    times = {(expect["schedule"], expect["days"])} if "schedule" in expect else before["times"]
    return before | {
        "topics": (before["topics"] | topics) - dropped,
        "words": before["words"] | words,
        "times": times,
        "zone": expect.get("zone", before["zone"]),
        "paused": bool({"stop", "pause"} & expect.keys()),
    }


async def came_of(house, case, chat_id):
    """Say a case's message; return "understood", "asked", "missed", or "false success"."""
    for topic in case["reads"]:
        slug = SLUGS.get(topic, topic)
        assert load_topics().get(slug) is not None, topic
        await house.say(f"/subscribe {slug}", chat_id)
    before = await state(house, chat_id)
    update = message_update(case["text"], chat_id)
    update["message"]["from"]["language_code"] = case["language"]
    answers = await house.take(update)
    after = await state(house, chat_id)
    expected = wanted(before, case["expect"])
    if "schedule" not in case["expect"] and not before["times"]:
        expected["times"] = after["times"]  # the default, which comes with the first topic
    if after == expected and answers:
        return "understood"
    if after != before:
        return "false success"
    offers = house.wire.sent(chat_id)[-1].get("reply_markup") if answers else None
    return "asked" if offers else "missed"


@pytest.mark.slow
async def test_first_messages_are_understood_or_met_with_one_question(tmp_path):
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    results = {}
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        for number, case in enumerate(cases, 1):
            results[case["id"]] = await came_of(house, case, number)
    kinds = ("understood", "asked", "missed", "false success")
    found = {kind: [one for one, came in results.items() if came == kind] for kind in kinds}
    texts = {case["id"]: (case["text"], case["expect"]) for case in cases}
    assert [texts[one] for one in found["false success"]] == []
    understood = 100 * len(found["understood"]) / len(cases)
    met = understood + 100 * len(found["asked"]) / len(cases)
    shown = {k: [texts[one] for one in v] for k, v in found.items() if k != "understood"}
    assert met >= MIN_MET, shown
    assert understood >= MIN_UNDERSTOOD, shown


@pytest.mark.parametrize("text", ["climate me please to", "what about all of that", "hm"])
async def test_what_cannot_match_is_never_a_success(tmp_path, text):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await house.say(text)
        assert (await state(house, 1))["words"] == set()

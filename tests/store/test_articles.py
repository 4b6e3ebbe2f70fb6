"""Articles, their texts and stories, in every database."""

from datetime import timedelta

import pytest

from bot.domain.edition import EditionKind
from bot.domain.subscription import SubscriptionKind
from bot.gather.http.urls import page_key
from bot.store.editions import FilledEdition, Quote
from tests.fakes.clock import START
from tests.fakes.rooms import add_article, add_entries, add_feed, feed_entry, open_room

DAY = timedelta(days=1)


async def stories(store, *keys, since=START - DAY, feed_keys=()):
    return await store.articles.stories_for(keys, since=since, feed_keys=feed_keys)


async def test_an_article_is_known_by_its_url_and_a_changed_text_is_kept_beside_the_old(store):
    first = await add_article(store, "dam", text="The dam holds.")
    same = await add_article(store, "dam", text="The dam holds.")
    changed = await add_article(store, "dam", text="The dam has burst.")
    assert first.id == same.id == changed.id
    assert first.text_id == same.text_id
    assert changed.text_id > first.text_id
    (stored,) = await store.articles.since(START)
    assert stored.article.text == "The dam has burst."
    assert stored.text_id == changed.text_id


async def test_an_article_comes_back_with_what_its_publisher_says_of_it(store):
    await add_article(store, "dam", kind="analysis", paywalled=True)
    await add_article(store, "ferry")
    dam, ferry = (stored.article for stored in await store.articles.since(START))
    assert (dam.kind, dam.paywalled) == ("analysis", True)
    assert (ferry.kind, ferry.paywalled) == ("news", False)


async def test_twins_of_a_page_are_one_article(store):
    first = await add_article(store, url="https://www.harbour.example/dam")
    twin = await add_article(store, url="http://harbour.example/dam/")
    assert twin.id == first.id
    (stored,) = await store.articles.since(START)
    assert stored.article.url == "https://www.harbour.example/dam"


async def test_a_text_of_any_letters_comes_back_as_it_was(store):
    text = "한국 🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301 “q” \u202e < & ' \\ %s"
    await add_article(store, "odd", text=text)
    (stored,) = await store.articles.since(START)
    assert stored.article.text == text


async def test_a_private_article_becomes_public_when_a_public_feed_has_it(store):
    await add_article(store, "dam", public=False)
    assert await store.articles.since(START) == []
    await add_article(store, "dam", public=True)
    await add_article(store, "dam", public=False)
    assert len(await store.articles.since(START)) == 1


async def test_articles_without_a_story_are_handed_out_until_they_have_one(store):
    first, second = await add_article(store, "a"), await add_article(store, "b")
    assert [one.id for one in await store.articles.ungrouped(10)] == [first.id, second.id]
    assert [one.id for one in await store.articles.ungrouped(1)] == [first.id]
    names = await store.articles.assign({-1: [first], -2: [second]})
    assert len(set(names.values())) == 2
    assert min(names.values()) > 0
    assert await store.articles.ungrouped(10) == []


async def test_an_article_joins_a_known_story(store):
    first = await add_article(store, "a")
    later = await add_article(store, "b", seen_at=START + DAY)
    story_id = (await store.articles.assign({-1: [first]}))[-1]
    assert await store.articles.assign({story_id: [later]}) == {story_id: story_id}
    (found,) = await stories(store, "energy")
    assert found.id == story_id
    assert [one.id for one in found.articles] == [first.id, later.id]
    assert (found.first_at, found.last_at) == (START, START + DAY)
    known = await store.articles.grouped_since(START)
    assert [(one.id, story) for one, story in known] == [(first.id, story_id), (later.id, story_id)]


async def test_stories_come_for_the_keys_they_answer_to(store):
    first = await add_article(store, "a", matches={"energy": 0.9, "space": 0.2})
    second = await add_article(store, "b", matches={"space": 0.7})
    await store.articles.assign({-1: [first], -2: [second]})
    assert [dict(one.matches) for one in await stories(store, "energy")] == [{"energy": 0.9}]
    both = await stories(store, "energy", "space")
    scores = [{"energy": 0.9, "space": 0.2}, {"space": 0.7}]
    assert sorted((dict(one.matches) for one in both), key=len, reverse=True) == scores
    assert await stories(store, "sports") == []
    assert await stories(store, "energy", since=START + DAY) == []


async def test_an_article_of_a_private_feed_is_seen_by_the_readers_of_that_feed_only(store):
    mine = await add_article(store, "mine", matches={"feed:7": 1.0, "energy": 1.0}, public=False)
    all_s = await add_article(store, "open", matches={"energy": 0.5})
    await store.articles.assign({-1: [mine, all_s]})
    (others,) = await stories(store, "energy", feed_keys=["feed:8"])
    assert [one.id for one in others.articles] == [all_s.id]
    assert dict(others.matches) == {"energy": 0.5}
    assert await stories(store, "feed:7") == []
    (ours,) = await stories(store, "feed:7", feed_keys=["feed:7"])
    assert [one.id for one in ours.articles] == [mine.id, all_s.id]


async def test_further_matches_are_added_and_scores_replaced(store):
    stored = await add_article(store, "a", matches={"energy": 0.5})
    await store.articles.assign({-1: [stored]})
    await store.articles.add_matches([(stored.id, {"q:dam": 1.0, "energy": 0.6})])
    (found,) = await stories(store, "energy", "q:dam")
    assert dict(found.matches) == {"energy": 0.6, "q:dam": 1.0}


async def test_live_keys_count_public_articles(store):
    await add_article(store, "a", matches={"energy": 0.5, "space": 0.5})
    await add_article(store, "b", matches={"energy": 0.5})
    await add_article(store, "c", matches={"energy": 0.5}, public=False)
    keys = ["energy", "space", "sports"]
    assert await store.articles.live_keys(keys, since=START) == {"energy": 2, "space": 1}
    assert await store.articles.live_keys(keys, since=START + DAY) == {}


async def test_what_was_told_of_one_story_is_told_of_the_story_it_joins(store):
    room = await open_room(store)
    first, second = await add_article(store, "a"), await add_article(store, "b")
    names = await store.articles.assign({-1: [first], -2: [second]})
    for update_id, told in (("1", {names[-1]: [11]}), ("2", {names[-1]: [12], names[-2]: [21]})):
        edition = await store.editions.open(room.id, EditionKind.BRIEF, update_id, now=START)
        await store.editions.fill(edition, FilledEdition(told=told), now=START)
    await store.articles.merge([(names[-2], names[-1])])
    (found,) = await stories(store, "energy")
    assert found.id == names[-1]
    assert len(found.articles) == 2
    told = await store.editions.told(room.id)
    assert {11, 12} <= told[names[-1]][1]


@pytest.mark.parametrize("is_told_first", [True, False])
async def test_of_two_stories_that_join_one_that_was_told_counts_before_one_that_was_listed(
    store, is_told_first
):
    room = await open_room(store)
    first, second = await add_article(store, "a"), await add_article(store, "b")
    names = await store.articles.assign({-1: [first], -2: [second]})
    told, listed = (names[-1], names[-2]) if is_told_first else (names[-2], names[-1])
    edition = await store.editions.open(room.id, EditionKind.BRIEF, "1", now=START)
    filled = FilledEdition(told={told: [11]}, listed={listed: 2})
    await store.editions.fill(edition, filled, now=START)
    await store.articles.merge([(names[-2], names[-1])])
    known = await store.editions.remembered(room.id)
    assert known.told[names[-1]] == (START, frozenset({11}))
    assert names[-1] not in known.listed


async def test_what_was_listed_of_one_story_was_listed_of_the_story_it_joins(store):
    room = await open_room(store)
    first, second = await add_article(store, "a"), await add_article(store, "b")
    names = await store.articles.assign({-1: [first], -2: [second]})
    edition = await store.editions.open(room.id, EditionKind.BRIEF, "1", now=START)
    await store.editions.fill(edition, FilledEdition(listed={names[-2]: 2}), now=START)
    await store.articles.merge([(names[-2], names[-1])])
    assert (await store.editions.remembered(room.id)).listed == {names[-1]: 2}


async def test_old_articles_go_unless_they_are_quoted(store):
    room = await open_room(store)
    await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, "energy", "", now=START)
    old, quoted = await add_article(store, "old"), await add_article(store, "quoted")
    new = await add_article(store, "new", seen_at=START + DAY)
    names = await store.articles.assign({-1: [old], -2: [quoted], -3: [new]})
    edition = await store.editions.open(room.id, EditionKind.BRIEF, "1", now=START)
    quote = Quote(part=0, story_id=names[-2], text_id=quoted.text_id)
    await store.editions.fill(edition, FilledEdition(quotes=[quote]), now=START)
    assert await store.articles.purge(START + timedelta(hours=1)) == 1
    left = await store.articles.since(START)
    assert [one.id for one in left] == [quoted.id, new.id]
    assert {one.id for one in await stories(store, "energy")} == {names[-2], names[-3]}


async def test_the_id_of_a_story_is_never_given_again(store):
    first = await add_article(store, "a")
    names = await store.articles.assign({-1: [first]})
    await store.articles.purge(START + DAY)
    again = await add_article(store, "b")
    assert (await store.articles.assign({-1: [again]}))[-1] > names[-1]


async def test_an_outlets_newest_texts_come_without_the_article_in_hand(store):
    for name in ("a", "b", "c"):
        await add_article(store, name, text=f"About {name}.")
    await add_article(store, "hidden", text="For one reader.", public=False)
    (newest, *_) = (one.article for one in reversed(await store.articles.since(START)))
    found = await store.articles.texts_of(newest.outlet, limit=2, besides=newest.url)
    assert found == ["About b.", "About a."]


async def test_what_an_outlet_repeats_is_remembered_until_it_was_long_unseen(store):
    await store.furniture.learn("Harbour Post", ["x", "y"], now=START)
    await store.furniture.learn("Harbour Post", ["y"], now=START + DAY)
    assert await store.furniture.of("Harbour Post") == {"x", "y"}
    assert await store.furniture.of("Velt Herald") == frozenset()
    await store.furniture.purge(START + DAY)
    assert await store.furniture.of("Harbour Post") == {"y"}


async def test_texts_come_by_their_ids_however_many(store, monkeypatch):
    monkeypatch.setattr("bot.store.articles.CHUNK", 2)
    stored = [await add_article(store, name, text=f"About {name}.") for name in "abcde"]
    found = await store.articles.texts([one.text_id for one in stored] + [999])
    assert found == {one.text_id: one.article.text for one in stored}
    assert await store.articles.texts([]) == {}


def ids(found):
    return [one.id for one in found]


async def test_articles_come_in_pages_by_their_ids(store):
    stored = [await add_article(store, name) for name in "abcde"]
    first = await store.articles.since(START, limit=2)
    assert ids(first) == ids(stored[:2])
    assert ids(await store.articles.since(START, after=first[-1].id, limit=2)) == ids(stored[2:4])
    assert ids(await store.articles.since(START, after=stored[-1].id)) == []


async def test_articles_seen_at_the_instant_count_and_those_before_do_not(store):
    before = await add_article(store, "a", seen_at=START - timedelta(seconds=1))
    at = await add_article(store, "b")
    await store.articles.assign({-1: [before], -2: [at]})
    assert ids(await store.articles.since(START)) == [at.id]
    assert [one.id for one, _ in await store.articles.grouped_since(START)] == [at.id]
    assert [ids(one.articles) for one in await stories(store, "energy", since=START)] == [[at.id]]
    assert await store.articles.live_keys(["energy"], since=START) == {"energy": 1}


async def test_private_articles_come_only_where_all_are_asked_for(store):
    mine = await add_article(store, "mine", public=False)
    ours = await add_article(store, "ours")
    assert ids(await store.articles.since(START)) == [ours.id]
    assert ids(await store.articles.since(START, public=False)) == [mine.id, ours.id]


async def test_articles_in_other_languages_answer_to_no_key_of_a_room(store):
    await add_article(store, "a")
    asked = {"since": START, "languages": ["de"]}
    assert await store.articles.live_keys(["energy"], **asked) == {}
    asked["languages"] = ["de", "en"]
    assert await store.articles.live_keys(["energy"], **asked) == {"energy": 1}


async def test_an_entry_ends_at_once_where_its_public_article_is_known(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("dam"), feed_entry("mine"))
    first, second = await store.entries.claim(now=START, limit=9, lease=DAY)
    key, secret = ([page_key(f"https://harbour.example/{name}")] for name in ("dam", "mine"))
    await add_article(store, "mine", public=False)
    assert not await store.articles.end_known(key, entry_id=first.id)
    assert not await store.articles.end_known(secret, entry_id=second.id)
    assert await store.entries.pending_count() == 2
    await add_article(store, "dam")
    assert await store.articles.end_known(key, entry_id=first.id)
    assert await store.entries.pending_count() == 1


async def test_new_stories_have_ids_in_the_order_they_are_given(store):
    stored = [await add_article(store, name) for name in "abc"]
    names = await store.articles.assign({-2: [stored[0]], -1: [stored[1]], -3: [stored[2]]})
    assert sorted(names, key=names.__getitem__) == [-2, -1, -3]


async def test_an_older_article_leaves_the_end_of_its_story_as_it_was(store):
    newer = await add_article(store, "a", seen_at=START + DAY)
    older = await add_article(store, "b", seen_at=START)
    story_id = (await store.articles.assign({-1: [newer]}))[-1]
    await store.articles.assign({story_id: [older]})
    (found,) = await stories(store, "energy")
    assert (found.first_at, found.last_at) == (START + DAY, START + DAY)
    assert ids(found.articles) == [older.id, newer.id]


async def test_a_story_of_many_articles_comes_with_its_forty_newest(store):
    stored = [await add_article(store, f"a{n}") for n in range(41)]
    await store.articles.assign({-1: stored})
    (found,) = await stories(store, "energy")
    assert ids(found.articles) == ids(stored[1:])
    assert len(found.fingerprints) == 40


async def test_the_newest_stories_of_a_key_come_first(store):
    old = await add_article(store, "old")
    new = await add_article(store, "new", seen_at=START + DAY)
    also_old = await add_article(store, "too")
    names = await store.articles.assign({-1: [old], -2: [new], -3: [also_old]})
    found = await stories(store, "energy")
    assert [one.id for one in found] == [names[-2], names[-1], names[-3]]


async def test_a_story_answers_with_its_best_score(store):
    pair = [await add_article(store, name, matches={"energy": score}) for name, score in
            (("a", 0.3), ("b", 0.9), ("c", 0.5))]  # fmt: skip
    await store.articles.assign({-1: pair})
    (found,) = await stories(store, "energy")
    assert dict(found.matches) == {"energy": 0.9}


async def test_an_article_seen_at_the_instant_of_a_purge_stays(store):
    kept = await add_article(store, "a")
    await store.articles.assign({-1: [kept]})
    assert await store.articles.purge(START) == 0
    assert len(await stories(store, "energy")) == 1
    assert await store.articles.purge(START + timedelta(seconds=1)) == 1


async def test_what_is_grouped_up_to_an_id_is_not_looked_over(store):
    first, second = await add_article(store, "a"), await add_article(store, "b")
    found = await store.articles.ungrouped(10, after=first.id)
    assert [one.id for one in found] == [second.id]
    assert await store.headlines.newest_id() == second.id

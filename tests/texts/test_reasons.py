"""Reasons are told in the reader's language, and none is forgotten."""

import pytest

from bot.reasons import LEGACY, Reason
from bot.texts import explain, texts_for
from bot.texts.reasons import SENTENCES

ENGLISH, GERMAN = texts_for("en"), texts_for("de")
# They stand in databases. A code that is new is added; none is ever taken away.
STORED = """
    admins-only backslash-in-host bot-blocked brief-failed briefing-unanswered
    broken-compression chat-gone chat-migrated cut-short feed-ended feed-not-there flood-wait
    host-paused http-status index-without-sitemaps invalid-certificate invalid-json
    leads-to-no-public-address link-local-address link-too-long link-with-password list-too-long
    missed-in-outage name-not-found never-answered no-answer-in-time no-answer-twice no-article
    no-command no-feed no-feed-linked no-feed-there no-http no-json-feed no-opml
    no-public-address no-public-name no-subscriptions no-subscriptions-yet no-such-command
    no-such-place no-such-port no-such-topic no-time no-url no-web-port not-on-a-break not-read
    not-read-any-more nothing-named nothing-to-brief-on old-button old-settings-button
    old-time-button old-zone-button other-scheme own-entities page-status paused process-died
    query-contradicts-itself query-empty query-of-too-many-words query-only-excludes
    query-too-long result-too-large retired-language retired-method retired-setting
    retired-settings retired-topic retired-zone robots-excluded robots-out-of-reach setup
    sitemap-without-news sitemaps-without-news store-unavailable stories-left-out story-broken
    tag-too-long telegram-says time-missing too-many-at-once too-many-bytes too-many-redirects
    too-many-subscriptions too-many-times too-much-memory too-old too-slow topic-gone
    topics-left-out undone-already unforeseen unknown-compression unreachable unreadable-feed
    unreadable-host unreadable-part unsubscribe-from-what until-when
"""


def test_a_code_that_was_ever_stored_has_its_sentence():
    assert set(STORED.split()) <= SENTENCES.keys()


@pytest.mark.parametrize(
    ("reason", "english", "german"),
    [
        (Reason("paused"), "paused", "pausiert"),
        (Reason("http-status", {"status": 1503}), "its server answered 1,503", None),
        (
            Reason("not-read", {"words": "dam", "names": ("a", "b", "c")}),
            "You don't read “dam”. You read: a, b, c.",
            None,
        ),
        (
            Reason("topics-left-out", {"names": ("a", "b", "c")}),
            "left out for a fault on our side: a, b and c",
            None,
        ),
        (
            Reason("no-such-topic", {"words": "nort", "names": ("a", "b")}),
            "No topic “nort”. Did you mean a or b? For the very words send /subscribe “nort”",
            None,
        ),
        (
            Reason("no-feed-there", {"address": "x.example", "reason": Reason("no-feed")}),
            "x.example gives no feed (the document is no feed). Try the address of a news site"
            " or of its feed.",
            None,
        ),
        (
            Reason("no-feed-there", {"address": "x.example", "reason": Reason("no-command")}),
            "x.example gives no feed (Send /subscribe and a topic, or /help). Try the address of a"
            " news site or of its feed.",
            None,
        ),
        (Reason(LEGACY, {"text": "paused"}), "paused", "pausiert"),
        (Reason(LEGACY), "", ""),
        (Reason("setup", {"text": "as it is"}), "as it is", "as it is"),
        (Reason("of-a-newer-daybrief", {"n": 2}), "of-a-newer-daybrief n=2", None),
        (Reason("http-status"), "http-status", "http-status"),
        (Reason("not-read", {"words": "dam", "names": 5}), None, None),
    ],
)
def test_a_reason_is_told_with_its_values_or_else_by_its_code(reason, english, german):
    told = explain(reason, ENGLISH), explain(reason, GERMAN)
    assert (english or told[0], german or told[1]) == told
    assert all(isinstance(text, str) for text in told)

"""Errors say what they are to a log, to a process and to whoever stores why."""

import pytest

from bot.errors import (
    ChatMigrated,
    DaybriefError,
    FloodWait,
    NoDatabase,
    SetupError,
    SourceUnavailable,
    TooLarge,
    Unforeseen,
    reason_of,
    story_broken,
)
from bot.reasons import Reason


@pytest.mark.parametrize(
    ("error", "said", "reason", "args"),
    [
        (
            TooLarge("too-many-bytes", n=5),
            "too-many-bytes n=5",
            Reason("too-many-bytes", {"n": 5}),
            ("too-many-bytes",),
        ),
        (
            SourceUnavailable("http-status", status=503, retry_after_s=60.0),
            "http-status status=503",
            Reason("http-status", {"status": 503}),
            ("http-status",),
        ),
        (FloodWait(2.5), "flood-wait seconds=2.5", Reason("flood-wait", {"seconds": 2.5}), (2.5,)),
        (ChatMigrated(-1007), "chat-migrated", Reason("chat-migrated"), (-1007,)),
        (
            Unforeseen("KeyError"),
            "unforeseen kind=KeyError",
            Reason("unforeseen", {"kind": "KeyError"}),
            ("KeyError",),
        ),
        (SetupError("As it is."), "As it is.", Reason("setup", {"text": "As it is."}), None),
    ],
)
def test_an_error_has_its_reason_its_line_and_what_makes_it_again(error, said, reason, args):
    assert str(error) == said
    assert error.reason == reason_of(error) == reason
    assert error.args == (args or (said,))


def test_without_a_word_of_its_host_a_source_is_asked_again_when_we_like():
    assert SourceUnavailable("unreachable").retry_after_s is None
    assert SourceUnavailable("unreachable", retry_after_s=60.0).retry_after_s == 60.0


def test_a_missing_database_is_named_with_what_makes_one():
    error = NoDatabase("data/daybrief.db")
    assert isinstance(error, SetupError)
    assert str(error) == (
        "There is no database data/daybrief.db yet: daybrief run or daybrief db upgrade makes it."
    )
    assert error.args == ("data/daybrief.db",)


def test_what_nobody_foresaw_is_known_by_its_type_alone():
    assert reason_of(KeyError("a reader's words")) == Reason("unforeseen", {"kind": "KeyError"})
    assert reason_of(DaybriefError("paused")) == Reason("paused")


def test_a_story_that_broke_is_told_with_where_it_did():
    try:
        raise ValueError("a reader's words")
    except ValueError as error:
        reason = story_broken(41, error)
    assert reason.code == "story-broken"
    assert {name: reason.values[name] for name in ("story", "kind")} == {
        "story": 41,
        "kind": "ValueError",
    }
    name, _, line = str(reason.values["at"]).partition(":")
    assert name == "test_errors.py"
    assert line.isdecimal()


def test_a_story_that_broke_nowhere_is_told_without_a_place():
    assert story_broken(41, ValueError()).values["at"] == ""

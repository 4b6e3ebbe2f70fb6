"""Buttons say which edition they belong to, within Telegram's 64 bytes."""

import pytest

from bot.render.buttons import button_row, callback_data, read_callback
from bot.texts import texts_for

ENGLISH = texts_for("en")


def test_a_row_names_its_edition():
    ((why, share, settings),) = button_row(42, ENGLISH)
    assert [button.text for button in (why, share, settings)] == ["Why these", "Share", "⚙"]
    assert [button.data for button in (why, share, settings)] == [
        "v1:why:42",
        "v1:share:42",
        "v1:settings:42",
    ]


def test_an_edition_that_was_not_stored_has_no_buttons():
    assert button_row(0, ENGLISH) == ()


@pytest.mark.parametrize("action", ["why", "share", "settings"])
def test_what_a_button_sends_can_be_read_back(action):
    data = callback_data(action, 2**63 - 1)
    assert len(data.encode()) <= 64
    assert read_callback(data) == (action, 2**63 - 1)


@pytest.mark.parametrize(
    "data", ["", "v1", "v1:why", "v1:why:", "v1:why:-1", "v1:why:٣", "v2:why:1", "v1:other:1",
             "v1:why:1:2", "v1:why:" + "9" * 20]
)  # fmt: skip
def test_what_no_button_of_ours_sends_is_not_read(data):
    assert read_callback(data) is None

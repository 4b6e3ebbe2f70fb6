"""Which languages a room reads that chose none."""

import pytest

from bot.domain.address import ChatAddress
from bot.domain.room import Chat, ChatState, Room, UsualLanguages


@pytest.mark.parametrize(
    ("spoken", "available", "read"),
    [
        ("nb", {"en", "no"}, ("no",)),
        ("no", {"en", "nb"}, ("nb",)),
        ("nb-NO", {"en", "nb", "no"}, ("nb",)),
        ("iw", {"en", "he"}, ("he",)),
        ("fil", {"en", "fi"}, ("en",)),
    ],
)
def test_a_language_is_read_by_whatever_code_sources_have_it(spoken, available, read):
    address = ChatAddress(platform="telegram", id="1")
    chat = Chat(
        id=1, address=address, kind="private", language=spoken, zone="", state=ChatState.ACTIVE
    )
    room = Room(id=1, chat=chat, thread=0)
    assert UsualLanguages(available=frozenset(available)).of(room) == read

"""What buttons carry: packed, read again, and refused where it is none of ours."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.callback import MAX_CALLBACK_BYTES, CallbackData, prefix_of


@dataclass(frozen=True)
class Bare(CallbackData):
    prefix: ClassVar[str] = "bare"


@dataclass(frozen=True)
class Named(CallbackData):
    prefix: ClassVar[str] = "named"
    number: int
    text: str


@dataclass(frozen=True)
class Numbers(CallbackData):
    prefix: ClassVar[str] = "numbers"
    ids: tuple[int, ...]


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Bare(), "v1:bare"),
        (Named(7, "07:30"), "v1:named:7:07:30"),
        (Numbers((3,)), "v1:numbers:3"),
        (Numbers((3, 14)), "v1:numbers:3,14"),
    ],
)
def test_a_value_is_written_and_read(value, data):
    assert value.pack() == data
    assert type(value).unpack(data) == value
    assert prefix_of(data) == value.prefix


@given(st.integers(0, 2**63 - 1), st.text(max_size=9))
def test_what_is_packed_is_read_as_it_was(number, text):
    value = Named(number, text)
    data = value.pack()
    assert Named.unpack(data) == value
    assert len(data.encode()) <= MAX_CALLBACK_BYTES


@given(st.text(max_size=80))
def test_any_other_text_is_refused(data):
    for kind in (Bare, Named, Numbers):
        try:
            value = kind.unpack(data)
        except ValueError:
            continue
        assert kind.unpack(value.pack()) == value


@pytest.mark.parametrize(
    "data",
    ["", "v1", "v2:named:1:a", "v1:other:1:a", "v1:named:1", "v1:named:x:a", "v1:named:-1:a",
     "v1:named:12345678901234567890:a", "v1:named:١:a"],
)  # fmt: skip
def test_what_is_not_ours_or_broken_is_refused(data):
    with pytest.raises(ValueError, match=r"not of Named|no number"):
        Named.unpack(data)


@pytest.mark.parametrize("numbers", ["", "x", "3,", ",3", "3,x", "x,3", "3,,4", "3:4"])
def test_a_list_with_anything_but_numbers_is_refused(numbers):
    with pytest.raises(ValueError, match="no number"):
        Numbers.unpack(f"v1:numbers:{numbers}")


def test_no_more_is_packed_than_a_button_holds():
    fits = "x" * (MAX_CALLBACK_BYTES - len("v1:named:1:"))
    assert Named(1, fits).pack().endswith("x")
    with pytest.raises(ValueError, match="over 64 bytes"):
        Named(1, fits + "x").pack()
    with pytest.raises(ValueError, match="over 64 bytes"):
        Named(1, "é" * 30).pack()


def test_only_our_version_has_prefixes():
    assert prefix_of("v1:zone:UTC") == "zone"
    assert prefix_of("v2:zone:UTC") == ""
    assert prefix_of("zone") == ""

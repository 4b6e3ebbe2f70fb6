"""What a button sends back when it is tapped: typed values in at most 64 bytes (Bot API)."""

import re
from dataclasses import dataclass, fields
from typing import ClassVar, Self, get_type_hints

__all__ = ["MAX_CALLBACK_BYTES", "CallbackData", "prefix_of"]

MAX_CALLBACK_BYTES = 64
# Messages outlive versions of the bot: a tap on an old one is read as it was meant then.
_VERSION = "v1"
_NUMBER = re.compile("[0-9]{1,19}")


@dataclass(frozen=True)
class CallbackData:
    """Base of what buttons carry: a subclass sets its ``prefix`` and declares its fields.

    Fields are text, numbers, or tuples of numbers, written as ``v1:prefix:field:field``; only
    the last may contain a colon. Numbers are 0 or more, of 19 digits at most, and tuples are not
    empty. A prefix belongs to one use case and is never given another meaning.
    """

    prefix: ClassVar[str]

    def pack(self) -> str:
        """Return the button's text; raise ValueError if that is over 64 bytes of UTF-8.

        Nothing else is checked: what the class says no field may hold is not read back.
        """
        values = []
        for field in fields(self):
            value = getattr(self, field.name)
            values.append(",".join(map(str, value)) if isinstance(value, tuple) else str(value))
        data = ":".join([_VERSION, self.prefix, *values])
        if len(data.encode()) > MAX_CALLBACK_BYTES:
            raise ValueError(f"callback data over {MAX_CALLBACK_BYTES} bytes: {data!r}")
        return data

    @classmethod
    def unpack(cls, data: str) -> Self:
        """Return what ``pack`` wrote; raise ValueError for a text of another class or form.

        Values are checked for their form alone: a tap may bring any number.
        """
        hints = get_type_hints(cls)
        names = [field.name for field in fields(cls)]
        pieces = data.split(":", maxsplit=len(names) + 1)
        head, values = pieces[:2], pieces[2:]
        if head != [_VERSION, cls.prefix] or len(values) != len(names):
            raise ValueError(f"not of {cls.__name__}: {data!r}")
        return cls(
            **{name: _read(hints[name], value) for name, value in zip(names, values, strict=True)}
        )


def _read(kind: object, value: str) -> str | int | tuple[int, ...]:
    if kind is str:
        return value
    numbers = value.split(",") if kind == tuple[int, ...] else [value]
    if not all(map(_NUMBER.fullmatch, numbers)):
        raise ValueError(f"no number: {value!r}")
    return tuple(map(int, numbers)) if kind == tuple[int, ...] else int(value)


def prefix_of(data: str) -> str:
    """Return the prefix of a button's text, "" if it is of another version than ours.

    Whether any class has that prefix is not checked.
    """
    version, _, rest = data.partition(":")
    return rest.partition(":")[0] if version == _VERSION else ""

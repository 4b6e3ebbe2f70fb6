"""What an edition said, as a value that is stored once: the briefing without publishers' words.

A sentence is stored as its place in an immutable text, a title by the text of its article; both
come back by ``with_words``. From the value its messages can be made again, in any language.

The stored form is JSON, compressed by zlib: ``[version, briefing]``. A value is an object of the
fields that differ from their defaults, by their names; a place is ``[text id, start, length]`` and
another outlet's report ``[text id]``, with an object of further fields behind it if there are any;
a reason is ``[code, values]``; dates and instants are in ISO 8601. Fields with a default may be
added: a value without one is read with its default, and a name that is no field is passed over.
To rename or to remove one, or to give it another meaning, takes a new version
(docs/decisions/0094).
"""

import json
import types
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from bot.domain.article import Article
from bot.domain.briefing import Briefing, BriefingStory, ListedStory, OtherReport, Quotation
from bot.reasons import Reason

__all__ = ["dump_content", "load_content", "plain_content", "text_ids", "with_words"]

_VERSION = 1
# What an article says of a place in its text and of its outlet, and what is stored by itself.
_OF_PLACE = frozenset({"text", "url", "source", "dated_at", "text_id", "start", "end"})
# What it says of a story that bears its title.
_OF_STORY = frozenset({"title", "url", "source"})
# What links to an article.
_Links = BriefingStory | ListedStory | OtherReport
_Node = TypeVar("_Node")


def dump_content(briefing: Briefing) -> bytes:
    """Return ``briefing`` as it is stored.

    What ``with_words`` gives back is left out: words, addresses, outlets and days of quotations,
    and the titles of stories, where the text is known. Raises TypeError for a value of a type
    that no field of a briefing has.
    """
    stored = [_VERSION, plain_content(briefing)]
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 9)


def plain_content(briefing: Briefing) -> dict[str, Any]:
    """Return what is stored of ``briefing``, as JSON has it; raises as ``dump_content``."""
    return _fields_of(briefing)


def load_content(data: bytes) -> Briefing:
    """Return the briefing that ``dump_content`` wrote, with "" for the words it left out.

    The day of such a quotation is that of the briefing. Raises ValueError for what is not of this
    form, or of a version that is not known.
    """
    try:
        version, plain = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        if version != _VERSION:
            raise ValueError(f"version {version} of a content is not known")
        briefing: Briefing = _value(Briefing, plain)
    except (zlib.error, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no content: {error}") from error

    def dated(node: Any) -> Any:
        is_undated = isinstance(node, Quotation) and node.dated_at == date.min
        return replace(node, dated_at=briefing.local_date) if is_undated else node

    return _changed(briefing, dated)


def text_ids(said: Briefing | BriefingStory) -> frozenset[int]:
    """Return the ids of all texts that ``said`` quotes, or to whose articles it links."""
    found: set[int] = set()

    def look(node: Any) -> Any:
        if isinstance(node, Quotation | _Links):
            found.add(node.text_id)
        return node

    _changed(said, look)
    return frozenset(found - {0})


def with_words(briefing: Briefing, articles: Mapping[int, Article], *, gone: str) -> Briefing:
    """Return ``briefing`` with the words that ``dump_content`` left out.

    ``articles`` are by the ids of their texts, with these texts. A sentence without its article
    says ``gone``, without address, outlet or day of its own; a title without it is "", and other
    outlets without theirs are left out. Outlets are called as ``articles`` have it, which may be a
    better name than the one that was sent.
    Raises as ZoneInfo where the briefing's zone is none.
    """
    zone = ZoneInfo(briefing.zone)

    def filled(node: Any) -> Any:
        if isinstance(node, BriefingStory):
            known = tuple(other for other in node.also_in if other.source or other.url)
            node = replace(node, also_in=known)
        if not isinstance(node, Quotation | _Links) or not node.text_id:
            return node
        article = articles.get(node.text_id)
        if article is None:
            return replace(node, text=gone) if isinstance(node, Quotation) else node
        if isinstance(node, Quotation):
            return replace(
                node,
                text=article.text[node.start : node.end],
                url=article.url,
                source=article.source,
                dated_at=article.dated_at.astimezone(zone).date(),
            )
        if isinstance(node, OtherReport):
            return replace(node, url=article.url, source=article.source)
        if isinstance(node, ListedStory):
            return replace(node, title=article.title, url=article.url)
        return replace(node, title=article.title, url=article.url, source=article.source)

    return _changed(briefing, filled)


def _changed(node: _Node, change: Callable[[Any], Any]) -> _Node:
    """Return ``node`` with each value in it that has fields changed, inner ones first."""
    if isinstance(node, tuple):
        return tuple(_changed(item, change) for item in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, Reason):
        return node
    new: dict[str, Any] = {}
    for field in fields(node):
        before = getattr(node, field.name)
        if isinstance(before, tuple) or is_dataclass(before):
            after = _changed(before, change)
            if after is not before:
                new[field.name] = after
    changed: _Node = change(replace(node, **new) if new else node)  # type: ignore[type-var]
    return changed


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON has it."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Quotation | OtherReport) and value.text_id:
        place: list[Any] = [value.text_id]
        if isinstance(value, Quotation):
            place += [value.start, value.end - value.start]
        more = _fields_of(value, besides=_OF_PLACE)
        return [*place, more] if more else place
    if isinstance(value, Reason):
        return [value.code, {name: _plain(item) for name, item in value.values.items()}]
    if isinstance(value, date):  # an instant is one, too
        return value.isoformat()
    if not is_dataclass(value):
        raise TypeError(f"a content holds no {type(value).__name__}")
    has_text = isinstance(value, _Links) and value.text_id
    return _fields_of(value, besides=_OF_STORY if has_text else frozenset())


def _fields_of(value: Any, *, besides: frozenset[str] = frozenset()) -> dict[str, Any]:
    kind: Any = type(value)
    return {
        name: _plain(item)
        for name, unstored in _unstored(kind).items()
        if name not in besides and (item := getattr(value, name)) != unstored
    }


# Of fields without a default: what the words are as long as they are not loaded.
_BLANKS: Mapping[str, object] = {
    **dict.fromkeys(("text", "url", "source", "title"), ""),
    "dated_at": date.min,
}


@cache
def _unstored(cls: Any) -> Mapping[str, object]:
    """Return the names of the fields of ``cls``, with the value that is not stored of each."""
    return {
        field.name: _BLANKS.get(field.name, MISSING) if field.default is MISSING else field.default
        for field in fields(cls)
    }


_types_of = cache(get_type_hints)


def _value(kind: Any, plain: Any) -> Any:
    """Return the value of type ``kind`` of which ``_plain`` made ``plain``.

    Raises ValueError, TypeError or AttributeError where it made no such thing.
    """
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:  # with None: no other stands in a briefing
        some = next(each for each in get_args(kind) if each is not types.NoneType)
        return None if plain is None else _value(some, plain)
    if origin is tuple:
        kinds = get_args(kind)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(_value(kinds[0], item) for item in plain)
        return tuple(_value(each, item) for each, item in zip(kinds, plain, strict=True))
    if is_dataclass(kind):
        return _made(kind, plain)
    return kind.fromisoformat(plain) if kind in {date, datetime} else kind(plain)


def _made(cls: Any, plain: Any) -> Any:
    """Return the ``cls`` of stored fields, with what is not stored of the others."""
    if cls is Reason:
        code, values = plain
        return Reason(str(code), {name: _filling(item) for name, item in values.items()})
    if cls is OtherReport and isinstance(plain, list):
        text_id, *more = plain
        plain = {"text_id": text_id}
        plain.update(*more)
    if cls is Quotation and isinstance(plain, list):
        text_id, start, length, *more = plain
        plain = {"text_id": text_id, "start": start, "end": start + length}
        plain.update(*more)
    kinds = _types_of(cls)
    unstored = {name: value for name, value in _unstored(cls).items() if value is not MISSING}
    given = {name: _value(kinds[name], item) for name, item in plain.items() if name in kinds}
    return cls(**unstored | given)


def _filling(plain: Any) -> Any:
    """Return what fills a blank of a reason: a list is of texts, or a reason."""
    if isinstance(plain, list) and len(plain) == 2 and isinstance(plain[1], Mapping):
        return _value(Reason, plain)
    return tuple(map(str, plain)) if isinstance(plain, list) else plain

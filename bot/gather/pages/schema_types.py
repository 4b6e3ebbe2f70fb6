"""schema.org in a page's JSON-LD: what it calls itself, and the sections it names."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

__all__ = ["sections_of", "type_name", "types_of"]

_MAX_VALUES = 50  # types and sections that are looked at, of each


def types_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the schema.org types of a JSON-LD document, as it writes them, outer ones first.

    Those of the object itself, its @graph and its mainEntity; not of what it embeds, such as the
    film in a report. Without repeats, at most 50. Values that are no types are passed over.
    """
    found = (name for item in _objects(data) for name in _texts(item.get("@type")))
    return tuple(islice(dict.fromkeys(found), _MAX_VALUES))


def sections_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sections that a JSON-LD document names: articleSection and its breadcrumbs.

    As they stand there, without repeats, at most 50. Values that are no texts are passed over.
    """
    found: list[str] = []
    for item in _objects(data):
        found += _texts(item.get("articleSection"))
        crumbs = item.get("breadcrumb", item)
        if isinstance(crumbs, dict) and "breadcrumblist" in map(
            type_name, _texts(crumbs.get("@type"))
        ):
            elements = crumbs.get("itemListElement")
            for element in elements if isinstance(elements, list) else ():
                if isinstance(element, dict):
                    inner = element.get("item")
                    found += _texts(element.get("name"))
                    found += _texts(inner.get("name")) if isinstance(inner, dict) else ()
    return tuple(islice(dict.fromkeys(found), _MAX_VALUES))


def type_name(name: str) -> str:
    """Return "review" of "schema:Review" and of "https://schema.org/Review": in lower case."""
    return name.strip().rstrip("/").replace("/", ":").replace("#", ":").rpartition(":")[2].lower()


def _objects(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(found, list):
        for item in found:
            yield from _objects(item, depth + 1)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph"), depth + 1)
        yield from _objects(found.get("mainEntity"), depth + 1)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]

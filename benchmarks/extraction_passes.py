"""What each pass of the extraction is worth: the articles read again without it.

A pass is taken out by putting a function that does nothing in its place, in this process only.
trafilatura, which runs before the passes, reads each markup once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.extraction_sets import Page
from bot.errors import NotAnArticle
from bot.gather.pages import body, clean, completion, extract, metadata, preparation

__all__ = ["PASSES", "remembering", "without_each"]


class _Patch(NamedTuple):
    """A name in a module, and what stands in its place while a pass is out."""

    module: ModuleType
    name: str
    replacement: Callable[..., Any]


def _same(value: Any, *_: object, **__: object) -> Any:
    return value


def _false(*_: object, **__: object) -> bool:
    return False


def _zero(*_: object, **__: object) -> int:
    return 0


def _nothing(*_: object, **__: object) -> frozenset[str]:
    return frozenset()


def _undeclared(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any], *, url: str) -> str:
    """Read a page as if its structured data held no text."""
    left = {key: value for key, value in data.items() if key != "articleBody"}
    return body.article_body(markup, tree, left, url=url)


# In the order in which they run.
_PATCHES: dict[str, list[_Patch]] = {
    "prepare": [_Patch(body, "prepare", _false)],
    "hidden": [_Patch(preparation, "_hidden", _nothing)],
    "is_front": [_Patch(body, "is_front", _false)],
    "in_lines": [_Patch(body, "in_lines", _same)],
    "completed": [_Patch(body, "completed", _same)],
    "repeated": [_Patch(body, "repeated", _nothing), _Patch(completion, "repeated", _nothing)],
    "with_lists": [_Patch(body, "with_lists", _same)],
    "without_teasers": [_Patch(body, "without_teasers", _same)],
    "without_offer_below": [_Patch(body, "without_offer_below", _same)],
    "without_offers": [_Patch(body, "without_offers", _same)],
    "with_lead": [_Patch(body, "with_lead", _same)],
    "head": [_Patch(clean, "_without_head", _same)],
    "tail": [_Patch(clean, "_without_tail", _same)],
    "flat head": [_Patch(clean, "_flat_beginning", _zero)],
    "furniture": [_Patch(clean, "is_furniture", _false)],
    "sentences like furniture": [_Patch(clean, "_is_told", _false)],
    "captions": [_Patch(clean, "is_caption", _false)],
    "pointers": [_Patch(body, "linked_lines", _nothing)],
    "linked_headings": [_Patch(body, "linked_headings", _nothing)],
    "articleBody": [_Patch(extract, "article_body", _undeclared)],
    "below the headline": [_Patch(body, "article_lines", lambda *_: [])],
    "embedded": [_Patch(body, "embedded_lines", _nothing)],
    "is_wall": [_Patch(body, "is_wall", _false)],
}
PASSES = tuple(_PATCHES)


def without_each(page: Page) -> dict[str, str]:
    """Return the text of the article by the pass that was taken out, "" where it is refused."""
    with remembering(), _patched([_Patch(metadata, "published_at", lambda *_: None)]):
        texts = {}
        for name, patches in _PATCHES.items():
            with _patched(patches):
                try:
                    texts[name] = extract.extract_article(page.html, url=page.url).text
                except NotAnArticle:
                    texts[name] = ""
        return texts


@contextmanager
def remembering() -> Iterator[None]:
    """Let trafilatura read each markup only once within the block."""
    with _patched([_Patch(trafilatura, "extract", cache(trafilatura.extract))]):
        yield


@contextmanager
def _patched(patches: Sequence[_Patch]) -> Iterator[None]:
    before = [(patch, getattr(patch.module, patch.name)) for patch in patches]
    try:
        for patch in patches:
            setattr(patch.module, patch.name, patch.replacement)
        yield
    finally:
        for patch, value in before:
            setattr(patch.module, patch.name, value)

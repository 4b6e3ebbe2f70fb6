"""The newsroom's data files, read."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.tryout.newsroom.model import FeedFormat, Outlet, Retitled, SampleArticle
from bot.tryout.newsroom.newsroom import Newsroom

__all__ = ["load_newsroom"]

_DATA = Path(__file__).with_name("data")


@lru_cache(maxsize=1)
def load_newsroom() -> Newsroom:
    """Return the newsroom that ships with the product; read once, then shared."""
    outlets = tuple(_outlet(fields) for fields in _read("outlets.json"))
    drafts = list(_drafts())
    texts = {draft["slug"]: draft.get("paragraphs", ()) for draft in drafts}
    articles = tuple(_article(draft, texts) for draft in drafts)
    events = {slug: tuple(topics) for slug, topics in _read("events.json").items()}
    return Newsroom(outlets, articles, events)


def _drafts() -> Iterator[dict[str, Any]]:
    """Yield every article as its file has it, in the order of the files' names."""
    for path in sorted(_DATA.glob("day-*.json")):
        yield from _read(path.name)


def _outlet(fields: dict[str, Any]) -> Outlet:
    return Outlet(**{**fields, "feed": FeedFormat(fields["feed"])})


def _article(draft: dict[str, Any], texts: dict[str, list[str]]) -> SampleArticle:
    """Return the article of ``draft``; a copy takes its paragraphs from the original."""
    paragraphs = draft.get("paragraphs") or texts[draft["copy_of"]]
    retitled = draft.get("retitled")
    return SampleArticle(
        **{
            **draft,
            "paragraphs": tuple(paragraphs),
            "related": tuple(draft.get("related", ())),
            "retitled": Retitled(**retitled) if retitled else None,
        }
    )


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))

"""Loads the sample newsroom from its data files."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.tryout.newsroom.model import FeedFormat, Outlet, Retitled, SampleArticle
from bot.tryout.newsroom.newsroom import Newsroom

__all__ = ["load_newsroom"]

_DATA = Path(__file__).with_name("data")


@lru_cache(maxsize=1)
def load_newsroom() -> Newsroom:
    """Return the newsroom that ships with the product.

    The first call reads its files (it blocks, for some 0.03 s); later ones return the same object.
    """
    outlets = tuple(
        Outlet(**{**fields, "feed": FeedFormat(fields["feed"])}) for fields in _read("outlets.json")
    )
    days = sorted(_DATA.glob("day-*.json"))
    drafts: list[dict[str, Any]] = [draft for day in days for draft in _read(day.name)]
    texts = {draft["slug"]: draft.get("paragraphs", ()) for draft in drafts}
    articles = []
    for draft in drafts:
        # A copy has the paragraphs of its original.
        paragraphs = draft.get("paragraphs") or texts[draft["copy_of"]]
        retitled = draft.get("retitled")
        article = {
            **draft,
            "paragraphs": tuple(paragraphs),
            "related": tuple(draft.get("related", ())),
            "retitled": Retitled(**retitled) if retitled else None,
        }
        articles.append(SampleArticle(**article))
    events = {slug: tuple(topics) for slug, topics in _read("events.json").items()}
    return Newsroom(outlets, tuple(articles), events)


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))

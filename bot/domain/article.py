"""Articles, and what a feed says about them before we have read them."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Article", "StoredArticle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article after clean-up; two articles with one ``url`` are the same article.

    ``language`` is an ISO 639-1 code, or "" if unknown. ``source`` is the outlet's name, which
    may become a better one; ``outlet`` is its id, which stays, "" if unknown. ``kind`` says what
    it is: "news", "opinion", "live" and so on; ``paywalled`` whether its publisher marks it as not
    free.
    ``published_at`` is what the publisher claims: it may lie in the future, or be
    missing; ``seen_at`` is when we first read it. Both are aware and in UTC.
    ``text`` has one paragraph a line.
    """

    url: str
    title: str
    text: str
    language: str
    source: str
    published_at: datetime | None
    seen_at: datetime
    outlet: str = ""
    kind: str = "news"
    paywalled: bool = False

    @property
    def outlet_key(self) -> str:
        """What tells outlets apart: the id, or the name where there is none."""
        return self.outlet or self.source

    @property
    def dated_at(self) -> datetime:
        """The date we trust: the publisher's, but never later than when we saw it.

        ``seen_at`` where the publisher gives none.
        """
        return min(self.published_at or self.seen_at, self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article with its place in the store: ``text_id`` names its immutable text."""

    id: int
    text_id: int
    article: Article

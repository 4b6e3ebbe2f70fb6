"""Articles for tests, with fixed defaults for the fields that a test does not give."""

from datetime import UTC, datetime, timedelta

from bot.domain.article import Article, StoredArticle

NOW = datetime(2026, 6, 5, 5, 30, tzinfo=UTC)


def article(title="A title", text="", *, age_h=1.0, **fields):
    """Return an article that was published and seen ``age_h`` hours before NOW."""
    at = NOW - timedelta(hours=age_h)
    defaults = {
        "url": f"https://harbour.example/{len(title)}-{len(text)}-{age_h}",
        "language": "en",
        "source": "Harbour Post",
        "published_at": at,
        "seen_at": at,
    }
    return Article(**{**defaults, "title": title, "text": text, **fields})


def stored(id_, title="A title", text="", *, age_h=1.0, **fields):
    """Return a stored article with the id ``id_``; the id of its text is 1000 + ``id_``."""
    fields.setdefault("url", f"https://harbour.example/{id_}")
    return StoredArticle(
        id=id_, text_id=1000 + id_, article=article(title, text, age_h=age_h, **fields)
    )

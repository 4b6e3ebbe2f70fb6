"""Short RSS feeds and HTML pages, to serve with ``Web``."""

from html import escape

__all__ = ["item", "page", "rss"]


def item(link: str, title: str, *, guid: str = "", text: str = "", at: str = "") -> str:
    """Return an ``<item>``; ``at`` is an RFC 822 date, and ``guid`` is ``link`` if empty."""
    dated = f"<pubDate>{at}</pubDate>" if at else ""
    about = f"<description>{escape(text)}</description>" if text else ""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<guid>{guid or escape(link)}</guid>{dated}{about}</item>"
    )


def rss(*items: str, title: str = "Quay") -> str:
    """Return an RSS 2.0 feed of ``items``, which are XML from ``item``."""
    return (
        f'<rss version="2.0"><channel><title>{title}</title><language>en</language>'
        f"{''.join(items)}</channel></rss>"
    )


def page(title: str, *paragraphs: str, head: str = "") -> str:
    """Return the HTML page of an article; ``paragraphs`` and ``head`` are HTML."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )

"""The page that the project began with: which of its lines the extraction keeps."""

from collections.abc import Callable, Sequence
from html import escape

__all__ = ["seed_lines"]

# In the starting document, every longer line but the caption is a paragraph of the article.
_PARAGRAPH_CHARS = 95


def seed_lines(text: str, extract: Callable[[bytes], str]) -> dict[str, dict[str, int]]:
    """Return how many boilerplate lines of the document are kept and paragraphs lost, by form.

    ``text`` is the document, flat. ``extract`` returns the article of a page, "" without one.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    caption = next(line for line in lines if line.endswith(")") and "(Kim Jong Un" in line)
    article = [line for line in lines if len(line) > _PARAGRAPH_CHARS and line != caption]
    furniture = [line for line in lines if line not in article]
    found = {}
    for name, html in _wrappings(lines, caption).items():
        left = extract(html.encode()).split("\n")
        kept = " ".join(left)
        found[name] = {
            "furniture left": sum(line in left for line in furniture if "'Illegal'" not in line),
            "paragraphs lost": sum(line not in kept for line in article),
        }
    return found


def _wrappings(lines: Sequence[str], caption: str) -> dict[str, str]:
    """Return the document as HTML in three forms: with article and figure, of divs, and flat."""
    words = caption.split(" (", 1)[0]
    image = f'<img src="/a.jpg" alt="{escape(words)}">'
    figure = f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>"
    as_article = "".join(figure if line == caption else f"<p>{escape(line)}</p>" for line in lines)
    divs = "".join(f"<div>{escape(line)}</div>" for line in lines)
    flat = "<br><br>".join(escape(line) for line in lines)
    return {
        name: f"<html><head><title>inkl</title></head><body>{body}</body></html>"
        for name, body in (
            ("figure", f"<article>{as_article}</article>"),
            ("div", divs),
            ("flat", f"<div>{flat}</div>"),
        )
    }

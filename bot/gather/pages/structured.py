"""What a page says of its article in structured data: JSON-LD, as it is found in the wild."""

import html
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser

__all__ = ["article_data", "json_documents", "one_line", "plain", "scalar"]

# schema.org's types of articles; Report is one, too.
_ARTICLE_TYPES = regex.compile(r"\w*Article|Report|BlogPosting|LiveBlogPosting")
# Where a prefix or an address ends that stands before a name of schema.org.
_PREFIX = regex.compile(r"^(?:https?://schema\.org/|schema(?:org)?:)")
_START = regex.compile(r"[{\[]")
_TRAILING_COMMA = regex.compile(r",(?=\s*[}\]])")
# Documents of one script, and objects within one document, that are looked at.
_MAX_DOCUMENTS = 20
_MAX_DEPTH = 5
_MAX_OBJECTS = 2_000
# How often software on the way of a text escapes its markup.
_MAX_ESCAPES = 3
# Elements of running text that editors put into headlines; other "<" are characters.
_INLINE = (
    r"a|abbr|b|bdi|bdo|big|br|cite|code|del|em|font|i|ins|mark|p|q|s|small|span|strong|sub|sup|u"
)
_TAG = regex.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", regex.IGNORECASE)
_BREAK = regex.compile(r"<(?:br|p)(?:\s[^<>]*)?/?>", regex.IGNORECASE)
_ESCAPED_TAG = regex.compile(r"&(?:amp;)*+(?:lt|#0*60|#x0*3c);/?[a-z][a-z0-9]*", regex.IGNORECASE)
_SOFT_HYPHEN = "\u00ad"


def article_data(tree: LexborHTMLParser, titles: Collection[str] = ()) -> Mapping[str, Any]:
    """Return the page's article in JSON-LD (schema.org), {} if there is none.

    Of several the first whose headline is among ``titles`` (each on one line, without markup),
    else the first. Names are without prefixes, "headline" is plain text on one line, and an
    "articleBody" that was escaped, up to three times, is markup again; a "publisher" that only
    refers to another object of the page is that object. All other values are the publisher's, of
    any type. Never raises; linear.
    """
    objects = list(_objects(tree))
    found = [item for item in objects if _is_article(item)]
    if not found:
        return {}
    headlines = [one_line(scalar(item.get("headline"))) for item in found]
    wanted = {title.casefold() for title in titles}
    at = next((n for n, line in enumerate(headlines) if line.casefold() in wanted), 0)
    data = {**found[at], "headline": headlines[at]}
    body = data.get("articleBody")
    if isinstance(body, list):
        body = "\n".join(part for part in body if isinstance(part, str))
    for _ in range(_MAX_ESCAPES):
        if isinstance(body, str) and "<" not in body and _ESCAPED_TAG.search(body):
            body = html.unescape(body)
    data["articleBody"] = body
    publisher = data.get("publisher")
    if isinstance(publisher, Mapping) and "name" not in publisher and "@id" in publisher:
        same = (item for item in objects if item.get("@id") == publisher["@id"] and "name" in item)
        data["publisher"] = next(same, publisher)
    return data


def json_documents(tree: LexborHTMLParser) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of the page's JSON-LD in their order, outer ones first, at most 2,000.

    Names are without prefixes. Never raises.
    """
    return _objects(tree)


def scalar(value: object) -> object:
    """Return the first value of a list, and the value of a value object ("@value", "name")."""
    for _ in range(_MAX_DEPTH):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            value = value.get("@value", value.get("name"))
    return value


def one_line(value: object) -> str:
    """Return text as plain text on one line, "" for anything else."""
    return " ".join(plain(value).split()) if isinstance(value, str) else ""


def plain(text: str) -> str:
    """Return text of a field as characters, without the markup of headlines.

    Character references are resolved, also where they were escaped once more. "<" stays where it
    begins no element of running text.
    """
    for _ in range(2):
        if "<" in text:
            text = _TAG.sub("", _BREAK.sub(" ", text))
        if "&" not in text:
            break
        text = html.unescape(text)
    else:
        text = _TAG.sub("", _BREAK.sub(" ", text)) if "<" in text else text
    return text.replace(_SOFT_HYPHEN, "")


def _is_article(item: Mapping[str, Any]) -> bool:
    kind = item.get("@type", item.get("type"))
    kinds = kind if isinstance(kind, list) else [kind]
    return any(
        isinstance(name, str) and _ARTICLE_TYPES.fullmatch(_PREFIX.sub("", name.strip()))
        for name in kinds
    )


def _objects(tree: LexborHTMLParser) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of the page's JSON-LD in their order, outer ones first, at most 2,000."""
    left = _MAX_OBJECTS
    for node in tree.css("script[type]"):
        # A media type: in any case, perhaps with parameters.
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        if kind == "application/ld+json":
            for document in _documents(node.text()):
                for item in _inner(document):
                    if left == 0:
                        return
                    left -= 1
                    yield item


def _documents(text: str) -> Iterator[Any]:
    """Yield the JSON documents in a script, whatever stands around them (CDATA, comments)."""
    decoder = json.JSONDecoder(strict=False)
    start = _START.search(text)
    is_mended = False
    for _ in range(_MAX_DOCUMENTS):
        if start is None:
            return
        try:
            document, end = decoder.raw_decode(text, start.start())
        except RecursionError:
            return
        except ValueError:
            if text.startswith("[CDATA[", start.start()):  # the bracket of the mark itself
                start = _START.search(text, start.start() + len("[CDATA["))
                continue
            if is_mended:
                return
            is_mended = True
            text = text[start.start() :]
            if '"' not in text:
                text = html.unescape(text)
            text = _TRAILING_COMMA.sub("", text)
            start = _START.search(text)
            continue
        yield document
        start = _START.search(text, end)


def _inner(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(found, list):
        for item in found:
            yield from _inner(item, depth + 1)
    elif isinstance(found, dict):
        item = {_PREFIX.sub("", name): value for name, value in found.items()}
        yield item
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(inner := item.get(name), dict | list):
                yield from _inner(inner, depth + 1)

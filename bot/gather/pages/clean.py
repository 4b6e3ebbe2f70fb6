"""Removal of page furniture from article text: bylines, captions, sign-up lines, teasers."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from importlib import resources

import regex

from bot.gather.pages.blocks import letters
from bot.gather.pages.likeness import is_like
from bot.gather.pages.stops import is_stopped
from bot.gather.pages.walls import site_mentions, word_count

__all__ = ["clean_extracted", "clean_text", "is_caption", "is_furniture"]

# A paragraph of an article has at least so many characters, and ends with a full stop.
_PARAGRAPH_CHARS = 80
# Chinese, Japanese and Korean say the same in half the characters.
_PARAGRAPH_CHARS_CJK = 35
# What stands after an article (walls, teasers, app lines) is made of lines shorter than this.
_TAIL_LINE_CHARS = 140
_TAIL_LINE_CHARS_CJK = 70
# How many letters may stand beside an author's name: "By", the outlet, the day.
_SIGNATURE_LETTERS = 25
# A line that is a date has a year or a time in it, and little else.
_DATE_CHARS = 60
_DATE_DIGITS = 0.15
_DATE = regex.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d[年월]"
)
# A marker longer than this is a sentence that happens to begin like one.
_MARKER_CHARS = 120
_LINE_CHARS = 250
# A sentence has at least so many words.
_TOLD_WORDS = 6
# In so many words one may speak to a reader by chance: in a language that has it for others too.
_LONG_WORDS = 8
_QUOTED = regex.compile(r"[“„«][^“”„»«]*[”“»]|\"[^\"]*\"")
# A longer line is no caption; looking for one takes quadratic time.
_CAPTION_CHARS = 1_000
# How trafilatura marks the items of a list; the page itself has no such dash.
_ITEM = regex.compile(r"^(?:-\s+)+")
# Controls, characters of no meaning, and spaces of no width.
_INVISIBLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u200b\ufeff\u00ad]+")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_DOUBLED = regex.compile(r"(?P<caption>.{8,}?)[\s.]*[\(（\[](?P<again>.{8,})[\)）\]]\s*")
# What a caption's repetition or its credit stands in or behind; most lines have none.
_SET_APART = regex.compile(r"[\[(（/|]")
# "… in Velt (Anna Ort/AFP)", "… / Getty Images": the agency stands in the last place.
_CREDIT = regex.compile(
    r".{0,200}[\(\[/|](?:[^()\[\]]{0,40}[/ ])?"
    r"(?:AP|AP Photo|Getty Images|AFP|Reuters|REUTERS|EPA|dpa|Shutterstock|iStock|Yonhap|EFE|ANSA)"
    r"(?:/[^()\[\]]{1,60})?[\)\]]?\.?"
)


def clean_text(text: str, language: str | None = None) -> str:  # noqa: ARG001 - markers of all languages are tried: pages mix them
    """Return the article of ``text`` without page furniture, one paragraph a line.

    ``text`` has one block of the page a line: a page as an aggregator shows it, or the output of
    an extractor. Removed are masthead and byline above the first paragraph; captions and
    credits; sign-up, share and related-story lines; and everything behind the article's end.
    Sub-headings stay, as lines of their own. "" if nothing of an article is left. No line
    stands twice. ``language`` changes nothing: pages mix languages. Blocks, for milliseconds an
    article, and a third of a second the first time in a process: for pages and feeds, run it in
    a worker. Never raises.
    """
    lines = [line for raw in text.splitlines() if (line := _fold(raw))]
    lines = _without_tail(lines[_flat_beginning(lines) :], _is_long)
    lines = [line for line in lines if not is_furniture(line) and not is_caption(line)]
    # Headings that nothing follows are the titles of other stories.
    end = len(lines)
    while end > 0 and not is_stopped(lines[end - 1]) and not _is_paragraph(lines[end - 1]):
        end -= 1
    return "\n".join(dict.fromkeys(lines[:end] or lines))


def clean_extracted(
    text: str,
    *,
    pointers: Collection[str] = (),
    titles: Collection[str] = (),
    authors: Collection[str] = (),
    repeated: Collection[str] = (),
    is_flat: bool = False,
) -> str:
    """Return the output of an extractor without the furniture left in it, a paragraph a line.

    An extractor has found the article's place on the page, so that less is guessed here than
    in ``clean_text``: lists and unfinished lines stay. ``pointers`` are lines of the page that
    are nothing but a link, ``titles`` its headlines and ``authors`` the names of who wrote it,
    each on one line, as far as they are known; pointers in a set, for each line is looked up. No
    paragraph stands twice but those whose ``letters`` are in ``repeated``; short lines may.
    ``is_flat`` is whether the page marks no headline: what is above the article is guessed then
    as by ``clean_text``. "" if nothing is left. Blocks as ``clean_text`` does; never raises.
    """
    lines = [line for raw in text.splitlines() if (line := _ITEM.sub("", _fold(raw)))]
    head = _flat_beginning(lines) if is_flat else 0
    lines = _without_head(lines[head:], titles, authors)
    kept: dict[str, str] = {}  # by what makes a line a repetition; short ones may repeat
    for n, line in enumerate(_without_tail(lines, _is_article)):
        if is_furniture(line) or is_caption(line):
            continue
        if _is_paragraph(line) and letters(line) not in repeated:
            kept.setdefault(line, line)
        elif line not in pointers:
            kept[f"{n}"] = line
    return "\n".join(kept.values())


def _flat_beginning(lines: Sequence[str]) -> int:
    """Return the number of the first line of an article whose headline nothing marks.

    Above the first paragraph only short sentences right before it are the article's.
    """
    first = next((n for n, line in enumerate(lines) if _is_paragraph(line)), 0)
    while first > 0 and is_stopped(lines[first - 1]) and not is_furniture(lines[first - 1]):
        first -= 1
    return first


def _without_head(lines: list[str], titles: Collection[str], authors: Collection[str]) -> list[str]:
    """Return the lines below the headline, without byline and dateline.

    Only what is known to be such goes: short lines above the first paragraph may be its lead,
    a result or the beginning of a list.
    """
    first = next((n for n, line in enumerate(lines) if _is_paragraph(line)), 0)
    headlines = [n for n in range(first) if any(is_like(lines[n], title) for title in titles)]
    begin = headlines[-1] + 1 if headlines else 0
    head = [line for line in lines[begin:first] if not _is_signature(line, authors)]
    return [*head, *lines[max(first, begin) :]]


def _is_signature(line: str, authors: Collection[str]) -> bool:
    """Return whether a line says who wrote an article, or when, and nothing else."""
    if len(line) > _MARKER_CHARS:
        return False
    found = letters(line)
    for author in map(letters, authors):
        if author and author in found and len(found) - len(author) <= _SIGNATURE_LETTERS:
            return True
    digits = sum(map(str.isdigit, found))
    return (
        len(line) <= _DATE_CHARS
        and not is_stopped(line)
        and digits >= _DATE_DIGITS * len(found)
        and _DATE.search(line) is not None
    )


def is_caption(line: str) -> bool:
    """Return whether a line is a caption repeated, ``X (X)``, or ends in a picture's credit.

    ``line`` is one line without white space around it; one of over 1,000 characters is neither.
    Never raises.
    """
    if len(line) > _CAPTION_CHARS or not _SET_APART.search(line):
        return False
    doubled = _DOUBLED.fullmatch(line)
    if doubled is not None and _words(doubled["caption"]) == _words(doubled["again"]):
        return True
    return _CREDIT.fullmatch(line) is not None


def _without_tail(lines: list[str], is_article: Callable[[str], bool]) -> list[str]:
    """Return the lines before the first marker that no line of an article follows."""
    last = max((n for n, line in enumerate(lines) if is_article(line)), default=-1)
    for n in range(last + 1, len(lines)):
        if n > 0 and _is_marker(lines[n]):
            return lines[:n]
    return lines


def _is_paragraph(line: str) -> bool:
    min_chars = _PARAGRAPH_CHARS_CJK if _CJK.search(line) else _PARAGRAPH_CHARS
    if len(line) < min_chars or is_caption(line) or is_furniture(line):
        return False
    return bool(is_stopped(line)) or len(line) >= 3 * min_chars


def _is_article(line: str) -> bool:
    """Return whether a line is a paragraph, or a sentence that speaks of others alone."""
    if _is_paragraph(line):
        return True
    return _is_told(line) and not site_mentions(line) and not is_furniture(line)


def _is_long(line: str) -> bool:
    """Return whether a line is too long for a wall, a teaser or an app line."""
    return len(line) >= (_TAIL_LINE_CHARS_CJK if _CJK.search(line) else _TAIL_LINE_CHARS)


def is_furniture(line: str) -> bool:
    """Return whether a line is a byline, or one that a page puts beside its articles.

    ``line`` is one line without white space around it, as are all here.
    """
    if len(line) > _LINE_CHARS:
        return False
    if _patterns("line").fullmatch(line):
        return True
    if _patterns("opening").fullmatch(line) and not _is_told(line):
        return True
    return len(line) <= _MARKER_CHARS and (
        _patterns("byline").fullmatch(line) is not None or _is_marker(line)
    )


def _is_marker(line: str) -> bool:
    return (
        len(line) <= _MARKER_CHARS
        and _patterns("tail").fullmatch(line) is not None
        and not _is_told(line)
    )


def _is_told(line: str) -> bool:
    """Return whether a line that begins like furniture is a sentence of an article.

    Furniture speaks to the reader or of the site, or is a few words, or a date.
    """
    words = word_count(line)
    if words < _TOLD_WORDS or not is_stopped(line):
        return False
    found = letters(line)
    if sum(map(str.isdigit, found)) >= _DATE_DIGITS * len(found):
        return False
    return site_mentions(_QUOTED.sub(" ", line)) <= (1 if words >= _LONG_WORDS else 0)


@cache
def _patterns(kind: str) -> regex.Pattern[str]:
    """Return the expression for a kind of furniture: "line", "opening", "byline" or "tail"."""
    text = resources.files("bot.gather.pages").joinpath("furniture.json").read_text("utf-8")
    alternatives = "|".join(json.loads(text)[kind])
    # A byline's names are recognized by their capitals.
    flags = regex.VERSION1 if kind == "byline" else regex.VERSION1 | regex.IGNORECASE
    return regex.compile(alternatives, flags)


def _words(text: str) -> str:
    """Return the words of ``text`` in lower case, without punctuation."""
    return " ".join(regex.findall(r"[\p{L}\p{N}]+", text.casefold()))


def _fold(line: str) -> str:
    """Return ``line`` with single spaces, without control and invisible format characters."""
    folded = " ".join(line.split())
    if folded.isascii() and folded.isprintable():
        return folded
    return " ".join(_INVISIBLE.sub("", folded).split())

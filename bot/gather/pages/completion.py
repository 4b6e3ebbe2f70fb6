"""What an extractor left out of an article: its lead, and paragraphs in boxes of their own."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.domain.text_length import text_length
from bot.gather.pages.blocks import PageBlock, letters
from bot.gather.pages.clean import is_caption, is_furniture
from bot.gather.pages.likeness import is_like, shares_beginning
from bot.gather.pages.stops import is_stopped

__all__ = ["completed", "repeated", "with_lead", "with_lists"]

_MIN_CHARS = 40
_MIN_AGAIN_CHARS = 80
# What is missing counts from this share of what was found.
_MISSING_SHARE = 0.25
# A block is part of a text that has this share of its runs of six letters: formulas and links are
# written differently by each reader.
_KNOWN_SHARE = 0.4
# A lead shares its words with the text below it, and is in it only with this share.
_TOLD_SHARE = 0.8
_RUN = 6
# Shorter blocks are found in a text by accident.
_MIN_KNOWN_LETTERS = 20
_MIN_QUOTED_LETTERS = 30
# So far above the text its headline is looked for.
_MAX_HEAD_BLOCKS = 40
_MIN_LEAD_CHARS = 30
_MAX_LEADS = 3
_PARAGRAPH_TAGS = frozenset({"p", "div"})


class _Text:
    """A text of one paragraph a line, in which blocks of its page are found again."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        by_line = [letters(line) for line in self.lines]
        self._letters = "".join(by_line)
        self._runs = _runs(self._letters)
        self._taken: Counter[str] = Counter()
        self._beginnings: dict[str, int] = {}
        self._starts: list[int] = []
        place = 0
        for n, found in enumerate(by_line):
            self._beginnings.setdefault(found[:_MIN_KNOWN_LETTERS], n)
            self._starts.append(place)
            place += len(found)

    def share(self, block: PageBlock) -> float:
        """Return which share of the block is in the text, in [0, 1]; of short ones all or none."""
        if len(block.letters) < _MIN_KNOWN_LETTERS:
            return float(block.letters in self._letters)
        runs = _runs(block.letters)
        return len(runs & self._runs) / len(runs)

    def take(self, block: PageBlock) -> bool:
        """Return whether the text holds the block once more than it was taken."""
        self._taken[block.letters] += 1
        return self._letters.count(block.letters) >= self._taken[block.letters]

    def quotes(self, block: PageBlock) -> bool:
        """Return whether the text holds the block word for word, and not by accident."""
        return len(block.letters) >= _MIN_QUOTED_LETTERS and block.letters in self._letters

    def line_of(self, block: PageBlock) -> int:
        """Return the number of the line where the block begins, -1 if that is not known."""
        if len(block.letters) < _MIN_KNOWN_LETTERS:
            return -1
        beginning = block.letters[:_MIN_KNOWN_LETTERS]
        if (line := self._beginnings.get(beginning)) is not None:
            return line
        at = self._letters.find(beginning)
        return bisect_right(self._starts, at) - 1 if at >= 0 else -1


def completed(text: str, blocks: Sequence[PageBlock]) -> str:
    """Return ``text`` with the paragraphs in the same place of the page that were left out.

    Some publishers cut an article into several boxes, of which extractors take one. A place is
    a paragraph's tag and what is around it, in one ``<article>``; it takes two paragraphs of
    ``text`` there. Short ones, or such of links, do not count. Where less than a quarter is
    missing, ``text`` comes back as it is. It has a paragraph a line, and so has the result: those
    in their order, each added one behind the line that it follows on the page. A paragraph that
    the page repeats in one place is missing as often as it is repeated. Linear.
    """
    found = _Text(text)
    again = repeated(blocks)
    known = [
        found.share(block) >= _KNOWN_SHARE and (block.letters not in again or found.take(block))
        for block in blocks
    ]
    paragraphs = [_is_paragraph(block) for block in blocks]
    own = [
        block
        for block, is_in, is_one in zip(blocks, known, paragraphs, strict=True)
        if is_in and is_one
    ]
    uses = Counter((block.tag, block.place) for block in own)
    articles = {block.article for block in own}
    missing: dict[int, str] = {}
    told: set[str] = set()
    for n, block in enumerate(blocks):
        if (
            paragraphs[n]
            and not known[n]
            and (uses[block.tag, block.place] > 1 or block.letters in again)
            and block.article in articles
            and (block.letters not in told or block.letters in again)
        ):
            missing[n] = block.text
            told.add(block.letters)
    if sum(map(len, missing.values())) < _MISSING_SHARE * len(text):
        return text
    after: dict[int, list[str]] = {}  # by the number of the line before them
    last = -1
    for n, block in enumerate(blocks):
        if known[n]:
            last = max(found.line_of(block), last)
        elif n in missing:
            after.setdefault(last, []).append(missing[n])
    merged = after.get(-1, [])
    for n, line in enumerate(found.lines):
        merged += [line, *after.get(n, ())]
    return "\n".join(merged)


def repeated(blocks: Sequence[PageBlock]) -> frozenset[str]:
    """Return the letters of paragraphs that the page tells again in the same place.

    That is right below, or once more further down if they end as sentences do. The same words
    elsewhere, as in a headline's box, are not the article's own repetition; nor are lines told
    many times, such as a notice below each picture, or two paragraphs that follow each other both
    times: there the page holds the article twice.
    """
    paragraphs = [block for block in blocks if _is_paragraph(block)]
    places: dict[str, set[tuple[str, tuple[str, ...], int]]] = {}
    for block in paragraphs:
        places.setdefault(block.letters, set()).add((block.tag, block.place, block.article))
    uses = Counter(block.letters for block in paragraphs)
    pairs = Counter((first.letters, second.letters) for first, second in pairwise(paragraphs))
    if any(n > 1 for (first, second), n in pairs.items() if first != second):
        return frozenset()
    return frozenset(
        block.letters
        for block in paragraphs
        if (n := uses[block.letters]) > 1
        and len(places[block.letters]) == 1
        and (
            pairs[block.letters, block.letters] == n - 1
            or (n == 2 and text_length(block.text) >= _MIN_AGAIN_CHARS and is_stopped(block.text))
        )
    )


def _is_paragraph(block: PageBlock) -> bool:
    return (
        not block.beside
        and block.tag in _PARAGRAPH_TAGS
        and not block.is_linked
        and text_length(block.text) >= _MIN_CHARS
    )


def with_lists(text: str, blocks: Sequence[PageBlock]) -> str:
    """Return ``text`` with the items of lists between two of its paragraphs, or right below them.

    Below them all items are sentences. Items of links are left out, and lists of which a part is
    told already. Linear.
    """
    found = _Text(text)
    known = [found.share(block) >= _KNOWN_SHARE for block in blocks]
    after: dict[int, list[str]] = {}
    waiting: list[str] = []
    last, box = -1, ""
    for block, is_in in zip(blocks, known, strict=True):
        parent = block.place[-1] if block.place else ""
        if block.tag == "p" and is_in and not block.beside:
            at = found.line_of(block)
            if waiting and last >= 0 and parent == box and at == last + 1:
                after.setdefault(last, []).extend(waiting)
            waiting = []
            last, box = at, parent
        elif block.tag == "li" and not block.is_linked and not block.beside and not is_in:
            if len(block.place) > 1 and block.place[-2] == box:
                waiting.append(block.text)
        else:
            waiting, last = [], -1
    if waiting and last >= 0 and all(map(is_stopped, waiting)):
        after.setdefault(last, []).extend(waiting)
    if not after:
        return text
    merged: list[str] = []
    for n, told in enumerate(found.lines):
        merged += [told, *after.get(n, ())]
    return "\n".join(merged)


def with_lead(
    text: str,
    blocks: Sequence[PageBlock],
    *,
    titles: Collection[str],
    descriptions: Collection[str],
) -> str:
    """Return ``text`` with the article's lead above it, where an extractor left that out.

    It stands between the headline and the text, outside of the latter's box, and is told by the
    page's own ``descriptions`` (meta tags, JSON-LD), with which it begins alike. Linear.
    """
    found = _Text(text)
    heads = {
        n
        for n, block in enumerate(blocks)
        if block.tag == "h1" or any(is_like(block.text, title) for title in titles)
    }
    first = next(
        (
            n
            for n, block in enumerate(blocks)
            if n not in heads and not block.beside and not block.is_linked and found.quotes(block)
        ),
        0,
    )
    head = max((n for n in heads if first - _MAX_HEAD_BLOCKS <= n < first), default=None)
    if head is None:
        return text
    leads = [
        block.text
        for block in blocks[head + 1 : first]
        if not block.beside
        and not block.is_linked
        and found.share(block) < _TOLD_SHARE
        and text_length(block.text) >= _MIN_LEAD_CHARS
        and not is_furniture(block.text)
        and not is_caption(block.text)
        and any(shares_beginning(block.text, given) for given in descriptions)
    ]
    return "\n".join([*leads, text]) if len(leads) <= _MAX_LEADS else text


def _runs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _RUN] for at in range(max(1, len(text) - _RUN + 1)))

"""Where a page has its headline, and which lines of a text are not its article's."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.domain.text_length import text_length
from bot.gather.pages.blocks import PageBlock, letters
from bot.gather.pages.likeness import is_like
from bot.gather.pages.stops import is_stopped
from bot.gather.pages.walls import is_offer, mentions_site, names_site

__all__ = [
    "HEADINGS",
    "article_lines",
    "headline_at",
    "in_lines",
    "linked_headings",
    "prose_length",
    "without_offer_below",
    "without_offers",
    "without_teasers",
]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MIN_LETTERS = 20
# So many links with a line below each are a list of other stories.
_MIN_CARDS = 3
_MAX_CARD_CHARS = 300
# So many blocks in one line of text, and they make up nearly all of it.
_MIN_GLUED = 3
_ALL = 0.9
_MAX_LINES = 2_000
_MAX_OFFER_LINES = 3
_MIN_ABOVE_OFFER = 0.75
_MAX_TEASER_CHARS = 200


def headline_at(blocks: Sequence[PageBlock], titles: Collection[str]) -> int:
    """Return the place of the article's headline, -1 where the page does not show it.

    It is the first <h1> or <h2> that says one of ``titles``, else the only <h1>.
    """
    headings = [n for n, block in enumerate(blocks) if block.tag in {"h1", "h2"}]
    for n in headings:
        if any(is_like(blocks[n].text, title) for title in titles):
            return n
    first = [n for n in headings if blocks[n].tag == "h1"]
    return first[0] if len(first) == 1 else -1


def article_lines(blocks: Sequence[PageBlock], headline: int) -> list[str]:
    """Return the lines of the headline's <article>, or all below it, without links and captions.

    In their order; [] where ``headline`` is -1. Linear. Raises IndexError for no place of a block.
    """
    if headline < 0:
        return []
    article = blocks[headline].article
    return [
        block.text
        for block in blocks[headline + 1 :]
        if not block.beside and not block.is_linked and (not article or block.article == article)
    ]


def prose_length(text: str, blocks: Sequence[PageBlock]) -> int:
    """Return the length of ``text`` (see ``text_length``) without lines that are links. Linear."""
    linked = {block.letters for block in blocks if block.is_linked}
    return sum(text_length(line) for line in text.split("\n") if letters(line) not in linked)


def in_lines(text: str, blocks: Sequence[PageBlock]) -> str:
    """Return ``text`` with a line for each block, where an extractor broke or joined lines.

    Lines of one block become one. Where all is a single line of several blocks it is cut at
    them, without those that are links. Linear in the lines times the page.
    """
    if "\n" in text.strip():
        return _joined(text, blocks)
    found = letters(text)
    own = [block for block in blocks if block.letters and block.letters in found]
    if sum(len(block.letters) for block in own) < _ALL * len(found) or len(own) < _MIN_GLUED:
        return text
    return "\n".join(dict.fromkeys(block.text for block in own if not block.is_linked))


def _joined(text: str, blocks: Sequence[PageBlock]) -> str:
    """Return ``text`` without the line breaks within one block: a browser shows them as spaces."""
    page = "\n".join(block.letters for block in blocks)
    merged: list[str] = []
    last = ""
    for line in text.split("\n")[:_MAX_LINES]:
        own = letters(line)
        if merged and last and own and len(last) + len(own) >= _MIN_LETTERS and last + own in page:
            merged[-1] = f"{merged[-1].rstrip()} {line.lstrip()}"
            last += own
        else:
            merged.append(line)
            last = own
    return "\n".join([*merged, *text.split("\n")[_MAX_LINES:]])


def linked_headings(blocks: Sequence[PageBlock]) -> frozenset[str]:
    """Return the headings that are links and have a paragraph of the article below them.

    What a list of products or people is made of; a paragraph is longer than any teaser.
    """
    return frozenset(
        block.text
        for block, below in pairwise(blocks)
        if block.tag in HEADINGS
        and block.is_linked
        and not below.is_linked
        and below.tag not in HEADINGS
        and text_length(below.text) > _MAX_CARD_CHARS
    )


def without_offers(text: str, blocks: Sequence[PageBlock], headline: int) -> str:
    """Return ``text`` without what stands outside of the headline's <article> and is an offer.

    Such speaks to the reader, of the site: subscriptions, consent, newsletters. Linear.
    """
    article = blocks[headline].article if headline >= 0 else 0
    if not article:
        return text
    inside = {block.letters for block in blocks if block.article == article}
    outside = {block.letters for block in blocks if block.article != article} - inside
    beside = [line for line in text.split("\n") if letters(line) in outside]
    if not beside or not is_offer("\n".join(beside)):
        return text
    return "\n".join(line for line in text.split("\n") if letters(line) not in outside)


def without_offer_below(text: str) -> str:
    """Return ``text`` without an offer to read on, or to subscribe, in which it ends.

    That is up to three lines that speak to the reader or of the site. Linear.
    """
    lines = text.split("\n")
    end = len(lines)
    while end > 0 and mentions_site(lines[end - 1]):
        end -= 1
    below = lines[end:]
    if end == 0 or len(below) > _MAX_OFFER_LINES or not names_site("\n".join(below)):
        return text
    left = "\n".join(lines[:end])
    # A page about such things ends in more than a small part, unless nothing but a teaser is left.
    is_small = len(left) >= _MIN_ABOVE_OFFER * len(text) or text_length(left) < _MAX_TEASER_CHARS
    return left if is_small else text


def without_teasers(text: str, blocks: Sequence[PageBlock]) -> str:
    """Return ``text`` without the list of other stories in which it ends.

    Such a list has at least three links that are no sentences, with a line below each, and is the
    smaller part. Linear.
    """
    found = letters(text)
    own = [n for n, block in enumerate(blocks) if block.letters and block.letters in found]
    last = max((n for n in own if len(blocks[n].letters) >= _MIN_LETTERS), default=-1)
    cards: list[int] = []
    at = last
    while at > 0 and blocks[at - 1].is_linked and not blocks[at].is_linked:
        if text_length(blocks[at].text) > _MAX_CARD_CHARS:
            break
        cards.append(at)
        at -= 2
    # Titles may ask a question; where all links are sentences, they are the article's.
    if sum(not is_stopped(blocks[n - 1].text) for n in cards) < _MIN_CARDS:
        return text
    # An extractor may run a link and the line below it into one.
    gone = {blocks[n - 1].letters for n in cards} | {blocks[n].letters for n in cards}
    gone |= {blocks[n - 1].letters + blocks[n].letters for n in cards}
    left = "\n".join(line for line in text.split("\n") if letters(line) not in gone)
    return left if 2 * len(left) >= len(text) else text

"""What kind of article a headline alone says it heads."""

import re
import unicodedata

import regex

from bot.kinds.words import UNSPACED, fold, kind_words, phrase_kinds

__all__ = ["TITLE_PARTS", "is_of_many_things", "label_kinds", "list_kinds", "sure_kinds"]

_MAX_LABEL_WORDS = 6  # of "Opinion by A. Name:"; what is longer is a sentence
_MAX_LABEL_CHARS = 14  # the same where words are written without spaces
# What parts a label from a headline. No colon within a time, no hyphen within a word.
TITLE_PARTS = regex.compile(
    r"(?<!\d)[:：]|[:：](?!\d)|(?<=\w\w)\.\s|\s[-–—―·•/»]+\s|\s?[–—―]\s|[|｜丨¦\[\]【】［］〔〕「」『』()（）<>＜＞〈〉《》≪≫]"
)
# Without one of these a title has one part; a fifth of the time that to split it takes.
_MAY_PART = re.compile(r"[-:：.–—―·•/»|｜丨¦\[\]【】［］〔〕「」『』()（）<>＜＞〈〉《》≪≫]")
_LIST_NUMBER = re.compile(r"(?:[2-9]|\d{2,3}|[三四五六七八九十]+)\s?(?=\D)")


def is_of_many_things(title: str) -> bool:
    """Return whether a headline says that its article tells of many things, and of no one event.

    "10 things you need to know today", "Morning briefing: …". Lists of another sort ("Five
    takeaways from the vote") may be of one event: False. Linear; never raises.
    """
    if "digest" in sure_kinds(title):
        return True
    return bool(list_kinds(title)) and "digest" in phrase_kinds(title, kind_words().phrases)


def label_kinds(title: str) -> tuple[set[str], set[str]]:
    """Return the kinds that labels of the title name, and those that a label begins with.

    A label is a part of the title: "Review: …", "[사설] …", "… – as it happened". Before the
    rest it has at most six words, of which the last ("Film review: …") or the first ("Interview
    with A. Name: …") tell the kind; the first less surely ("Opinion of the court: …").
    """
    labels = kind_words().labels
    nothing: frozenset[str] = frozenset()
    parts = [part for part in map(fold, TITLE_PARTS.split(title)) if part]
    if len(parts) < 2:
        return set(), set()
    named = {kind for part in parts for kind in labels.get(part, nothing)}
    begun: set[str] = set()
    first, last = parts[0].split(), parts[-1].split()
    if len(first) <= _MAX_LABEL_WORDS:
        for size in range(1, len(first)):
            named |= labels.get(" ".join(first[-size:]), nothing)
            begun |= labels.get(" ".join(first[:size]), nothing)
    if UNSPACED.search(parts[0]) and len(parts[0]) <= _MAX_LABEL_CHARS:
        for size in range(2, len(parts[0])):
            named |= labels.get(parts[0][-size:], nothing)
            begun |= labels.get(parts[0][:size], nothing)
    # A single word may begin a sentence, or an outlet's name.
    for size in range(2, len(last)) if len(last) <= _MAX_LABEL_WORDS else ():
        named |= labels.get(" ".join(last[:size]), nothing)
    return named, begun


def sure_kinds(title: str) -> set[str]:
    """Return the kinds of which the title's first or last part is a label that tells all."""
    sure = kind_words().sure
    if _MAY_PART.search(title) is None:  # the common case
        return set(sure.get(fold(title), ()))
    parts = TITLE_PARTS.split(title)
    first = next(filter(None, map(fold, parts)), "")
    last = next(filter(None, map(fold, reversed(parts))), "")
    return {*sure.get(first, ()), *sure.get(last, ())}


def list_kinds(title: str) -> set[str]:
    """Return {"list"} for "The 9 best …", "Sieben Dinge, die …", "7つの…"."""
    words = kind_words()
    tokens = fold(title).split()
    for place, token in enumerate(tokens[:4]):
        is_number = token.isdecimal() and len(token) <= 3 and 2 < int(token) <= 101
        after = tokens[place + 1 : place + 5]
        runs = (" ".join(after[a:b]) for b in range(1, len(after) + 1) for a in range(b))
        if (is_number or token in words.numbers) and words.nouns.intersection(runs):
            return {"list"}
    text = unicodedata.normalize("NFKC", title)
    for number in _LIST_NUMBER.finditer(text):
        if text.startswith(tuple(words.counters), number.end()):
            return {"list"}
    return set()

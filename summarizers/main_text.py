"""Finding the story in a text that still has parts of its page around it.

Extraction and cleaning come first and do more; this is the last line of defence, for text
that did not come through them.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set

__all__ = [
    "doubled_captions",
    "find_body",
    "fold",
    "is_heading",
    "says_title",
    "speaker_turns",
]

# Headings that follow the story on a page.
_TAILS = (
    *("sign (?:up|in) to (?:read|continue)", "subscribe to (?:read|continue)", "comments"),
    *("related (?:stories|articles|topics|news)", "more (?:stories|from|on this)", "trending"),
    *("most (?:read|popular)", "top stories", "our picks", "recommended", "you may also like"),
    *("read (?:more|next)", "newsletters?", "mehr zum thema", "das könnte sie auch interessieren"),
    *("meistgelesen", "lire aussi", "à lire aussi", "sur le même sujet", "articles liés"),
    *("más noticias", "te puede interesar", "noticias relacionadas", "leggi anche"),
    *("leia (?:também|mais)", "lees ook", "läs (?:också|även|mer)", "les også", "læs også"),
    *(
        "lue myös",
        "czytaj (?:także|też)",
        "čtěte také",
        "читайте также",
        "по теме",
        "читайте також",
    ),
    *(
        "tin liên quan",
        "xem thêm",
        "baca juga",
        "관련 ?기사",
        "関連記事",
        "相关阅读",
        "اقرأ أيض[اً]",
    ),
    *("यह भी पढ़ें", "ये भी पढ़ें", "διαβάστε (?:επίσης|ακόμη)", "citește și", "ilgili haberler"),
)
_TAIL = re.compile("|".join(_TAILS), re.IGNORECASE)
# Such a heading is a short line.
_HEADING_CHARS = 60
# STEVE CARELL:   Burns:   Q:
_LABEL = re.compile(r"([^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){0,3})\s?[:：]\s")
# So many sentences with a speaker's name before them, one name twice, make a transcript.
_TURNS = 3
_BRACKETS = frozenset("()（）[]【】")
# A sentence that says so much of its title, and nothing else, says it again. Titles of fewer
# terms are labels ("Election live").
_TITLE_SHARE = 0.75
_TITLE_TERMS = 3


def find_body(sentences: Sequence[str], heading: str) -> range:
    """Return the indexes of the story's ``sentences``: after ``heading``, before the page's tail.

    ``heading`` is the title folded as ``fold`` does, "" if there is none. The title counts
    in the first half only, a tail only where it is the smaller part. Empty where nothing
    follows the title. Linear.
    """
    lengths = [len(sentence) for sentence in sentences]
    total = sum(lengths)
    start, before = 0, 0
    for place, sentence in enumerate(sentences):
        if 2 * before <= total and is_heading(sentence, heading):
            start = place + 1
        is_tail = len(sentence) <= _HEADING_CHARS and _TAIL.match(sentence) is not None
        # A link to another story ("Read more: …") heads no list of them.
        if is_tail and 2 * before >= total and not any(mark in sentence for mark in ":：."):
            return range(start, place)
        before += lengths[place]
    return range(start, len(sentences))


def doubled_captions(sentences: Sequence[str]) -> frozenset[int]:
    """Return the places of captions that stand twice running, the second time in brackets.

    Both places, from 0; of sentences without letters, all count as alike. Linear.
    """
    doubled: set[int] = set()
    for place, sentence in enumerate(sentences[1:], 1):
        if sentence[:1] in _BRACKETS and fold(sentence) == fold(sentences[place - 1]):
            doubled |= {place - 1, place}
    return frozenset(doubled)


def speaker_turns(sentences: Sequence[str]) -> frozenset[int]:
    """Return the places of sentences that a transcript puts behind their speakers' names.

    Such a label is one to four words with capitals and a colon. Three sentences must have one,
    and a name must come twice. Scripts without capitals have none. Linear.
    """
    labels = {
        place: match[1]
        for place, sentence in enumerate(sentences)
        if (":" in sentence or "：" in sentence)
        and (match := _LABEL.match(sentence))
        and all(word[0].isupper() for word in match[1].split())
    }
    counts = Counter(labels.values())
    if len(labels) < _TURNS or max(counts.values()) == 1:
        return frozenset()
    return frozenset(place for place, label in labels.items() if counts[label] > 1)


def is_heading(sentence: str, heading: str) -> bool:
    """Return whether ``sentence`` is the folded ``heading`` in other letters and marks.

    ``heading`` is what ``fold`` returns; "" is no sentence's. False for a sentence that has twice
    its length and 20 characters. Most are told apart by that and the first letter, in constant
    time.
    """
    # Folding takes off a fifth; what is much longer, or begins otherwise, is not worth it.
    if not heading or len(sentence) >= 2 * len(heading) + 20:
        return False
    first = next(filter(str.isalnum, sentence), "").lower()[:1]  # "İ" has two
    return heading.startswith(first) and fold(sentence) == heading


def says_title(terms: Sequence[str], title: Set[str]) -> bool:
    """Return whether a sentence of these ``terms`` says its title again, and nothing new.

    ``title`` are the terms of the title. Function words aside, all of the sentence stands in it,
    and three quarters of it in the sentence. False for titles of fewer than three terms. Linear.
    """
    if len(title) < _TITLE_TERMS or len(terms) > 2 * len(title):
        return False
    own = set(terms)
    return own <= title and len(own) >= _TITLE_SHARE * len(title)


def fold(text: str) -> str:
    """Return ``text`` for comparing: letters and digits only, in lower case; "" without any."""
    return "".join(filter(str.isalnum, text.lower()))

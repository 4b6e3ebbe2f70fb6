"""Counters of faults in told lines, for ``benchmarks.reading``: own rules, not the guard's.

They read a line beside its article and are meant to be strict: they count some sound lines too,
and the same ones before and after a change. docs/judging.md has the rules that readers judge by.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from benchmarks.reading_openings import leans, stem

__all__ = ["FAULTS", "Line", "count_faults", "faults_of", "sentences"]

# Marks that end a sentence, what may close behind them, and both kinds of brackets.
_STOPS = ".!?…。！？।॥؟۔։።\u037e"
_CLOSERS = "\"'”’»«“)]」』）】›*"
_END = re.compile(rf"[{re.escape(_STOPS)}]+[{re.escape(_CLOSERS)}]*\s+|\n|[。！？]+[」』）”]*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_QUOTES = re.compile('["“”„«»‟]')
# Written without marks at the end of a sentence.
_UNMARKED = frozenset({"th", "lo", "km", "my"})
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[^\W\d_]|[^\W\d_]\.[^\W\d_]|Mrs?|Ms|Dr|Prof|St|No|vs|Sen|Rep|Gov|Gen|Lt|Col|"
    r"Sgt|Capt|Jr|Nr|bzw|ca|Mme|Sr|Sra|tel|approx)\.$"
)
_MARKUP = re.compile(
    r"</?[a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#x?[0-9a-f]{2,6});|\]\(|https?://|www\.\w|[{}]|\ufffd|"
    r"Ã[\x80-\xbf©¨¤¶¼]|â€|\[/?[a-z]{1,8}\]|\*\*|__|==|\bfunction\(|\[\d{1,3}\]|\[edit",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"sign up (?:for|to|here)|newsletter|subscri(?:be|ption)\b.{0,30}\b(?:now|today|here|our|to)\b|"
    r"click (?:here|on|to)|read (?:more|also|next|the full)|(?:opens|opening) in (?:a )?new|"
    r"all rights reserved|cookies?\b.{0,40}\b(?:accept|policy|use)|follow (?:us|him|her|me) on|"
    r"(?:image|photo|picture) (?:caption|source|credit)|file (?:photo|image)|handout (?:photo|via)|"
    r"getty images|photograph:|watch (?:live|the video|below)|share this|copyright (?:\d|by)|©|"
    r"\(photo|"
    r"advertisement|sponsored (?:by|content|post)|originally published|"
    r"this article (?:was|is|has been|originally)|"
    r"contributed to this|"
    r"is a (?:\w+ ){0,3}(?:editor|reporter|correspondent|columnist|writer) (?:at|for|of|with)\b|"
    r"full screen|autoplay|story highlights|privacy policy|log ?in to|"
    r"lesen sie|mehr zum thema|abonnieren|weiterlesen|foto:|bild:|quelle:|maschinell|"
    r"lire aussi|abonnez|s'abonner|réservé aux abonnés|crédit photo|photo :|"
    r"suscr[íi]b|lee también|leer más|síguenos|foto de|leggi anche|iscriviti|abbonati|riproduzione|"
    r"leia (?:mais|também)|assine|lees ook|abonneer|läs (?:mer|också|även)|prenumerera|"
    r"læs også|les også|abonner|lue myös|tilaa|czytaj (?:też|także|więcej)|čtěte|foto :|"
    r"читайте также|подписывайтесь|подпис[аы]|читайте також|devamını oku|abone ol|"
    r"baca juga|xem thêm|ảnh:|무단 ?전재|구독|기자\s?=|"
    r"関連記事|会員限定|相关阅读|责任编辑|延伸阅读|"
    r"اقرأ (?:أيضا|المزيد)|اشترك",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"^[^\W\d_][\w .,/'’()-]{1,50}?"
    r"\((?:CNN|AP|Reuters|AFP|dpa|ANI|PTI|UPI|EFE|ANSA|KCNA)\b[^)]{0,20}\)"
)
# A place and a dash in front: "LONDON -", "Orun/Velt –".
_DATELINE = re.compile(
    r"^(?:[^\W\d_a-z][\w.'’-]{0,25}[ /,]{1,2}){0,3}[^\W\d_a-z][\w.'’-]{1,25}"
    r"\s(?:-{1,2}|[–—])\s(?=[A-ZÀ-Þ])"
)
_KICKER = re.compile(r"^([^:–—]{3,60}?)(?:\s?[:–—]|\s-)\s")
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|av|af|door|от|автор)\s+[A-ZÀ-Þ][\w.'’-]+(?:\s+[A-ZÀ-Þ][\w.'’-]+){1,3}"
    r"(?:\s*[,|]|$)"
)
_SECOND = re.compile(
    r"^(?:instead|rather|but rather|they are only|it is only|on the other hand|the other|"
    r"sondern|vielmehr|stattdessen|mais plutôt|au contraire|d'autre part|sino|en cambio|"
    r"ma piuttosto|invece|al contrario|mas sim|maar juist|utan|напротив|зато|натомість)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:not only|on the one hand|nicht nur|einerseits|non seulement|d'une part|no sólo|no solo|"
    r"non solo|não só|niet alleen|не только|не лише|nie tylko)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:but|also|on the other|sondern|andererseits|mais|d'autre part|sino|pero|también|ma|anche|"
    r"mas|também|maar|ook|но|а также|але|ale|lecz)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|never|nicht|"
    r"kein\w{0,2}|ne|pas|no|non|não|niet|geen|inte|ikke|не|nie|није|không)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as it was told, with what stands around it.

    ``place`` counts the sentences before it in its article, without the headline. ``gap`` is
    whether what is told before it in its story is not the sentence before it in its article;
    for the first line, whether any sentence stands before it. ``before`` and ``after`` are its
    neighbours in the article, ``lead_in`` and ``follows`` the rest of its paragraph on both sides.
    """

    id: str
    edition: int
    story: str
    title: str
    position: str
    place: int
    gap: bool
    outlet: str
    language: str
    sentence: str
    before: str
    after: str
    article_title: str
    article: str
    lead_in: str = ""
    follows: str = ""
    is_first: bool = False
    is_update: bool = False
    told_before: tuple[str, ...] = field(default=())
    told_next: str = ""


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` by a plain rule: marks with space behind, and new lines.

    It splits at many abbreviations: good enough to count places and to find neighbours, and the
    same whatever our own splitter does.
    """
    found, start = [], 0
    for end in _END.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if len(sentence) > 1]


def faults_of(line: Line) -> frozenset[str]:
    """Return the names of the faults that a line has by itself, of FAULTS."""
    return frozenset(name for name, has in _OF_LINES.items() if has(line))


def count_faults(lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """Return (faulty, of how many) by the name of the fault; ``lines`` in the order told.

    Dangling lines are counted among those after a gap, late openings among the first lines of
    stories that are no updates, starved tails among stories, all others among all lines.
    """
    found = {name: sum(has(line) for line in lines) for name, has in _OF_LINES.items()}
    counts = {name: (count, len(lines)) for name, count in found.items()}
    counts["dangling"] = (found["dangling"], sum(line.gap for line in lines))
    openings = [line for line in lines if line.is_first and not line.is_update]
    counts["late opening"] = (found["late opening"], len(openings))
    editions = [list(told) for _, told in groupby(lines, key=lambda line: line.edition)]
    counts["starved"] = (sum(map(_starved, editions)), sum(map(_stories, editions)))
    counts["said twice"] = (sum(map(_said_twice, editions)), len(lines))
    return {name: counts[name] for name in FAULTS}


# ------------------------------------------------------------------ a line by itself


def _dangles(line: Line) -> bool:
    """Return whether a line after a gap opens with what only its neighbour would explain."""
    if not line.gap:
        return False
    shown = " ".join((line.title, *line.told_before))
    earlier = line.article[: max(line.article.find(line.sentence), 0)]
    return leans(line.sentence, line.language, shown=shown, earlier=earlier)


def _is_cut(line: Line) -> bool:
    """Return whether it is a piece of a sentence, or a sentence and a piece."""
    text = line.sentence.strip()
    core = text.lstrip("\"'“”„«»‘’‹›([—–- *•")
    if not core or (core[0].islower() and not core[1:2].isupper()):
        return True
    brackets = any(text.count(a) != text.count(b) for a, b in ("()", "[]", "（）"))
    is_list_item = re.search(r"(?:^|\s)\w{1,3}\)", text) is not None  # "a) …"
    is_half_quoted = len(_QUOTES.findall(text)) % 2 == 1
    return (brackets and not is_list_item) or is_half_quoted or _is_torn_off(line)


def _is_torn_off(line: Line) -> bool:
    """Return whether its paragraph goes on at one of its ends as a sentence does."""
    text, lead_in, follows = line.sentence.strip(), line.lead_in.rstrip(), line.follows.strip()
    # What a dateline or kicker left is whole.
    is_left = len(lead_in) <= 60 and lead_in.endswith(("-", "–", "—", ":", "|", ")"))
    if lead_in and not is_left and not _is_ended(lead_in, line.language):
        return True
    if text.endswith(("…", "...")) or (follows and not _is_ended(text, line.language)):
        return True
    return bool(follows) and (follows[0].islower() or _ABBREVIATION.search(text) is not None)


def _is_ended(text: str, language: str) -> bool:
    return language in _UNMARKED or text.rstrip(_CLOSERS + " ")[-1:] in tuple(_STOPS + ":")


def _has_markup(line: Line) -> bool:
    text = line.sentence
    return bool(_MARKUP.search(text)) or any(
        unicodedata.category(mark) in ("Cc", "Co", "Cn") for mark in text if mark not in "\n\t"
    )


def _is_furniture(line: Line) -> bool:
    """Return whether it is no sentence of the report: a caption, a byline, a link, an offer."""
    text = line.sentence.strip()
    if any(rule.search(text) for rule in (_FURNITURE, _BYLINE, _AGENCY, _DATELINE)):
        return True
    kicker = _KICKER.match(text)
    if kicker and kicker.group(1).isupper():
        return True
    has_spaces = line.language not in ("ja", "zh", *_UNMARKED)
    if has_spaces and len(_WORD.findall(text)) <= 2:
        return True
    # Headings, captions and names stand in paragraphs of their own, without a mark at the end.
    return not line.follows.strip() and not _is_ended(text, line.language)


def _says_title(line: Line) -> bool:
    """Return whether it says nothing beside the story's title, or hardly more."""
    own, title = _terms(line.sentence), _terms(line.title)
    if not own or not title:
        return False
    shared = len(own & title)
    is_hardly_longer = len(own) <= 1.6 * len(title)
    return shared >= 0.75 * len(own) or (is_hardly_longer and shared >= 0.85 * len(title))


def _is_half(line: Line) -> bool:
    """Return whether it is one half of a pair (not … but; a colon and its list) told alone."""
    text = line.sentence.strip()
    if text.rstrip(_CLOSERS).endswith(":") or (_FIRST.search(text) and not _ANSWER.search(text)):
        return True
    if line.gap and _SECOND.match(text):
        return True
    is_answered = bool(_SECOND.match(line.after)) and bool(_NEGATED.search(text))
    return is_answered and _squeezed(line.told_next)[:20] != _squeezed(line.after)[:20]


def _opens_late(line: Line) -> bool:
    return line.is_first and not line.is_update and line.place > 2


_OF_LINES: dict[str, Callable[[Line], bool]] = {
    "dangling": _dangles,
    "late opening": _opens_late,
    "cut": _is_cut,
    "markup": _has_markup,
    "furniture": _is_furniture,
    "same as title": _says_title,
    "half of a pair": _is_half,
}
FAULTS = (*_OF_LINES, "starved", "said twice")


# ------------------------------------------------------------------ an edition


def _stories(lines: Sequence[Line]) -> int:
    return len({line.story for line in lines})


def _starved(lines: Sequence[Line]) -> int:
    """Return how many stories have one line where another has four, though they had more to say."""
    by_story: dict[str, list[Line]] = {}
    for line in lines:
        by_story.setdefault(line.story, []).append(line)
    if max(map(len, by_story.values())) < 4:
        return 0
    alone = [told[0] for told in by_story.values() if len(told) == 1]
    return sum(len(sentences(line.article)) >= 4 for line in alone)


def _said_twice(lines: Sequence[Line]) -> int:
    """Return how many lines say again what an earlier line of the edition says."""
    earlier: list[frozenset[str]] = []
    count = 0
    for line in lines:
        own = _terms(line.sentence)
        if len(own) >= 4:
            count += any(len(own & o) >= 0.7 * min(len(own), len(o)) for o in earlier)
            earlier.append(own)
    return count


# ------------------------------------------------------------------ words


def _terms(text: str) -> frozenset[str]:
    """Return the stems of longer words and figures; pairs of characters of Chinese, Japanese."""
    if len(_CJK.findall(text)) > len(text) / 3:
        return frozenset(a + b for a, b in pairwise(_squeezed(text)))
    words = [match.group() for match in _WORD.finditer(text)]
    return frozenset(stem(word) for word in words if len(word) > 3 or word[0].isdigit())


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))

"""Looking for any of many phrases in a sentence, at the cost of looking at its words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import TypeAlias

from summarizers.stopwords import stop_words

__all__ = ["Beginnings", "Openings", "PhraseIndex", "alternatives"]

# A phrase is looked for only where a word begins as one of its own does. Five letters tell
# most words apart.
_KEY_CHARS = 5
# A newspaper of some days has as many words.
_MAX_KNOWN = 50_000
# A class of characters, or any character: it may be a letter.
_OPAQUE = re.compile(r"\[|\.|\\\w")
# Too many sentences have these to tell anything.
_COMMON = stop_words("en") | {"like", "found", "start", "right", "take", "need", "follo", "order"}
_QUANTIFIER = re.compile(r"[?*+]\??|\{(\d*),?\d*\}\??")

# Stands for the other word of phrases that need but one; no word begins so.
_ALONE = " "

# What else must be there, as beginnings of words and to the letter, the expression, and its kind.
_Phrase: TypeAlias = tuple[Sequence[Set[str]], str, re.Pattern[str], str]


class PhraseIndex:
    """Finds of which kinds phrases stand in a sentence, each beginning with a word.

    ``patterns`` are, by kind, regular expressions in lower case without capturing groups.
    ``spaced`` says whether words have spaces between them; where they have none, or grow endings
    that are no letters, patterns may begin within a word, and each is looked for everywhere.
    Immutable.
    """

    def __init__(self, patterns: Mapping[str, Iterable[str]], *, spaced: bool) -> None:
        by_keys: dict[str, dict[str, list[_Phrase]]] = defaultdict(lambda: defaultdict(list))
        keys: set[str] = set()
        self._anywhere: list[tuple[str, re.Pattern[str]]] = []
        for kind, own in patterns.items():
            anywhere: list[str] = []
            for pattern in dict.fromkeys(own):
                needs = _needs(pattern) if spaced else []
                if not needs:
                    anywhere.append(rf"\b{pattern}" if spaced else pattern)
                    continue
                first, *rest = sorted(needs, key=_commonness)
                edge = "" if pattern[:2] == r"\(" else r"\b"  # a bracket begins no word
                expression = re.compile(f"{edge}(?:{pattern})")
                phrase = (tuple(rest[1:]), _literal(pattern), expression, kind)
                keys.update(*needs)
                for key in first:
                    for other in rest[0] if rest else (_ALONE,):
                        by_keys[key][other].append(phrase)
            if anywhere:
                self._anywhere.append((kind, re.compile("|".join(anywhere))))
        # By a word and another one, since many sentences have the first: what needs no other,
        # what needs one, and which ones.
        self._by_keys = {
            key: (found.pop(_ALONE, []), dict(found), frozenset(found))
            for key, found in by_keys.items()
        }
        self._firsts = frozenset(by_keys)
        self.keys = frozenset(keys)

    def may_have(self, begun: Set[str]) -> bool:
        """Return whether ``found`` may find some; most sentences have no word to begin one."""
        return bool(self._anywhere) or not self._firsts.isdisjoint(begun)

    def found(self, lower: str, begun: Set[str]) -> Set[str]:
        """Return the kinds of phrases in ``lower``, a text in lower case.

        ``begun`` is what Beginnings has of the text's words. Linear in the text for each pattern
        all of whose words may be there; they are few.
        """
        kinds: set[str] = set()
        for key in self._firsts & begun:
            phrases, by_other, others = self._by_keys[key]
            if not others.isdisjoint(begun):
                pairs = map(by_other.__getitem__, others & begun)
                phrases = list(chain(phrases, chain.from_iterable(pairs)))
            for needs, literal, pattern, kind in phrases:
                for keys in needs:
                    if keys.isdisjoint(begun):
                        break
                else:  # to look for a few letters first is ten times as fast
                    if literal in lower and kind not in kinds and pattern.search(lower) is not None:
                        kinds.add(kind)
        for kind, pattern in self._anywhere:
            if pattern.search(lower) is not None:
                kinds.add(kind)
        return kinds


def _commonness(keys: Set[str]) -> tuple[bool, int, int]:
    """Return a rank that is higher for ``keys`` more sentences have."""
    return not keys.isdisjoint(_COMMON), -min(map(len, keys)), len(keys)


class Openings:
    """Finds which of ``patterns`` a text opens with, by its first two characters first.

    Of several it is the first one given. Immutable.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        given = list(dict.fromkeys(patterns))
        having: dict[str, set[int]] = defaultdict(set)
        for number, pattern in enumerate(given):
            for prefix in _prefixes(pattern):
                having[prefix].add(number)
        self._by_prefix: dict[str, re.Pattern[str]] = {}
        for prefix in ("", *having):
            found = set().union(*(having.get(prefix[:size], set()) for size in range(3)))
            if found:
                any_of = "|".join(given[number] for number in sorted(found))
                self._by_prefix[prefix] = re.compile(any_of)

    def match(self, lower: str, start: int = 0) -> re.Match[str] | None:
        """Return what stands at ``start`` of ``lower``, a text in lower case; None without any."""
        by_prefix = self._by_prefix
        two = lower[start : start + 2]
        pattern = by_prefix.get(two) or by_prefix.get(two[:1]) or by_prefix.get("")
        return pattern.match(lower, start) if pattern is not None else None


class Beginnings(dict[str, str]):
    """How words begin, by the word, in lower case.

    That is "0" for what begins with a digit, "" for what none of ``phrases`` asks for.

    Each distinct word is worked on once; up to 50,000 are remembered. Threads may share it.
    """

    def __init__(self, phrases: Iterable[PhraseIndex]) -> None:
        super().__init__()
        self._asked_for = frozenset({"0"}).union(*(index.keys for index in phrases))

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        begins = word[:_KEY_CHARS].lower()
        if begins[:1].isdigit():
            begins = "0"
        self[word] = found = begins if begins in self._asked_for else ""
        return found

    def of(self, words: Iterable[str]) -> set[str]:
        """Return how ``words`` begin, what is not asked for as ""."""
        return set(map(self.__getitem__, words))


def alternatives(patterns: str) -> list[str]:
    """Return the top alternatives of a regular expression, in order; groups stay whole."""
    parts, depth, start = [""], 0, 0
    while start < len(patterns):
        piece = _piece(patterns, start)
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
        start += len(piece)
    return parts


def _prefixes(pattern: str) -> frozenset[str]:
    """Return what a match of ``pattern`` can begin with: two characters, one, or "" for any."""
    start, found = 0, frozenset[str]()
    while start < len(pattern):
        piece = _piece(pattern, start)
        group = _group(pattern, start) if piece == "(" else ""
        after = start + len(group or piece)
        quantifier = _QUANTIFIER.match(pattern, after)
        if group.startswith("(?:"):
            for part in alternatives(group[3:-1]):
                found |= _prefixes(part)
        elif _is_open(piece):
            return frozenset({""})
        else:
            following = _piece(pattern, after) if after < len(pattern) else "("
            behind = after + len(following)
            is_plain = quantifier is None and not _is_open(following) and following not in "|)"
            if is_plain and _QUANTIFIER.match(pattern, behind) is None:
                found |= {piece[-1] + following[-1]}
            else:
                found |= {piece[-1]}
        if quantifier is None or (quantifier[0][0] not in "?*" and quantifier[1] != "0"):
            return found
        start = quantifier.end()
    return frozenset({""})


def _is_open(piece: str) -> bool:
    """Return whether ``piece`` is no character of its own: a class, any character, a group."""
    return (len(piece) > 1 and piece[1:].isalnum()) or piece in (".", "(") or piece[0] == "["


def _piece(pattern: str, start: int) -> str:
    """Return what stands at ``start``: an escape, a class of characters, or a character."""
    if pattern[start] == "\\":
        return pattern[start : start + 2]
    if pattern[start] == "[":
        return pattern[start : pattern.index("]", start + 2) + 1]
    return pattern[start]


def _literal(pattern: str) -> str:
    """Return the longest text without alternatives that any match of ``pattern`` has in it."""
    if len(alternatives(pattern)) > 1:
        return ""
    runs, start = [""], 0
    while start < len(pattern):
        piece = _piece(pattern, start)
        after = start + len(_group(pattern, start) if piece == "(" else piece)
        quantifier = _QUANTIFIER.match(pattern, after)
        is_literal = piece not in "(.^$" and piece[0] != "[" and not piece[1:].isalnum()
        if is_literal and quantifier is None:
            runs[-1] += piece[-1]
        else:
            runs.append("")
        start = quantifier.end() if quantifier else after
    return max(runs, key=len)


def _needs(pattern: str, *, left: bool = True, right: bool = True) -> list[frozenset[str]]:
    """Return sets of beginnings of words: any match of ``pattern`` has one of each set.

    ``left`` and ``right``: no letter stands before or after a match.
    """
    needs: list[frozenset[str]] = []
    run, is_clean, start = "", left, 0
    while start <= len(pattern):
        piece = _piece(pattern, start) if start < len(pattern) else ""
        group = _group(pattern, start) if piece == "(" else ""
        after = start + len(group or piece)
        quantifier = _QUANTIFIER.match(pattern, after)
        is_optional = quantifier is not None and (quantifier[0][0] in "?*" or quantifier[1] == "0")
        is_letter = len(piece) == 1 and piece.isalpha()
        if is_letter and quantifier is None:
            run += piece
            start = after
            continue
        if group and not group.startswith("(?:"):  # looks around, and takes nothing
            if run and is_clean and len(run) >= _KEY_CHARS:
                needs.append(frozenset({run[:_KEY_CHARS]}))
            run, is_clean, start = "", False, after
            continue
        if is_letter and run and is_clean and quantifier is not None and quantifier[0] == "?":
            behind = pattern[quantifier.end() : quantifier.end() + 1]
            if behind == " " or (right and not behind):  # "maps? "
                needs.append(frozenset({run[:_KEY_CHARS], (run + piece)[:_KEY_CHARS]}))
                run, is_clean, start = "", False, quantifier.end()
                continue
        is_edge = start == len(pattern)
        is_gap = piece == r"\b" or not (is_letter or group or _OPAQUE.match(piece))
        ends = right if is_edge else (is_gap and not is_optional) or _begins_apart(group)
        if run and is_clean and (ends or len(run) >= _KEY_CHARS):
            needs.append(frozenset({run[:_KEY_CHARS]}))
        if group and quantifier is None:
            apart = pattern[after : after + 1] in (" ", "")
            inner = [
                _needs(part, left=is_clean and not run, right=apart)
                for part in alternatives(group[3:-1])
            ]
            if all(inner):  # of each alternative the set of the longest
                best = (max(sets, key=lambda keys: min(map(len, keys))) for sets in inner)
                needs.append(frozenset().union(*best))
        is_clean = (is_gap and not is_optional) or _ends_apart(group, is_clean and not run)
        run = ""
        if is_edge:
            break
        start = quantifier.end() if quantifier else after
    return needs


def _group(pattern: str, start: int) -> str:
    """Return the group that opens at ``start``, brackets included."""
    depth, end = 0, start
    while True:
        piece = _piece(pattern, end)
        depth += (piece == "(") - (piece == ")")
        end += len(piece)
        if depth == 0:
            return pattern[start:end]


def _begins_apart(group: str) -> bool:
    return bool(group) and all(part[:1] == " " for part in alternatives(group[3:-1]))


def _ends_apart(group: str, before: bool) -> bool:
    """Return whether what follows ``group`` begins a word, if the group is there or not."""
    return (
        before
        and bool(group)
        and all(part.endswith((" ", "[ /]")) for part in alternatives(group[3:-1]))
    )

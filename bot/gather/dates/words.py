"""The words of dates in the world's languages: months, weekdays, halves of a day.

Kept in words.json, which ``python -m bot.gather.dates.words`` writes anew from Unicode's
CLDR as Babel has it.
"""

import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = ["DateWords", "Words", "date_words", "folded", "main", "written"]

_FILE = "words.json"
# Shorter beginnings of names are no abbreviations.
_MIN_STEM_CHARS = 3
_NUMBERED = re.compile(r"(\D*?)\s*\d+\s*(\D*)")
# In patterns of CLDR, "MMMM" is the month's name, and letters of ASCII have a meaning.
_PREFIXED = re.compile(r"([^\W\d_a-zA-Z]+)MMM")
_NOON_S = 12 * 3600
# What Babel has of dates, by its own keys.
_KEYS = ("months", "days", "day_periods", "day_period_rules", "date_formats")


class Words:
    """The meanings of words, folded, each with the languages that it has there."""

    def __init__(self, meanings: Mapping[str, Mapping[int, frozenset[str]]]) -> None:
        self._meanings = meanings
        self._sorted = sorted(meanings)

    def of(self, word: str) -> Mapping[int, frozenset[str]]:
        """Return what a folded word may mean, by its value; {} for nothing."""
        return self._meanings.get(word, {})

    def like(self, word: str) -> Mapping[int, frozenset[str]]:
        """Return what ``of`` does, or else what a word means whose beginning is given, or more.

        That is an abbreviation, of three letters or more, or a name with an ending. O(log n) in
        the words of all languages; {} for nothing.
        """
        if word in self._meanings or len(word) < _MIN_STEM_CHARS:
            return self.of(word)
        merged: dict[int, frozenset[str]] = {}
        for name in islice(self._sorted, bisect_left(self._sorted, word), None):
            if not name.startswith(word):
                break
            for value, languages in self._meanings[name].items():
                merged[value] = merged.get(value, frozenset()) | languages
        if merged:
            return merged
        stems = (word[:end] for end in range(len(word) - 1, _MIN_STEM_CHARS - 1, -1))
        return next((self._meanings[stem] for stem in stems if stem in self._meanings), {})


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of dates: ``months`` mean 1 to 12, ``days`` 0 (Monday) to 6, ``halves`` 0 or 1.

    0 is the half of the day before noon. ``before`` are what stands before the number of a month
    in languages without names for them.
    """

    months: Words
    days: Words
    halves: Words
    before: frozenset[str]


def folded(word: str) -> str:
    """Return a word in lower case, without accents, dots and apostrophes."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    kept = (letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[.'’ʻʼ׳\u200c-\u200f]", "", "".join(kept)).split())


@cache
def date_words() -> DateWords:
    """Return the words of all languages; the first call in a process reads a file, for 0.1 s."""
    data = json.loads(resources.files(__package__).joinpath(_FILE).read_text("utf-8"))
    return DateWords(
        _turned(data["months"], 1),
        _turned(data["days"], 0),
        _turned(data["halves"], 0),
        frozenset(data["before"]),
    )


def _turned(names: Mapping[str, list[str]], first: int) -> Words:
    """Return the words of tables by language, each a name or several, the first with ``first``."""
    found: dict[str, dict[int, set[str]]] = {}
    for language, lists in names.items():
        for value, line in enumerate(lists, first):
            for name in filter(None, line.split("|")):
                found.setdefault(name, {}).setdefault(value, set()).add(language)
    return Words(
        {
            name: {value: frozenset(languages) for value, languages in values.items()}
            for name, values in found.items()
        }
    )


def written() -> str:
    """Return the contents of the file of words, from Babel's data. Takes some seconds.

    Only where Babel was not used before: it keeps what it looked up, also in the data of other
    languages.
    """
    from babel import localedata  # noqa: PLC0415 - the data are read from a file

    months: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(12)])
    days: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(7)])
    halves: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(2)])
    before: set[str] = set()
    # What a language lacks it has from the root, where words are English.
    root = _locale("root")
    foreign = {name for table in ("months", "days") for _, name in _names(root[table])}
    foreign |= {name for _, name in _halves(root)}
    for identifier in sorted(localedata.locale_identifiers()):
        locale, language = _locale(identifier), identifier.partition("_")[0]
        own = set() if language == "en" else foreign
        prefixes = {"", *_prefixes(locale)}
        for number, name in _names(locale["months"]):
            numbered = _NUMBERED.fullmatch(name)
            if numbered and folded(numbered[1]):
                before.add(folded(numbered[1]))
            elif name not in own and not any(letter.isdecimal() for letter in name):
                months[language][number - 1] |= {folded(p + name) for p in prefixes}
        for number, name in _names(locale["days"]):
            if name not in own:
                days[language][number].add(folded(name))
        for half, name in _halves(locale):
            if name not in own:
                halves[language][half].add(folded(name).replace(" ", ""))
    lines = ['{"before": ' + json.dumps(sorted(before), ensure_ascii=False)]
    # A name of one letter is "M" of "May"; of halves of a day it is not.
    for table, words, min_chars in (
        ("months", months, 2),
        ("days", days, 2),
        ("halves", halves, 1),
    ):
        lines.append(f'}}, "{table}": {{' if table != "months" else f', "{table}": {{')
        rows = {name: _lines(sets, min_chars) for name, sets in sorted(words.items()) if any(sets)}
        entries = [
            f"{json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}"
            for name, row in rows.items()
        ]
        lines.append(",\n".join(entries))
    return "\n".join([*lines, "}}"]) + "\n"


def _locale(identifier: str) -> Mapping[str, Any]:
    """Return what a locale has of dates, as a copy, because looking up changes it."""
    from babel import localedata  # noqa: PLC0415 - the data are read from a file

    loaded = localedata.load(identifier)
    return localedata.LocaleDataDict({key: deepcopy(loaded[key]) for key in _KEYS if key in loaded})


def _names(tables: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[int, str]]:
    for widths in tables.values():
        for width in ("wide", "abbreviated", "short"):
            yield from widths.get(width, {}).items()


def _prefixes(locale: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a language writes before a month without a space: "in May" in Hebrew."""
    for form in locale["date_formats"].values():
        if found := _PREFIXED.search(form.pattern):
            yield found[1]


def _halves(locale: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the names of what lies in one half of the day: "am", and "in the evening"."""
    rules: Mapping[str, Any] = locale.get("day_period_rules", {}).get(None, {})
    within = {"am": 0, "pm": 1}
    for name, ranges in rules.items():
        for span in ranges:
            begin, end = span.get("from"), span.get("before")
            if begin is not None and end is not None and begin < end:
                if end <= _NOON_S:
                    within.setdefault(name, 0)
                elif begin >= _NOON_S:
                    within.setdefault(name, 1)
    for widths in locale["day_periods"].values():
        for width in ("wide", "abbreviated", "narrow"):
            for name, text in widths.get(width, {}).items():
                if name in within:
                    yield within[name], text


def _lines(sets: Collection[set[str]], min_chars: int) -> list[str]:
    return ["|".join(sorted(name for name in names if len(name) >= min_chars)) for names in sets]


def main() -> None:
    """Write the file of words anew, from Babel's tables; raise OSError where it cannot be."""
    Path(__file__).with_name(_FILE).write_text(written(), "utf-8")


if __name__ == "__main__":
    main()

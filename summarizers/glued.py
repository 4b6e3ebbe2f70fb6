"""Words of a page that stand glued before a sentence: datelines, kickers, stamps, buttons."""

import re
from collections.abc import Set
from functools import lru_cache
from itertools import islice

from summarizers.datafiles import load
from summarizers.datelines import dateline_chars
from summarizers.furniture import button_patterns, furniture_of, is_spaced, words_of
from summarizers.phrases import Openings
from summarizers.players import begins_sentence, player_chars
from summarizers.stopwords import stop_words

__all__ = ["Glue", "glue_of"]

# What is glued on may come twice and thrice: "EXCLUSIVE: SEOUL, June 5 (Reuters) -".
_MOST = 3
_OPENING_MARKS = "\"'“”‘’„«»‹›「『《¿¡"
_MIN_WORDS = 4
_MIN_CHARS_UNSPACED = 8
_MARK = r"\s?(?:[:：|]\s*|(?:[–—]|--?)\s+)"
# 14:32 Uhr:   [14.32]   +++ 9h15 –
_STAMP = re.compile(
    r"(?:\+{2,3}\s?)?(?:(?:kl|klo)\.?\s)?(?:"
    r"[\[(]\d{1,2}[:.h]\d\d(?:\s?[A-Za-z.]{1,5})?[\])]\s?[:|–—-]?\s*|"
    r"\d{1,2}[:.h]\d\d(?:\s?(?:uhr|h|utc|gmt|cet|cest|mez|mesz|bst|est|edt|et|ist|msk|мск|น\.?|"
    r"[ap]\.?m\.?(?:\s[a-z]{2,4})?))?\s?(?:[:：|]|[–—]|--?\s)\s*)|\+{3}\s?",
)
# LE POINT SUR LA SITUATION -   ORUNPUR:   ORUN, June 5:
_CAPITALS = re.compile(
    r"([^\W\d_](?:[^\Wa-zà-ÿ_]|[ .,&/'’-]){1,60}?(?:,\s[^\W\d_]{3,9}\.?\s\d{1,2})?)"
    r"(?:\s?([:：])\s+|\s(?:\||[–—]|--?)\s+)"
)
# DECISION IN COUNCIL The ward …: behind two words or more in capitals begins another.
# Names in capitals are mostly shorter (NASA, UNESCO), and what shouts is longer.
_SHOUTED_CHARS = 7
_MIN_SHOUTED_CHARS = 11
_MIN_SINGLE_CHARS = 4
_WORD = re.compile(r"\S+\s*")
# What stands behind these is the title of a film or a picture.
_MEDIA = re.compile(
    r"(?:CLOSE|EMBED|WATCH|READ|LISTEN|MORE|PICTURED|PHOTOS?|VIDEOS?|FOTOS?|BILDER|VIDÉOS?|"
    r"ФОТО|ВИДЕО|ВІДЕО)\s"
)
# AMBARA, Strait Voice:   ORUN TOWN, Harbour Post –
_OUTLET = re.compile(
    r"[^\W\d_a-zà-ÿ]{3,}(?:[ /-][^\W\d_a-zà-ÿ]{2,}){0,3},\s"
    r"(?:[^\W\d_a-zà-ÿ][\w.'’&-]*\s?){1,4}(?:[:：]\s+|(?:--|[–—]|(?<=\s)-)\s+)"
)
# Without one of these near its beginning, and without a word in capitals, nothing is glued on.
_MARKED = re.compile(r"[:：|–—।\[［【(（/电電讯訊]")
_DOUBLE_MARK = re.compile(r"-(?:[\s-]|(?<=\.-))|\+\+")
_MARKED_CHARS = 90
# Velt:   सोनघाट:   ; behind it stands a statement of so many words and more
_LABEL = re.compile(
    r"([^\W\da-zà-ÿа-я_][^\W\d_\u0900-\u0dff]?[\w'’\u0900-\u0dff-]{1,23})\s?[:：]\s+"
)
_LABELLED_SPACES = 6
_SHOUTED_WORDS = 9
_SPEAKER_WORDS = 4
_QUOTED = re.compile(r"[\"“„«][^\"”“»]{0,600}[\"”“»]")
# A button's word has a capital; what stands between buttons is a mark.
_MIN_BUTTONS = 3


class Glue:
    """Tells the words glued before sentences of one language, a normal language code.

    Of a language without data those in English, datelines and stamps. Immutable.
    """

    def __init__(self, language: str) -> None:
        english, own = load("furniture")["en"], load("furniture").get(language, {})
        known = [english] if language == "en" or not own else [english, own]
        self._language = language
        self._spaced = is_spaced(language)
        self._furniture = furniture_of(language)
        kickers = "|".join(words_of(known, "kickers"))
        self._kicker = re.compile(f"(?:{kickers}){_MARK}")
        self._shouted = re.compile(f"(?:{kickers})\\s")
        places = "|".join(words_of(known, "places"))
        self._place = re.compile(
            rf"(?:{places})(?:\s?[,/،، ]\s?[^:–—\n\"“«()-]{{1,24}})?"
            rf"(?:\s?[:：।]\s+|\s?(?:[–—]|--?)\s+)",
        )
        self._button = Openings(button_patterns(known, spaced=self._spaced))
        self._strong_found = re.compile("|".join(words_of(known, "strong")))
        persons = "|".join(words_of(known, "persons"))
        edge = r"\b" if self._spaced else ""
        self._persons = re.compile(f"{edge}(?:{persons}){edge}", re.IGNORECASE)

    def chars(
        self,
        text: str,
        lower: str,
        begun: Set[str],
        *,
        opens: bool,
        has_button: bool,
        is_strong: bool,
        is_first: bool = False,
    ) -> int | None:
        """Return how many characters are glued before the sentence ``text``: 0 if none are.

        None where what follows is no whole sentence, or the words name its speaker, as in a
        transcript. ``opens``: the sentence begins its paragraph; only there have datelines,
        kickers and stamps their place. ``lower`` is ``text`` in lower case, ``begun`` what its
        furniture's ``beginnings`` has of its words. ``has_button``: it may open with a button's
        word; ``is_strong``: it has one that only buttons have. ``is_first``: it is the first
        sentence of its text; there a name before a colon is the place of a report, whichever it
        is. Linear.
        """
        if not opens and not is_strong and text[0] not in "(（[［【":  # the common case
            return 0
        if len(lower) != len(text):  # "İ" has two characters in lower case
            lower = text.replace("İ", "i").lower()
        skip: int | None = 0
        if is_strong or has_button:
            skip = self._buttons(text, lower, is_strong=is_strong)
        if not skip and skip is not None and opens and "0" in begun:
            skip = player_chars(text, self._language)
        if skip is None or (not skip and not opens and text[0] not in "(（[［【"):
            return skip
        if not text[skip : skip + 2].isupper() and not _is_marked(text, skip):
            return skip
        for _ in range(_MOST):
            found = self._one(text[skip:], lower[skip:], opens=opens or skip > 0)
            if not found:
                break
            skip += found
        if found == 0 and is_first and opens:
            skip += self._label(text[skip:])
        return skip if found is not None else None

    def _label(self, text: str) -> int:
        """Return the length of one word before a colon, where a whole statement follows; else 0.

        A speaker's name has a quotation or "I" and "we" behind it, and a label of the page says so
        itself.
        """
        match = _LABEL.match(text)
        if match is None or match[1].lower() in stop_words(self._language):
            return 0
        rest = text[match.end() :]
        if (
            rest[0] in _OPENING_MARKS
            or (self._spaced and rest.count(" ") < _LABELLED_SPACES)
            or not self._goes_on(rest)
            or self._furniture.is_labelled(text.lower())
            or self._persons.search(_QUOTED.sub(" ", rest)) is not None
        ):
            return 0
        return match.end()

    def _one(self, text: str, lower: str, *, opens: bool) -> int | None:
        """Return the length of one glued piece, 0 without, None for a speaker's label."""
        if not opens:
            return dateline_chars(text)
        for match in (
            _STAMP.match(lower),
            self._kicker.match(lower),
            self._shouts(text, lower),
            _OUTLET.match(text),
        ):
            if match is not None and self._goes_on(text[match.end() :]):
                return match.end()
        shouted = _shouted_chars(text, self._language)
        if shouted and self._goes_on(text[shouted:]):
            return shouted
        found = dateline_chars(text)
        if found:
            return found
        match = _CAPITALS.match(text)
        if match is not None and self._goes_on(text[match.end() :]):
            return self._capitals(text, match)
        match = self._place.match(lower)
        return match.end() if match is not None and self._goes_on(text[match.end() :]) else 0

    def _shouts(self, text: str, lower: str) -> re.Match[str] | None:
        """Return a kicker in capitals without a mark after it: "BREAKING Miners vote"."""
        match = self._shouted.match(lower)
        if match is None or not text[: match.end()].isupper():
            return None
        return None if text[match.end() : match.end() + 3].isupper() else match

    def _capitals(self, text: str, match: re.Match[str]) -> int | None:
        """Return the length of words in capitals before a mark, None if they name a speaker."""
        rest = text[match.end() :]
        count = len(match[1].split())
        if count > _SHOUTED_WORDS or not any(map(str.islower, rest[:20])):
            return 0
        if self._furniture.is_labelled(text.lower()):  # "CORRECTION:" says itself
            return 0
        if match[2] is None and match[1].isalpha() and len(match[1]) <= 2:
            return 0
        says = match[2] is not None and count <= _SPEAKER_WORDS
        if says and self._persons.search(_QUOTED.sub(" ", rest)) is not None:
            return None
        return match.end()

    def _buttons(self, text: str, lower: str, *, is_strong: bool) -> int | None:
        """Return the length of the buttons' words before a sentence, 0 if there are none."""
        count, end = 0, 0
        while (match := self._button.match(lower, end)) is not None and match.end() > end:
            piece = text[end : match.end()]
            if piece[:1].islower() and len(piece.strip()) > 1 and " in " not in piece:
                break
            count += 1
            end = match.end()
        if not is_strong and count < _MIN_BUTTONS:
            return 0
        if is_strong:  # between them may stand a gallery's title: go on behind the last of them
            last = end if count >= _MIN_BUTTONS - 1 else 0
            pieces = count
            for found in self._strong_found.finditer(lower, end):
                place = found.start()
                if place < last or text[place].islower():
                    continue
                while (match := self._button.match(lower, place)) and match.end() > place:
                    place = match.end()
                    pieces += 1
                last = max(last, place)
            if pieces < _MIN_BUTTONS - 1:  # one such word may be the news
                return 0
            end = last
        return end if self._goes_on(text[end:]) else None

    def _goes_on(self, rest: str) -> bool:
        """Return whether ``rest`` looks like the beginning of a whole sentence."""
        if rest[:1].isspace():
            rest = rest.lstrip()
        first = rest.lstrip(_OPENING_MARKS)[:1]
        if not first or first.islower() or not (first.isalnum()):
            return False
        if not self._spaced:
            return len(rest) >= _MIN_CHARS_UNSPACED
        return rest.count(" ") + 1 >= _MIN_WORDS


def _is_marked(text: str, start: int) -> bool:
    """Return whether ``text`` has near ``start`` one of the marks behind what is glued on."""
    end = start + _MARKED_CHARS
    return _MARKED.search(text, start, end) is not None or (
        ("-" in text or "+" in text) and _DOUBLE_MARK.search(text, start, end) is not None
    )


def _shouted_chars(text: str, language: str) -> int:
    """Return the length of the words in capitals that ``text`` opens with as a kicker, else 0.

    Behind them stands a function word with a capital, or they are several, are too long for names
    in capitals (NASA), and a word follows as sentences begin.
    """
    if not (text[0].isupper() and text[:2].isupper()) or _MEDIA.match(text):
        return 0
    words: list[str] = []
    end = 0
    for match in islice(_WORD.finditer(text), _SHOUTED_WORDS):
        word = match[0].strip()
        if not (word.isupper() or (words and word in "&/")):
            break
        words.append(word.strip(_OPENING_MARKS))
        end = match.end()
    if len(words) > 1 and len(words[-1]) == 1:  # "A" begins the sentence
        end -= len(text[:end]) - len(text[:end].rstrip()) + 1
        words.pop()
    if not words or words[-1][-1:] in ",.;:":
        return 0
    if words[-1].lower() in stop_words(language):  # capitals that open a text: "FOUND BY Velt"
        return 0
    longest = max(map(len, words))
    if longest >= _MIN_SINGLE_CHARS and begins_sentence(text, end, language):
        return end
    is_long = longest >= _SHOUTED_CHARS and end >= _MIN_SHOUTED_CHARS
    if len(words) < 2 or not (is_long or (len(words) > 2 and end > _MIN_SHOUTED_CHARS)):
        return 0
    follows = text[end:].lstrip(_OPENING_MARKS)[:40].split(" ", 1)[0]
    return end if follows.istitle() and len(follows) + 1 < len(text) - end else 0


@lru_cache(maxsize=64)
def glue_of(language: str) -> Glue:
    """Return the Glue of a normal language code; those of 64 languages are cached.

    The first call for a language in a process compiles its patterns.
    """
    return Glue(language)

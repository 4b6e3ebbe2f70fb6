"""Nouns that a reader must know: definite ones, bare surnames, and what names them."""

from collections.abc import Container, Iterable

from summarizers.lean import POINTS, STANDS, Lean, with_roots
from summarizers.opening_words import PUNCTUATION, OpeningWords, Tokens, is_capital
from summarizers.stopwords import stop_words
from summarizers.terms import Terms

__all__ = ["NounPhrases", "Surnames"]

# A noun phrase is read for so many words, and what specifies it for so many tokens.
_NOUN_WORDS = 4
_SPECIFYING = 7
# Shorter words end like a definite noun by chance.
_PREFIX_CHARS = 4
_POSSESSED_CHARS = 4
# A document names its people in full near its beginning, and few words stand so often in it.
_NAMED_CHARS = 20_000
_LOOKED_AT = 8


class Surnames(Container[str]):
    """The words that end a run of capitalized words in a text: "Lund" of "Ada Lund".

    A sentence that opens with such a word alone means somebody who was named in full. A
    function word that opens a sentence begins no name. None for scripts without capitals. Each
    question is answered in constant time, from the first 20,000 characters.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._function_words = stop_words(language)

    def __contains__(self, word: object) -> bool:
        text = self._text
        at = 0
        for _ in range(_LOOKED_AT):
            at = text.find(f" {word}", at + 1, _NAMED_CHARS)
            if at < 0:
                return False
            end = at + 1 + len(str(word))
            before = text[max(at - 30, 0) : at].split()[-1:]
            is_name = before and is_capital(before[0].lstrip("(“\"'‘"))
            if (
                is_name
                and not text[end : end + 1].isalnum()
                and not is_capital(text[end : end + 2].lstrip())
                and before[0].lower() not in self._function_words
            ):
                return True
        return False


class NounPhrases:
    """Tells what the nouns lean on that sentences of one language open with. Immutable."""

    def __init__(self, words: OpeningWords, terms: Terms) -> None:
        self._words = words
        self._terms = terms

    def definite(self, tokens: Tokens, at: int) -> Lean:
        """Return what a definite noun phrase leans on, whose article stands before ``at``.

        Nothing if it is named ("the Velt mayor", "the mayor of Velt", "the mayor, Ada
        Lund,"), specified ("the price of oil") or unique ("the government").
        """
        found: list[str] = []
        for n in range(at, min(at + _NOUN_WORDS, len(tokens))):
            token, lower = tokens[n], tokens[n].lower()
            if self._tells_which(tokens, n, is_first=n == at):
                return STANDS
            if found and lower in self._words.joins:
                return self._specified(tokens, n, found)
            is_verb = lower in self._words.verbs or self._words.is_past(lower)
            if token in PUNCTUATION or (found and is_verb):
                break
            found.append(lower)
        if not found or (len(found) == 1 and found[0] in self._words.dates):
            return STANDS
        return self.needing(found[:2] if len(found) == _NOUN_WORDS else found)

    def _tells_which(self, tokens: Tokens, at: int, *, is_first: bool) -> bool:
        """Return whether a noun phrase is named or unique by its token ``at``."""
        token = tokens[at]
        if token in PUNCTUATION:
            after = tokens[at + 1 : at + 3]  # an apposition
            return bool(after) and is_capital(after[0]) and self._is_name(after)
        has_office = tokens[at + 1 : at + 2] and tokens[at + 1].lower() in self._words.offices
        if self._words.unique.match(tokens, at) and not has_office:
            return True
        is_named = is_capital(token) and self._is_name(tokens[at:])
        return is_named or (token.isdigit() and not is_first)

    def bare(self, tokens: Tokens, at: int, names: Container[str]) -> Lean:
        """Return what a sentence leans on that opens with a noun without an article."""
        words = self._words
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else ","
        if words.possessed and self._is_possessed(tokens[at : at + (2 if words.prefixes else 1)]):
            return POINTS
        if words.nouns.match(tokens, at) and not is_capital(following):
            return self.needing([token])
        if words.prefixes:
            return self._prefixed(tokens, at)
        if is_capital(following) and not words.nouns_are_capitals:
            return STANDS
        is_name = is_capital(token) and not token.isupper() and token in names
        says = following.lower() in words.verbs_of_saying
        is_plural = token.endswith("s")  # "Doctors said"
        is_known_name = (is_name or (says and not is_plural)) and self.is_single(tokens, at)
        return self.needing([token]) if is_known_name or self._is_suffixed(tokens, at) else STANDS

    def _is_possessed(self, tokens: Tokens) -> bool:
        """Return whether a suffix says that a noun is somebody's ("asistennya")."""
        return any(
            token.endswith(self._words.possessed)
            and len(token) > _POSSESSED_CHARS
            and not is_capital(token[1:])
            for token in tokens
        )

    def _prefixed(self, tokens: Tokens, at: int) -> Lean:
        """Return what a noun with its article in front of it leans on, behind a verb or first."""
        words = self._words
        if tokens[at] in words.verbs or not tokens[at].startswith(words.prefixes):
            at += 1
        token, following = (*tokens[at : at + 2], ",", ",")[:2]
        is_definite = token.startswith(words.prefixes) and len(token) >= _PREFIX_CHARS
        closes = following in PUNCTUATION or following in words.verbs
        if is_definite and closes and not words.unique.match(tokens, at):
            return self.needing([token])
        return STANDS

    def _is_suffixed(self, tokens: Tokens, at: int) -> bool:
        """Return whether a suffix makes a noun definite that nothing names ("mannen")."""
        words = self._words
        lower = tokens[at].lower()
        following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
        if len(lower) < words.minimal or not lower.endswith(words.suffixes):
            return False
        is_common = not words.unique.match(tokens, at) and lower not in words.dates
        return is_common and following not in words.joins and not tokens[at].isupper()

    def titled(self, tokens: Tokens, at: int) -> Lean:
        """Return what "Mr Lund said" leans on: a title with one name means a known person."""
        if at + 1 < len(tokens) and is_capital(tokens[at + 1]):
            return STANDS
        return self.needing(tokens[at : at + 1])

    def is_single(self, tokens: Tokens, at: int) -> bool:
        """Return whether a name of one word stands at ``at``, and no office, day or body."""
        if at >= len(tokens) or not is_capital(tokens[at]) or tokens[at].isupper():
            return False
        if at + 1 < len(tokens) and is_capital(tokens[at + 1]):
            return False
        known = tokens[at].lower() in self._words.offices or tokens[at].lower() in self._words.dates
        return not known and not self._words.unique.match(tokens, at)

    def needing(self, words: Iterable[str]) -> Lean:
        """Return the lean of what is told only where one of ``words`` was shown."""
        parts = [part for word in words for part in word.split("-")]
        terms = self._terms.of_words(parts)
        needs = with_roots(terms) if self._words.has_roots else frozenset(terms)
        return Lean(needs=needs) if needs else POINTS

    def _is_name(self, tokens: Tokens) -> bool:
        """Return whether the capitalized word that ``tokens`` begin with is a name."""
        if not self._words.nouns_are_capitals or tokens[0].isupper():
            return True
        return len(tokens) > 1 and is_capital(tokens[1])

    def _specified(self, tokens: Tokens, at: int, words: list[str]) -> Lean:
        """Return what a noun phrase leans on that a preposition at ``at`` goes on with.

        It specifies the noun, but for "the cost of the project": then that project has to be
        known, or a name in reach.
        """
        if tokens[at].lower() != "of" or at + 1 >= len(tokens):
            return STANDS
        after: list[str] = []
        for n in range(at + 1, min(at + 1 + _SPECIFYING, len(tokens))):
            token = tokens[n]
            if token in PUNCTUATION or token.lower() in self._words.verbs:
                break
            if is_capital(token) or token[0].isdigit() or self._words.unique.match(tokens, n):
                return STANDS
            after.append(token.lower())
        points_on = after and (
            after[0] in self._words.articles or after[0] in self._words.cataphors
        )
        return self.needing([*words, *after[1:3]]) if points_on else STANDS

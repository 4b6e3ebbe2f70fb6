"""Nouns that a reader must know: definite ones, bare surnames, and what names them."""

import re
from collections.abc import Container, Iterable

from summarizers.lean import POINTS, STANDS, Lean, with_roots
from summarizers.opening_words import PUNCTUATION, OpeningWords, Tokens, is_capital
from summarizers.related_nouns import RelatedNouns
from summarizers.stopwords import stop_words
from summarizers.terms import Terms

__all__ = ["NounPhrases", "Surnames"]

# A noun phrase is read for so many words, and what specifies it for so many tokens.
_NOUN_WORDS = 4
_SPECIFYING = 7
# Shorter words end like a definite noun by chance.
_PREFIX_CHARS = 4
_POSSESSED_CHARS = 4
_SHORT_CHARS = 5
# A noun and a verb, at least.
_NOUN_AND_VERB = 2
_YEAR_DIGITS = 4
# Nouns of unspaced scripts, longest first, and surnames: so many characters.
_NOUN_LENGTHS = (6, 5, 4, 3, 2, 1)
_SURNAME_LENGTHS = (1, 2)
# A noun of a list is known by so many letters; its endings have so many more.
_STEM_CHARS = 5
_CASE_ENDING = 4
# A document names its people in full near its beginning, and few words stand so often in it.
_NAMED_CHARS = 20_000
_LOOKED_AT = 8
# A sentence that opens a text begins in so many characters of it.
_OPENING_CHARS = 400
_STOP = re.compile(r"[.!?][\"”’»)]?(?=\s|$)|[。！？]")
# "Ada van Lund": what stands between a first name and a surname.
_PARTICLES = frozenset(("bin", "ibn", "ten", "ter", "van", "von"))
# But where they are prepositions.
_PREPOSITIONS = {"nl": "van", "de": "von"}
# "Юрьева" is a case of "Юрьев": so many letters at the end of a name may change.
_CASE_CHARS = 2
_INITIAL_CHARS = 2
_INFLECTED_CHARS = 5
_INFLECTED = frozenset(
    ("be", "bg", "cs", "et", "fi", "hr", "hu", "lt", "lv", "pl", "ru", "sk", "sl", "sr", "uk")
)
_FAMILY_NAME_FIRST = frozenset(("hu",))


class Surnames(Container[str]):
    """The words that end a run of capitalized words in a text: "Lund" of "Ada Lund".

    A sentence that opens with such a word alone means somebody who was named in full. A
    function word that opens a sentence begins no name. None for scripts without capitals. Each
    question is answered in constant time, from the first 20,000 characters.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._function_words = stop_words(language)
        self._is_inflected = language in _INFLECTED
        self._is_first = language in _FAMILY_NAME_FIRST
        self._particles = _PARTICLES - {_PREPOSITIONS.get(language, "")}

    def opens_with(self, sentence: str) -> bool:
        """Return whether no sentence of the text stands before ``sentence``, headings aside."""
        head = self._text[:_OPENING_CHARS]
        at = head.find(sentence[: _OPENING_CHARS // 2])
        return at >= 0 and _STOP.search(head, 0, at) is None

    def __contains__(self, word: object) -> bool:
        name = str(word)
        if self._is_inflected and len(name) >= _INFLECTED_CHARS:
            stem = name[:-_CASE_CHARS]
            return self._is_named(stem, len(name) + _CASE_CHARS - len(stem))
        return self._is_named(name, 0)

    def _is_named(self, start: str, more: int) -> bool:
        """Return whether a name begins with ``start`` that goes on for ``more`` letters at most."""
        text = self._text
        at = 0
        for _ in range(_LOOKED_AT):
            at = text.find(start, at + 1, _NAMED_CHARS)
            if at < 0:
                return False
            end = at + len(start)
            while more and end < at + len(start) + more and text[end : end + 1].isalpha():
                end += 1
            if not text[at - 1].isalnum() and not text[end : end + 1].isalnum():
                goes_on = is_capital(text[end : end + 2].lstrip())
                if goes_on and self._is_first and text[end : end + 1] == " ":
                    return True
                if not goes_on and self._follows_name(at):
                    return True
        return False

    def _follows_name(self, at: int) -> bool:
        """Return whether a word of a name stands before the place ``at``."""
        if self._text[at - 1] not in " '’":
            return False
        before = self._text[max(at - 30, 0) : at].replace("’", " ").replace("'", " ").split()[-3:]
        while before and before[-1].lower() in self._particles:
            before.pop()
        if not before or not is_capital(before[-1].lstrip('(“"«„')):
            return False
        if not before[-1][-1].isalpha() and len(before[-1]) > _INITIAL_CHARS:
            return False  # the end of a sentence, but for "J. Lund"
        return before[-1].lower() not in self._function_words


class NounPhrases:
    """Tells what the nouns lean on that sentences of one language open with. Immutable."""

    def __init__(self, words: OpeningWords, terms: Terms) -> None:
        self._words = words
        self._terms = terms
        self._related = RelatedNouns(words.groups, terms, has_roots=words.has_roots)

    def definite(self, tokens: Tokens, at: int, names: Container[str] = ()) -> Lean:
        """Return what a definite noun phrase leans on, whose article stands before ``at``.

        Nothing if it is named ("the Velt mayor", "the mayor of Velt", "the mayor, Ada
        Lund,"), specified ("the price of oil") or unique ("the government"). Where names have
        articles, a surname is looked for in ``names``.
        """
        words = self._words
        found: list[str] = []
        end = min(at + _NOUN_WORDS, len(tokens))
        for n in range(at, end):
            token, lower = tokens[n], tokens[n].lower()
            if n == at and words.named_with_articles and self._is_surname(tokens, n, names):
                return self.naming(token)
            if self._tells_which(tokens, n):
                return STANDS
            if found and lower in words.joins:
                return self._specified(tokens, n, found)
            is_verb = lower in words.verbs or words.is_past(lower)
            if token in PUNCTUATION or (found and (is_verb or token.isdigit())):
                break
            if words.nouns_are_capitals and found and found[-1] and not is_capital(token):
                break  # behind a noun, in German, a verb
            if token.isdigit():
                continue  # "the 4,800 miners"
            if not words.nouns_are_capitals or is_capital(token):
                found.append(lower if lower not in words.adjectives else "")
        nouns = [noun for noun in found if noun]
        if not nouns or (len(nouns) == 1 and nouns[0] in words.dates):
            return STANDS
        return self.needing(nouns[:_NOUN_AND_VERB])

    def _is_surname(self, tokens: Tokens, at: int, names: Container[str]) -> bool:
        return self.is_single(tokens, at) and tokens[at] in names

    def _tells_which(self, tokens: Tokens, at: int) -> bool:
        """Return whether a noun phrase is named or unique by its token ``at``."""
        words, token = self._words, tokens[at]
        if token in PUNCTUATION:
            after = tokens[at + 1 : at + 3]  # an apposition
            return bool(after) and is_capital(after[0]) and self._is_name(after)
        length = words.unique.match(tokens, at)
        behind = tokens[at + length].lower() if at + length < len(tokens) else ""
        if length and behind not in words.heads and behind not in words.offices:
            return True  # a unique body, and not only a part of a noun
        if token.isdigit():  # "the 2019 agreement", "the first since 2019"
            return len(token) == _YEAR_DIGITS
        if words.superlative and token.endswith(words.superlative) and len(token) > _SHORT_CHARS:
            return True
        return is_capital(token) and self._is_name(tokens[at:])

    def bare(self, tokens: Tokens, at: int, names: Container[str]) -> Lean:
        """Return what a sentence leans on that opens with a noun without an article."""
        words = self._words
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else ","
        reach = 2 if words.prefixes or token.endswith(words.adjective_endings) else 1
        if words.possessed and self._is_possessed(tokens[at : at + reach]):
            return POINTS
        length = words.nouns.match(tokens, at)
        lower = token.lower()
        if not length and not lower.endswith(words.plural_endings):  # "Lawyers" are any
            stems = words.noun_stems.get(lower[:_STEM_CHARS], ())
            length = any(lower.startswith(s) and len(lower) <= len(s) + _CASE_ENDING for s in stems)
        if length:
            return self._common(tokens, at, at + length)
        if words.prefixes:
            return self._prefixed(tokens, at)
        if is_capital(following) and not words.nouns_are_capitals:
            is_surname = self.is_family_name(tokens, at, names)
            return self.naming(following) if is_surname else STANDS
        return self._bare_name(tokens, at, names) or self._suffixed(tokens, at)

    def is_family_name(self, tokens: Tokens, at: int, names: Container[str]) -> bool:
        """Return whether a surname of two words stands at ``at`` ("Van Lund said")."""
        return tokens[at].lower() in _PARTICLES and self._is_surname(tokens, at + 1, names)

    def _bare_name(self, tokens: Tokens, at: int, names: Container[str]) -> Lean | None:
        """Return what a name alone at ``at`` leans on, None if there is none."""
        token = tokens[at]
        following = tokens[at + 1].lower() if at + 1 < len(tokens) else ","
        is_name = is_capital(token) and not token.isupper() and token in names
        says = following in self._words.verbs_of_saying
        is_plural = token.endswith("s")  # "Doctors said"
        is_known_name = (is_name or (says and not is_plural)) and self.is_single(tokens, at)
        return self.naming(token) if is_known_name else None

    def opens_with_object(self, text: str) -> bool:
        """Return whether a sentence opens with an object and names nobody ("Kupayı aldı.")."""
        endings = self._words.object_endings
        first, *rest = text.split()
        near = (first, *rest[:2])
        is_object = any(word.endswith(endings) and len(word) > _POSSESSED_CHARS for word in near)
        return is_object and not any(map(is_capital, rest))

    def unspaced(self, core: str) -> Lean:
        """Return what a sentence leans on that opens with ``core``, of unspaced words.

        With a common noun and its particle ("会社は"), or a surname alone ("田中さん").
        """
        words = self._words
        noun = next((core[:n] for n in _NOUN_LENGTHS if core[:n] in words.noun_words), "")
        if noun and (not words.particles or core.startswith(words.particles, len(noun))):
            return self.needing([noun])
        for n in _SURNAME_LENGTHS:
            if words.named_as and core.startswith(words.named_as, n) and core[:n].isalpha():
                return self.naming(core[:n]) if n > 1 else POINTS
        return STANDS

    def _common(self, tokens: Tokens, at: int, end: int) -> Lean:
        """Return what a common noun leans on that fills ``at`` to ``end``: what it means.

        Nothing if it is named close behind ("The driver Bo Ek"), or by a place.
        """
        nouns = list(tokens[at:end])
        for n in range(end, min(end + _NOUN_WORDS, len(tokens))):
            token = tokens[n]
            if token in PUNCTUATION or token.lower() in self._words.verbs:
                break
            if is_capital(token) or self._words.unique.match(tokens, n):
                return STANDS
            if n == end and not self._words.is_prepositional(token):
                nouns.append(token)
        return self.needing(nouns)

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

    def _suffixed(self, tokens: Tokens, at: int) -> Lean:
        """Return what a noun leans on that a suffix makes definite and nothing names ("mannen").

        Where the verb comes second, it stands behind a comma, and the noun behind it.
        """
        words = self._words
        if at and tokens[at - 1] in PUNCTUATION and words.subjects:
            at += 1
        if at >= len(tokens):
            return STANDS
        lower = tokens[at].lower()
        following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
        if len(lower) < words.minimal or not lower.endswith(words.suffixes):
            return STANDS
        if words.unique_endings and lower.endswith(words.unique_endings):
            return STANDS
        is_common = not words.unique.match(tokens, at) and lower not in words.dates
        is_common = is_common and bool(self._terms.of_words([lower]))
        is_definite = is_common and following not in words.joins and not tokens[at].isupper()
        return self.needing([tokens[at]]) if is_definite else STANDS

    def titled(self, tokens: Tokens, at: int) -> Lean:
        """Return what "Mr Lund said" leans on: a title with one name means a known person."""
        if at + 1 < len(tokens) and is_capital(tokens[at + 1]):
            return STANDS
        return self.naming(tokens[at])

    def is_single(self, tokens: Tokens, at: int) -> bool:
        """Return whether a name of one word stands at ``at``, and no office, day or body."""
        if at >= len(tokens) or not is_capital(tokens[at]) or tokens[at].isupper():
            return False
        if at + 1 < len(tokens) and is_capital(tokens[at + 1]):
            return False
        known = tokens[at].lower() in self._words.offices or tokens[at].lower() in self._words.dates
        return not known and not self._words.unique.match(tokens, at)

    def naming(self, name: str) -> Lean:
        """Return the lean of what is told only where a ``name`` was shown."""
        terms = self._terms.of_words(name.split("-"))
        needs = with_roots(terms) if self._words.has_roots else frozenset(terms)
        return Lean(needs=needs, is_name=True) if needs else POINTS

    def needing(self, words: Iterable[str]) -> Lean:
        """Return the lean of what is told only where one of ``words`` was shown.

        Or a word that can mean the same ("the ship", a ferry).
        """
        needs: frozenset[str] = frozenset()
        for word in words:
            for part in word.split("-"):
                needs |= self._related.terms_for(part)
        return Lean(needs=needs) if needs else POINTS

    def _is_name(self, tokens: Tokens) -> bool:
        """Return whether the capitalized word that ``tokens`` begin with is a name."""
        if not self._words.nouns_are_capitals or tokens[0].isupper():
            return True
        return len(tokens) > 1 and is_capital(tokens[1])

    def _specified(self, tokens: Tokens, at: int, found: list[str]) -> Lean:
        """Return what a noun phrase leans on that a word at ``at`` goes on with.

        It specifies the noun ("the price of oil"), but for "the cost of the project": then that
        project has to be known, or a name in reach. Where a verb may have stood between ("the
        suspect lives in"), only a name specifies.
        """
        words = self._words
        after: list[str] = []
        for n in range(at + 1, min(at + 1 + _SPECIFYING, len(tokens))):
            token = tokens[n]
            if token in PUNCTUATION and self._tells_which(tokens, n):
                return STANDS
            if token in PUNCTUATION or token.lower() in words.verbs:
                break
            is_name = is_capital(token) and self._is_name(tokens[n:])
            is_date = token.lower() in words.dates
            if (is_name and not is_date) or words.unique.match(tokens, n):
                return STANDS
            if token[0].isdigit() and not after:
                return STANDS
            after.append(token.lower())
        nouns = [noun for noun in found if noun]
        join = tokens[at].lower()
        is_definite = after and (after[0] in words.articles or after[0] in words.cataphors)
        is_definite = is_definite and join in words.leaning_joins
        if is_definite or join in words.definite_joins:
            return self.needing([*nouns, *after[0 if not is_definite else 1 : 3]])
        return self.needing(nouns) if self._may_have_verb(nouns) else STANDS

    def _may_have_verb(self, nouns: list[str]) -> bool:
        """Return whether the last of two words may be a verb and not a noun or adjective."""
        if len(nouns) < _NOUN_AND_VERB:
            return False
        return not self._words.adjectives_lead or nouns[-2].endswith("s")

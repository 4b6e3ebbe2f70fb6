"""Which sentences point back: what a reader must have seen before each of them.

A sentence *points* when it opens with a pronoun, a demonstrative, a connective or a number
without its noun, or speaks in a first person that it does not name: only the sentence before
explains it. It *needs* a term when it opens with a definite noun ("The comedian") or a bare
surname: it can be told wherever that term was shown. Adverbials and clauses in front are stepped
over. The words are data (data/openings.json); without data of a language every sentence points.
"""

from collections.abc import Collection, Container, Sequence
from functools import lru_cache
from itertools import pairwise

from summarizers.lean import POINTS, STANDS, Lean
from summarizers.noun_phrases import NounPhrases, Surnames
from summarizers.opening_words import (
    COMMAS,
    PUNCTUATION,
    QUOTES,
    Tokens,
    is_capital,
    opening_text,
    opening_words,
)
from summarizers.speech import Speech
from summarizers.terms import terms_of

__all__ = ["Leaning", "leaning_of"]

# An adverbial in front ends at a comma within so many tokens, or characters where words are
# not spaced.
_FRONTED = 18
_FRONTED_CHARS = 28
# "The mayor, however", "vụ việc này": how far in a sentence such words still point back.
_NEAR = 4
# Shorter words may end like verbs.
_VERB_CHARS = 4
# "Am Dienstag sagte er": a subject behind the verb, where the verb comes second.
_INVERTED = 7
# A day with a subject, a verb and an object has so many words.
_SENTENCE = 4
# Adverbials in front of each other.
_CLAUSES = 3
# A name in reach of a pronoun that comes before it.
_CATAPHORA = 9


@lru_cache(maxsize=64)
def leaning_of(language: str) -> "Leaning":
    """Return the rules of a normal language code; those of 64 languages are cached.

    The first call in a process reads a data file. What is returned may be shared by threads.
    """
    return Leaning(language)


class Leaning:
    """Tells what sentences of one language, a normal code, lean on. Immutable."""

    def __init__(self, language: str) -> None:
        self._words = opening_words(language)
        self._nouns = NounPhrases(self._words, terms_of(language))
        self._speech = Speech(self._words, self._nouns)

    @property
    def is_known(self) -> bool:
        """Whether there is data; if not, every sentence points."""
        return self._words.is_known

    def of(self, text: str, words: Collection[str] = (), names: Container[str] = ()) -> Lean:
        """Return what one sentence leans on.

        ``text`` is a whole sentence without its dateline, ``words`` are its words as
        find_words finds them, ``names`` the surnames of its document. Linear in ``text``.
        """
        if not self._words.is_known:
            return POINTS
        words = frozenset(words)
        if self._speech.is_personal(text, words):
            return Lean(points=True, is_personal=True)
        if self._words.leans_inside(text, words):
            return POINTS
        if text[0] in QUOTES:
            return self._speech.quoting(text, words)
        found = self._unquoted(text, words, names)
        if found.needs and self._words.is_bare and isinstance(names, Surnames):
            # Without articles a noun is as well new: a first sentence tells who is who.
            return STANDS if names.opens_with(text) else found
        return found

    def is_contrast(self, words: Sequence[str], before: Collection[str]) -> bool:
        """Return whether a sentence that points says what is, after ``before`` what is not.

        "Fines are not a goal. They are only a means.": one is not to be told without the other.
        Both are words as find_words finds them.
        """
        return not self._words.contrast.isdisjoint(map(str.lower, words[:_NEAR])) and not (
            self._words.negation.isdisjoint(map(str.lower, before))
        )

    def _unquoted(self, text: str, words: Collection[str], names: Container[str]) -> Lean:
        if self._words.is_unspaced:
            core = opening_text(text)
            return POINTS if self._points_unspaced(core) else self._nouns.unspaced(core)
        if self._speech.is_reply(text) or self._speech.says_pronoun(text, words):
            return POINTS
        if self._words.object_endings and self._nouns.opens_with_object(text):
            return POINTS
        tokens = self._words.first_tokens(text)
        if tokens and tokens[0].lower() in self._words.answers and "," not in text:
            return POINTS  # "Because the pumps failed."
        return self._clause(tokens, 0, names, _CLAUSES)

    def _points_unspaced(self, core: str) -> bool:
        if core.startswith(self._words.standing_starts):
            return False
        if core.startswith(self._words.starts):
            return True
        cut = min((at for at in map(core.find, "，、") if at >= 0), default=-1)
        return 0 <= cut <= _FRONTED_CHARS and core[cut + 1 :].startswith(self._words.subject_starts)

    def _clause(self, tokens: Tokens, at: int, names: Container[str], depth: int) -> Lean:
        """Return what the clause leans on that begins at the token ``at``."""
        while at < len(tokens) and tokens[at] in PUNCTUATION:
            at += 1
        if at >= len(tokens) or not depth:
            return STANDS
        first = tokens[at].lower()
        if first in self._words.pointing_alone:
            return POINTS
        if first in self._words.openers or first.isdigit():
            return self._with_opener(tokens, at, names, depth)
        if self._has_no_subject(tokens, at):
            return POINTS
        return self._after_first(tokens, at, names)

    def _with_opener(self, tokens: Tokens, at: int, names: Container[str], depth: int) -> Lean:
        """Return what a clause leans on whose first word is in one of the lists."""
        first = tokens[at].lower()
        words = self._words
        if first in words.articles and words.unique.match(tokens, at + 1):
            return self._nouns.definite(tokens, at + 1, names)
        if first in self._words.titles and at + 1 < len(tokens) and is_capital(tokens[at + 1]):
            return self._nouns.titled(tokens, at + 1)
        standing = words.standing.match(tokens, at)
        if standing:
            return self._clause(tokens, at + standing, names, depth - 1)
        if words.pointing.match(tokens, at) or self._has_no_subject(tokens, at):
            return POINTS
        if first in words.counts or first.isdigit():
            near = pairwise(token.lower() for token in tokens[at + 1 : at + 4])
            if next((behind for unit, behind in near if unit in words.units), "") in words.offsets:
                return POINTS  # counted from another time: "Two days later"
        return self._with_subject(tokens, at, names, depth)

    def _with_subject(self, tokens: Tokens, at: int, names: Container[str], depth: int) -> Lean:
        """Return what a clause leans on whose first word does not point by itself."""
        words, first, following = self._words, tokens[at].lower(), tokens[at + 1 : at + 2]
        according = words.according.match(tokens, at)
        if according and self._nouns.is_single(tokens, at + according):
            return self._nouns.naming(tokens[at + according])
        if first in words.dates and following == [","]:
            fronting = 1  # so many tokens open an adverbial in front
        elif first in words.articles and following:  # "El lunes, …"
            fronting = int(following[0].lower() in words.dates)
        else:
            fronting = words.fronting.match(tokens, at)
        if fronting and self._nouns.is_family_name(tokens, at, names):
            return self._nouns.naming(tokens[at + 1])
        if fronting:
            return self._behind_front(tokens, at + fronting, names, depth)
        if self._is_elided(tokens, at):
            return POINTS
        return self._after_first(tokens, at, names)

    def _after_first(self, tokens: Tokens, at: int, names: Container[str]) -> Lean:
        """Return what a clause leans on by its noun, or by what follows its first word."""
        words = self._words
        reach = min(at + 1 + _NEAR, len(tokens)) if words.definite_after else 0
        for n in range(at + 1, reach):  # a word behind a noun may make it definite
            if words.standing_after.match(tokens, n - 1) or tokens[n] in PUNCTUATION:
                break
            if tokens[n].lower() in words.definite_after:
                return self._nouns.needing(tokens[at:n])
        if self._points_later(tokens, at):
            return POINTS
        if tokens[at].lower() in words.articles:
            near = [token.lower() for token in tokens[at + 2 : at + 4]]
            if len(near) == 2 and near[0] in words.clitics:  # "ο πατέρας του"
                behind = near[1]
                if behind in PUNCTUATION or behind in words.verbs or words.is_prepositional(behind):
                    return POINTS
            return self._nouns.definite(tokens, at + 1, names)
        return self._nouns.bare(tokens, at, names)

    def _has_no_subject(self, tokens: Tokens, at: int) -> bool:
        """Return whether a clause has a verb first, or a participle, and drops its subject."""
        words = self._words
        first = tokens[at].lower()
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        if first in words.reporting:
            return True
        if "que" in words.joins and follows == "que":
            return not words.fronting.match(tokens, at)
        if self._is_verb(first):
            return first not in words.presentative and not self._has_subject_behind(tokens, at + 1)
        if words.impersonal and first in words.negation and follows:
            return follows not in words.impersonal and follows not in words.articles
        return not words.subjects and self._is_participle(tokens, at)

    def _is_verb(self, word: str) -> bool:
        """Return whether ``word`` is a verb that may stand without its subject."""
        words = self._words
        if word in words.verb_forms:
            return True
        is_long = word in words.verb_endings or len(word) > _VERB_CHARS
        return is_long and words.verb_endings != () and word.endswith(words.verb_endings)

    def _has_subject_behind(self, tokens: Tokens, at: int) -> bool:
        """Return whether a name, number or noun stands soon behind a verb, at ``at``.

        One behind a preposition is not the subject ("He called on 112").
        """
        words = self._words
        if at < len(tokens) and tokens[at].lower() in words.articles:
            return True
        for n in range(at, min(at + 3, len(tokens))):
            if tokens[n] in PUNCTUATION or words.is_prepositional(tokens[n]):
                return False
            if is_capital(tokens[n]) or tokens[n].isdigit():
                return True
        return False

    def _drops_subject_behind(self, tokens: Tokens, at: int) -> bool:
        """Return whether a verb follows the noun at ``at`` of an adverbial, without a subject.

        "W poniedziałek powiedział, że …", "En Velt dijo que …".
        """
        words = self._words
        has_verb = False
        for n in range(at + 1, min(at + _INVERTED, len(tokens))):
            token = tokens[n].lower()
            if token in PUNCTUATION or words.is_prepositional(token):
                return has_verb
            is_verb = token in words.reporting or self._is_verb(token)
            if not is_verb and not has_verb and token not in words.also_words:
                return False
            if is_capital(tokens[n]) or token.isdigit() or token in words.articles:
                return False
            has_verb = has_verb or is_verb
        return False

    def _is_participle(self, tokens: Tokens, at: int) -> bool:
        """Return whether a pronoun follows a clause in front that names nobody.

        "Heard in Velt on Thursday, she said".
        """
        near = tokens[: at + _NEAR + 2]
        if COMMAS.isdisjoint(near):
            return False
        comma = next((n for n, token in enumerate(near) if token in COMMAS), 0)
        if comma <= at + 1 or self._words.fronting.match(tokens, at):
            return False
        for n in range(at + 1, comma):  # a place or a day is not who is meant
            is_place = tokens[n - 1].lower() in self._words.joins
            if is_capital(tokens[n]) and not is_place:
                return False
        return not self._words.cataphors.isdisjoint(tokens[comma + 1 : comma + 2])

    def _behind_front(self, tokens: Tokens, at: int, names: Container[str], depth: int) -> Lean:
        """Return what a sentence leans on whose adverbial in front has its noun at ``at``."""
        words = self._words
        reach = range(at, min(at + _FRONTED, len(tokens)))
        comma = next((n for n in reach if self._ends_front(tokens, at, n)), None)
        pointing = not words.standing.match(tokens, at) and words.pointing.match(tokens, at) > 0
        is_cataphor = pointing and tokens[at].lower() in words.cataphors
        if comma is None:
            if pointing or self._has_inverted_subject(tokens, at):
                return STANDS if is_cataphor and self._has_name(tokens, at + 1) else POINTS
            if self._has_late_pronoun(tokens, at) or self._drops_subject_behind(tokens, at):
                return POINTS
            return self._inverted_name(tokens, at, names)
        main = self._clause(tokens, comma + 1, names, depth - 1)
        if pointing or (at < comma and tokens[at].lower() in words.reporting):
            # "In her speech, Ada Lund said": the name follows.
            is_named = is_cataphor and not main.points and self._has_name(tokens, comma + 1)
            return main if is_named else POINTS
        if main.points and not words.cataphors.isdisjoint(tokens[comma + 1 : comma + 2]):
            return self._named_in_front(tokens[at:comma], names) or main
        return main

    def _has_late_pronoun(self, tokens: Tokens, at: int) -> bool:
        """Return whether a pronoun follows a day in front at once ("Last spring he")."""
        words = self._words
        near = [token.lower() for token in tokens[at : at + 3]]
        days = (n for n, token in enumerate(near) if token in words.dates or token in words.units)
        day = next(days, None)
        return day is not None and not words.cataphors.isdisjoint(near[day + 1 : day + 2])

    def _ends_front(self, tokens: Tokens, at: int, comma: int) -> bool:
        """Return whether the main clause of a sentence begins behind a ``comma``.

        "On Monday Velt sold a tower, which …": no clause is in front, the sentence goes on.
        """
        if tokens[comma] not in COMMAS:
            return False
        goes_on = comma >= at + _SENTENCE and tokens[comma + 1 : comma + 2]
        return not goes_on or tokens[comma + 1].lower() not in self._words.goes_on

    def _named_in_front(self, front: Tokens, names: Container[str]) -> Lean | None:
        """Return what "As Ada Lund was leaving, she said" leans on, None without a name."""
        named = [token for token in front if is_capital(token)]
        if not named or self._words.nouns_are_capitals or named[-1].lower() in self._words.dates:
            return None
        is_alone = len(named) == 1 and named[0] in names
        return self._nouns.naming(named[0]) if is_alone else STANDS

    def _has_name(self, tokens: Tokens, at: int) -> bool:
        """Return whether a name stands soon behind ``at``."""
        for n in range(at, min(at + _CATAPHORA, len(tokens))):
            before = tokens[n - 1].lower() if n else ""
            if is_capital(tokens[n]) and before not in self._words.articles:
                if not self._words.nouns_are_capitals or before in self._words.verbs:
                    return True
                if tokens[n + 1 : n + 2] and is_capital(tokens[n + 1]):
                    return True
        return False

    def _inverted_name(self, tokens: Tokens, at: int, names: Container[str]) -> Lean:
        """Return what "On Tuesday led Lund" leans on, where the verb comes second."""
        for n in range(at + 1, min(at + _INVERTED, len(tokens))):
            before = tokens[n - 1]
            if tokens[n] in PUNCTUATION:
                break
            if not is_capital(tokens[n]) or not before.islower() or before in self._words.joins:
                continue
            if not self._words.is_prepositional(before) and tokens[n] in names:
                is_single = self._nouns.is_single(tokens, n)
                return self._nouns.naming(tokens[n]) if is_single else STANDS
        return STANDS

    def _has_inverted_subject(self, tokens: Tokens, at: int) -> bool:
        if not self._words.subjects:
            return False
        for n in range(at, min(at + _INVERTED, len(tokens))):
            if tokens[n] in PUNCTUATION:
                return False
            if tokens[n] in self._words.subjects:
                return n > 0 and tokens[n - 1].islower()
        return False

    def _is_elided(self, tokens: Tokens, at: int) -> bool:
        """Return whether a number stands there without its noun ("Three others")."""
        if tokens[at].lower() not in self._words.counts and not tokens[at].isdigit():
            return False
        if tokens[at].isdigit() and tokens[at + 2 : at + 3] and tokens[at + 2].isdigit():
            return False  # "60,000 people"
        return at + 1 < len(tokens) and (
            tokens[at + 1] in PUNCTUATION or self._words.elided.match(tokens, at + 1) > 0
        )

    def _points_later(self, tokens: Tokens, at: int) -> bool:
        """Return whether a word close behind the first points back ("vụ này", "also")."""
        if self._words.honorifics and len(tokens[at]) == 1 and tokens[at + 1 : at + 2]:
            return tokens[at + 1] in self._words.honorifics
        n = at + 1
        near = tokens[at : at + _NEAR]
        is_plain = self._words.after.isdisjoint(tokens[at + 1 : at + 1 + _NEAR])
        if is_plain and (not self._words.also_words or COMMAS.isdisjoint(near)):
            return self._has_inverted_subject(tokens, at + 1)
        while n < min(at + 1 + _NEAR, len(tokens)):
            standing = self._words.standing_after.match(tokens, n)
            if standing:
                n += standing
                continue
            if tokens[n].lower() in self._words.after:
                return True
            if tokens[n - 1] in COMMAS and self._words.also.match(tokens, n):
                return True
            n += 1
        return self._has_inverted_subject(tokens, at + 1)

"""What a noun can mean that another word showed: "the ship", a ferry."""

from collections.abc import Iterable

from summarizers.lean import with_roots
from summarizers.terms import Terms

__all__ = ["RelatedNouns"]

# A word of a group is known by so many letters where words are inflected.
_KEY_CHARS = 5
_MIN_KEY_CHARS = 3
# What makes nouns of verbs in English, longest first; a shorter rest is no verb.
_NOUN_ENDINGS = (
    *("isation", "ization", "ication", "ation", "ition", "ution", "ement", "ment", "sion"),
    *("tion", "ance", "ence", "ure", "ing", "ion", "age", "ery", "ee", "er", "or", "al", "y"),
)
_VERB_ENDINGS = ("", "e", "s", "es", "ed", "ing", "d", "de", "t", "te")
_VERB_CHARS = 3
_VOWELS = frozenset("aeiou")


class RelatedNouns:
    """The terms that show what a noun means, in one language. Not to be changed.

    ``groups`` are words that can mean the same thing, "ship ferry boat": each shows what another
    means. Words before a colon are general ones, "man: father driver", shown by the others but
    not the other way round. In English a verb shows what its noun means as well ("fined",
    "the fine"; "decides", "the decision"), elsewhere words of one root do.
    """

    def __init__(self, groups: Iterable[str], terms: Terms, *, has_roots: bool) -> None:
        self._terms = terms
        self._has_roots = has_roots
        self._groups: dict[str, frozenset[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        for group in groups:
            general, _, special = group.rpartition(":")
            found = frozenset(terms.of_words([*general.split(), *special.split()]))
            for word in (general or special).split():
                key = self._key(word)
                self._groups[key] = self._groups.get(key, frozenset()) | found

    def terms_for(self, word: str) -> frozenset[str]:
        """Return the terms of which one must have been shown for a noun, itself included.

        Empty for a function word. Words are remembered: each is worked on once.
        """
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._find(word.lower())
        return found

    def _find(self, word: str) -> frozenset[str]:
        """Return the terms for a word; in English also of the verbs it may be made of."""
        terms = frozenset(self._terms.of_words([word]))
        if not terms:
            return terms
        terms |= self._groups.get(self._key(word), frozenset())
        if self._has_roots and len(word) == _KEY_CHARS + 1:  # "autora", of "autor"
            terms |= self._groups.get(self._key(word[:-1]), frozenset())
        if self._has_roots:
            return with_roots(terms)
        stems = {word}
        for ending in _NOUN_ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _VERB_CHARS:
                stems.add(word.removesuffix(ending))
        forms = [stem + ending for stem in stems for ending in _VERB_ENDINGS]
        if word[-1] not in _VOWELS:  # "ban", "banned"
            forms += [word + word[-1] + ending for ending in ("ed", "ing")]
        elif word.endswith("e"):
            forms += [word[:-1] + "ing"]
        return terms | frozenset(self._terms.of_words(forms))

    def _key(self, word: str) -> str:
        lower = word.lower()
        if self._has_roots:
            return lower[: max(min(len(lower) - 1, _KEY_CHARS), _MIN_KEY_CHARS)]
        return lower[:-1] if lower.endswith("s") and not lower.endswith("ss") else lower

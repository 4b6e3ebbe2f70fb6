"""Who owns the spellings that are looked for in texts: of many thousands, kept small."""

from array import array
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, NamedTuple

from bot.topics.aliases import Spelling

__all__ = [
    "AMERICAN",
    "COUNTRY",
    "ORGANIZATION",
    "PLACE",
    "SUBJECT",
    "Owner",
    "PackedOwners",
]

# The families of topics; none hides another's words.
SUBJECT = "subject"
COUNTRY = "country"
# Clubs, companies and institutions.
ORGANIZATION = "organization"
# Cities, and regions within or across countries; those of the USA are a family of their own, as
# a state's name after theirs is no other town's.
PLACE = "place"
AMERICAN = "place-usa"

# Owners that were made and are kept, .2 kB each: a day's news names fewer.
_KEPT = 2_000


class Owner(NamedTuple):
    """A spelling with its topic's ``slug``: it counts for the topic or, as a decoy, against it.

    A decoy hides the words it covers and silences the topic's weak ones ("Michael Jordan").
    ``family`` keeps topics of several kinds from hiding each other's words.
    """

    slug: str
    family: str
    spelling: Spelling
    is_decoy: bool = False


class PackedOwners:
    """Owners by the numbers of their spellings' texts.

    All languages together have 36,000 owners of 60,000 texts: 26 MB of objects. Here each is four
    numbers, of what it shares with others and of its place in one long string: 2 MB. An owner is
    made of them, in some 2 µs, when its text was found, and kept: words of the news come again.
    """

    def __init__(self) -> None:
        self._topics: list[tuple[str, str, bool]] = []
        self._forms: list[tuple[Any, ...]] = []
        self._topic_of, self._form_of = array("H"), array("I")
        self._shown, self._shown_to = "", array("I", [0])
        self._owner_of = array("I")  # by the number of a text
        self._made: dict[int, Owner] = {}

    def take(self, owners: Iterable[Owner]) -> Iterator[str]:
        """Yield each text of ``owners`` to look for; its number is how many came before it.

        To be called once, and to be read to its end. A text of two owners comes twice. None of
        them is kept, nor any owner: it would be left full of holes.
        """
        topics: dict[tuple[str, str, bool], int] = {}
        forms: dict[tuple[Any, ...], int] = {}
        shown = StringIO()
        for number, (slug, family, spelling, is_decoy) in enumerate(owners):
            texts, name, *form = spelling
            self._topic_of.append(topics.setdefault((slug, family, is_decoy), len(topics)))
            self._form_of.append(forms.setdefault(tuple(form), len(forms)))
            self._shown_to.append(self._shown_to[-1] + shown.write(name))
            self._owner_of.extend([number] * len(texts))
            yield from texts
        self._shown = shown.getvalue()
        self._topics, self._forms = list(topics), list(forms)

    def of(self, number: int) -> Owner:
        """Return the owner of the text of this number; its spelling has no texts.

        Raises IndexError for a number that no text has.
        """
        owner = self._owner_of[number]
        known = self._made.get(owner)
        if known is not None:
            return known
        slug, family, is_decoy = self._topics[self._topic_of[owner]]
        shown = self._shown[self._shown_to[owner] : self._shown_to[owner + 1]]
        spelling = Spelling((), shown, *self._forms[self._form_of[owner]])
        if len(self._made) >= _KEPT:
            self._made.clear()
        made = self._made[owner] = Owner(slug, family, spelling, is_decoy)
        return made

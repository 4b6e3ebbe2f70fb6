"""Choosing whole sentences within a budget, each with what it leans on."""

from collections.abc import Iterable, Sequence
from itertools import chain

from summarizers.fitness import fitness_of, follows_likely, signs_of
from summarizers.lean import with_roots
from summarizers.news_signs import news_signs, roots_of
from summarizers.story import CandidateSentence, Story
from summarizers.values import Budget

__all__ = ["LONGEST_UNIT", "Choice", "choose_ranked"]

# Sentences that share so much of the shorter one's terms say the same.
_SAME_SHARE = 0.6
# Of another document's beginning so large a share may have been shown: more tells it again.
_AGAIN_SHARE = 0.4
# A sentence of whose roots a greater share was shown says it again.
_SHOWN_SHARE = 0.65
# What another document says has so many roots of what is told, else it is of something else;
# one is enough where either has less than so many.
_RELATED = 2
_MANY_ROOTS = 10
# A document begins with its first two sentences.
_BEGINNING = 1
# A sentence that leans and the two before it; in a summary of so many words the four before.
_MAX_UNIT = 3
LONGEST_UNIT = 5


class Choice:
    """Sentences chosen so far, and what the budget still allows.

    A sentence that leans is taken together with the ones before it: a *unit*. ``taken`` are the
    candidates chosen, in order; ``following`` those directly behind a sentence that is told.
    """

    def __init__(self, story: Story, budget: Budget) -> None:
        self._story = story
        self._candidates = story.candidates
        self._words = budget.words
        self._sentences = budget.sentences
        self.taken: list[int] = []
        self._is_taken = [False] * len(story.candidates)
        # Those before the opening in its document.
        self._ahead: set[int] = set()
        # A briefing has room for a few sentences; a longer text may go on for some.
        self._longest = _MAX_UNIT if budget.sentences is not None else LONGEST_UNIT
        self._lead = story.lead
        self._titles: dict[int, frozenset[str]] = {}  # those looked at so far
        # Where each term that is needed was told, a document and a place in it, and what is not
        # entered there yet: most stories have nothing that needs a term.
        self._needed: frozenset[str] | None = None
        self._told: dict[str, list[tuple[int, int]]] = {}
        self._not_entered: list[CandidateSentence] = []
        # Whether what a sentence needs is shown, by its document and place. What is shown stays so.
        self._is_met: dict[tuple[int, int], bool] = {}
        # Units found since something was last told, but for halves; empty for what cannot be told.
        self._units: dict[int, tuple[int, ...]] = {}
        # Whether the sentence behind which a name is needed has it, by that sentence's index.
        self._has_name: dict[int, bool] = {}
        # The documents and places of what is told, here or above; the candidates right behind.
        self._places = set(story.told)
        self.following = {
            index
            for index, found in enumerate(story.candidates if story.told else ())
            if (found.document, found.place - 1) in story.told
        }
        self._seen: tuple[frozenset[str], frozenset[str]] | None = None
        # Of the candidates of other documents that were looked at.
        self._roots: dict[int, frozenset[str]] = {}
        self._fitness: dict[tuple[int, bool], float] = {}

    def unit(self, index: int) -> tuple[int, ...]:
        """Return the candidates to take for ``index``, in order; empty if it cannot be told.

        Those that it leans on and that are not taken come before it: two at most, or four where the
        budget is one of words. What stands before the opening in its document cannot be told,
        nor what is stranded or taken. Raises IndexError for an index beyond the candidates.
        """
        found = self._candidates[index]
        if found.is_half:
            return ()
        unit = self._units.get(index)
        if unit is None:
            unit = self._units[index] = self._with_those_before(index, found)
        return unit

    def _with_those_before(self, index: int, found: CandidateSentence) -> tuple[int, ...]:
        """Return what ``unit`` does, also of half a pair; sentences before are looked up."""
        if not self._can_be_told(index, found):
            return ()
        if found.before is None and not found.needs:
            return (index,)
        chain = [index]
        at = self._before(found)
        while at is not None and not self._is_taken[at]:
            before = self._units.get(at)
            if before is not None:
                is_short = before and len(before) + len(chain) <= self._longest
                return (*before, *reversed(chain)) if is_short else ()
            found = self._candidates[at]
            if len(chain) == self._longest or not self._can_be_told(at, found):
                return ()
            chain.append(at)
            at = self._before(found)
        if at is None and found.before is None and found.needs and not self._is_shown(found):
            return ()
        return tuple(reversed(chain))

    def fitting(self, indexes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return the units of ``indexes`` that can be told and fit the budget, by index.

        In the order of ``indexes``, each as ``unit`` returns it. A sentence that stands alone,
        as most do, costs little.
        """
        units: dict[int, tuple[int, ...]] = {}
        if self.is_full:
            return units
        words = self._words if self._sentences is None else None
        are_free = self._story.lead is None  # no title stands above
        for index in indexes:
            found = self._candidates[index]
            if (
                found.before is None
                and not found.needs
                and (found.document == self._lead or (are_free and found.place > _BEGINNING))
                and not found.is_half
            ):
                barred = self._is_taken[index] or found.is_stranded or index in self._ahead
                if barred or (words is not None and found.words > words):
                    continue
                units[index] = (index,)
            else:
                unit = self.unit(index)
                if unit and self.fits(unit):
                    units[index] = unit
        return units

    def _can_be_told(self, index: int, found: CandidateSentence) -> bool:
        """Return whether a candidate is neither taken nor barred, whatever it leans on."""
        if self._is_taken[index] or found.is_stranded or index in self._ahead:
            return False
        if found.document == self._lead or self._lead is None:
            return True
        return not self._is_told_elsewhere(index, found)

    def _before(self, found: CandidateSentence) -> int | None:
        """Return the candidate that must stand directly before ``found``, if any."""
        if found.before is not None:
            return found.before
        if not found.needs or found.behind is None or self._is_shown(found):
            return None
        if found.needs_name:  # whoever it is, a sentence without the name does not say
            has_name = self._has_name.get(found.behind)
            if has_name is None:
                terms = with_roots(self._candidates[found.behind].terms)
                has_name = self._has_name[found.behind] = not terms.isdisjoint(found.needs)
            return found.behind if has_name else None
        return found.behind

    def _is_told_elsewhere(self, index: int, found: CandidateSentence) -> bool:
        """Return whether ``found`` is of another document and tells the event again or none of it.

        If it begins its document, it must be the first such beginning, and most of its roots new.
        Below the title of the story it must share some roots with what is told or with that
        title; and if it begins its document, have a figure or a name that was not told.
        """
        begins = found.place <= _BEGINNING
        if not begins and self._story.lead is None:
            return False
        shown, terms = self._shown()
        own = self._roots.get(index)
        if own is None:
            own = self._roots[index] = roots_of(self._story.language, found.terms)
        shared = len(own & shown)
        if self._story.lead is not None:
            few = min(len(own), len(shown)) < _MANY_ROOTS
            if shared < (1 if few else _RELATED):
                return True
        if not begins:
            return False
        if shared > _AGAIN_SHARE * len(own):
            return True
        begun = any(
            place <= _BEGINNING and document not in (self._lead, found.document)
            for document, place in self._places
        )
        return begun or (self._story.lead is not None and not self._marks(found) - terms)

    def says_again(self, index: int) -> bool:
        """Return whether a candidate says in other words what stands above it.

        So it does below the title of the story, if that and what is told have most of its roots,
        and all its figures and names. Linear in what is told, once after each sentence.
        """
        if self._story.lead is None:
            return False
        found = self._candidates[index]
        shown, _ = self._shown()
        own = roots_of(self._story.language, found.terms)
        if len(own & shown) <= _SHOWN_SHARE * len(own):
            return False
        return roots_of(self._story.language, self._marks(found)) <= shown

    def fitness(self, unit: Sequence[int]) -> float:
        """Return how likely readers are to find all of ``unit`` fit below what is told.

        0 where many would not. 1 where that is not asked: only below a title and a line of a
        story whose budget counts sentences, as a briefing does. Each candidate is looked at once
        or twice.
        """
        if self._sentences is None or self._story.lead is None or not self._places:
            return 1.0
        least = min(
            self._fitness_of(index, follows=at > 0 or index in self.following)
            for at, index in enumerate(unit)
        )
        document = self._candidates[unit[-1]].document
        is_likely = follows_likely(
            least,
            self._story.pages[document],
            is_lead=document == self._lead,
            is_next=len(self._places) == 1 and unit[0] in self.following,
        )
        return least if is_likely else 0.0

    def _fitness_of(self, index: int, *, follows: bool) -> float:
        known = self._fitness.get((index, follows))
        if known is None:
            story, found = self._story, self._candidates[index]
            shown, _ = self._shown()
            title = story.titles[self._lead] if self._lead is not None else ()
            signs = signs_of(
                found,
                story.pages[found.document],
                language=story.language,
                title=roots_of(story.language, title),
                shown=shown,
                told=[place for document, place in self._places if document == found.document],
                follows=follows,
                is_lead=found.document == self._lead,
            )
            known = self._fitness[index, follows] = fitness_of(signs, opens=False)
        return known

    def _marks(self, found: CandidateSentence) -> frozenset[str]:
        return news_signs(self._story.language).marks(found.text, found.terms)

    def _shown(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the roots of the title and of all that is told, and the terms of the latter."""
        if self._seen is None:
            story = self._story
            told = (self._candidates[index].terms for index in self.taken)
            terms = frozenset(chain.from_iterable((*story.known, *told)))
            title = story.titles[self._lead] if self._lead is not None else ()
            self._seen = roots_of(story.language, chain(terms, title)), terms
        return self._seen

    def _is_shown(self, found: CandidateSentence) -> bool:
        """Return whether a term that ``found`` needs is shown above it; looked at once a round."""
        key = found.document, found.place
        is_met = self._is_met.get(key)
        if is_met is None:
            is_met = self._is_met[key] = self._finds_shown(found)
        return is_met

    def _finds_shown(self, found: CandidateSentence) -> bool:
        story, needs = self._story, found.needs
        above = found.document if self._lead is None else self._lead
        title = self._titles.get(above)
        if title is None:
            title = self._titles[above] = with_roots(story.titles[above])
        if not (needs.isdisjoint(title) and needs.isdisjoint(story.shown)):
            return True
        if self._needed is None:
            self._needed = frozenset().union(*[other.needs for other in self._candidates])
        for told in self._not_entered:
            for term in with_roots(told.terms) & self._needed:
                self._told.setdefault(term, []).append((told.document, told.place))
        self._not_entered.clear()
        if self._told.keys().isdisjoint(needs):
            return False
        for term in needs:
            for document, place in self._told.get(term, ()):
                if document == found.document:
                    if place < found.place:
                        return True
                elif self._is_above(document, found.document):
                    return True
        return False

    def _is_above(self, document: int, other: int) -> bool:
        """Return whether one document is told above an ``other``, or is the same."""
        if document in (other, self._lead):
            return True
        order = self._story.order
        return other != self._lead and bool(order) and order[document] < order[other]

    def open(self, index: int) -> tuple[int, ...]:
        """Take an opener, the first of the story: its document leads. Return what was taken.

        Nothing, if it does not fit the budget. With half of a pair comes the other half.
        """
        found = self._candidates[index]
        unit = (index, index + 1) if found.is_half else (index,)
        if not self.fits(unit):
            unit = (index,)
        if not self.fits(unit):
            return ()
        self._lead = found.document
        self._is_met.clear()
        self._units.clear()
        self._ahead = {
            at
            for at, other in enumerate(self._candidates[:index])
            if other.document == found.document
        }
        self.take(unit)
        return unit

    def fits(self, unit: Sequence[int]) -> bool:
        """Return whether the budget still allows all of ``unit``, of which none is taken yet."""
        if self._sentences is not None:
            return len(unit) <= self._sentences
        return sum([self._candidates[index].words for index in unit]) <= (self._words or 0)

    def take(self, unit: Iterable[int]) -> None:
        """Add ``unit`` to the summary, in its order; it must fit, which is not checked."""
        self._is_met = {key: True for key, is_met in self._is_met.items() if is_met}
        self._units.clear()
        for index in unit:
            self._is_taken[index] = True
            found = self._candidates[index]
            self._not_entered.append(found)
            self._places.add((found.document, found.place))
            for behind in self._candidates[index + 1 : index + 2]:
                if (behind.document, behind.place) == (found.document, found.place + 1):
                    self.following.add(index + 1)
            self._seen = None
            self.taken.append(index)
            if self._sentences is not None:
                self._sentences -= 1
            else:
                self._words = (self._words or 0) - self._candidates[index].words

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits, whatever it is."""
        return (self._sentences if self._sentences is not None else self._words or 0) <= 0


def choose_ranked(story: Story, ranking: Iterable[int], budget: Budget) -> list[int]:
    """Return the best of ``ranking`` that fit together, best first.

    Both are indexes of ``story.candidates``. The first of them that is an opener opens. What does
    not fit, cannot be told, or says the same as a sentence chosen or told before, is passed over;
    what leans comes behind those it leans on, which need not be in ``ranking``. Empty where
    nothing fits. Each of ``ranking`` is compared with all that was chosen or told. Raises
    IndexError for an index beyond the candidates.
    """
    choice = Choice(story, budget)
    said = [frozenset(terms) for terms in story.known]
    ranking = list(ranking)
    for index in filter(story.openers.__contains__, ranking):
        opened = choice.open(index)
        said += [frozenset(story.candidates[member].terms) for member in opened]
        if opened:
            break
    for index in ranking:
        if choice.is_full:
            break
        unit = choice.unit(index)
        if not unit or not choice.fits(unit) or choice.says_again(index):
            continue
        if not choice.fitness(unit):
            continue
        terms = [frozenset(story.candidates[member].terms) for member in unit]
        if any(
            len(own & other) > _SAME_SHARE * max(min(len(own), len(other)), 1)
            for own in terms
            for other in said
        ):
            continue  # it says the same
        choice.take(unit)
        said += terms
    return choice.taken

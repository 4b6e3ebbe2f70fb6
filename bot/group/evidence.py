"""Evidence beyond likeness that two articles tell of two events of one kind.

Two earthquakes, matches or verdicts are told in the same words: no threshold of likeness holds
them apart. What does is a *conflict*: each names what the other doesn't. And one event is told in
words so different that its name alone is what two articles share.
"""

from collections.abc import Collection, Set
from itertools import groupby, pairwise

from bot.group.facts import Facts
from bot.topics.fold import is_unspaced

__all__ = ["MIN_WEIGHED", "is_agreed", "is_agreed_in_words", "less_conflict"]

# How these were found: docs/decisions/0110.
# Likeness below this makes no story, and no name does: nothing is weighed.
MIN_WEIGHED = 0.07
# What is left of a likeness where the countries, or all names, of two articles differ: a part
# of it, and never as much as makes one story of two articles.
_CONFLICT = 0.3
_MAX_IN_CONFLICT = 0.055
# Where one of the two is a headline alone, and could not name what the other names; and where
# they share some names, and others differ.
_HEADLINE_CONFLICT = 0.75
_SOME_DIFFER = 0.9
# So many shared names outweigh different countries.
_MANY_NAMES = 3
# Headlines of one frame share two in five of their terms, and such a likeness.
_FRAME_LIKENESS = 0.35
_FRAME_SHARE = 0.4
# One team's match of Saturday and that of Tuesday; on one day they may be two reports of one.
_FRAME_DAYS = 1.0
# An outlet's column of every day has one title; this far apart are two of them.
_SERIES_DAYS = 0.5
_SERIES_LIKENESS = 0.3
_SERIES_SHARE = 0.6
_COLUMN_SHARE = 0.5
# Under one headline, a lead of which so much was said before is the same report.
_SAME_LEAD = 0.7
# Two pieces of evidence speak for an event of these days, where there is such a likeness.
_AGREED_DAYS = 2.0
_AGREED_LIKENESS = 0.08
# So many uncommon words speak for an event: one alone is chance, as one name is.
_MIN_PIECES = 2
_COUNTRY_LIKENESS = 0.15
# Before the first word of a headline.
_HEAD = ("", True)


def less_conflict(likeness: float, a: Facts, b: Facts, days: float) -> float:
    """Return ``likeness`` less what speaks against one event of two articles ``days`` apart.

    A conflict is that each of the two names something (a country, a person, a team) of which
    the other, in headline and lead, knows nothing. A name that only one of them has is none:
    the other may be shorter. ``likeness`` is MIN_WEIGHED or more. Symmetric; linear in the
    headlines.
    """
    share = _share_left(likeness, a, b, days)
    if share == 1.0:
        return likeness
    return min(likeness * share, _MAX_IN_CONFLICT) if share <= _CONFLICT else likeness * share


def is_agreed(likeness: float, a: Facts, b: Facts, days: float) -> bool:
    """Return whether two pieces of evidence, and no conflict, say that one event is meant.

    The first is a name that few articles share, in a headline; others are further names, or a
    number. ``a`` is the newer, which knows what is rare by now. One piece is not enough: chance
    shares a rare word as often as an event does. Of two reports only: an opinion is about many
    things. Linear in names.
    """
    if days > _AGREED_DAYS or likeness < _AGREED_LIKENESS or not (a.is_report and b.is_report):
        return False
    shared = a.rare & b.known
    if not shared or (shared.isdisjoint(a.title) and shared.isdisjoint(b.title)):
        return False
    parts = sum(one in shared and other in shared for one, other in a.joined | b.joined)
    pieces = max(len(shared) - parts, 1) + (not a.numbers.isdisjoint(b.numbers))
    return pieces > 1 and _share_left(likeness, a, b, days) > _CONFLICT


def is_agreed_in_words(
    likeness: float, a: Facts, b: Facts, days: float, rare: Collection[str]
) -> bool:
    """Return whether two uncommon words, and no conflict, say that one event is meant.

    Or one and, since places are in countries, more likeness and a country of few articles.
    ``rare`` are the uncommon terms that both have and hardly another article. Words side by
    side are one name; where no spaces are, so are pairs of letters in a row, all of them
    uncommon, since a pair across two common words is uncommon too. As ``is_agreed`` otherwise.
    """
    if days > _AGREED_DAYS or not (a.is_report and b.is_report) or not rare:
        return False
    names = a.joined | b.joined
    found: list[list[str]] = []
    shared = groupby(a.words, key=lambda term: term in b.words and not term.isdigit())
    for run in (list(terms) for is_shared, terms in shared if is_shared):
        is_rare = all if is_unspaced(run[0][0]) else any
        if is_rare(term in rare for term in run) and not any(
            _are_joined(run, known, names) for known in found
        ):
            found.append(run)
    pieces = len(found)
    if found and likeness >= _COUNTRY_LIKENESS:
        pieces += not a.rare_countries.isdisjoint(b.all_countries)
    return pieces >= _MIN_PIECES and _share_left(likeness, a, b, days) > _CONFLICT


def _are_joined(a: list[str], b: list[str], names: Set[tuple[str, str]]) -> bool:
    """Return whether a term of ``a`` and one of ``b`` are parts of one name."""
    return any((one in a and other in b) or (one in b and other in a) for one, other in names)


def _share_left(likeness: float, a: Facts, b: Facts, days: float) -> float:
    """Return what part of ``likeness`` is left; _CONFLICT or less where there is a conflict."""
    if a.outlet and a.outlet == b.outlet and _are_series(likeness, a, b, days):
        return _CONFLICT
    a_rest, b_rest = a.names, b.names
    have_countries = a.countries and b.countries
    if have_countries or (a_rest and b_rest):  # else nothing below is asked of what is left
        a_rest, b_rest = a_rest.difference(b.words), b_rest.difference(a.words)
    if have_countries and a.countries.isdisjoint(b.all_countries):
        shared = len(a.names) - len(a_rest) + len(b.names) - len(b_rest)
        if shared < _MANY_NAMES and b.countries.isdisjoint(a.all_countries):
            return _CONFLICT
    if a_rest and b_rest:
        if len(a_rest) < len(a.names) or len(b_rest) < len(b.names):
            is_frame = days >= _FRAME_DAYS and _is_frame(likeness, a, b)
            meets = is_frame and _edges(a.title, a_rest) & _edges(b.title, b_rest)
            return _CONFLICT if meets else _SOME_DIFFER
        if a.rare_countries.isdisjoint(b.all_countries):
            return _CONFLICT if a.has_lead and b.has_lead else _HEADLINE_CONFLICT
    elif not a.names and not b.names and _are_unlike_in_frame(likeness, a, b):
        # Names that no capital tells: by which two headlines of one frame differ.
        return _CONFLICT
    return 1.0


def _are_series(likeness: float, a: Facts, b: Facts, days: float) -> bool:
    """Return whether two articles of one outlet are pieces of a column.

    Their headlines share most terms. If they name something, or have all terms in common, they
    are one report told on; unless the kind is one of columns, or what is told under one and the
    same headline differs.
    """
    if likeness < _SERIES_LIKENESS or days < _SERIES_DAYS:
        return False
    one, other = ({term for term in facts.title if not term.isdigit()} for facts in (a, b))
    shared, all_ = one & other, one | other
    if not (a.is_report or b.is_report):
        return len(shared) >= _COLUMN_SHARE * len(all_)
    if len(shared) < _SERIES_SHARE * len(all_):
        return False
    if not (a.has_names or b.has_names):
        return True
    if shared != all_:
        return False
    leads = (facts.words.keys() - set(facts.title) for facts in (a, b))
    less, more = sorted(leads, key=len)
    return len(less & more) < _SAME_LEAD * len(less)


def _is_frame(likeness: float, a: Facts, b: Facts) -> bool:
    """Return whether two headlines are one frame, whatever fills it."""
    if likeness < _FRAME_LIKENESS:
        return False
    titles = set(a.title), set(b.title)
    return len(titles[0] & titles[1]) >= _FRAME_SHARE * min(map(len, titles))


def _are_unlike_in_frame(likeness: float, a: Facts, b: Facts) -> bool:
    """Return whether something else stands at one place of a frame.

    Where words stand apart, between the same words. Elsewhere at the head, where names stand:
    any synonym is between two particles.
    """
    if not _is_frame(likeness, a, b):
        return False
    edges = _edges(a.title, _unknown(a, b)) & _edges(b.title, _unknown(b, a))
    if a.is_unspaced:
        return _HEAD in edges
    return {is_before for _, is_before in edges} == {True, False}


def _unknown(a: Facts, b: Facts) -> frozenset[str]:
    """Return the terms of a headline, but for numbers, that the other article does not have."""
    return frozenset(term for term in a.title if term not in b.words and not term.isdigit())


def _edges(title: tuple[str, ...], terms: frozenset[str]) -> set[tuple[str, bool]]:
    """Return what stands before (True) and after (False) each run of ``terms``, "" at an end."""
    edges = set()
    for before, after in pairwise(("", *title, "")):
        if after in terms and before not in terms:
            edges.add((before, True))
        elif before in terms and after not in terms:
            edges.add((after, False))
    return edges

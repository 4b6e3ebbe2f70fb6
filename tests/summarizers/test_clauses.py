"""Sentences without a main clause, and whole ones that look like them."""

import pytest

from summarizers.clauses import clauses_of
from summarizers.terms import find_words


def is_fragment(language, text):
    return clauses_of(language).is_fragment(text, text.lower(), find_words(text), opens=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ein Beispiel aus der Praxis einer Schule."),
        ("de", "Weil der Damm von Velt undicht ist."),
        ("en", "Houses, a harbour and one new market square."),
        ("en", "Great views, not so much."),
        ("en", "Works with Velt phones, tablets and one watch."),
        ("en", "Includes a warranty for the whole of Orun."),
        ("ko", "오룬 댐 건설 계획의 목적."),
    ],
)
def test_a_sentence_without_a_main_clause_is_told(language, text):
    assert is_fragment(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Damm brauche Geld, so Holm."),
        ("de", "Weil der Damm undicht ist, sinkt der See."),
        ("en", "Works by Mara Holm were sold in Velt."),
        ("en", "Because of the frost the dam is closed."),
        ("en", "Orun, Velt and Corrin agreed."),
        ("ko", "오룬 댐이 다시 찼다."),
        ("sv", "Eftersom dammen läcker sjunker sjön."),
        ("xx", "Houses, a harbour and one new market square."),
        ("en", "—"),
    ],
)
def test_a_whole_sentence_is_none(language, text):
    assert not is_fragment(language, text)

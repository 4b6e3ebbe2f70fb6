"""Reasons: stored and raised by code, and told in every language."""

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import (
    ChatMigrated,
    DaybriefError,
    FloodWait,
    NoDatabase,
    SetupError,
    SourceUnavailable,
    Unforeseen,
    reason_of,
    story_broken,
)
from bot.reasons import LEGACY, Reason, dump_reason, load_reason
from bot.texts import LANGUAGES, explain, texts_for
from bot.texts.reasons import SENTENCES

PACKAGE = Path(errors.__file__).parent
ENGLISH, GERMAN = texts_for("en"), texts_for("de")
# What is made with a code that is given: raised, or read back from where it was stored.
MACHINERY = {PACKAGE / "errors.py", PACKAGE / "reasons.py", PACKAGE / "domain" / "content.py"}
# Named arguments of an error class that fill no blank, and values that only a log shows.
NO_BLANKS = {"retry_after_s"}
FOR_THE_LOG = {"story-broken": {"at"}}
# Something for every blank there is, each recognizable in a sentence of any language.
SAMPLES = {
    "address": "harbour.example/feed",
    "coding": "zstd",
    "command": "/settings",
    "example": "north-korea",
    "kind": "KeyError",
    "languages": ("de", "fr"),
    "n": 7,
    "names": ("energy", "space", "climate"),
    "place": "Atlantis",
    "port": "2525",
    "reason": Reason("no-feed"),
    "said": "Bad Request: x",
    "seconds": 12.5,
    "status": 503,
    "story": 41,
    "text": "Set DAYBRIEF_TOKEN.",
    "value": "weekly",
    "when": "Wed 07:30",
    "word": "noon",
    "words": "nort-korea",
    "zone": "Mars/Base",
}


# Reasons that older versions stored, and none gives any more.
ONCE_STORED = {"no-answer-twice"}
CLASSES = [kind for name in errors.__all__ if isinstance(kind := getattr(errors, name), type)]
ARGUMENTS = {FloodWait: (30.5,), ChatMigrated: (-1007,), Unforeseen: ("KeyError",)} | {
    SetupError: ("Set DAYBRIEF_TOKEN.",),
    NoDatabase: ("daybrief.db",),
}


def raised(kind: type[DaybriefError]) -> DaybriefError:
    """Return an error of a class, with values if it takes any."""
    if kind in ARGUMENTS:
        return kind(*ARGUMENTS[kind])
    if kind is SourceUnavailable:
        return kind("http-status", status=503, retry_after_s=60.0)
    return kind("http-status", status=503)


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def sample(code: str) -> Reason:
    return Reason(code, {name: SAMPLES[name] for name in blanks(SENTENCES[code])})


# ------------------------------------------------------------------ where they are raised


class Raised(NamedTuple):
    """A place in the source that names a code; ``values`` is None where they are computed."""

    place: str
    code: str
    values: frozenset[str] | None


def test_every_code_has_a_sentence_and_every_sentence_is_used():
    codes = {found.code for found in PLACES}
    assert {found for found in PLACES if found.code not in SENTENCES} == set()
    assert set(SENTENCES) - codes == ONCE_STORED


def test_every_place_fills_just_the_blanks_of_its_sentence():
    wrong = [
        found
        for found in PLACES
        if found.values is not None
        and found.values - FOR_THE_LOG.get(found.code, set()) != blanks(SENTENCES[found.code])
    ]
    assert wrong == []
    assert sum(found.values is None for found in PLACES) == 0


def places() -> Iterator[Raised]:
    names = {kind.__name__ for kind in CLASSES} - {kind.__name__ for kind in ARGUMENTS}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.Call):
                continue
            is_own = path in MACHINERY and ast.unparse(node.func) == "super().__init__"
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if not (name == "Reason" or name in names or is_own):
                continue
            place = f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"
            unwritten = () if path in MACHINERY else (ast.unparse(node.args[0]),)
            values = given_names(node, is_reason=name == "Reason")
            for code in list(literals(node.args[0])) or unwritten:
                yield Raised(place, code, values)


def literals(node: ast.expr) -> Iterator[str]:
    """Return the texts that an expression can have, none if that is not written there."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from literals(node.body)
            yield from literals(node.orelse)


def given_names(call: ast.Call, *, is_reason: bool) -> frozenset[str] | None:
    if not is_reason:
        names = [keyword.arg for keyword in call.keywords]
    elif len(call.args) == 1:
        names = []
    elif isinstance(call.args[1], ast.Dict):
        names = [key.value if isinstance(key, ast.Constant) else None for key in call.args[1].keys]
    else:
        names = [None]
    return None if None in names else frozenset(names) - NO_BLANKS


PLACES = list(places())


# ------------------------------------------------------------------ how they are told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_told_in_every_language(language):
    for code, sentence in SENTENCES.items():
        said = explain(sample(code), texts_for(language))
        assert said != str(sample(code)) or said == sentence
        assert not set("{}") & set(said), code
        for name in blanks(sentence) - {"reason"}:
            parts = SAMPLES[name] if isinstance(SAMPLES[name], tuple) else (SAMPLES[name],)
            assert all(str(part) in said.replace("12,5", "12.5") for part in parts), code


@pytest.mark.parametrize(
    "code", [code for code, sentence in SENTENCES.items() if sentence != "{text}"]
)
def test_every_sentence_differs_in_german(code):
    assert explain(sample(code), GERMAN) != explain(sample(code), ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_can_be_explained(language):
    for kind in CLASSES:
        error = raised(kind)
        said = explain(error.reason, texts_for(language))
        assert said != str(error.reason)
        assert explain(reason_of(error), texts_for(language)) == said


def test_a_log_names_the_code_and_the_values():
    assert str(SourceUnavailable("http-status", status=503)) == "http-status status=503"
    assert str(SetupError("Set DAYBRIEF_TOKEN.")) == "Set DAYBRIEF_TOKEN."


def test_an_error_nobody_foresaw_is_told_by_its_type_alone():
    words = "what the reader wrote"
    reason = reason_of(KeyError(words))
    assert explain(reason, ENGLISH) == "a fault on our side (KeyError)"
    try:
        raise ValueError(words)
    except ValueError as error:
        broken = story_broken(41, error)
    assert words not in f"{reason} {broken} {dump_reason(broken)}"
    assert str(broken).startswith("story-broken story=41 kind=ValueError at=test_reasons.py:")


def test_a_reason_within_a_reason_is_told_in_its_own_sentence():
    reason = Reason("no-feed-there", {"address": "a.example", "reason": Reason("feed-not-there")})
    assert explain(reason, GERMAN).startswith("a.example liefert keinen Feed (den Feed gibt es")
    assert "the feed is not there (404)" in explain(reason, ENGLISH)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("of-next-year", "of-next-year"),
        ('of-next-year {"n": 3}', "of-next-year n=3"),
        ("http-status", "http-status"),  # without what fills its blank
        ('http-status {"status": true}', "http-status status=True"),
        ('http-status {"other": 1}', "http-status other=1"),
    ],
)
def test_what_has_no_sentence_here_is_told_by_its_code(stored, said):
    assert explain(load_reason(stored), GERMAN) == said


def test_prose_of_a_former_schema_is_translated_if_it_is_still_ours():
    assert explain(load_reason("no subscriptions"), GERMAN) == "keine Abos"
    assert explain(load_reason("it broke, said {n} of us"), GERMAN) == "it broke, said {n} of us"


# ------------------------------------------------------------------ how they are stored

CODES = st.from_regex(r"[a-z]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda code: code != LEGACY)
VALUES = st.dictionaries(
    st.from_regex(r"[a-z_]+", fullmatch=True),
    st.text()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.lists(st.text(), max_size=4).map(tuple),
    max_size=4,
)
REASONS = st.builds(Reason, CODES, VALUES)


@given(st.none() | REASONS)
def test_a_stored_reason_is_read_back(reason):
    stored = dump_reason(reason)
    assert load_reason(stored) == reason
    assert stored.partition(" ")[0] == ("" if reason is None else reason.code)


@given(st.text(min_size=1), st.sampled_from(LANGUAGES))
def test_whatever_stands_in_a_row_can_be_told(text, language):
    explain(load_reason(text), texts_for(language))


@given(REASONS | st.builds(Reason, st.sampled_from(sorted(SENTENCES)), VALUES))
def test_a_reason_of_any_code_and_values_can_be_told(reason):
    assert explain(reason, GERMAN)


@pytest.mark.parametrize(
    "prose",
    [
        *("the server answered 503", "missed 3", "missed []", 'missed "x"', "missed null", "a {b}"),
        *('missed {"n": {}}', 'missed {"n": null}', "missed " + "[" * 100_000),
    ],
)
def test_prose_is_taken_for_what_it_is(prose):
    reason = load_reason(prose)
    assert reason == Reason(LEGACY, {"text": prose})
    assert explain(reason, ENGLISH) == prose
    assert load_reason(dump_reason(reason)) == reason


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_comes_out_of_a_process_as_it_went_in(kind):
    error = raised(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.reason, str(again)) == (error.reason, str(error))
    assert vars(again) == vars(error)


def test_values_of_any_mapping_are_stored():
    reason = Reason("http-status", MappingProxyType({"status": 503}))
    assert load_reason(dump_reason(reason)) == Reason("http-status", {"status": 503})

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.subscription import Query
from bot.errors import ReaderError
from bot.texts import explain, texts_for
from bot.topics import parse_query, query_key, query_text
from bot.topics.queries import MAX_QUERY_CHARS, MAX_TERMS, is_plain, split_list

words = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=1, max_size=3).map(
    " ".join
)
queries = st.builds(
    lambda terms, must, never: Query(
        terms=tuple(term for term in terms if term not in must), must=must, never=never
    ),
    terms=st.lists(words, min_size=1, max_size=3, unique=True).map(tuple),
    must=st.lists(words, max_size=2, unique=True).map(tuple),
    never=st.lists(words, max_size=2, unique=True).map(tuple),
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Reactor", Query(terms=("reactor",))),
        ("rare earths", Query(terms=("rare", "earths"))),
        ('"Rare  Earths"', Query(terms=("rare earths",))),
        ("“rare earths”", Query(terms=("rare earths",))),
        ("„seltene Erden“", Query(terms=("seltene erden",))),
        ("«terres rares»", Query(terms=("terres rares",))),
        ("「レアアース 鉱山」", Query(terms=("レアアース 鉱山",))),
        ("dam +river -beaver", Query(terms=("dam",), must=("river",), never=("beaver",))),
        (
            '+"rare earths" −"gold rush"',
            Query(terms=(), must=("rare earths",), never=("gold rush",)),
        ),
        ("dam –beaver —otter", Query(terms=("dam",), never=("beaver", "otter"))),
        ("Élysée Ökostrom", Query(terms=("elysee", "okostrom"))),
        ("north-korea", Query(terms=("north korea",))),
        ("Kim's Kim’s", Query(terms=("kim",))),
        ('"unclosed phrase', Query(terms=("unclosed phrase",))),
        ("dam dam DAM", Query(terms=("dam",))),
        ("dam +dam", Query(terms=(), must=("dam",))),
        ("dam - beaver", Query(terms=("dam",), never=("beaver",))),
        ("dam – beaver", Query(terms=("dam", "beaver"))),
        ("dam !beaver NOT otter", Query(terms=("dam",), never=("beaver", "otter"))),
        ("dam AND river", Query(terms=(), must=("dam", "river"))),
        ("old dam & river", Query(terms=("old",), must=("dam", "river"))),
        ("cats and dogs", Query(terms=(), must=("cats", "dogs"))),
        ("Katzen und Hunde", Query(terms=(), must=("katzen", "hunde"))),
        ("“cats and dogs”", Query(terms=("cats and dogs",))),
        ("vitamin e", Query(terms=("vitamin", "e"))),
        ("and dam", Query(terms=("and", "dam"))),
        ("dam OR mill", Query(terms=("dam",), others=(Query(terms=("mill",)),))),
        ("Damm oder Mühle", Query(terms=("damm",), others=(Query(terms=("muhle",)),))),
        (
            "old dam|mill -otter",
            Query(
                terms=("old", "dam"),
                never=("otter",),
                others=(Query(terms=("mill",), never=("otter",)),),
            ),
        ),
        ("| dam |", Query(terms=("dam",))),
        ("“US” “IT jobs”", Query(terms=("US", "IT jobs"))),
        ("“THE GREAT FLOOD”", Query(terms=("the great flood",))),
        ("US", Query(terms=("us",))),
        ("electri* a*", Query(terms=("electri*", "a"))),
        ("북한 미사일", Query(terms=("북한", "미사일"))),
        ("C++ & C#", Query(terms=("c",))),
    ],
)
def test_words_phrases_and_signs_are_read(text, query):
    assert parse_query(text) == query


@pytest.mark.parametrize("text", ["", "   ", "+", '""', "…!?", "+ - +", "\x00"])
def test_an_empty_query_is_answered_with_an_example(text):
    with pytest.raises(ReaderError, match="query-empty"):
        parse_query(text)


def test_a_query_that_only_excludes_is_answered():
    with pytest.raises(ReaderError, match="query-only-excludes"):
        parse_query("-beaver")


def test_a_word_both_wanted_and_excluded_is_answered():
    with pytest.raises(ReaderError, match="query-contradicts-itself word=dam"):
        parse_query("dam -dam")


def test_a_long_query_is_answered_with_the_limit():
    with pytest.raises(ReaderError, match=f"query-too-long n={MAX_QUERY_CHARS}"):
        parse_query("dam " * MAX_QUERY_CHARS)
    parse_query("d" * MAX_QUERY_CHARS)


def test_too_many_words_are_answered_with_the_limit():
    with pytest.raises(ReaderError, match=f"query-of-too-many-words n={MAX_TERMS}"):
        parse_query(" ".join(f"w{n}" for n in range(MAX_TERMS + 1)))
    parse_query(" ".join(f"w{n}" for n in range(MAX_TERMS)))


def test_every_answer_is_one_line():
    for text in ("", "-a", "a -a", "x" * 999, " ".join(map(str, range(50)))):
        with pytest.raises(ReaderError) as caught:
            parse_query(text)
        assert "\n" not in explain(caught.value.reason, texts_for("en"))


def test_the_normal_form_is_what_a_reader_would_type():
    query = parse_query("-beaver +RIVER dam “rare Earths”")
    assert query_text(query) == 'dam "rare earths" +river -beaver'
    assert query_key(query) == 'q:dam "rare earths" +river -beaver'


def test_keys_are_equal_whatever_the_order_and_case():
    assert query_key(parse_query("Dam river +A -B")) == query_key(parse_query("-b RIVER +a dam"))


@given(queries)
def test_the_normal_form_reads_back_as_the_same_query(query):
    if set(query.never) & set(query.terms + query.must):
        return
    again = parse_query(query_text(query))
    assert (set(again.terms), set(again.must), set(again.never)) == (
        set(query.terms),
        set(query.must),
        set(query.never),
    )
    assert query_key(again) == query_key(query)


@given(st.text(max_size=MAX_QUERY_CHARS))
def test_any_text_is_read_or_answered(text):
    try:
        query = parse_query(text)
    except ReaderError:
        return
    assert query.terms or query.must
    assert query_key(parse_query(query_text(query))) == query_key(query)


def test_the_limits_are_two_hundred_characters_and_twelve_words():
    parse_query("d" * 200)
    with pytest.raises(ReaderError, match="query-too-long n=200"):
        parse_query("d" * 201)
    parse_query(" ".join(map(str, range(12))))
    with pytest.raises(ReaderError, match="query-of-too-many-words n=12"):
        parse_query(" ".join(map(str, range(13))))


def test_a_query_whose_normal_form_is_too_long_to_be_read_back_is_answered():
    phrase = "d-" * 99 + "d"  # its normal form has quotes
    assert len(phrase) == 199
    with pytest.raises(ReaderError, match="query-too-long n=200"):
        parse_query(phrase)
    assert parse_query(phrase[2:]).terms == (" ".join("d" * 99),)


def test_of_several_contradictions_the_first_in_the_alphabet_is_named():
    with pytest.raises(ReaderError, match="query-contradicts-itself word=beaver"):
        parse_query("dam +beaver -dam -beaver")


def test_a_word_that_is_a_must_as_well_counts_once():
    text = " ".join(f"{word} +{word}" for word in "abcdefghijkl")
    assert parse_query(text).must == tuple("abcdefghijkl")


@pytest.mark.parametrize("text", ["ｶﾞｽ", "ㄱㅏ", "e\u0301\u0301", "İ"])
def test_letters_that_compose_anew_read_back_as_the_same_query(text):
    query = parse_query(text)
    assert parse_query(query_text(query)) == query


@pytest.mark.parametrize(
    "text", ["mill OR dam -otter", "“US” or “e”", "“and” dam", "cats and dogs", "reac* “IT jobs”"]
)
def test_operators_and_capitals_read_back_as_the_same_query(text):
    query = parse_query(text)
    assert query_key(parse_query(query_text(query))) == query_key(query)
    assert query_key(parse_query("mill | dam")) == query_key(parse_query("dam OR mill"))


@pytest.mark.parametrize("key", ["ai and climate", '"rare earths" mine', "b dam +river -beaver"])
def test_a_query_stored_before_there_were_operators_can_still_be_read(key):
    assert parse_query(key)


@pytest.mark.parametrize("text", ["a -b", "a | b", "a OR b", "“a”", "NOT a b", "elec*", "a AND b"])
def test_what_has_an_operator_is_not_plain(text):
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["north-korea", "climate ai", "l'eau", "Kim's boat", "a & b"])
def test_words_alone_are_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("dam and mill", ["dam", "mill"]),
        ("dam/mill & old pier", ["dam", "mill", "old pier"]),
        ("Damm oder Mühle", ["Damm", "Mühle"]),
        ("dam | mill OR pier", ["dam", "mill", "pier"]),
        ("dam AND mill", ["dam AND mill"]),
        ("sand dam", ["sand dam"]),
        ("&", []),
    ],
)
def test_a_list_is_split_at_what_joins_its_parts(text, parts):
    assert split_list(text) == parts

"""Topics by their names: which name wins, and how far a typo may be off."""

import pytest

from bot.domain.topic import Topic
from bot.topics.names import Named, NameIndex, PackedNames, name_key


def named(slug, *called, also=(), name=None):
    return Named(Topic(slug=slug, names={"en": name or slug}), called, tuple(also))


def index(*names):
    """Return an index of topics by their names, each a word."""
    return NameIndex([named(name) for name in names])


def suggested(names, typed, n=9):
    return [topic.slug for topic in names.suggest(typed, n)]


def test_a_first_name_wins_over_anothers_second_and_a_name_over_a_mere_word():
    names = NameIndex(
        [
            named("a", "alpha", "shared"),
            named("b", "shared", also=["river"]),
            named("c", "gamma", "river"),
            named("d", "gamma"),
        ]
    )
    found = {words: names.find(words).slug for words in ("alpha", "shared", "river", "gamma")}
    assert found == {"alpha": "a", "shared": "b", "river": "c", "gamma": "c"}


def test_a_mere_word_finds_a_topic_and_is_not_suggested_for_a_typo():
    names = NameIndex([named("vienna", also=["budapest"])])
    assert names.find("budapest").slug == "vienna"
    assert suggested(names, "budapets") == []
    assert suggested(names, "vienan") == ["vienna"]


@pytest.mark.parametrize(
    ("name", "typed", "is_meant"),
    [
        ("abcdefghijkl", "abcdefghixyz", True),  # three of twelve letters
        ("abcdefghijkl", "abcdefghwxyz", False),
        ("abcdefghijk", "abcdefghxyz", False),
        ("abcdefgh", "abcdefxy", True),  # two of eight
        ("abcdefgh", "abcdewxy", False),
        ("abcdefg", "abcdexy", False),
        ("abcdefg", "abcdefx", True),  # one of four to seven
        ("abcdef", "abcdex", True),
        ("abcde", "abcdx", False),  # a wrong letter in a short word is another word
        ("abcde", "abced", True),
        ("abcde", "abce", True),
        ("abcd", "abdc", True),
        ("abc", "acb", False),
        ("abcdef", "xbcdef", False),  # nobody slips at the first letter
    ],
)
def test_the_longer_a_word_the_more_slips_are_forgiven(name, typed, is_meant):
    assert suggested(index(name), typed) == ([name] if is_meant else [])


@pytest.mark.parametrize(
    ("name", "typed", "is_meant"),
    [
        ("abcdefgh", "abcde", True),
        ("abcdefghi", "abcde", False),  # five of nine letters are not enough of it
        ("abcdefghij", "abcdef", True),
        ("wxyzabcdefg", "wxyz", False),
        ("wxyzab", "wxyz", False),
    ],
)
def test_a_beginning_is_enough_if_it_is_most_of_a_name(name, typed, is_meant):
    assert suggested(index(name), typed) == ([name] if is_meant else [])


def test_a_slip_comes_before_a_word_of_a_name_and_that_before_a_beginning():
    names = index("koreanly", "korea-south", "koreas")
    assert suggested(names, "korea") == ["koreas", "korea-south", "koreanly"]
    assert suggested(names, "korea", 2) == ["koreas", "korea-south"]


def test_eighty_characters_are_read():
    names = index("dam")
    assert names.find("dam".ljust(80) + "x").slug == "dam"
    assert names.find("dam".ljust(79) + "x") is None
    long = index("abcdefgh")
    assert suggested(long, "abcdefhg".ljust(80) + "zzzz") == ["abcdefgh"]
    assert suggested(long, "abcdefhg".ljust(77) + "zzzz") == []


def test_only_a_topics_own_name_is_worth_a_guess_at_a_short_word():
    names = NameIndex([named("energy", "musik", "wolke")])
    assert suggested(names, "muski") == []
    assert suggested(NameIndex([named("musik")]), "muski") == ["musik"]
    assert suggested(NameIndex([named("m1", name="Musik")]), "muski") == []
    assert suggested(NameIndex([named("m1", "Musik", name="Musik")]), "muski") == ["m1"]


def test_a_name_typed_right_is_suggested_first_however_short():
    names = NameIndex([named("asien", "Asie"), named("wine"), named("aut", also=("Wien",))])
    assert suggested(names, "Asie") == ["asien"]
    assert suggested(names, "wien")[0] == "aut"


@pytest.mark.parametrize("words", ["Italya", "İtalya", "italya", "Ita\u0301l\u0331ya"])
def test_no_accent_makes_a_difference(words):
    assert name_key(words) == name_key("İtalya") == "italya"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("کرهٔ اورون", "کره اورون"),
        ("کرهٔ اورون", "کره\u200cی اورون"),
        ("کرهٔ اورون", "كره اورون"),
        ("تأمین", "تامین"),
        ("أوروليا الجديدة", "اوروليا الجديده"),
        ("الطائرات المسيّرة", "الطائرات المسيرة"),
    ],
)
def test_arabic_script_is_read_with_and_without_its_signs(name, typed):
    assert name_key(typed) == name_key(name) != ""
    assert index(name).find(typed) is not None


def test_packed_names_are_a_mapping_of_the_names_they_were_made_of():
    given = {"en": "Orun", "de": "Orunland", "zh": "奥伦", "ru": ""}
    packed = PackedNames(given)
    assert packed == given
    assert list(packed.items()) == list(given.items())
    assert (len(packed), packed.get("fr"), packed.get("ru")) == (4, None, "")
    assert PackedNames({}) == {}
    other = PackedNames(dict.fromkeys(given, "Tarn"))
    assert (packed["de"], other["de"]) == ("Orunland", "Tarn")

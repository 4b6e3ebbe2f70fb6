"""Codes of languages, a guess where none is given, and the length of a text in words."""

import pytest

from summarizers.languages import guess_language, normal_language, word_count


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        (" DE ", "de"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("hr", "sr"),
        ("bs", "sr"),
        ("iw", "he"),
        ("in", "id"),
        ("ms", "id"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_a_language_is_known_by_one_code(given, normal):
    assert normal_language(given) == normal


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "港湾は月曜日に再開する"),
        ("zh", "港湾在星期一开放"),
        ("ko", "항구가 월요일에 열린다"),
        ("th", "ท่าเรือเปิดวันจันทร์"),
        ("hi", "बंदरगाह सोमवार को खुला"),
        ("bn", "বন্দর সোমবার খোলা"),
        ("ar", "الميناء مفتوح يوم الاثنين"),
        ("he", "הנמל פתוח ביום שני"),
        ("el", "το λιμάνι ανοίγει"),
        ("ru", "порт открыт в понедельник"),
        ("hy", "նավահանգիստը բաց է"),
        ("ka", "ნავსადგური ღიაა"),
        ("am", "ወደቡ ሰኞ ተከፈተ"),
        ("ml", "തുറമുഖം തിങ്കളാഴ്ച തുറന്നു"),
        ("ta", "துறைமுகம் திங்களன்று திறந்தது"),
        ("de", "Der Hafen ist am Montag nicht offen, und die Fähre wartet auf die Flut."),
        ("no", "Politiet sier at de lette i to timer, og at ingen av oss ble skadet."),
        ("fr", "Le port est ouvert le lundi et les bateaux ne sont pas dans la rade."),
        ("en", "The port is open on Monday and the boats are not in the harbour."),
        ("en", "xyzzy plugh"),
        ("en", ""),
    ],
)
def test_a_language_is_guessed_by_its_script_or_its_small_words(language, text):
    assert guess_language(text) == language


def test_two_thousand_characters_are_read_for_a_guess():
    german = "Der Hafen ist nicht offen und die Flut auf dem Weg. "
    assert guess_language("x" * 2000 + " " + german * 9) == "en"
    assert guess_language("x" * 1900 + " " + german * 9) == "de"


def test_a_name_in_another_script_makes_no_language():
    text = "The minister met Владимир Орлов in the harbour on Monday, and they were not alone."
    assert guess_language(text) == "en"


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Two words", "en", 2),
        ("항구가 열린다", "ko", 2),
        ("港湾在星期一", "zh", 3),
        ("港湾 在星期一开", "zh", 4),
        ("ท่าเรือ", "th", 4),
        ("abc", "ja", 2),
        ("", "ja", 0),
    ],
)
def test_two_characters_are_a_word_where_words_are_not_spaced(text, language, words):
    assert word_count(text, language) == words

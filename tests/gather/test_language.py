"""In which language a text is, where that is certain."""

import pytest

from bot.gather.pages import language
from bot.gather.pages.language import detect_language

KOREAN = "항구는월요일에다시문을연다고항만청이밝혔다"  # 21 letters
ENGLISH = "The harbour opens again on Monday, the port authority said in a statement. "
GERMAN = "Der Hafen öffnet am Montag wieder, sagte die Behörde in einer Mitteilung. "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (KOREAN[:20], "ko"),
        (KOREAN[:19], ""),
        (f"{KOREAN[:19]} 2025-06-05, 07:30", ""),  # figures are no letters
        ("", ""),
        ("1234567890 " * 20, ""),
        ("xkcdqwrtzpsdfghjklyxcvbnm" * 3, ""),  # no language has no code
    ],
)
def test_twenty_letters_tell_a_language(text, code):
    assert detect_language(text) == code


def test_the_first_two_thousand_characters_decide():
    english = ENGLISH * 27
    assert len(english) > 2000
    assert detect_language(english + KOREAN * 500) == "en"


def test_an_idle_process_holds_none_of_the_models_large_tables():
    detect_language(ENGLISH)
    identifier = language._identifier()
    held = [getattr(identifier, slot) for slot in identifier.__slots__ if hasattr(identifier, slot)]
    assert max(len(value) for value in held if isinstance(value, list)) < 1000

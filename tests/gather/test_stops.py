"""Whether a line ends as a sentence does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.pages.stops import has_sentence, is_stopped

# A sentence in each script, as it is written, with its stop.
SENTENCES = [
    "The ferry sails again.",
    "Does the ferry sail again?",
    "Паром снова ходит!",
    "渡船恢复航行。",
    "船はまた動くのか？",
    "뱃길이 다시 열렸다.",
    "عادت العبارة إلى العمل.",
    "هل عادت العبارة؟",
    "کشتی دوبارہ چل پڑی۔",
    "नौका फिर चल पड़ी।",
    "नौका फिर चल पड़ी |",
    "नौका फिर चल पड़ी|",
    "খেয়া আবার চলছে।",
    "খেয়া আবার চলছে |",
    "ਬੇੜੀ ਫਿਰ ਚੱਲ ਪਈ |",
    "फेरी पुन्हा सुरू॥",
    "Լաստանավը կրկին աշխատում է։",
    "ጀልባው እንደገና ተጀመረ።",
    "កប៉ាល់ដំណើរការឡើងវិញ៕",
    "Ξεκινά πάλι το πλοίο;",
    "Ξεκινά πάλι το πλοίο\u037e",
    "The ferry sails again…",
]
# Scripts that write no stop.
UNSTOPPED = [
    "เรือข้ามฟากกลับมาให้บริการอีกครั้งในวันจันทร์",
    "ເຮືອຂ້າມຟາກກັບມາໃຫ້ບໍລິການອີກຄັ້ງໃນວັນຈັນ",
    "កាណូតដំណើរការឡើងវិញនៅថ្ងៃចន្ទនេះ",
    "ကူးတို့သင်္ဘောသည်တနင်္လာနေ့တွင်ပြန်လည်ပြေးဆွဲမည်",
]
NOT_STOPPED = [
    "The ferry sails again",
    "These are its points:",
    "The ferry sails;",
    "a | b |",
    "渡船恢复航行",
    "Ο δήμος: ",
    "",
    " ",
    "”",
    "(",
]


@pytest.mark.parametrize("line", SENTENCES + UNSTOPPED)
def test_a_sentence_ends_as_its_script_ends_it(line):
    assert is_stopped(line)


@pytest.mark.parametrize("line", NOT_STOPPED)
def test_a_heading_or_the_beginning_of_a_list_has_no_stop(line):
    assert not is_stopped(line)


@pytest.mark.parametrize("line", SENTENCES)
@pytest.mark.parametrize(
    "closing", ['"', "’", "”", "»", "“", "」", "』", "】", ")", "）", ")” \u00a0"]
)
def test_quotes_and_brackets_may_stand_behind_a_stop(line, closing):
    assert is_stopped(line + closing)


@pytest.mark.parametrize("line", SENTENCES + UNSTOPPED)
def test_a_text_with_a_sentence_has_one(line):
    assert has_sentence(f"Title\n{line}\nAnother title")


@pytest.mark.parametrize(
    "text", ["", "Title", "Title\nAnother title", "a | b | c", "...", "เรือ", "Menu: home; news"]
)
def test_titles_and_menus_are_no_sentence(text):
    assert not has_sentence(text)


@given(st.text(max_size=80), st.sampled_from([" ", '"', "”", ")", "」"]))
def test_any_line_ends_and_closing_changes_nothing(line, closing):
    assert is_stopped(line) is is_stopped(line + closing)
    has_sentence(line)

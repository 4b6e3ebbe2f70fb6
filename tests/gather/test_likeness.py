"""Whether two pieces of text say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.pages.likeness import is_like, shares_beginning

# A line in several scripts, the same but for a word or its punctuation, and another one.
LINES = {
    "en": (
        "Harbour office reopens the old ferry line",
        "Harbour office re-opens the old ferry line!",
        "Teachers of the northern province go back to work",
    ),
    "de": (
        "Das Hafenamt öffnet die alte Fährlinie wieder",
        "„Das Hafenamt“ öffnet die alte Fährlinie nun wieder",
        "Die Lehrer der Nordprovinz arbeiten wieder",
    ),
    "ru": (
        "Портовое управление вновь открывает старую паромную линию",
        "Портовое управление вновь открыло старую паромную линию",
        "Учителя северной области возвращаются на работу",
    ),
    "ar": (
        "مكتب الميناء يعيد فتح خط العبارة القديم بين الضفتين",
        "مكتب الميناء يعيد فتح خط العبارة القديم بين الضفتين.",
        "المعلمون في الإقليم الشمالي يعودون إلى العمل",
    ),
    "ja": (
        "港湾局が古い渡し船の路線を月曜日から再開",
        "港湾局が、古い渡し船の路線を月曜日から再開へ",
        "北部の教師たちが十一日ぶりに職場へ戻る",
    ),
    "ko": (
        "항만청 월요일부터 옛 나룻배 노선 다시 운항하기로",
        "항만청, 월요일부터 옛 나룻배 노선 다시 운항하기로",
        "북부 지방 교사들 열하루 만에 학교로 돌아간다",
    ),
    "hi": (
        "बंदरगाह कार्यालय पुरानी नौका सेवा फिर से शुरू करेगा",
        "बंदरगाह कार्यालय पुरानी नौका सेवा फिर शुरू करेगा",
        "उत्तरी प्रांत के शिक्षक काम पर लौट आए हैं",
    ),
    "th": (
        "สำนักงานท่าเรือเปิดเส้นทางเรือข้ามฟากสายเก่าอีกครั้ง",
        "สำนักงานท่าเรือเปิดเส้นทางเรือข้ามฟากสายเก่าอีก",
        "ครูในจังหวัดทางเหนือกลับไปสอนหนังสือแล้ววันนี้",
    ),
}


@pytest.mark.parametrize("language", LINES)
def test_a_line_is_like_itself_but_for_a_word_and_unlike_another(language):
    line, same, other = LINES[language]
    assert is_like(line, line)
    assert is_like(line, same)
    assert not is_like(line, other)


@pytest.mark.parametrize(
    ("a", "b", "like"),
    [
        ("Ferry", "FERRY!", True),
        ("Ferry opens", "Ferry open", False),  # short: only the same is like
        ("Straße", "STRASSE", True),
        ("Ferry opens again on Monday", "Ferry opens", False),
        ("", "", False),
        ("—", "…", False),  # no letters say nothing
        ("Ferry", "", False),
    ],
)
def test_short_lines_are_like_only_with_the_same_letters(a, b, like):
    assert is_like(a, b) is like


@pytest.mark.parametrize("language", LINES)
def test_a_lead_cut_short_shares_its_beginning_with_the_text(language):
    line, same, other = LINES[language]
    assert shares_beginning(f"{line[:-3]}…", f"{line}. {other}")
    assert shares_beginning(line, same)
    assert not shares_beginning(other, f"{line}. {other}")


def test_a_lead_without_its_place_and_time_shares_its_beginning():
    lead = "The ferry line between the two banks opens again on Monday, after eleven long weeks."
    assert shares_beginning(f"VELT, 3 May — {lead}", lead)


def test_only_the_first_hundred_and_twenty_letters_count():
    alike = "The ferry line between both banks opens again on Monday, after eleven weeks in which "
    alike += "everybody had to cross by the railway bridge, as the harbour office said. "
    other = "Teachers of the northern province accept an offer and go back to their schools. "
    assert shares_beginning(alike + other * 9, alike + "Тем временем в горах выпал снег. " * 9)
    assert not shares_beginning(other + alike * 9, "Тем временем в горах выпал снег. " * 9)


def test_fewer_than_twenty_letters_share_nothing():
    assert not shares_beginning("Ferry opens again", "Ferry opens again on Monday")
    assert shares_beginning("The ferry line opens again", "The ferry line opens again on Monday")


def test_chinese_and_japanese_say_as_much_in_half_the_characters():
    assert is_like("渡船周一恢复通航啦", "渡船周一恢复通航")
    assert not is_like("渡船恢复", "渡船恢复啦")
    assert shares_beginning("渡し船が月曜から運航再開", "渡し船が月曜から運航再開へ、十一週間ぶり")
    assert not shares_beginning("渡し船が再開", "渡し船が再開へ、十一週間ぶり")


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_of_both_and_any_text_has_it(a, b):
    assert is_like(a, b) is is_like(b, a)
    assert shares_beginning(a, b) is shares_beginning(b, a)


@given(st.text(max_size=200))
def test_a_text_with_letters_is_like_itself(text):
    assert is_like(text, text) is any(map(str.isalnum, text.casefold()))

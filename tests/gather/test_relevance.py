"""Whether a page tells what its feed said it would."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAnArticle
from bot.gather.pages.extract import extract_article
from bot.gather.pages.relevance import is_about

# In each language: an article, the title and lead of its feed, a headline that the editors wrote
# anew, and the title and lead of another article.
STORIES = {
    "en": (
        "The ferry line between the two banks opens again on Monday, the harbour office said, "
        "after eleven weeks in which everybody had to cross by the railway bridge.",
        "Harbour office: ferry line opens again on Monday",
        "After eleven weeks everybody can cross the river without the railway bridge.",
        "Boats are back between the banks of the river after months of walking",
        "Teachers of the northern province accept an offer and return to school",
        "Their strike had lasted longer than any other in the history of that province.",
    ),
    "de": (
        "Die Fähre zwischen den beiden Ufern fährt ab Montag wieder, wie das Hafenamt mitteilte; "
        "elf Wochen lang mussten alle über die Eisenbahnbrücke gehen.",
        "Fähre zwischen den Ufern fährt wieder ab Montag",
        "Elf Wochen lang gingen alle über die Eisenbahnbrücke.",
        "Nach elf Wochen Pause: Schiff verbindet von Montag an wieder die Ufer",
        "Lehrer der Nordprovinz nehmen Angebot an und kehren zurück",
        "Ihr Streik dauerte länger als jeder andere zuvor.",
    ),
    "ru": (
        "Паромная переправа между двумя берегами откроется в понедельник, сообщило портовое "
        "управление; одиннадцать недель жители переходили реку по железнодорожному мосту.",
        "Портовое управление открывает паромную переправу",
        "Одиннадцать недель жители ходили по железнодорожному мосту.",
        "Жители двух берегов дождались: переправа заработает в понедельник",
        "Учителя северной области приняли предложение правительства",
        "Забастовка длилась дольше любой другой в истории.",
    ),
    "ar": (
        "يعود خط العبارة بين الضفتين إلى العمل يوم الاثنين، كما أعلن مكتب الميناء، بعد أحد عشر "
        "أسبوعا اضطر فيها الجميع إلى عبور جسر السكة الحديد.",
        "مكتب الميناء: العبارة تعود إلى العمل الاثنين بين الضفتين",
        "اضطر الجميع إلى عبور جسر السكة الحديد أسابيع طويلة.",
        "بعد أحد عشر أسبوعا تعود العبارة إلى نقل سكان الضفتين",
        "المعلمون يقبلون عرض الحكومة ويرجعون للمدارس الشمالية",
        "كان إضرابهم أطول إضراب عرفته المدارس حتى اليوم.",
    ),
    "hi": (
        "बंदरगाह कार्यालय ने बताया कि दोनों किनारों के बीच नौका सेवा सोमवार से फिर शुरू होगी। ग्यारह "
        "सप्ताह तक लोगों को रेलवे पुल से पैदल नदी पार करनी पड़ी।",
        "बंदरगाह कार्यालय: नौका सेवा सोमवार से शुरू",
        "ग्यारह सप्ताह लोगों ने रेलवे पुल से नदी पार की।",
        "सोमवार से दोनों किनारों के लोगों को नौका मिलेगी",
        "उत्तरी प्रांत में शिक्षकों की हड़ताल समाप्त, विद्यालय खुले",
        "सरकार का प्रस्ताव मंजूर, वेतन बढ़ाने की घोषणा।",
    ),
    "ja": (
        "二つの岸を結ぶ渡し船が月曜日から再び運航すると港湾局が発表した。この十一週間、"
        "住民は鉄道橋を歩いて渡らなければならなかった。",
        "渡し船が月曜日から運航再開、港湾局が発表",
        "住民は十一週間、鉄道橋を歩いて渡っていた。",
        "歩いて渡る日々終わる 渡し船、月曜日に復活",
        "北部で教員ストライキ終結、授業再開へ",
        "政府案を受け入れ、賃上げで合意に達した。",
    ),
    "zh": (
        "港务局宣布，连接两岸的渡船将于星期一恢复航行。在过去的十一个星期里，"
        "居民们只能步行穿过铁路桥才能到达对岸。",
        "港务局：两岸渡船星期一恢复航行",
        "十一个星期里居民们步行穿过铁路桥。",
        "不用再步行过桥，两岸居民等来渡船复航",
        "北方省教师接受提议结束罢工",
        "政府同意提高工资，学校重新开课。",
    ),
    "ko": (
        "두 강변을 잇는 나룻배가 월요일부터 다시 다닌다고 항만청이 밝혔다. 지난 열한 주 동안 "
        "주민들은 철교를 걸어서 건너야 했다.",
        "항만청 “나룻배 월요일부터 다시 다닌다”",
        "주민들은 열한 주 동안 철교를 걸어서 건넜다.",
        "철교 걷던 주민들, 월요일 나룻배 탄다",
        "북부 교사 파업 끝내고 학교 복귀 결정",
        "정부 제안 수용, 임금 인상 합의 이뤄져.",
    ),
    "th": (
        "สำนักงานท่าเรือแจ้งว่าเรือข้ามฟากระหว่างสองฝั่งจะกลับมาให้บริการในวันจันทร์ "
        "หลังจากชาวบ้านต้องเดินข้ามสะพานรถไฟนานสิบเอ็ดสัปดาห์",
        "เรือข้ามฟากกลับมาให้บริการวันจันทร์",
        "ชาวบ้านเดินข้ามสะพานรถไฟสิบเอ็ดสัปดาห์",
        "ชาวบ้านสองฝั่งได้ข้ามเรืออีกครั้งวันจันทร์",
        "ครูภาคเหนือยุติประท้วง โรงเรียนเปิดสอน",
        "รัฐบาลเพิ่มเงินเดือนตามคำขอครู",
    ),
}


@pytest.mark.parametrize("language", STORIES)
def test_a_text_is_about_the_title_and_the_lead_of_its_feed(language):
    text, title, lead, _, _, _ = STORIES[language]
    assert is_about(text, title=title, lead="", headlines=())
    assert is_about(text, title="", lead=lead, headlines=())
    assert is_about(text, title=title, lead=lead, headlines=())


@pytest.mark.parametrize("language", STORIES)
def test_a_headline_written_anew_is_of_the_same_article(language):
    text, title, _, anew, _, _ = STORIES[language]
    assert is_about(text, title=anew, lead="", headlines={title})
    assert is_about(text, title=title, lead="", headlines={anew})


@pytest.mark.parametrize("language", STORIES)
def test_a_text_is_not_about_what_another_entry_says(language):
    text, title, _, _, other_title, other_lead = STORIES[language]
    assert not is_about(text, title=other_title, lead="", headlines={title})
    assert not is_about(text, title=other_title, lead=other_lead, headlines={title})


@pytest.mark.parametrize("language", STORIES)
def test_a_title_of_another_kind_is_made_up_for_by_the_lead(language):
    text, title, lead, _, other_title, _ = STORIES[language]
    assert is_about(text, title=other_title, lead=lead, headlines={title})


@pytest.mark.parametrize("language", STORIES)
def test_the_pages_headline_is_enough(language):
    text, _, _, _, other_title, _ = STORIES[language]
    assert is_about(text, title=other_title, lead="", headlines={f"{other_title}."})


def test_words_of_a_title_may_be_inflected_and_stand_in_the_headline():
    title = "Harbour reopening delayed"
    assert is_about("The harbours are reopened, with delays.", title=title, lead="", headlines=())
    assert is_about("Rain fell.", title=title, lead="", headlines={"Harbours delay reopenings"})
    assert not is_about("Rain fell.", title=title, lead="", headlines={"Dam is full"})


def test_a_lead_of_short_words_is_known_by_its_beginning():
    lead = "As far as he can see, it is all up to me and to you, so she has to go."
    title = STORIES["en"][4]
    assert is_about(f"{lead} Rain fell in Orun.", title=title, lead=lead, headlines=())
    assert not is_about("Rain fell in Orun.", title=title, lead=lead, headlines=())


@pytest.mark.parametrize("title", ["Fog", "Туман", "霧", "안개"])
def test_a_headline_of_one_word_is_enough(title):
    text, _, _, _, _, other_lead = STORIES["en"]
    assert is_about(text, title=title, lead=other_lead, headlines={f"{title}!"})
    assert not is_about(text, title=title, lead=other_lead, headlines={"Quay"})


def test_a_lead_with_which_the_text_begins_is_enough():
    text, _, _, _, other_title, _ = STORIES["en"]
    assert is_about(text, title=other_title, lead=f"{text[:100]}…", headlines=())


def test_a_long_text_of_the_same_letters_is_not_about_all_that_thai_can_say():
    text, _, _, _, title, lead = STORIES["th"]
    letters = sorted(set(f"{text}{title}{lead}") - {" "})
    long = "".join(random.Random(7).choices(letters, k=8_000))  # nearly all pairs of them
    assert not is_about(long, title=title, lead=lead, headlines=())
    assert is_about(f"{long} {title}", title=title, lead=lead, headlines=())


@pytest.mark.parametrize(("title", "lead"), [("", ""), ("Live: day 9", ""), ("Ferry", "Go on")])
def test_titles_and_leads_that_say_nothing_refuse_nothing(title, lead):
    assert is_about("Rain fell in Orun.", title=title, lead=lead, headlines=())


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_texts_are_told_apart_or_not(text, title, lead, headline):
    assert is_about(text, title=title, lead=lead, headlines={headline}) in {True, False}
    assert is_about(text, title="", lead="", headlines={headline})
    assert is_about(title, title=title, lead="", headlines=())


def read(language: str, **expected: str) -> str:
    text, title = STORIES[language][:2]
    body = "".join(f"<p>{text}</p><p>{title}, {n}. {text}</p>" for n in range(3))
    html = f"<title>{title} | Quay</title><article><h1>{title}</h1>{body}</article>"
    url = "https://quay.example/1"
    return extract_article(f"<meta charset=utf-8>{html}".encode(), url=url, **expected).text


@pytest.mark.parametrize("language", STORIES)
def test_a_page_with_another_article_than_its_entry_is_refused(language):
    text, title, lead, anew, other_title, other_lead = STORIES[language]
    assert text in read(language)
    assert text in read(language, expected_title=title, expected_text=lead)
    assert text in read(language, expected_title=anew)
    for other in ({"expected_title": other_title}, {"expected_text": other_lead}):
        with pytest.raises(NotAnArticle, match=r"^another-article$"):
            read(language, **other)

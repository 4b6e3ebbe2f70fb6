"""Times and days in words and figures, in all our languages."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading_times import read_plan, read_time
from bot.commands.reading_times.words import normalize, roles_of_words


def shown(plan):
    """Return "07:30/01234 + 09:00/56": times, and the days said for them (0 is Monday)."""
    return " + ".join(
        f"{at:%H:%M}" + (f"/{''.join(map(str, sorted(days)))}" if days else "")
        for at, days in plan.times
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0730", "07:30"),
        ("730", "07:30"),
        ("19h", "19:00"),
        ("7.30 Uhr", "07:30"),
        ("7 Uhr", "07:00"),
        ("um 7:30", "07:30"),
        ("at 7:30", "07:30"),
        ("every day at 7", "07:00/0123456"),
        ("every morning at 7", "07:00"),
        ("half past seven", "07:30"),
        ("quarter to 8", "07:45"),
        ("7am every weekday", "07:00/01234"),
        ("every monday at 9", "09:00/0"),
        ("9 on Mondays and Fridays", "09:00/04"),
        ("täglich 7:30", "07:30/0123456"),
        ("tous les jours à 7h30", "07:30/0123456"),
        ("todos los días a las 7", "07:00/0123456"),
        ("7:30 утра", "07:30"),
        ("по будням 8:00", "08:00/01234"),
        ("０７：３０", "07:30"),
        ("8:00 except sunday", "08:00/012345"),
        ("7:30/18:00", "07:30 + 18:00"),
        ("7:30 & 18:00", "07:30 + 18:00"),
        ("08:00 Mon/Wed/Fri", "08:00/024"),
        ("M-F 8", "08:00/01234"),
        ("tuesday and thursday at 8", "08:00/13"),
        ("早上7点", "07:00"),
        ("7시 30분", "07:30"),
        ("07:30 weekdays 09:00 weekends", "07:30/01234 + 09:00/56"),
        ("7:30 weekdays, 9:00 weekend", "07:30/01234 + 09:00/56"),
        ("7am mon-fri 9am sat sun", "07:00/01234 + 09:00/56"),
        ("mon-fri 7:30, sat 9", "07:30/01234 + 09:00/5"),
        ("every day at 7 except sunday at 9", "07:00/012345 + 09:00/6"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("12 noon", "12:00"),
        ("halb acht", "07:30"),
        ("sept heures et demie", "07:30"),
        ("siete y media", "07:30"),
        ("a las ocho menos cuarto", "07:45"),
        ("sette e mezza", "07:30"),
        ("sete e meia", "07:30"),
        ("половина восьмого", "07:30"),
        ("полвосьмого", "07:30"),
        ("без четверти восемь", "07:45"),
        ("без десяти восемь", "07:50"),
        ("о пів на восьму", "07:30"),
        ("за чверть восьма", "07:45"),
        ("yedi buçuk", "07:30"),
        ("yediyi on geçe", "07:10"),
        ("sekize çeyrek kala", "07:45"),
        ("saat 7'de", "07:00"),
        ("السابعة والنصف", "07:30"),
        ("الثامنة إلا الربع", "07:45"),
        ("هفت و نیم", "07:30"),
        ("یک ربع به هشت", "07:45"),
        ("साढ़े सात बजे", "07:30"),
        ("पौने आठ बजे", "07:45"),
        ("सुबह 7 बजे", "07:00"),
        ("शाम 7 बजे", "19:00"),
        ("일곱 시 반", "07:30"),
        ("오후 7시", "19:00"),
        ("저녁 7시 30분", "19:30"),
        ("午前七時半", "07:30"),
        ("夜8時", "20:00"),
        ("七点半", "07:30"),
        ("晚上七点一刻", "19:15"),
        ("下午5点", "17:00"),
        ("٧:٣٠", "07:30"),
        ("۷:۳۰ صبح", "07:30"),
        ("٧:٣٠ مساء", "19:30"),
        ("७:३०", "07:30"),
        ("werktags 8", "08:00/01234"),
        ("lundi 8h", "08:00/0"),
        ("lundi au vendredi à 7h30", "07:30/01234"),
        ("de lunes a viernes 7:30", "07:30/01234"),
        ("понедельник-пятница 8:00", "08:00/01234"),
        ("пн-пт 7:30, сб вс 10:00", "07:30/01234 + 10:00/56"),
        ("平日7時、土日9時", "07:00/01234 + 09:00/56"),
        ("周一至周五8点", "08:00/01234"),
        ("周一到五8点", "08:00/01234"),
        ("周一三五8点", "08:00/024"),
        ("周一八点", "08:00/0"),
        ("월-금 7시 30분", "07:30/01234"),
        ("월요일부터 금요일까지 8시", "08:00/01234"),
        ("평일 7시 주말 9시", "07:00/01234 + 09:00/56"),
        ("月〜金 7:30", "07:30/01234"),
        ("月水金 7:30", "07:30/024"),
        ("毎日8時 日曜以外", "08:00/012345"),
        ("8:00 pazar hariç", "08:00/012345"),
        ("hafta içi 8:00 hafta sonu 10:00", "08:00/01234 + 10:00/56"),
        ("من الأحد إلى الخميس 8 صباحا", "08:00/01236"),
        ("كل يوم الساعة 7:30", "07:30/0123456"),
        ("الاثنين والجمعة 9:00", "09:00/04"),
        ("هر روز ساعت ۷:۳۰", "07:30/0123456"),
        ("दिन 7:30", "07:30"),
        ("सोमवार से शुक्रवार 8 बजे", "08:00/01234"),
        ("segunda a sexta 7h30", "07:30/01234"),
        ("dias úteis às 8h e fins de semana às 10h", "08:00/01234 + 10:00/56"),
        ("jeden Tag um 7 außer sonntags", "07:00/012345"),
        ("seven thirty", "07:30"),
        ("ten past seven", "07:10"),
        ("twenty to eight pm", "19:40"),
        ("7 in the evening", "19:00"),
        ("7 p.m.", "19:00"),
        ("8 du soir", "20:00"),
        ("7h du matin", "07:00"),
        ("8 Uhr abends", "20:00"),
        ("9 de la noche", "21:00"),
        ("8 вечера", "20:00"),
        ("2 часа дня", "14:00"),
        ("akşam 8", "20:00"),
        ("8pm and 7am", "20:00 + 07:00"),
        ("morning 7 evening 7", "07:00 + 19:00"),
        ("7:30 on weekdays otherwise 9", "07:30/01234 + 09:00/56"),
        ("dreiviertel acht", "07:45"),
        ("viertel nach sieben", "07:15"),
        ("7 Uhr 15", "07:15"),
        ("19 Uhr", "19:00"),
        ("7 heures 30", "07:30"),
        ("MWF 8", "08:00/024"),
        ("T/Th 8", "08:00/13"),
        ("8:00 sat", "08:00/5"),
        ("7,30 Uhr", "07:30"),
        ("seven o'clock", "07:00"),
        ("at seven", "07:00"),
        ("alle 7", "07:00"),
        ("alle sette di sera", "19:00"),
        ("às sete da noite", "19:00"),
        ("в семь утра", "07:00"),
        ("о сьомій ранку", "07:00"),
        ("midi", "12:00"),
        ("полдень", "12:00"),
        ("正午", "12:00"),
        ("öğlen", "12:00"),
        ("a las once", "11:00"),
        ("on at 7", "07:00"),
        ("weekdays at 7 and 18", "07:00/01234 + 18:00/01234"),
        ("Saturday morning at 8", "08:00/5"),
        ("montags bis freitags 7:30", "07:30/01234"),
        ("7 Uhr, 18 Uhr", "07:00 + 18:00"),
        ("8h 18h", "08:00 + 18:00"),
        ("7 y 18", "07:00 + 18:00"),
        ("Mo-Do 7 Fr 8", "07:00/0123 + 08:00/4"),
        ("mo, mi, fr 6:45", "06:45/024"),
        ("every evening at 7", "19:00"),
        ("jeden Abend um 8", "20:00"),
        ("weekends at 10am", "10:00/56"),
        ("send me the news at 8 please", "08:00"),
        ("I want it at 7 in the morning", "07:00"),
        ("tous les matins à 7h", "07:00"),
        ("chaque lundi à 9h", "09:00/0"),
        ("sauf dimanche 8h", "08:00/012345"),
        ("8h sauf le dimanche", "08:00/012345"),
        ("todos los días menos domingo a las 8", "08:00/012345"),
        ("ежедневно кроме воскресенья в 8", "08:00/012345"),
        ("щодня о 7:30", "07:30/0123456"),
        ("her gün 7.30", "07:30/0123456"),
        ("toda segunda às 9", "09:00/0"),
        ("ogni lunedì alle 9", "09:00/0"),
        ("除周日外每天8点", "08:00/012345"),
        ("每天早上7点半", "07:30/0123456"),
        ("毎朝7時", "07:00"),
        ("毎晩9時", "21:00"),
        ("매일 아침 7시", "07:00/0123456"),
        ("平日は7時、週末は9時半", "07:00/01234 + 09:30/56"),
    ],
)
def test_a_plan_is_read_however_it_is_said(typed, meant):
    plan = read_plan(typed)
    assert (shown(plan), plan.unknown) == (meant, "")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("feriali 7:30 festivi", "festivi"),
        ("акшам 8", "акшам"),
        ("kell", "kell"),
        ("7 वाजता", "वाजता"),
        ("24:00", "24:00"),
        ("25", "25"),
        ("7:3", "7:3"),
        ("climate", "climate"),
        ("7 wonders", "wonders"),
    ],
)
def test_a_word_that_says_nothing_of_time_is_named(typed, word):
    assert read_plan(typed).unknown == word


@pytest.mark.parametrize(
    ("typed", "dropped"),
    [
        ("sunday off", {6}),
        ("no sundays", {6}),
        ("weekends off", {5, 6}),
        ("nicht sonntags", {6}),
        ("pas le dimanche", {6}),
    ],
)
def test_days_without_a_briefing_are_read(typed, dropped):
    plan = read_plan(typed)
    assert (plan.dropped, plan.times) == (dropped, ())


@pytest.mark.parametrize(
    "typed",
    ["off", "never", "aus", "jamais", "nunca", "mai", "никогда", "كفى", "बंद", "停止", "끄기"],
)
def test_nothing_any_more_is_read_in_every_language(typed):
    plan = read_plan(typed)
    assert plan.is_off
    assert plan.times == ()


def test_only_is_read():
    assert read_plan("only 8:00 weekdays").is_only
    assert not read_plan("8:00 weekdays").is_only


@given(st.text())
def test_no_text_breaks_the_reading(typed):
    plan = read_plan(typed)
    assert len(plan.unknown) <= 40
    assert read_time(typed) is None or plan.times


WORDS = sorted(roles_of_words())


@given(st.lists(st.sampled_from(WORDS), max_size=8), st.sampled_from(["", " ", ", ", "-"]))
def test_no_words_of_time_break_the_reading(words, between):
    read_plan(between.join(words))


@given(st.times())
def test_a_time_is_read_in_every_digits(at):
    figures = f"{at:%H:%M}"
    for zero in "٠۰०０":
        native = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in figures)
        assert read_time(native) == at.replace(second=0, microsecond=0)


def test_every_word_of_the_table_is_spelled_as_texts_are_read():
    assert [word for word in WORDS if normalize(word) != word] == []
    assert "" not in WORDS


def test_a_message_as_long_as_telegram_takes_is_read_at_once():
    assert read_plan("a" * 4096).unknown
    assert len(read_plan("7 " * 2048).times) <= 200
    assert read_time("half past seven") == time(7, 30)

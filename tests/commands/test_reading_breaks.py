"""Ends of breaks in words and figures, in all our languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading_times import read_break_end
from bot.commands.reading_times.break_words import normalize_break, roles_of_breaks

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 6, 5, 7, 30, tzinfo=BERLIN)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("until monday", "2025-06-09"),
        ("tomorrow", "2025-06-06"),
        ("a week", "2025-06-12"),
        ("for 3 days", "2025-06-08"),
        ("24/12/2026", "2026-12-24"),
        ("24 December", "2025-12-24"),
        ("December 24, 2026", "2026-12-24"),
        ("Dec 24", "2025-12-24"),
        ("3 tage", "2025-06-08"),
        ("24.12.", "2025-12-24"),
        ("24.12.2025", "2025-12-24"),
        ("12/24/2025", "2025-12-24"),
        ("bis Weihnachten", "2025-12-25"),
        ("bis zum 15. Juli", "2025-07-15"),
        ("jusqu'au 14 juillet", "2025-07-14"),
        ("jusqu'à lundi prochain", "2025-06-09"),
        ("hasta el lunes", "2025-06-09"),
        ("até segunda", "2025-06-09"),
        ("fino a lunedì", "2025-06-09"),
        ("до понедельника", "2025-06-09"),
        ("на неделю", "2025-06-12"),
        ("на 3 дня", "2025-06-08"),
        ("до 24 декабря", "2025-12-24"),
        ("до понеділка", "2025-06-09"),
        ("pazartesiye kadar", "2025-06-09"),
        ("3 gün", "2025-06-08"),
        ("حتى الاثنين", "2025-06-09"),
        ("لمدة أسبوع", "2025-06-12"),
        ("ثلاثة أيام", "2025-06-08"),
        ("٣ أيام", "2025-06-08"),
        ("تا دوشنبه", "2025-06-09"),
        ("۳ روز", "2025-06-08"),
        ("सोमवार तक", "2025-06-09"),
        ("3 दिन", "2025-06-08"),
        ("월요일까지", "2025-06-09"),
        ("3일", "2025-06-08"),
        ("3일 동안", "2025-06-08"),
        ("20일까지", "2025-06-20"),
        ("일주일", "2025-06-12"),
        ("12월 24일까지", "2025-12-24"),
        ("月曜日まで", "2025-06-09"),
        ("3日間", "2025-06-08"),
        ("12月24日まで", "2025-12-24"),
        ("到周一", "2025-06-09"),
        ("三天", "2025-06-08"),
        ("一周", "2025-06-12"),
        ("到12月24日", "2025-12-24"),
        ("十二月二十四日", "2025-12-24"),
        ("两个月", "2025-08-05"),
        ("next week", "2025-06-09"),
        ("next month", "2025-07-01"),
        ("until the 20th", "2025-06-20"),
        ("bis 20.", "2025-06-20"),
        ("1 week and 2 days", "2025-06-14"),
        ("until new year", "2026-01-01"),
        ("2026-12-24", "2026-12-24"),
        ("29 Feb", "2028-02-29"),
        ("until saturday", "2025-06-07"),
        ("thursday", "2025-06-12"),
        ("2w", "2025-06-19"),
        ("999", "2028-02-29"),
        ("une semaine", "2025-06-12"),
        ("quinze jours", "2025-06-19"),
        ("zwei Wochen", "2025-06-19"),
        ("48 hours", "2025-06-07"),
        ("1 Monat", "2025-07-05"),
        ("un mes", "2025-07-05"),
        ("the weekend", "2025-06-07"),
        ("July 4th", "2025-07-04"),
        ("4th of July", "2025-07-04"),
        ("el 4 de julio", "2025-07-04"),
        ("1er juillet", "2025-07-01"),
        ("bis morgen", "2025-06-06"),
        ("hasta mañana", "2025-06-06"),
        ("明日まで", "2025-06-06"),
        ("来週の水曜日まで", "2025-06-11"),
        ("下周三", "2025-06-11"),
        ("nächste Woche Mittwoch", "2025-06-11"),
    ],
)
def test_an_end_is_read_however_it_is_said(typed, day):
    end = read_break_end(typed, NOW)
    assert end is not None
    assert end.until is not None
    assert end.until.date() == date.fromisoformat(day)


@pytest.mark.parametrize(
    "typed",
    [
        "until 2025-13-01",
        "feb 31",
        "pigs",
        "1000d",
        "0",
        "-1d",
        "3dd",
        "someday",
        "until",
        "1000 weeks",
        "climate",
        "",
        "yesterday",
        "1 2",
        "9999999999999",
        "999 years 999 years 999 years 999 years 999 years 999 years 999 years 999 years 999 years",
    ],
)
def test_what_is_no_end_ahead_is_none(typed):
    assert read_break_end(typed, NOW) is None


def test_days_are_counted_on_the_readers_clock_and_hours_on_any():
    before_change = datetime(2025, 10, 25, 12, tzinfo=BERLIN)  # clocks are set back that night
    day, hours = read_break_end("1 day", before_change), read_break_end("24h", before_change)
    assert day.until == datetime(2025, 10, 26, 12, tzinfo=BERLIN)
    assert hours.until.astimezone(UTC) - before_change.astimezone(UTC) == timedelta(hours=24)


@pytest.mark.parametrize("typed", ["forever", "bis auf weiteres", "indefinidamente", "навсегда"])
def test_a_break_may_have_no_end(typed):
    assert read_break_end(typed, NOW).is_open


@pytest.mark.parametrize("typed", ["off", "aus", "fin", "стоп", "恢复", "해제", "إيقاف"])
def test_a_break_may_be_ended_in_every_language(typed):
    assert read_break_end(typed, NOW).is_resumed


def test_the_month_stands_first_where_it_does_in_the_country_or_cannot_be_second():
    assert read_break_end("12/10/2025", NOW).until.date() == date(2025, 10, 12)
    assert read_break_end("12/10/2025", NOW, month_first=True).until.date() == date(2025, 12, 10)
    assert read_break_end("24/12", NOW, month_first=True).until.date() == date(2025, 12, 24)


@given(st.text())
def test_no_text_breaks_the_reading(typed):
    end = read_break_end(typed, NOW)
    assert end is None or end.until is None or end.until > NOW


WORDS = sorted(roles_of_breaks())


@given(
    st.lists(st.sampled_from(WORDS) | st.integers(0, 3000).map(str), max_size=6),
    st.datetimes(timezones=st.just(BERLIN)),
)
def test_no_words_of_breaks_break_the_reading(words, now):
    read_break_end(" ".join(words), now)


@given(st.dates(date(2025, 6, 6), date(2100, 1, 1)))
def test_every_date_is_read_in_figures(day):
    for written in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.year}年{day.month}月{day.day}日"):
        assert read_break_end(written, NOW).until.date() == day


def test_every_word_of_the_table_is_spelled_as_texts_are_read():
    assert [word for word in WORDS if normalize_break(word) != word] == []


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("half a day", 12), ("for half a week", 84), ("half an hour", 0.5),
        ("einen halben Tag", 12), ("une demi-journée", 12), ("media semana", 84),
        ("meio dia", 12), ("mezza giornata", 12), ("полдня", 12), ("пів дня", 12),
        ("yarım gün", 12), ("pół dnia", 12), ("نصف يوم", 12), ("半天", 12), ("半日", 12),
        ("반나절", 12), ("a day and a half", 36),
    ],
)  # fmt: skip
def test_half_a_span_is_a_span(text, hours):
    now = datetime(2026, 11, 29, 10, tzinfo=UTC)
    end = read_break_end(text, now)
    assert end is not None
    assert end.until == now + timedelta(hours=hours)

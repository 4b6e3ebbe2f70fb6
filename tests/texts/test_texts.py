"""Dates, times and lists are written in the reader's order; sentences fall back to English."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import LANGUAGES, is_language, sentence, texts_for

ENGLISH = texts_for("en")
GERMAN = texts_for("de")
THURSDAY = date(2025, 6, 5)
NOON = datetime(2025, 6, 5, 10, 0, tzinfo=UTC)  # 12:00 in Berlin
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("tag", "day", "short", "dated"),
    [
        ("en", "Thu 5 June", "5 Jun", "5 Jun 2025"),
        ("en-GB", "Thu 5 June", "5 Jun", "5 Jun 2025"),
        ("en-US", "Thu, June 5", "Jun 5", "Jun 5, 2025"),
        ("de", "Do., 5. Juni", "5. Juni", "5. Juni 2025"),
        ("de-AT", "Do., 5. Juni", "5. Juni", "5. Juni 2025"),
        ("fr", "jeu. 5 juin", "5 juin", "5 juin 2025"),
        ("es", "jue, 5 junio", "5 jun", "5 jun 2025"),
        ("pt-BR", "qui., 5 de junho", "5 de jun.", "5 de jun. de 2025"),
        ("it", "gio 5 giugno", "5 giu", "5 giu 2025"),
        ("ru", "чт, 5 июня", "5 июн.", "5 июн. 2025\u202fг."),
        ("uk", "чт, 5 червня", "5 черв.", "5 черв. 2025\u202fр."),
        ("tr", "5 Haziran Per", "5 Haz", "5 Haz 2025"),
        ("ar", "الخميس، 5 يونيو", "5 يونيو", "5 يونيو 2025"),
        ("fa", "پنجشنبه 5 ژوئن", "5 ژوئن", "5 ژوئن 2025"),
        ("ko", "6월 5일 (목)", "6월 5일", "2025년 6월 5일"),
        ("ja", "6月5日(木)", "6月5日", "2025年6月5日"),
        ("hi", "गुरु, 5 जून", "5 जून", "5 जून 2025"),
        ("zh", "6月5日周四", "6月5日", "2025年6月5日"),
        ("zh-CN", "6月5日周四", "6月5日", "2025年6月5日"),
    ],
)
def test_days_are_written_in_the_order_of_the_language(tag, day, short, dated):
    texts = texts_for(tag)
    assert texts.day(THURSDAY) == day
    assert texts.short_date(THURSDAY) == short
    assert texts.short_date(THURSDAY, today=THURSDAY + timedelta(days=182)) == short
    assert texts.short_date(THURSDAY, today=THURSDAY + timedelta(days=183)) == dated


@pytest.mark.parametrize(
    "tag", ["", "sw", "xx", "und", "de-", "en_US", "\ud800", "x" * 70, "ka-GE"]
)
def test_a_language_without_a_catalogue_is_answered_in_english_throughout(tag):
    texts = texts_for(tag)
    assert texts.language == "en"
    assert texts.gettext("That's all.") == "That's all."
    assert texts.day(THURSDAY) == "Thu 5 June"


def test_the_same_language_is_read_once():
    assert texts_for("de") is GERMAN
    assert repr(GERMAN) == "Texts('de')"


def test_sentences_are_translated_with_their_values():
    assert GERMAN._("Quiet: {topics}.", topics="KI {n}") == "Nichts Neues: KI {n}."
    assert GERMAN._("A sentence nobody translated") == "A sentence nobody translated"


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN])
def test_no_sentence_is_translated_as_none(texts):
    assert texts._("") == ""


def test_a_marked_sentence_is_translated_where_it_is_shown():
    marked = sentence("That's all.")
    assert ENGLISH._(marked) == marked
    assert GERMAN._(marked) == "Das war's."


@pytest.mark.parametrize(
    ("n", "english", "german"),
    [(0, "0 stories", "0 Meldungen"), (1, "1 story", "1 Meldung"), (2, "2 stories", "2 Meldungen")],
)
def test_the_number_chooses_the_form(n, english, german):
    assert ENGLISH.ngettext("{n} story", "{n} stories", n) == english
    assert GERMAN.ngettext("{n} story", "{n} stories", n) == german


@pytest.mark.parametrize(
    ("language", "one", "few", "many"),
    [("ru", "новость", "новости", "новостей"), ("uk", "новина", "новини", "новин")],
)
def test_slavic_languages_have_a_form_for_few(language, one, few, many):
    said = {
        n: texts_for(language).ngettext("{n} story", "{n} stories", n)
        for n in (0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 111, 112, 122)
    }
    forms = {1: one, 21: one} | dict.fromkeys((2, 4, 22, 122), few)
    assert said == {n: f"{n} {forms.get(n, many)}" for n in said}


def test_numbers_have_the_separators_of_the_language():
    assert ENGLISH.number(1234.5) == "1,234.5"
    assert GERMAN.number(1234.5) == "1.234,5"
    assert GERMAN.ngettext("{n} story", "{n} stories", 1200) == "1.200 Meldungen"


def test_a_time_is_written_as_readers_type_it():
    assert ENGLISH.time(time(7, 30)) == "07:30"
    assert texts_for("en-US").time(time(18, 5)) == "18:05"


def test_an_instant_is_shown_on_the_clocks_of_its_zone():
    at = datetime(2025, 6, 6, 5, 30, tzinfo=UTC)
    assert ENGLISH.time(at, BERLIN) == "07:30"
    assert ENGLISH.time(at, ZoneInfo("Asia/Seoul")) == "14:30"
    assert ENGLISH.time(at) == "05:30"
    assert ENGLISH.weekday_time(at, BERLIN) == "Fri 07:30"
    assert GERMAN.weekday_time(at, BERLIN) == "Fr., 07:30"
    assert ENGLISH.date_time(at, BERLIN) == "Fri 6 Jun 07:30"


def test_an_instant_without_a_zone_is_not_guessed_at():
    with pytest.raises(ValueError, match="aware"):
        ENGLISH.time(datetime(2025, 6, 6), BERLIN)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("hours", "english", "german"),
    [
        (6, "today 18:00", "heute 18:00"),
        (12, "tomorrow 00:00", "morgen 00:00"),
        (35, "tomorrow 23:00", "morgen 23:00"),
        (36, "Sat 00:00", "Sa., 00:00"),
        (24 * 6, "Wed 12:00", "Mi., 12:00"),
        (24 * 7, "Thu 12 Jun 12:00", "Do., 12. Juni 12:00"),
        (-24, "Wed 4 Jun 12:00", "Mi., 4. Juni 12:00"),
    ],
)
def test_a_time_near_now_is_told_by_its_day(hours, english, german):
    at = NOON + timedelta(hours=hours)
    assert ENGLISH.relative_time(at, NOON, BERLIN) == english
    assert GERMAN.relative_time(at, NOON, BERLIN) == german


@pytest.mark.parametrize(("days", "told"), [(0, "Thu"), (2, "Tue"), (6, "Fri"), (7, "29 May")])
def test_a_weekday_is_said_only_while_it_is_clear(days, told):
    assert ENGLISH.near_date(THURSDAY - timedelta(days=days), today=THURSDAY) == told


def test_a_zone_is_named_after_its_city_as_the_language_calls_it():
    assert ENGLISH.city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert ENGLISH.city("Europe/Vienna") == "Vienna"
    assert GERMAN.city("Europe/Vienna") == "Wien"
    assert GERMAN.city("Atlantic/Reykjavik") == "Reykjavík"
    assert GERMAN.city("UTC") == "UTC"


def test_lists_end_as_the_language_ends_them():
    assert ENGLISH.join(["a"]) == "a"
    assert ENGLISH.join(["a", "b", "c"]) == "a, b and c"
    assert ENGLISH.join(["a", "b"], "or") == "a or b"
    assert ENGLISH.join(["a", "b", "c"], "plain") == "a, b, c"
    assert GERMAN.join(iter(["a", "b", "c"])) == "a, b und c"
    assert GERMAN.join(["a", "b", "c"], "or") == "a, b oder c"
    assert GERMAN.join(["a", "b", "c"], "plain") == "a, b, c"
    assert ENGLISH.join([]) == ""


@given(
    tag=st.sampled_from([*LANGUAGES, "en-US", "de-CH"]),
    at=st.datetimes(datetime(1970, 1, 2), datetime(9998, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
)
def test_any_instant_can_be_told(tag, at):
    texts = texts_for(tag)
    clock = f"{at.hour:02}:{at.minute:02}"
    assert clock in texts.weekday_time(at)  # the weekday follows in Japanese
    assert texts.date_time(at).endswith(clock)
    assert str(at.day) in texts.day(at.date())
    assert texts.weekday(at.date()) in texts.day(at.date())


@pytest.mark.parametrize(
    ("code", "known"), [("de", True), ("ko", True), ("xx", False), ("", False)]
)
def test_only_codes_of_languages_are_languages(code, known):
    assert is_language(code) is known

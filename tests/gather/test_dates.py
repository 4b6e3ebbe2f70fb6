"""Dates from feeds: an instant, or unknown."""

import subprocess
import sys
from calendar import month_abbr
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.dates import words as date_words
from bot.gather.dates.reader import read_date

FIRST = datetime(1991, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 3_400_000_000).map(lambda s: FIRST + timedelta(seconds=s))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00"),
        ("Wed, 01 May 2024 10:00:00 +0200", "2024-05-01T08:00:00"),
        ("1 May 2024 10:00 PDT", "2024-05-01T17:00:00"),
        ("Wed, 1 May 24 10:00:00 EST", "2024-05-01T15:00:00"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00"),
        ("2024-05-01T10:00:00.123456789+02:00", "2024-05-01T08:00:00"),
        ("2024-05-01T10:00-0500", "2024-05-01T15:00:00"),
        ("20240501T100000Z", "2024-05-01T10:00:00"),
        ("2024-05-01", "2024-05-01T00:00:00"),
        ("2024/1/10 14:33:00", "2024-01-10T14:33:00"),
        ("2025-01-06T24:00:00Z", "2025-01-07T00:00:00"),
        ("2024-12-31T23:59:60Z", "2025-01-01T00:00:00"),
        ("1736157600", "2025-01-06T10:00:00"),
        ("1736157600000", "2025-01-06T10:00:00"),
        ("May 1, 2024 3:05 pm", "2024-05-01T15:05:00"),
        ("May 1, 2024 12:05 AM", "2024-05-01T00:05:00"),
        ("Wed May  1 10:00:00 CEST 2024", "2024-05-01T08:00:00"),
        ("Thursday, 2 May 2024 - 14:30", "2024-05-02T14:30:00"),
        ("07-Jan-2025", "2025-01-07T00:00:00"),
        ("13/05/2024", "2024-05-13T00:00:00"),
        ("05/13/2024", "2024-05-13T00:00:00"),
        ("03/05/2024", "2024-05-03T00:00:00"),
        ("01.05.2024 10:30", "2024-05-01T10:30:00"),
        ("Mi, 01 Mai 2024 10:00:00 +0200", "2024-05-01T08:00:00"),
        ("1. März 2024", "2024-03-01T00:00:00"),
        ("lundi 6 janvier 2025", "2025-01-06T00:00:00"),
        ("15 במאי 2026 09:30 +0300", "2026-05-15T06:30:00"),
        ("15 août 2024", "2024-08-15T00:00:00"),
        ("3 juillet 2024", "2024-07-03T00:00:00"),
        ("3 juin 2024", "2024-06-03T00:00:00"),
        ("1 de mayo de 2024", "2024-05-01T00:00:00"),
        ("5 gennaio 2024", "2024-01-05T00:00:00"),
        ("ср, 01 мая 2024 10:00:00 +0300", "2024-05-01T07:00:00"),
        ("5 липня 2024", "2024-07-05T00:00:00"),
        ("3 listopada 2024", "2024-11-03T00:00:00"),
        ("2024년 5월 1일 10:00", "2024-05-01T10:00:00"),
        ("2024年5月1日", "2024-05-01T00:00:00"),
        ("Wed, 01 May 2024 10:00:00 (KST)", "2024-05-01T01:00:00"),
        ("  Wed, 01 May 2024\n 10:00:00 GMT ", "2024-05-01T10:00:00"),
        # digits and signs of other scripts
        ("٢٠٢٥-01-06T10:00:00Z", "2025-01-06T10:00:00"),
        ("०४ मार्च २०२६ १२:००:०० +०५३०", "2026-03-04T06:30:00"),
        ("الأربعاء، ٠٤ مارس ٢٠٢٦ ٠٩:٣٠:٠٠ +0300", "2026-03-04T06:30:00"),
        ("Wed, 04 Mar 2026 06:30:00 −0500", "2026-03-04T11:30:00"),
        # months of many languages
        ("út, 3 bře 2026 07:30:00 +0100", "2026-03-03T06:30:00"),
        ("04. ožu 2026 07:30", "2026-03-04T07:30:00"),
        ("5 lipca 2026", "2026-07-05T00:00:00"),
        ("5. lipnja 2026.", "2026-06-05T00:00:00"),
        ("mie, 04 iun. 2026 09:30:00 +0300", "2026-06-04T06:30:00"),
        ("mar, 03 mar 2026 10:00", "2026-03-03T10:00:00"),
        ("mar, 07 abr 2026 10:00", "2026-04-07T10:00:00"),
        ("4 มี.ค. 69 13:30 น.", "2026-03-04T13:30:00"),
        ("4 มีนาคม 2569", "2026-03-04T00:00:00"),
        ("Thứ tư, 4 tháng 3, 2026 13:30 GMT+7", "2026-03-04T06:30:00"),
        ("2026. március 4. 14:30", "2026-03-04T14:30:00"),
        ("2026 m. kovo 4 d. 14:30", "2026-03-04T14:30:00"),
        ("4 Mart 2026 Çarşamba 14:30", "2026-03-04T14:30:00"),
        ("4 מרץ 2026 14:30", "2026-03-04T14:30:00"),
        ("၄ မတ် ၂၀၂၆", "2026-03-04T00:00:00"),
        ("4 মার্চ ২০২৬", "2026-03-04T00:00:00"),
        ("4 марта 2026 г. в 14:30", "2026-03-04T14:30:00"),
        ("4 Maerz 2026", "2026-03-04T00:00:00"),
        # eras
        ("Wed, 04 Mar 2569 13:30:00 +0700", "2026-03-04T06:30:00"),
        ("04/03/2569 13:30", "2026-03-04T13:30:00"),
        ("令和8年3月4日 14時30分", "2026-03-04T14:30:00"),
        ("民國115年3月4日", "2026-03-04T00:00:00"),
        # clocks
        ("2026年3月4日 下午2:30", "2026-03-04T14:30:00"),
        ("2026年3月4日凌晨2點05分", "2026-03-04T02:05:00"),
        ("2026-03-04 下午2:30", "2026-03-04T14:30:00"),
        ("2026년 3월 4일 오후 2시 30분", "2026-03-04T14:30:00"),
        ("2026. 3. 4. 오후 2:30", "2026-03-04T14:30:00"),
        ("2026-03-04 6:30 PM", "2026-03-04T18:30:00"),
        ("March 4, 2026 6:30 p.m.", "2026-03-04T18:30:00"),
        ("March 4, 2026 at 6:30pm EST", "2026-03-04T23:30:00"),
        ("March 4, 2026 6 PM", "2026-03-04T18:00:00"),
        ("4 de marzo de 2026, 6:30 p. m.", "2026-03-04T18:30:00"),
        ("4 mars 2026 à 13h30", "2026-03-04T13:30:00"),
        ("6:30 du 4 mars 2026", "2026-03-04T06:30:00"),
        ("4. maaliskuuta 2026 klo 13.30", "2026-03-04T13:30:00"),
        ("04.03.2026 13.30", "2026-03-04T13:30:00"),
        ("13:30 - 04/03/2026", "2026-03-04T13:30:00"),
        ("04 مارس 2026 02:30 م", "2026-03-04T14:30:00"),
        ("Thu, 02 Sep 2021 20:0:0 Z", "2021-09-02T20:00:00"),
        ("04-03-2026 06:30:00", "2026-03-04T06:30:00"),
        # zones
        ("Wed, 04 Mar 2026 00:30:00 America/New_York", "2026-03-04T05:30:00"),
        ("2026-07-04T00:30:00 Europe/Berlin", "2026-07-03T22:30:00"),
        ("2026-03-04T12:00:00 IST", "2026-03-04T06:30:00"),
        ("Wed, 11 Sep 2019 17:22:30 +0:00", "2019-09-11T17:22:30"),
        ("4 Mar 2026 12:00 UTC+5:30", "2026-03-04T06:30:00"),
        ("Tue Mar  3 23:30:00 2026 +0100", "2026-03-03T22:30:00"),
        ("Wed Mar 04 2026 06:30:00 GMT+0100 (Mitteleuropa)", "2026-03-04T05:30:00"),
        ("Wednesday 04th of March 2026 06:30:00 AM", "2026-03-04T06:30:00"),
        ("4 كانون الثاني 2026", "2026-01-04T00:00:00"),
        # the weekday tells which number is the day
        ("Wed, 03/04/2026 - 06:30", "2026-03-04T06:30:00"),
        ("Fri, 03/04/2026 - 06:30", "2026-04-03T06:30:00"),
        ("Mittwoch, 03/04/2026", "2026-03-04T00:00:00"),
    ],
)
def test_a_date_is_read_however_it_is_written(said, meant):
    assert read_date(said) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "language", "month"),
    [("4 lip 2026", "hr", 6), ("4 lip 2026", "pl-PL", 7), ("4 listopad 2026", "hr", 10),
     ("4 listopad 2026", "cs", 11), ("3/4/2026", "en-US", 3), ("3/4/2026", "en-GB", 4)],
)  # fmt: skip
def test_the_language_of_a_feed_tells_what_its_dates_mean(said, language, month):
    assert read_date(said, language=language).month == month


def test_the_words_of_dates_are_those_of_the_library():
    path = Path(date_words.__file__).with_name("words.json")
    # In a process of its own: Babel changes its data as other tests look things up.
    command = f"from {date_words.__name__} import written; print(written(), end='')"
    program = [sys.executable, "-X", "utf8", "-c", command]
    run = subprocess.run(program, capture_output=True, check=True, encoding="utf-8")
    assert path.read_text("utf-8") == run.stdout


@pytest.mark.parametrize(
    "said",
    [
        None, 17, "", " ", "not a date", "0000-00-00", "2025-02-30T10:00:00Z", "2025-13-01",
        "Mon, 32 Jan 2025 10:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "-2025-01-06",
        "Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z",
        "2025-01-06T25:00:00Z", "2025-01-06T10:61:00Z", "6 Nonsense 2025", "Smarch 6, 2025",
        "Wed Smarch 1 10:00:00 UTC 2024", "9" * 10 + "x", "1 " * 60,
    ],
)  # fmt: skip
def test_what_is_no_date_is_unknown(said):
    assert read_date(said) is None


@given(st.integers(0, 33), st.sampled_from(month_abbr[1:]), st.integers(1980, 2110), st.times())
def test_the_usual_form_is_read_the_short_way_as_the_long_one_reads_it(day, month, year, time):
    said = f"Wed, {day:02} {month} {year} {time:%H:%M:%S}"
    assert read_date(f"{said} GMT") == read_date(f"{said} GMT (summer)")


@pytest.mark.parametrize("zone", ["XYZ", "+9999", "Europe/Nowhere"])
def test_a_zone_that_nobody_knows_counts_as_utc(zone):
    assert read_date(f"Mon, 06 Jan 2025 10:00:00 {zone}") == datetime(2025, 1, 6, 10, tzinfo=UTC)


@given(INSTANTS, OFFSETS)
def test_what_the_standards_write_is_read_back_exactly(at, offset):
    local = at.astimezone(offset)
    assert read_date(local.isoformat()) == at
    assert read_date(format_datetime(local)) == at
    assert read_date(str(local)) == at


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading(text):
    at = read_date(text)
    assert at is None or (at.tzinfo is UTC and 1990 <= at.year <= 2100)


@given(st.text(alphabet="0123456789 :-/.,+TZJanMy", max_size=100))
def test_nothing_that_looks_like_a_date_breaks_the_reading(text):
    at = read_date(text)
    assert at is None or at.tzinfo is UTC


# Names of standard time and of summer time in some places, as feeds write them.
ZONES = {
    "Europe/Lisbon": ("wet", "west"),
    "Europe/London": ("gmt utc", "bst"),
    "Europe/Berlin": ("cet mez met", "cest mesz mest"),
    "Europe/Helsinki": ("eet", "eest"),
    "Africa/Johannesburg": ("sast", ""),
    "Europe/Moscow": ("msk", ""),
    "Europe/Istanbul": ("trt", ""),
    "Asia/Dubai": ("gst", ""),
    "Asia/Karachi": ("pkt", ""),
    "Asia/Kolkata": ("ist", ""),
    "Asia/Kathmandu": ("npt", ""),
    "Asia/Bangkok": ("ict", ""),
    "Asia/Jakarta": ("wib", ""),
    "Asia/Hong_Kong": ("hkt", ""),
    "Asia/Singapore": ("sgt", ""),
    "Asia/Kuala_Lumpur": ("myt", ""),
    "Asia/Manila": ("pht", ""),
    "Australia/Perth": ("awst", ""),
    "Asia/Tokyo": ("jst", ""),
    "Asia/Seoul": ("kst", ""),
    "Australia/Adelaide": ("acst", "acdt"),
    "Australia/Sydney": ("aest", "aedt"),
    "Pacific/Auckland": ("nzst", "nzdt"),
    "America/Sao_Paulo": ("brt", ""),
    "America/Argentina/Buenos_Aires": ("art", ""),
    "America/St_Johns": ("nst", "ndt"),
    "America/Halifax": ("ast", "adt"),
    "America/New_York": ("est", "edt"),
    "America/Chicago": ("cst", "cdt"),
    "America/Denver": ("mst", "mdt"),
    "America/Los_Angeles": ("pst", "pdt"),
    "America/Anchorage": ("akst", "akdt"),
    "Pacific/Honolulu": ("hst", ""),
}
NAMED = [
    (name, place, is_summer)
    for place, names in ZONES.items()
    for is_summer, named in enumerate(names)
    for name in named.split()
]


@pytest.mark.parametrize(("name", "place", "is_summer"), NAMED)
def test_a_zone_is_known_by_its_name(name, place, is_summer):
    dates = (datetime(2024, month, 15, 12, tzinfo=ZoneInfo(place)) for month in (1, 7))
    local = next(date for date in dates if bool(date.dst()) == bool(is_summer))
    assert read_date(f"{local:%a, %d %b %Y %H:%M:%S} {name.upper()}") == local


@pytest.mark.parametrize(
    "months",
    [
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
        " listopada grudnia",
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    ],
)
def test_every_month_is_read_in_the_languages_of_the_catalogue(months):
    for month, name in enumerate(months.split(), start=1):
        assert read_date(f"7 {name} 2024") == datetime(2024, month, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1990-01-01", datetime(1990, 1, 1, tzinfo=UTC)),
        ("1989-12-31", None),
        ("2100-12-31", datetime(2100, 12, 31, tzinfo=UTC)),
        ("2101-01-01", None),
        ("2024-05-01 10:00 +14:00", datetime(2024, 4, 30, 20, tzinfo=UTC)),
        ("2024-05-01 10:00 -14:00", datetime(2024, 5, 2, tzinfo=UTC)),
        ("2024-05-01 10:00 +14:01", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("2024-05-01 10:00 +05:30", datetime(2024, 5, 1, 4, 30, tzinfo=UTC)),
        ("2024-05-01 24:00", datetime(2024, 5, 2, tzinfo=UTC)),
        ("2024-05-01 24:01", None),
        ("2024-05-01 24:00:01", None),
        ("2024-05-01 23:59:60", datetime(2024, 5, 2, tzinfo=UTC)),
        ("2024-05-01 23:58:61", None),
        ("2024-05-01 10:59", datetime(2024, 5, 1, 10, 59, tzinfo=UTC)),
        ("2024-05-01 10:60", None),
        ("01/12/2024", datetime(2024, 12, 1, tzinfo=UTC)),
        ("01/13/2024", datetime(2024, 1, 13, tzinfo=UTC)),
        ("2024/12/01 10:00", datetime(2024, 12, 1, 10, tzinfo=UTC)),
        ("1 May 2024 12:30 pm", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
        ("1 May 2024 12:30 am", datetime(2024, 5, 1, 0, 30, tzinfo=UTC)),
        ("1 May 2024 1:30 pm", datetime(2024, 5, 1, 13, 30, tzinfo=UTC)),
        ("1 May 2024 13:30 pm", datetime(2024, 5, 1, 13, 30, tzinfo=UTC)),
        ("Wed May 1 10:00:00 2024", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("1 May 99", datetime(2099, 5, 1, tzinfo=UTC)),
        ("2024-05-01" + " " * 80 + "10:00 CEST", datetime(2024, 5, 1, 8, tzinfo=UTC)),
        ("2024-05-01" + " " * 81 + "10:00 CEST", None),
    ],
)
def test_a_date_at_the_edge_of_what_is_one(said, meant):
    assert read_date(said) == meant

"""Zones by name, city, country and clock."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.zone_clocks import one_a_clock
from bot.commands.zones import find_zones, is_zone, likely_zones, nearby
from bot.texts import LANGUAGES, texts_for

NOON = datetime(2025, 6, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("munchen", "Europe/Berlin"),
        ("New  York", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("Mumbai", "Asia/Kolkata"),
        ("서울", "Asia/Seoul"),
        ("Москва", "Europe/Moscow"),
        ("North Korea", "Asia/Pyongyang"),
        ("utc", "UTC"),
        ("17:30", "Asia/Kolkata"),
        ("20:43", "Australia/Eucla"),
    ],
)
def test_a_place_is_found(typed, zone):
    assert zone in find_zones(typed, NOON)


def test_a_country_with_many_zones_asks_which():
    assert find_zones("USA", NOON) == (
        "America/New_York",
        "America/Chicago",
        "America/Los_Angeles",
    )


@pytest.mark.parametrize(
    "typed",
    ["", "Mars/Base", "../../../etc/passwd", "Etc", "posix/Europe/Berlin", "\x00", "localtime"],
)
def test_what_is_no_place_is_not_found(typed):
    assert find_zones(typed, NOON) == ()
    assert not is_zone(typed)


def test_a_typo_finds_its_city():
    assert nearby("Berln")[0] == "Europe/Berlin"
    assert "America/Los_Angeles" in nearby("San Fransisco")
    assert nearby("qwxzv") == ()


@pytest.mark.parametrize("language", ["de", "de-AT", "en-US", "pt-br", "xx", "", "zh_TW"])
def test_likely_zones_are_real(language):
    zones = likely_zones(language)
    assert len(zones) == 3
    assert all(map(is_zone, zones))


def test_a_wall_clock_is_met_within_minutes():
    assert find_zones("14:05", NOON) == find_zones("14:00", NOON)
    assert "Europe/Berlin" in find_zones("14:00", NOON)
    assert "Europe/London" not in find_zones("14:00", NOON)


@given(st.text())
def test_whatever_is_typed_gives_zones_that_exist(typed):
    assert set(find_zones(typed, NOON)) <= available_timezones()
    assert set(nearby(typed)) <= available_timezones()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("니우에", "Pacific/Niue"),  # 에 is "in"
        ("에드먼턴", "America/Edmonton"),
        ("서울에 살아요", "Asia/Seoul"),
        ("胡志明市", "Asia/Ho_Chi_Minh"),  # 市 is "the city of"
    ],
)
def test_a_name_that_begins_or_ends_as_a_word_around_it_is_whole(typed, zone):
    assert find_zones(typed, NOON) == (zone,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_zone_is_found_by_the_name_it_is_shown_by(language):
    zones = [zone for zone in sorted(available_timezones()) if is_zone(zone)]
    texts = texts_for(language)
    assert [zone for zone in zones if not find_zones(texts.city(zone), NOON)] == []
    assert find_zones("Tokio", NOON) == find_zones("Tokyo", NOON) == ("Asia/Tokyo",)


@pytest.mark.parametrize(
    ("typed", "is_met"),
    [("13:52", False), ("13:53", True), ("14:00", True), ("14:07", True), ("14:08", False)],
)
def test_a_clock_may_be_seven_minutes_off_and_no_more(typed, is_met):
    assert ("Europe/Berlin" in find_zones(typed, NOON)) is is_met


@pytest.mark.parametrize(
    ("typed", "now"),
    [
        ("23:58", datetime(2025, 6, 5, 22, 1, tzinfo=UTC)),
        ("00:02", datetime(2025, 6, 5, 21, 59, tzinfo=UTC)),
        ("12am", datetime(2025, 6, 5, 22, tzinfo=UTC)),
    ],
)
def test_a_clock_is_met_across_midnight(typed, now):
    assert "Europe/Berlin" in find_zones(typed, now)


def test_a_clock_is_that_of_the_season():
    winter = datetime(2025, 12, 5, 12, 0, tzinfo=UTC)
    assert "Europe/Berlin" in find_zones("13:00", winter)
    assert "Europe/Berlin" not in find_zones("14:00", winter)


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Berlin"),
        ("DE", "Europe/Berlin"),
        ("pt-br", "America/Sao_Paulo"),
        ("pt_BR", "America/Sao_Paulo"),
        ("pt", "Europe/Lisbon"),
        ("en-us", "America/New_York"),
        ("en", "Europe/London"),
        ("en-zz", "Europe/London"),
        ("xx", "Europe/London"),
        ("", "Europe/London"),
    ],
)
def test_the_likeliest_zone_is_that_of_the_tag_then_of_its_language_then_of_english(
    language, first
):
    assert likely_zones(language)[0] == first


@pytest.mark.parametrize("name", ["Etc/UTC", "GMT", "US/Eastern", "EST", "europe/berlin", "utc"])
def test_a_zone_that_is_no_place_by_its_very_name_is_none(name):
    assert not is_zone(name)


@pytest.mark.parametrize("typed", ["New-York", "new.york", "NEW/YORK", "new_york", " new,york "])
def test_a_name_is_found_however_its_words_are_joined(typed):
    assert find_zones(typed, NOON) == ("America/New_York",)


@pytest.mark.parametrize("typed", ["Berln", "Lodnon", "Toyko", "Sydny", "Parris"])
def test_at_most_three_zones_alike_are_offered_each_once(typed):
    found = nearby(typed)
    assert 1 <= len(found) <= 3
    assert len(set(found)) == len(found)
    assert all(map(is_zone, found))


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("UTC+5:30", "Asia/Kolkata"),
        ("utc+0530", "Asia/Kolkata"),
        ("+5:45", "Asia/Kathmandu"),
        ("GMT -9:30", "Pacific/Marquesas"),
        ("UTC\u22129:30", "Pacific/Marquesas"),
        ("I live in Berlin", "Europe/Berlin"),
        ("Berlin time please", "Europe/Berlin"),
        ("ich wohne in Wien", "Europe/Vienna"),
        ("j'habite à Lyon", "Europe/Paris"),
        ("vivo en Sevilla", "Europe/Madrid"),
        ("La Havane", "America/Havana"),
        ("я живу в Казани", "Europe/Moscow"),
        ("живу в Минске", "Europe/Minsk"),
        ("mieszkam w Warszawie", "Europe/Warsaw"),
        ("İzmir'de yaşıyorum", "Europe/Istanbul"),
        ("أعيش في القاهرة", "Africa/Cairo"),
        ("서울에 살아요", "Asia/Seoul"),
        ("大阪に住んでいます", "Asia/Tokyo"),
        ("我住在成都", "Asia/Shanghai"),
        ("Paris, France", "Europe/Paris"),
        ("Paris, Texas", "America/Chicago"),
        ("Portland, ME", "America/New_York"),
        ("London Ontario", "America/Toronto"),
        ("near Leeds, in England", "Europe/London"),
        ("Texas", "America/Chicago"),
        ("Ontario", "America/Toronto"),
        ("Eastern Time", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("D.C.", "America/New_York"),
        ("Maroc", "Africa/Casablanca"),
        ("ירושלים", "Asia/Jerusalem"),
        ("Ελλάδα", "Europe/Athens"),
        ("NZST", "Pacific/Auckland"),
    ],
)
def test_a_place_is_found_however_it_is_said(typed, zone):
    (found,) = find_zones(typed, NOON)
    assert one_a_clock([found, zone], NOON) == (found,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem"}),
        ("CST", {"America/Chicago", "Asia/Shanghai"}),
        ("AST", {"America/Halifax", "Asia/Riyadh"}),
        ("Georgia", {"Asia/Tbilisi", "America/New_York"}),
        ("Birmingham", {"Europe/London", "America/Chicago"}),
        ("DRC", {"Africa/Kinshasa", "Africa/Lubumbashi"}),
    ],
)
def test_a_name_that_is_meant_twice_gives_both(typed, meant):
    assert meant <= set(find_zones(typed, NOON))


@pytest.mark.parametrize(
    "typed", ["it's 14:05 here", "hier ist es 14:05 Uhr", "지금 여기 14:05이에요", "2:05 pm now"]
)
def test_the_time_on_a_clock_is_found_in_a_sentence(typed):
    assert "Europe/Berlin" in find_zones(typed, NOON)


@pytest.mark.parametrize(
    "typed",
    ["UTC+4:37", "news about iran", "climate", "I live", "time", "the", "7 wonders", "Mordor"],
)
def test_a_sentence_without_a_place_gives_none(typed):
    assert find_zones(typed, NOON) == ()


def test_zones_of_one_clock_are_asked_about_once():
    zones = ["Europe/Berlin", "Europe/Paris", "Africa/Lagos", "Europe/Rome"]
    assert one_a_clock(zones, NOON) == ("Europe/Berlin", "Africa/Lagos")


@given(st.text(alphabet="abBerlin ,+-:0123 в東京"))
def test_no_sentence_breaks_the_search(typed):
    assert set(find_zones(typed, NOON)) <= available_timezones()

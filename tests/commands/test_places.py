"""Places by name and by position."""

import math
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.places import cities_named, fold_place, states_named, zones_of_phrase
from bot.commands.zones import is_zone, zone_at


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (52.52, 13.40, "Europe/Berlin"),
        (40.71, -74.00, "America/New_York"),
        (-33.87, 151.21, "Australia/Sydney"),
        (28.61, 77.21, "Asia/Kolkata"),
        (-13.83, -171.77, "Pacific/Apia"),
        (-13.83, 188.23, "Pacific/Apia"),
        (64.15, -21.94, "Atlantic/Reykjavik"),
    ],
)
def test_a_position_has_the_zone_of_its_place(latitude, longitude, zone):
    assert zone_at(latitude, longitude)[0] == zone


def test_near_a_border_the_neighbours_zone_is_offered_too():
    # Halfway between Kehl and Strasbourg.
    assert {"Europe/Berlin", "Europe/Paris"} <= set(zone_at(48.577, 7.78))


@pytest.mark.parametrize(
    "position", [(math.nan, 0.0), (0.0, math.nan), (91.0, 0.0), (0.0, math.inf), (-1e9, 0.0)]
)
def test_what_is_no_position_has_no_zone(position):
    assert zone_at(*position) == []


@given(st.floats(), st.floats())
def test_every_position_gives_zones_that_can_be_set(latitude, longitude):
    found = zone_at(latitude, longitude)
    assert len(found) <= 3
    assert all(map(is_zone, found))
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        assert found


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Αθήνα", "Europe/Athens"),
        ("ירושלים", "Asia/Jerusalem"),
        ("मुंबई", "Asia/Kolkata"),
        ("뮌헨", "Europe/Berlin"),
        ("Харків", "Europe/Kyiv"),
        ("大阪", "Asia/Tokyo"),
        ("İzmir", "Europe/Istanbul"),
    ],
)
def test_a_city_goes_by_the_name_it_has_at_home(name, zone):
    assert cities_named(fold_place(name))[0] == (zone,)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("El Halil", "Asia/Hebron"),
        ("مدينة هو تشي منة", "Asia/Saigon"),
        ("جزیرهٔ من", "Europe/Isle_of_Man"),
    ],
)
def test_a_name_that_begins_or_ends_with_a_word_around_places_is_a_name(name, zone):
    assert zones_of_phrase(name) == (zone,)


def test_of_cities_of_one_name_the_large_ones_are_meant_and_the_others_known():
    meant, namesakes = cities_named("paris")
    assert (meant, "America/Chicago" in namesakes) == (("Europe/Paris",), True)
    assert len(cities_named("hyderabad")[0]) == 2


def test_a_state_has_the_zone_in_which_most_of_its_people_live():
    assert states_named("texas") == (("America/Chicago",), ("America/Denver",))
    assert states_named("tex") == ((), ())


@given(st.text())
def test_whatever_is_looked_up_gives_zones_or_nothing(name):
    for found in (cities_named(fold_place(name)), states_named(fold_place(name))):
        assert {*found[0], *found[1]} <= available_timezones()

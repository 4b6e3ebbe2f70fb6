"""When to come back, in every way servers say it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.http.cache_headers import max_age_s, retry_after_s

NOW = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)
DATE = "Thu, 05 Jun 2025 05:30:00 GMT"
LATER = "Thu, 05 Jun 2025 05:40:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "9999999999"}, 86_400),
        ({"Retry-After": LATER}, 600),
        ({"Retry-After": "Thu, 05 Jun 2025 05:40:00 -0000"}, 600),
        ({"Retry-After": LATER, "Date": LATER}, 0),
        ({"Retry-After": DATE, "Date": LATER}, 0),
        ({"Retry-After": "Thu, 05 Jun 2035 05:40:00 GMT"}, 86_400),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1.5"}, None),
    ],
)
def test_how_long_a_host_wants_to_be_left_alone(headers, seconds):
    assert retry_after_s(headers, now=NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "no-cache"}, None),
        ({"Cache-Control": "public, max-age=900"}, 900),
        ({"Cache-Control": "s-maxage=5, Max-Age=900"}, 900),
        ({"Cache-Control": "s-maxage=5"}, None),
        ({"Cache-Control": 'max-age = "60"'}, 60),
        ({"Cache-Control": "max-age=900", "Age": "800"}, 100),
        ({"Cache-Control": "max-age=900", "Age": "1000"}, 0),
        ({"Cache-Control": "max-age=900", "Age": "x", "Expires": DATE}, 900),
        ({"Expires": LATER}, 600),
        ({"Expires": LATER, "Date": DATE}, 600),
        ({"Expires": DATE, "Date": LATER}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": ""}, 0),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, seconds):
    assert max_age_s(headers, now=NOW) == seconds


@given(value=st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ [\d:]+ ?[-+\d]*"))
def test_no_header_makes_us_fail_or_wait_for_ever(value):
    headers = {"Retry-After": value, "Cache-Control": value, "Expires": value, "Date": value}
    assert 0 <= (retry_after_s(headers, now=NOW) or 0) <= 86_400
    assert (max_age_s(headers, now=NOW) or 0) >= 0

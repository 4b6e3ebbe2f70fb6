"""What the log says, and what it must never say."""

import io
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import SecretFilter, event, set_up_logging

TOKEN = "987654321:AAE-fake_token_of_these_tests_0123456789"
OTHER = "123456789:BBE-another_token_nobody_told_us_about_0"
logger = logging.getLogger("daybrief.tests")


@pytest.fixture
def log():
    """The log's text so far; the root logger is put back afterwards."""
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    stream = io.StringIO()
    set_up_logging("DEBUG", secrets=[TOKEN, "pass word"], stream=stream)
    yield stream
    root.setLevel(before[0])
    for handler in [h for h in root.handlers if h not in before[1]]:
        root.removeHandler(handler)
    logging.captureWarnings(capture=False)


def test_an_event_is_one_line_of_keys_and_values(log):
    event(logger, "sent", chat=-7, took_s=0.25, error="two\nlines = 100%", nothing=None)
    (line,) = log.getvalue().splitlines()
    assert line.endswith('daybrief.tests sent chat=-7 took_s=0.25 error="two\\nlines = 100%"')
    assert " INFO " in line
    assert line[:2] == "20"


def test_a_level_that_is_off_costs_no_formatting(log):
    class Costly:
        def __str__(self):
            raise AssertionError("formatted for nobody")

    logging.getLogger().setLevel(logging.WARNING)
    event(logger, "tick", value=Costly())
    assert log.getvalue() == ""


FORMS = [
    TOKEN,
    quote(TOKEN, safe=""),
    quote(quote(TOKEN, safe=""), safe=""),
    f"/bot{TOKEN}/getMe",
    TOKEN.partition(":")[2],
    OTHER,
    quote(OTHER, safe=""),
    quote(OTHER, safe="").replace("3A", "3a"),
    "pass word",
    "pass%20word",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_hidden_wherever_it_stands(log, form):
    logger.info("plain %s", form)
    logger.warning("mapped %(url)s", {"url": f"https://host/{form}"})
    event(logger, "called", url=f"https://host/{form}")
    try:
        int(f"https://host/{form}")
    except ValueError:
        logger.exception("failed", stack_info=True)
    text = log.getvalue()
    assert text.count("<secret>") >= 4
    assert "Traceback" in text
    for part in ("fake_token", "another_token", "pass word", "pass%20word"):
        assert part not in text


def test_secrets_of_any_logger_are_hidden_since_the_filter_is_on_the_handlers(log):
    logging.getLogger("telegram.ext.somewhere").warning("repr is Bot[token=%s]", TOKEN)
    assert "fake_token" not in log.getvalue()
    assert "Bot[token=<secret>]" in log.getvalue()


def test_ordinary_text_passes_unchanged(log):
    text = "at 07:30 the score was 12345:2, see https://example.org/a?id=1234567:short"
    logger.info(text)
    assert log.getvalue().rstrip().endswith(text)


def test_a_broken_log_call_does_not_stop_the_work(log):
    logger.info("%d parts", "many")
    logger.info(*("%s and %s", "one"))
    assert log.getvalue().count("log-line-broken") == 2


def test_libraries_that_log_each_request_are_quiet(log):
    for name in ("httpx", "httpcore", "aiohttp", "apscheduler"):
        logging.getLogger(f"{name}.inner").info("HTTP Request: POST https://host/")
    assert log.getvalue() == ""


def test_setting_up_again_replaces_what_was_set_up(log):
    second = io.StringIO()
    set_up_logging("WARNING", secrets=["later"], stream=second)
    logger.info("not shown")
    logger.warning("later than %s", TOKEN)
    assert log.getvalue() == ""
    assert second.getvalue().count("\n") == 1
    assert "<secret> than <secret>" in second.getvalue()


def test_without_secrets_tokens_are_still_hidden():
    assert SecretFilter().hide(f"x{OTHER}y") == "x<secret>"
    assert SecretFilter([""]).hide("untouched") == "untouched"


WORDS = st.text("ab:%", max_size=8)


@given(before=WORDS, after=WORDS, secret=st.text("ab:%", min_size=1, max_size=4))
def test_no_secret_survives_any_surroundings(before, after, secret):
    hidden = SecretFilter([secret]).hide(f"{before}{secret}{after}")
    assert "<secret>" in hidden
    assert secret not in hidden.replace("<secret>", "|")


@pytest.mark.timeout(10)
def test_a_long_run_of_digits_is_read_once():
    assert len(SecretFilter().hide("1" * 1_000_000)) == 1_000_000

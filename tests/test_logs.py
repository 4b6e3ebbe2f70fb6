"""What the log says, and what it must never say."""

import asyncio
import gc
import io
import json
import logging
import sys
import warnings
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotSent, ReaderError
from bot.logs import SecretFilter, event, set_up_logging, without_quotes

TOKEN = "987654321:AAE-fake_token_of_these_tests_0123456789"
OTHER = "123456789:BBE-another_token_nobody_told_us_about_0"
logger = logging.getLogger("bot.tests")


@pytest.fixture
def log():
    """The log's text so far; the root logger is put back afterwards."""
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    stream = io.StringIO()
    hook = sys.excepthook
    set_up_logging("DEBUG", secrets=[TOKEN, "pass word"], stream=stream)
    yield stream
    sys.excepthook = hook
    root.setLevel(before[0])
    for handler in [h for h in root.handlers if h not in before[1]]:
        root.removeHandler(handler)
    logging.captureWarnings(capture=False)


def test_an_event_is_one_line_of_keys_and_values(log):
    event(logger, "sent", chat=-7, took_s=0.25, error="two\nlines = 100%", nothing=None)
    (line,) = log.getvalue().splitlines()
    assert line.endswith('bot.tests sent chat=-7 took_s=0.25 error="two\\nlines = 100%"')
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
    assert text.count("<secret>") == 3
    assert "Traceback" in text
    for part in ("fake_token", "another_token", "pass word", "pass%20word"):
        assert part not in text


def test_secrets_of_any_logger_are_hidden_since_the_filter_is_on_the_handlers(log):
    logging.getLogger("telegram.ext.somewhere").warning(f"repr is Bot[token={TOKEN}]")
    assert "fake_token" not in log.getvalue()
    assert "Bot[token=<secret>]" in log.getvalue()


def test_of_a_librarys_line_only_the_format_and_numbers_are_shown(log):
    library = logging.getLogger("somebodys.library")
    library.error('cannot read "%s" after %d of %s tries: %r', "words", 3, None, {"text": "words"})
    library.error("%(what)s failed", {"what": "words"})
    library.error(ValueError("words"))
    library.info("not shown at all")
    shown = [line.split("library ")[1] for line in log.getvalue().splitlines()]
    assert shown == ["cannot read \"…\" after 3 of None tries: '…'", "… failed", "ValueError"]


def raised(error, cause=None):
    """Return an error that was raised, from ``cause``."""
    try:
        raise error from cause
    except Exception as caught:  # noqa: BLE001 - any, to be logged
        return caught


class Unprintable(Exception):
    def __str__(self):
        raise AssertionError("its text was asked for")


PRIVATE = [
    ValueError("words"),
    KeyError("words"),
    Unprintable(),
    OSError(2, "words", "words"),
    ReaderError("no-such-topic", words="words", names=("words",)),
    ExceptionGroup("words", [raised(ValueError("words")), raised(KeyError("words"))]),
]


@pytest.mark.parametrize("error", PRIVATE, ids=lambda error: type(error).__name__)
def test_an_error_nobody_foresaw_is_told_by_type_and_frames_not_by_its_text(log, error):
    error.add_note("words in a note")
    chained = raised(RuntimeError("words"), raised(error, raised(ValueError("words"))))
    logger.error("failed: %s", error, exc_info=chained)
    event(logger, "failed", error=error, exc_info=chained)
    text = log.getvalue()
    assert "words" not in text
    assert text.count(type(error).__name__) >= 4
    assert text.count("in raised") >= 6


def test_an_error_known_to_be_clean_is_told_in_full(log):
    event(logger, "a", error=NotSent("Bad Gateway"))
    event(logger, "b", error=ConnectionRefusedError(111, "Connect call failed ('10.0.0.1', 9)"))
    assert 'a error="NotSent: Bad Gateway"' in log.getvalue()
    assert 'b error="ConnectionRefusedError: ECONNREFUSED, Connection refused"' in log.getvalue()


def test_a_text_that_another_handler_made_of_an_error_is_made_anew(log):
    record = logger.makeRecord("bot", 40, "f", 1, "failed", (), None)
    record.exc_info = (ValueError, raised(ValueError("words")), None)
    record.exc_text = "ValueError: words"
    logger.handle(record)
    assert "words" not in log.getvalue()
    assert "ValueError" in log.getvalue()


def test_errors_that_lead_in_a_circle_are_told_once(log):
    first, second = raised(ValueError("words")), raised(KeyError("words"))
    first.__context__, second.__context__ = second, first
    first.__suppress_context__ = second.__suppress_context__ = False
    logger.error("failed", exc_info=first)
    assert log.getvalue().count("Traceback") == 2


async def test_a_task_that_nobody_awaited_is_told_without_its_error(log):
    async def fail(text):
        raise ValueError(text)

    task = asyncio.create_task(fail("words"))
    await asyncio.wait([task])
    del task
    gc.collect()
    assert "Task exception was never retrieved" in log.getvalue()
    assert "in fail" in log.getvalue()
    assert "words" not in log.getvalue()


def test_a_warning_is_told_by_its_place_and_kind(log):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        set_up_logging("DEBUG", stream=log)
        warnings.warn("words", stacklevel=1)
    assert log.getvalue().rstrip().endswith(": UserWarning")


def test_an_error_that_ends_the_program_is_logged_like_any_other(log):
    error = raised(ValueError("words"))
    sys.excepthook(ValueError, error, error.__traceback__)
    assert "nobody foresaw" in log.getvalue()
    assert "words" not in log.getvalue()


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


def test_a_level_that_is_none_changes_nothing(log):
    with pytest.raises(ValueError, match="info"):
        set_up_logging("info", stream=io.StringIO())
    logger.info("still here")
    assert "still here" in log.getvalue()


def test_without_secrets_tokens_are_still_hidden():
    assert SecretFilter().hide(f"x{OTHER}y") == "x<secret>"
    assert SecretFilter([""]).hide("untouched") == "untouched"


WORDS = st.text("ab:%", max_size=8)


@given(before=WORDS, after=WORDS, secret=st.text("ab:%", min_size=1, max_size=4))
def test_no_secret_survives_any_surroundings(before, after, secret):
    hidden = SecretFilter([secret]).hide(f"{before}{secret}{after}")
    assert "<secret>" in hidden
    assert secret not in hidden.replace("<secret>", "|")


@pytest.mark.timeout(60)
def test_a_long_run_of_digits_is_read_once():
    assert len(SecretFilter().hide("1" * 1_000_000)) == 1_000_000


def test_a_secret_within_json_is_hidden_whole():
    hidden = SecretFilter(['p"q\\r']).hide(json.dumps({"x": 'p"q\\r'}))
    assert hidden == '{"x": "<secret>"}'


def test_setting_up_again_keeps_the_filters_of_others_and_one_of_ours(log):
    host = logging.NullHandler()
    others = logging.Filter("")
    host.addFilter(others)
    logging.getLogger().addHandler(host)
    for _ in range(2):
        set_up_logging("DEBUG", secrets=["later"], stream=log)
    assert host.filters[0] is others
    assert [type(found) for found in host.filters[1:]] == [SecretFilter]


def test_of_many_errors_at_once_twenty_are_told(log):
    group = ExceptionGroup("many", [ValueError(str(n)) for n in range(25)])
    logger.error("failed", exc_info=group)
    assert log.getvalue().count("| ValueError") == 20


def test_of_a_long_chain_of_errors_twenty_are_told(log):
    error = None
    for n in range(25):
        link = ValueError(str(n))
        link.__cause__, error = error, link
    logger.error("failed", exc_info=error)
    assert log.getvalue().count("That led to:") == 19


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('a "b" c', "a … c"),
        ('"a" and “b” c', "… and … c"),
        ("it's 'x' o'clock", "it's … o'clock"),
        ("'a \"b' c\" d", "… d"),
        ('“a "b” c" d', "… d"),
        ('"a “b” c" d', "… d"),
        ('one " alone', 'one " alone'),
        ("", ""),
    ],
)
def test_nothing_of_a_quotation_is_shown_and_all_else(text, shown):
    assert without_quotes(text) == shown

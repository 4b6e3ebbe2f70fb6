"""Settings: what comes in from outside, and what is said of it."""

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.settings import ENV_PREFIX, Settings, env_example, load_settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Read no ``.env`` of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(ENV_PREFIX + name.upper(), raising=False)


def test_the_example_is_what_the_settings_print():
    assert (ROOT / ".env.example").read_text("utf-8") == env_example()


def test_everything_has_a_default():
    settings = load_settings()
    assert settings.default_time == "07:30"
    assert not settings.token.get_secret_value()


def test_lists_are_separated_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("DAYBRIEF_LANGUAGES", "en, de ko")
    assert load_settings().languages == ("en", "de", "ko")


def test_a_file_is_read_and_the_environment_goes_before_it(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DAYBRIEF_DEFAULT_TIME=06:00\nDAYBRIEF_LOG_LEVEL=debug\n")
    monkeypatch.setenv("DAYBRIEF_DEFAULT_TIME", "08:15")
    settings = load_settings()
    assert (settings.default_time, settings.log_level) == ("08:15", "DEBUG")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "geheim:geheim"),
        ("DATABASE_URL", "mysql://geheim"),
        ("DEFAULT_TIME", "geheim"),
        ("DEFAULT_TIME", "25:00"),
        ("TRYOUT_PORT", "geheim"),
        ("TRYOUT_PORT", "70000"),
        ("API_URL", "ftp://geheim"),
        ("PROXY", "geheim"),
        ("MESSAGES_PER_S", "0"),
        ("LOG_LEVEL", "geheim"),
        ("ARTICLE_DAYS", "0"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_and_not_repeated(name, value, monkeypatch):
    monkeypatch.setenv(ENV_PREFIX + name, value)
    with pytest.raises(SetupError) as caught:
        load_settings()
    said = str(caught.value)
    assert said.startswith(f"DAYBRIEF_{name} is not usable: ")
    assert "geheim" not in said
    assert "\n" not in said
    assert caught.value.__cause__ is None


def test_a_file_that_is_no_text_is_said_in_one_line(tmp_path):
    (tmp_path / ".env").write_bytes(b"DAYBRIEF_TOKEN=\xff\xfe\x00")
    with pytest.raises(SetupError, match="is not UTF-8 text"):
        load_settings()

"""Settings: one place, one example file, one line for each fault."""

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.settings import Settings, env_example, load_settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _nowhere(tmp_path, monkeypatch):
    """Stand in an empty folder: no ``.env`` is read."""
    monkeypatch.chdir(tmp_path)


def test_the_example_file_is_what_the_settings_say():
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_example_names_every_setting_and_sets_none():
    lines = env_example().splitlines()
    assert all(line.startswith("#") for line in lines if line)
    for name in Settings.model_fields:
        assert sum(line.startswith(f"#DAYBRIEF_{name.upper()}=") for line in lines) == 1


def test_an_uncommented_example_is_what_holds_without_it(tmp_path):
    lines = env_example().splitlines()
    settings = [line.removeprefix("#") for line in lines if line.startswith("#DAYBRIEF_")]
    (tmp_path / ".env").write_text("\n".join(settings))
    assert load_settings() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", "zz-not-a-token"),
        ("token", "123:short"),
        ("database_url", "zzsql://host/x"),
        ("default_time", "24:00"),
        ("default_time", "7"),
        ("api_url", "ftp://zz.example"),
        ("proxy", "zz.example:3128"),
        ("tryout_port", "0"),
        ("tryout_port", "zz"),
        ("messages_per_s", "-1"),
        ("messages_per_s", "1001"),
        ("article_days", "0"),
        ("told_days", "zz"),
        ("log_level", "zz"),
        ("builtin_feeds", "zzmaybe"),
    ],
)
def test_a_wrong_value_is_one_line_that_does_not_repeat_it(name, value, monkeypatch):
    monkeypatch.setenv(f"DAYBRIEF_{name.upper()}", value)
    with pytest.raises(SetupError) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith(f"DAYBRIEF_{name.upper()} is not usable: ")
    assert "\n" not in line
    if len(value) > 2:
        assert f"“{value}”" not in line
        assert repr(value) not in line


def test_words_may_be_parted_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("DAYBRIEF_LANGUAGES", "en, de  fr")
    assert load_settings().languages == ("en", "de", "fr")


def test_what_is_given_goes_before_the_environment_and_that_before_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DAYBRIEF_DEFAULT_TIME=05:00\nDAYBRIEF_LOG_LEVEL=debug\n")
    assert load_settings().log_level == "DEBUG"
    assert load_settings().default_time == "05:00"
    monkeypatch.setenv("DAYBRIEF_DEFAULT_TIME", "06:00")
    assert load_settings().default_time == "06:00"
    assert load_settings(default_time="07:00").default_time == "07:00"


def test_a_file_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / ".env").write_bytes(b"DAYBRIEF_LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(SetupError, match="is not UTF-8 text"):
        load_settings()


def test_the_token_is_not_shown():
    token = "4242424242:AAHouseOfTheTestsNotARealTokenAtAll0"
    assert token not in f"{Settings(_env_file=None, token=token)!r}"

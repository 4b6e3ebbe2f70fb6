"""Settings: one place, one example file, one line for each fault."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from bot.errors import SetupError, UnsafeAddress
from bot.gather.http.addresses import Allowed, check_url
from bot.settings import Settings, env_example, load_settings, unknown_names

ROOT = Path(__file__).parents[1]
SECRET = "zq7xk"
# What values are made of, so that some get far into what is read of them.
PIECES = (
    *("http://", "https://", "x.org", "127.0.0.1", "[::1]", "/bot", ":80", ":99999", "@", ":pw@"),
    *("sqlite+aiosqlite://", "postgresql+psycopg://", "/", "/tmp", ":memory:", "?a=b", "%00", "#"),
    *("en", "de-AT", "07:30", "123456:", "A" * 35, ",", " ", "\t", "\n", "\x00", "\x7f", "\u2028"),
    *(
        "1",
        "0",
        "-",
        "9" * 30,
        "nan",
        "inf",
        "1e999",
        "é",
        "я",
        "\u200b",
        "\udcff",
        "DEBUG",
        "true",
    ),
)
any_value = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join)
)


@pytest.fixture(autouse=True)
def _nowhere(tmp_path, monkeypatch):
    """Stand in an empty folder, with nothing set: no ``.env`` is read."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DAYBRIEF_")]:
        monkeypatch.delenv(name)


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
        ("token", "１２３４５６:AAHouseOfTheTestsNotARealTokenAtAll0"),
        ("database_url", "postgresql+psycopg://u:zz@127.0.0.1:1x/d"),
        ("database_url", "postgresql+psycopg://u:zz@127.0.0.1:99999/d"),
        ("database_url", "sqlite+aiosqlite://"),
        ("database_url", "sqlite+aiosqlite:///"),
        ("database_url", "sqlite+aiosqlite:///:memory:"),
        ("database_url", "sqlite+aiosqlite:///file:zz?mode=memory&uri=true"),
        ("database_url", "sqlite+aiosqlite:///zz.db?speed=high"),
        ("database_url", "sqlite+aiosqlite://zz/daybrief.db"),
        ("database_url", "sqlite+aiosqlite:////tmp"),
        ("database_url", "sqlite+aiosqlite:///zz/"),
        ("database_url", "sqlite+aiosqlite:///" + "z" * 5000),
        ("database_url", "sqlite+aiosqlite:///zz%00"),
        ("default_time", "0７:30"),
        ("languages", "english"),
        ("languages", "en,zz"),
        ("feeds", "zz"),
        ("feeds", "ftp://zz.example/feed"),
        ("feeds", "http:///feed"),
        ("feeds", "https://zz.example:99999/feed"),
        ("feeds", "https://zz.example/feed,http://"),
        ("feeds", "https://zz:geheim@zz.example/feed"),
        ("feeds", "http://999.1.1.1/feed"),
        ("feeds", "https://zz.example/" + "z" * 5000),
        ("allow_local", "127.0.0.1"),
        ("allow_local", "127.0.0.1:99999"),
        ("allow_local", "127.0.0.1:0"),
        ("allow_local", "10.0.0.0/99"),
        ("allow_local", "::1:8080"),
        ("allow_local", "[zz]:80"),
        ("allow_local", "http://zz:80"),
        ("api_url", "http://"),
        ("api_url", "https://zz.example"),
        ("api_url", "https://zz.example/bot?zz"),
        ("api_url", "https://zz.example:0/bot"),
        ("proxy", "http://"),
        ("proxy", "http://zz.example:99999"),
        ("proxy", "http://zz zz:3128"),
        ("proxy", "socks5://zz.example"),
        ("messages_per_s", "nan"),
        ("messages_per_s", "inf"),
        ("messages_per_s", "1e-300"),
        ("article_days", "99999999999999999999"),
        ("article_days", "3651"),
        ("told_days", "999999999"),
        ("told_days", "9" * 5000),
        ("workers", "0"),
        ("workers", "65"),
        ("user_agent", "zz\nx: y"),
        ("user_agent", "новости"),
        ("user_agent", "z" * 501),
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


def fault_of(name, value):
    """Return what is said of a value; "" if it is taken."""
    try:
        load_settings(**{name: value})
    except SetupError as error:
        return str(error)
    return ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(Settings.model_fields)), value=any_value)
def test_any_text_is_a_setting_or_one_line_that_does_not_hold_it(name, value):
    assert SECRET not in fault_of(name, f"{value}{SECRET}")
    fault = fault_of(name, value)
    assert len(fault.splitlines()) <= 1
    if fault:
        return
    found = load_settings(**{name: value})
    # What is taken is read without fault by those who use it.
    for feed in found.feeds:
        with contextlib.suppress(UnsafeAddress):
            check_url(feed)
    Allowed(found.allow_local)
    if found.database_url:
        make_url(found.database_url)


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("default_time", " 06:15\n", "06:15"),
        ("languages", "EN", ("en",)),
        ("languages", "en-US, pt_BR,,zh-Hans,en", ("en", "pt", "zh")),
        ("languages", " , ", ()),
        ("tryout_port", " ", None),
        ("article_days", " 3650 ", 3650),
        ("log_level", "warning ", "WARNING"),
        ("user_agent", " Zürich reader/1 ", "Zürich reader/1"),
        ("feeds", "https://x.org/f,\nhttps://y.org/é", ("https://x.org/f", "https://y.org/é")),
        (
            "allow_local",
            "[::1]:80 10.0.0.0/8,localhost:1",
            ("[::1]:80", "10.0.0.0/8", "localhost:1"),
        ),
        ("proxy", "http://u:p%40@proxy.example:3128", "http://u:p%40@proxy.example:3128"),
        ("database_url", "postgresql+psycopg:///d?host=/run", "postgresql+psycopg:///d?host=/run"),
        ("workers", "64", 64),
    ],
)
def test_what_can_be_meant_is_taken(name, value, taken, monkeypatch):
    monkeypatch.setenv(f"DAYBRIEF_{name.upper()}", value)
    assert getattr(load_settings(), name) == taken


def test_blanks_around_a_pasted_token_are_dropped(monkeypatch):
    token = "4242424242:AAHouseOfTheTestsNotARealTokenAtAll0"
    monkeypatch.setenv("DAYBRIEF_TOKEN", f" {token}\n")
    assert load_settings().token.get_secret_value() == token


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


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    (tmp_path / ".env").write_text("DAYBRIEF_LOG_LEVEL=debug\n", "utf-8-sig")
    assert load_settings().log_level == "DEBUG"
    assert unknown_names() == []


def test_a_file_that_is_a_folder_is_one_line(tmp_path):
    (tmp_path / ".env").mkdir()
    with pytest.raises(SetupError, match="cannot be read: Is a directory"):
        load_settings()


def test_a_file_that_may_not_be_read_is_one_line(tmp_path, monkeypatch):
    def refuse(_path, _encoding):
        raise PermissionError(13, "Permission denied")

    (tmp_path / ".env").touch()
    monkeypatch.setattr(Path, "read_text", refuse)  # root may read all
    with pytest.raises(SetupError, match="cannot be read: Permission denied"):
        load_settings()


TOKEN = "4242424242:AAHouseOfTheTestsNotARealTokenAtAll0"


@pytest.mark.parametrize(
    "text",
    [
        f'\n# mine\nDAYBRIEF_TOKEN="{TOKEN}\n',
        f"\n\nDAYBRIEF_TOKEN='{TOKEN}\nDAYBRIEF_WORKERS='3'\n",
        f'\n\nDAYBRIEF_TOKEN="{TOKEN}" # mine "\nand more"\n' + "DAYBRIEF_TOKEN\n",
        f"\n\nDAYBRIEF_TOKEN: {TOKEN}\n",
        f"DAYBRIEF_WORKERS=3\n\ndaybrief_token {TOKEN}",
        "\r\n\r\nDAYBRIEF_TOKEN\r\n",
        f"\n\nset DAYBRIEF_TOKEN={TOKEN}\n",
        f"\n\n - DAYBRIEF_TOKEN={TOKEN}\n",
        f"\n\nDAYBRIEF-TOKEN={TOKEN}\n",
        f"\n\n\u200bDAYBRIEF_TOKEN={TOKEN}\n",
        f'\nOTHER="a\nDAYBRIEF_TOKEN={TOKEN}\n"\n',
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_one_line_without_its_value(tmp_path, text):
    (tmp_path / ".env").write_bytes(text.encode())
    with pytest.raises(SetupError) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith("DAYBRIEF_TOKEN is not usable: line ")
    assert TOKEN[:10] not in line
    assert "\n" not in line


def test_the_line_that_sets_nothing_is_counted_as_editors_do(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbf# a\r\n\r\n\r\n  DAYBRIEF_WORKERS 3\r\n")
    with pytest.raises(SetupError, match="line 4 of"):
        load_settings()


def test_two_values_for_one_name_are_one_line_and_one_value_twice_is_none(tmp_path):
    (tmp_path / ".env").write_text("DAYBRIEF_WORKERS=3\nA=1\nA=2\ndaybrief_workers='3'\n")
    assert load_settings().workers == 3
    (tmp_path / ".env").write_text("DAYBRIEF_PROXY=http://zz.example\n\nDAYBRIEF_PROXY=\n")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value) == (
        f"DAYBRIEF_PROXY is not usable: it stands twice in {tmp_path / '.env'}, in lines 1 and 3."
    )


def test_what_other_programs_and_editors_write_is_read(tmp_path):
    (tmp_path / ".env").write_bytes(
        b"\xef\xbb\xbf# DAYBRIEF_WORKERS 9\r\nOTHER\r\nMY_DAYBRIEF: 'x\r\n"
        b" export DAYBRIEF_WORKERS = '3' # three\r\n#DAYBRIEF_WORKERS=4\r\n"
    )
    assert load_settings().workers == 3


def test_a_file_with_an_impossible_name_is_one_line():
    for name in ("a\0b", "\ud800"):
        with pytest.raises(SetupError, match="no file can have"):
            load_settings(Path(name))


def test_a_file_that_is_asked_for_must_be_there_and_goes_before_the_usual(tmp_path):
    (tmp_path / ".env").write_text("DAYBRIEF_LOG_LEVEL=debug\n")
    with pytest.raises(SetupError, match="cannot be read: No such file"):
        load_settings(tmp_path / "other.env")
    (tmp_path / "other.env").write_text("DAYBRIEF_DEFAULT_TIME=05:00\n")
    found = load_settings(tmp_path / "other.env")
    assert (found.default_time, found.log_level) == ("05:00", "INFO")


@pytest.mark.parametrize(
    ("name", "meant", "is_typo"),
    [
        ("TOKN", "TOKEN", True),
        ("TOEKN", "TOKEN", True),
        ("FEED", "FEEDS", True),
        ("LOGLEVEL", "LOG_LEVEL", True),
        ("DATABSE_UR", "DATABASE_URL", True),
        ("BOT_TOKEN", "TOKEN", False),
        ("DATABASE", "DATABASE_URL", False),
        ("PROD", "PROXY", False),
    ],
)
def test_a_name_that_sets_nothing_is_known_with_what_may_be_meant(
    name, meant, is_typo, monkeypatch
):
    monkeypatch.setenv(f"DAYBRIEF_{name}", "")
    (found,) = unknown_names()
    assert (found.name, found.meant) == (f"DAYBRIEF_{name}", f"DAYBRIEF_{meant}")
    assert found.is_typo == is_typo


def test_what_kubernetes_and_our_tests_set_is_no_typo(tmp_path, monkeypatch):
    for name in ("PORT", "PORT_80_TCP", "PORT_80_TCP_ADDR", "SERVICE_HOST", "SERVICE_PORT"):
        monkeypatch.setenv(f"DAYBRIEF_{name}", "10.0.0.1")
    monkeypatch.setenv("DAYBRIEF_TEST_DATABASE", "postgresql")
    monkeypatch.setenv("daybrief_log_level", "debug")  # settings have no case
    found = unknown_names()
    assert len(found) == 5
    assert not any(name.is_typo or name.meant for name in found)


def test_names_that_set_nothing_are_sorted_as_they_are_shown(monkeypatch):
    for name in ("DAYBRIEF_A_B", "daybrief_ab", "DAYBRIEF_AA"):
        monkeypatch.setenv(name, "1")
    names = [found.name for found in unknown_names()]
    assert names == ["DAYBRIEF_AA", "DAYBRIEF_AB", "DAYBRIEF_A_B"]


def test_the_token_is_not_shown():
    token = "4242424242:AAHouseOfTheTestsNotARealTokenAtAll0"
    assert token not in f"{Settings(_env_file=None, token=token)!r}"


@pytest.mark.parametrize("path", ["zz.db", "/var/lib/daybrief/zz.db", "zz%3F.db"])
def test_a_file_for_sqlite_is_taken(path):
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{path}")
    assert settings.database_url == f"sqlite+aiosqlite:///{path}"


@pytest.mark.parametrize(
    ("name", "below", "least", "most", "above"),
    [
        ("tryout_port", "0", "1", "65535", "65536"),
        ("messages_per_s", "0.09", "0.1", "1000", "1001"),
        ("article_days", "0", "1", "3650", "3651"),
        ("told_days", "0", "1", "3650", "3651"),
        ("workers", "0", "1", "64", "65"),
        ("default_time", "24:00", "00:00", "23:59", "23:60"),
        ("allow_local", "h:0", "h:1", "h:65535", "h:65536"),
        ("user_agent", "я", "x", "x" * 500, "x" * 501),
        ("token", f"12:{'A' * 30}", f"123:{'A' * 30}", f"123:{'A' * 100}", f"123:{'A' * 101}"),
        (
            "api_url",
            "https://x.org/",
            "https://x.org/bot",
            f"https://x.org/{'a' * (4096 - 18)}/bot",
            f"https://x.org/{'a' * (4097 - 18)}/bot",
        ),
        (
            "proxy",
            "http://x.org:0",
            "http://x.org:1",
            "http://x.org:65535",
            "http://x.org:65536",
        ),
        (
            "database_url",
            "postgresql+psycopg://h:0/d",
            "postgresql+psycopg://h:1/d",
            "postgresql+psycopg://h:65535/d",
            "postgresql+psycopg://h:65536/d",
        ),
    ],
)
def test_a_value_has_its_bounds(name, below, least, most, above):
    assert [bool(fault_of(name, value)) for value in (below, least, most, above)] == [
        *(True, False, False, True)
    ]


def test_a_name_that_sets_nothing_is_known_with_where_it_is_set(tmp_path, monkeypatch):
    monkeypatch.setenv("DAYBRIEF_B", "1")
    monkeypatch.setenv("DAYBRIEF_A", "1")
    (tmp_path / ".env").write_text("DAYBRIEF_C=1\nOTHER=1\nDAYBRIEF_WORKERS=2\n")
    assert [(found.name, found.place) for found in unknown_names()] == [
        ("DAYBRIEF_A", "the environment"),
        ("DAYBRIEF_B", "the environment"),
        ("DAYBRIEF_C", ".env"),
    ]


@pytest.mark.parametrize(
    ("name", "meant", "is_typo"),
    [
        ("FEDS", "FEEDS", True),  # one letter of four or more
        ("FDS", "FEEDS", False),
        ("MESAGES_PER_", "MESSAGES_PER_S", True),  # two of eight or more
        ("MESAGE_PER_", "MESSAGES_PER_S", False),
        ("XYZZY", "", False),
    ],
)
def test_a_slip_is_a_letter_of_a_short_name_and_two_of_a_long_one(
    name, meant, is_typo, monkeypatch
):
    monkeypatch.setenv(f"DAYBRIEF_{name}", "1")
    (found,) = unknown_names()
    assert (found.meant, found.is_typo) == (meant and f"DAYBRIEF_{meant}", is_typo)


def test_numbers_are_typed_as_people_do():
    assert "it must be a number" in fault_of("workers", "1_0")
    assert "it must be a number" in fault_of("messages_per_s", "1_0")
    assert fault_of("user_agent", "day_brief") == ""


def test_without_a_word_the_settings_are_the_usual_ones():
    usual = load_settings()
    assert (usual.default_time, usual.messages_per_s, usual.workers) == ("07:30", 25.0, 2)
    assert (usual.article_days, usual.told_days) == (30, 90)
    assert (usual.languages, usual.feeds, usual.builtin_feeds) == ((), (), True)
    assert (usual.database_url, usual.proxy, usual.tryout_port) == ("", "", None)
    assert (usual.api_url, usual.log_level) == ("https://api.telegram.org/bot", "INFO")
    assert usual.token.get_secret_value() == ""

"""The command line: what it takes, what it prints, and the code it ends with."""

import asyncio
import sqlite3
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import cli
from bot.cli import main
from bot.doctor import Finding, Mark
from bot.errors import SetupError, StoreUnavailable
from bot.settings import Settings
from bot.store.files import only_bot
from tests.fakes.wire import TOKEN

SECRET = TOKEN.partition(":")[2]


def said(capsys):
    """Return the lines of both streams."""
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def fault(capsys, code):
    """Return the one line that the program ended with, with exit code 2."""
    out, err = said(capsys)
    assert (code, out) == (2, [])
    (line,) = err
    return line


@pytest.fixture
def here(set_up, tmp_path):
    """Where the program runs, with a database of its own to come."""
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/mine.db")
    return tmp_path


# ---------------------------------------------------------------- words it takes


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["dance"], "argument COMMAND: invalid choice: 'dance'"),
        (["run", "--fast"], "unrecognized arguments: --fast"),
        (["run", "now"], "unrecognized arguments: now"),
        (["preview"], "the following arguments are required: TOPIC"),
        (["db"], "the following arguments are required: ACTION"),
        (["db", "drop"], "argument ACTION: invalid choice: 'drop'"),
        (["db", "backup"], "the following arguments are required: FILE"),
        (["feeds"], "the following arguments are required: ACTION"),
        (["doctor", "--data"], "argument --data: expected one argument"),
    ],
)
def test_words_it_does_not_know_get_usage_and_a_complaint(set_up, capsys, words, complaint):
    set_up()
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    out, err = said(capsys)
    assert out == []
    assert err[0].startswith("usage: daybrief")
    assert complaint in err[-1]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--help"], ["run", "preview", "doctor", "db", "feeds", "--env-file FILE", "--data DIR"]),
        (["run", "--help"], ["--live", "--env-file FILE", "--data DIR"]),
        (["db", "--help"], ["upgrade", "check", "backup"]),
        (["feeds", "--help"], ["check", "refresh"]),
        (["feeds", "refresh", "--help"], ["--all"]),
    ],
)
def test_help_names_what_there_is(capsys, words, shown):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert [word for word in shown if word not in out] == []


def test_the_version_is_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    out, err = said(capsys)
    assert err == []
    (line,) = out
    assert line.split()[0] == "daybrief"
    assert line.split()[1][0].isdigit()


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("name", "value"),
    [("token", "not-a-token"), ("database_url", "mysql://x/y"), ("workers", "0")],
)
def test_a_setting_that_is_not_usable_is_one_line_without_its_value(set_up, capsys, name, value):
    set_up(**{name: value})
    line = fault(capsys, main(["doctor"]))
    assert line.startswith(f"daybrief: DAYBRIEF_{name.upper()} is not usable")
    assert value not in line.removeprefix(f"daybrief: DAYBRIEF_{name.upper()}") or value == "0"


def test_a_typo_ends_every_command_but_the_doctor(set_up, capsys):
    set_up(tokn=TOKEN, builtin_feeds="false")
    for words in (["db", "check"], ["run"], ["feeds", "check"], ["preview", "climate"]):
        assert fault(capsys, main(words)) == (
            "daybrief: DAYBRIEF_TOKN is no setting: did you mean DAYBRIEF_TOKEN?"
        )
    assert main(["doctor"]) == 1
    out, err = said(capsys)
    assert err == []
    assert out[0] == (
        "✗ DAYBRIEF_TOKN in the environment is no setting: did you mean DAYBRIEF_TOKEN?"
    )
    assert SECRET not in "".join(out)


def test_names_that_may_be_somebody_elses_are_passed_over_in_one_line(here, set_up, capsys):
    set_up(port="tcp://10.0.0.1", bot_token="x")
    assert main(["db", "upgrade"]) == 0
    out, err = said(capsys)
    assert err == [
        "daybrief: passed over, since no settings: "
        "DAYBRIEF_BOT_TOKEN (did you mean DAYBRIEF_TOKEN?), DAYBRIEF_PORT"
    ]
    assert out == [f"sqlite+aiosqlite:///{here}/mine.db is up to date."]


def test_settings_come_from_the_file_that_is_named_and_not_from_the_usual_one(set_up, tmp_path):
    set_up()
    (tmp_path / ".env").write_text(f"DAYBRIEF_DATABASE_URL=sqlite+aiosqlite:///{tmp_path}/a.db\n")
    (tmp_path / "own").write_text(f"DAYBRIEF_DATABASE_URL=sqlite+aiosqlite:///{tmp_path}/b.db\n")
    assert main(["db", "upgrade", "--env-file", "own"]) == 0
    assert (tmp_path / "b.db").exists()
    assert not (tmp_path / "a.db").exists()
    assert main(["db", "upgrade"]) == 0
    assert (tmp_path / "a.db").exists()


def test_a_folder_for_the_memory_comes_before_what_is_set(here, capsys):
    assert main(["db", "upgrade", "--data", "sub folder"]) == 0
    assert capsys.readouterr().out.endswith("daybrief.db is up to date.\n")
    assert (here / "sub folder" / "daybrief.db").exists()
    assert not (here / "mine.db").exists()


def test_without_a_word_the_memory_lies_in_data(set_up, tmp_path):
    set_up()
    assert main(["db", "upgrade"]) == 0
    assert (tmp_path / "data" / "daybrief.db").exists()


# ---------------------------------------------------------------- the database


def test_an_upgrade_makes_a_database_for_its_owner_alone_and_may_be_repeated(here, capsys):
    for _ in range(2):
        assert main(["db", "upgrade"]) == 0
        assert said(capsys) == ([f"sqlite+aiosqlite:///{here}/mine.db is up to date."], [])
    assert stat.S_IMODE((here / "mine.db").stat().st_mode) == 0o600


def test_a_sound_database_is_said_to_be(here, capsys):
    main(["db", "upgrade"])
    capsys.readouterr()
    assert main(["db", "check"]) == 0
    assert said(capsys) == ([f"sqlite+aiosqlite:///{here}/mine.db is sound."], [])


def test_every_fault_of_a_database_is_a_line_and_the_code_is_1(here, capsys):
    main(["db", "upgrade"])
    capsys.readouterr()
    with sqlite3.connect(here / "mine.db") as connection:
        connection.execute("INSERT INTO story_article VALUES (1, 2)")
        connection.execute("DROP INDEX ix_told_at")
    connection.close()
    assert main(["db", "check"]) == 1
    out, err = said(capsys)
    assert err == []
    assert sorted(out) == [
        "A row of story_article points to a missing row of article: restore a backup.",
        "A row of story_article points to a missing row of story: restore a backup.",
        "The schema is not as it should be (add index ix_told_at): restore a backup.",
    ]


@pytest.mark.parametrize("words", [["check"], ["backup", "copy.db"]], ids=lambda w: w[0])
def test_a_database_that_is_not_there_is_one_line_and_is_not_made(here, capsys, words):
    assert "There is no database" in fault(capsys, main(["db", *words]))
    assert list(here.iterdir()) == []


def test_a_file_that_is_no_database_is_one_line(here, capsys):
    (here / "mine.db").write_text("My notes. " * 200)
    assert "file is not a database" in fault(capsys, main(["db", "check"]))


def test_a_backup_is_a_whole_database_for_its_owner_alone(here, capsys):
    main(["db", "upgrade"])
    capsys.readouterr()
    assert main(["db", "backup", "copy.db"]) == 0
    assert said(capsys) == (["Backed up to copy.db."], [])
    assert stat.S_IMODE((here / "copy.db").stat().st_mode) == 0o600
    assert main(["db", "check", "--data", "."]) == 2
    (here / "copy.db").rename(here / "daybrief.db")
    assert main(["db", "check", "--data", "."]) == 0


def test_a_check_and_a_backup_go_on_beside_a_bot_that_writes(here, capsys):
    main(["db", "upgrade"])
    bot = sqlite3.connect(here / "mine.db", isolation_level=None)
    with only_bot(here / "mine.db"):
        bot.execute("BEGIN IMMEDIATE")
        assert main(["db", "check"]) == 0
        assert main(["db", "backup", "copy.db"]) == 0
        bot.execute("ROLLBACK")
    bot.close()
    assert said(capsys)[1] == []


def test_a_backup_never_takes_the_place_of_a_file(here, capsys):
    main(["db", "upgrade"])
    (here / "copy.db").write_text("mine")
    capsys.readouterr()
    assert "exists already" in fault(capsys, main(["db", "backup", "copy.db"]))
    assert (here / "copy.db").read_text() == "mine"


# ---------------------------------------------------------------- how it ends


def ends_with(error, monkeypatch):
    """Let ``db check`` raise ``error``."""

    async def fail(database):
        raise error

    monkeypatch.setattr(cli, "check", fail)


def test_a_set_up_that_cannot_work_is_one_line(here, capsys, monkeypatch):
    main(["db", "upgrade"])
    capsys.readouterr()
    ends_with(SetupError("No such thing."), monkeypatch)
    assert fault(capsys, main(["db", "check"])) == "daybrief: No such thing."


def test_an_interrupt_ends_without_a_word_and_with_the_code_of_shells(here, capsys, monkeypatch):
    main(["db", "upgrade"])
    capsys.readouterr()
    ends_with(KeyboardInterrupt(), monkeypatch)
    assert main(["db", "check"]) == 130
    assert said(capsys) == ([], [])


LOST = StoreUnavailable("store-unavailable")


@pytest.mark.parametrize("error", [LOST, ExceptionGroup("", [ExceptionGroup("", [LOST])])])
def test_a_database_that_does_not_answer_is_one_line(here, capsys, monkeypatch, error):
    main(["db", "upgrade"])
    capsys.readouterr()
    ends_with(error, monkeypatch)
    line = fault(capsys, main(["db", "check"]))
    assert line.startswith("daybrief: The database does not answer: ")


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(), ExceptionGroup("", [ZeroDivisionError()])], ids=type
)
def test_what_was_not_foreseen_is_no_line_of_ours(here, monkeypatch, error):
    main(["db", "upgrade"])
    ends_with(error, monkeypatch)
    with pytest.raises(type(error)):
        main(["db", "check"])


def test_a_second_bot_on_a_database_ends_before_it_says_hello(here, set_up, capsys):
    set_up(token=TOKEN, api_url="http://127.0.0.1:9/bot")
    with only_bot(here / "mine.db"):
        line = fault(capsys, main(["run"]))
    assert line == f"daybrief: Another daybrief runs on {here}/mine.db: stop it first."
    assert SECRET not in line


class Overtaken:
    """A bot that runs until another takes its place at the first look."""

    def __init__(self):
        self.application = SimpleNamespace(bot=SimpleNamespace(username="orun_bot"))
        self.store = SimpleNamespace(database=SimpleNamespace(name="news at 10.0.0.7"))
        self.overtaken = asyncio.Event()
        self.has_ended = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.has_ended = True

    async def start(self):
        self.overtaken.set()


def test_a_bot_whose_place_another_took_ends_with_one_line(set_up, capsys, monkeypatch):
    app = Overtaken()
    set_up(token=TOKEN, database_url="postgresql+psycopg://10.0.0.7/news")
    monkeypatch.setattr(cli, "build", lambda _: app)
    monkeypatch.setattr(cli, "settle", lambda: None)
    assert main(["run"]) == 2
    _, err = said(capsys)
    assert err == ["daybrief: Another daybrief runs on news at 10.0.0.7: this one has ended."]
    assert app.has_ended


def test_the_settings_of_a_test_are_its_own(here):
    """The fixture gives what its name says: without it, a developer's own bot would be asked."""
    assert Settings().database_url == f"sqlite+aiosqlite:///{here}/mine.db"
    assert Path.cwd() == here
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


# ---------------------------------------------------------------- doctor and preview


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ([Mark.WELL], 0),
        ([Mark.WELL, Mark.OPEN], 0),
        ([Mark.WELL, Mark.ILL, Mark.WELL], 1),
        ([Mark.ILL], 1),
    ],
)
def test_the_doctor_ends_with_1_where_anything_is_ill(here, capsys, monkeypatch, marks, code):
    async def examine(_settings, _unknown):
        for mark in marks:
            yield Finding(mark, "As it is.")

    monkeypatch.setattr(cli, "examine", examine)
    assert main(["doctor"]) == code
    assert said(capsys) == ([f"{mark.value} As it is." for mark in marks], [])


def test_a_preview_is_made_of_sample_news_and_leaves_ones_own_bot_alone(here, set_up, capsys):
    set_up(
        token=TOKEN,
        proxy="http://127.0.0.1:9",
        database_url=f"sqlite+aiosqlite:///{here}/mine.db",
        log_level="ERROR",
    )
    assert main(["preview", "climate"]) == 0
    out, err = said(capsys)
    assert "SAMPLE" in out[1]  # below the first title
    assert "Climate" in "\n".join(out)
    assert err == []
    assert not (here / "mine.db").exists()


def test_a_preview_of_no_topic_is_one_line(here, set_up, capsys):
    set_up(log_level="ERROR")
    assert main(["preview", "nort-korea"]) == 1
    out, err = said(capsys)
    assert out == []
    assert "Did you mean north-korea" in err[-1]


@pytest.mark.parametrize("words", [["preview", "climate"], ["run"]])
def test_real_news_need_a_network(here, capsys, monkeypatch, words):
    async def require_network(_settings):
        raise SetupError("No outlet can be reached.")

    monkeypatch.setattr(cli, "require_network", require_network)
    assert fault(capsys, main([*words, "--live"])) == "daybrief: No outlet can be reached."

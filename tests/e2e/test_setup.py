"""A wrong set-up ends the program with a one-line message and exit code 2."""

import asyncio
import os
import signal
import socket
import sys
import tomllib
from pathlib import Path

import pytest

from bot import app as app_module
from bot import cli
from bot.app import build
from bot.cli import main
from bot.errors import SetupError
from bot.settings import Settings
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.clock import FakeClock
from tests.fakes.databases import fresh_database
from tests.fakes.house import PatientWorkers
from tests.fakes.wire import TOKEN, FakeWire

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9/bot"


def fault_of(capsys, code):
    """Assert that the program ended with code 2 and one error line; return that line."""
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    lines = [line for line in err.splitlines() if line.startswith("daybrief: ")]
    assert len(lines) == 1
    assert err.splitlines()[-1] == lines[0]
    assert "Traceback" not in err
    assert TOKEN.partition(":")[2] not in err
    return lines[0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("token", "not-a-token", "DAYBRIEF_TOKEN is not usable"),
        ("database_url", "mysql://x/y", "DAYBRIEF_DATABASE_URL is not usable"),
        ("default_time", "7 in the morning", "DAYBRIEF_DEFAULT_TIME is not usable"),
        ("api_url", "api.telegram.org", "DAYBRIEF_API_URL is not usable"),
        ("log_level", "LOUD", "DAYBRIEF_LOG_LEVEL is not usable"),
        ("tryout_port", "99999", "DAYBRIEF_TRYOUT_PORT is not usable"),
    ],
)
def test_a_wrong_setting_is_named(set_up, capsys, name, value, said):
    set_up(**{name: value})
    line = fault_of(capsys, main(["run"]))
    assert said in line
    assert value not in line


def test_a_database_that_is_a_text_file_is_named(set_up, capsys, tmp_path):
    (tmp_path / "notes.db").write_text("My notes. " * 200)
    set_up(token=TOKEN, api_url=NOWHERE, database_url=f"sqlite+aiosqlite:///{tmp_path}/notes.db")
    line = fault_of(capsys, main(["run"]))
    assert "notes.db cannot be opened: file is not a database" in line
    assert "DAYBRIEF_DATABASE_URL" in line


def test_a_database_in_a_folder_that_cannot_be_made_is_named(set_up, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    set_up(token=TOKEN, api_url=NOWHERE, database_url=f"sqlite+aiosqlite:///{tmp_path}/file/x.db")
    line = fault_of(capsys, main(["run"]))
    assert "cannot be opened" in line
    assert "DAYBRIEF_DATABASE_URL" in line


def test_a_telegram_out_of_reach_is_said(set_up, capsys):
    set_up(token=TOKEN, api_url=NOWHERE)
    line = fault_of(capsys, main(["run"]))
    assert "Telegram cannot be reached" in line
    assert "DAYBRIEF_PROXY" in line


async def run_program(tmp_path, *words, **settings):
    """Run ``python -m bot`` in an empty folder; return exit code, stdout and stderr."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DAYBRIEF_")}
    names = {f"DAYBRIEF_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *(words or ("run",))),
        cwd=tmp_path,
        env=clean | names | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 100)
    return process.returncode, out.decode(), err.decode()


async def test_a_rejected_token_is_said_without_repeating_it(tmp_path):
    async with BotApi() as api:
        api.rejects_token = True
        code, out, err = await run_program(tmp_path, token=TOKEN, api_url=api.url)
    assert (code, out) == (2, "")
    last = err.splitlines()[-1]
    assert last.startswith("daybrief: Telegram rejects the token")
    assert "Traceback" not in err
    assert TOKEN.partition(":")[2] not in err


async def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = await run_program(tmp_path, tryout_port=port)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("daybrief: ")
    assert str(port) in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [[], ["dance"], ["run", "--fast"], ["db"], ["feeds"]])
def test_a_wrong_command_line_is_answered_with_its_usage(set_up, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: daybrief" in capsys.readouterr().err


def test_the_database_commands_say_how_it_stands(set_up, capsys, tmp_path):
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
    assert main(["db", "backup", str(tmp_path / "copy.db")]) == 0
    assert (tmp_path / "copy.db").exists()
    assert main(["db", "backup", str(tmp_path / "copy.db")]) == 2
    out, err = capsys.readouterr()
    assert "up to date" in out
    assert "is sound" in out
    assert "exists already" in err


def test_on_postgresql_they_say_so_too_and_what_takes_the_backup(
    set_up, capsys, tmp_path, postgres_url
):
    url = f"{postgres_url}/postgres"
    set_up(database_url=url)
    assert main(["db", "check"]) == 2
    assert main(["db", "backup", str(tmp_path / "copy.db")]) == 2
    missing = capsys.readouterr().err.splitlines()
    assert len(missing) == 2
    assert all(line.startswith("daybrief: There is no database postgres at") for line in missing)
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
    assert main(["db", "backup", str(tmp_path / "copy.db")]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{url} is up to date.",
        f"{url} is sound.",
    ]
    assert "back up with pg_dump" in err


@pytest.mark.parametrize(
    "words",
    [["db", "check"], ["db", "backup", "copy.db"], ["feeds", "refresh"]],
    ids=lambda words: words[-1],
)
def test_a_database_that_is_not_there_is_said_and_not_made(set_up, capsys, tmp_path, words):
    set_up()
    assert "There is no database" in fault_of(capsys, main([*words, "--data", "new"]))
    (tmp_path / "daybrief.db").touch()
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    assert "There is no database" in fault_of(capsys, main(words))
    assert [path.name for path in tmp_path.iterdir()] == ["daybrief.db"]
    assert (tmp_path / "daybrief.db").stat().st_size == 0


FULL = """
import resource, sys
from bot.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.exit(main(["db", "backup", "copy.db"]))
"""


async def test_a_backup_onto_a_full_disk_leaves_nothing_behind(set_up, capsys, tmp_path):
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    assert await asyncio.to_thread(main, ["db", "upgrade"]) == 0
    before = {path.name for path in tmp_path.iterdir()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FULL),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await asyncio.wait_for(process.communicate(), 100)
    assert process.returncode == 2
    assert err.decode().startswith("daybrief: copy.db cannot be written: ")
    assert len(err.splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_preview_leaves_the_owners_database_alone(set_up, capsys, tmp_path):
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    assert main(["preview", "climate"]) == 0
    assert "SAMPLE" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_preview_of_no_topic_is_one_line_and_code_1(set_up, capsys, tmp_path):
    set_up()
    assert main(["preview", "nort-korea"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == (
        "No topic “nort-korea”. Did you mean north-korea? "
        "For the very words send /subscribe “nort-korea”"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
async def test_a_second_bot_on_a_file_ends_before_it_does_anything(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    async with (
        BotApi() as api,
        BotApi() as other_api,
        running_bot(url, api.url, tmp_path / "log") as first,
    ):
        while not (tmp_path / "daybrief.db.lock").exists():
            await asyncio.sleep(0.05)
            assert first.returncode is None
        code, out, err = await run_program(
            tmp_path, token=TOKEN, api_url=other_api.url, database_url=url
        )
    assert (code, out) == (2, "")
    assert err == f"daybrief: Another daybrief runs on {tmp_path}/daybrief.db: stop it first.\n"


def test_a_typo_of_a_setting_ends_the_program(set_up, capsys):
    set_up(tokn=TOKEN)
    line = fault_of(capsys, main(["db", "check"]))
    assert line == "daybrief: DAYBRIEF_TOKN is no setting: did you mean DAYBRIEF_TOKEN?"


def test_other_unknown_names_are_one_warning(set_up, capsys, tmp_path):
    set_up(port="tcp://10.0.0.1", service_host="10.0.0.1", test_x="1")
    (tmp_path / ".env").write_text(f"DAYBRIEF_BOT_TOKEN={TOKEN}\nANOTHER=1\n")
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "daybrief: passed over, since no settings: DAYBRIEF_PORT, DAYBRIEF_SERVICE_HOST, "
        "DAYBRIEF_BOT_TOKEN (did you mean DAYBRIEF_TOKEN?)"
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["--data", "here", "--env-file", "own.env", "db", "upgrade"],
        ["db", "--data", "here", "upgrade", "--env-file", "own.env"],
        ["db", "upgrade", "--env-file", "own.env", "--data", "here"],
    ],
    ids=["before", "between", "behind"],
)
def test_options_may_stand_before_and_behind_a_command(set_up, capsys, tmp_path, words):
    set_up(database_url=f"sqlite+aiosqlite:///{tmp_path}/elsewhere.db")
    (tmp_path / "own.env").write_text("DAYBRIEF_LOG_LEVEL=loud\n")
    assert "LOG_LEVEL" in fault_of(capsys, main(words))
    (tmp_path / "own.env").write_text("")
    assert main(words) == 0
    assert (tmp_path / "here" / "daybrief.db").exists()
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_folder_of_any_name_may_hold_the_memory(set_up, tmp_path):
    set_up()
    assert main(["db", "upgrade", "--data", "100% mine? #1"]) == 0
    assert (tmp_path / "100% mine? #1" / "daybrief.db").exists()


def test_an_env_file_that_is_not_there_is_one_line(set_up, capsys):
    set_up()
    assert "cannot be read: No such file" in fault_of(
        capsys, main(["db", "check", "--env-file", "gone.env"])
    )


@pytest.mark.parametrize(
    "words", [["--version"], ["run", "--version"], ["db", "check", "--version"]]
)
def test_the_version_is_said_wherever_it_is_asked_for(capsys, words, monkeypatch):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        assert capsys.readouterr().out == f"daybrief {project['version']}\n"

        def refuse(name):
            raise cli.metadata.PackageNotFoundError(name)

        monkeypatch.setattr(cli.metadata, "version", refuse)  # as if it were not installed


WINDOWS = """
import asyncio, sys
from bot.cli import main
class Loop(asyncio.SelectorEventLoop):
    def add_signal_handler(self, *_):
        raise NotImplementedError
class Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Loop
asyncio.set_event_loop_policy(Policy())
sys.exit(main(["run"]))
"""


async def start_script(script, folder, *arguments):
    """Start Python with a script, in a folder and without settings; return the process."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DAYBRIEF_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, *arguments),
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_bot_where_the_loop_has_no_handlers(tmp_path, number):
    process = await start_script(WINDOWS, tmp_path)
    try:
        async with asyncio.timeout(100):
            assert process.stderr is not None
            while b" started " not in await process.stderr.readline():
                assert process.returncode is None
            process.send_signal(number)
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert b"Traceback" not in err


BUSY = """
import asyncio, sys, time
from bot import cli
from bot.app import App
start = App.start
async def start_busy(app):
    await start(app)
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 100)
    print("busy", file=sys.stderr, flush=True)
    if sys.argv[1] == "loop":
        time.sleep(100)
App.start = start_busy
cli._END_S = 4.0
sys.exit(cli.main(["run"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["thread", "loop"])
async def test_a_signal_ends_the_bot_though_something_hangs(tmp_path, what):
    process = await start_script(BUSY, tmp_path, what)
    try:
        async with asyncio.timeout(100):
            assert process.stderr is not None
            while b"busy" not in await process.stderr.readline():
                assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0


async def test_on_postgresql_a_second_bot_on_a_database_is_refused(postgres_url):
    async with fresh_database(postgres_url) as database:
        settings = Settings(
            _env_file=None, token=TOKEN, database_url=database.url, builtin_feeds=False
        )

        def bot():
            return build(settings, request=FakeWire(), clock=FakeClock(), workers=PatientWorkers())

        async with bot() as first, bot() as second:
            await first.start()
            with pytest.raises(SetupError, match=r"^Another daybrief runs on .*: stop it first"):
                await second.start()
        async with bot() as later:
            await later.start()


class LostLock:
    """A lock that is held at two looks, and then another's."""

    def __init__(self):
        self.looks = 0

    async def renew(self):
        self.looks += 1
        return self.looks < 3


async def test_a_bot_looks_after_its_lock_until_another_has_it(monkeypatch):
    monkeypatch.setattr(app_module, "_LOCK_EVERY_S", 0)
    app = build(Settings(_env_file=None, token=TOKEN), request=FakeWire(), workers=PatientWorkers())
    lock = LostLock()
    await app._keep(lock)
    assert app.overtaken.is_set()
    assert lock.looks == 3

"""A set-up that cannot work ends with one clear line and exit code 2."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.schema import newest_revision
from tests.fakes.bot_api import BotApi
from tests.fakes.wire import TOKEN

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9/bot"


def fault_of(capsys, code):
    """Return the one line that the program ended with."""
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


def test_a_database_in_a_folder_that_cannot_be_made_is_named(set_up, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    set_up(token=TOKEN, api_url=NOWHERE, database_url=f"sqlite+aiosqlite:///{tmp_path}/file/x.db")
    assert "cannot be opened" in fault_of(capsys, main(["run"]))


def test_a_telegram_out_of_reach_is_said(set_up, capsys):
    set_up(token=TOKEN, api_url=NOWHERE)
    line = fault_of(capsys, main(["run"]))
    assert "Telegram cannot be reached" in line
    assert "DAYBRIEF_PROXY" in line


async def run_program(tmp_path, **settings):
    """Run ``python -m bot run`` in an empty folder; return its exit code and what it said."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DAYBRIEF_")}
    names = {f"DAYBRIEF_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env=clean | names | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
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
    assert main(["db", "check"]) == 1
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
    assert main(["db", "backup", str(tmp_path / "copy.db")]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"The schema is missing, not {newest_revision()}.",
        f"{url} is up to date.",
        f"{url} is sound.",
    ]
    assert "back up with pg_dump" in err

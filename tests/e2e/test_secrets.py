"""The token never leaks: it is in no log line, no error, and no byte of the database."""

import asyncio
import json
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from telegram.error import NetworkError

from bot.app import build
from bot.errors import SetupError
from bot.settings import Settings
from bot.workers import InlineWorkers
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.databases import rows_of, wanted_url
from tests.fakes.house import TOKEN as HOUSE_TOKEN
from tests.fakes.house import open_house
from tests.fakes.wire import TOKEN, error, flood, message_update

FORBIDDEN = error(403, "Forbidden: bot was blocked by the user")


def forms(token):
    """Return the byte strings to search for: the token, its URL-quoted form, its secret half."""
    return [token.encode(), quote(token, safe="").encode(), token.partition(":")[2].encode()]


async def assert_clean(folder, url, token):
    """Assert that neither a file of a folder nor a row of a database contains the token."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files or not url.startswith("sqlite")
    contents = {path.name: path.read_bytes() for path in files}
    contents["rows"] = (await rows_of(url)).encode()
    for name, content in contents.items():
        assert not [form for form in forms(token) if form in content], name


async def test_a_session_with_every_kind_of_error_leaves_no_token_behind(tmp_path, log):
    url_with_token = f"https://api.telegram.org/bot{HOUSE_TOKEN}/sendMessage"
    (tmp_path / "db").mkdir()
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/db/x.db") as house:
        house.forgives = True
        faults = (
            NetworkError(f"cannot reach {url_with_token}"),
            RuntimeError(f"unexpected at {url_with_token}"),
            flood(0),
            error(400, f"Bad Request: what is {url_with_token}"),
            FORBIDDEN,
        )
        for chat_id, fault in enumerate(faults, start=1):
            await house.say("/subscribe north-korea", chat_id=chat_id)
            house.wire.script("sendMessage", fault, fault)
            await house.say("/brief", chat_id=chat_id)
            house.wire.script("sendMessage", fault)
            await house.say("/help", chat_id=chat_id)
            await house.say(f"/subscribe {HOUSE_TOKEN[:5]}", chat_id=chat_id)
    assert house.errors
    url = house.app.settings.database_url
    assert "chat: " in await rows_of(url)
    assert "an answer was not delivered" in log.getvalue()
    assert not [form for form in forms(HOUSE_TOKEN) if form in log.getvalue().encode()]
    await assert_clean(tmp_path / "db", url, HOUSE_TOKEN)


async def test_an_error_of_the_start_does_not_quote_the_token(tmp_path):
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    settings = Settings(
        _env_file=None,
        token=SecretStr(HOUSE_TOKEN),
        database_url=url,
        api_url="http://127.0.0.1:9/bot",
    )
    with pytest.raises(SetupError, match="cannot be reached") as caught:
        async with build(settings, workers=InlineWorkers()):
            pass
    assert HOUSE_TOKEN.partition(":")[2] not in f"{caught.value} {settings!r}"
    await assert_clean(tmp_path, url, HOUSE_TOKEN)


@pytest.mark.slow
async def test_a_running_bot_whose_wire_fails_in_every_way_says_no_token(tmp_path):
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    texts = ["/subscribe north-korea", "/brief", "/subscribe x y", "/brief", "/help", "/status"]
    async with BotApi() as api:
        api.faults.extend([flood(1), None, error(500, "Internal"), FORBIDDEN, error(400, "Bad")])
        for number, text in enumerate(texts, start=1):
            update = message_update(text, 11 + number % 3)
            api.updates.append({"update_id": number, **update})
        async with running_bot(url, api.url, tmp_path / "log", log_level="DEBUG") as process:
            await api.until(lambda: not api.faults)
            await api.until(lambda: api.taken.total() >= 1)
            await api.__aexit__(None, None, None)  # connections are refused from now on
            await asyncio.sleep(2)
            process.terminate()
            await asyncio.wait_for(process.wait(), 100)
    written = (tmp_path / "log").read_text()
    assert "NotSentError" in written  # the failures were logged with tracebacks
    print(json.dumps({"log_lines": len(written.splitlines())}))
    await assert_clean(tmp_path, url, TOKEN)

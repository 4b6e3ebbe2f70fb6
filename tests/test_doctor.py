"""What the doctor finds, finding by finding, without a network and without Telegram."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from bot import doctor
from bot.doctor import Finding, Mark, described, examine, require_network
from bot.errors import SetupError
from bot.settings import Settings, UnknownName
from bot.store.files import only_bot
from bot.store.schema import Fault, FaultKind
from tests.fakes.clock import FakeClock
from tests.fakes.databases import fresh_database
from tests.fakes.web import Web
from tests.fakes.wire import BOT, TOKEN

WELL, OPEN, ILL = Mark.WELL, Mark.OPEN, Mark.ILL
RSS = (
    '<rss version="2.0"><channel><title>{title}</title><language>{language}</language>'
    "{items}</channel></rss>"
)
ITEM = "<item><title>a</title><link>/a</link><guid>a</guid></item>"


@pytest.fixture
def url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"


async def look(url, *, unknown=(), **changes):
    values = {"database_url": url, "builtin_feeds": False} | changes
    settings = Settings(_env_file=None, **values)
    return [finding async for finding in examine(settings, unknown, probe_s=0.0)]


def ill(findings):
    return [finding.said for finding in findings if finding.mark is ILL]


def test_the_marks_are_those_that_are_printed():
    assert [mark.value for mark in (WELL, OPEN, ILL)] == ["✓", "?", "✗"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            Fault(FaultKind.MISSING, ()),
            "The database holds no tables: daybrief db upgrade makes them.",
        ),
        (
            Fault(FaultKind.OLDER, ("0001",)),
            "The schema is 0001, of an older daybrief: the next run upgrades it.",
        ),
        (
            Fault(FaultKind.NEWER, ("9999",)),
            "The schema is 9999, of a newer daybrief: update daybrief.",
        ),
        (
            Fault(FaultKind.DIFFERS, ("add index x",)),
            "The schema is not as it should be (add index x): restore a backup.",
        ),
        (
            Fault(FaultKind.DAMAGED, ("page 3",)),
            "The database is damaged (page 3): restore a backup.",
        ),
        (
            Fault(FaultKind.DAMAGED, ("*** in database main ***\nTree 2: {c}",)),
            "The database is damaged (*** in database main *** Tree 2: {c}): restore a backup.",
        ),
        (
            Fault(FaultKind.DANGLING, ("part", "edition")),
            "A row of part points to a missing row of edition: restore a backup.",
        ),
    ],
)
def test_each_fault_of_a_database_is_a_line_that_says_what_to_do(fault, said):
    assert described(fault) == said


async def test_a_new_installation_is_looked_over_in_order(url, tmp_path):
    first, disk, rights, clock, database, token = await look(url)
    assert first == Finding(WELL, "The settings can be read.")
    assert disk.mark is WELL
    assert disk.said.endswith(f" GB of disk are free in {tmp_path}.")
    assert rights == Finding(
        WELL, f"{tmp_path} can be written, and nobody else reads the database."
    )
    assert clock.said.startswith("The clock shows ")
    assert database == Finding(WELL, "There is no database yet: the first run makes it.")
    assert token == Finding(WELL, "No token is set: the local chat will run.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("DAYBRIEF_TOKEN", "DAYBRIEF_X in .env is no setting: did you mean DAYBRIEF_TOKEN?"),
        ("", "DAYBRIEF_X in .env is no setting: take it out."),
    ],
)
async def test_a_name_that_sets_nothing_comes_first(url, meant, said):
    unknown = UnknownName(name="DAYBRIEF_X", place=".env", meant=meant, is_typo=bool(meant))
    findings = await look(url, unknown=[unknown])
    assert findings[0] == Finding(ILL, said)
    assert findings[1] == Finding(WELL, "The settings can be read.")


# ---------------------------------------------------------------- feeds of one's own


async def look_at_feed(url, body, *, status=200, path="/feed", **changes):
    async with Web() as web:
        web.add(path.partition("?")[0], body, status=status, content_type="application/rss+xml")
        findings = await look(url, feeds=(web.url(path),), allow_local=(web.at,), **changes)
        return web.url(path), findings


def feed(*, title="Quay", language="en", items=ITEM):
    return RSS.format(title=title, language=language, items=items)


async def test_a_feed_that_can_be_read_is_named_with_what_it_lists(url):
    address, findings = await look_at_feed(url, feed(items=ITEM))
    assert findings[1] == Finding(WELL, f"{address}: Quay, 1 entries.")


async def test_the_query_of_an_address_is_not_shown(url):
    address, findings = await look_at_feed(url, feed(), path="/feed?key=geheim")
    assert findings[1].said == f"{address.removesuffix('key=geheim')}…: Quay, 1 entries."
    assert "geheim" not in str(findings)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (feed(items=""), 200, " lists no entries: take it out of DAYBRIEF_FEEDS."),
        (
            "<html></html>",
            200,
            ": the document is no feed; mend it in DAYBRIEF_FEEDS, or take it out.",
        ),
        (
            "",
            404,
            ": the feed is not there (404); mend it in DAYBRIEF_FEEDS, or take it out.",
        ),
    ],
)
async def test_a_feed_that_brings_nothing_is_ill_and_says_what_to_do(url, body, status, said):
    address, findings = await look_at_feed(url, body, status=status)
    assert ill(findings) == [f"{address}{said}"]


@pytest.mark.parametrize(
    ("language", "is_found"), [("la", False), ("la-VA", False), ("", False), ("en", True)]
)
async def test_a_language_of_no_outlet_is_ill_unless_a_feed_of_ones_own_may_have_it(
    url, language, is_found
):
    _, findings = await look_at_feed(url, feed(language=language), languages="en,la")
    said = (
        "No outlet of the catalogue writes in la: take it out of DAYBRIEF_LANGUAGES, "
        "or add feeds in it to DAYBRIEF_FEEDS."
    )
    assert ill(findings) == ([said] if is_found else [])


async def test_languages_that_the_catalogue_has_need_no_feed(url):
    assert ill(await look(url, languages="en,de,fr")) == []


# ---------------------------------------------------------------- disk, rights and clock


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (499_999_999, "0.5 GB of disk are free in {0}: make room, or move the database."),
        (500_000_000, None),
    ],
)
async def test_half_a_gigabyte_must_be_free(url, tmp_path, monkeypatch, free, said):
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=free))
    assert ill(await look(url)) == ([said.format(tmp_path)] if said else [])


@pytest.mark.parametrize(
    ("mode", "is_well"), [(0o600, True), (0o640, False), (0o604, False), (0o610, False)]
)
async def test_a_database_must_be_its_owners_alone(url, tmp_path, mode, is_well):
    async with fresh_database(url):
        path = tmp_path / "daybrief.db"
        path.chmod(mode)
        found = ill(await look(url))
    assert found == ([] if is_well else [f"Others may read {path}: chmod 600 {path}"])


@pytest.mark.parametrize(
    ("mode", "is_well"), [(0o700, True), (0o775, True), (0o702, False), (0o1777, True)]
)
async def test_nobody_else_may_put_files_beside_the_database(url, tmp_path, mode, is_well):
    tmp_path.chmod(mode)
    found = ill(await look(url))
    tmp_path.chmod(0o700)
    said = f"Anybody may put files into {tmp_path}: chmod o-w {tmp_path}"
    assert found == ([] if is_well else [said])


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2025, 6, 1, tzinfo=UTC), "The clock shows 2025-06-01 00:00 UTC: set it."),
        (datetime(2025, 6, 1, 0, 1, tzinfo=UTC), "The clock shows 2025-06-01 00:01 UTC."),
        (datetime(1970, 1, 1, tzinfo=UTC), "The clock shows 1970-01-01 00:00 UTC: set it."),
    ],
)
async def test_a_clock_older_than_this_program_is_wrong(url, monkeypatch, now, said):
    monkeypatch.setattr(doctor, "SystemClock", lambda: FakeClock(now))
    findings = await look(url)
    (clock,) = [found for found in findings if found.said.startswith("The clock")]
    assert clock == Finding(ILL if said.endswith("set it.") else WELL, said)


# ---------------------------------------------------------------- database, network and token


async def test_a_sound_database_and_a_bot_that_runs_on_it_are_told(url, tmp_path):
    async with fresh_database(url):
        with only_bot(tmp_path / "daybrief.db"):
            running = await look(url)
        resting = await look(url)
    runs = Finding(WELL, "The bot runs on this database.")
    assert Finding(WELL, f"The database {url} is sound.") in running
    assert runs in running
    assert runs not in resting


async def test_an_empty_file_is_not_yet_a_database(url, tmp_path):
    (tmp_path / "daybrief.db").touch(mode=0o600)
    findings = await look(url)
    assert Finding(WELL, "There is no database yet: the first run makes it.") in findings
    assert (tmp_path / "daybrief.db").stat().st_size == 0


@pytest.mark.parametrize("api_url", ["http://127.0.0.1:9/bot"])
async def test_a_telegram_out_of_reach_is_ill_and_says_what_to_check(url, api_url):
    (said,) = ill(await look(url, token=TOKEN, api_url=api_url))
    assert said.startswith("Telegram cannot be reached (")
    assert said.endswith("): check the network, DAYBRIEF_API_URL and DAYBRIEF_PROXY.")
    assert TOKEN.partition(":")[2] not in said


class FakeSources:
    """A catalogue of outlets for world news."""

    languages = frozenset({"en"})

    def __init__(self, *addresses):
        self._outlets = [type("Outlet", (), {"homepage": address}) for address in addresses]

    def for_topic(self, slug):
        return {"world": self._outlets}[slug]


async def test_of_four_outlets_three_are_asked_for_a_sign_of_life(url, monkeypatch):
    # Requests to one host keep a distance; these are two.
    async with Web() as first, Web("::1") as second:
        webs = [first, second, first, first]
        sources = FakeSources(*(web.add(f"/{n}", "Hello.") for n, web in enumerate(webs)))
        monkeypatch.setattr(doctor, "load_sources", lambda: sources)
        local = (first.at, second.at)
        findings = await look(url, builtin_feeds=True, allow_local=local)
        assert Finding(WELL, "3 of 3 outlets asked answer.") in findings
        assert sorted(first.paths() + second.paths()) == ["/0", "/1", "/2"]


async def test_a_network_that_is_there_is_no_error(monkeypatch):
    async with Web() as web:
        sources = FakeSources(web.add("/", "Hello."))
        monkeypatch.setattr(doctor, "load_sources", lambda: sources)
        await require_network(Settings(_env_file=None, allow_local=(web.at,)))


async def test_an_outlet_whose_page_is_too_large_is_a_network(monkeypatch):
    async with Web() as web:
        sources = FakeSources(web.add("/", b"x" * 5_000_001))
        monkeypatch.setattr(doctor, "load_sources", lambda: sources)
        await require_network(Settings(_env_file=None, allow_local=(web.at,)))


async def test_an_outlet_that_answers_is_a_network_and_none_is_not(url, monkeypatch):
    nowhere = "http://[::1]:9/"
    async with Web() as web:
        sources = FakeSources(nowhere, web.add("/a", "Hello."))
        monkeypatch.setattr(doctor, "load_sources", lambda: sources)
        local = (web.at, "[::1]:9")
        findings = await look(url, builtin_feeds=True, allow_local=local)
        assert Finding(WELL, "1 of 2 outlets asked answer.") in findings
    monkeypatch.setattr(doctor, "load_sources", lambda: FakeSources(nowhere))
    findings = await look(url, builtin_feeds=True, allow_local=local)
    assert ill(findings) == ["No outlet can be reached: check the network."]
    with pytest.raises(SetupError) as caught:
        await require_network(Settings(_env_file=None, allow_local=local))
    assert str(caught.value) == (
        "No outlet can be reached: check the network. "
        "The sample newsroom needs none: run without --live."
    )


async def test_without_the_catalogue_no_outlet_is_asked(url, monkeypatch):
    sources = FakeSources("http://127.0.0.1:9/")
    monkeypatch.setattr(doctor, "load_sources", lambda: sources)
    assert ill(await look(url, builtin_feeds=False)) == []


@pytest.mark.parametrize(
    ("faults", "mark", "more"),
    [
        ([Fault(FaultKind.OLDER, ("0001",))], WELL, ""),
        ([Fault(FaultKind.DAMAGED, ("page 3",))], ILL, ""),
        (
            [Fault(FaultKind.OLDER, ("0001",)), Fault(FaultKind.DAMAGED, ("page 3",))],
            ILL,
            " And 1 more: daybrief db check.",
        ),
        (
            [Fault(FaultKind.DAMAGED, (f"page {n}",)) for n in range(3)],
            ILL,
            " And 2 more: daybrief db check.",
        ),
    ],
)
async def test_of_the_faults_of_a_database_the_first_is_told_and_an_older_one_is_well(
    url, monkeypatch, faults, mark, more
):
    async def check(_database):
        return faults

    async with fresh_database(url):
        monkeypatch.setattr(doctor, "check", check)
        findings = await look(url)
    assert Finding(mark, described(faults[0]) + more) in findings


async def ask_telegram(database_url, *, probe_s=0.01, **answers):
    """Return what is found of a Telegram that gives these answers, each (status, fields)."""
    known = {
        "getMe": (200, {"result": BOT}),
        "getWebhookInfo": (200, {"result": {"url": ""}}),
        "getUpdates": (200, {"result": []}),
    } | answers
    async with Web() as web:
        for name, (status, fields) in known.items():
            body = json.dumps({"ok": status == 200, **fields})
            web.add(f"/bot{TOKEN}/{name}", body, status=status, content_type="application/json")
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            builtin_feeds=False,
            token=TOKEN,
            api_url=web.url("/bot"),
        )
        found = [each async for each in examine(settings, probe_s=probe_s)]
        return found, [path.rpartition("/")[2] for path in web.paths()]


CONFLICT = (409, {"error_code": 409, "description": "Conflict: terminated by other getUpdates"})


async def test_a_token_that_telegram_knows_and_nobody_else_uses_is_well(url):
    findings, asked = await ask_telegram(url)
    assert findings[-2:] == [
        Finding(WELL, f"Telegram knows the token: @{BOT['username']}."),
        Finding(WELL, "Nobody else asks Telegram for the bot's messages."),
    ]
    assert asked == ["getMe", "getWebhookInfo", "getUpdates"]


async def test_another_process_that_polls_is_ill_beside_a_database_of_ones_own(url):
    findings, _ = await ask_telegram(url, getUpdates=CONFLICT)
    assert findings[-1] == Finding(
        ILL,
        "Another process asks Telegram for the bot's messages: "
        "stop it, or get it a token of its own from @BotFather.",
    )


async def test_the_usual_database_is_ones_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    findings, _ = await ask_telegram("", getUpdates=CONFLICT)
    assert findings[-1].mark is ILL


async def test_beside_a_database_that_others_may_use_who_polls_is_left_open():
    url = "postgresql+psycopg://daybrief@127.0.0.1:9/daybrief"
    findings, _ = await ask_telegram(url, getUpdates=CONFLICT)
    assert findings[-1] == Finding(
        OPEN,
        "Another process asks Telegram for the bot's messages: "
        "stop it, unless it is daybrief on this database.",
    )


async def test_without_time_for_it_nobody_is_asked_who_polls(url):
    findings, asked = await ask_telegram(url, probe_s=0.0, getUpdates=CONFLICT)
    assert "getUpdates" not in asked
    assert findings[-1].said.startswith("Telegram knows the token")


async def test_a_webhook_is_ill_and_told_by_its_host_alone(url):
    webhook = {"result": {"url": "https://hook.example/key?geheim", "pending_update_count": 0}}
    webhook["result"]["has_custom_certificate"] = False
    findings, asked = await ask_telegram(url, getWebhookInfo=(200, webhook))
    assert ill(findings) == [
        "A webhook is set, and hook.example gets the bot's messages: end what set it; "
        "the next run takes the webhook away."
    ]
    assert "getUpdates" not in asked


@pytest.mark.parametrize("answer", [{}, [], True, "x"])
async def test_a_server_that_is_not_telegrams_is_ill(url, answer):
    findings, _ = await ask_telegram(url, getMe=(200, {"result": answer}))
    assert ill(findings) == ["127.0.0.1 does not answer as Telegram does: check DAYBRIEF_API_URL."]


async def test_a_token_that_telegram_rejects_is_ill(url):
    refused = (401, {"error_code": 401, "description": "Unauthorized"})
    findings, _ = await ask_telegram(url, getMe=refused)
    assert ill(findings) == [
        "Telegram rejects the token: copy it again from @BotFather to DAYBRIEF_TOKEN."
    ]

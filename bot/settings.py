"""Configuration: environment variables and ``.env``, read nowhere else.

``python -m bot.settings`` prints ``.env.example``; a test keeps the file equal to it.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    SettingsConfigDict,
)
from rapidfuzz.distance import OSA
from yarl import URL

from bot.errors import SetupError
from bot.iso639 import ISO_639_1
from bot.settings_fields import (
    Words,
    check_database_url,
    is_local_address,
    is_web_url,
    refuse_control,
)
from bot.settings_file import ENCODING, readable_file

__all__ = ["Settings", "UnknownName", "env_example", "load_settings", "unknown_names"]

ENV_PREFIX = "DAYBRIEF_"
# Names of our tests' own.
_TEST_PREFIX = "DAYBRIEF_TEST_"
# Telegram's form: the bot's numeric id, a colon, 35 characters (seen: 30 and more).
_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,100}")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{1,8})*")
# Browsers send up to 250; servers refuse heads of 8 KB.
_MAX_USER_AGENT_CHARS = 500
# Ten years, for what is kept: far from where dates end.
_MAX_DAYS = 3650


class Settings(BaseSettings):
    """The settings of this bot. Every field is an environment variable ``DAYBRIEF_NAME``."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    token: SecretStr = Field(
        SecretStr(""),
        description="The bot's token from @BotFather. Empty: a local chat with sample news.",
    )
    database_url: str = Field(
        "",
        description="Where memory lives: sqlite+aiosqlite:///FILE or postgresql+psycopg://...\n"
        "Empty: data/daybrief.db; the local chat uses a fresh file each time.",
    )
    default_time: str = Field(
        "07:30", description="The local time of the first schedule of a new reader."
    )
    languages: Words = Field(
        (),
        description="Languages of articles for readers who chose none, such as en,de.\n"
        "Empty: each reader's own.",
    )
    feeds: Words = Field(
        (), description="Feeds to poll for every topic beside the built-in ones, as URLs."
    )
    builtin_feeds: bool = Field(
        True, description="Whether topics bring the feeds of the built-in catalogue along."
    )
    allow_local: Words = Field(
        (),
        description="Non-public addresses that may be fetched, as host:port. For local use.",
    )
    tryout_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="The port of the local chat page. Empty: 8080, or the next free one.",
    )
    api_url: str = Field(
        "https://api.telegram.org/bot", description="The Bot API, up to and with /bot."
    )
    proxy: str = Field("", description="An HTTP proxy towards Telegram. Empty: none.")
    messages_per_s: float = Field(
        25.0,
        ge=0.1,
        le=1000,
        allow_inf_nan=False,
        description="Overall pace of messages; over 30 needs paid broadcast.",
    )
    summary_method: str = Field(
        "",
        description="Who chooses the sentences for readers who did not say: centroid, lead, or\n"
        "another of summarizers.METHODS. Empty: centroid, which reads best.",
    )
    article_days: int = Field(
        30, ge=1, le=_MAX_DAYS, description="Days an article is kept unless quoted."
    )
    told_days: int = Field(
        90, ge=1, le=_MAX_DAYS, description="Days we remember what a reader was told."
    )
    workers: int = Field(
        2, ge=1, le=64, description="Processes for parsing and summarizing, started on demand."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    user_agent: str = Field(
        "daybrief/0.1 (news briefing bot)", description="How we introduce ourselves to publishers."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, value: object, info: ValidationInfo) -> object:
        """Drop the blanks around a pasted value; read ``a, b c`` as three words.

        What is blank altogether is not set.
        """
        if not isinstance(value, str):
            return value
        assert info.field_name is not None
        field = cls.model_fields[info.field_name]
        if not value.strip():
            return field.default
        if isinstance(field.default, tuple):
            words = dict.fromkeys(word for word in re.split(r"[\s,]+", value) if word)
            refuse_control("".join(words))
            return tuple(words)
        refuse_control(value.strip())
        if "_" in value and field.annotation in (int, float, int | None):  # 1_0 would be 10
            raise ValueError("it must be a number")
        return value.strip()

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it does not look like 123456:ABC… as @BotFather gives it")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        check_database_url(value)
        return value

    @field_validator("default_time")
    @classmethod
    def _check_time(cls, value: str) -> str:
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            raise ValueError("it must be a time such as 07:30")
        return value

    @field_validator("languages")
    @classmethod
    def _check_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Take ``EN``, ``en-US`` and ``en_GB`` for en."""
        matches = [_LANGUAGE.fullmatch(word) for word in value]
        codes = dict.fromkeys(match[1].lower() if match else "" for match in matches)
        if not ISO_639_1.issuperset(codes):
            raise ValueError("each must be a language's two letters (ISO 639-1), such as en or de")
        return tuple(codes)

    @field_validator("feeds")
    @classmethod
    def _check_feeds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not is_web_url(url):
                raise ValueError(
                    "each must be an http(s) URL with a host; a comma inside is written %2C"
                )
            if URL(url).user is not None:
                raise ValueError("feeds behind a name or password are not read")
        return value

    @field_validator("allow_local")
    @classmethod
    def _check_allowed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(is_local_address, value)):
            raise ValueError("each must be host:port, [ipv6]:port or a network as 192.168.1.0/24")
        return value

    @field_validator("api_url")
    @classmethod
    def _check_api(cls, value: str) -> str:
        # The token follows at once: without /bot before it, it would become part of the host.
        if not is_web_url(value) or not URL(value).path.endswith("/bot") or set("?#") & {*value}:
            raise ValueError("it must be an http(s) URL that ends with /bot")
        return value

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, value: str) -> str:
        if value and not is_web_url(value):
            raise ValueError("it must be an http(s) URL with a host")
        return value

    @field_validator("summary_method")
    @classmethod
    def _check_method(cls, value: str) -> str:
        from summarizers import METHODS  # noqa: PLC0415 - its libraries take time to load

        if value and value.lower() not in METHODS:
            raise ValueError(f"it must be one of {', '.join(METHODS)}")
        return value.lower()

    @field_validator("log_level")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("it must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("user_agent")
    @classmethod
    def _check_user_agent(cls, value: str) -> str:
        if max(value) > "\xff" or len(value) > _MAX_USER_AGENT_CHARS:
            raise ValueError(f"it must be at most {_MAX_USER_AGENT_CHARS} latin characters")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownName:
    """A ``DAYBRIEF_`` name that is no setting, and the setting that may be meant, or "".

    ``place`` is where it is set. ``is_typo`` says that nothing else can be meant.
    """

    name: str
    place: str
    meant: str
    is_typo: bool


def load_settings(env_file: Path | None = None, **overrides: Any) -> Settings:
    """Return the settings of this process; raise SetupError with one line on the first fault.

    ``overrides`` take precedence over environment variables, and these over ``env_file``. If
    that is None, ``.env`` of the current folder is read, which may be missing; another file that
    is missing is a SetupError. The line never contains a value, since that may be a secret. Names
    that are no setting are passed over, in ``overrides`` too: see ``unknown_names``.
    """
    file: dict[str, Any] = {
        "_env_file": readable_file(env_file, ENV_PREFIX),
        "_env_file_encoding": ENCODING,
    }
    try:
        return Settings(**file, **overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ENV_PREFIX + str(first["loc"][0]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise SetupError(f"{name} is not usable: {reason}.") from None


def unknown_names(env_file: Path | None = None) -> list[UnknownName]:
    """Return the ``DAYBRIEF_`` names in the environment and in ``env_file`` that set nothing.

    In capitals and sorted, those of the environment first; one that stands in both comes twice,
    and one without a value counts. Names of our tests are left out. ``env_file`` is as for
    ``load_settings``. Raises SetupError if the file cannot be read.
    """
    sources = {"the environment": EnvSettingsSource(Settings, env_ignore_empty=False)}
    if path := readable_file(env_file, ENV_PREFIX):
        sources[str(path)] = DotEnvSettingsSource(
            Settings, env_file=path, env_file_encoding=ENCODING, env_ignore_empty=False
        )
    return [
        _unknown(name.upper(), place)
        for place, source in sources.items()
        for name in sorted(source.env_vars, key=str.upper)
        if name.upper().startswith(ENV_PREFIX)
        and not name.upper().startswith(_TEST_PREFIX)
        and name.lower().removeprefix(ENV_PREFIX.lower()) not in Settings.model_fields
    ]


def env_example() -> str:
    """Return the text of ``.env.example``: every setting, described and commented out."""
    lines = ["# Copy to .env and change what you need. Every line is optional."]
    for name, field in Settings.model_fields.items():
        lines += ["", *(f"# {line}" for line in (field.description or "").splitlines())]
        lines.append(f"#{ENV_PREFIX}{name.upper()}={_shown(field.default)}")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    match default:
        case None:
            return ""
        case SecretStr():
            return default.get_secret_value()
        case bool():
            return str(default).lower()
        case str():
            return default
        case Iterable():
            return ",".join(map(str, default))
    return str(default)


def _unknown(name: str, place: str) -> UnknownName:
    word = name.removeprefix(ENV_PREFIX)
    known = [field.upper() for field in Settings.model_fields]
    nearest = min(known, key=lambda field: OSA.distance(word, field))
    # A letter of a short name, two of a long one: PROD is not PROXY, and PORT no setting.
    is_typo = OSA.distance(word, nearest) <= min(len(nearest) // 4, 2)
    alike = [nearest] if is_typo else difflib.get_close_matches(word, known, n=1)
    meant = f"{ENV_PREFIX}{alike[0]}" if alike else ""
    return UnknownName(name=name, place=place, meant=meant, is_typo=is_typo)


if __name__ == "__main__":
    print(env_example(), end="")

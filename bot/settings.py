"""The one place where configuration enters: environment variables and ``.env``.

``python -m bot.settings`` prints ``.env.example``; a test keeps the file equal to it.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SetupError

__all__ = ["Settings", "env_example", "load_settings"]

ENV_PREFIX = "DAYBRIEF_"
# Telegram's form: the bot's numeric id, a colon, 35 characters (seen: 30 and more).
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,100}")
_DATABASES = ("sqlite+aiosqlite", "postgresql+psycopg")

Words = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """How this bot is set up. Every field is an environment variable ``DAYBRIEF_NAME``."""

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
        description="Languages of the articles new readers get, such as en,de. Empty: any.",
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
        25.0, gt=0, le=1000, description="Overall pace of messages; over 30 needs paid broadcast."
    )
    article_days: int = Field(30, ge=1, description="Days an article is kept unless quoted.")
    told_days: int = Field(90, ge=1, description="Days we remember what a reader was told.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    user_agent: str = Field(
        "daybrief/0.1 (news briefing bot)", description="How we introduce ourselves to publishers."
    )

    @field_validator("languages", "feeds", "allow_local", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read ``a, b c`` as three words."""
        return tuple(re.split(r"[\s,]+", value.strip())) if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it does not look like 123456:ABC… as @BotFather gives it")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        if value and not value.startswith(tuple(f"{name}://" for name in _DATABASES)):
            raise ValueError(f"it must begin with {'://… or '.join(_DATABASES)}://…")
        return value

    @field_validator("default_time")
    @classmethod
    def _check_time(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("it must be a time such as 07:30")
        return value

    @field_validator("api_url", "proxy")
    @classmethod
    def _check_url(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("it must be an http(s) URL")
        return value

    @field_validator("log_level")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("it must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of this process, or raise SetupError with one line on the first fault.

    ``overrides`` go before environment variables, which go before ``.env``. The line
    never repeats a value, since that may be a secret.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ENV_PREFIX + str(first["loc"][0]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise SetupError(f"{name} is not usable: {reason}.") from None
    except UnicodeDecodeError:
        raise SetupError(f"{Path('.env').absolute()} is not UTF-8 text.") from None


def env_example() -> str:
    """Return the text of ``.env.example``: every setting, said and commented out."""
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


if __name__ == "__main__":
    print(env_example(), end="")

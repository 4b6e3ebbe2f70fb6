"""The file of settings, ``.env``: whether it can be read, and whether each of its lines counts.

python-dotenv passes over what it cannot read, and takes the last of several values: a token
without its closing quote would be no token, and a changed line no change.
"""

import io
import re
from pathlib import Path

from dotenv.parser import parse_stream

from bot.errors import SetupError

__all__ = ["ENCODING", "readable_file"]

# Some editors begin a file with a byte order mark.
ENCODING = "utf-8-sig"
_USUAL = Path(".env")
# What people put before a name: "set DAYBRIEF_TOKEN=", "- DAYBRIEF_TOKEN=". Comments are none.
_BEGIN = r"^[^\w#\r\n]*(?:(?:export|set)[^\w\r\n]+)?"


def readable_file(env_file: Path | None, prefix: str) -> Path | None:
    """Return the file of settings, None where there is none.

    That is ``env_file``, or ``.env`` of the current folder, which may be missing. Raises
    SetupError if it cannot be read or is not UTF-8 text; if a line that begins with ``prefix``,
    in any case, sets nothing; or if one such name is given two values. No value is repeated.
    Lines without such a name are of other programs.
    """
    path = env_file or _USUAL
    try:
        if env_file is None and not path.exists():
            return None
        text = path.read_text(ENCODING)
        if not path.is_file():  # a pipe is empty now
            raise SetupError(f"{path.absolute()} is no file.")
    except UnicodeDecodeError:
        raise SetupError(f"{path.absolute()} is not UTF-8 text.") from None
    except OSError as error:
        raise SetupError(f"{path.absolute()} cannot be read: {error.strerror}.") from None
    except ValueError:  # a NUL, or an unpaired surrogate, in its name
        raise SetupError("The file of settings has a name that no file can have.") from None
    _check_lines(path, text, prefix)
    return path


def _check_lines(path: Path, text: str, prefix: str) -> None:
    # "DAYBRIEF-TOKEN" is meant for a name, too.
    word = prefix.removesuffix("_") + r"[_ .-][\w.-]*"
    named = re.compile(f"{_BEGIN}({word})", re.IGNORECASE | re.MULTILINE)
    seen: dict[str, tuple[str, int]] = {}
    for binding in parse_stream(io.StringIO(text)):
        original = binding.original
        # Several, where a quote that is not closed takes in the lines that follow.
        for found in named.finditer(original.string):
            name = re.sub(r"\W", "_", found[1]).upper()
            line = original.line + original.string.count("\n", 0, found.start(1))
            value = None if binding.error else binding.value
            if value is None or (binding.key or "").upper() != name:
                raise SetupError(
                    f"{name} is not usable: line {line} of {path.absolute()} must be "
                    f"{name}=VALUE, and each quote be closed."
                )
            first, before = seen.setdefault(name, (value, line))
            if first != value:
                raise SetupError(
                    f"{name} is not usable: it stands twice in {path.absolute()}, "
                    f"in lines {before} and {line}."
                )

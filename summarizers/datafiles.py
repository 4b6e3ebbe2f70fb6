"""The data files of this package."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["load"]


@lru_cache(maxsize=8)
def load(name: str) -> dict[str, Any]:
    """Return the data file ``name``.json: an entry for each language code.

    Read once per process, then shared: not to be changed. Raises FileNotFoundError if there
    is none.
    """
    text = files(__package__).joinpath("data", f"{name}.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data

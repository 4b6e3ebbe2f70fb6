"""What tests of the whole program share."""

import io
import logging
import os
import sys

import pytest

from bot.logs import set_up_logging
from tests.fakes.house import TOKEN


@pytest.fixture
def log():
    """All that is logged, at the chattiest level."""
    root = logging.getLogger()
    before = root.level, list(root.handlers), sys.excepthook
    stream = io.StringIO()
    set_up_logging("DEBUG", secrets=[TOKEN], stream=stream)
    yield stream
    root.setLevel(before[0])
    for handler in [h for h in root.handlers if h not in before[1]]:
        root.removeHandler(handler)
    sys.excepthook = before[2]
    logging.captureWarnings(capture=False)


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Set environment variables for a program that runs in an empty folder."""
    for name in [name for name in os.environ if name.startswith("DAYBRIEF_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def change(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"DAYBRIEF_{name.upper()}", str(value))

    before = logging.getLogger().level, list(logging.getLogger().handlers)
    yield change
    logging.getLogger().setLevel(before[0])
    logging.getLogger().handlers = before[1]
    logging.captureWarnings(capture=False)

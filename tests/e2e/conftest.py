"""What tests of the whole program share."""

import logging
import os

import pytest


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

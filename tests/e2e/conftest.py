"""The fixture ``log`` for tests of the whole program."""

import io
import logging
import sys

import pytest

from bot.logs import set_up_logging
from tests.fakes.house import TOKEN


@pytest.fixture
def log():
    """Yield a stream of all that is logged, from the level DEBUG; logging is restored after it."""
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

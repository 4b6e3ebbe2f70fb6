"""What tests of the whole program share."""

import io
import logging
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

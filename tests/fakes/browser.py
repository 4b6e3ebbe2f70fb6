"""A real Chromium, and the real bot in a separate process, whose chat page it opens."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["MISSING", "MISSING_AXE", "accessibility_faults", "chromium", "running_tryout"]

_PATH = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "" if _PATH else "Chromium is not installed"
MISSING_AXE = "" if find_spec("axe_playwright_python") else "axe-playwright-python is not installed"
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update"
)
_START_S = 60.0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless browser whose own background traffic is switched off."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_PATH, args=_ARGUMENTS.split())
        yield browser
        browser.close()


def accessibility_faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page as it is now: rule, element and what to do.

    By all its rules but the experimental ones. Raises AssertionError if it looked at nothing.
    """
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 10
    return [
        f"{fault['id']}: {node['html'][:120]}: {' '.join(node['failureSummary'].split())[:300]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@contextmanager
def running_tryout() -> Iterator[str]:
    """Run ``python -m bot run`` without a token; yield the URL of its chat page.

    Raises AssertionError with the program's output if no page is announced within 60 s, and
    if the program does not end with code 0 when it is terminated.
    """
    root = Path(__file__).parents[2]
    clean = {name: value for name, value in os.environ.items() if "DAYBRIEF" not in name}
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=root,
            env=clean,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _page(process, output)
        finally:
            process.terminate()
            assert process.wait(10) == 0


def _page(process, output) -> str:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        output.seek(0)
        found = re.search(r"Chat with the bot: (\S+)", output.read())
        if found:
            return found[1]
        time.sleep(0.2)
    output.seek(0)
    raise AssertionError(output.read())

"""What the program gives back to the system of the memory it does not use."""

import mmap
import sys
from importlib import metadata
from pathlib import Path

import pytest

from bot.collector import trim


def _resident_kib(file: str) -> int:
    """Return how much of a file is mapped and held by this process, by proc(5)."""
    resident, is_its = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if not line.split(maxsplit=1)[0].endswith(":"):
            is_its = line.endswith(file)
        elif is_its and line.startswith("Rss:"):
            resident += int(line.split()[1])
    return resident


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nothing in /proc")
def test_pages_of_files_that_were_read_once_are_given_back_and_read_again():
    # No other process has it open: pages that are shared stay.
    files = metadata.files("blingfire") or ()
    library = next(Path(file.locate()) for file in files if file.suffix == ".so")
    content = library.read_bytes()
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:] == content
        held = _resident_kib(str(library))
        trim()
        assert _resident_kib(str(library)) < held / 2
        assert mapped[:] == content


def test_memory_we_wrote_to_stays_as_it_is():
    written = bytearray(b"news " * 1_000_000)
    trim()
    assert written == b"news " * 1_000_000

"""What the program gives back to the system of the memory it does not use."""

import ctypes
import gc
import mmap
import sys
import weakref
from pathlib import Path

import pytest

from bot.memory import settle, trim


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
def test_pages_of_files_that_were_read_once_are_given_back_and_read_again(tmp_path):
    content = b"news " * 1_000_000
    path = tmp_path / "library"
    path.write_bytes(content)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:] == content
        assert _resident_kib(str(path)) > 4_000
        trim()
        assert _resident_kib(str(path)) == 0
        assert mapped[:] == content


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nothing in /proc")
def test_pages_of_files_that_were_written_to_keep_what_was_written(tmp_path):
    path = tmp_path / "library"
    path.write_bytes(b"news " * 1_000)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        mapped[:4] = b"olds"
        trim()
        # As the linker does with relocations: written, then locked.
        address = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
        assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), mmap.PAGESIZE, 1) == 0
        trim()
        assert mapped[:9] == b"olds news"


def test_memory_we_wrote_to_stays_as_it_is():
    written = bytearray(b"news " * 1_000_000)
    trim()
    assert written == b"news " * 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nothing in /proc")
def test_pages_of_a_file_that_we_may_write_to_stay(tmp_path):
    path = tmp_path / "library"
    path.write_bytes(b"news " * 1_000_000)
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        assert mapped[:] == b"news " * 1_000_000
        trim()
        assert _resident_kib(str(path)) > 4_000


def test_a_system_without_proc_keeps_its_pages(monkeypatch):
    def missing(*_):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    trim()


class Node:
    """Something that keeps itself alive until the garbage is collected."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def _collector():
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_collector")
def test_what_is_there_at_the_start_is_no_garbage_and_is_not_looked_through_again():
    garbage = weakref.ref(Node())
    gc.unfreeze()
    settle()
    assert garbage() is None
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == (10_000, 20, 50)

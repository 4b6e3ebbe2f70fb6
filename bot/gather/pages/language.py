"""Language detection."""

import mmap
import tempfile
from array import array
from functools import cache
from itertools import islice
from typing import Any

__all__ = ["detect_language", "let_go_of_model"]

# With fewer letters any result is a guess, however confident the classifier.
_MIN_LETTERS = 20
_MIN_CONFIDENCE = 0.7
_SAMPLE_CHARS = 2_000
# The memory-mapped files of the model's tables.
_maps: list[mmap.mmap] = []


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of ``text``, or "" where it is not certain.

    The first 2,000 characters decide, at least 20 of them letters. Blocks; the first call in a
    process imports numpy and loads the model, which takes a second or more and 100 MB of temporary
    files: meant for worker processes. Raises OSError if there is no room for these.
    """
    sample = text[:_SAMPLE_CHARS]
    letters = islice(filter(str.isalpha, sample), _MIN_LETTERS)
    if sum(1 for _ in letters) < _MIN_LETTERS:
        return ""
    language, confidence = _identifier().classify(sample)
    # Of three letters are languages without such a code, and "zxx": none at all.
    return str(language) if confidence >= _MIN_CONFIDENCE and len(language) == 2 else ""


def let_go_of_model() -> None:
    """Release the memory of the model's pages; they are read again when needed.

    May be called at any time, also without a model. Does nothing on Windows.
    """
    if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        for table in _maps:
            table.madvise(mmap.MADV_DONTNEED)


@cache
def _identifier() -> Any:
    """Return the classifier with its large tables in memory-mapped files."""
    # Imported when needed: it brings numpy, and only workers detect languages.
    import numpy as np  # noqa: PLC0415
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415
    from py3langid.modelio import load_model  # noqa: PLC0415

    weights, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    # Kept in half precision, each text would have its rows converted: twice the time.
    weights = weights.astype("float32")
    identifier = LanguageIdentifier(
        np.frombuffer(_mapped(memoryview(weights)), "float32").reshape(weights.shape),
        priors,
        languages,
        _mapped_array(moves),
        _mapped_array(array("i", features)),
        norm_probs=True,
        tk_row=rows,
    )
    # Where each state's row begins is a list of 100,000 integers in py3langid 0.4, 4 MB.
    identifier._rowbase = _mapped_array(array("I", identifier._rowbase))  # noqa: SLF001
    return identifier


def _mapped_array(values: "array[int]") -> memoryview:
    """Return ``values``, mapped as by ``_mapped``."""
    return memoryview(_mapped(memoryview(values))).cast(values.typecode)


def _mapped(values: memoryview) -> mmap.mmap:
    """Return the bytes of ``values``, mapped from an unnamed file: read on demand.

    The model has 96 MB. Of these an idle process holds nothing, and working ones share what
    they read, in the system's page cache.
    """
    with tempfile.TemporaryFile() as file:
        file.write(values)
        file.flush()
        _maps.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return _maps[-1]

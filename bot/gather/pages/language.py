"""Which language a text is in."""

import mmap
import tempfile
from functools import cache
from itertools import islice
from typing import Any

__all__ = ["detect_language", "let_go_of_model"]

# Fewer letters than this are a guess, whatever a classifier says.
_MIN_LETTERS = 20
_MIN_CONFIDENCE = 0.7
_SAMPLE_CHARS = 2_000
# The model's tables, as files.
_maps: list[mmap.mmap] = []


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of ``text``, or "" where we are not sure."""
    sample = text[:_SAMPLE_CHARS]
    letters = islice(filter(str.isalpha, sample), _MIN_LETTERS)
    if sum(1 for _ in letters) < _MIN_LETTERS:
        return ""
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= _MIN_CONFIDENCE else ""


def let_go_of_model() -> None:
    """Give back the memory of what was read of the model; it is read again when needed."""
    if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        for table in _maps:
            table.madvise(mmap.MADV_DONTNEED)


@cache
def _identifier() -> Any:
    # Imported when needed: it brings numpy, and only workers detect languages.
    import numpy as np  # noqa: PLC0415
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415
    from py3langid.modelio import load_model  # noqa: PLC0415

    weights, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    # Kept in half precision, each text would have its rows converted: twice the time.
    weights = weights.astype("float32")
    return LanguageIdentifier(
        np.frombuffer(_mapped(memoryview(weights)), "float32").reshape(weights.shape),
        priors,
        languages,
        memoryview(_mapped(memoryview(moves))).cast(moves.typecode),
        features,
        norm_probs=True,
        tk_row=rows,
    )


def _mapped(values: memoryview) -> mmap.mmap:
    """Return ``values`` as the bytes of a file without a name, which take memory when read.

    The model has 96 MB. Of these an idle process reads nothing, and working ones share what
    they read, in the system's cache of files.
    """
    with tempfile.TemporaryFile() as file:
        file.write(values)
        file.flush()
        _maps.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return _maps[-1]

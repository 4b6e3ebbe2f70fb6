"""Which language a text is in."""

from functools import cache
from itertools import islice
from typing import Any

__all__ = ["detect_language"]

# Fewer letters than this are a guess, whatever a classifier says.
_MIN_LETTERS = 20
_MIN_CONFIDENCE = 0.7
_SAMPLE_CHARS = 2_000


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of ``text``, or "" where we are not sure."""
    sample = text[:_SAMPLE_CHARS]
    letters = islice(filter(str.isalpha, sample), _MIN_LETTERS)
    if sum(1 for _ in letters) < _MIN_LETTERS:
        return ""
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= _MIN_CONFIDENCE else ""


@cache
def _identifier() -> Any:
    # Imported when needed: it brings numpy, and only workers detect languages.
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE, norm_probs=True)
    # Kept in half precision, each text would have its rows converted: twice the time.
    identifier.nb_ptc = identifier.nb_ptc.astype("float32")
    return identifier

"""Every sentence we say, in the reader's language; dates, times and numbers in its order."""

from bot.texts.catalogues import LANGUAGES, SOURCE_LANGUAGE, translations_for
from bot.texts.reasons import explain
from bot.texts.texts import Texts, is_language, sentence, texts_for

__all__ = [
    "LANGUAGES",
    "SOURCE_LANGUAGE",
    "Texts",
    "explain",
    "is_language",
    "sentence",
    "texts_for",
    "translations_for",
]

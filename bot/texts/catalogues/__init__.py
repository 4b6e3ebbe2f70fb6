"""The translations: one ``<language>.po`` each, with the English sentences as msgids."""

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["LANGUAGES", "SOURCE_LANGUAGE", "translations_for"]

# The msgids are written in it, so it needs no catalogue.
SOURCE_LANGUAGE = "en"


_names = (entry.name for entry in files(__name__).iterdir())
LANGUAGES: tuple[str, ...] = (
    SOURCE_LANGUAGE,
    *sorted(name.removesuffix(".po") for name in _names if name.endswith(".po")),
)


@cache
def translations_for(language: str) -> gettext.NullTranslations:
    """Return the translations into ``language``, one of ``LANGUAGES``; cached.

    The catalogue is compiled in memory: the ``.po`` that people edit is the only copy,
    and no build step can be forgotten. That takes some 0.05 s. An untranslated sentence comes
    back in English. Raises FileNotFoundError for another language.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    source = files(__name__).joinpath(f"{language}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

"""Country names in many languages, out of CLDR into the catalogue's data.

``python -m bot.topics.territories`` writes catalog/territories.json anew. The names are data
rather than read at run time because opening some thirty locales takes longer than all of
``load_topics``.
"""

import json
from pathlib import Path

from babel import Locale

__all__ = ["LOCALES", "territories", "write"]

# The languages of most feeds and readers.
LOCALES = (
    *("ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id"),
    *("it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
    "zh_Hant",
)
CATALOG = Path(__file__).parent / "catalog"


def territories(codes: list[str]) -> dict[str, dict[str, str]]:
    """Return the names of each ISO 3166 code of ``codes``, in their order, by locale.

    The locales are LOCALES; the first call reads them, which takes about a second. Raises
    KeyError for a code that CLDR does not have.
    """
    names = {locale: Locale.parse(locale).territories for locale in LOCALES}
    return {code: {locale: names[locale][code] for locale in LOCALES} for code in codes}


def write(catalog: Path = CATALOG) -> None:
    """Write the names of the countries in ``catalog`` into its territories.json.

    Reads countries.json there; replaces the file, in the order of the codes. Raises ValueError
    for a file that is no JSON, TypeError for one that is no list of objects, KeyError for a
    country without a code, or one that CLDR does not have; nothing is written then. Raises
    OSError; if in writing, the file may be left cut short.
    """
    countries = json.loads((catalog / "countries.json").read_text("utf-8"))
    codes = sorted(country["territory"] for country in countries)
    lines = (
        f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}"
        for code, names in territories(codes).items()
    )
    (catalog / "territories.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    write()

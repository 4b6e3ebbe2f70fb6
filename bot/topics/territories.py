"""Country and city names in many languages, out of CLDR into the catalogue's data.

``python -m bot.topics.territories`` writes catalog/territories.json and catalog/cities.json
anew. The names are data rather than read at run time because opening some seventy locales takes
longer than all of ``load_topics``.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

from bot.topics.aliases import plain
from bot.topics.fold import fold

__all__ = ["LOCALES", "NAME_LOCALES", "cities", "territories", "write"]

# The languages of most feeds and readers: a topic is shown by its name in these.
NAME_LOCALES = (
    *("ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id"),
    *("it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
    "zh_Hant",
)
# All whose names are looked for in articles.
LOCALES = (
    *NAME_LOCALES,
    *("am", "az", "be", "bg", "bs", "ca", "et", "eu", "fil", "gl", "gu", "hr", "hy", "is", "ka"),
    *("kk", "km", "kn", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "ne", "pa", "si"),
    *("sk", "sl", "sq", "sr", "sr_Latn", "sw", "ta", "te", "ur", "uz"),
)
CATALOG = Path(__file__).parent / "catalog"


def territories(codes: list[str]) -> dict[str, dict[str, str]]:
    """Return the names of each ISO 3166 code of ``codes``, in their order, by locale.

    The locales are LOCALES; the first call reads them, which takes about a second. Raises
    KeyError for a code that CLDR does not have.
    """
    names = {locale: Locale.parse(locale).territories for locale in LOCALES}
    return {code: {locale: names[locale][code] for locale in LOCALES} for code in codes}


def cities(countries: Iterable[dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Return the names of cities by ISO 3166 code and locale, without those written as in English.

    CLDR names the city of each time zone. Those of a country that its entry in ``countries``
    knows by their English name are taken: capitals, and a dozen others. Reads LOCALES, too.
    """
    zones: dict[str, list[str]] = {}
    for zone, code in get_global("zone_territories").items():
        zones.setdefault(code, []).append(zone)
    names = {locale: Locale.parse(locale).time_zones for locale in LOCALES}
    found: dict[str, dict[str, list[str]]] = {}
    for country in sorted(countries, key=lambda country: str(country["territory"])):
        known = {
            fold(plain(word))
            for language in ("any", "en")
            for kind in ("capital", "other")
            for word in country["words"].get(language, {}).get(kind, ())
        }
        for zone in sorted(zones.get(country["territory"], ())):
            english = zone.rpartition("/")[2].replace("_", " ")
            if fold(english) not in known:
                continue
            for locale in LOCALES:
                city = names[locale].get(zone, {}).get("city", english)
                if fold(city) not in known:
                    here = found.setdefault(country["territory"], {})
                    here.setdefault(locale, []).append(city)
    return found


def write(catalog: Path = CATALOG) -> None:
    """Write the names of the countries in ``catalog`` into its territories.json and cities.json.

    Reads countries.json there; replaces the files, in the order of the codes. Raises ValueError
    for a file that is no JSON, TypeError for one that is no list of objects, KeyError for a
    country without a code, or one that CLDR does not have; nothing is written then. Raises
    OSError; if in writing, a file may be left cut short.
    """
    countries = json.loads((catalog / "countries.json").read_text("utf-8"))
    codes = sorted(country["territory"] for country in countries)
    for name, data in (("territories", territories(codes)), ("cities", cities(countries))):
        lines = (
            f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}"
            for code, names in data.items()
        )
        (catalog / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    write()

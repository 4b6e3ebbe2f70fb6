"""Texts in a reader's language: sentences by gettext; dates, numbers and lists by Babel."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.iso639 import ISO_639_1
from bot.texts.bidi import commands_isolated
from bot.texts.catalogues import LANGUAGES, SOURCE_LANGUAGE, translations_for

__all__ = ["Texts", "is_language", "sentence", "texts_for"]

# Where a language is given without a country: "5 June" is understood by more readers
# of English than "June 5" is, and goes with the 24-hour clock used throughout.
_USUAL_TERRITORY = {"en": "GB"}

# A weekday alone is clear up to six days away: after that it names two days.
_CLEAR_WEEKDAY = timedelta(days=6)

# A day without its year is taken for the nearest one: half a year either way.
_CLEAR_YEAR = timedelta(days=182)


# CLDR says where "Reykjavík" may be broken.
_SOFT_HYPHEN = "\xad"


class Texts:
    """Our sentences in one language, with its order of dates and its plural rules.

    ``language`` is the ISO 639-1 code of the catalogue in use: English where a reader's own
    language has none, so that a message is never half in each.

    A ``zone`` is a tzinfo or an IANA name; with None, an instant is shown on its own clock,
    naive or not. With one, ValueError is raised for a naive instant and for what cannot be a
    name (""), KeyError (ZoneInfoNotFoundError) for an unknown zone, OSError for a folder of
    zones ("Europe"), OverflowError where the calendar ends.
    """

    def __init__(self, language: str, locale: Locale) -> None:
        self.language = language
        self._locale = locale
        self._translations = translations_for(language)
        skeletons = locale.datetime_skeletons
        self._short_day = skeletons["MMMd"].pattern
        self._dated_day = skeletons["yMMMd"].pattern
        self._short_weekday = skeletons["MMMEd"].pattern
        # Spelt out from the short form: not every locale has a pattern of its own for it.
        self._full_weekday = self._short_weekday.replace("MMM", "MMMM").replace("LLL", "LLLL")
        self._short_dated = skeletons["yMMMEd"].pattern
        self._full_dated = self._short_dated.replace("MMM", "MMMM").replace("LLL", "LLLL")
        # CLDR's own plain lists, those of units, lack parts in German.
        self._comma = str(locale.list_patterns["standard"]["start"].format("", ""))
        self._timed_weekday = re.sub("H.*m", "HH:mm", skeletons["EHm"].pattern)

    def __repr__(self) -> str:
        return f"Texts({str(self._locale)!r})"

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return bool(self._locale.text_direction == "rtl")

    def gettext(self, sentence: str, /, **values: object) -> str:
        """Return the translation of ``sentence``, with ``{name}`` filled from ``values``.

        The English sentence where it has none. Without values, braces stay as they are. Values
        are put in as they are: in markup, the caller escapes them. In a language written from right
        to left, each command is isolated (see ``commands_isolated``). If any is given, raises
        KeyError where another is missing, IndexError for a blank without a name ("{}"), and
        ValueError for a brace that is no blank.
        """
        # The translation of "" is the catalogue's header.
        translated = self._translations.gettext(sentence) if sentence else ""
        return self._directed(translated.format(**values) if values else translated)

    _ = gettext

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the translation fit for ``n``, a whole number; ``{n}`` is as ``number`` has it.

        Else as ``gettext`` with values, of which none is ``n``: braces are always blanks, and
        KeyError is raised where a value is missing.
        """
        translated = self._translations.ngettext(one, many, n)
        return self._directed(translated.format(n=self.number(n), **values))

    def _directed(self, said: str) -> str:
        return commands_isolated(said) if self.is_right_to_left else said

    def number(self, value: float) -> str:
        """Return ``value`` with the language's separators, to three decimals: "1,234.5".

        "∞" and "NaN" for what is none. Raises ArithmeticError from 1e25 on, and for a bool.
        """
        return str(format_decimal(value, locale=self._locale))

    def day(self, day: date, *, short: bool = False, today: date | None = None) -> str:
        """Return a day with its weekday: "Thu 5 June", or "Thu 5 Jun" if ``short``.

        Without its year, unless ``today`` is over 182 days away either way.
        """
        if today is not None and abs(today - day) > _CLEAR_YEAR:
            return self._format(day, self._short_dated if short else self._full_dated)
        return self._format(day, self._short_weekday if short else self._full_weekday)

    def short_date(self, day: date, *, today: date | None = None) -> str:
        """Return "5 Jun", or "5 Jun 2024" where ``today`` is over 182 days away either way."""
        is_far = today is not None and abs(today - day) > _CLEAR_YEAR
        return self._format(day, self._dated_day if is_far else self._short_day)

    def weekday(self, day: date) -> str:
        """Return the short name of the weekday: "Thu"."""
        return self._format(day, "E")

    def near_date(self, day: date, *, today: date) -> str:
        """Return the weekday up to six days from ``today`` either way ("Tue"), else the date.

        That is as ``short_date`` has it: "27 May", with the year where it is not clear.
        """
        if abs(today - day) <= _CLEAR_WEEKDAY:
            return self.weekday(day)
        return self.short_date(day, today=today)

    def time(self, at: time | datetime, zone: tzinfo | str | None = None) -> str:
        """Return "07:30": an instant as the clocks of ``zone`` show it, a time as it is.

        Always 24 hours with two digits, the form in which readers type times to us.
        """
        if isinstance(at, datetime):
            at = _in_zone(at, zone).time()
        return f"{at.hour:02}:{at.minute:02}"

    def weekday_time(self, at: datetime, zone: tzinfo | str | None = None) -> str:
        """Return an instant as ``zone`` has it: "Fri 07:30"; which week is not said."""
        local = _in_zone(at, zone)
        return str(format_datetime(local, self._timed_weekday, locale=self._locale))

    def date_time(self, at: datetime, zone: tzinfo | str | None = None) -> str:
        """Return an instant of any day of the year: "Fri 13 Jun 07:30", never with the year."""
        local = _in_zone(at, zone)
        return f"{self.day(local.date(), short=True)} {self.time(local.time())}"

    def relative_time(self, at: datetime, now: datetime, zone: tzinfo | str | None = None) -> str:
        """Return "today 18:00", "tomorrow 07:30", "Fri 07:30" or "Fri 13 Jun 07:30".

        By the dates in ``zone``: the weekday alone up to six days ahead, the date for what is
        later or before today, never the year. With ``zone`` None each of the two instants has
        its own clock's date.
        """
        local = _in_zone(at, zone)
        days = (local.date() - _in_zone(now, zone).date()).days
        if days == 0:
            return self._("today {time}", time=self.time(local.time()))
        if days == 1:
            return self._("tomorrow {time}", time=self.time(local.time()))
        if 0 < days <= _CLEAR_WEEKDAY.days:
            return self.weekday_time(local)
        return self.date_time(local)

    def ago(self, at: datetime, now: datetime) -> str:
        """Return how long ago ``at`` was, in the largest unit that fits: "3 weeks ago".

        Both are aware. What is yet to come is "in 3 weeks".
        """
        return str(format_timedelta(at - now, add_direction=True, locale=self._locale))

    def city(self, zone: str) -> str:
        """Return the city that an IANA zone is named after: "New York", or "Wien" in German.

        Of a zone that is unknown, the last part of its name. Never raises.
        """
        named = self._locale.time_zones.get(zone, {}).get("city", "").replace(_SOFT_HYPHEN, "")
        return named or zone.rsplit("/", 1)[-1].replace("_", " ")

    def language_name(self, code: str) -> str:
        """Return what a language is called in this one, with a capital: "Deutsch" for "de".

        ``code`` is one of ISO 639-1; one that has no name here is returned as it is.
        """
        name = self._locale.languages.get(code) or code
        return str(name[:1].upper() + name[1:])

    def join(self, items: Iterable[str], style: Literal["and", "or", "plain"] = "and") -> str:
        """Return ``items`` as the language lists them: "a, b and c", "a or b", "a, b, c".

        In the order given; "" if there are none.
        """
        if style == "plain":
            return self._comma.join(items)
        cldr_style: Literal["standard", "or"] = "or" if style == "or" else "standard"
        return str(format_list(list(items), style=cldr_style, locale=self._locale))

    def _format(self, day: date, pattern: str) -> str:
        return str(format_date(day, pattern, locale=self._locale))


def sentence(english: str) -> str:
    """Return ``english`` as it is: the mark of a sentence that is translated where it is shown.

    The catalogues hold the sentences in calls of this and of the methods of ``Texts``; those
    in a table must be marked.
    """
    return english


@lru_cache(maxsize=64)
def texts_for(language: str) -> Texts:
    """Return the texts in ``language``, an IETF tag such as "de", "pt-br" or "en-US"; cached.

    British English where there is no catalogue, or where the tag is "", unknown, has
    an underscore or an extension ("-u-", "-x-"). Never raises. The first call for a language
    reads its catalogue, which takes some 0.05 s.
    """
    locale = _locale(language)
    if locale is None or locale.language not in LANGUAGES:
        return Texts(SOURCE_LANGUAGE, Locale(SOURCE_LANGUAGE, _USUAL_TERRITORY["en"]))
    return Texts(locale.language, locale)


def is_language(code: str) -> bool:
    """Return whether ``code`` is, in small letters, a language of ISO 639-1, such as "de"."""
    return code in ISO_639_1


def _locale(tag: str) -> Locale | None:
    """Return Babel's locale of an IETF tag, or None if it knows none."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None
    # Babel finds a country for "und" and "eng" too.
    is_bare = locale.territory is None or "-" not in tag
    if is_bare and locale.language in _USUAL_TERRITORY:
        return Locale(locale.language, _USUAL_TERRITORY[locale.language])
    return locale


def _in_zone(at: datetime, zone: tzinfo | str | None) -> datetime:
    """Return ``at`` on the clocks of ``zone``; with None, on its own."""
    if zone is None:
        return at
    if at.tzinfo is None:
        raise ValueError("an instant in a zone must be aware")
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)

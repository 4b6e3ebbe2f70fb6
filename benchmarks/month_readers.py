"""The readers whom ``benchmarks.month`` simulates, and when their editions are due.

``slots`` finds the instants by looking at the clocks of a zone, quarter of an hour by quarter of
an hour, and shares no code with ``bot.domain.due``.
"""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from benchmarks.month_press import Stream
from bot.domain.schedule import EVERY_DAY, WEEKDAYS
from bot.topics import Topics

__all__ = ["Reader", "draw_readers", "slots", "zone_clock"]

# A reader chooses a topic as often as its share of the stream's articles to this power: large
# topics are liked most, and small ones have readers too.
_LIKED = 0.5
# Topics and words with fewer articles would be quiet all month.
_TOPIC_ARTICLES = 10
_WORD_ARTICLES = 5
_WORDS = 150
_TOPICS_EACH = (1, 2, 2, 3, 3, 3, 4, 5)
_WORDS_EACH = (0, 0, 0, 1, 1, 2)
_TITLE_WORD = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][a-zà-ÿ]{3,}(?: [A-ZÀ-Þ][a-zà-ÿ]{3,})?")
_HOURS = (5, 6, 6, 7, 7, 7, 7, 8, 8, 8, 9, 12, 13, 17, 18, 20, 22, 0, 2)
_EVENINGS = (17, 18, 19, 20)
_QUARTERS = (0, 0, 15, 30, 30, 45)
_QUARTER = timedelta(minutes=15)
# Where the stream's month has clock changes (Apia, Asuncion, Auckland, Chatham, Sydney, Tehran),
# and offsets of halves and quarters of an hour.
_ZONES = (
    *("America/New_York",) * 5,
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo"),
    *("Europe/London", "Europe/Berlin", "Europe/Berlin", "Africa/Nairobi", "UTC"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Seoul", "Asia/Tehran"),
    *("America/Asuncion", "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham"),
    "Pacific/Apia",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads what and when; ``times`` are wall-clock times in the IANA zone ``zone``.

    ``topics`` are slugs of the catalogue, ``words`` queries as typed. ``number`` is that of the
    chat.
    """

    number: int
    language: str
    zone: str
    times: tuple[time, ...]
    days: frozenset[int]
    topics: tuple[str, ...]
    words: tuple[str, ...]


def draw_readers(stream: Stream, topics: Topics, *, count: int, seed: int) -> list[Reader]:
    """Return ``count`` readers, drawn by ``seed``: the first are the same whatever the count.

    Each reads one language of the stream, one to five topics with at least 10 articles in it (3
    where none has so many) and up to two names that stand in its titles. One in ten has a second
    briefing in the evening, one in ten none at the weekend.
    """
    by_language: dict[str, Counter[str]] = {}
    titles: dict[str, list[str]] = {}
    for item in stream.items:
        found = topics.match(item.title, item.text, item.language)
        by_language.setdefault(item.language, Counter()).update(found.keys())
        titles.setdefault(item.language, []).append(item.title)
    liked = {language: _liked(counts) for language, counts in by_language.items()}
    words = {language: _names(lines) for language, lines in titles.items()}
    languages = [language for language in stream.languages() if liked[language]]
    readers = []
    for number in range(1, count + 1):
        rng = random.Random(f"{seed} {number}")
        language = rng.choice(languages)
        times = [time(rng.choice(_HOURS), rng.choice(_QUARTERS))]
        if rng.random() < 0.1:
            times.append(time(rng.choice(_EVENINGS), rng.choice(_QUARTERS)))
        readers.append(
            Reader(
                number=number,
                language=language,
                zone=rng.choice(_ZONES),
                times=tuple(dict.fromkeys(times)),
                days=WEEKDAYS if rng.random() < 0.1 else EVERY_DAY,
                topics=_drawn(rng, liked[language], rng.choice(_TOPICS_EACH)),
                words=_drawn(rng, words[language], rng.choice(_WORDS_EACH)),
            )
        )
    return readers


def _liked(counts: Mapping[str, int]) -> dict[str, float]:
    least = next((n for n in (_TOPIC_ARTICLES, 3) if max(counts.values(), default=0) >= n), 1)
    return {topic: n**_LIKED for topic, n in sorted(counts.items()) if n >= least}


def _names(titles: Sequence[str]) -> dict[str, float]:
    """Return the names of one or two words that stand in titles most often, by how often."""
    counts = Counter(name for title in titles for name in set(_TITLE_WORD.findall(title)))
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_WORDS]
    return {name.lower(): float(n) for name, n in common if n >= _WORD_ARTICLES}


def _drawn(rng: random.Random, weights: Mapping[str, float], count: int) -> tuple[str, ...]:
    left = dict(weights)
    drawn = []
    for _ in range(min(count, len(left))):
        name = rng.choices(list(left), list(left.values()))[0]
        drawn.append(name)
        del left[name]
    return tuple(drawn)


# ── When editions are due ───────────────────────────────────────────────────────────────

# What the clocks of a zone show, in order: instants (UTC), and the wall-clock times then.
Clock = Sequence[tuple[datetime, datetime]]


def zone_clock(zone: str, begins_at: datetime, ends_at: datetime) -> Clock:
    """Return what clocks in ``zone`` show at each quarter of an hour, from a day before."""
    local, at, shown = ZoneInfo(zone), begins_at - timedelta(days=1), []
    while at < ends_at + timedelta(days=1):
        shown.append((at, at.astimezone(local).replace(tzinfo=None)))
        at += _QUARTER
    return shown


def slots(
    clock: Clock, local_time: time, days: frozenset[int], begins_at: datetime, ends_at: datetime
) -> list[tuple[datetime, date]]:
    """Return (instant, local date) of each edition due after ``begins_at`` and by ``ends_at``.

    ``local_time`` is at a quarter of an hour. A date whose clocks never show it is due when they
    would have shown it without the change; a date that the zone has not at all has no edition.
    """
    first_shown: dict[datetime, datetime] = {}
    for at, wall in clock:
        first_shown.setdefault(wall, at)
    found = []
    for day in sorted({wall.date() for _, wall in clock}):
        wanted = datetime.combine(day, local_time)
        instant = first_shown.get(wanted)
        if instant is None:  # skipped: by the clock as it went before the change
            before = [(at, wall) for at, wall in clock if wall < wanted]
            if not before:
                continue
            at, wall = before[-1]
            instant = at + (wanted - wall)
        if begins_at < instant <= ends_at and day.weekday() in days:
            found.append((instant.astimezone(UTC), day))
    return found

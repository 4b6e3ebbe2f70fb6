"""What names a topic: exactly, inflected, in a language that the catalogue lacks; or several."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources

from bot.domain.topic import Topic
from bot.topics import COUNTRY, PLACE, Topics
from bot.topics.fold import fold, is_unspaced, plain_arabic, squeeze

__all__ = ["NameMeaning", "is_whole_country", "may_mean", "near_topics", "topic_named"]

# Languages whose names take endings: there the matcher of articles knows them.
_INFLECTED = frozenset({"de", "ru", "uk", "pl", "tr", "cs", "fi", "hu"})
_BY_SCRIPT = {"CYRILLIC": ("ru", "uk")}
_MIN_STEM_CHARS = 4
_MAX_ENDING_CHARS = 4
# Of the languages of the table written in ASCII letters, that whose nouns take endings; those of
# cases are short: "inteligencja", "inteligencji", "wyborach".
_ASCII_INFLECTED = "pl"
_MAX_CASE_CHARS = 3
# How alike a word and a topic's name are if the one is the other misspelt: a letter in six.
_MISSPELT = 0.83
_MAX_MEANT = 4


@dataclass(frozen=True, slots=True)
class NameMeaning:
    """What words may mean: ``topics``, the likeliest first; ``is_clear`` if they mean the first."""

    topics: tuple[Topic, ...]
    is_clear: bool


def topic_named(words: str, topics: Topics, language: str = "") -> Topic | None:
    """Return the topic that ``words`` name, in any language and case of a noun; None if none.

    ``language`` is the reader's, an ISO 639-1 code: its endings count, and those of Russian and
    Ukrainian for Cyrillic letters. "" and a word of one letter name none. Some milliseconds where
    a language's names are looked up for the first time, else some 0.1 ms.
    """
    if (found := topics.find(words)) is not None:
        return found
    key = _key(words)
    if not key:
        return None
    slug = _subjects().get(key) or _inflected_subject(words, language)
    if slug is not None and (topic := topics.get(slug)) is not None:
        return topic
    return _inflected(words, topics, language)


def may_mean(words: str, topics: Topics, language: str = "") -> NameMeaning:
    """Return which topics ``words`` may mean, and whether they mean one of them clearly.

    Of a country what is no name of its own is not clear where others share it ("Congo",
    "Korea"), nor is a name it has in a foreign language, spelled nearly as in English
    ("Columbia"), nor is a name that a city, state or region has, too ("Berlin"). Of a subject,
    the name of a part of it is not clear ("Hamas" of Gaza), nor a word that means something else
    too ("Labour"). Empty if nothing is named.
    """
    key = _key(words)
    topic = topic_named(words, topics, language)
    namesakes = topics.find_all(words)
    if len(namesakes) > 1 and any(each.group == PLACE for each in namesakes):
        return NameMeaning(namesakes[:_MAX_MEANT], is_clear=False)
    if topic is not None and key == _key(topic.slug) and key not in _ambiguous():
        return NameMeaning((topic,), is_clear=True)
    shared = [topics.get(slug) for slug in _meant().get(key, ())]
    if meant := tuple(each for each in shared if each is not None):
        return NameMeaning(meant, is_clear=False)
    if topic is None:
        return NameMeaning((), is_clear=False)
    if key in _ambiguous():
        return NameMeaning((namesakes or (topic,))[:_MAX_MEANT], is_clear=False)
    if topic.group == COUNTRY:
        is_clear = key == _key(topic.name(language)) or not _is_near_english(key, topic)
    else:
        is_clear = topic.group == PLACE or not _is_part(words, topic, topics)
    return NameMeaning((topic,), is_clear=is_clear)


def is_whole_country(words: str, topic: Topic) -> bool:
    """Return whether ``words`` are a name of the topic's country as a whole, not of its capital.

    With another ending too, where it is not written in ASCII: "Україну" for "Україна".
    """
    key = _key(words)
    names = {_key(name) for name in (*topic.names.values(), topic.slug)}
    if key in _whole() or key in names:
        return True
    stem = key[:-1]  # a name's but for its last letter or two
    is_long = len(stem) >= _MIN_STEM_CHARS and not key.isascii()
    return is_long and any(
        name.startswith(stem) and len(name) - len(stem) <= _MAX_ENDING_CHARS for name in names
    )


def near_topics(words: str, topics: Topics) -> tuple[Topic, ...]:
    """Return up to four topics whose names are nearly ``words``: those of which it is a slip."""
    if len(_key(words)) < _MIN_STEM_CHARS:
        return ()
    typed = squeeze(words.casefold())
    return tuple(
        topic
        for topic in topics.suggest(words)
        if any(
            SequenceMatcher(None, typed, name.casefold(), autojunk=False).ratio() >= _MISSPELT
            for name in (*topic.names.values(), topic.slug.replace("-", " "))
        )
    )[:_MAX_MEANT]


def _is_near_english(key: str, topic: Topic) -> bool:
    """Return whether a foreign name is nearly the English one: it may be another word in English.

    By one letter alone: "Columbia" is Colombia in Romanian.
    """
    english = _key(topic.name())
    foreign = {_key(name) for name in topic.names.values()}
    if key not in foreign or not key.isascii() or len(key) != len(english):
        return False
    return sum(one != other for one, other in zip(key, english, strict=True)) == 1


def _is_part(words: str, topic: Topic, topics: Topics) -> bool:
    """Return whether ``words`` are a proper name that the topic merely covers."""
    if _key(words) in {_key(name) for name in topic.names.values()}:
        return False
    typed = squeeze(words.casefold())
    return any(
        name.casefold() == typed and name[:1].isupper() and not name.isupper()
        for name in topics.proper_names(topic.slug)
    )


def _inflected(words: str, topics: Topics, language: str) -> Topic | None:
    """Return the topic whose name ``words`` are with an ending, by the matcher of articles."""
    shown = words.split()
    if not any(len(word) >= _MIN_STEM_CHARS for word in shown):
        return None
    title = " ".join(word[:1].upper() + word[1:] for word in shown)
    letter = next(filter(str.isalpha, words), "a")
    codes = _BY_SCRIPT.get(unicodedata.name(letter, "").partition(" ")[0], ())
    own = (language,) if language in _INFLECTED and (not codes or language in codes) else ()
    for code in dict.fromkeys((*own, *codes)):
        for slug, match in topics.match(title, "", code).items():
            for hit in match.hits:
                if _are_alike(fold(words).split(), fold(hit).split()):
                    return topics.get(slug)
    return None


def _are_alike(typed: Sequence[str], known: Sequence[str]) -> bool:
    return len(typed) == len(known) and all(map(_is_form, typed, known))


def _is_form(one: str, other: str) -> bool:
    """Return whether two words are one but for their endings."""
    if one == other:
        return True
    shortest, longest = sorted((len(one), len(other)))
    common = _common_chars(one, other)
    return (
        common >= max(_MIN_STEM_CHARS - 1, shortest - 2) and longest - common <= _MAX_ENDING_CHARS
    )


def _common_chars(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _inflected_subject(words: str, language: str) -> str | None:
    """Return the slug of a subject's name of the table with another ending, None if none.

    In ASCII letters of Polish alone, for a reader of it or two words or more: one word of another
    language may begin alike.
    """
    typed = _parts(words)
    key = "".join(typed)
    if len(key) <= _MIN_STEM_CHARS:
        return None
    if not key.isascii():
        near = _stems().get(key[:_MIN_STEM_CHARS], ())
        return next((slug for name, slug in near if _are_alike(typed, name)), None)
    if language != _ASCII_INFLECTED and len(typed) < 2:
        return None
    near = _stems(_ASCII_INFLECTED).get(key[:_MIN_STEM_CHARS], ())
    return next((slug for name, slug in near if _are_cases(typed, name)), None)


def _are_cases(typed: Sequence[str], known: Sequence[str]) -> bool:
    """Return whether two names are one but for the endings of cases."""
    return _are_alike(typed, known) and all(
        max(len(one), len(other)) - _common_chars(one, other) <= _MAX_CASE_CHARS
        for one, other in zip(typed, known, strict=True)
    )


@cache
def _stems(language: str = "") -> dict[str, list[tuple[list[str], str]]]:
    """Return the names of the table by how they begin, of one ``language`` or of all."""
    stems: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for code, names in _data()["names"].items():
        if language not in {"", code}:
            continue
        for slug, listed in names.items():
            for name in listed:
                parts = _parts(name)
                key = "".join(parts)
                if len(key) > _MIN_STEM_CHARS and not is_unspaced(key[0]):
                    stems[key[:_MIN_STEM_CHARS]].append((parts, slug))
    return dict(stems)


@cache
def _subjects() -> dict[str, str]:
    """Return slugs by the key of what subjects are called where the catalogue has no name."""
    return {
        _key(name): slug
        for names in _data()["names"].values()
        for slug, listed in names.items()
        for name in listed
    }


@cache
def _meant() -> dict[str, tuple[str, ...]]:
    """Return the slugs of topics by the key of a name that they share: "korea"."""
    return {
        _key(name): tuple(entry["topics"]) for entry in _data()["meant"] for name in entry["names"]
    }


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(map(_key, _data()["ambiguous"]))


@cache
def _whole() -> frozenset[str]:
    return frozenset(map(_key, _data()["whole"]))


@cache
def _data() -> dict:  # type: ignore[type-arg] # as the file has it
    path = resources.files("bot.commands.intents").joinpath("subjects.json")
    return dict(json.loads(path.read_text("utf-8")))


_ARABIC_ARTICLE = "ال"


def _key(words: str) -> str:
    """Return ``words`` as they are compared: folded, without spaces and Arabic articles."""
    return "".join(_parts(words))


def _parts(words: str) -> list[str]:
    return [
        part.removeprefix(_ARABIC_ARTICLE) if len(part) > _MIN_STEM_CHARS else part
        for part in fold(squeeze(plain_arabic(words).casefold())).split()
    ]

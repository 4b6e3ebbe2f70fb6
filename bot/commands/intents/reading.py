"""From the chunks of a message to what it asks for: done where all of it is understood, else asked.

A message is certain only where every word of it is explained: a topic in a sentence on something
else is no wish. What is left is offered: the topics named in it, or its words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from bot.commands.intents.chunks import Chunk, chunks_of, is_pair
from bot.commands.intents.clock import schedule_in
from bot.commands.intents.tokens import MAX_TOKENS, folded_words
from bot.commands.reading_times import read_break_end
from bot.topics import Topics
from bot.topics.fold import is_unspaced

__all__ = ["Intent", "Meaning", "read_meaning"]

# A longer text is pasted: nobody asks for news in so many words.
_MAX_CHARS = 300
# Own words that a reader types without quotation marks.
_MAX_WORDS = 4
_MAX_UNSPACED = 10
_MAX_OFFERS = 4
_MAX_CHATTER = 6
_QUIET = frozenset({"fill", "polite", "swap", "join", "sign", "ask", "at", "to", "hour"})
_ALONE = {
    "stop": "stop", "resume": "resume", "forget": "forgetme", "brief": "brief", "help": "help",
    "list": "topics", "settings": "settings", "hi": "greet", "thanks": "thank", "yes": "yes",
    "no": "no", "drop": "unsubscribe", "wish": "subscribe", "want": "subscribe", "news": "brief",
    "pause": "pause", "not": "no",
}  # fmt: skip
# "news" is the noun: it asks for what is named beside it, unless a verb says otherwise.
_ASKING = frozenset({"wish", "want", "news", "brief"})
_DROPPING = frozenset({"drop", "stop"})
_VERBS = _ASKING | _DROPPING
# With these, words of a reader's own need no quotation marks.
_PLAINLY = frozenset({"wish", "news", "drop"})
# What ends all that is read is asked about: these may stand beside it.
_ALL_GONE = frozenset({"drop_all", "drop", "list", "want", "wish", "hi", "thanks", "yes"})
# Some day: whether words name an end of a break does not depend on it.
_SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_SILENCING = frozenset({"stop", "drop", "not"})
# What a reason is made of: "I'm travelling", "estou viajando".
_REASON = frozenset({"chat", "unknown", "place", "fill", "join", "at", "to"})
_OBJECTS = frozenset({"topic", "near", "quote", "url", "unknown"})


@dataclass(frozen=True, slots=True)
class Intent:
    """Something to do: the name of a command, or "greet", "thank", "story", "yes" or "no".

    ``text`` is what would follow the command.
    """

    act: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means: ``acts`` to do at once, else ``offers`` to choose from, else nothing.

    Not both. ``is_long`` says that it was too long to be a wish, ``is_plan`` that the time in it
    is one to be kept ("at 7:30", "every day 7:30"), and none on a clock.
    """

    acts: tuple[Intent, ...] = ()
    offers: tuple[Intent, ...] = ()
    is_long: bool = False
    is_plan: bool = False


def read_meaning(
    text: str, topics: Topics, language: str, is_place: Callable[[str], bool]
) -> Meaning:
    """Return what ``text`` asks for, whatever language it is in; never raises.

    ``language`` is the reader's, an ISO 639-1 code; ``is_place`` says whether words name a place
    with a time of its own. Some milliseconds.
    """
    if len(text) > _MAX_CHARS:
        return Meaning(is_long=True)
    chunks = chunks_of(text, topics, language, is_place)
    if len(chunks) > MAX_TOKENS:
        return Meaning(is_long=True)
    told = [chunk for chunk in chunks if chunk.label not in _QUIET]
    if not chunks and (slug := _by_sign(text, topics)):
        return Meaning((Intent("subscribe", slug),))
    if not told:
        is_news = any(chunk.label == "fill" for chunk in chunks)
        return Meaning((Intent("brief"),)) if is_news else Meaning()
    kinds = {chunk.label for chunk in told}
    if kinds <= _ALL_GONE and ("drop_all" in kinds or {"drop", "list"} <= kinds):
        return Meaning(offers=(Intent("unsubscribe", "all"), Intent("pause")))
    return (
        _alone(told, chunks)
        or _pause(chunks)
        or _wish(chunks, is_place)
        or Meaning(offers=_offers(chunks))
    )


def _by_sign(text: str, topics: Topics) -> str:
    """Return the slug of the topic whose emoji is all there is, "" if it is none's."""
    sign = text.strip()
    found = [topic.slug for topic in topics.all() if topic.sign == sign] if sign else []
    return found[0] if len(found) == 1 else ""


def _alone(told: Sequence[Chunk], chunks: Sequence[Chunk]) -> Meaning | None:
    """Return the meaning of a message that says one thing, without naming anything."""
    labels = [chunk.label for chunk in told]
    kinds = set(labels)
    if kinds == {"number"} and schedule_in(chunks).schedule:  # "7 Uhr"
        return None
    if kinds <= {"number", "more"} and labels.count("number") <= 1:
        number = next((chunk.text for chunk in told if chunk.label == "number"), "")
        return Meaning((Intent("story", number),))
    if len(kinds) > 1:
        kinds -= {"hi", "thanks", "yes"}
    if kinds == {"stop", "drop"}:
        kinds = {"stop"}
    for stronger in ("stop", "help", "resume", "brief"):
        if stronger in kinds and kinds <= {stronger, "wish", "want", "news", "more"}:
            kinds = {stronger}
    if kinds in ({"want", "news"}, {"wish", "want", "news"}):
        kinds = {"news"}
    if kinds == {"drop", "news"}:
        kinds = {"stop"}
    if not kinds or kinds in ({"hi"}, {"hi", "thanks"}):
        return Meaning((Intent("greet" if "hi" in labels else "thank"),))
    (kind, *more) = kinds
    return None if more or kind not in _ALONE else Meaning((Intent(_ALONE[kind]),))


def _pause(chunks: Sequence[Chunk]) -> Meaning | None:
    """Return a break with its end, which may be anything that is short and no topic.

    "Stop", "don't send" and their like ask for a break where an end is all that is said beside.
    Behind a comma the reason may follow: "until friday, I'm travelling".
    """
    labels = {chunk.label for chunk in chunks}
    is_named = "pause" in labels
    silencing = labels & _SILENCING
    is_break = not silencing & {"drop", "not"} if is_named else bool(silencing)
    if not is_break or labels & {"wish", "url", "quote"}:
        return None
    if not is_named and labels & {"every_am", "every_pm", "am", "pm"}:  # "no news at night"
        return None
    said = {"pause", "polite", "hi", "thanks", "sign"} | (set() if is_named else _SILENCING)
    spoken = [chunk for chunk in chunks if chunk.label not in said]
    while spoken and spoken[0].label == "join":
        spoken.pop(0)
    while spoken and spoken[-1].label in {"join", "ask"}:
        spoken.pop()
    for end in _clauses(spoken):
        words = " ".join(chunk.text for chunk in spoken[:end])
        is_end = len(folded_words(words)) <= _MAX_CHATTER and _is_end(words)
        if is_end and _is_reason({chunk.label for chunk in spoken[end:]}):
            return Meaning((Intent("pause", words),))
    words = " ".join(chunk.text for chunk in spoken)
    is_other = labels & {"topic", "near", "chat"}
    if is_other or not is_named or len(folded_words(words)) > _MAX_CHATTER:
        return None
    return Meaning((Intent("pause", words),))


def _is_reason(labels: set[str]) -> bool:
    """Return whether what is left behind an end, by its ``labels``, may be why; or nothing.

    It says nothing that could be a wish: a topic counts only in a sentence about somebody.
    """
    if not labels - {"join"}:
        return True
    if not labels <= _REASON | {"topic", "near"}:
        return False
    return bool(labels & {"chat", "place"}) or not labels & {"topic", "near"}


def _clauses(chunks: Sequence[Chunk]) -> list[int]:
    """Return where a whole text may end: at its end, and before each comma, the longest first."""
    return [len(chunks), *(at for at in range(len(chunks) - 1, 0, -1) if chunks[at].text == ",")]


def _is_end(words: str) -> bool:
    """Return whether ``words`` name the end of a break, and more than a figure."""
    return not words.isdigit() and read_break_end(words, _SOME_DAY) is not None


def _wish(chunks: Sequence[Chunk], is_place: Callable[[str], bool]) -> Meaning | None:
    """Return what a message wants of topics, times and places, if all of it is clear."""
    told = schedule_in(_placed(chunks, is_place))
    is_swap = any(chunk.label == "swap" for chunk in told.rest)
    chunks = [chunk for chunk in told.rest if chunk.label not in {"fill", "polite", "sign", "swap"}]
    chunks = [chunk for chunk in chunks if chunk.label not in {"hi", "thanks", "yes"}]
    kinds = {chunk.label for chunk in chunks}
    if not kinds <= _OBJECTS | _VERBS | {"zone", "join", "ask", "place"} or not told.is_clear:
        return None
    acts = [Intent("timezone", chunk.text) for chunk in chunks if chunk.label == "zone"]
    if told.schedule:
        acts.append(Intent("schedule", told.schedule))
    if "place" in kinds and not acts:
        unknown = [chunk.text for chunk in chunks if chunk.label in _OBJECTS]
        return Meaning((Intent("timezone", unknown[0]),)) if len(unknown) == 1 else None
    objects = _assigned([chunk for chunk in chunks if chunk.label not in {"zone", "place"}])
    if objects is None or ("ask" in kinds and not kinds & _VERBS and objects):
        return None
    if is_swap and len(objects) > 1 and len({verb for verb, _ in objects}) == 1:
        return None  # "climate instead of football": one of them, whichever
    if told.schedule and {verb for verb, _ in objects} == {"unsubscribe"}:
        return None  # "don't send me climate at 7" sets no time
    for act in ("unsubscribe", "subscribe"):
        things = list(dict.fromkeys(thing for verb, thing in objects if verb == act))
        acts += [Intent(act, ", ".join(things))] if things else []
    return Meaning(tuple(acts), is_plan=told.is_plan) if acts else None


def _placed(chunks: Sequence[Chunk], is_place: Callable[[str], bool]) -> list[Chunk]:
    """Return ``chunks`` with the place that stands before its verb marked as such."""
    placed = list(chunks)
    if any(chunk.label == "zone" for chunk in chunks):
        return [chunk for chunk in placed if chunk.label != "place"]
    for at, chunk in enumerate(chunks):
        if chunk.label != "place":
            continue
        for before in range(at - 1, -1, -1):
            one = placed[before]
            if one.label in {"topic", "unknown", "near"} and is_place(one.text):
                placed[before] = Chunk("zone", one.text, one.start, one.end)
                return [kept for kept in placed if kept.label != "place"]
    return placed


def _assigned(chunks: Sequence[Chunk]) -> list[tuple[str, str]] | None:
    """Return (command, thing) for each thing named, None if it is not clear what is wanted.

    With one verb all belongs to it, wherever it stands, as verbs come last in many languages;
    with two, what comes after each.
    """
    spoken = {chunk.label for chunk in chunks if chunk.label in _VERBS}
    drops = bool(spoken & _DROPPING)
    is_mixed = drops and bool(spoken & {"wish", "want"})
    verb = "" if is_mixed or not spoken else "drop" if drops else "wish"
    assigned: list[tuple[str, str]] = []
    for thing in _things(chunks):
        if isinstance(thing, Chunk):
            if is_mixed and thing.label in {"wish", "want"} | _DROPPING:
                verb = "drop" if thing.label in _DROPPING else "wish"
            continue
        words, is_named = thing
        if not words or (is_mixed and not verb) or not (is_named or spoken & _PLAINLY):
            return None
        assigned.append(("unsubscribe" if verb == "drop" else "subscribe", words))
    return assigned


def _things(chunks: Sequence[Chunk]) -> list[Chunk | tuple[str, bool]]:
    """Return verbs, and what is named: its words as /subscribe takes them, and if by its name.

    A country with one subject is one thing; "" stands for what is not clear.
    """
    found: list[Chunk | tuple[str, bool]] = []
    paired: Chunk | None = None
    for at, chunk in enumerate(chunks):
        after = chunks[at + 1] if at + 1 < len(chunks) else None
        if chunk is paired or chunk.label in {"join", "ask"}:
            continue
        if chunk.label in _VERBS:
            found.append(chunk)
        elif (
            chunk.label == "topic"
            and after is not None
            and after.label == "topic"
            and (after.start - chunk.end <= 1 and is_pair(chunk, after))
        ):
            found.append((f"{chunk.text} {after.text}", True))
            paired = after
        elif chunk.label == "topic":
            found.append((chunk.text, True))
        elif chunk.label == "quote":
            found.append((f'"{chunk.text}"', True))
        elif chunk.label == "url":
            found.append((chunk.text, True))
        else:
            found.append((chunk.text if _are_own_words(chunk) else "", False))
    if any(
        "unknown" in (one.label, other.label) and {one.label, other.label} & {"topic", "near"}
        for one, other in pairwise(chunks)
    ):
        found.append(("", False))
    return found


def _are_own_words(chunk: Chunk) -> bool:
    """Return whether an unknown chunk may be what a reader wants to read about."""
    if chunk.label != "unknown":
        return False
    if is_unspaced(chunk.text[0]):
        return 2 <= len(chunk.text) <= _MAX_UNSPACED
    words = chunk.text.split()
    return len(words) <= _MAX_WORDS and any(len(word) > 2 for word in words)


def _offers(chunks: Sequence[Chunk]) -> tuple[Intent, ...]:
    """Return what may be meant: subscriptions to the topics named, or to a message's few words."""
    dropping = any(chunk.label in {"drop", "drop_all", "not", "stop", "pause"} for chunk in chunks)
    act = "unsubscribe" if dropping else "subscribe"
    slugs = dict.fromkeys(
        topic.slug for chunk in chunks if chunk.label in {"topic", "near"} for topic in chunk.topics
    )
    offers = [Intent(act, slug) for slug in slugs]
    urls = [Intent(act, chunk.text) for chunk in chunks if chunk.label == "url"]
    spoken = [chunk for chunk in chunks if chunk.label not in _QUIET | _ASKING | {"hi", "thanks"}]
    is_short = len(spoken) == 1 and spoken[0].label in {"unknown", "near"}
    if is_short and _are_own_words(replace(spoken[0], label="unknown")):
        offers.append(Intent(act, f'"{spoken[0].text}"'))
    if urls and sum(chunk.label in {"unknown", "chat"} for chunk in chunks) <= 1:
        offers += urls
    return tuple(offers[:_MAX_OFFERS])

"""What a sentence shows for typing is understood when it is typed, in every language."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from bot.commands.intents import read_meaning
from bot.commands.reading_times import read_plan
from bot.commands.zones import find_zones
from bot.texts import LANGUAGES, texts_for
from bot.texts.extract import catalogue_paths
from bot.topics.catalogue import load_topics
from bot.topics.queries import parse_query

NOON = datetime(2025, 6, 5, 10, 0, tzinfo=UTC)
# An example ends at the next one, or where its sentence does; web addresses are passed over.
EXAMPLE = re.compile(r"/(subscribe|schedule|timezone) +(?!https:)([^/{}·\n,、，;。।]+)")
QUOTED = re.compile("[“„「«](.+?)[”“」»]")
UNDERSTOOD = {
    "subscribe": lambda said: load_topics().find(said) or parse_query(said).never,
    "schedule": lambda said: not read_plan(said, lenient=True).unknown,
    "timezone": lambda said: find_zones(said, NOON),
}


def examples(path):
    """Yield command and words of each example that stands in a list."""
    for message in read_po(BytesIO(path.read_bytes()), locale=path.stem):
        if message.id and isinstance(message.string, str) and " · " in message.string:
            yield from EXAMPLE.findall(message.string)


def test_an_example_is_cut_out_of_its_list():
    shown = "So: /subscribe “salt mines” -gold · /schedule 07:30 weekdays · /timezone Orun"
    assert [(command, said.strip()) for command, said in EXAMPLE.findall(shown)] == [
        ("subscribe", "“salt mines” -gold"),
        ("schedule", "07:30 weekdays"),
        ("timezone", "Orun"),
    ]


@pytest.mark.parametrize("path", catalogue_paths(), ids=lambda path: path.stem)
def test_an_example_of_a_command_is_understood(path):
    shown = [(command, said.strip()) for command, said in examples(path)]
    assert {command for command, _ in shown} == UNDERSTOOD.keys()
    assert [each for each in shown if not UNDERSTOOD[each[0]](each[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_is_said_to_stop_stops(language):
    said = texts_for(language)._(
        "I send news, and understand wishes for it: a topic such as climate, a time such as 7:30, "
        "“stop”. /topics shows what there is, /help what I can do."
    )
    word = QUOTED.search(said)[1]
    meaning = read_meaning(word, load_topics(), language, lambda _: False)
    assert [intent.act for intent in meaning.acts] == ["stop"]

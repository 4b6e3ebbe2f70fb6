"""What becomes of a text and its entities, held against Telegram's own code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tryout.formatting import FormattingError, bot_commands, formatted, nested
from bot.tryout.markup import Entity, parse_html
from tests.fakes.telegram_oracle import expected_commands, expected_nesting

EXTRAS = {
    "text_link": {"url": "http://x.y/"},
    "text_mention": {"user": {"id": 5, "is_bot": False, "first_name": ""}},
    "custom_emoji": {"custom_emoji_id": "5"},
    "date_time": {"unix_time": 5},
}
KINDS = ["bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote"]
KINDS += ["expandable_blockquote", *EXTRAS]
LETTERS = "aб😀é\r\t\x01\u2028\u202e\u0333\u030a\u200e\u200f\n  "


def units(text):
    return len(text.encode("utf-16-le")) // 2


@st.composite
def marked_texts(draw):
    """A short text, and entities on it that may cross, repeat and end inside a character."""
    text = draw(st.text(LETTERS, max_size=8))
    entities = []
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=4)):
        offset = draw(st.integers(0, max(units(text) - 1, 0)))
        length = draw(st.integers(0, max(units(text) - offset, 0)))
        extra = EXTRAS.get(kind, {})
        if kind == "pre" and draw(st.booleans()):
            extra = {"language": "py"}
        entities.append(Entity(kind, offset, length, extra))
    return text, entities


def check_nesting(text, entities):
    expected = expected_nesting(text, entities)
    if isinstance(expected, str):  # of several faults each may be named
        with pytest.raises(FormattingError):
            nested(text, entities)
        return
    shown, kept = nested(text, entities)
    if shown.strip(" \n"):
        assert (shown, [entity.as_json() for entity in kept]) == expected
    else:
        assert expected == ("", [])


@given(marked_texts())
@settings(max_examples=200, deadline=None)
def test_entities_are_cut_and_dropped_as_at_telegram(marked):
    check_nesting(*marked)


@pytest.mark.slow
@given(marked_texts())
@settings(max_examples=5_000, deadline=None)
def test_very_many_entities_are_cut_and_dropped_as_at_telegram(marked):
    check_nesting(*marked)


@given(marked_texts())
@settings(max_examples=200, deadline=None)
def test_what_is_shown_begins_and_ends_on_a_word_and_stays_as_it_is(marked):
    try:
        text, entities = formatted(*marked)
    except FormattingError:
        return
    assert text[-1] not in " \n"
    assert all(0 <= entity.offset < entity.end <= units(text) for entity in entities)
    assert text[0] not in " \n" or entities[0].offset == 0
    assert formatted(text, entities) == (text, entities)


def test_an_entity_begins_on_a_word_but_a_link_stays_on_its_blank():
    bold, link = Entity("bold", 1, 2), Entity("text_link", 1, 1, {"url": "http://x.y/"})
    assert formatted("a b c", [bold]) == ("a b c", (Entity("bold", 2, 1),))
    assert formatted("a b c", [Entity("bold", 1, 1)]) == ("a b c", ())
    assert formatted("a b c", [link]) == ("a b c", (link,))


def test_blanks_go_at_both_ends_and_entities_move_along():
    text, entities = parse_html("\n  <b>two words</b> and  \n")
    assert formatted(text, entities) == ("two words and", (Entity("bold", 0, 9),))


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200e", "\u2800", "\u202f \t"])
def test_a_text_that_shows_nothing_is_refused(text):
    with pytest.raises(FormattingError, match="text must be non-empty"):
        formatted(text)


def test_4096_units_fit_and_one_more_does_not():
    assert formatted("😀" * 2048)[0] == "😀" * 2048
    with pytest.raises(FormattingError, match="message is too long"):
        formatted("😀" * 2048 + "x")
    assert formatted("x" * 4096 + " \n")[0] == "x" * 4096


def test_beyond_a_hundred_entities_links_stay_and_styles_go():
    styles = [Entity("bold", 4 * n, 1) for n in range(60)]
    links = [Entity("text_link", 4 * n + 2, 1, {"url": f"http://x.y/{n}"}) for n in range(60)]
    _, kept = formatted("a b " * 60, [*styles, *links])
    assert [entity for entity in kept if entity.type == "text_link"] == links
    assert [entity for entity in kept if entity.type == "bold"] == styles[:40]


def test_addresses_of_more_than_9500_bytes_are_too_long():
    def links(chars):
        return [Entity("text_link", n, 1, {"url": "http://x.y/" + "é" * chars}) for n in range(9)]

    formatted("x" * 9, links(500))
    with pytest.raises(FormattingError, match="ENTITIES_TOO_LONG"):
        formatted("x" * 9, links(520))


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        (Entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (Entity("bold", 0, -1), "receive an entity with incorrect length -1"),
        (Entity("bold", 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (Entity("bold", 1, 1), "entity begins in a middle of a UTF-16 symbol"),
        (
            Entity("bold", 0, 1),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol",
        ),
        (
            Entity("bold", 2, 9),
            "entity beginning at UTF-16 offset 2 ends after the end of the text at "
            "UTF-16 offset 11",
        ),
    ],
)
def test_entities_off_the_text_are_refused_in_telegrams_words(entity, words):
    with pytest.raises(FormattingError) as refused:
        formatted("😀ab", [entity])
    assert str(refused.value) == words
    assert str(expected_nesting("😀ab", [entity])).startswith(words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", ["/start"]),
        ("/subscribe north-korea", ["/subscribe"]),
        ("😀 try /brief, or /help@some_bot now", ["/brief", "/help@some_bot"]),
        ("a/b https://x.y/z </b> //c é/d", []),
        ("/Ünter /x/ /y@ab", []),
        ("/a@abc@ /a@ /a@abc/", ["/a@abc"]),
    ],
)
def test_commands_are_found_where_telegram_finds_them(text, found):
    encoded = text.encode("utf-16-le")
    entities = bot_commands(text)
    assert [encoded[2 * e.offset : 2 * e.end].decode("utf-16-le") for e in entities] == found


@given(
    st.lists(
        st.sampled_from(
            ["/", "a", "_", "@", "abc", "é", "<", ">", " ", "😀", ".", "b" * 31, "c" * 32]
        )
    )
)
@settings(max_examples=200, deadline=None)
def test_commands_are_where_telegram_sees_them(pieces):
    text = "".join(pieces)
    assert [
        (command.offset, command.length) for command in bot_commands(text)
    ] == expected_commands(text)

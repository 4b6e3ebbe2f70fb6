"""The chat page's files, as far as they can be judged without a browser."""

import re
from datetime import datetime
from importlib import resources

import pytest

from bot.texts import LANGUAGES, texts_for
from bot.tryout.words import head_words, page_words

PAGE = resources.files("bot.tryout").joinpath("page")
# WCAG 2.2, success criterion 1.4.3, for text of the usual size.
LEAST_CONTRAST = 4.5
TEXT_AND_GROUND = [
    ("ink", "surface"), ("ink", "mine"), ("ink", "ground"), ("ink", "key"),
    ("soft", "surface"), ("soft", "mine"), ("soft", "ground"), ("soft", "key"),
    ("accent", "surface"), ("accent", "mine"), ("accent", "key"), ("accent", "ground"),
    ("surface", "accent"), ("ground", "ink"),
]  # fmt: skip


def file(name):
    return PAGE.joinpath(name).read_text("utf-8")


def colours(css):
    """Return the colours by name, of light screens and of dark ones."""
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    found = [dict(re.findall(r"--(\w+): (#\w{6});", part)) for part in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def luminance(colour):
    """Return the relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(screen):
    of = colours(file("chat.css"))[screen]
    faint = []
    for text, ground in TEXT_AND_GROUND:
        dark, light = sorted((luminance(of[text]), luminance(of[ground])))
        if (light + 0.05) / (dark + 0.05) < LEAST_CONTRAST:
            faint.append((text, ground, of[text], of[ground]))
    assert faint == []


def test_every_word_that_the_page_asks_for_is_there_and_no_other():
    asked = set(re.findall(r'data-(?:word|label)="(\w+)"', file("index.html")))
    for name in ("chat.js", "entities.js", "menu.js", "words.js"):
        script = file(name)
        asked |= set(re.findall(r'\bword\("(\w+)"\)', script))
        asked |= set(re.findall(r'dataset\.(?:word|label) = "(\w+)"', script))
        for choice in re.findall(r"(?:word\(|dataset\.word = )\w+(?:\.\w+)? \? (.*?)[;)]", script):
            asked |= set(re.findall(r'"(\w+)"', choice))
    assert asked == set(page_words(texts_for("en")))


def test_the_page_says_nothing_but_its_words():
    body = file("index.html").partition("<body>")[2]
    said = re.findall(r">\s*([^<>\s][^<>]*)<", body)
    assert {"☀", "daybrief", "SAMPLE", "⏩", "/"} == {text.strip() for text in said}
    assert not re.search(r'(?:aria-label|placeholder|title)="', body)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_word_is_left_in_english(language):
    english, own = page_words(texts_for("en")), page_words(texts_for(language))
    same = {name for name, said in own.items() if said == english[name]}
    assert same <= ({"message", "conversation"} if language == "fr" else set())
    assert all(own.values())


@pytest.mark.parametrize(
    ("language", "now", "next_at", "said"),
    [
        ("en", "2025-06-05T12:00", "2025-06-06T07:30", ("Thu 5 Jun", "Tomorrow 07:30")),
        ("en", "2025-06-05T06:00", "2025-06-05T07:30", ("Thu 5 Jun", "Today 07:30")),
        ("en", "2025-06-05T06:00", "2025-06-09T07:30", ("Thu 5 Jun", "Mon 07:30")),
        ("de", "2025-06-05T12:00", "2025-06-06T07:30", ("Do., 5. Juni", "Morgen 07:30")),
    ],
)
def test_the_head_says_the_day_and_where_the_jump_leads(language, now, next_at, said):
    now, next_at = datetime.fromisoformat(now), datetime.fromisoformat(next_at)
    live, sample = (
        head_words(texts_for(language), now=now, next_at=next_at, sample=sample)
        for sample in (False, True)
    )
    assert (live["status"], live["jump"]) == said
    assert sample == {"status": f"SAMPLE · {said[0]}", "jump": said[1]}

"""Texts for the summarizers: a story of three documents, and the pages of tests/data."""

from dataclasses import dataclass
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data" / "summarizers"


@dataclass(frozen=True)
class Page:
    """A page as plain lines, boilerplate included; ``story`` are the lines of its article."""

    language: str
    title: str
    text: str
    story: tuple[str, ...]


def read_pages() -> list[Page]:
    pages = []
    for block in (DATA / "pages.txt").read_text("utf-8").split("\n@ ")[1:]:
        language, *lines = (line for line in block.splitlines() if line.strip())
        marked = [(line[0], line[2:]) for line in lines]
        title = next(text for mark, text in marked if mark == "=")
        story = tuple(text for mark, text in marked if mark == "+")
        pages.append(Page(language, title, "\n".join(text for _, text in marked), story))
    return pages


@pytest.fixture
def flood():
    """Return three texts on one event, the oldest last; the second repeats the first's lead."""
    return (
        "The river Tarn burst its banks near Lowmoor on Monday and flooded 400 homes.\n"
        "Rescue teams brought 900 people to a school on the hill.\n"
        "The railway between Lowmoor and Velt will stay closed until Friday.",
        "The river Tarn burst its banks close to Lowmoor on Monday and flooded about 400 homes.\n"
        "Mayor Petra Holm asked the government for 20 million in aid.\n"
        "Insurers expect claims worth 65 million from the flood.",
        "Forecasters had warned of heavy rain over the Tarn valley on Saturday.\n"
        "Rescue teams worked through the night with 30 boats on the river Tarn.\n"
        "Schools in Lowmoor remain closed for the week.",
    )

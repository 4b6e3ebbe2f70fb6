"""What a fuzzer asserts of any bytes, with the few that Hypothesis makes up."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

SEEDS = {
    name: sorted((Path(__file__).parents[1] / "fuzz/seeds" / name).iterdir()) for name in TARGETS
}
WORDS = [
    line[1:-1].encode().decode("unicode_escape").encode("latin-1")
    for line in (Path(__file__).parents[1] / "fuzz/words.dict").read_text().splitlines()
    if line.startswith('"')
]


@pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name, seeds in SEEDS.items() for seed in seeds]
)
def test_a_sound_document_holds(name, seed):
    TARGETS[name](seed.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_document_holds(name, data):
    body = data.draw(st.sampled_from(SEEDS[name])).read_bytes()
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(start + 40, len(body))))
        piece = data.draw(st.one_of(st.sampled_from(WORDS), st.binary(max_size=6)))
        body = body[:start] + piece + body[end:]
    TARGETS[name](body)

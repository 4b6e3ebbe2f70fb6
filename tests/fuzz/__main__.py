"""``make fuzz``: hand one target documents until it breaks or the time is up.

python -m tests.fuzz TARGET [options of libFuzzer]. What broke it is kept in ``.fuzz/``.
"""

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent
KEPT = Path(".fuzz")


def main(name: str, options: list[str]) -> None:
    """Fuzz the target called ``name``."""
    with atheris.instrument_imports(include=["bot"]):
        from tests.fuzz.targets import TARGETS

    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    places = [str(corpus), str(HERE / "seeds" / name)]
    common = [f"-dict={HERE / 'words.dict'}", f"-artifact_prefix={KEPT}/{name}-", "-timeout=20"]
    atheris.Setup([sys.argv[0], *common, *options, *places], TARGETS[name])
    atheris.Fuzz()


main(sys.argv[1], sys.argv[2:])

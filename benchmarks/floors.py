"""Quality floors for the benchmarks, read from baseline.json, where each benchmark has a key.

A floor is a bound on the value at a path in the benchmark's JSON, as in
``"sets/multinews/centroid/mean": {"min": 27}`` or ``{"max": 0.18}``. A value that a run did not
measure is not checked. Lowering a floor takes a line in the changelog.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["unmet"]

_BASELINE = Path(__file__).parent / "baseline.json"


def unmet(benchmark: str, figures: Mapping[str, Any]) -> list[str]:
    """Return a line for each floor of ``benchmark`` that ``figures`` do not meet."""
    floors: dict[str, dict[str, float]] = json.loads(_BASELINE.read_text("utf-8"))[benchmark]
    lines = []
    for path, floor in floors.items():
        value = _at(figures, path)
        if value is None:
            continue
        if value < floor.get("min", value) or value > floor.get("max", value):
            lines.append(f"{benchmark}: {path} is {value}, not {floor}")
    return lines


def _at(figures: Mapping[str, Any], path: str) -> float | None:
    """Return the number at the slash-separated ``path``, None if it was not measured."""
    place: Any = figures
    for step in path.split("/"):
        if not isinstance(place, Mapping) or step not in place:
            return None
        place = place[step]
    return float(place)

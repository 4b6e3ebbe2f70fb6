"""A plot of the quality of summaries against their cost, as SVG."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

__all__ = ["plot"]

_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 72, 60
# Not drawn, as it is not a method that a reader could choose.
_LEFT_OUT = frozenset({"oracle"})
_COLOURS = {"centroid": "#b3261e", "ours": "#1d4ed8", "sumy": "#6b7280"}
_LABEL_PX = 12


@dataclass(frozen=True, slots=True)
class _Point:
    name: str
    ms: float
    quality: float

    @property
    def colour(self) -> str:
        if self.name == "centroid":
            return _COLOURS["centroid"]
        is_peer = self.name.startswith("sumy") or self.name in ("lead, raw", "random")
        return _COLOURS["sumy" if is_peer else "ours"]


def plot(sets: Mapping[str, Mapping[str, Any]]) -> str:
    """Return an SVG of all systems in a report of benchmarks.summaries.

    Quality is the mean of the sets' mean ROUGE F1, cost the mean CPU time of one summary.
    """
    names = [name for name in next(iter(sets.values())) if name not in _LEFT_OUT]
    points = [
        _Point(
            name,
            max(_mean(systems[name]["ms"] for systems in sets.values()), 0.01),
            _mean(systems[name]["mean"] for systems in sets.values()),
        )
        for name in names
    ]
    return "\n".join(_svg(points, list(sets))) + "\n"


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _svg(points: Sequence[_Point], sets: Sequence[str]) -> Iterable[str]:
    low, high = (
        math.floor(min(p.quality for p in points)),
        math.ceil(max(p.quality for p in points)),
    )
    first = math.floor(math.log10(min(p.ms for p in points)))
    last = math.ceil(math.log10(max(p.ms for p in points)))

    def x(ms: float) -> float:
        return _LEFT + (math.log10(ms) - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(quality: float) -> float:
        return _HEIGHT - _BOTTOM - (quality - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
    )
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    yield _text(_LEFT, 24, "Summaries: quality against cost", size=16)
    yield _text(
        _LEFT,
        41,
        f"grey: not ours, its splitting not counted; mean over {', '.join(sets)}",
        size=11,
    )
    for power in range(first, last + 1):
        at = x(10**power)
        yield _line(at, _TOP, at, _HEIGHT - _BOTTOM)
        yield _text(at - 8, _HEIGHT - _BOTTOM + 18, f"{10**power:g}")
    for value in range(low, high + 1):
        yield _line(_LEFT, y(value), _WIDTH - _RIGHT, y(value))
        yield _text(_LEFT - 28, y(value) + 4, str(value))
    yield _text(_LEFT, _HEIGHT - 18, "CPU milliseconds a summary (logarithmic)")
    yield _text(8, _TOP - 12, "ROUGE F1, %")
    yield from _dots(points, x, y)
    yield "</svg>"


def _dots(points: Sequence[_Point], x: Any, y: Any) -> Iterable[str]:
    """Yield dots and labels; a label is moved down until it overlaps no earlier label."""
    taken: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda p: -p.quality):
        at, height = x(point.ms), y(point.quality)
        label = height + 4
        while any(abs(at - a) < 110 and abs(label - b) < _LABEL_PX for a, b in taken):
            label += 1
        taken.append((at, label))
        yield f'<circle cx="{at:.1f}" cy="{height:.1f}" r="4" fill="{point.colour}"/>'
        yield _text(at + 8, label, point.name, colour=point.colour)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e5e7eb"/>'


def _text(x: float, y: float, text: str, *, size: int = 12, colour: str = "#111827") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}">{escape(text)}</text>'

"""Lines and bars as shapes of SVG, in a box of WIDTH by HEIGHT that is stretched to where it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600.0, 100.0
EDGE = 4.0  # above and below a line, which would be cut in half otherwise


@dataclass(frozen=True)
class Line:
    """A line in steps: its path, and the least and greatest value, between which it is drawn."""

    path: str
    least: int
    most: int


@dataclass(frozen=True)
class Bar:
    """A bar that stands on the lower edge."""

    x: float
    y: float
    width: float
    height: float


def line(values: Sequence[int]) -> Line:
    """A line through values at equal distances, each of which holds since the one before. Needs two of them."""
    least, most = min(values), max(values)
    span = HEIGHT - 2 * EDGE
    heights = [EDGE + span * (1 - (value - least) / (most - least) if most > least else 0.5) for value in values]
    apart = WIDTH / (len(values) - 1)
    steps = [f"H{apart * place:.1f}V{height:.1f}" for place, height in enumerate(heights) if place]
    return Line(f"M0 {heights[0]:.1f}{''.join(steps)}", least, most)


def bars(values: Sequence[int]) -> list[Bar]:
    """A bar for each value but 0, with the logarithm of the value as its height: few are seen beside many."""
    most, apart = math.log1p(max(values, default=0)), WIDTH / max(len(values), 1)
    heights = {place: max(HEIGHT * math.log1p(value) / most, 3.0) for place, value in enumerate(values) if value > 0}
    return [
        Bar(round(apart * place + 1, 1), round(HEIGHT - height, 1), round(apart - 2, 1), round(height, 1))
        for place, height in heights.items()
    ]


def share(age: float, limit: float) -> float:
    """How far along a gauge that ends at twice the limit, in percent."""
    return round(min(age / (2 * limit), 1.0) * 100, 1)

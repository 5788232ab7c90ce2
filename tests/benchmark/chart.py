"""Cost against tenant size: seconds of a full sync and of the floor, and peak memory, as an SVG file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.figures import Figure, Part
from benchmark.ground import Ground, simulator
from benchmark.parts import Say
from benchmark.scale import Scale
from benchmark.tenant import Tenant

WIDTH, HEIGHT, MARGIN = 460, 320, 60  # pixels of one panel


@dataclass(frozen=True)
class Line:
    """A named line through (customers, value) points."""

    name: str
    colour: str
    points: tuple[tuple[float, float], ...]


def sizes_part(ground: Ground, scale: Scale, say: Say) -> Iterable[Part]:
    """One floor and one full sync for each size of tenant."""
    figures: list[Figure] = []
    for size in scale.sizes:
        say(f"floor and full sync of {size:,} customers")
        with simulator(ground, size) as source:
            tenant = Tenant(ground, source)
            floor, full = tenant.floor(), tenant.first_sync()
        name = f"{size:,} customers"
        figures += [
            Figure(f"{name}: full sync", "s", (full.ran.seconds,)),
            Figure(f"{name}: floor", "s", (floor.ran.seconds,)),
            Figure(f"{name}: peak memory", "MB", (full.ran.peak,)),
        ]
    yield Part("Cost against tenant size", tuple(figures))


def draw(part: Part, scale: Scale, path: Path) -> None:
    """Write the part's figures as an SVG file; both axes are logarithmic, except that of memory."""
    values = [figure.median for figure in part.figures]
    lines = [
        Line(name, colour, tuple(zip(scale.sizes, values[start::3], strict=True)))
        for start, (name, colour) in enumerate((("full sync", "#0b6"), ("floor", "#888"), ("peak memory", "#06b")))
    ]
    panels = _panel("seconds", lines[:2], 0, True) + _panel("MB", lines[2:], WIDTH, False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n{panels}</svg>\n'
    )


def _panel(unit: str, lines: Sequence[Line], left: float, logarithmic: bool) -> str:
    """One pair of axes with its lines; `left` is where it begins, in pixels."""
    sizes = [x for x, _ in lines[0].points]
    values = [y for line in lines for _, y in line.points]
    across = _Axis(min(sizes), max(sizes), left + MARGIN, left + WIDTH - MARGIN, True)
    lowest = min(values) if logarithmic else 0.0
    up = _Axis(lowest, max(values), HEIGHT - MARGIN, MARGIN, logarithmic)
    parts = [_text(left + MARGIN, MARGIN / 2, unit, "start", "#000")]
    parts += [_text(across.at(size), HEIGHT - MARGIN + 18, f"{size:,.0f}", "middle", "#444") for size in sizes]
    parts.append(_text(left + WIDTH / 2, HEIGHT - MARGIN + 36, "customers", "middle", "#000"))
    for line in lines:
        points = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in line.points)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="2"/>')
        parts += [_text(across.at(x), up.at(y) - 6, f"{y:,.3g}", "middle", line.colour) for x, y in line.points]
        parts.append(_text(across.at(sizes[0]), up.at(line.points[0][1]) - 20, line.name, "start", line.colour))
    return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Axis:
    """Values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool

    def at(self, value: float) -> float:
        scale = math.log10 if self.logarithmic else float
        span = scale(self.high) - scale(self.low)
        return self.start + (self.end - self.start) * (scale(value) - scale(self.low)) / (span or 1)


def _text(x: float, y: float, text: str, anchor: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'

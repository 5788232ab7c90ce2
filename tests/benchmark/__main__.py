"""The command line of the benchmark: `python -m benchmark`.

It ends with 1 when a bar is missed. Bars that hold for large tenants only are not judged in small ones.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from benchmark.chart import draw, sizes_part
from benchmark.every import every_part
from benchmark.figures import Part, print_part, print_verdict
from benchmark.ground import Ground, prepared
from benchmark.growth import growth_part
from benchmark.parts import large_part, main_part
from benchmark.scale import BENCH, QUICK, Scale
from benchmark.tenants import tenants_part

PARTS = {
    "main": main_part,
    "large": large_part,
    "growth": growth_part,
    "every": every_part,
    "tenants": tenants_part,
    "sizes": sizes_part,
}  # the last one is what is drawn


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small tenants and fewer runs.")
@click.option("--part", "chosen", type=click.Choice([*PARTS]), multiple=True, help="Only this part; repeatable.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write all figures to this file.")
@click.option("--plot", "plot_path", type=click.Path(path_type=Path), help="Draw cost against size into this SVG file.")
def main(quick: bool, chosen: tuple[str, ...], json_path: Path | None, plot_path: Path | None) -> None:
    """Measure what the mirror costs, and print each figure beside its bar."""
    scale = QUICK if quick else BENCH
    wanted = {*(chosen or ("main", "large", "growth", "every", "tenants")), *(("sizes",) if plot_path else ())}
    names = [name for name in PARTS if name in wanted]
    console = Console(width=None if os.isatty(1) else 110)
    began, load, parts = time.monotonic(), os.getloadavg()[0], []
    with prepared() as ground:
        for part in _measured(ground, scale, names):
            print_part(console, part)
            parts.append(part)
    all_met = print_verdict(console, parts)
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    ended = {"load_before": load, "load_after": os.getloadavg()[0], "seconds": time.monotonic() - began}
    console.print(f"{ended['seconds']:.0f} s on {machine['cpus']} CPUs, other load before it {load:.1f}")
    if json_path:
        json_path.parent.mkdir(parents=True, exist_ok=True)
        result = {"scale": asdict(scale), **machine, **ended, "parts": [part.as_json() for part in parts]}
        json_path.write_text(json.dumps(result, indent=2) + "\n")
    if plot_path:
        draw(parts[-1], scale, plot_path)
    sys.exit(not all_met)


def _measured(ground: Ground, scale: Scale, names: list[str]) -> Iterator[Part]:
    began = time.monotonic()
    for name in names:
        yield from PARTS[name](
            ground, scale, lambda what: click.echo(f"{time.monotonic() - began:6.0f} s  {what}", err=True)
        )


if __name__ == "__main__":
    main()

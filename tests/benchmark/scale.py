"""How large the tenants are and how often a thing is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes are customers, each with all that belongs to them; latencies are seconds.

    A rate-limited sync makes `limit` calls per second; `growth_runs` syncs of `growth` customers show what grows.
    """

    customers: int
    large: int
    runs: int
    latencies: tuple[float, ...]
    limit: int
    growth: int
    growth_runs: int
    sizes: tuple[int, ...]


BENCH = Scale(20_000, 100_000, 3, (0.0, 0.2, 1.0), 10, 1_000, 300, (1_000, 3_000, 10_000, 30_000, 100_000))
QUICK = Scale(2_000, 6_000, 2, (0.2,), 10, 300, 10, (300, 1_000, 3_000))
CHANGES = 500  # between two incremental syncs

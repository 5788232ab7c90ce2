"""How large the tenants are and how often a thing is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes are customers, each with all that belongs to them; latencies are seconds.

    `full_bar` and `limited_bar` are the bars of a full sync for a tenant of this size, without and with a rate limit;
    `judges_changes` says whether the large tenant is large enough for the bar of its changes.
    A rate-limited sync makes `limit` calls per second; `growth_runs` syncs of `growth` customers show what grows.
    `tenants` are a few and many of one database.
    """

    customers: int
    large: int
    runs: int
    latencies: tuple[float, ...]
    limit: int
    growth: int
    growth_runs: int
    sizes: tuple[int, ...]
    tenants: tuple[int, int]
    full_bar: float
    limited_bar: float
    judges_changes: bool


BENCH = Scale(
    customers=20_000,
    large=55_000,
    runs=3,
    latencies=(0.0, 0.2, 1.0),
    limit=10,
    growth=1_000,
    growth_runs=300,
    sizes=(1_000, 3_000, 10_000, 30_000, 55_000),
    tenants=(10, 200),
    full_bar=2.5,
    limited_bar=1.1,
    judges_changes=True,
)
QUICK = Scale(
    customers=5_000,
    large=2_000,
    runs=1,
    latencies=(0.2,),
    limit=10,
    growth=300,
    growth_runs=5,
    sizes=(300, 1_000, 3_000),
    tenants=(4, 12),
    full_bar=3.0,
    limited_bar=1.15,
    judges_changes=False,
)
CHANGES = 500  # between two incremental syncs

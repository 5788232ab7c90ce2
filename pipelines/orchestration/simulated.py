"""Made-up tenants: a local API for each, and a settings file that names them all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import tomlkit

from servicetitan_simulator import Simulator

CITIES = ("austin", "boise", "denver", "fresno", "mesa", "reno", "salem", "tulsa")
ZONE = "America/Denver"
SECTION = "sources.servicetitan"


@contextmanager
def simulated(count: int, customers: int, changes_per_minute: float, folder: Path, database: str) -> Iterator[None]:
    """Serve so many tenants on loopback, with settings in `folder`/.dlt that lead to them and to the database."""
    with ExitStack() as running:
        sources = {
            _name(number): running.enter_context(
                Simulator(
                    customers, seed=number + 1, tenant_id=str(1_000_001 + number), changes_per_minute=changes_per_minute
                )
            )
            for number in range(count)
        }
        _write(folder / ".dlt" / "secrets.toml", sources, database)
        yield


def without_settings() -> dict[str, str]:
    """The environment less all that dlt and libpq take settings from."""
    return {
        name: value
        for name, value in os.environ.items()
        if "__" not in name.strip("_") and not name.startswith(("DLT_", "PG")) and name != "CREDENTIALS"
    }


def _name(number: int) -> str:
    round_, place = divmod(number, len(CITIES))
    return CITIES[place] + (f"_{round_ + 1}" if round_ else "")


def _write(path: Path, sources: dict[str, Simulator], database: str) -> None:
    tenants = {
        name: {"tenant_id": int(source.tenant_id), "api_url": source.url, "auth_url": source.url}
        for name, source in sources.items()
    }
    keys = next(iter(sources.values())).credentials._asdict()
    common = {**keys, "requests_per_second": 60, "timezone": ZONE, "tenants": tenants}
    content = {
        "sources": {"servicetitan": common},
        "destination": {"postgres": {"credentials": database}},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o600)
    path.write_text(tomlkit.dumps(content))

"""The folder that Dagster needs (`DAGSTER_HOME`): where runs are kept, how many are at work, what is tried again.

    python -m orchestration.instance FOLDER            runs on this machine
    python -m orchestration.instance FOLDER --celery   runs on several, by way of a broker

Runs, events and ticks are kept in the schema `dagster` of the mirror's database, unless the environment names another
one (`SERVICETITAN_DAGSTER_STORAGE`). How that is reached stands in the environment alone, not in `dagster.yaml`.
"""

from __future__ import annotations

import os
import shlex
from contextlib import closing
from pathlib import Path

import click
import yaml
from psycopg2.extensions import make_dsn

from orchestration.celery_app import BROKER, LONGEST, broker
from orchestration.names import DATABASE, TENANT
from servicetitan_mirror.config import lookup
from servicetitan_mirror.config.loading import load_tenants_at_once
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import Warehouse, open_warehouse, query

STORAGE = "SERVICETITAN_DAGSTER_STORAGE"  # the variable with the database in which Dagster keeps its runs
SCHEMA = "dagster"
FILE, ENVIRONMENT = "dagster.yaml", "dagster.env"
TRIES = 2  # of a run whose process or machine died


def storage(warehouse: Warehouse) -> str:
    """Where runs are kept: the address that the environment names, else the schema of the mirror's database, made here.

    Raises:
        ConfigurationError: the database cannot be reached.
    """
    if named := os.environ.get(STORAGE):
        return named
    with closing(warehouse.connect("servicetitan dagster")) as connection:
        query(connection, f"create schema if not exists {SCHEMA}")
    options = f"-csearch_path={SCHEMA}"
    return Warehouse(make_dsn(warehouse.dsn, options=options)).url(with_password=True)


def write(home: Path, at_once: int, of_a_database: int, celery: bool = False, look: int = 30) -> Path:
    """Write `dagster.yaml`; `at_once` runs are at work, `of_a_database` in one, and one of a tenant.

    `look` is the seconds between two looks whether the runs at work still are.
    """
    content = {
        "storage": {"postgres": {"postgres_url": {"env": STORAGE}}},
        "concurrency": {
            "runs": {
                "max_concurrent_runs": at_once,
                "tag_concurrency_limits": [
                    _limit(TENANT, 1),
                    _limit("dagster/partition", 1),  # of a run that somebody started by hand
                    _limit(DATABASE, of_a_database),
                ],
            }
        },
        "run_monitoring": {
            "enabled": True,
            "start_timeout_seconds": 600,
            "poll_interval_seconds": look,
            "max_resume_run_attempts": 0,
        },
        "run_retries": {"enabled": True, "max_retries": TRIES, "retry_on_asset_or_op_failure": False},
        "retention": {"schedule": {"purge_after_days": 7}, "sensor": {"purge_after_days": 7}},
        "compute_logs": {
            "module": "dagster._core.storage.noop_compute_log_manager",
            "class": "NoOpComputeLogManager",
        },
        "telemetry": {"enabled": False},
    }
    if celery:
        content["run_launcher"] = _CELERY
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def _limit(tag: str, limit: int) -> dict[str, object]:
    return {"key": tag, "value": {"applyLimitPerUniqueValue": True}, "limit": limit}


@click.command()
@click.argument("home", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--celery", is_flag=True, help="Runs on several machines, by way of a broker.")
@click.option("--at-once", type=click.IntRange(1), help="Runs at work; `tenants_at_once` unless said.")
@click.option("--of-a-database", type=click.IntRange(1), help="Runs at work in one database; as many unless said.")
def main(home: Path, celery: bool, at_once: int | None, of_a_database: int | None) -> None:
    """Write dagster.yaml and dagster.env into FOLDER, and make the schema in which runs are kept."""
    lookup.use()
    at_once = at_once or load_tenants_at_once()
    environment = {"DAGSTER_HOME": str(home.absolute()), STORAGE: storage(open_warehouse(ROOT))}
    environment |= {BROKER: broker()} if celery else {}
    click.echo(f"wrote {write(home, at_once, of_a_database or at_once, celery)}")
    click.echo(
        f"wrote {_write_environment(home / ENVIRONMENT, environment)}, for `set -a; . {ENVIRONMENT}` and systemd"
    )


def _write_environment(path: Path, environment: dict[str, str]) -> Path:
    """What each process of Dagster's needs; nobody else may read it, as a password may be part of it."""
    path.touch(0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items()))
    return path


_CELERY = {
    "module": "orchestration.celery_runs",
    "class": "WatchedCeleryRunLauncher",
    "config": {
        "broker": {"env": BROKER},
        "backend": {"env": BROKER},
        "config_source": {"broker_transport_options": {"visibility_timeout": LONGEST}},
    },
}

if __name__ == "__main__":
    main()

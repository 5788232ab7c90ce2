"""The folder that Dagster needs (`DAGSTER_HOME`): where runs are kept, how many are at work, what is tried again.

    python -m orchestration.instance FOLDER            runs on this machine
    python -m orchestration.instance FOLDER --celery   runs on several, by way of a broker

Runs, events and ticks are kept in the schema `dagster` of the mirror's database, unless the environment names another
one; how it is reached stands in the environment alone, as a password may be part of it.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import click
import yaml
from psycopg2.extensions import make_dsn

from orchestration.celery_app import BROKER
from orchestration.names import DATABASE, TENANT
from servicetitan_mirror.config import lookup
from servicetitan_mirror.config.settings import load_tenants_at_once
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import Warehouse, open_warehouse, query

STORAGE = "SERVICETITAN_DAGSTER_STORAGE"  # the variable with the database in which Dagster keeps its runs
SCHEMA = "dagster"
FILE = "dagster.yaml"
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
@click.option("--at-once", type=click.IntRange(1), default=None, help="Runs at work; as `tenants_at_once` unless said.")
@click.option("--look", type=click.IntRange(1), default=30, help="Seconds between two looks whether runs are alive.")
def main(home: Path, celery: bool, at_once: int | None, look: int) -> None:
    """Write dagster.yaml into FOLDER, make the schema, and say what the environment has to name."""
    lookup.use()
    limit = load_tenants_at_once()
    address = storage(open_warehouse(ROOT))
    path = write(home.absolute(), at_once or limit, at_once or limit, celery, look)
    click.echo(f"wrote {path}", err=True)
    click.echo(f"export DAGSTER_HOME='{path.parent}'")
    click.echo(f"export {STORAGE}='{address}'" if sys.stdout.isatty() is False else f"# {STORAGE}: pipe this to see it")


_CELERY = {
    "module": "orchestration.celery_runs",
    "class": "WatchedCeleryRunLauncher",
    "config": {
        "broker": {"env": BROKER},
        "backend": {"env": BROKER},
        "config_source": {"broker_transport_options": {"visibility_timeout": 4 * 3600}},
    },
}

if __name__ == "__main__":
    main()

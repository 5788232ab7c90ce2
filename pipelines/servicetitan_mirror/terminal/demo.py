"""The whole path on a made-up tenant: simulator, full sync, changes, incremental sync, tables, questions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

import click
from psycopg2.extensions import connection as Connection
from rich.console import Console, Group

from servicetitan_mirror import invocation
from servicetitan_mirror.entities import PUBLISHED
from servicetitan_mirror.places import COMMAND
from servicetitan_mirror.postgres.warehouse import open_warehouse, query
from servicetitan_mirror.raw.forget import forget
from servicetitan_mirror.terminal.screen import Column, console, table
from servicetitan_simulator import SimulatorClient

CHANGES = (
    ("touch", "customers", 12),
    ("touch", "customer_contacts", 8),
    ("add", "jobs", 5),
    ("deactivate", "locations", 2),
    ("touch", "invoices", 20),
    ("deactivate", "appointment_assignments", 3),
)
QUESTIONS = {
    "What did we invoice, by business unit, this year and last?": """
        select business_units.name as business_unit, extract(year from invoice_date)::int as year,
            count(*) as invoices, round(sum(invoices.total), 2) as invoiced
        from st_invoices as invoices
        join st_business_units as business_units
            on business_units.tenant_id = invoices.tenant_id and business_units.st_id = invoices.business_unit_id
        where invoices.active and invoices.deleted_at is null
            and invoice_date >= date_trunc('year', current_date) - interval '1 year'
        group by 1, 2 order by 1, 2""",
    "Who owes us most, and how can we reach them?": """
        select customer.name as customer, customer.phone, customer.email, count(*) as invoices,
            round(sum(invoice.balance), 2) as balance, min(invoice.due_date) as oldest_due
        from v_outstanding_invoices as invoice
        join st_customers as customer on customer.st_id = invoice.customer_id
        group by customer.st_id, 1, 2, 3 order by sum(invoice.balance) desc limit 5""",
    "Which technicians completed most appointments in the last 90 days?": """
        select technician.name as technician, count(*) as appointments,
            count(distinct appointment.job_id) as jobs
        from st_appointments as appointment
        cross join unnest(appointment.technician_ids) as technician_id
        join st_technicians as technician on technician.st_id = technician_id
        where appointment.status = 'Done' and appointment.start_on >= now() - interval '90 days'
        group by 1 order by 2 desc limit 5""",
}


def run_demo(root: Path, customers: int) -> None:
    """Run it in a database of its own on the embedded PostgreSQL, against a simulator, and print what came out.

    Raises:
        SystemExit: a sync failed; with its exit code.
    """
    screen = console(sys.stdout)
    clock = Stages(screen)
    with clock.stage("the embedded PostgreSQL starts"):
        warehouse = open_warehouse(root, demo=True)
    with simulator(root, customers, clock) as source:
        environment = _settings(source)
        with closing(warehouse.connect()) as connection:
            forget(warehouse, root, int(source.tenant_id))  # an earlier demo began with another business
            with clock.stage("a full sync"):
                _sync(root, environment, "--full")
            with clock.stage("changes in the source"):
                for action, entity, count in CHANGES:
                    getattr(source, action)(entity, count=count)
            with clock.stage("an incremental sync"):
                _sync(root, environment)
            screen.print(_table_counts(screen, connection, source))
            for question, sql in ({_LOG_TITLE: _LOG} | QUESTIONS).items():
                screen.print(_rows(screen, connection, question, sql))
            clock.print()
            _check(connection, source)


class Stages:
    """The wall time of each stage."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announce and time a stage."""
        self._screen.print(f"── {name}", style="dim")
        began = time.monotonic()
        yield
        self._seconds[name] = time.monotonic() - began

    def print(self) -> None:
        """All stages with their seconds."""
        for name, seconds in self._seconds.items():
            self._screen.print(f"{seconds:6.1f} s  {name}")


@contextmanager
def simulator(root: Path, customers: int, clock: Stages) -> Iterator[SimulatorClient]:
    """A simulator in a process of its own, on a free port of loopback."""
    command = [*COMMAND, "simulate", "--port", "0"]
    with clock.stage(f"the simulator makes up a business with {customers:,} customers"):
        process = subprocess.Popen(
            [*command, "--customers", str(customers)], env=_without_settings(), stdout=subprocess.PIPE, text=True
        )
        line = process.stdout.readline() if process.stdout else ""
        click.echo(line.strip())
    try:
        yield SimulatorClient(next(word for word in line.split() if word.startswith("http")))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _settings(source: SimulatorClient) -> dict[str, str]:
    """The simulator's credentials; calls are limited to ServiceTitan's 60 a second."""
    names = {
        **source.credentials._asdict(),
        "tenant_id": source.tenant_id,
        "api_url": source.url,
        "auth_url": source.url,
        "requests_per_second": "60",
    }
    settings = {f"SOURCES__SERVICETITAN__{name.upper()}": str(value) for name, value in names.items()}
    return {**_without_settings(), **settings}


def _without_settings() -> dict[str, str]:
    """The environment less all that dlt and libpq take settings from."""
    return {
        name: value
        for name, value in os.environ.items()
        if "__" not in name.strip("_") and not name.startswith(("DLT_", "PG")) and name != "CREDENTIALS"
    }


def _sync(root: Path, environment: dict[str, str], *arguments: str) -> None:
    command = [*COMMAND, "demo-sync", *arguments]
    code = subprocess.run(command, env=environment, cwd=root).returncode
    if code:
        raise SystemExit(code)


def _table_counts(screen: Console, connection: Connection, source: SimulatorClient) -> Group:
    columns = (Column("table", text=True), Column("rows"), Column("in ServiceTitan"))
    rows = ([name, f"{rows:,}", f"{listed:,}"] for name, rows, listed in _counts(connection, source))
    return table(screen, columns, rows, "\nthe tables")


def _counts(connection: Connection, source: SimulatorClient) -> list[tuple[str, int, int]]:
    counts = source.counts()
    sql = "select count(*) from {} where tenant_id = %s and deleted_at is null"
    return [
        (
            entity.table,
            query(connection, sql.format(entity.table), (source.tenant_id,))[0][0],
            counts[entity.name]["all"],
        )
        for entity in PUBLISHED
    ]


def _check(connection: Connection, source: SimulatorClient) -> None:
    wrong = [name for name, rows, listed in _counts(connection, source) if rows != listed]
    if wrong:
        raise SystemExit(f"not equal to the source: {', '.join(wrong)}")
    psql = invocation.command("psql", "--demo")
    click.echo(f"\nEvery table holds as many records as the source lists. Look around with: {psql}")


def _rows(screen: Console, connection: Connection, title: str, sql: str) -> Group:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows, described = cursor.fetchall(), cursor.description or ()
    columns = []
    for place, column in enumerate(described):
        text = not (rows and isinstance(rows[0][place], int | Decimal))
        columns.append(Column(column.name, text, SPARE.get(column.name, 0)))
    return table(screen, columns, ([*map(_shown, row)] for row in rows), f"\n{title}")


def _shown(value: object) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, Decimal) else str(value)


SPARE = {"duration_ms": 6, "sync_type": 5, "unchanged": 4, "created": 3, "status": 2, "invoices": 1}
_LOG_TITLE = "the sync log: the last 8 rows with something in them"
_LOG = """
select to_char(started_at, 'HH24:MI:SS') as started, module, sync_type, status, records_fetched as fetched,
    records_created as created, records_updated as updated, records_unchanged as unchanged,
    records_deleted as deleted, records_failed as failed, duration_ms
from st_sync_log where records_fetched > 0 order by started_at desc, module limit 8
"""

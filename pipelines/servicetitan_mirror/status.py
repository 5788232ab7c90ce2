"""How the mirror stands: the last runs, and each table's rows and age."""

from __future__ import annotations

from datetime import timedelta

from psycopg2.extensions import connection as Connection
from rich.console import Console
from rich.table import Table

from servicetitan_mirror.entities import ENTITIES
from servicetitan_mirror.warehouse import RAW, query

RUNS = 10


def print_status(console: Console, connection: Connection) -> bool:
    """Print the last runs and the tables; returns False when nothing was synced yet."""
    if query(connection, "select to_regclass(%s)", (f"{RAW}.sync_log",)) == [(None,)]:
        console.print("Nothing was synced into this database yet. Run: servicetitan")
        return False
    console.print(_runs(connection))
    console.print(_tables(connection))
    return True


def _runs(connection: Connection) -> Table:
    table = _table("started", "tenant", "type", "by", "modules", "failed", "fetched", "changed", "deleted", "seconds")
    rows = query(
        connection,
        f"""
        select to_char(min(started_at), 'YYYY-MM-DD HH24:MI:SS'), tenant_id::text, min(sync_type),
            max(triggered_by), count(*), count(*) filter (where status not in ('completed', 'started')),
            sum(records_fetched), sum(records_created + records_updated), sum(records_deleted),
            extract(epoch from max(completed_at) - min(started_at))
        from {RAW}.sync_log group by run_id, tenant_id order by min(started_at) desc limit {RUNS}
        """,
    )
    for started, tenant, kind, by, *counts, seconds in rows:
        table.add_row(started, tenant, kind, by, *(f"{count:,}" for count in counts), _seconds(seconds))
    return table


def _tables(connection: Connection) -> Table:
    table = _table("table", "rows", "deleted", "rejected", "read until", "age")
    cursors = dict(query(connection, f"select entity, min(cursor) from {RAW}.sync_cursors group by entity"))
    ((now,),) = query(connection, "select now()")
    for entity in ENTITIES:
        ((rows, deleted, rejected),) = query(
            connection,
            f"""
            select count(*) filter (where deleted_at is null), count(deleted_at),
                (select count(*) from {RAW}.rejected_records where entity = %s)
            from {RAW}.{entity.name}
            """,
            (entity.name,),
        )
        moment = cursors.get(entity.name)
        until, age = (f"{moment:%Y-%m-%d %H:%M:%S}", _age(now - moment)) if moment else ("never", "")
        name = f"({entity.name})" if entity.parent else f"st_{entity.name}"
        table.add_row(name, f"{rows:,}", f"{deleted:,}", f"{rejected:,}", until, age)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for column in others:
        table.add_column(column, justify="right")
    return table


def _seconds(seconds: object) -> str:
    return "" if seconds is None else f"{float(str(seconds)):.1f}"


def _age(age: timedelta) -> str:
    """`3 min`, `5 h`, `2 days`: the age of the data."""
    minutes = max(int(age.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"

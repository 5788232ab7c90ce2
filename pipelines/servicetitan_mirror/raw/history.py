"""What the log keeps of earlier runs: what a dead one left open, what a full one had still to do, what is too old."""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import RAW, query


def abandon(connection: Connection, tenant_id: int) -> None:
    """Call the rows of dead runs abandoned. Only the holder of the tenant's lock may call it."""
    query(
        connection,
        f"""
        update {RAW}.sync_log set status = 'abandoned', completed_at = clock_timestamp(),
            error_message = coalesce(error_message, 'The process ended before the module was done.')
        where tenant_id = %s and status = 'started'
        """,
        (tenant_id,),
    )


def cut_off(connection: Connection, tenant_id: int) -> set[str]:
    """The names of the entities of the tenant's latest run, if that was a full one that did not come to its end.

    A run that ended before it began to read, which its rows say with a duration of 0, is passed over, and so is one
    that only mended what was found wrong.
    """
    rows = query(
        connection,
        f"""
        select module, bool_or(status = 'abandoned') over () and (parameters ->> 'full')::boolean
        from {RAW}.sync_log where tenant_id = %s and run_id = (
            select run_id from {RAW}.sync_log
            where tenant_id = %s and duration_ms is distinct from 0 and not parameters ? 'reconcile'
            order by started_at desc limit 1
        )
        """,
        (tenant_id, tenant_id),
    )
    return {module for module, goes_on in rows if goes_on}


def prune(connection: Connection, tenant_id: int, days: int) -> None:
    """Forget log rows, reconciliations and dlt's load records that are older than `days`."""
    age = f"now() - make_interval(days => {days})"
    query(connection, f"delete from {RAW}.sync_log where tenant_id = %s and started_at < {age}", (tenant_id,))
    forgotten = f"delete from {RAW}.reconciliations where tenant_id = %s and reconciled_at < {age}"
    query(connection, forgotten, (tenant_id,))
    if query(connection, "select to_regclass(%s)", (f"{RAW}._dlt_loads",)) != [(None,)]:  # made by the first load
        query(connection, f"delete from {RAW}._dlt_loads where inserted_at < {age}")

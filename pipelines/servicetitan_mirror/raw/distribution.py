"""How the tables of records are spread by tenant: over the machines of Citus, over partitions of one machine, or not.

The setting `distribution` is asked when the first landed table is made. From then on it is a fact of the database,
`raw_servicetitan.distribution()`, by which the landed tables, loads, models and merges go. Where it is not `none`,

- each table of records, landed or typed, is distributed by `tenant_id` (`raw_servicetitan.distribute`), and a statement
  reads and writes the rows of one tenant, named in it by a constant, so that it has to do with one machine alone;
- nothing is merged by MERGE, which Citus does not have for a source that is not distributed, but by `insert ... on
  conflict` (raw/upsert.py, macros/servicetitan/merge.sql), and no table has a trigger;
- dbt makes the tables and no row of them: the sync of each tenant brings its own.

The bookkeeping is small, and is not spread: on Citus it stays on the coordinator.
"""

from __future__ import annotations

from typing import Literal, cast

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import RAW, query

Distribution = Literal["none", "partitions", "citus"]


def made(connection: Connection) -> Distribution | None:
    """How the landed tables were made; None before the first sync, which makes them together with the log."""
    known = "select to_regclass(%s) is not null, to_regproc(%s) is not null"
    ((is_there, is_told),) = query(connection, known, (f"{RAW}.sync_log", f"{RAW}.distribution"))
    if not is_there:
        return None
    if not is_told:
        return "none"  # by a version that knew no other way
    ((distribution,),) = query(connection, f"select {RAW}.distribution()")
    return cast(Distribution, distribution)


def settle(connection: Connection, wanted: str | None) -> Distribution:
    """How this database's tables are spread: as they were made, else as it is wanted.

    Raises:
        ConfigurationError: they were made otherwise, or there is no Citus.
    """
    known = made(connection)
    if wanted and known and wanted != known:
        raise ConfigurationError(_OTHERWISE.format(name=variable("distribution"), wanted=wanted, known=known))
    if wanted == "citus" and query(connection, "select to_regclass('pg_dist_partition')") == [(None,)]:
        raise ConfigurationError(_NO_CITUS.format(name=variable("distribution")))
    return known or cast(Distribution, wanted or "none")


_OTHERWISE = (
    "{name} is {wanted}, but the tables of this database were made with {known}, and stay so. "
    "Set it to {known}, or sync into a new database: everything is read again."
)
_NO_CITUS = (
    "{name} is citus, and this database does not have that extension. On the coordinator, in this database: "
    "create extension citus; or leave the setting out."
)

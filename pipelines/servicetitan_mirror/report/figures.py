"""What the marts answer, tenant by tenant, all of one moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation.standing import TenantState, standing
from servicetitan_mirror.operation.wording import plain
from servicetitan_mirror.postgres import layout
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse, query, savepoint, undone
from servicetitan_mirror.report.sections import QUERIES, SCHEMA, Query

LONGEST = 120  # seconds that one query may take


@dataclass(frozen=True)
class Answered:
    """What a query gave: its columns, the rows of each tenant, and what the database says of the mart.

    `described` are the mart's columns with their descriptions, `view` the statement behind the mart, where it is one.
    """

    columns: list[str]
    rows: dict[int, list[list[Any]]]
    about: str | None
    described: list[tuple[str, str]]
    view: str | None


@dataclass(frozen=True)
class Figures:
    """All that the report shows; instead of an answer there may be the sentence that says why there is none."""

    tenants: list[TenantState]
    answers: dict[str, Answered | str]
    place: str


def figures(warehouse: Warehouse, max_age: timedelta | None, only: Collection[int] = ()) -> Figures:
    """Ask for everything, of all tenants or `only` of some.

    Raises:
        ConfigurationError: the database cannot be reached, or its log not read.
        MirrorError: nothing was synced into it, or PostgreSQL refuses something else.
    """
    with closing(warehouse.connect("servicetitan report")) as connection:
        layout.check(connection)
        query(connection, f"set statement_timeout = '{LONGEST}s'")
        tenants = standing(connection, max_age, only)
        if not tenants:
            raise MirrorError("Nothing was synced into this database yet. Run: servicetitan sync")
        with _at_one_moment(connection):
            answers = {one.name: answer(connection, one, [tenant.tenant_id for tenant in tenants]) for one in QUERIES}
    return Figures(tenants, answers, warehouse.place())


def answer(connection: Connection, asked: Query, tenants: Sequence[int]) -> Answered | str:
    """The rows of one query, within a transaction; else why there are none."""
    mart = f"{SCHEMA}.{asked.mart}"
    if query(connection, "select to_regclass(%s) is null", (mart,)) == [(True,)]:
        return missing(asked)
    try:
        with savepoint(connection), connection.cursor() as cursor:
            cursor.execute(f"select * from ({asked.sql}) as answer where tenant_id = any(%s)", ([*tenants],))
            columns = [column.name for column in cursor.description or ()][1:]
            rows: dict[int, list[list[Any]]] = {tenant: [] for tenant in tenants}
            for tenant, *values in cursor:
                rows[tenant].append([_said(value) for value in values])
            return Answered(columns, rows, *_of_mart(connection, mart))
    except psycopg2.Error as error:
        return plain(explain(error, f"read {mart}"))


def missing(asked: Query) -> str:
    """Why there is no such mart, and what to do about it."""
    if not asked.lists:
        return f"There is no {SCHEMA}.{asked.mart} yet: a sync makes it."
    lists = " and ".join(asked.lists)
    named = ", ".join(f'"{name}"' for name in ("standard", *asked.lists))
    return (
        f"Not mirrored: {lists}. Choose entities = [{named}] under [sources.servicetitan], and the next sync "
        f"makes {SCHEMA}.{asked.mart}."
    )


def _of_mart(connection: Connection, mart: str) -> tuple[str | None, list[tuple[str, str]], str | None]:
    ((about, view),) = query(connection, _ABOUT, {"mart": mart})
    described = query(connection, _DESCRIBED, {"mart": mart})
    return about, [(name, text) for name, text in described], view


def _said(value: Any) -> Any:
    """The value as JSON has it: months as `2026-01`, money as a number."""
    if isinstance(value, date):
        return value.isoformat()[:7]
    return float(value) if isinstance(value, Decimal) else value


@contextmanager
def _at_one_moment(connection: Connection) -> Iterator[None]:
    with undone(connection):
        query(connection, "set transaction isolation level repeatable read, read only")
        yield


_ABOUT = """
select
    obj_description(oid, 'pg_class'),
    case when relkind in ('v', 'm') then pg_get_viewdef(oid, true) end
from pg_class
where oid = %(mart)s::regclass
"""
_DESCRIBED = """
select attname, col_description(attrelid, attnum)
from pg_attribute
where attrelid = %(mart)s::regclass and attnum > 0 and not attisdropped
    and col_description(attrelid, attnum) is not null
order by attnum
"""

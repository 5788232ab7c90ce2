"""Records that the source no longer lists get `deleted_at`; the guard against a list that suddenly shrank.

Only a full reading whose count was proved may say that something is gone. The rows are marked under a load id of their
own, so that they are built like any other change. A record that is listed again lands with `deleted_at` null. The lists
of an entity are marked independently of each other: where one is refused, the others stay marked.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.errors import EndpointError
from servicetitan_mirror.postgres.warehouse import RAW, query, savepoint, transaction
from servicetitan_mirror.reading.reader import Reader
from servicetitan_mirror.reading.reading import Reading

FEW = 20  # so many may always vanish at once
UNMARKED = "so none is marked as deleted"


class _RefusedError(EndpointError):
    """So many records would vanish that none is marked."""

    def __init__(self, message: str, vanished: int) -> None:
        super().__init__(message)
        self.vanished = vanished


@dataclass
class Marked:
    """What was marked of an entity.

    Attributes:
        count: how many records.
        refused: by the name of a list, why nothing of it was marked: too much of it would vanish.
        unmarked: how many records of those lists would.
        passed_over: by the name of a list, why it cannot tell what is gone.
        problems: by the name of a list, what PostgreSQL refused.
    """

    count: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    unmarked: int = 0
    passed_over: dict[str, str] = field(default_factory=dict)
    problems: dict[str, psycopg2.Error] = field(default_factory=dict)


def mark_deleted(
    connection: Connection, tenant_id: int, readings: Iterable[Reading], load_id: str, share: float
) -> Marked:
    """Mark what complete full readings of one entity did not list. Runs in a transaction.

    A list of which more than `share` (from 0 to 1) and more than FEW records would vanish at once is refused.
    """
    marked = Marked()
    for reading in readings:
        if reading.task.endpoint.is_feed:
            continue  # its own rows said what is gone
        if doubt := _doubt(reading):
            marked.passed_over[reading.task.name] = doubt
            continue
        try:
            with savepoint(connection):
                marked.count += _mark(connection, tenant_id, reading, load_id, share)
        except _RefusedError as refused:
            marked.refused[reading.task.name] = str(refused)
            marked.unmarked += refused.vanished
        except psycopg2.Error as problem:
            if connection.closed:
                raise
            marked.problems[reading.task.name] = problem
    return marked


def unlisted(connection: Connection, tenant_id: int, reading: Reader) -> list[int] | str:
    """The ids of the records that a full reading did not list, though they are not marked; or why it cannot tell."""
    if doubt := _doubt(reading):
        return doubt
    with transaction(connection):
        _copy_ids(connection, reading)
        scope, values = _scope(reading, tenant_id)
        gone = f"select landed.id {_beside(reading)} where {scope} and listed.id is null order by 1"
        return [id for (id,) in query(connection, gone, values)]


def _doubt(reading: Reader) -> str | None:
    """Why a record that the full reading did not list may be there all the same; None if it is gone.

    A list that never has a total was read until two passes saw the same, which is proof enough.
    """
    path = reading.task.endpoint.path
    if reading.task.endpoint.is_feed:
        return f"{path} says itself what was deleted, so nothing else of it was marked as deleted."
    if reading.unreadable:
        return (
            f"{path} has {reading.unreadable} records without an id that can be read, so nothing of it was marked as "
            "deleted."
        )
    if not reading.proved and reading.task.endpoint.has_total:
        return f"{path} names no total that agrees with its records, so nothing of it was marked as deleted."
    return None


def _mark(connection: Connection, tenant_id: int, reading: Reading, load_id: str, share: float) -> int:
    entity = reading.task.entity
    _copy_ids(connection, reading)
    scope, values = _scope(reading, tenant_id)
    counted = f"select count(*), array_agg(landed.id) filter (where listed.id is null) {_beside(reading)} where {scope}"
    ((alive, gone),) = query(connection, counted, values)
    vanished = len(gone or ())
    if vanished > max(FEW, share * alive):
        raise _RefusedError(_refused(reading, vanished, alive, share), vanished)
    if vanished:
        query(
            connection,
            f"""
            update {RAW}.{entity.name} set deleted_at = now(), _dlt_load_id = %(load_id)s
            where {scope} and id = any(%(gone)s)
            """,
            {**values, "load_id": load_id, "gone": gone},
        )
    return vanished


def _beside(reading: Reader) -> str:
    return f"from {RAW}.{reading.task.entity.name} as landed left join listed on listed.id = landed.id"


def _scope(reading: Reader, tenant_id: int) -> tuple[str, dict[str, object]]:
    """The condition of the list's records that are not marked, and its values."""
    owner = reading.task.endpoint.owner
    scope = "tenant_id = %(tenant)s and deleted_at is null" + (" and entity_type = %(owner)s" if owner else "")
    return scope, {"tenant": tenant_id, "owner": owner}


def _copy_ids(connection: Connection, reading: Reader) -> None:
    query(connection, "create temporary table if not exists listed (id bigint primary key) on commit drop")
    query(connection, "truncate listed")
    ids = io.StringIO("\n".join(map(str, sorted(set(reading.ids)))))
    with connection.cursor() as cursor:
        cursor.copy_expert("copy listed (id) from stdin", ids)


def allowing(entity: str, tenant: str | None) -> str:
    """The line to type so that all that is gone is marked, of an entity and of the tenant of this name alone."""
    of = f" --tenant {tenant}" if tenant else ""
    return f"{variable('max_deleted_share', tenant)}=1 servicetitan --full --only {entity}{of}"


def _refused(reading: Reading, vanished: int, alive: int, share: float) -> str:
    return (
        f"{reading.task.endpoint.path} no longer lists {vanished} of {alive} records. That is more than "
        f"{share:.0%}, {UNMARKED}. If they are really gone, run once: "
        f"{allowing(reading.task.entity.name, tenants.used())}"
    )

"""What PostgreSQL did not take in one load, taken table by table, file by file, and at last record by record.

A load is all or nothing, for all its tables, and a single record may be why PostgreSQL refuses it: a number that jsonb
cannot hold, a text that is too long for an index, a constraint of somebody's own. So the files of a refused load are
merged again by a statement of ours, one file at a time, and where a file is refused too, each record by itself: those
that cannot land are returned with the reason. What is no record's fault (a lock, a right that is missing, a full disk)
is an error of the one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import query, savepoint, transaction
from servicetitan_mirror.raw.upsert import columns, upsert
from servicetitan_mirror.reading.records import Rejected

RECORDS_FAULT = ("22", "23", "54", "P0", "38", "39", "XX")  # classes of errors that one record may cause
ANOTHERS_RULE = ("23", "P0", "38", "39")  # constraints and triggers: the mirror has none that a record can break
FEW = 20  # so many records of a load may always be refused


@dataclass(frozen=True)
class Refused:
    """A record that PostgreSQL does not take, and the owner of its list; "" where the list has none."""

    owner: str
    record: Rejected


def land_carefully(connection: Connection, tenant_id: int, entity: Entity, files: Iterable[Path]) -> list[Refused]:
    """Merge the csv files of a tenant's entity, as the loader writes them; returns the records that PostgreSQL refuses.

    Raises:
        psycopg2.Error: it is no record's fault, or refuses so many that something else must be wrong.
    """
    return [refused for path in files for refused in _land(connection, tenant_id, entity, path)]


def _land(connection: Connection, tenant_id: int, entity: Entity, path: Path) -> list[Refused]:
    with transaction(connection):
        query(connection, _INCOMING.format(owner="entity_type text," if entity.has_owners else ""))
        with connection.cursor() as cursor, path.open("rb") as file:
            cursor.copy_expert(f"copy incoming ({', '.join(columns(entity))}) from stdin (format csv, header)", file)
        try:
            with savepoint(connection):
                query(connection, _merge(entity, tenant_id, "true"))
            return []
        except psycopg2.Error as error:
            if not (error.pgcode or "").startswith(RECORDS_FAULT):
                raise
            query(connection, _one_by_one(entity, tenant_id))
            return _judged(connection, entity, error)


def _judged(connection: Connection, entity: Entity, error: psycopg2.Error) -> list[Refused]:
    """The records that were refused one by one.

    Raises:
        psycopg2.Error: too many were; or all, by a rule that is not ours, which whoever made it has to look at.
    """
    owner = "entity_type" if entity.has_owners else "''"
    ((records, by_rule),) = query(
        connection,
        "select count(*), count(*) filter (where left(code, 2) = any(%s)) from incoming",
        ([*ANOTHERS_RULE],),
    )
    rows = query(connection, f"select {owner}, id, record, code, said, rule from incoming where code is not null")
    if by_rule == records or len(rows) > max(FEW, records / 2):
        raise error
    return [
        Refused(owner, Rejected(record, _reason(code, said, rule), str(id)))
        for owner, id, record, code, said, rule in rows
    ]


def _reason(code: str, said: str, rule: str) -> str:
    """Why PostgreSQL refuses a record, without any of its values."""
    if code == "54000" and said.startswith("index row"):
        return "a value in it is too long for an index"
    if code.startswith("23"):
        return f"the constraint {rule or 'not null'} does not allow it"
    reasons = {
        "22003": "a number in it is out of the range of PostgreSQL",
        "22P02": "it is not JSON as PostgreSQL reads it",
        "22P05": "a character in it has no place in the database's encoding",
        "22021": "a character in it has no place in the database's encoding",
        "54001": "it is nested too deeply",
        "54000": "it is too large for PostgreSQL",
    }
    known = reasons.get(code) or ("a trigger refuses it" if code.startswith(("P0", "38", "39")) else None)
    return known or f"PostgreSQL refuses it ({code})"


def _merge(entity: Entity, tenant_id: int, which: str) -> str:
    """The statement that merges, as dlt does, the incoming rows that a condition names: unchanged ones stay."""
    values = ", ".join(f"{name}::jsonb" if name == "record" else name for name in columns(entity))
    return upsert(entity, tenant_id, f"(select {values} from incoming where {which})")


def _one_by_one(entity: Entity, tenant_id: int) -> str:
    """The statement that merges each incoming row by itself, and notes beside it why it was refused."""
    return f"""
        do $$ declare
            one record; state text; words text; broken text;
        begin
            for one in select line from incoming loop
                begin
                    {_merge(entity, tenant_id, "line = one.line")};
                exception when others then
                    get stacked diagnostics state = returned_sqlstate, words = message_text, broken = constraint_name;
                    if left(state, 2) <> all ('{{{",".join(RECORDS_FAULT)}}}') then
                        raise;
                    end if;
                    update incoming set code = state, said = left(words, 9), rule = broken where line = one.line;
                end;
            end loop;
        end $$"""


_INCOMING = """
create temporary table incoming (
    line bigint generated always as identity primary key,
    tenant_id bigint not null,
    {owner}
    id bigint not null,
    modified_on timestamptz,
    deleted_at timestamptz,
    record text not null,
    _dlt_load_id text not null,
    code text,
    said text,
    rule text
) on commit drop
"""

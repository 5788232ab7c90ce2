"""A customer is erased: all that is personal in its records, and in those of its locations, goes, wherever it landed.

The rows stay, with their ids, amounts, dates and states, so that sums, counts and comparisons stay right. Who was
erased is in `raw_servicetitan.erased_records`, by ids alone, which every later sync consults before a record lands
(protecting.py). Customers that were merged into each other are one person.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.api.protection import ERASED_TEXT, Protection, texts, without
from servicetitan_mirror.personal import tree_of
from servicetitan_mirror.postgres.warehouse import RAW, query, transaction
from servicetitan_mirror.raw.rewriting import empty_staging, rewrite, rewrite_rejected
from servicetitan_mirror.raw.schema import there

WHO = ("customers", "customer_contacts", "locations", "location_contacts")  # whose records say who somebody is
SHORTEST = 4  # characters of a text by which somebody is recognized


@dataclass(frozen=True)
class Erased:
    """What was erased.

    Attributes:
        ids: by "customers" and "locations", of whom.
        counts: by landed table, the rows that changed; the tables follow with the next build.
        words: who it was, for whoever looks where else that stands.
    """

    ids: Mapping[str, Collection[int]]
    counts: Mapping[str, int]
    words: Collection[str]


def known(connection: Connection, tenant_id: int) -> dict[str, set[int]]:
    """By "customers" and "locations", the ids of all that were erased."""
    found: dict[str, set[int]] = {"customers": set(), "locations": set()}
    rows = query(connection, f"select entity, id from {RAW}.erased_records where tenant_id = %s", (tenant_id,))
    for entity, id in rows:
        found[entity].add(id)
    return found


def belonging(connection: Connection, tenant_id: int, customers: Collection[int]) -> dict[str, list[int]]:
    """The customers with those that were merged with them, and their locations, as far as they have landed."""
    rows = query(connection, _MERGED, {"tenant": tenant_id, "customers": [*customers]})
    merged = sorted({*customers, *(id for (id,) in rows)})
    rows = query(connection, _LOCATIONS, {"tenant": tenant_id, "customers": merged})
    return {"customers": merged, "locations": sorted(id for (id,) in rows)}


def erase(
    connection: Connection, tenant_id: int, customers: Collection[int], locations: Collection[int] = ()
) -> Erased:
    """Erase customers, all that belongs to them, and locations, in one transaction. Once more, it changes nothing."""
    with transaction(connection):
        ids = belonging(connection, tenant_id, customers)
        ids["locations"] = sorted({*ids["locations"], *locations})
        _note(connection, tenant_id, ids)
        words = _words(connection, tenant_id, ids)
        counts = {
            entity.name: rewrite(connection, tenant_id, entity, without, _of(entity.name), ids)
            for entity in there(connection)
            if tree_of(entity.name)
        }
        counts["rejected_records"] = _erase_rejected(connection, tenant_id, words)
        empty_staging(connection, tenant_id)
    return Erased(ids, {f"{RAW}.{name}": rows for name, rows in counts.items() if rows}, words)


def erase_found(connection: Connection, tenant_id: int, protection: Protection) -> bool:
    """Erase what turned out, while lists were read, to belong to an erased customer: parts of it may have landed.

    Returns whether there was any; then the files of loads may hold it too.
    """
    found = protection.found
    if any(found.values()):
        erase(connection, tenant_id, found["customers"], found["locations"])
    return any(found.values())


def elsewhere(connection: Connection, words: Collection[str]) -> dict[str, int]:
    """How many rows of tables that are not the mirror's hold one of the words; only of those that may be read."""
    if not words:
        return {}
    _copy(connection, words)
    counts, ours = dict[str, int](), [entity.table for entity in there(connection)]
    for (table,) in query(connection, _OTHERS, {"raw": f"{RAW}%", "ours": ours}):
        with suppress(psycopg2.errors.InsufficientPrivilege, psycopg2.errors.LockNotAvailable):
            naming = f"select count(*) from {table} as row where row::text ilike any(array(select word from words))"
            ((counts[table],),) = query(connection, naming)
    return {table: rows for table, rows in counts.items() if rows}


def _copy(connection: Connection, words: Collection[str]) -> None:
    """Copy them as patterns into a temporary table: in a statement, a server that logs statements would keep them."""
    query(connection, "drop table if exists words; create temporary table words (word text)")
    rows = io.StringIO()
    csv.writer(rows).writerows([f"%{_quoted(word)}%"] for word in words)
    with connection.cursor() as cursor:
        cursor.copy_expert("copy words from stdin (format csv)", io.StringIO(rows.getvalue()))


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _note(connection: Connection, tenant_id: int, ids: Mapping[str, Collection[int]]) -> None:
    rows = [(tenant_id, entity, id) for entity, of_entity in ids.items() for id in of_entity]
    statement = f"insert into {RAW}.erased_records (tenant_id, entity, id) values %s on conflict do nothing"
    with connection.cursor() as cursor:
        execute_values(cursor, statement, rows)


def _of(entity: str) -> str:
    """The condition that a landed record is of the customers or at the locations."""
    whole = f"{RAW}.whole_number(record {{}}) = any(%({{}})s)".format
    conditions = [
        whole("->> 'customerId'", "customers"),
        whole("#>> '{customer,id}'", "customers"),
        whole("->> 'locationId'", "locations"),
        whole("#>> '{location,id}'", "locations"),
    ]
    if entity in ("customers", "locations"):
        conditions += [f"id = any(%({entity})s)", whole("->> 'mergedToId'", entity)]
    return " or ".join(conditions)


def _words(connection: Connection, tenant_id: int, ids: Mapping[str, Collection[int]]) -> set[str]:
    words = set[str]()
    for name in WHO:
        landed = f"select record::text from {RAW}.{name} where tenant_id = %(tenant)s and ({_of(name)})"
        for (text,) in query(connection, landed, {**ids, "tenant": tenant_id}):
            words.update(word for word in texts(name, text) if len(word) >= SHORTEST)
    return words


def _erase_rejected(connection: Connection, tenant_id: int, words: Collection[str]) -> int:
    protection = Protection(erased=known(connection, tenant_id))

    def otherwise(text: str) -> str:
        is_about_them = any(word in text for word in words) or protection.protected_words(text) != text
        return ERASED_TEXT if is_about_them else text

    return rewrite_rejected(connection, tenant_id, otherwise)


_MERGED_TO = f"{RAW}.whole_number(customer.record ->> 'mergedToId')"
_MERGED = f"""
with recursive merged as (
    select unnest(%(customers)s::bigint[]) as id
    union
    select case when customer.id = merged.id then {_MERGED_TO} else customer.id end
    from {RAW}.customers as customer
    inner join merged on customer.id = merged.id or {_MERGED_TO} = merged.id
    where customer.tenant_id = %(tenant)s
)
select id from merged where id is not null
"""
_LOCATIONS = f"""
select id from {RAW}.locations
where tenant_id = %(tenant)s and {RAW}.whole_number(record ->> 'customerId') = any(%(customers)s)
"""
_OTHERS = """
select format('%%I.%%I', nspname, relname) from pg_class join pg_namespace on relnamespace = pg_namespace.oid
where relkind in ('r', 'm', 'p') and nspname !~ '^(pg_|information_schema$)' and nspname not like %(raw)s
    and not (nspname = 'public' and relname = any(%(ours)s)) and has_table_privilege(pg_class.oid, 'select')
    and has_schema_privilege(relnamespace, 'usage')
"""

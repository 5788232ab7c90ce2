"""What is kept of the keys of records: which are usual, and which are otherwise than known, as `st_schema_drift` shows.

Where nothing has changed, nothing is written: a sync asks once for all lists what earlier ones have seen.
"""

from __future__ import annotations

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.reading.keys import Before, Drift
from servicetitan_mirror.reading.reading import Reading


def before(connection: Connection, tenant_id: int) -> dict[tuple[str, str], Before]:
    """What earlier syncs have seen of each list, by entity and owner ("" where there is none)."""
    seen = {tuple(of): Before(frozenset(usual)) for *of, usual in query(connection, _USUAL, {"tenant": tenant_id})}
    for entity, owner, *drift in query(connection, _OPEN, {"tenant": tenant_id}):
        known = seen.get((entity, owner), Before())
        seen[entity, owner] = known._replace(open=(*known.open, Drift(*drift)))
    return seen


def keep_drift(connection: Connection, tenant_id: int, reading: Reading) -> None:
    """Write down what a reading has found of its records' keys. Runs in the settling transaction."""
    keys, task = reading.keys, reading.task
    if keys is None or task.before is None:
        return
    whole = task.is_full and not reading.error
    of_list = {"tenant": tenant_id, "entity": task.entity.name, "owner": task.endpoint.owner or ""}
    open = {drift.of: drift for drift in task.before.open}
    drifts = [drift if whole else _besides(drift, open.get(drift.of)) for drift in keys.drifts(whole)]
    if rows := [of_list | drift._asdict() for drift in drifts if drift != open.get(drift.of)]:
        template = "(%(tenant)s, %(entity)s, %(owner)s, %(change)s, %(path)s, %(type)s, %(known_type)s, %(records)s)"
        with connection.cursor() as cursor:
            execute_values(cursor, _WRITE, rows, template)
    if ended := keys.ended(whole):
        changes, fields = zip(*ended, strict=True)
        query(connection, _END, {**of_list, "changes": [*changes], "fields": [*fields]})
    if whole and (usual := keys.usual()) != sorted(task.before.usual):
        query(connection, _WRITE_USUAL, {**of_list, "usual": usual})


def _besides(drift: Drift, known: Drift | None) -> Drift:
    """What a read of changes has met, beside what is known of all records."""
    if known is None:
        return drift
    type = known.type if drift.type == "null" else drift.type
    return drift._replace(type=type, records=max(drift.records, known.records))


_USUAL = f"select entity, entity_type, fields from {RAW}.usual_keys where tenant_id = %(tenant)s"
_OPEN = f"""
select entity, entity_type, change, field, type, known_type, records from {RAW}.schema_drift
where tenant_id = %(tenant)s and ended_at is null
"""
_WRITE = f"""
insert into {RAW}.schema_drift as known (tenant_id, entity, entity_type, change, field, type, known_type, records)
values %s
on conflict (tenant_id, entity, entity_type, field, change) do update set
    type = excluded.type,
    known_type = excluded.known_type,
    records = excluded.records,
    first_seen_at = case when known.ended_at is null then known.first_seen_at else now() end,
    ended_at = null
"""
_END = f"""
update {RAW}.schema_drift set ended_at = now()
where tenant_id = %(tenant)s and entity = %(entity)s and entity_type = %(owner)s
    and (change, field) in (select * from unnest(%(changes)s::text[], %(fields)s::text[]))
"""
_WRITE_USUAL = f"""
insert into {RAW}.usual_keys (tenant_id, entity, entity_type, fields)
values (%(tenant)s, %(entity)s, %(owner)s, %(usual)s)
on conflict (tenant_id, entity, entity_type) do update set fields = excluded.fields
"""

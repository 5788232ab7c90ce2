"""Records that cannot land, and how long they are asked for again.

A rejected record stands in `raw_servicetitan.rejected_records` under its list and its id, or under its text where it
has no id, so that it is one row however often it comes. It is open until a reading that had to meet it did not: then it
has landed, or vanished. As long as it is open, its list is read again from `sync_cursors.rejected_since`, the lower
bound with which it was met; the cursor alone only moves forward and would leave it behind for ever. A reading that
takes long is repeated after ten times as long, so that asking again costs at most a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from servicetitan_mirror.api.protection import ERASED_TEXT
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.reading.reading import Reading
from servicetitan_mirror.reading.records import Rejected

ALWAYS = "-infinity"  # as a lower bound: everything
QUICK = 5.0  # seconds; a reading that takes less is repeated in every sync
PAUSE = 10.0  # times what the reading took pass before it is repeated


def keep_rejected(connection: Connection, tenant_id: int, reading: Reading) -> None:
    """Write down what the reading rejected, and heal what it did not reject again. Runs in the settling transaction."""
    of_list = {"tenant": tenant_id, "list": reading.task.name, "entity": reading.task.entity.name}
    of_list |= {"owner": reading.task.endpoint.owner or "", "since": reading.task.since or ALWAYS}
    known: dict[str, str | None] = dict(query(connection, _OPEN, of_list))
    met = {record.fingerprint: record for record in [*reading.rejected, *reading.unstorable]}
    if not known and not met:
        return
    _write(connection, of_list, met)
    if reading.error:
        return  # its cursor stays, so the next sync meets them anyway
    ((in_reach,),) = query(connection, _COVERS, of_list)
    covers = in_reach and not reading.task.ids  # those that it was not asked for are not met
    left = {key: id for key, id in known.items() if key not in met}
    healed = [key for key, id in left.items() if covers or _has_landed(id, reading)]
    if healed:
        query(connection, _HEAL, {**of_list, "healed": healed})
    values = {"open": bool(met) or len(healed) < len(left), "news": not known.keys() >= met.keys()}
    query(connection, _ASK, {**of_list, **values, "covers": covers, "seconds": reading.seconds})


def refused_before(connection: Connection, tenant_id: int) -> dict[str, frozenset[tuple[str, int]]]:
    """By the name of an entity, owner and id of its open records that have an id: they may be refused again."""
    rows = query(
        connection,
        f"""
        select entity, entity_type, id from {RAW}.rejected_records
        where tenant_id = %s and healed_at is null and id ~ '^-?[0-9]{{1,18}}$'
        """,
        (tenant_id,),
    )
    return {
        entity: frozenset((owner, int(id)) for name, owner, id in rows if name == entity)
        for entity in {entity for entity, *_ in rows}
    }


def prune_healed(connection: Connection, tenant_id: int, days: int) -> None:
    """Forget records and values that were healed more than `days` ago."""
    for table in ("rejected_records", "sync_failures"):
        query(
            connection,
            f"delete from {RAW}.{table} where tenant_id = %s and healed_at < now() - make_interval(days => %s)",
            (tenant_id, days),
        )


def _write(connection: Connection, of_list: Mapping[str, object], met: Mapping[str, Rejected]) -> None:
    key = (of_list["tenant"], of_list["entity"], of_list["owner"])
    rows = [(*key, fingerprint, record.id, record.reason, record.text) for fingerprint, record in met.items()]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor, _WRITE, rows)


def _has_landed(id: str | None, reading: Reading) -> bool:
    """Whether the reading brought the record, which it no longer rejects."""
    try:
        return id is not None and int(id) in reading.ids
    except ValueError:
        return False


_OF_LIST = "tenant_id = %(tenant)s and entity = %(entity)s and entity_type = %(owner)s"
_OPEN = f"select fingerprint, id from {RAW}.rejected_records where {_OF_LIST} and healed_at is null"
_UNLESS_ERASED = f"case rejected_records.record when '{ERASED_TEXT}' then '{ERASED_TEXT}' else excluded.record end"
_WRITE = f"""
insert into {RAW}.rejected_records (tenant_id, entity, entity_type, fingerprint, id, reason, record) values %s
on conflict (tenant_id, entity, entity_type, fingerprint) do update
set reason = excluded.reason, record = {_UNLESS_ERASED}, last_seen_at = now(), healed_at = null
"""
_HEAL = f"update {RAW}.rejected_records set healed_at = now() where {_OF_LIST} and fingerprint = any(%(healed)s)"
_COVERS = f"""
select coalesce(%(since)s::timestamptz <= rejected_since, %(since)s::timestamptz = '-infinity')
from {RAW}.sync_cursors where tenant_id = %(tenant)s and list = %(list)s
"""
_ASK = f"""
update {RAW}.sync_cursors set
    rejected_since = case
        when not %(open)s then null
        when %(news)s or rejected_since is null then least(rejected_since, %(since)s::timestamptz)
        else rejected_since
    end,
    rejected_asked_at = case when %(news)s then null when %(covers)s then now() else rejected_asked_at end,
    rejected_asked_seconds = case when %(covers)s then %(seconds)s else rejected_asked_seconds end
where tenant_id = %(tenant)s and list = %(list)s
"""

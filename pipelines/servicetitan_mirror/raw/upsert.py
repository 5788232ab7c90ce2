"""The statement that brings incoming records into their landed table, by `insert ... on conflict`.

It does what dlt's MERGE does, in cases where that cannot be used: a source that dlt does not know (careful.py), and
tables that are spread over machines (distribution.py).
"""

from __future__ import annotations

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.postgres.warehouse import RAW
from servicetitan_mirror.resources.declaration import LOAD_ID


def columns(entity: Entity) -> list[str]:
    """The columns of a landed row that a load brings."""
    owner = ["entity_type"] if entity.has_owners else []
    return ["tenant_id", *owner, "id", "modified_on", "deleted_at", "record", LOAD_ID.name]


def upsert(entity: Entity, tenant_id: int, incoming: str) -> str:
    """Insert and update the tenant's rows as `incoming` has them, a table or a query in brackets.

    Rows that are as they were are not touched, not even locked: most of those of a full read are.
    """
    names, compared = columns(entity), ["modified_on", "deleted_at", "record"]
    same = " and ".join(f"known.{name} = new.{name}" for name in entity.key if name != "tenant_id")
    known, new, excluded = (", ".join(f"{of}.{name}" for name in compared) for of in ("known", "new", "excluded"))
    return f"""
        insert into {RAW}.{entity.name} as landed ({", ".join(names)})
        select {", ".join(f"new.{name}" for name in names)} from {incoming} as new
        left join {RAW}.{entity.name} as known on known.tenant_id = {tenant_id} and {same}
        where known.id is null or ({known}) is distinct from ({new})
        on conflict ({", ".join(entity.key)}) do update set {", ".join(_changes(entity))}
        where ({known.replace("known.", "landed.")}) is distinct from ({excluded})"""


def _changes(entity: Entity) -> list[str]:
    changes = [f"{name} = excluded.{name}" for name in columns(entity) if name not in entity.key]
    if parent := entity.parent_id:
        old, new = (f"{of}.record ->> '{parent}'" for of in ("landed", "excluded"))
        changes.append(f"former_parents = {RAW}.former_parents(landed.former_parents, {old}, {new})")
    return changes

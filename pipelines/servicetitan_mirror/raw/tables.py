"""What `raw_servicetitan` is made of, as statements each of which may run again.

Each file in `sql/` makes what it is named after: the role of the analysts, the functions of models and indexes, the
tables of the bookkeeping. A function's arguments and result cannot be replaced; another name can. A new column is an
`alter table ... add column if not exists` after its table.

What such statements cannot do (rename, convert, drop) is a migration: `sql/migrations/N.sql` brings the layout before N
to what the statements of layout N can go on from. It runs once, before them, and never where there was no mirror.

dlt makes its own tables; the landed ones are made here, because they need what dlt does not make: a key over
several columns before the first merge, an index on `_dlt_load_id`, and `first_seen_at`, which dlt's merge leaves
alone because it does not know the column. Companions also keep `former_parents`, so that a contact that moves is
missed by the customer that it leaves: by a trigger, or where tables are spread (distribution.py) by the statement that
loads them. So are the staging tables made here: what is in them is thrown away, so they need
neither a log nor vacuuming nor compression, which halves the time of a copy.
"""

from __future__ import annotations

from pathlib import Path

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.postgres.warehouse import RAW
from servicetitan_mirror.raw.distribution import Distribution


def _statements(folder: str) -> dict[str, str]:
    """The text of each file of `sql/<folder>`, by the name of what it makes."""
    return {path.stem: path.read_text() for path in sorted((Path(__file__).parent / "sql" / folder).glob("*.sql"))}


ROLES, FUNCTIONS, BOOKKEEPING = map(_statements, ("roles", "functions", "tables"))
MIGRATIONS = {int(number): statements for number, statements in _statements("migrations").items()}
TABLES = {*BOOKKEEPING, *(entity.name for entity in ENTITIES)}


def staging_table(schema: str, entity: Entity) -> str:
    """The statements that make a tenant's staging table of an entity anew."""
    return f"""
        drop table if exists {schema}.{entity.name};
        create unlogged table {schema}.{entity.name} (
            like {RAW}.{entity.name}
        ) with (autovacuum_enabled = false, toast.autovacuum_enabled = false);
        alter table {schema}.{entity.name} drop column first_seen_at, drop column if exists former_parents,
            alter column record set storage external;
    """


def landed_table(entity: Entity, distribution: Distribution = "none") -> list[str]:
    """The statements that make the table in which an entity lands: each by itself, which Citus hands on to machines."""
    name = f"{RAW}.{entity.name}"
    owner = "entity_type text not null," if entity.has_owners else ""
    return [
        f"""
        create table if not exists {name} (
            tenant_id bigint not null,
            {owner}
            id bigint not null,
            modified_on timestamptz,
            deleted_at timestamptz,
            record jsonb not null,
            _dlt_load_id varchar not null,
            first_seen_at timestamptz not null default now(),
            primary key ({", ".join(entity.key)})
        ) {"partition by hash (tenant_id)" if distribution == "partitions" else ""}""",
        *([f"select {RAW}.distribute('{name}', '{distribution}')"] if distribution != "none" else []),
        f"create index if not exists {entity.name}__dlt_load_id_idx on {name} (_dlt_load_id)",
        *(_of_parent(name, entity, distribution) if entity.parent_id else []),
    ]


def _of_parent(name: str, companion: Entity, distribution: Distribution) -> list[str]:
    parent = f"{RAW}.whole_number({{}}record ->> '{companion.parent_id}')".format
    moved = f"""
        create or replace trigger moved before update on {name} for each row
        when ({parent("old.")} is distinct from {parent("new.")})
        execute function {RAW}.keep_former_parent('{companion.parent_id}')"""
    return [
        f"create index if not exists {companion.name}_of_parent on {name} (tenant_id, {parent('')})",
        f"alter table {name} add column if not exists former_parents text[]",
        *([moved] if distribution == "none" else []),
    ]

"""What `raw_servicetitan` is made of, as statements each of which may run again.

Each file in `sql/` makes what it is named after: the role of the analysts, the functions of models and indexes, the
tables of the bookkeeping. A function's arguments and result cannot be replaced; another name can. A new column is an
`alter table ... add column if not exists` after its table.

What such statements cannot do (rename, convert, drop) is a migration: `sql/migrations/N.sql` brings the layout before N
to what the statements of layout N can go on from. It runs once, before them, and never where there was no mirror.

dlt makes its own tables; the landed ones are made here, because they need what dlt does not make: a key over
several columns before the first merge, an index on `_dlt_load_id`, and `first_seen_at`, which dlt's merge leaves
alone because it does not know the column. Companions also keep `former_parents`, so that a contact that moves is
missed by the customer that it leaves. So are the staging tables made here: what is in them is thrown away, so they need
neither a log nor vacuuming nor compression, which halves the time of a copy.
"""

from __future__ import annotations

from pathlib import Path

from servicetitan_mirror.entities import ENTITIES, Entity
from servicetitan_mirror.postgres.warehouse import RAW


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


def landed_table(entity: Entity) -> str:
    """The statements that make the table in which an entity lands."""
    owner = "entity_type text not null," if entity.has_owners else ""
    return f"""
        create table if not exists {RAW}.{entity.name} (
            tenant_id bigint not null,
            {owner}
            id bigint not null,
            modified_on timestamptz,
            deleted_at timestamptz,
            record jsonb not null,
            _dlt_load_id varchar not null,
            first_seen_at timestamptz not null default now(),
            primary key ({", ".join(entity.key)})
        );
        create index if not exists {entity.name}__dlt_load_id_idx on {RAW}.{entity.name} (_dlt_load_id);
        {_of_parent(entity.name, entity.parent_id) if entity.parent_id else ""}
    """


def _of_parent(companion: str, parent: str) -> str:
    return f"""
        create index if not exists {companion}_of_parent
            on {RAW}.{companion} (tenant_id, {RAW}.whole_number(record ->> '{parent}'));
        alter table {RAW}.{companion} add column if not exists former_parents text[];
        create or replace trigger moved before update on {RAW}.{companion} for each row
        when ({RAW}.whole_number(old.record ->> '{parent}')
            is distinct from {RAW}.whole_number(new.record ->> '{parent}'))
        execute function {RAW}.keep_former_parent('{parent}');
    """

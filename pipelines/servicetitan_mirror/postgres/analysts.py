"""The role with which analysts read what is published; somebody may make it long after the first sync."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.warehouse import query

ANALYSTS = "servicetitan_analyst"


def grant_to_analysts(connection: Connection, models: Sequence[str], schema: str = "public") -> None:
    """Give the role, where there is one, the rights on the tables and views of the schema that it lacks."""
    query(connection, _GRANT, {"role": ANALYSTS, "models": [*models], "schema": schema})


# `internal_error`: another tenant's sync grants the same at the same moment
_GRANT = """
do $$ declare relation regclass; begin
    for relation in
        select pg_class.oid from pg_class, pg_roles where rolname = %(role)s
            and relnamespace = to_regnamespace(%(schema)s) and relkind in ('r', 'p', 'v') and relname = any(%(models)s)
            and not has_table_privilege(rolname, pg_class.oid, 'select')
    loop
        execute format('grant select on %%s to %%I', relation, %(role)s);
    end loop;
    if exists (
        select from pg_roles, pg_namespace where rolname = %(role)s and nspname = %(schema)s
            and not has_schema_privilege(rolname, pg_namespace.oid, 'usage')
    ) then
        execute format('grant usage on schema %%I to %%I', %(schema)s, %(role)s);
    end if;
exception when insufficient_privilege or internal_error then
    null; -- whoever owns them may do it
end $$
"""

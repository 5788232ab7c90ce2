"""What stands in the way of a user's node, found before dbt runs: it would end all of its run, or lose data."""

from __future__ import annotations

from collections.abc import Collection

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.postgres.refusals import quoted
from servicetitan_mirror.postgres.warehouse import query
from servicetitan_mirror.tables.lineage import Node


def of(connection: Connection, nodes: Collection[Node], known: Collection[str] = ()) -> dict[str, str]:
    """By the ids of the nodes that cannot be run, why, and what to do; `known` are the ids of those that a sync ran."""
    return _barred(connection, nodes) | _taken(connection, [node for node in nodes if node.id not in known])


def _barred(connection: Connection, nodes: Collection[Node]) -> dict[str, str]:
    """Those in whose schema nothing can be made."""
    rows = query(connection, _BARRED, (sorted({node.schema for node in nodes}),))
    why = {schema: _MENDED[is_there].format(quoted(schema), quoted(user)) for schema, user, is_there in rows}
    return {node.id: why[node.schema] for node in nodes if node.schema in why}


def _taken(connection: Connection, nodes: Collection[Node]) -> dict[str, str]:
    """The views in whose place somebody's table is: dbt would drop it."""
    own = {(node.schema, node.relation): node.id for node in nodes if node.materialized == "view"}
    rows = query(connection, _TABLES, (sorted({schema for schema, _ in own}),)) if own else []
    return {own[row]: _TAKEN.format(*map(quoted, row)) for row in rows if row in own}


_MENDED = {
    True: "The schema {0} may not be used: grant usage, create on schema {0} to {1};",
    False: "The schema {0} is missing and may not be made: create schema {0} authorization {1};",
}
_BARRED = """
select name, current_user::text, pg_namespace.oid is not null
from unnest(%s::text[]) as name left join pg_namespace on nspname = name
where not case
    when pg_namespace.oid is null then has_database_privilege(current_database(), 'create')
    else has_schema_privilege(pg_namespace.oid, 'usage') and has_schema_privilege(pg_namespace.oid, 'create')
end
"""
_TABLES = """
select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = any (%s) and relkind in ('r', 'p', 'f', 'm')
"""
_TAKEN = "{0}.{1} is a table that no sync has made: give it another name, and the next sync makes the view."

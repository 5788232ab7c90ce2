"""What would make every stream fail alike is found before the first list is read, and said once with what to do."""

from __future__ import annotations

from collections.abc import Collection

from psycopg2.extensions import connection as Connection

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.refusals import RIGHTS, quoted
from servicetitan_mirror.postgres.warehouse import RAW, query
from servicetitan_mirror.raw.schema import STAGING

# What is wrong → what to do. {0} is the object, {1} more of it, {user} and {database} are quoted.
_PROBLEMS = {
    "encoding": (
        "Its encoding is {0}, and records hold any character: make another with "
        "create database servicetitan_mirror encoding 'UTF8' template template0; and name that one."
    ),
    "standby": "It is a standby, which can only be read: name the primary server.",
    "read-only": (
        "It can only be read: alter role {user} in database {database} set default_transaction_read_only = off;"
    ),
    "temporary": "It allows no temporary tables: grant temporary on database {database} to {user};",
    "no schema": "The schema {0} is missing and may not be made: create schema {0} authorization {user};",
    "public": "The schema public is missing: create schema public; grant usage, create on schema public to {user};",
    "schema": "The schema {0} may not be used: grant usage, create on schema {0} to {user};",
    "owner": "{1} belongs to somebody else: alter {1} owner to {user};",
    "connections": "Only {0} connections are free and a sync needs {least}: end some, or allow more.",
}
LEAST = 3  # connections that a sync still needs when this is asked, if each of its parts uses one


def check(connection: Connection, tenant_id: int, models: Collection[str]) -> int:
    """Look for whatever would stop a sync of the tenant; `models` are the names of its tables and views.

    Returns:
        How many more connections may be opened.

    Raises:
        ConfigurationError: names everything that is wrong, each with the statement that mends it.
    """
    found, free = problems(connection, tenant_id, models)
    if found:
        lines = "\n".join(f"  - {problem}" for problem in found)
        database = quoted(connection.info.dbname)
        raise ConfigurationError(f"The database {database} cannot hold the mirror yet.\n{lines}\n{RIGHTS}")
    return free


def problems(connection: Connection, tenant_id: int, models: Collection[str]) -> tuple[list[str], int]:
    """What `check` would name, as sentences `what: statement`, and how many more connections may be opened."""
    values = {"schemas": [RAW, STAGING.format(tenant_id)], "models": [*models], "least": LEAST}
    found = query(connection, _QUERY, values)
    facts = {kind: what for kind, what, _ in found}
    names = {"user": quoted(facts["user"]), "database": quoted(connection.info.dbname), "least": LEAST}
    sentences = [_PROBLEMS[kind].format(what, more, **names) for kind, what, more in found if kind in _PROBLEMS]
    return sentences, int(facts["free"])


def at_once(free: int) -> int:
    """How many connections each part of a sync may use at once when so many are `free`: from 1 to 4."""
    return max(1, min(4, (free - LEAST) // 2 + 1))


_QUERY = """
with target as (select * from pg_database where datname = current_database()),
role as (select * from pg_roles where rolname = session_user),
sessions as (
    select count(*) as of_all, count(*) filter (where usename = session_user) as of_role,
        count(*) filter (where datname = current_database()) as of_database
    from pg_stat_activity where datid is not null and coalesce(backend_type, 'client backend') = 'client backend'
),
free as (
    select least(
        current_setting('max_connections')::int - of_all - case when rolsuper then 0 else
            current_setting('superuser_reserved_connections')::int
            + coalesce(current_setting('reserved_connections', true), '0')::int end,
        case when rolconnlimit >= 0 and not rolsuper then rolconnlimit - of_role end,
        case when datconnlimit >= 0 and not rolsuper then datconnlimit - of_database end
    ) as connections
    from target, role, sessions
),
wanted as (
    select name, pg_namespace.oid as schema from unnest(%(schemas)s || array['public']) as name
    left join pg_namespace on nspname = name
),
ours as (
    select pg_class.oid, name, relkind = 'v' as is_view, pg_has_role(relowner, 'usage') as owned,
        has_table_privilege(pg_class.oid, 'select') and has_table_privilege(pg_class.oid, 'insert')
            and has_table_privilege(pg_class.oid, 'update') as usable
    from pg_class join wanted on schema = relnamespace
    where relkind in ('r', 'p', 'v') and (name <> 'public' or relname = any(%(models)s))
)
select 'free', connections::text, '' from free
union all select 'user', current_user::text, ''
union all select 'connections', greatest(connections, 0)::text, '' from free where connections < %(least)s
union all select 'encoding', pg_encoding_to_char(encoding), '' from target where pg_encoding_to_char(encoding) <> 'UTF8'
union all select 'standby', '', '' where pg_is_in_recovery()
union all select 'read-only', '', '' where current_setting('transaction_read_only')::boolean and not pg_is_in_recovery()
union all select 'temporary', '', '' where not has_database_privilege(current_database(), 'temporary')
union all select case name when 'public' then 'public' else 'no schema' end, quote_ident(name), '' from wanted
    where schema is null and (name = 'public' or not has_database_privilege(current_database(), 'create'))
union all select 'schema', quote_ident(name), '' from wanted
    where not (has_schema_privilege(schema, 'usage') and (has_schema_privilege(schema, 'create')
        or name = 'public' and (select count(*) = cardinality(%(models)s) from ours where ours.name = 'public')))
union all select 'owner', '', 'table ' || oid::regclass from ours
    where not owned and (name <> 'public' or not is_view and not usable
        and not exists (select from ours where name = 'public' and not is_view and (owned or usable)))
union all select 'owner', '', 'function ' || pg_proc.oid::regprocedure from pg_proc join wanted on schema = pronamespace
    where name <> 'public' and not pg_has_role(proowner, 'usage')
"""

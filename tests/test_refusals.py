"""What PostgreSQL refuses is said with the object, what to do about it, and no value of any row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn

from servers import new_database
from servicetitan_mirror.postgres.refusals import explain
from servicetitan_mirror.postgres.warehouse import Warehouse, query, transaction

USER = 'Ann "x" O\'Neil'
TABLES = """
create schema if not exists raw_servicetitan; grant usage on schema raw_servicetitan to public;
create table raw_servicetitan.jobs (id int primary key, record jsonb);
create table raw_servicetitan.mine (id int); grant all on raw_servicetitan.mine to public;
create table st_jobs (name text); grant all on st_jobs to public;
"""


@pytest.fixture(scope="module")
def database(embedded_18: Warehouse) -> Iterator[Warehouse]:
    """A database with some tables, and a user who may do little."""
    warehouse = new_database(embedded_18)
    name = warehouse.parameters["dbname"]
    with closing(warehouse.connect()) as connection:
        query(connection, TABLES)
        query(connection, f"revoke temporary on database {name} from public")
        query(connection, 'drop role if exists "Ann ""x"" O\'Neil"; create role "Ann ""x"" O\'Neil" login')
    yield warehouse
    with closing(warehouse.connect()) as connection:
        query(connection, 'drop owned by "Ann ""x"" O\'Neil" cascade; drop role "Ann ""x"" O\'Neil"')


@pytest.fixture
def owner(database: Warehouse) -> Iterator[Connection]:
    with closing(database.connect()) as connection:
        yield connection


@pytest.fixture
def ann(database: Warehouse) -> Iterator[Connection]:
    with closing(Warehouse(make_dsn(database.dsn, user=USER)).connect()) as connection:
        yield connection


def explained_refusal(connection: Connection, statement: str, doing: str = "", other: Connection | None = None) -> str:
    with pytest.raises(psycopg2.Error) as raised:
        query(connection, statement)
    return explain(raised.value, doing, other)


@pytest.mark.parametrize(
    ("statement", "grant"),
    [
        ("create table public.x ()", 'grant usage, create on schema "public" to {user}'),
        ("create schema x", 'grant create on database "{database}" to {user}'),
        ("create temporary table x ()", 'grant temporary on database "{database}" to {user}'),
        (
            "select from raw_servicetitan.jobs",
            'grant all on "raw_servicetitan"."jobs" to {user}',
        ),
        ("alter table st_jobs add column x int", 'alter table "public"."st_jobs" owner to {user}'),
    ],
)
def test_a_missing_right_comes_with_the_statement_that_gives_it(
    ann: Connection, owner: Connection, statement: str, grant: str
) -> None:
    said = explained_refusal(ann, statement, "make it")
    mended = grant.format(user='"Ann ""x"" O\'Neil"', database=ann.info.dbname)
    assert said.startswith("PostgreSQL refused to make it: ")
    assert said.endswith(f" (42501). Its owner can mend that: {mended};")
    query(owner, mended)
    query(ann, statement)


@pytest.mark.parametrize(
    ("foreign", "said"),
    [
        (
            'add column "my note" text not null',
            'null value in column "my note" of relation "st_jobs" violates not-null constraint (23502). The mirror '
            'does not fill "public"."st_jobs"."my note". If the column is yours: alter table "public"."st_jobs" alter '
            'column "my note" drop not null; or give it a default.',
        ),
        (
            "add constraint short check (length(name) < 3)",
            'new row for relation "st_jobs" violates check constraint "short" (23514). If "short" on '
            '"public"."st_jobs" is yours, the mirror cannot keep it: alter table "public"."st_jobs" drop constraint '
            '"short"; (or drop index, if it is one).',
        ),
    ],
)
def test_a_foreign_constraint_is_named_with_what_to_do(owner: Connection, foreign: str, said: str) -> None:
    with pytest.raises(psycopg2.Error), transaction(owner):
        query(owner, f"alter table st_jobs {foreign}")
        assert explained_refusal(owner, "insert into st_jobs (name) values ('secret')") == f"PostgreSQL refused: {said}"
        query(owner, "select 1")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select 'secret'::int", 'invalid input syntax for type integer: "…" (22P02).'),
        ("select '{secret'::jsonb", "invalid input syntax for type json (22P02)."),
        ("do $$ begin raise 'secret' using errcode = '23514'; end $$", "a function raised an error (23514)."),
        ("select secret from st_jobs", 'column "secret" does not exist (42703).'),
        ("select 1/0", "division by zero (22012)."),
        ("set statement_timeout = 1; select pg_sleep(9)", "canceling statement due to statement timeout (57014)."),
    ],
)
def test_no_value_is_quoted_and_names_are(ann: Connection, statement: str, said: str) -> None:
    assert explained_refusal(ann, statement).startswith(f"PostgreSQL refused: {said}")


def test_who_holds_a_table_is_named(ann: Connection, owner: Connection, database: Warehouse) -> None:
    with closing(database.connect("Ann's psql")) as other, transaction(other):
        query(other, "lock table st_jobs")
        pid = other.info.backend_pid
        query(ann, "set lock_timeout = 50")
        said = explained_refusal(ann, "insert into st_jobs values ('secret')", "build st_jobs", owner)
    who, _, since = said.partition(", since ")
    assert who == (
        "PostgreSQL refused to build st_jobs: canceling statement due to lock timeout (55P03). Table public.st_jobs is "
        f"held by process {pid} (Ann's psql, user {owner.info.user}"
    )
    assert since[10:] == since[10:19] + f" UTC). To end it: select pg_terminate_backend({pid});"
    assert explain(ConnectionError("x"), "ask") == "Could not ask: ConnectionError."


def test_the_cause_of_another_error_is_found_and_a_lost_connection_said(ann: Connection, owner: Connection) -> None:
    query(owner, f"select pg_terminate_backend({ann.info.backend_pid})")
    try:
        try:
            query(ann, "select 1")
        except psycopg2.Error:
            raise ValueError("secret")  # noqa: B904
    except ValueError as error:
        said = explain(error, "load jobs")
    assert said.startswith("PostgreSQL refused to load jobs: ")  # in the server's words or in libpq's
    assert said.endswith("What has landed stays, the next sync goes on from there.")

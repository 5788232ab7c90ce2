"""What would stop every module is said once, before the first is read, with the statement that mends it."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg2.extensions import make_dsn

from mirror import Mirror
from servers import new_database
from servicetitan_mirror.entities import PUBLISHED
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.refusals import quoted
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_simulator import Simulator

NAME = """It's "50%" of $1 {{ x }} \\ ü.a"""


ROOT = Path(__file__).parents[1]
GENEROUS = "revoke all on database {database} from public; revoke all on schema public from public;"


def execute(warehouse: Warehouse, statements: str) -> None:
    with closing(warehouse.connect()) as connection:
        for statement in statements.split(";"):
            if statement.strip():
                query(connection, statement)


@pytest.fixture
def least_privileged(source: Simulator, embedded_18: Warehouse, root: Path) -> Iterator[Mirror]:
    """A mirror that was never synced, for a user with the rights that README.md names and no more."""
    warehouse = new_database(embedded_18)
    name = warehouse.parameters["dbname"]
    (rights,) = re.findall(r"```sql\n(create role mirror .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    rights = rights.replace("mirror", "least").replace("company", name).replace("1234567", source.tenant_id)
    execute(warehouse, GENEROUS.format(database=name) + rights + "alter role least connection limit 5")
    yield Mirror(source, Warehouse(make_dsn(warehouse.dsn, user="least")), root)
    execute(embedded_18, f"drop database {name} with (force); drop role least")


def test_a_user_with_the_least_rights_and_five_connections_syncs(least_privileged: Mirror) -> None:
    assert {outcome.status for outcome in least_privileged.sync().values()} == {"completed"}
    least_privileged.source.touch("jobs")
    assert {outcome.status for outcome in least_privileged.sync(full=True).values()} == {"completed"}
    assert least_privileged.differences() == []


@pytest.mark.parametrize(
    ("spoil", "mended"),
    [
        ("drop schema analytics", 'is missing and may not be made: create schema "analytics" authorization "least";'),
        (
            "alter schema analytics owner to postgres",
            'may not be used: grant usage, create on schema "analytics" to "least";',
        ),
    ],
    ids=["missing", "of somebody else"],
)
def test_a_schema_that_may_not_be_used_costs_its_marts_alone(
    least_privileged: Mirror, embedded_18: Warehouse, spoil: str, mended: str
) -> None:
    server = Warehouse(make_dsn(embedded_18.dsn, dbname=least_privileged.warehouse.parameters["dbname"]))
    execute(server, spoil)
    outcomes = least_privileged.sync()
    models = outcomes.pop("models")
    assert {reason.partition(": ")[2] for reason in models.details.values()} == {f'The schema "analytics" {mended}'}
    assert "fct_jobs" in models.details
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    assert least_privileged.differences() == []
    execute(server, "create schema if not exists analytics; alter schema analytics owner to least")
    assert least_privileged.sync()["models"].status == "completed"
    assert least_privileged.row("select count(*) > 0 from analytics.fct_jobs") == (True,)


@pytest.mark.parametrize(
    ("spoil", "problems"),
    [
        (
            "revoke temporary on database {database} from least; revoke create on schema public from least",
            [
                'It allows no temporary tables: grant temporary on database "{database}" to "least";',
                'The schema public may not be used: grant usage, create on schema public to "least";',
            ],
        ),
        (
            "drop schema raw_servicetitan_staging_1234567",
            [
                "The schema raw_servicetitan_staging_1234567 is missing and may not be made: "
                'create schema raw_servicetitan_staging_1234567 authorization "least";'
            ],
        ),
        (
            "create table raw_servicetitan.jobs (id bigint)",
            [
                "table raw_servicetitan.jobs belongs to somebody else: "
                'alter table raw_servicetitan.jobs owner to "least";'
            ],
        ),
        (
            "alter role least connection limit 4",
            ["Only 2 connections are free and a sync needs 3: end some, or allow more."],
        ),
        (
            "alter role least set default_transaction_read_only = on",
            [
                'It can only be read: alter role "least" in database "{database}" '
                "set default_transaction_read_only = off;"
            ],
        ),
    ],
    ids=["rights", "schema", "owner", "connections", "read-only"],
)
def test_what_stops_every_module_is_said_once(
    least_privileged: Mirror, embedded_18: Warehouse, spoil: str, problems: list[str]
) -> None:
    name = least_privileged.warehouse.parameters["dbname"]
    execute(Warehouse(make_dsn(embedded_18.dsn, dbname=name)), spoil.format(database=name))
    with pytest.raises(ConfigurationError) as raised:
        least_privileged.sync()
    assert str(raised.value).splitlines() == [
        f'The database "{name}" cannot hold the mirror yet.',
        *(f"  - {problem.format(database=name)}" for problem in problems),
        "The rights that a sync needs stand in README.md.",
    ]
    assert least_privileged.source.calls()["total"] == 0


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_character_is_refused(
    source: Simulator, debian_15: Warehouse, root: Path, encoding: str
) -> None:
    execute(debian_15, f"create database {encoding} encoding '{encoding}' locale 'C' template template0")
    done = Mirror(source, Warehouse(make_dsn(debian_15.dsn, dbname=encoding.lower())), root).command()
    assert done.returncode == 2
    assert f"  - Its encoding is {encoding}, and records hold any character: make another with create" in done.stderr


def test_a_database_and_a_user_of_any_name_work(source: Simulator, embedded_18: Warehouse, root: Path) -> None:
    with closing(embedded_18.connect()) as connection:
        query(connection, f"create role {quoted(NAME)} login")
        query(connection, f"create database {quoted(NAME)} owner {quoted(NAME)}")
    mirror = Mirror(source, Warehouse(make_dsn(embedded_18.dsn, dbname=NAME, user=NAME)), root)
    mirror.sync()
    mirror.source.touch("jobs")
    assert {outcome.status for outcome in mirror.sync().values()} == {"completed"}
    assert mirror.differences() == []
    statements = mirror.rows("select statement from raw_servicetitan.kept_merges")
    assert [len(statements), *(text for (text,) in statements if "50%" in text)] == [len(PUBLISHED)]


@pytest.fixture(params=["transaction", "session"])
def pooled(request: pytest.FixtureRequest, debian_15: Warehouse) -> Iterator[tuple[str, Warehouse]]:
    """The mode of a PgBouncer, and a new database behind it."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer brings it")
    database = new_database(debian_15)
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    lines = [
        f"[databases]\n* = host={debian_15.parameters['host']} user=postgres\n[pgbouncer]",
        f"unix_socket_dir = {folder}\nlisten_port = 6432\nauth_type = any\npool_mode = {request.param}",
        "ignore_startup_parameters = extra_float_digits,options",
    ]
    (folder / "ini").write_text("\n".join(lines))
    for path in (folder, folder / "ini"):
        shutil.chown(path, "postgres" if os.geteuid() == 0 else getpass.getuser())
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    process = subprocess.Popen([*user, program, str(folder / "ini")], stderr=subprocess.DEVNULL)
    while not (folder / ".s.PGSQL.6432").exists():
        assert process.poll() is None
    yield request.param, Warehouse(make_dsn(database.dsn, host=str(folder), port=6432))
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


def test_a_pooler_is_refused_where_it_would_lose_the_lock(
    pooled: tuple[str, Warehouse], source: Simulator, root: Path
) -> None:
    mode, warehouse = pooled
    mirror = Mirror(source, warehouse, root)
    if mode == "session":
        assert mirror.sync(only=("campaigns",))["campaigns"].status == "completed"
    else:
        with pytest.raises(ConfigurationError, match="A pooler in transaction mode stands before PostgreSQL"):
            mirror.sync()

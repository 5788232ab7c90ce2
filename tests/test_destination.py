"""Which database a sync writes into: the one that was named, or none."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext
from dlt.destinations.impl.postgres.configuration import PostgresClientConfiguration, PostgresCredentials
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import conninfo
from servicetitan_mirror.postgres.destination import LibpqCredentials, configured
from servicetitan_mirror.postgres.embedded import psql
from servicetitan_mirror.postgres.warehouse import Warehouse

PREFIX = "DESTINATION__POSTGRES__CREDENTIALS"
Configure = Callable[..., None]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Say something of a destination: in the environment, in secrets.toml, in config.toml."""
    (tmp_path / ".dlt").mkdir()
    monkeypatch.setenv("DLT_PROJECT_DIR", str(tmp_path))
    context = Container()[PluggableRunContext]

    def configure(secrets: str = "", config: str = "", **environment: str) -> None:
        (tmp_path / ".dlt" / "secrets.toml").write_text(secrets)
        (tmp_path / ".dlt" / "config.toml").write_text(config)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        context.reload_providers()

    configure()
    yield configure
    monkeypatch.undo()
    context.reload_providers()


def fields(**values: str) -> dict[str, str]:
    """Environment variables of single fields."""
    return {f"{PREFIX}__{name.upper()}": value for name, value in values.items()}


HOSTS = st.one_of(
    st.sampled_from(["localhost", "::1", "fe80::1%eth0", "/var/run/postgresql", "/a b/ü", "a,b", "::1,/tmp,x"]),
    st.text(st.characters(exclude_characters="\0,", exclude_categories=["Cs"]), min_size=1),
)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
VALUES = {
    "sslmode": st.sampled_from(["require", "verify-full"]),
    "sslrootcert": TEXT,
    "options": TEXT,
    "connect_timeout": st.integers(0, 99).map(str),
    "target_session_attrs": st.just("read-write"),
    "application_name": TEXT,
}
PARTS = st.fixed_dictionaries(
    {"dbname": TEXT},
    optional={"host": HOSTS, "port": st.integers(1, 65535).map(str), "user": TEXT, "password": TEXT, **VALUES},
)


@settings(deadline=None, max_examples=300)
@given(PARTS)
@example({"dbname": "m", "host": "h1,h2", "port": "1", "user": "u", "target_session_attrs": "read-write"})
@example({"dbname": "m/x?y#z", "host": "db.example.com", "user": "a@b:c", "password": "p/s@s:%2F +&=#?"})
def test_a_url_is_read_as_what_it_was_made_of(parts: dict[str, str]) -> None:
    if "host" in parts and "port" in parts:  # hosts that share a port
        parts["port"] = ",".join([parts["port"]] * len(parts["host"].split(",")))
    url = conninfo.url(parts, with_password=True)
    assert parse_dsn(url) == parts
    assert parse_dsn(LibpqCredentials.of(url).to_native_representation()) == parts
    assert "password" not in parse_dsn(conninfo.url(parts))


def test_dlt_reads_the_same_user_password_and_host_from_a_url() -> None:
    url = conninfo.url({"user": "a@b:c", "password": "p/s@s %2F+", "host": "::1", "port": "5433", "dbname": "m"}, True)
    read = PostgresCredentials(url)
    assert (read.username, read.password, read.host, read.port, read.database) == (
        "a@b:c",
        "p/s@s %2F+",
        "::1",
        5433,
        "m",
    )


def test_psql_reads_a_url_with_its_password_and_parameters(embedded_18: Warehouse) -> None:
    url = Warehouse(make_dsn(embedded_18.dsn, password="p/s@s ü", options="-c search_path=a,b", sslmode="disable"))
    done = subprocess.run(
        [psql(), url.url(with_password=True), "-Atc", "show search_path"], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("a,b\n", "")


TABLE = "[destination.postgres.credentials]\n"
WHOLE = "destination.postgres.credentials="
SAID = [  # secrets.toml, config.toml, environment, and the database that is meant
    ("", "", {}, None),
    ("", "", {"CREDENTIALS_DIRECTORY": "/run", "POSTGRES_PASSWORD": "x", "DESTINATION": "x"}, None),
    ("", "", {PREFIX: "postgres://me:p%2Fs@db/m?sslmode=require"}, "user=me password=p/s host=db sslmode=require"),
    ("", "", {PREFIX: "postgresql+psycopg2://db/m"}, "host=db"),
    ("", "", {PREFIX: "postgresql:///m?host=/tmp"}, "host=/tmp"),
    ("", "", {PREFIX: "postgresql:///m"}, ""),
    ("", "", {PREFIX: "host=a,b port=1,2 dbname=m"}, "host=a,b port=1,2"),
    ("", "", fields(host="db", database="m", username="me"), "host=db user=me"),
    ("", "", fields(host="db", dbname="m", sslmode="require", port="1"), "host=db port=1 sslmode=require"),
    ("", "", {"DESTINATION__CREDENTIALS": "postgresql://db/m"}, "host=db"),
    ("", "", {"SERVICETITAN__DESTINATION__POSTGRES__CREDENTIALS": "postgresql://db/m"}, "host=db"),
    ("", "", {PREFIX: "postgresql://me@db/m", **fields(password=" s ")}, "host=db user=me password=s"),
    (f"{WHOLE}'postgresql://db/m'", "", {}, "host=db"),
    ("destination.credentials='postgresql://db/n'", "", {PREFIX: "postgresql://other/m"}, "host=other"),
    (f"{TABLE}host='db'\npassword='s'", "", {PREFIX: "postgresql://me@other/m"}, "host=other user=me"),
    (f"{TABLE}password='s'", f"{TABLE}host='db'\ndatabase='m'\nport=7", fields(host="b"), "host=b port=7 password=s"),
    (f"{TABLE}database='m'\nhost='db'\nquery={{sslmode='require'}}", "", {}, "host=db sslmode=require"),
    ("destination.bigquery.location='EU'", "", {PREFIX: "postgresql://db/m"}, "host=db"),
]


@pytest.mark.parametrize(("secrets", "config", "environment", "meant"), SAID)
def test_a_destination_can_be_said_in_every_way_that_dlt_knows(
    configure: Configure, secrets: str, config: str, environment: dict[str, str], meant: str | None
) -> None:
    configure(secrets, config, **environment)
    found = configured()
    default = {"dbname": "m"} | ({"port": "5432"} if meant and "host" in meant else {})
    assert (found.parts if found else None) == (None if meant is None else {**default, **parse_dsn(meant)})


UNUSABLE = [  # secrets.toml, config.toml, environment, and what is said of it
    ("", "", {PREFIX: ""}, f"The environment variable {PREFIX} is set, but empty"),
    ("", "", {PREFIX: "   "}, f"The environment variable {PREFIX} is set, but empty"),
    ("", "", fields(host=""), f"variable {PREFIX}__HOST is set, but empty"),
    ("", "", fields(hots="x"), f"{PREFIX}__HOTS is not a setting of the destination; is it 'host'?"),
    ("", "", {"DESTINATION__POSTGRES__CREDENTIAL": "x"}, "__CREDENTIAL is not a setting of the destination; is it 'cr"),
    ("", "", {"DESTINATION__POSTGRESS__CREDENTIALS": "x"}, "DESTINATION__POSTGRESS__CREDENTIALS is not"),
    ("", "", {"DESTINATION_POSTGRES_CREDENTIALS": "x"}, "DESTINATION_POSTGRES_CREDENTIALS is not"),
    ("", "", {"DESTINATON__POSTGRES__CREDENTIALS": "x"}, "DESTINATON__POSTGRES__CREDENTIALS is not"),
    ("", "", {"POSTGRES_CREDENTIALS": "x"}, "POSTGRES_CREDENTIALS is not"),
    ("", "", {PREFIX.lower(): "x"}, f"{PREFIX.lower()} is not"),
    ("", "", {"DESTINATION__POSTGRES__HOST": "x"}, "DESTINATION__POSTGRES__HOST is not"),
    ("", "", {"DESTINATION__BIGQUERY__CREDENTIALS": "x"}, "is about bigquery, and the mirror needs PostgreSQL"),
    ("", "", {PREFIX: "mysql://me:secret@db/m"}, f"variable {PREFIX} names a database of another kind (mysql)"),
    ("", "", {PREFIX: "postgresql://me:secret@db"}, "names no database"),
    ("", "", {PREFIX: "postgresql://me:secret@db:5432x/m"}, "has a port that is no number"),
    ("", "", {PREFIX: "postgresql://me:secret@db:70000/m"}, "has a port that is no number"),
    ("", "", {PREFIX: "postgresql://me:p/secret@db/m"}, "cannot be read as it stands (in user and password / is"),
    ("", "", {PREFIX: "postgresql://me:p@secret@db/m"}, "cannot be read as it stands"),
    ("", "", {PREFIX: "postgresql://me:%secret@db/m"}, "is not a connection string"),
    ("", "", {PREFIX: "postgresql://me:secret@db/m?ssl_mode=x"}, "'ssl_mode' that PostgreSQL does not know; is it 'ss"),
    ("", "", {PREFIX: "secret"}, "is not a connection string"),
    ("", "", {PREFIX: "postgresql://a/m", **fields(host="b")}, f"{PREFIX}__HOST contradicts the environment variable"),
    ("", "", fields(host="db", username="me"), "names no database"),
    ("", "", fields(database="m"), "names no host"),
    ("", "", fields(host="db", database="m", connect_timeout="soon"), f"{PREFIX}__CONNECT_TIMEOUT cannot be read"),
    (f"{WHOLE}''", "", {}, "[destination.postgres] credentials in {folder}/.dlt/secrets.toml is set, but empty"),
    ("[destination.postgres]", "", {}, "[destination] postgres in {folder}/.dlt/secrets.toml is set, but no database"),
    ("[destination.postgress]\ncredentials='x'", "", {}, "[destination.postgress] credentials in {folder}"),
    ("[destinations.postgres]\ncredentials='x'", "", {}, "[destinations.postgres] credentials in {folder}"),
    ("[destination.postgres]\ncredential='x'", "", {}, "[destination.postgres] credential in {folder}"),
    ("[destination]\npostgres='postgresql://db/m'", "", {}, "[destination] postgres in {folder}"),
    ("[destination.warehouse]\ncredentials='x'", "", {}, "[destination.warehouse] credentials in {folder}"),
    (f"{TABLE}host='db'", "", {}, "names no database"),
    (f"{TABLE}drivername='mysql'\ndatabase='m'\nhost='x'", "", {}, "names a database of another kind (mysql)"),
    (
        f"{WHOLE}'postgresql://a/m'",
        "",
        fields(host="b"),
        "__HOST contradicts [destination.postgres] credentials in {folder}",
    ),
    ("", f"{WHOLE}'postgresql://me:secret@a/m'", {}, "config.toml is a secret, and belongs into .dlt/secrets.toml"),
]


@pytest.mark.parametrize(("secrets", "config", "environment", "named"), UNUSABLE)
def test_a_destination_that_cannot_be_used_is_named(
    configure: Configure, tmp_path: Path, secrets: str, config: str, environment: dict[str, str], named: str
) -> None:
    configure(secrets, config, **environment)
    with pytest.raises(ConfigurationError) as refused:
        configured()
    assert named.replace("{folder}", str(tmp_path)) in str(refused.value)
    assert PREFIX in str(refused.value)
    assert "secret@" not in str(refused.value) and ":secret" not in str(refused.value)


def test_nothing_that_is_configured_gets_into_credentials_that_are_complete(configure: Configure) -> None:
    evil = fields(host="evil", port="1", password="x", database="evil", username="evil", query='{"sslmode": "disable"}')
    configure(f"{TABLE}host='evil'\npassword='evil'", **evil, DESTINATION__CREDENTIALS="postgresql://evil/evil")
    given = PostgresClientConfiguration(credentials=LibpqCredentials.of("host=good dbname=m"))
    used = resolve_configuration(given, sections=("destination", "postgres"), accept_partial=True).credentials
    assert parse_dsn(used.to_native_representation()) == {"host": "good", "dbname": "m"}


@pytest.mark.parametrize(
    ("dsn", "place"),
    [
        ("host=db.example.com port=5433 dbname=m password=secret", "m on db.example.com:5433"),
        ("host=h1,h2 port=1,2 dbname=m", "m on h1:1, h2:2"),
        ("host=/var/run/postgresql port=5432 dbname=m", "m on /var/run/postgresql:5432"),
        ("host=::1 port=5432 dbname=m", "m on [::1]:5432"),
    ],
)
def test_the_place_of_the_data_is_said(dsn: str, place: str) -> None:
    assert Warehouse(dsn).place() == place

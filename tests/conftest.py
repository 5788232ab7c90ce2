"""Fixtures: real PostgreSQL servers, a simulator over HTTP, and a mirror of it in a database of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from mirror import Mirror, new_database, simulator
from proxy import Proxy
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import Warehouse, query
from servicetitan_simulator import Simulator

ROOT = Path(__file__).resolve().parents[1]
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, for embedded servers; they are stopped in the end."""
    folder = Path(tempfile.mkdtemp(prefix="a folder "))
    folder.chmod(0o755)
    yield folder
    for data in folder.rglob(".postgres"):
        with suppress(ConfigurationError):
            embedded.stop(data)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def embedded_18(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The embedded PostgreSQL 18, as the product starts it."""
    folder = Path(tempfile.mkdtemp(prefix="mirror18-"))
    folder.chmod(0o711)  # as root the server runs as somebody else, who has to get there
    warehouse = Warehouse(embedded.start(folder / "data"))
    with closing(warehouse.connect()) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # the tests' data need not last
            query(connection, f"alter system set {setting} = off")
        query(connection, "select pg_reload_conf()")
    yield warehouse
    embedded.stop(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def debian_15_binaries() -> Path:
    """Debian's PostgreSQL 15: skipped where it is not installed, but never in CI."""
    if not DEBIAN_15.exists() and not os.environ.get("CI"):
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql brings it")
    return DEBIAN_15


@pytest.fixture(scope="session")
def debian_15(debian_15_binaries: Path) -> Iterator[Warehouse]:
    """Debian's PostgreSQL 15 on a socket of its own; .ci/run installs it."""
    folder = Path(tempfile.mkdtemp(prefix="mirror15-"))
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:
        shutil.chown(folder, "postgres")
    run = lambda *command: subprocess.run([*as_postgres, *command], check=True, capture_output=True, cwd=folder)  # noqa: E731
    run(str(DEBIAN_15 / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "--auth=trust", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run(str(DEBIAN_15 / "pg_ctl"), "-D", str(folder / "data"), "-w", "-o", options, "-l", str(folder / "log"), "start")
    yield Warehouse(f"host={folder} user=postgres dbname=postgres")
    run(str(DEBIAN_15 / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own: the product's folders, without what its runs have left beside them."""
    folder = tmp_path_factory.mktemp("root")
    for name in ("dbt_project", "pipelines", ".dlt"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="session")
def synced(embedded_18: Warehouse, root: Path) -> Warehouse:
    """A database into which the simulator's first business was synced once; tests work on copies of it."""
    warehouse = new_database(embedded_18)
    with simulator() as source:
        Mirror(source, warehouse, root).sync()
    return warehouse


@pytest.fixture
def source() -> Iterator[Simulator]:
    """A simulator with a small business, the same for every test."""
    with simulator() as running:
        yield running


@pytest.fixture
def proxy(source: Simulator) -> Iterator[Proxy]:
    """A proxy before the simulator, which changes nothing until it gets rules."""
    with Proxy(source) as running:
        yield running


@pytest.fixture
def mirror(source: Simulator, synced: Warehouse, root: Path) -> Mirror:
    """A mirror that was synced in full."""
    return Mirror(source, new_database(synced, template=synced), root)


@pytest.fixture
def empty_mirror(source: Simulator, embedded_18: Warehouse, root: Path) -> Mirror:
    """A mirror that was never synced."""
    return Mirror(source, new_database(embedded_18), root)


@pytest.fixture
def proxied(mirror: Mirror, proxy: Proxy) -> Mirror:
    """A mirror that was synced in full and now reaches its source through the proxy."""
    mirror.settings |= {"api_url": proxy.url, "auth_url": proxy.url}
    return mirror

"""Fixtures: real PostgreSQL servers, a simulator over HTTP, and a mirror of it in a database of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest

from mirror import Mirror, simulator
from proxy import Proxy
from servers import DEBIAN_15, debian_15_server, embedded_server, new_database
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres import embedded
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_simulator import Simulator

ROOT = Path(__file__).resolve().parents[1]
TOO_OLD = 300  # seconds that a module may begin with; 900 are wrong on the page


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """A command run in this process sets variables for its own children (logs.py), not for those of later tests."""
    with patch.dict(os.environ):
        yield


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
def embedded_18() -> Iterator[Warehouse]:
    """The embedded PostgreSQL 18."""
    with embedded_server() as warehouse:
        yield warehouse


@pytest.fixture(scope="session")
def debian_15_binaries() -> Path:
    """Debian's PostgreSQL 15: skipped where it is not installed, but never in CI."""
    if not DEBIAN_15.exists() and not os.environ.get("CI"):
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql brings it")
    return DEBIAN_15


@pytest.fixture(scope="session")
def debian_15(debian_15_binaries: Path) -> Iterator[Warehouse]:
    """Debian's PostgreSQL 15 on a socket of its own; .ci/run installs it."""
    with debian_15_server() as server:
        yield server.warehouse


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own: the product's folders, without what its runs have left beside them."""
    folder = tmp_path_factory.mktemp("root")
    for name in ("dbt_project", "pipelines", ".dlt"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="session")
def synced_lately(embedded_18: Warehouse, root: Path) -> Callable[[], Warehouse]:
    """Syncs the simulator's first business into a database, and anew once that is old: the page tells so of data."""
    made: list[tuple[float, Warehouse]] = []

    def latest() -> Warehouse:
        if not made or monotonic() - made[-1][0] > TOO_OLD:
            warehouse = new_database(embedded_18)
            with simulator() as source:
                Mirror(source, warehouse, root).sync()
            made.append((monotonic(), warehouse))
        return made[-1][1]

    return latest


@pytest.fixture(scope="module")
def synced(synced_lately: Callable[[], Warehouse]) -> Warehouse:
    """A database into which the simulator's first business was synced; tests work on copies of it."""
    return synced_lately()


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


@pytest.fixture
def own_project(mirror: Mirror, tmp_path: Path) -> Mirror:
    """A mirror that was synced in full, with a dbt project of its own, whose files a test may change."""
    for name in ("pipelines", ".dlt"):
        (tmp_path / name).symlink_to(ROOT / name)
    ignore = shutil.ignore_patterns("target", "logs")
    shutil.copytree(ROOT / "dbt_project", tmp_path / "dbt_project", ignore=ignore)
    return Mirror(mirror.source, mirror.warehouse, tmp_path)

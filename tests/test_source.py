"""The dlt source without the mirror: plain dlt, into DuckDB and PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dlt
import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext
from dlt.pipeline.exceptions import PipelineStepFailed

from conftest import ROOT
from mirror import Mirror
from servers import new_database
from servicetitan_mirror.entities import LISTS, STANDARD
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.destination import LibpqCredentials
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse
from servicetitan_mirror.source import servicetitan
from servicetitan_simulator import Simulator

NAMES = [entity.name for entity in STANDARD]
SETTINGS = ("tenant_id", "client_id", "client_secret", "app_key", "api_url", "auth_url", "page_size", "patience")
KILLED = """
import os, signal, sys, dlt
from dlt.common.runtime.collector import NullCollector
from dlt.common.storages.load_package import PackageStorage
from servicetitan_mirror.source import servicetitan
from test_source import destination

class Killer(NullCollector):
    calls = 0

    def update(self, *counted, **more):
        self.calls += self.step.startswith(sys.argv[2])
        if self.calls == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

def note(packages, load_id, file, *outcome):
    if sys.argv[2] == file.split(".")[0]:
        os.kill(os.getpid(), signal.SIGKILL)  # the file is committed, and dlt does not know
    return noted(packages, load_id, file, *outcome)

noted, PackageStorage.save_pending_transition = PackageStorage.save_pending_transition, note
place = {"destination": destination(sys.argv[1]), "dataset_name": "raw_servicetitan"}
dlt.pipeline("st", "pipelines", progress=Killer(), **place).run(servicetitan(unpacked=len(sys.argv) > 4))
"""


class Plain(Mirror):
    """A pipeline of dlt that lands what the source lists in the dataset `raw_servicetitan`."""

    pipeline: dlt.Pipeline
    address: str

    def source_with(self, *names: str, **arguments: Any) -> Any:
        """The source, or some of its resources, with the settings as arguments."""
        configured = self.configured()
        values = {name: getattr(configured, name) for name in (*SETTINGS, "requests_per_second")}
        source = servicetitan(**{**values, **arguments})
        return source.with_resources(*names) if names else source

    def run(self, *names: str, refresh: Any = None, **arguments: Any) -> dict[str, int]:
        """Run the pipeline; how many rows of each table it brought."""
        self.pipeline.run(self.source_with(*names, **arguments), refresh=refresh)
        counts = self.pipeline.last_trace.last_normalize_info.row_counts
        return {name: count for name, count in counts.items() if not name.startswith("_dlt")}

    def begin(self) -> None:
        """Begin as a new process does."""
        self.pipeline = dlt.pipeline("st", "pipelines", destination=destination(self.address), dataset_name=RAW)

    def recover(self, **arguments: Any) -> None:
        """Begin anew as the README says it: what a killed run has left is read again."""
        self.begin()
        if self.pipeline.has_pending_data:
            self.pipeline.drop()
        self.pipeline.run(self.source_with(**arguments))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.pipeline.sql_client() as client:
            return [tuple(row) for row in client.execute_sql(sql) or ()]

    def die(self, step: str, call: int, *unpacked: str) -> None:
        """Run it in a process that is killed at the n-th sign of a step, or as the first file of a table landed."""
        environment = {**self.environment(), "PYTHONPATH": f"{ROOT / 'pipelines'}:{ROOT / 'tests'}"}
        script = [sys.executable, "-c", KILLED, self.address, step, str(call), *unpacked]
        done = subprocess.run(script, env=environment, capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A dlt project of its own, in the current folder, with no settings but this one."""
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text("[runtime]\ndlthub_telemetry = false\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLT_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "data"))
    Container()[PluggableRunContext].reload_providers()
    yield tmp_path
    monkeypatch.undo()
    Container()[PluggableRunContext].reload_providers()


@pytest.fixture(params=["duckdb", "postgres"])
def plain(request: pytest.FixtureRequest, source: Simulator, project: Path) -> Plain:
    """A pipeline that has run once."""
    return ran(source, project, request.getfixturevalue("embedded_18") if request.param == "postgres" else None)


@pytest.fixture
def duck(source: Simulator, project: Path) -> Plain:
    """A pipeline into DuckDB that has run once."""
    return ran(source, project)


def ran(source: Simulator, project: Path, server: Warehouse | None = None) -> Plain:
    """A pipeline that has run once, into DuckDB or a new database of the server."""
    plain = made(source, project, server)
    plain.run()
    return plain


def made(source: Simulator, project: Path, server: Warehouse | None = None) -> Plain:
    """A pipeline that never ran."""
    warehouse = new_database(server) if server else Warehouse("dbname=nowhere")
    plain = Plain(source, warehouse, project)
    plain.address = warehouse.dsn if server else str(project / "st.duckdb")
    plain.begin()
    return plain


def destination(address: str) -> Any:
    """The destination that an address is of."""
    if address.endswith(".duckdb"):
        return dlt.destinations.duckdb(address)
    return dlt.destinations.postgres(LibpqCredentials.of(address))


def test_every_record_lands_with_every_digit_and_the_next_runs_read_what_changed(plain: Plain) -> None:
    assert plain.differences() == []
    (contact,) = plain.source.deactivate("customer_contacts")
    plain.source.touch("jobs")
    plain.source.reset_calls()
    assert plain.run() == {"jobs": 1, "customer_contacts": 1, "custom_fields": 2}
    assert (plain.source.calls()["total"], plain.source.calls()["tokens"]) == (len(LISTS), 1)
    assert plain.rows(f"select id from {RAW}.customer_contacts where deleted_at is not null") == [(contact,)]
    assert plain.differences() == []


def test_everything_is_read_again_when_asked_for_and_when_the_state_was_dropped(duck: Plain) -> None:
    (job,) = duck.source.delete("jobs")
    counts = {name: count["all"] for name, count in duck.source.counts().items() if name in NAMES}
    assert duck.run(full=True) == counts
    assert duck.rows(f"select count(*) from {RAW}.jobs where id = {job}") == [(1,)]
    assert duck.run(refresh="drop_data") == counts
    assert duck.differences() == []


def test_only_the_chosen_resources_are_read(source: Simulator, project: Path) -> None:
    plain = made(source, project)
    assert plain.run("jobs") == {"jobs": source.counts()["jobs"]["all"]}
    assert list(source.calls()["by_entity"]) == ["jobs"]
    source.touch("customers")
    assert plain.run("jobs") == {}
    assert plain.run("customers", "jobs") == {"customers": source.counts()["customers"]["all"]}


def test_a_resource_can_be_looked_at_without_a_pipeline(source: Simulator, project: Path) -> None:
    (row, *_) = made(source, project).source_with(unpacked=True).job_types
    assert (row["id"], row["name"]) == (source.records("job_types")[0]["id"], source.records("job_types")[0]["name"])


@pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")  # dlt's own, of such a package
@pytest.mark.parametrize("server", [None, "embedded_18"], ids=["duckdb", "postgres"])
@pytest.mark.parametrize(("step", "call"), [("Extract", 8), ("Load", 9), ("_dlt_pipeline_state", 1), ("jobs", 1)])
def test_a_run_that_was_killed_loses_nothing(
    source: Simulator, project: Path, request: pytest.FixtureRequest, server: str | None, step: str, call: int
) -> None:
    plain = made(source, project, request.getfixturevalue(server) if server else None)
    plain.die(step, call)
    source.touch("jobs", count=3)
    plain.recover()
    assert plain.differences() == []
    source.touch("jobs", count=3)
    plain.die(step, 2)
    shutil.rmtree(project / "pipelines")  # a new container: the state comes from the destination
    plain.recover()
    assert plain.differences() == []


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("server", [None, "embedded_18"], ids=["duckdb", "postgres"])
@pytest.mark.parametrize("table", ["_dlt_pipeline_state", "invoices", "invoices__items"])
def test_a_killed_run_of_unpacked_records_doubles_none(
    source: Simulator, project: Path, request: pytest.FixtureRequest, server: str | None, table: str
) -> None:
    plain = made(source, project, request.getfixturevalue(server) if server else None)
    for _ in range(2):
        plain.die(table, 1, "unpacked")
        plain.recover(unpacked=True)
        source.touch("invoices", count=10)
    items = sum(len(invoice["items"] or ()) for invoice in source.records("invoices"))
    counts = f"select (select count(*) from {RAW}.invoices), (select count(*) from {RAW}.invoices__items)"
    assert plain.rows(counts) == [(source.counts()["invoices"]["all"], items)]


def test_a_list_that_fails_is_named_and_moves_no_cursor(duck: Plain) -> None:
    duck.source.touch("customers")
    duck.source.touch("jobs")
    duck.source.fault("jobs", {"status": 403}, every=1)
    with pytest.raises(PipelineStepFailed, match=r"jpm/jobs: .*tn\.jpm\.jobs:r"):
        duck.run()
    duck.source.clear_faults()
    assert duck.run() == {"customers": 1, "jobs": 1, "custom_fields": 2}
    assert duck.differences() == []


def test_a_record_that_cannot_land_stands_in_a_table_of_its_own(plain: Plain) -> None:
    plain.source.raw("customers", 10**9, '{"name": "no id"}')
    plain.source.raw("jobs", 10**9, '{"id": "x", "total": 1.10}')
    plain.run(full=True)
    assert plain.rows(f"select entity, id, reason, record from {RAW}.rejected_records order by 1") == [
        ("customers", None, "it has no id", '{"name": "no id"}'),
        ("jobs", "x", "its id is not an integer", '{"id": "x", "total": 1.10}'),
    ]


def test_unpacked_records_have_their_fields_as_columns(source: Simulator, project: Path) -> None:
    plain = made(source, project)
    job = source.records("jobs")[0]["id"]
    source.set("jobs", job, {"fine": Decimal("0.12345678901234"), "huge": 2**70, "tenantId": 8})
    chosen = plain.source_with("jobs", "estimates", "invoices", unpacked=True)
    chosen.invoices.apply_hints(columns={"total": {"data_type": "decimal"}})
    plain.pipeline.run(chosen)
    assert plain.rows(f"select fine, huge, tenant_id from {RAW}.jobs where id = {job}") == [
        ("0.12345678901234", str(2**70), int(source.tenant_id))
    ]
    estimates, invoices = source.records("estimates"), source.records("invoices")
    sold = sum(item["total"] for estimate in estimates for item in estimate["items"] or ())
    assert plain.rows(f"select sum(total) from {RAW}.estimates__items") == [(sold,)]
    assert plain.rows(f"select sum(total) from {RAW}.invoices") == [(sum(Decimal(row["total"]) for row in invoices),)]
    source.set("estimates", estimates[0]["id"], {"items": []})
    plain.pipeline.run(plain.source_with("estimates", unpacked=True))
    left = sum(len(estimate["items"] or ()) for estimate in estimates[1:])
    assert plain.rows(f"select count(*) from {RAW}.estimates__items") == [(left,)]


def test_a_setting_that_makes_no_sense_is_named(source: Simulator, project: Path) -> None:
    with pytest.raises(ConfigurationError, match="SOURCES__SERVICETITAN__PAGE_SIZE is 0; it must be a whole number"):
        made(source, project).source_with(page_size=0)


def test_the_readmes_lines_and_dlts_commands_work_with_the_settings_of_a_dlt_folder(
    source: Simulator, project: Path
) -> None:
    lines, again = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    settings = {name: getattr(Plain(source, Warehouse("dbname=no"), project).configured(), name) for name in SETTINGS}
    secrets = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    (project / ".dlt" / "secrets.toml").write_text(f"[sources.servicetitan]\n{secrets}")
    (project / "st.py").write_text(lines)
    counts = {name: count["all"] for name, count in source.counts().items() if name in NAMES}
    printed = said(sys.executable, "st.py").splitlines()
    assert printed[: len(counts)] == [f"{name} {count}" for name, count in sorted(counts.items())]
    assert sum(int(line.split()[-1]) for line in printed[len(counts) :]) == counts["jobs"]
    (project / "st.py").write_text("\n".join([*lines.splitlines()[:4], again, "print(pipeline.has_pending_data)"]))
    assert said(sys.executable, "st.py") == "False\n"
    for command in ("info", "trace", "schema", "failed-jobs", "sync"):
        assert said(Path(sys.executable).with_name("dlt"), "--non-interactive", "pipeline", "st", command)


def said(*command: str | Path) -> str:
    """What a command prints that ends well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipelines")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout

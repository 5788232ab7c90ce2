"""Several tenants in one settings file: each has its own settings, sync, limit and fate."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from mirror import Mirror, simulator
from servers import new_database
from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.loading import load_settings, load_tenant_id
from servicetitan_mirror.entities import PUBLISHED
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.raw.deletions import allowing
from test_worker import wait_for

TWO = """
[sources.servicetitan]
app_key = "ak1.shared"
client_id = "cid.shared"
page_size = 100
[sources.servicetitan.tenants.north]
tenant_id = 1
client_secret = "cs1.north"
requests_per_second = 3
only = ["customers", "jobs"]
[sources.servicetitan.tenants.south]
tenant_id = 2
client_id = "cid.south"
client_secret = "cs1.south"
"""


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A folder whose settings name two tenants."""
    before = Container()[PluggableRunContext]
    write(tmp_path, TWO)
    monkeypatch.setenv("DLT_PROJECT_DIR", str(tmp_path))
    lookup.use()
    yield
    Container()[PluggableRunContext] = before
    tenants.use(None)


def write(folder: Path, text: str) -> None:
    (folder / ".dlt").mkdir(exist_ok=True)
    (folder / ".dlt" / "secrets.toml").write_text(text)
    (folder / ".dlt" / "secrets.toml").chmod(0o600)


def test_what_a_tenant_does_not_say_comes_from_the_section_of_all(two: None) -> None:
    names = (
        "tenant",
        "tenant_id",
        "client_id",
        "client_secret",
        "app_key",
        "page_size",
        "requests_per_second",
        "asked",
    )
    said = [[getattr(load_settings(tenant), name) for name in names] for tenant in tenants.names()]
    assert said == [
        ["north", 1, "cid.shared", "cs1.north", "ak1.shared", 100, 3, ("customers", "jobs")],
        ["south", 2, "cid.south", "cs1.south", "ak1.shared", 100, 10, ("standard",)],
    ]


def test_deletions_are_allowed_for_one_tenant_alone() -> None:
    variable = "SOURCES__SERVICETITAN__TENANTS__NORTH__MAX_DELETED_SHARE"
    assert allowing("jobs", "north") == f"{variable}=1 servicetitan --full --only jobs --tenant north"
    assert allowing("jobs", None) == "SOURCES__SERVICETITAN__MAX_DELETED_SHARE=1 servicetitan --full --only jobs"


def test_variables_name_tenants_too(two: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TENANT_ID": "3", "CLIENT_SECRET": "cs1.west", "ONLY": '["jobs"]', "PAGE_SIZE": ""}.items():
        monkeypatch.setenv(f"SOURCES__SERVICETITAN__TENANTS__WEST_1__{name}", value)
    monkeypatch.setenv("SOURCES__SERVICETITAN__TENANTS__NORTH__REQUESTS_PER_SECOND", "4")
    assert tenants.names() == ["north", "south", "west_1"]
    west = load_settings("west_1")
    assert (west.tenant_id, west.client_secret, west.asked, west.page_size) == (3, "cs1.west", ("jobs",), 100)
    assert load_settings("north").requests_per_second == 4


def test_which_tenant_is_meant_has_to_be_said_where_there_are_several(two: None) -> None:
    with pytest.raises(ConfigurationError, match=r"^Say which tenant: --tenant NAME; there are north, south\.$"):
        load_settings()
    with pytest.raises(ConfigurationError, match=r"^No tenant is called nort in the settings; do you mean north\?$"):
        load_tenant_id("nort")
    tenants.use("south")
    assert (load_settings().tenant_id, load_tenant_id(), load_tenant_id("north")) == (2, 2, 1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("tenants.South_ = {tenant_id = 3}", "names no tenant: a name is lower-case letters, digits and single"),
        (
            "tenant.west = {tenant_id = 3}",
            "[sources.servicetitan.tenant] in {file} is no section of settings; do you mean",
        ),
        (
            "tenant_id = 7",
            "tenant_id under [sources.servicetitan] in {file} is set beside tenants with names (north, south)",
        ),
        ("tenants.west = {tenant_id = 2, client_secret = 'x'}", "The tenants west and south have the same tenant_id"),
        (
            "tenants.west = {tenant_idd = 2}",
            "tenant_idd under [sources.servicetitan.tenants.west] in {file} is no setting",
        ),
        ("tenants.west = {only = 'cats'}", "The tenant west is not configured yet. These settings are missing"),
        (
            "tenants.west = {tenant_id = 3, client_secret = 'x', only = 'jobs,cats'}",
            "only under [sources.servicetitan.tenants.west] in {file} is 'jobs,cats'; it must be names of lists or",
        ),
    ],
)
def test_what_is_wrong_with_the_tenants_is_named(two: None, tmp_path: Path, more: str, said: str) -> None:
    write(tmp_path, TWO.replace("[sources.servicetitan]\n", f"[sources.servicetitan]\n{more}\n"))
    lookup.use()
    with pytest.raises(ConfigurationError) as refused:
        load_settings("west")
    assert said.format(file=tmp_path / ".dlt" / "secrets.toml") in str(refused.value)


@pytest.fixture
def eight(embedded_18: Warehouse, root: Path) -> Iterator[list[Mirror]]:
    """Eight tenants of one database, whose records have the same ids and other contents."""
    with ExitStack() as running:
        sources = [running.enter_context(simulator(2, tenant_id=str(number))) for number in range(1, 9)]
        for source in sources:
            customers, contacts = (source.records(name) for name in ("customers", "customer_contacts"))
            for record in [*customers, *contacts]:
                entity, field = ("customers", "name") if record in customers else ("customer_contacts", "value")
                source.set(entity, record["id"], {field: f"of {source.tenant_id}", "type": "Email"})
        warehouse = new_database(embedded_18)
        yield [Mirror(source, warehouse, root) for source in sources]


def command(mirrors: list[Mirror], *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the settings of all of them, named `t1`, `t2` and so on."""
    with start(mirrors, *arguments, **more) as process:
        written, said = process.communicate(timeout=300)
    return subprocess.CompletedProcess([*arguments], process.returncode, written, said)


def start(mirrors: list[Mirror], *arguments: str, **more: str) -> subprocess.Popen[str]:
    """The command with these settings, as a process."""
    environment = dict(mirrors[0].environment())
    prefix = "SOURCES__SERVICETITAN__"
    for name in ("TENANT_ID", "API_URL", "AUTH_URL"):
        del environment[prefix + name]
        for mirror in mirrors:
            own = mirror.environment()[prefix + name]
            environment[f"{prefix}TENANTS__T{mirror.source.tenant_id}__{name}"] = own
    program = [sys.executable, str(mirrors[0].root / "pipelines" / "servicetitan.py"), *arguments]
    pipe = subprocess.PIPE
    folder = mirrors[0].root
    return subprocess.Popen(program, env=environment | more, cwd=folder, stdout=pipe, stderr=pipe, text=True)


def test_eight_tenants_with_the_same_ids_are_synced_side_by_side_and_one_fails_alone(eight: list[Mirror]) -> None:
    eight[6].source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    wrong = {"SOURCES__SERVICETITAN__TENANTS__T8__CLIENT_SECRET": "cs1.wrong"}
    done = command(eight, "--json", **wrong)
    said = json.loads(done.stdout)
    codes = {tenant["tenant"]: (tenant["tenant_id"], tenant["exit_code"]) for tenant in said["tenants"]}
    assert codes == {**{f"t{n}": (n, 0) for n in range(1, 7)}, "t7": (7, 1), "t8": (8, 2)}
    assert (done.returncode, said["exit_code"]) == (2, 2)
    assert "refuses" in said["tenants"][7]["error"]
    failed = [module["module"] for module in said["tenants"][6]["modules"] if module["status"] == "failed"]
    assert failed == ["campaigns"]
    assert [mirror.differences() for mirror in eight[:7]] == [[]] * 6 + [["campaigns"]]
    assert [eight[0].is_built(entity.name) for entity in PUBLISHED] == [True] * len(PUBLISHED)
    names = "select tenant_id, array_agg(distinct name), array_agg(distinct email) from st_customers group by 1"
    assert eight[0].rows(f"{names} order by 1") == [(n, [f"of {n}"], [f"of {n}"]) for n in range(1, 8)]
    assert eight[0].rows("select tenant_id, name from st_tenants order by 1") == [(n, f"t{n}") for n in range(1, 9)]

    eight[6].source.settings(removed_scopes=[])
    again = command(eight, "--tenant", "t7", "--tenant", "1")
    assert again.returncode == 0
    named = [line.split()[:2] for line in again.stdout.splitlines()]
    assert named == [["tenant", "id"], ["t7", "7"], ["t1", "1"], [again.stdout.split()[-2], "seconds"]]
    assert {line.split()[1] for line in again.stderr.splitlines()[1:]} == {"t1", "t7"}
    assert eight[6].differences() == []

    status = json.loads(command(eight, "status", "--json", "--tenant", "t7", "--tenant", "8").stdout)
    assert [(one["name"], one["tenant_id"], one["ok"]) for one in status["tenants"]] == [
        ("t7", 7, True),
        ("t8", 8, False),
    ]


def test_sigterm_ends_the_syncs_of_all_tenants(eight: list[Mirror]) -> None:
    for mirror in eight:
        mirror.source.settings(latency=30)
    at_work = "select count(*) from pg_stat_activity where application_name like 'servicetitan sync%'"
    with start(eight, "--tenant", "t1", "--tenant", "t2", "--json") as parent:
        wait_for(lambda: eight[0].row(at_work) == (2,))
        parent.terminate()
        said = json.loads(parent.communicate(timeout=30)[0])
    assert parent.returncode == 1
    stopped = "Stopped; what has landed stays, the next sync goes on from there."
    assert [(tenant["tenant"], tenant["error"]) for tenant in said["tenants"]] == [("t1", stopped), ("t2", stopped)]
    assert eight[0].row(at_work) == (0,)

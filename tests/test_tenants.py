"""Several tenants in one settings file: each has its own settings, sync, limit and fate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from servicetitan_mirror.config import lookup, tenants
from servicetitan_mirror.config.settings import load_settings, load_tenant_id
from servicetitan_mirror.errors import ConfigurationError

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
        "chosen",
    )
    said = [[getattr(load_settings(tenant), name) for name in names] for tenant in tenants.names()]
    assert said == [
        ["north", 1, "cid.shared", "cs1.north", "ak1.shared", 100, 3, ("customers", "jobs")],
        ["south", 2, "cid.south", "cs1.south", "ak1.shared", 100, 10, ()],
    ]


def test_variables_name_tenants_too(two: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TENANT_ID": "3", "CLIENT_SECRET": "cs1.west", "ONLY": '["jobs"]', "PAGE_SIZE": ""}.items():
        monkeypatch.setenv(f"SOURCES__SERVICETITAN__TENANTS__WEST_1__{name}", value)
    monkeypatch.setenv("SOURCES__SERVICETITAN__TENANTS__NORTH__REQUESTS_PER_SECOND", "4")
    assert tenants.names() == ["north", "south", "west_1"]
    west = load_settings("west_1")
    assert (west.tenant_id, west.client_secret, west.chosen, west.page_size) == (3, "cs1.west", ("jobs",), 100)
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
            "only under [sources.servicetitan.tenants.west] in {file} is 'jobs,cats'; it must be some of",
        ),
    ],
)
def test_what_is_wrong_with_the_tenants_is_named(two: None, tmp_path: Path, more: str, said: str) -> None:
    write(tmp_path, TWO.replace("[sources.servicetitan]\n", f"[sources.servicetitan]\n{more}\n"))
    lookup.use()
    with pytest.raises(ConfigurationError) as refused:
        load_settings("west")
    assert said.format(file=tmp_path / ".dlt" / "secrets.toml") in str(refused.value)

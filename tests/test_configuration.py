"""Where settings are read: which `.dlt` counts, and what becomes of a file that cannot be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dlt
import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from conftest import ROOT
from servicetitan_mirror.config import lookup
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import ConfigurationError

SECRETS = """[sources.servicetitan]
tenant_id = 7
client_id = "cid.x"
client_secret = "cs1.x"
app_key = "ak1.x"
page_size = 77
"""
ENVIRONMENT = {
    f"SOURCES__SERVICETITAN__{name}": value
    for name, value in {"TENANT_ID": "8", "CLIENT_ID": "cid", "CLIENT_SECRET": "cs1", "APP_KEY": "ak1"}.items()
}
DATABASE = {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://me@db.example.com:5433/mirror"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own, without secrets."""
    folder = tmp_path / "checkout"
    (folder / ".dlt").mkdir(parents=True)
    for name in ("dbt_project", "pipelines"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / ".dlt" / "config.toml", folder / ".dlt")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with a `.dlt` that belongs to something else."""
    folder = tmp_path / "elsewhere"
    (folder / ".dlt").mkdir(parents=True)
    (folder / ".dlt" / "secrets.toml").write_text('[sources.github]\ntoken = "x"\n')
    return folder


def write(folder: Path, content: str | bytes, name: str = "secrets.toml") -> Path:
    """A file of a folder's `.dlt`, for its owner only."""
    path = folder / ".dlt" / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
    return path


def command(checkout: Path, cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command of a checkout, run in a folder, with nothing set but what is given."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, str(checkout / "pipelines" / "servicetitan.py"), *arguments],
        env={**known, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def read_settings(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Settings]]:
    """Read the settings in this process as the command of the checkout does."""

    def read(cwd: Path = checkout, installed: bool = False, **environment: str) -> Settings:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(lookup, "CHECKOUT", None if installed else checkout)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        lookup.use()
        return load_settings()

    monkeypatch.setenv("DLT_PROJECT_DIR", "")  # so that it is as it was afterwards
    yield read
    del Container()[PluggableRunContext]


def test_a_folder_with_a_dlt_of_its_own_does_not_hide_the_projects_secrets(checkout: Path, elsewhere: Path) -> None:
    write(checkout, SECRETS + "[destination.postgres]\ncredentials = 'postgresql://me@db.example.com:5433/mirror'\n")
    done = command(checkout, elsewhere, "url")
    assert (done.returncode, done.stdout, done.stderr) == (0, "postgresql://me@db.example.com:5433/mirror\n", "")


def test_a_folder_with_settings_of_the_mirror_goes_before_the_checkout(
    read_settings: Callable[..., Settings], checkout: Path, elsewhere: Path
) -> None:
    write(checkout, SECRETS)
    assert read_settings(elsewhere).page_size == 77
    write(elsewhere, SECRETS.replace("77", "78"))
    assert read_settings(elsewhere, DLT_PROJECT_DIR="").page_size == 78
    assert read_settings(elsewhere, DLT_PROJECT_DIR=str(checkout)).page_size == 77


def test_an_installed_package_reads_the_current_folder_and_brings_its_defaults(
    read_settings: Callable[..., Settings], elsewhere: Path
) -> None:
    write(elsewhere, SECRETS)
    assert read_settings(elsewhere, installed=True).page_size == 77
    assert dlt.config["runtime.log_level"] == "CRITICAL"


def test_a_byte_order_mark_is_no_error(read_settings: Callable[..., Settings], checkout: Path) -> None:
    write(checkout, b"\xef\xbb\xbf" + SECRETS.encode())
    assert read_settings().page_size == 77


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SECRETS + "app_key = ak1.y\n", ", line 7: Unexpected character: 'a'. A line looks like: name = \"value\"."),
        (SECRETS + 'app_key = "y"\n', ', line 7: Key "app_key" already exists.'),
        (SECRETS.encode() + b'name = "caf\xe9"\n', ", line 7: it is not UTF-8; save the file as UTF-8."),
        (SECRETS.encode("utf-16"), ", line 1: it is not UTF-8; save the file as UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    read_settings: Callable[..., Settings], checkout: Path, content: str | bytes, said: str
) -> None:
    path = write(checkout, content)
    with pytest.raises(ConfigurationError) as refused:
        read_settings()
    assert str(refused.value) == f"{path}{said}"


def test_a_folder_in_place_of_the_file_is_named(read_settings: Callable[..., Settings], checkout: Path) -> None:
    (checkout / ".dlt" / "secrets.toml").mkdir()
    with pytest.raises(ConfigurationError, match=r"secrets.toml cannot be read: Is a directory\."):
        read_settings()


def test_the_environment_wins_over_a_file_that_cannot_be_read(
    read_settings: Callable[..., Settings], checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(checkout, "app_key = ak1\n")
    assert read_settings(**ENVIRONMENT).tenant_id == 8
    said = "line 1: Unexpected character: 'a'. A line looks like: name = \"value\". Nothing of this file is used."
    assert capfd.readouterr().err == f"{path}, {said}\n"
    assert command(checkout, checkout, "url", **DATABASE).stdout == "postgresql://me@db.example.com:5433/mirror\n"


def test_a_broken_file_that_may_name_the_database_is_never_passed_over(checkout: Path) -> None:
    path = write(checkout, '[destination.postgres]\ncredentials = "postgresql://me@db.example.com/mirror\n')
    done = command(checkout, checkout, "sync", **ENVIRONMENT)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"{path}, line 2: ")


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("config.toml", "page_sice = 5", "is no setting; do you mean page_size?"),
        ("config.toml", "timeout = 0", "is 0; it must be a whole number from 1 to 3600."),
        ("config.toml", 'app_key = "ak1.x"', "is a secret: it belongs into secrets.toml."),
        ("config.toml", 'ping_url = "https://hc.example/x"', "is a secret: it belongs into secrets.toml."),
        ("secrets.toml", "tenant_id = true", "is True; it must be a whole number from 1 to 9223372036854775807."),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(
    read_settings: Callable[..., Settings], checkout: Path, name: str, line: str, said: str
) -> None:
    path = write(checkout, f"[sources.servicetitan]\n{line}\n", name)
    setting = line.partition(" ")[0]
    with pytest.raises(ConfigurationError) as refused:
        read_settings(**{key: value for key, value in ENVIRONMENT.items() if not key.endswith(f"__{setting.upper()}")})
    assert str(refused.value) == f"{setting} under [sources.servicetitan] in {path} {said}"


def test_the_example_counts_as_not_configured(read_settings: Callable[..., Settings], checkout: Path) -> None:
    path = write(checkout, (ROOT / ".dlt" / "secrets.toml.example").read_text())
    with pytest.raises(ConfigurationError) as refused:
        read_settings()
    assert f"put each into {path} under [sources.servicetitan]" in str(refused.value)


def test_secrets_that_others_can_read_are_warned_of_once(checkout: Path) -> None:
    path = write(checkout, SECRETS)
    path.chmod(0o644)
    done = command(checkout, checkout, "url", **DATABASE)
    assert (done.returncode, done.stderr) == (0, f"Other users of this machine can read {path}: chmod 600 {path}\n")


def test_a_wrong_setting_of_dlt_is_a_sentence(checkout: Path) -> None:
    done = command(checkout, checkout, "url", RUNTIME__LOG_LEVEL="LOUD", **DATABASE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "log_level under [runtime], dlt's own setting, is wrong.\n"

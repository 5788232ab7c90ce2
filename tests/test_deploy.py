"""Where it runs: what Docker, systemd and GitHub are told."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import ROOT

UNIT = ROOT / "deploy" / "servicetitan-mirror.service"
SYNC = yaml.safe_load((ROOT / ".github" / "workflows" / "sync.yml").read_text())
STEPS = {step.get("name"): step for step in SYNC["jobs"]["sync"]["steps"]}


def script(step: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A step of the workflow, as GitHub runs it."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd here")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/srv/servicetitan-mirror/.venv/bin/servicetitan", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_gets_all_that_the_package_is_built_from_and_no_secret() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    names = {name.rstrip("/") for line in copied for name in line.split()}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert (
        names
        == allowed
        == {
            *("pyproject.toml", "README.md", "LICENSE", "requirements.txt", "dbt_project", "pipelines"),
            *(".dlt/config.toml", ".dlt/secrets.toml.example"),
        }
    )


def test_compose_asks_for_every_secret_and_shows_the_page_on_loopback_alone() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    asked = {
        value
        for service in services.values()
        for name, value in service["environment"].items()
        if re.search("PASSWORD|SECRET|KEY|CLIENT_ID|TENANT_ID", name)
    }
    assert all(re.fullmatch(r"\$\{\w+:\?is missing\}", value) for value in asked)
    assert len(asked) == 6
    assert [each for service in services.values() for each in service.get("ports", ())] == ["127.0.0.1:8902:8902"]


def test_a_missing_secret_fails_the_workflow_and_is_named(tmp_path: Path) -> None:
    named = dict.fromkeys(SYNC["jobs"]["sync"]["env"], "x")
    assert script("every secret is there", tmp_path, **named).returncode == 0
    lacking = script("every secret is there", tmp_path, **{**named, "DESTINATION__POSTGRES__CREDENTIALS": ""})
    said = "::error::The secret for DESTINATION__POSTGRES__CREDENTIALS is not set.\n"
    assert (lacking.returncode, lacking.stdout) == (1, said)


@pytest.mark.parametrize(
    ("full", "code", "ends_with", "arguments"),
    [
        ("", 3, 0, "sync --triggered-by scheduled"),
        ("", 1, 1, "sync --triggered-by scheduled"),
        ("yes", 3, 3, "sync --full --wait 3600 --triggered-by scheduled"),
    ],
)
def test_of_two_runs_the_nightly_one_waits(
    tmp_path: Path, full: str, code: int, ends_with: int, arguments: str
) -> None:
    program = tmp_path / ".venv" / "bin" / "servicetitan"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n')
    program.chmod(0o755)
    done = script("sync", tmp_path, FULL=full, TRIGGERED_BY="scheduled", PATH="/usr/bin:/bin")
    assert (done.returncode, done.stdout) == (ends_with, f"{arguments}\n")
    group = SYNC["concurrency"]["group"]
    (nightly,) = (each["cron"] for each in SYNC[True]["schedule"] if not each["cron"].startswith("*/"))
    assert f"github.event.schedule == '{nightly}'" in group
    assert "'sync-full' || 'sync-changes'" in group

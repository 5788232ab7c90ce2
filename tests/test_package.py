"""What is built and installed: the wheel, the Makefile, the schedule of cron and of GitHub."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from conftest import ROOT

README = (ROOT / "README.md").read_text()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy in which somebody has put secrets and run dbt."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pipelines", "dbt_project", ".dlt"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    (source / ".dlt" / "secrets.toml").write_text('app_key = "hunter2"\n')
    (source / "dbt_project" / "target").mkdir(exist_ok=True)
    (source / "dbt_project" / "target" / "run_results.json").write_text("{}")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", source / "dist", source], check=True, capture_output=True)
    (built,) = (source / "dist").iterdir()
    return built


def files(folder: Path, *patterns: str) -> set[str]:
    """The files below a folder that fit one of the patterns."""
    return {str(path.relative_to(folder)) for pattern in patterns for path in folder.glob(pattern) if path.is_file()}


PAGES, KINDS = ("web", "report"), ("html", "css", "js")


def test_the_wheel_holds_the_code_the_dbt_project_the_defaults_and_nothing_else(wheel: Path) -> None:
    folders = ("macros/**/*", "models/**/*", "optional/**/*", "semantic/**/*", "tests/**/*")
    project = files(ROOT / "dbt_project", "dbt_project.yml", "profiles.yml", *folders)
    defaults = {"config.toml", "secrets.toml.example"}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == {
        *files(ROOT / "pipelines", "*.py", "servicetitan_*/**/*.py", "orchestration/*.py"),
        *files(ROOT / "pipelines", "dbt/**/*.py", "dbt/include/**/*.*"),
        *files(ROOT / "pipelines", "servicetitan_mirror/raw/sql/*/*.sql", "servicetitan_*/**/*.json"),
        *files(ROOT / "pipelines", *(f"servicetitan_mirror/{room}/*.{kind}" for room in PAGES for kind in KINDS)),
        *files(ROOT / "pipelines", "servicetitan_mirror/report/sql/*.sql", "servicetitan_mirror/exported/sql/*.sql"),
        *(f"servicetitan_mirror/dbt_project/{name}" for name in project),
        *(f"servicetitan_mirror/defaults/{name}" for name in defaults),
    }


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return folder


def test_init_writes_settings_into_an_empty_folder_and_never_over_any(site: Path, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHONPATH": str(site)}
    here = tmp_path / "here"
    here.mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(site / "bin" / "servicetitan"), *arguments]
        return subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)

    done, settings = run("init"), here / ".dlt"
    assert (done.returncode, done.stderr, "Fill in tenant_id" in done.stdout) == (0, "", True)
    modes = {path.name: path.stat().st_mode & 0o777 for path in settings.iterdir()}
    assert modes == {"config.toml": 0o644, "secrets.toml": 0o600, ".gitignore": 0o644}
    assert (settings / "config.toml").read_text() == (ROOT / ".dlt" / "config.toml").read_text()
    unfilled = run("sync")
    assert (unfilled.returncode, "These settings are missing" in unfilled.stderr) == (2, True), unfilled.stderr
    (settings / "config.toml").unlink()
    (settings / "secrets.toml").write_text("[sources.servicetitan]\ntenant_id = 7\n")
    again = json.loads(run("init", "--json").stdout)
    assert again == {"folder": str(settings), "written": ["config.toml"], "kept": ["secrets.toml", ".gitignore"]}
    assert (settings / "secrets.toml").read_text() == "[sources.servicetitan]\ntenant_id = 7\n"


def test_an_installed_package_shows_its_demo_in_an_empty_folder(site: Path, tmp_path: Path, open_folder: Path) -> None:
    here, home = open_folder / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(site)}
    run = [sys.executable, str(site / "bin" / "servicetitan")]
    try:
        done = subprocess.run(
            [*run, "demo", "--customers", "5"], cwd=here, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        subprocess.run([*run, "stop"], cwd=here, env=environment, check=False)
    assert (done.returncode, "Every table holds as many records as the source lists" in done.stdout) == (0, True)
    assert [path.name for path in home.iterdir()] == []
    assert {path.name for path in here.iterdir()} <= {".postgres", ".servicetitan"}


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The Makefile, in a folder of its own."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    own = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", *arguments], cwd=folder, env=own, capture_output=True, text=True, check=False)


def program(path: Path, script: str) -> Path:
    """A shell script as a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("python", ["./old-python", "no-such-python"])
def test_a_python_that_is_too_old_is_refused_in_one_sentence(tmp_path: Path, python: str) -> None:
    program(tmp_path / "old-python", "exit 1")
    program(tmp_path / ".venv" / "bin" / "python", "exit 1")
    done = make(tmp_path, "setup", f"PYTHON={python}")
    assert done.returncode == 2
    said = f"Python 3.10 or newer is needed, and {python} is none. Name one: make setup PYTHON=python3.12"
    assert (done.stdout, done.stderr.splitlines()[0]) == ("", said)
    assert (tmp_path / ".venv").exists()


def test_a_virtual_environment_of_another_python_is_made_anew(tmp_path: Path) -> None:
    program(tmp_path / ".venv" / "bin" / "python", "exit 1")
    assert make(tmp_path, "python", f"PYTHON={shlex.quote(sys.executable)}").returncode == 0
    assert not (tmp_path / ".venv").exists()


def test_a_virtual_environment_that_works_is_kept(tmp_path: Path) -> None:
    program(tmp_path / ".venv" / "bin" / "python", f'exec {shlex.quote(sys.executable)} "$@"')
    assert make(tmp_path, "python").returncode == 0
    assert (tmp_path / ".venv").exists()


@pytest.mark.parametrize("line", [0, 1])
@pytest.mark.parametrize(("code", "mail"), [(0, ""), (1, "what went wrong\n"), (2, "what went wrong\n"), (3, "")])
def test_a_cron_line_mails_what_failed_and_only_that(tmp_path: Path, line: int, code: int, mail: str) -> None:
    lines = re.findall(r"^ +[\d*/, ]+ \* \* \* (cd /srv/servicetitan-mirror .*)$", README, re.M)
    program(tmp_path / ".venv" / "bin" / "servicetitan", f"echo what went wrong >&2; exit {code}")
    command = lines[line].replace("/srv/servicetitan-mirror", str(tmp_path))
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, len(lines)) == (mail, 2)
    assert (tmp_path / "sync.log").read_text() == "what went wrong\n"


def test_githubs_schedule_waits_until_it_is_switched_on() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "sync.yml").read_text())
    assert workflow["jobs"]["sync"]["if"] == "vars.SERVICETITAN_SYNC == 'on'"
    secrets = re.findall(r"secrets\.(\w+)", str(workflow["jobs"]["sync"]["env"]))
    assert {name for name in (*secrets, "SERVICETITAN_SYNC") if f"`{name}`" not in README} == set()


def test_every_package_that_is_imported_is_declared_and_every_declared_one_is_used() -> None:
    declared = {
        Requirement(text).name.lower()
        for text in re.findall(r'^    "([^"]+)",', (ROOT / "pyproject.toml").read_text().partition("\n]")[0], re.M)
    }
    of_module, imported = packages_distributions(), set()
    for path in (ROOT / "pipelines").rglob("*.py"):
        if path.parent.name == "orchestration":  # which has an extra of its own
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
            for top in (top for top in tops if not top.startswith("servicetitan")):
                candidates = {name.lower().replace("_", "-") for name in of_module[top]}
                imported |= candidates & declared or candidates
    assert imported | {"dbt-postgres", "setuptools"} == declared  # dbt's adapter, and what builds the package

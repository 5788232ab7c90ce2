"""`--log-format` and `--log-level`: what a program reads of a sync, the worker and the page."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from threading import Thread
from typing import Any

from mirror import Mirror
from servicetitan_mirror.logs import JsonLines
from servicetitan_mirror.places import COMMAND


def objects(written: str) -> list[dict[str, Any]]:
    """The lines of a log as JSON; each has to be an object."""
    return [dict(json.loads(line)) for line in written.splitlines()]


def test_each_line_of_a_sync_is_an_object_that_names_the_run(mirror: Mirror) -> None:
    mirror.source.fault("campaigns", {"status": 403}, every=1)
    done = mirror.command("--only", "campaigns,job_types", "--log-format", "json", "--log-level", "debug")
    said = objects(done.stderr)
    (run,) = {line["run"] for line in said}
    assert mirror.row(f"select count(*) from st_sync_log where run_id = '{run}'") == (2,)
    levels = {line["module"]: line["level"] for line in said if "module" in line}
    assert (done.returncode, levels) == (1, {"campaigns": "error", "job_types": "info"})
    assert ("job_types", "debug") in {(line.get("list"), line["level"]) for line in said}
    assert {tuple(line)[:3] for line in said} == {("time", "level", "run")}


def test_a_level_leaves_out_what_is_below_it(mirror: Mirror) -> None:
    mirror.source.fault("campaigns", {"status": 403}, every=1)
    done = mirror.command("--only", "campaigns,job_types", "--log-level", "error")
    (line,) = done.stderr.splitlines()
    assert " campaigns (incremental): marketing/campaigns: 403" in line


def test_the_worker_its_syncs_and_what_dlt_logs_keep_to_the_format(mirror: Mirror) -> None:
    said_by_dlt = {"LOG__FORMAT": "json", "RUNTIME__LOG_LEVEL": "INFO"}
    worker = subprocess.Popen(
        [*COMMAND, "worker"],
        env={**mirror.environment(), **said_by_dlt, "SOURCES__SERVICETITAN__ONLY": "campaigns"},
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = []
    while not lines or "exit code" not in lines[-1]:
        lines.append(worker.stderr.readline() if worker.stderr else "exit code")
    worker.terminate()
    _, rest = worker.communicate(timeout=30)
    said = [line["message"] for line in objects("".join([*lines, rest]))]
    assert said[0].startswith("syncing every 5 minutes, in full daily at 02:00")
    assert "campaigns (incremental): nothing new" in said
    assert any("|dlt|" in message for message in said)


def test_a_format_in_a_file_holds_for_the_first_line_of_the_page(mirror: Mirror, tmp_path: Path) -> None:
    folder = tmp_path / ".dlt"
    folder.mkdir()
    (folder / "config.toml").write_text('[log]\nformat = "json"')
    (folder / "secrets.toml").write_text("")
    (folder / "secrets.toml").chmod(0o644)
    page = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env={**mirror.environment(), "DLT_PROJECT_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert page.stdout and page.stdout.readline().startswith("serving http://127.0.0.1:")
    page.terminate()
    _, written = page.communicate(timeout=30)
    said = [(line["level"], line["message"].split(" ")[0]) for line in objects(written)]
    assert said == [("warning", "Other"), ("info", "database:")]


def test_lines_are_whole_whoever_writes_them_and_however() -> None:
    written = io.StringIO()
    lines = JsonLines(written)
    lines.write("a ")
    other = Thread(target=lines.writelines, args=(["one\n", "two"],))
    other.start()
    other.join()
    lines.write("line\nnot ended")
    lines.finish()
    assert {line["message"] for line in objects(written.getvalue())} == {"one", "a line", "two", "not ended"}


def test_what_goes_wrong_is_an_object_too(empty_mirror: Mirror) -> None:
    refused = empty_mirror.command("serve", "--log-format", "json", "--host", "0.0.0.0")
    usage = empty_mirror.command("sync", "--log-format", "json", "--only", "cats")
    wrong = empty_mirror.command("sync", LOG__FORMAT="xml")
    assert [line["level"] for line in objects(refused.stderr)] == ["error"]
    assert "'cats' is no list" in objects(usage.stderr)[-1]["message"]
    assert wrong.stderr == "The environment variable LOG__FORMAT is 'xml'; it must be text or json.\n"
    assert (refused.returncode, usage.returncode, wrong.returncode) == (2, 2, 2)

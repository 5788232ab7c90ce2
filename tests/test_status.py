"""`servicetitan status`: what it shows of each tenant, and when it ends with 1."""

from __future__ import annotations

import io
import json
import re
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from psycopg2.extensions import make_dsn
from rich.cells import cell_len

from mirror import Mirror
from servicetitan_mirror.entities import PUBLISHED, STANDARD
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation.standing import standing
from servicetitan_mirror.postgres.warehouse import Warehouse, locked, query
from servicetitan_mirror.terminal.screen import console
from servicetitan_mirror.terminal.status import print_standing

OTHER_TENANT = """
    insert into raw_servicetitan.sync_cursors (tenant_id, list, entity, cursor, full_due)
    select 77, list, entity, cursor - interval '3 days', full_due from raw_servicetitan.sync_cursors;
    insert into raw_servicetitan.sync_log (run_id, tenant_id, module, sync_type, status, triggered_by, completed_at)
    select run_id, 77, 'x' || module, sync_type, status, triggered_by, completed_at from raw_servicetitan.sync_log
"""


def status(mirror: Mirror, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what a program is told."""
    done = mirror.command("status", "--json", *arguments)
    return done.returncode, json.loads(done.stdout)


def problems(mirror: Mirror, *arguments: str) -> tuple[int, list[str]]:
    """The exit code and what is wrong with the only tenant."""
    code, said = status(mirror, *arguments)
    (tenant,) = said["tenants"]
    assert said["ok"] is tenant["ok"] is (code == 0)
    return code, tenant["problems"]


def test_a_program_is_told_everything_of_a_healthy_tenant(mirror: Mirror) -> None:
    mirror.rows("update st_customers set deleted_at = now() where st_id = (select min(st_id) from st_customers)")
    code, said = status(mirror)
    assert (code, [*said]) == (0, ["database", "ok", "checked_at", "max_age_seconds", "problems", "tenants"])
    (tenant,) = said["tenants"]
    assert (tenant["tenant_id"], tenant["running"], tenant["problems"]) == (int(mirror.source.tenant_id), None, [])
    assert [table["table"] for table in tenant["tables"]] == [entity.table for entity in PUBLISHED]
    table = next(table for table in tenant["tables"] if table["table"] == "st_customers")
    age, until, last_full = (table.pop(key) for key in ("age_seconds", "read_until", "last_full"))
    assert datetime.fromisoformat(until).tzinfo and datetime.fromisoformat(last_full).tzinfo and age >= 0
    counts = {"pending_loads": 0, "open_failures": 0, "rejected_records": 0, "pause_seconds": 0.0, "let_go_at": None}
    assert table == {"table": "st_customers", "rows": 19, "deleted": 1, **counts}
    (run,) = tenant["runs"]
    assert (run["sync_type"], run["triggered_by"]) == ("full", "manual")
    assert (run["modules"], run["failed"]) == (len(STANDARD) + 1, 0)  # and the marts
    assert {module["status"] for module in tenant["modules"]} == {"completed"}
    assert tenant["last_error"] is None


def test_a_failed_module_is_wrong_until_it_completes(mirror: Mirror) -> None:
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    mirror.sync()
    code, (problem,) = problems(mirror)
    assert code == 1
    assert re.match(r"campaigns: .*tn\.mrk\.campaigns:r", problem)
    mirror.source.settings(removed_scopes=[])
    mirror.sync()
    code, said = status(mirror)
    assert (code, said["tenants"][0]["last_error"]["module"]) == (0, "campaigns")
    assert "tn.mrk.campaigns:r" in said["tenants"][0]["last_error"]["message"]


def test_what_a_dead_sync_left_is_wrong_unless_another_is_at_work(mirror: Mirror) -> None:
    mirror.rows("update raw_servicetitan.sync_log set status = 'started' where module = 'jobs'")
    mirror.rows(f"insert into raw_servicetitan.pending_loads values ({mirror.source.tenant_id}, 'jobs', '1.5')")
    code, said = problems(mirror)
    assert code == 1
    assert said == [
        "jobs: was cut off; the next sync goes on from there",
        "st_jobs: 1 load landed and not built, and no sync is at work; the next sync builds them",
    ]
    with locked(mirror.warehouse, int(mirror.source.tenant_id)):
        code, shown = status(mirror)
    assert (code, shown["tenants"][0]["running"] is not None) == (0, True)


def test_data_older_than_asked_for_is_wrong_of_that_tenant_only(mirror: Mirror) -> None:
    mirror.rows(OTHER_TENANT)
    tenant = mirror.source.tenant_id
    assert problems(mirror, "--max-age", "1d", "--tenant", tenant) == (0, [])
    advice = "see that syncs run as planned, and how the last one ended"
    old = f"all {len(PUBLISHED)} tables: the data is 3 days old; {advice}"
    assert problems(mirror, "--max-age", "24h", "--tenant", "77") == (1, [old])
    assert status(mirror)[0] == 0
    assert status(mirror, "--max-age", "86400")[0] == 1
    assert status(mirror, "--tenant", "5")[0] == 1


def test_a_list_that_was_never_read_or_a_table_that_is_gone_is_told(mirror: Mirror) -> None:
    mirror.rows("update raw_servicetitan.sync_cursors set cursor = null where list like 'custom_fields.jobs%'")
    mirror.rows("alter table raw_servicetitan.rejected_records drop column healed_at cascade")  # an older version's
    mirror.rows("drop table st_payments, raw_servicetitan.payments cascade")
    mirror.rows("delete from raw_servicetitan.sync_cursors where entity = 'estimates'")  # never asked for
    code, said = problems(mirror, "--max-age", "2h")
    assert code == 1
    assert said == [
        "st_payments: is not there; the next sync builds it",
        "st_custom_fields: never read completely; see that a sync comes to its end",
    ]
    shown = mirror.command("status").stdout
    assert re.search(r"^st_estimates +\d+ +0 +never ", shown, re.M)


def test_failures_are_open_until_they_are_mended_and_notes_are_warnings(mirror: Mirror) -> None:
    (record,) = mirror.row("select max(st_id) from st_jobs")
    mirror.source.set("jobs", record, {"total": "a lot"})
    mirror.source.raw("customers", 10**9, '{"name": "no id"}')
    mirror.sync(full=True)
    mirror.rows("""update raw_servicetitan.sync_log set error_details = '{"jobs": "asked unsorted"}'""")
    code, said = status(mirror)
    (tenant,) = said["tenants"]
    assert (code, tenant["warnings"]) == (
        1,
        [
            f"all {len(STANDARD) + 1} modules: asked unsorted",
            "jobs: fields of records have come, gone or changed: see st_schema_drift",
        ],
    )
    assert tenant["problems"] == [
        "st_customers: 1 record could not land: see st_rejected_records",
        "st_jobs: 1 value could not be converted: see st_sync_failures",
    ]
    mirror.source.set("jobs", record, {"total": 1})
    mirror.source.delete("customers", ids=[10**9])
    mirror.sync()
    assert status(mirror)[1]["tenants"][0]["problems"] == []


def test_an_analyst_sees_what_analysts_may_read(mirror: Mirror) -> None:
    mirror.rows("create role looker login in role servicetitan_analyst")
    looker = Mirror(mirror.source, Warehouse(make_dsn(mirror.warehouse.dsn, user="looker")), mirror.root)
    code, said = status(looker)
    table = next(table for table in said["tenants"][0]["tables"] if table["table"] == "st_customers")
    assert (code, table["rows"], table["open_failures"], table["pending_loads"]) == (0, 20, 0, None)
    assert re.search(r"^st_customers +20 +0 .* \? +0 +0$", looker.command("status").stdout, re.M)
    mirror.rows("revoke servicetitan_analyst from looker")
    refused = looker.command("status")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "grant servicetitan_analyst to looker" in refused.stderr


def test_a_table_that_somebody_holds_is_named(mirror: Mirror) -> None:
    with closing(mirror.warehouse.connect("a report")) as holding, closing(mirror.warehouse.connect()) as connection:
        query(holding, "begin; lock table st_jobs")
        query(connection, "set lock_timeout = 100")
        with pytest.raises(MirrorError, match=r"public\.st_jobs is held by process \d+ \(a report"):
            standing(connection)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_fits_every_terminal(mirror: Mirror, width: int) -> None:
    screen = console(io.StringIO(), width)
    with closing(mirror.warehouse.connect()) as connection, screen.capture() as captured:
        print_standing(screen, standing(connection))
    lines = captured.get().splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert "…" not in captured.get()
    assert lines[0].startswith(f"tenant {mirror.source.tenant_id}: all is well")


def test_a_database_without_a_sync_says_what_to_do(empty_mirror: Mirror) -> None:
    done = empty_mirror.command("status")
    assert (done.returncode, done.stdout) == (1, "Nothing was synced into this database yet. Run: servicetitan\n")
    code, said = status(empty_mirror)
    assert (code, said["ok"], said["tenants"]) == (1, False, [])
    assert said["problems"] == ["Nothing was synced into this database yet. Run: servicetitan"]


@pytest.mark.parametrize("age", ["soon", "-5m", "0", "1.5h", "15 minutes", ""])
def test_an_age_that_is_none_is_wrong_usage(mirror: Mirror, age: str) -> None:
    done = mirror.command("status", "--max-age", age)
    assert done.returncode == 2
    assert "15m, 900 or 2h" in done.stderr

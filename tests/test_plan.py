"""`servicetitan plan`: what a sync would ask is what it then asks, and to plan it changes nothing."""

from __future__ import annotations

import json
from typing import Any

from mirror import Mirror

STATE = (
    "select (select jsonb_agg(c order by list) from raw_servicetitan.sync_cursors c), "
    "(select count(*) from raw_servicetitan.sync_log)"
)


def planned(mirror: Mirror, *arguments: str) -> dict[str, Any]:
    done = mirror.command("plan", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)["tenants"][0])


def test_a_first_sync_makes_the_calls_that_were_planned(empty_mirror: Mirror) -> None:
    plan = planned(empty_mirror)
    assert (plan["asked"], {step["since"] for step in plan["steps"]}) == (30, {None})
    assert empty_mirror.row("select to_regnamespace('raw_servicetitan')") == (None,)
    sizes = {step["list"]: step["records"] for step in plan["steps"] if "." not in step["list"]}
    before = empty_mirror.source.calls()["total"]
    outcomes = empty_mirror.sync()
    assert sizes == {name: outcomes[name].fetched for name in sizes}
    assert empty_mirror.source.calls()["total"] - before == plan["calls"]


def test_a_sync_of_changes_is_planned_without_a_call(mirror: Mirror) -> None:
    before = mirror.row(STATE)
    plan = planned(mirror)
    assert (plan["asked"], plan["calls"], mirror.source.calls()["tokens"], mirror.row(STATE)) == (0, 31, 0, before)
    undated = [step["list"] for step in plan["steps"] if step["since"] is None]
    assert undated == ["custom_fields.installed_equipment"]
    jobs = "select cursor - interval '10 minutes' from raw_servicetitan.sync_cursors where list = 'jobs'"
    (since,) = [step["since"] for step in plan["steps"] if step["list"] == "jobs"]
    assert since == mirror.row(jobs)[0].isoformat()


def test_a_full_sync_is_planned_by_what_the_mirror_holds(mirror: Mirror) -> None:
    before = mirror.row(STATE)
    plan = planned(mirror, "--full", "--only", "campaigns,customers")
    sizes = {step["list"]: (step["why"], step["records"]) for step in plan["steps"]}
    held = {name: ("--full", len(mirror.landed(name))) for name in ("campaigns", "customers", "customer_contacts")}
    assert (sizes, plan["asked"], mirror.row(STATE)) == (held, 0, before)

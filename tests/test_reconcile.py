"""A reconciliation finds what is wrong with the mirror, whatever did it, and mends it; what is right it lets be."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from mirror import Mirror
from servicetitan_mirror.entities import LISTS, PUBLISHED
from servicetitan_mirror.operation.reconcile import Reconciliation
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.warehouse import RAW, locked, query


def reconciled(mirror: Mirror, *only: str, **asked: bool) -> dict[str, Any]:
    """One reconciliation: of each module with which something was wrong, what, and how much of it is mended."""
    run = Reconciliation(mirror.configured(), mirror.warehouse, mirror.root, Options(only=only), **asked)
    results = {result.entity.name: result for result in run.run()}
    assert {name: result.problem for name, result in results.items() if result.problem} == {}
    return {
        name: {**result.ids, "fixed": result.fixed}
        for name, result in results.items()
        if result.missing or result.extra or result.stale
    }


def damage(mirror: Mirror, *statements: str) -> None:
    with closing(mirror.warehouse.connect()) as connection:
        for statement in statements:
            query(connection, statement)


def some(mirror: Mirror, entity: str, count: int) -> list[int]:
    """The first so many ids of an entity."""
    return [record["id"] for record in mirror.listed(entity)[:count]]


def is_whole(mirror: Mirror) -> bool:
    built = all(mirror.is_built(entity.name) for entity in PUBLISHED)
    return mirror.differences() == [] and built and reconciled(mirror, deep=True) == {}


def test_a_quiet_mirror_shows_nothing_and_asks_little(mirror: Mirror) -> None:
    mirror.source.reset_calls()
    assert reconciled(mirror) == {}
    assert mirror.source.calls()["tokens"] == 1
    assert mirror.source.calls()["total"] <= 3 * len(LISTS)
    assert reconciled(mirror, deep=True, fix=True) == {}
    assert mirror.row("select count(*), sum(source_total) - sum(mirror_total) from st_reconciliation") == (36, 0)
    assert mirror.rows("select module from st_sync_log where parameters ? 'reconcile'") == []


def test_whatever_is_damaged_is_found_and_mended(mirror: Mirror) -> None:
    a, b, c, d, e, f, g, h = some(mirror, "jobs", 8)
    ((customer, contact),) = mirror.rows(
        f"select (record ->> 'customerId')::bigint, min(id) from {RAW}.customer_contacts group by 1 order by 1 limit 1"
    )
    ((appointment, assignment),) = mirror.rows(
        f"select (record ->> 'appointmentId')::bigint, id from {RAW}.appointment_assignments order by id limit 1"
    )
    (location,) = some(mirror, "locations", 1)
    ((field,),) = mirror.rows("select min(st_id) from st_custom_fields where entity_type = 'customers'")
    reasons = some(mirror, "call_reasons", 10)
    damage(
        mirror,
        f"delete from {RAW}.jobs where id = {a}",
        f"delete from st_jobs where st_id = {b}",
        f'update {RAW}.jobs set record = record || \'{{"summary": "forged"}}\' where id = {c}',
        f"update {RAW}.jobs set modified_on = modified_on - interval '1 day' where id = {d}",
        f"update {RAW}.jobs set deleted_at = now() where id = {e}",
        f"update st_jobs set deleted_at = now() where st_id = {f}",
        f"update st_jobs set summary = 'forged' where st_id = {g}",
        f"update st_jobs set full_data = '{{}}' where st_id = {h}",
        f"delete from {RAW}.customer_contacts where id = {contact}",
        f"update {RAW}.appointment_assignments set deleted_at = now() where id = {assignment}",
        f"update st_locations set email = 'forged@example.com', tags = '[]' where st_id = {location}",
        f"delete from {RAW}.custom_fields where entity_type = 'customers' and id = {field}",
        f"delete from st_custom_fields where entity_type = 'customers' and st_id = {field}",
        f"delete from {RAW}.call_reasons",
    )
    damaged = {
        "call_reasons": {"missing": reasons},
        "custom_fields": {"missing": [f"customers {field}"]},
        "customers": {"stale": [customer]},
        "customer_contacts": {"missing": [contact]},
        "locations": {"stale": [location]},
        "jobs": {"missing": [a, b, e], "stale": [c, d, f, g, h]},
        "appointments": {"stale": [appointment]},
        "appointment_assignments": {"missing": [assignment]},
    }
    assert reconciled(mirror, deep=True) == {name: {**found, "fixed": 0} for name, found in damaged.items()}
    mirror.source.reset_calls()
    mended = reconciled(mirror, deep=True, fix=True)
    assert {name: found.pop("fixed") for name, found in mended.items()} == {
        name: sum(map(len, found.values())) for name, found in damaged.items()
    }
    assert mended == damaged
    assert mirror.source.calls()["tokens"] == 1
    assert is_whole(mirror)
    by_ids = "select module, status, records_fetched from st_sync_log where sync_type = 'incremental' order by 1"
    assert mirror.rows(by_ids) == [("appointment_assignments", "completed", 1), ("jobs", "completed", 4)]


def test_what_only_the_mirror_has_is_marked_and_never_more_than_the_guard_allows(mirror: Mirror) -> None:
    gone, listed = 900_000_001, some(mirror, "jobs", 1)[0]
    damage(
        mirror,
        f"insert into {RAW}.jobs select tenant_id, {gone}, modified_on, null, record, 'forged', now() "
        f"from {RAW}.jobs where id = {listed}",
        "insert into st_jobs (tenant_id, st_id, full_data, local_created_at, local_synced_at) "
        f"select tenant_id, {gone + 1}, full_data, now(), now() from st_jobs where st_id = {listed}",
        f"insert into {RAW}.payments select {mirror.source.tenant_id}, {gone} + n, now(), null, '{{}}', 'x', now() "
        "from generate_series(1, 40) as n",
    )
    assert reconciled(mirror, "jobs", fix=True) == {"jobs": {"missing": [gone + 1], "extra": [gone], "fixed": 2}}
    marked = "select array_agg(st_id order by st_id) from st_jobs where deleted_at is not null"
    assert mirror.row(marked) == ([gone, gone + 1],)
    ended = mirror.command("reconcile", "--deep", "--fix", "--json", "--modules", "jobs,payments")
    jobs, payments = json.loads(ended.stdout)["modules"]
    assert (ended.returncode, jobs["extra"], payments["extra"], payments["fixed"]) == (1, 0, 40, 0)
    assert "accounting/payments no longer lists 40 of" in payments["problem"]
    assert mirror.row("select count(*) from st_payments where deleted_at is not null") == (0,)


def test_what_changes_meanwhile_is_no_finding(mirror: Mirror) -> None:
    mirror.settings["page_size"] = 10
    mirror.source.touch("jobs", count=3)
    mirror.source.deactivate("customer_contacts")
    for name in ("jobs", "customers", "appointments", "customer_contacts"):
        meanwhile = {"actions": [{"touch": {"entity": name, "count": 2}}, {"add": {"entity": name, "count": 1}}]}
        mirror.source.fault(name, meanwhile, calls=[2])
    assert reconciled(mirror) == {}
    mirror.source.fault("jobs", meanwhile, calls=[2])
    assert reconciled(mirror, deep=True) == {}
    assert {"appointments", "customer_contacts", "customers", "jobs"} <= {*mirror.differences()}


def test_a_total_that_does_not_agree_is_found_cheaply_and_mended(mirror: Mirror) -> None:
    mirror.settings["page_size"] = 5
    jobs = some(mirror, "jobs", 1000)
    damage(mirror, f"delete from {RAW}.jobs where id % 2 = 0", "delete from st_jobs where st_id % 2 = 0")
    gone = sum(id % 2 == 0 for id in jobs)
    assert reconciled(mirror, "jobs", fix=True)["jobs"]["fixed"] == gone
    assert is_whole(mirror)


def test_a_reconciliation_takes_the_lock_of_a_sync_and_says_what_it_found(mirror: Mirror) -> None:
    (job,) = some(mirror, "jobs", 1)
    damage(mirror, f"update {RAW}.jobs set record = '{{}}' where id = {job}")
    ended = mirror.command("reconcile", "--modules", "jobs")
    assert ended.returncode == 1
    assert "1 differ, 0 of them are mended. --fix mends them." in ended.stdout
    assert mirror.row("select module, deep, missing, extra, stale, fixed, ids from st_reconciliation") == (
        *("jobs", False, 0, 0, 1, 0),
        {"stale": [job]},
    )
    with locked(mirror.warehouse, int(mirror.source.tenant_id)):
        assert mirror.command("reconcile", "--fix").returncode == 3
    assert mirror.command("reconcile", "--fix").returncode == 0
    assert mirror.differences() == []


def test_a_list_that_cannot_be_read_is_named_and_the_others_are_mended(mirror: Mirror) -> None:
    (job,) = some(mirror, "jobs", 1)
    damage(mirror, f"delete from {RAW}.jobs where id = {job}", "delete from st_invoices")
    mirror.source.fault("invoices", {"status": 403}, every=1)
    ended = mirror.command("reconcile", "--deep", "--fix", "--json", "--modules", "jobs,invoices")
    jobs, invoices = json.loads(ended.stdout)["modules"]
    assert (ended.returncode, jobs["fixed"], jobs["problem"]) == (1, 1, None)
    assert (invoices["source_total"], invoices["missing"] == invoices["fixed"] > 0) == (None, True)
    assert "accounting/invoices: 403." in invoices["problem"]
    assert mirror.differences() == [] and mirror.is_built("invoices")


def test_where_nothing_was_synced_there_is_nothing_to_compare(empty_mirror: Mirror) -> None:
    ended = empty_mirror.command("reconcile")
    assert (ended.returncode, "Run: servicetitan sync" in ended.stderr) == (1, True)

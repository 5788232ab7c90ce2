"""What the source no longer lists is marked, and only when that is certain."""

from __future__ import annotations

from mirror import Mirror

MARKED = "select count(*) from st_jobs where deleted_at is not null"


def test_a_list_that_shrank_too_much_is_believed_only_when_told_to(mirror: Mirror) -> None:
    mirror.source.delete("jobs", count=25)
    outcome = mirror.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.deleted, mirror.row(MARKED)) == ("failed", 0, (0,))
    assert "SOURCES__SERVICETITAN__MAX_DELETED_SHARE=1 servicetitan --full --only jobs" in (outcome.error or "")
    mirror.settings["max_deleted_share"] = 1.0
    assert mirror.sync(full=True, only=("jobs",))["jobs"].deleted == 25
    assert mirror.row(MARKED) == (25,)


def test_an_empty_answer_deletes_nothing(mirror: Mirror) -> None:
    mirror.source.fault("jobs", {"envelope": {"data": [], "totalCount": 0, "hasMore": False}}, every=1)
    outcome = mirror.sync(full=True, only=("jobs",))["jobs"]
    assert (outcome.status, outcome.deleted, mirror.row(MARKED)) == ("failed", 0, (0,))


def test_a_read_that_failed_deletes_nothing(mirror: Mirror) -> None:
    mirror.settings |= {"page_size": 10, "patience": 1}
    mirror.source.delete("jobs", count=3)
    mirror.source.fault("jobs", {"status": 500}, first=3)
    assert mirror.sync(full=True, only=("jobs",))["jobs"].status == "failed"
    assert mirror.row(MARKED) == (0,)


def test_a_merged_customer_keeps_its_row_and_names_the_one_it_became(mirror: Mirror) -> None:
    first, second = (customer["id"] for customer in mirror.listed("customers")[:2])
    mirror.source.merge("customers", first, second)
    mirror.sync()
    assert mirror.row(f"select active, merged_to_id, deleted_at from st_customers where st_id = {first}") == (
        False,
        second,
        None,
    )
    assert mirror.differences() == []


def test_a_list_that_is_refused_takes_no_deletion_from_another_list_of_the_same_table(mirror: Mirror) -> None:
    mirror.settings["max_deleted_share"] = 0.0
    for name in ("customers", "vendors"):
        for number in range(25):
            mirror.source.set("custom_fields", 10**9 + number, {"name": "Extra"}, owner=name)
    mirror.sync(full=True)
    mirror.source.delete("custom_fields", ids=[10**9, 10**9 + 1], owner="customers")
    mirror.source.delete("custom_fields", ids=[10**9 + number for number in range(25)], owner="vendors")
    outcome = mirror.sync(full=True)["custom_fields"]
    assert (outcome.status, outcome.deleted, list(outcome.details)) == ("failed", 2, ["custom_fields.vendors"])
    assert mirror.rows("select entity_type, st_id from st_custom_fields where deleted_at is not null order by 2") == [
        ("customers", 10**9),
        ("customers", 10**9 + 1),
    ]


def test_a_list_without_a_total_says_that_nothing_of_it_was_marked(mirror: Mirror) -> None:
    mirror.source.delete("jobs", count=2)
    mirror.source.fault("jobs", {"envelope": {"totalCount": None}}, every=1)
    outcome = mirror.sync(full=True, only=("jobs",))["jobs"]
    said = "jpm/jobs names no total that agrees with its records, so nothing of it was marked as deleted."
    assert (outcome.status, outcome.deleted, outcome.error, outcome.details) == ("completed", 0, None, {"jobs": said})
    assert mirror.rows("select error_details ->> 'jobs' from st_sync_log where error_details is not null") == [(said,)]


def test_a_record_whose_id_cannot_be_read_may_be_any_that_is_missing(mirror: Mirror) -> None:
    lost = mirror.listed("jobs")[4]["id"]
    mirror.source.raw("jobs", lost, '{"jobNumber": "id lost"}')
    outcome = mirror.sync(full=True, only=("jobs",))["jobs"]
    said = "jpm/jobs has 1 records without an id that can be read, so nothing of it was marked as deleted."
    assert (outcome.status, outcome.deleted, outcome.details) == ("completed", 0, {"jobs": said})
    assert mirror.row(MARKED) == (0,)

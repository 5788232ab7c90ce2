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

"""Records that cannot land: asked for again until they land or vanish, one row each, and forgotten in time."""

from __future__ import annotations

import pytest

from mirror import Mirror

REJECTED = """
    select entity, id, reason, healed_at is not null from raw_servicetitan.rejected_records order by first_seen_at"""
ASKED_FOR = "select list, rejected_since from raw_servicetitan.sync_cursors where rejected_since is not null"
ID = 10**9  # of a new record; the first that the source lists under it has no id at all


@pytest.fixture
def broken(mirror: Mirror) -> Mirror:
    """A mirror whose source lists a customer that has no id and did not change lately; a full sync has met it."""
    mirror.source.raw("customers", ID, '{"name": "no id"}')
    assert mirror.sync(full=True)["customers"].failed == 1
    return mirror


def test_a_rejected_record_is_asked_for_until_it_lands(broken: Mirror) -> None:
    assert [broken.sync()["customers"].failed for _ in range(2)] == [1, 1]
    assert broken.rows(REJECTED) == [("customers", None, "it has no id", False)]
    broken.source.raw("customers", ID, f'{{"id": {ID}, "name": "mended"}}')
    outcome = broken.sync()["customers"]
    assert (outcome.created, outcome.failed) == (1, 0)
    assert broken.rows(REJECTED) == [("customers", None, "it has no id", True)]
    assert (broken.rows(ASKED_FOR), broken.sync()["customers"].sync_type) == ([], "incremental")


def test_a_rejected_record_that_vanishes_is_healed_and_opens_again_when_it_comes_back(broken: Mirror) -> None:
    broken.source.delete("customers", ids=[ID])
    broken.sync()
    assert broken.rows(REJECTED) == [("customers", None, "it has no id", True)]
    broken.source.raw("customers", ID, '{"name": "no id"}')
    broken.sync(full=True)
    assert broken.rows(REJECTED) == [("customers", None, "it has no id", False)]


def test_a_list_that_takes_long_is_asked_again_for_a_tenth_of_the_time(broken: Mirror) -> None:
    broken.rows("update raw_servicetitan.sync_cursors set rejected_asked_seconds = 6, rejected_asked_at = now()")
    assert broken.sync()["customers"].sync_type == "incremental"
    broken.rows("update raw_servicetitan.sync_cursors set rejected_asked_at = now() - interval '61 s'")
    assert broken.sync()["customers"].sync_type == "full"


def test_a_record_met_by_a_sync_of_changes_is_asked_for_from_where_it_was_met(mirror: Mirror) -> None:
    job = mirror.source.touch("jobs")[0]
    mirror.source.raw("jobs", job, '{"id": "abc"}')
    mirror.sync()
    ((name, since),) = mirror.rows(ASKED_FOR)
    assert mirror.sync()["jobs"].cursor_from == since
    assert (name, mirror.rows(REJECTED)[0][0]) == ("jobs", "jobs")


def test_one_record_is_one_row_however_its_text_changes(mirror: Mirror) -> None:
    for number in range(3):
        mirror.source.raw("campaigns", ID, f'{{"id": "abc", "name": "{number}"}}')
        mirror.sync(full=True, only=("campaigns",))
    assert mirror.rows(REJECTED) == [("campaigns", "abc", "its id is not an integer", False)]


def test_what_was_healed_is_forgotten_with_the_log(broken: Mirror) -> None:
    broken.source.delete("customers", ids=[ID])
    broken.sync()
    broken.rows("update raw_servicetitan.rejected_records set healed_at = now() - interval '91 days'")
    broken.sync(only=("jobs",))
    assert broken.rows(REJECTED) == []

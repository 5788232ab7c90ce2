"""With `full_over_days`, each night reads a share of the lists in full, and within so many nights all of them."""

from __future__ import annotations

from mirror import Mirror

DAYS = 3
LISTS = "select list, full_synced_at from raw_servicetitan.sync_cursors"
LATER = "update raw_servicetitan.sync_cursors set full_synced_at = full_synced_at - interval '25 hours'"
DELETED = "select count(*) from st_{} where deleted_at is not null"


def night(mirror: Mirror, **options: object) -> set[str]:
    """The lists that a scheduled full sync reads in full."""
    before = dict(mirror.rows(LISTS))
    outcomes = mirror.sync(**{"full": True, "triggered_by": "scheduled", **options})
    assert {outcome.status for outcome in outcomes.values()} == {"completed"}
    return {name for name, at in mirror.rows(LISTS) if at != before[name]}


def test_every_list_is_read_in_full_within_so_many_nights_and_what_was_deleted_is_found(mirror: Mirror) -> None:
    mirror.settings["full_over_days"] = DAYS
    mirror.rows("analyze")
    entities = ("jobs", "customers", "invoices", "estimates", "payments")
    for name in entities:
        mirror.source.delete(name)
    nights = [night(mirror) for _ in range(DAYS)]
    everything = {name for (name, _) in mirror.rows(LISTS)}
    assert set.union(*nights) == everything
    assert all(len(lists) < len(everything) for lists in nights)
    assert [mirror.row(DELETED.format(name)) for name in entities] == [(1,)] * len(entities)
    assert mirror.differences() == []


def test_a_full_sync_that_somebody_asks_for_reads_everything(mirror: Mirror) -> None:
    mirror.settings["full_over_days"] = DAYS
    assert night(mirror, triggered_by="manual") == {name for (name, _) in mirror.rows(LISTS)}


def test_where_no_night_is_scheduled_a_share_is_due_as_often_as_a_full_read_would_be(mirror: Mirror) -> None:
    mirror.settings["full_over_days"] = DAYS
    unchanged = night(mirror, full=False)
    mirror.rows(LATER)
    shares = [night(mirror, full=False) - unchanged for _ in range(2)]
    dated = {name for (name, _) in mirror.rows(LISTS)} - unchanged
    assert (set() < shares[0] < dated, shares[1]) == (True, set())
    mirror.rows(f"{LATER} where list = any (array{sorted(dated)})")
    assert set() < night(mirror, full=False) - unchanged < dated
    mirror.settings["full_every"] = "never"
    mirror.rows(LATER)
    assert night(mirror, full=False) == unchanged

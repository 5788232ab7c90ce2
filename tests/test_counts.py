"""What the log says of every module, against what the source was told to do; deletions and returns in every table."""

from __future__ import annotations

import pytest

from mirror import Mirror
from servicetitan_mirror.entities import PUBLISHED, STANDARD, Entity

TABLES = [entity.name for entity in PUBLISHED]
BROKEN, NEW = 1, (10**12, 10**12 + 1)  # where the record without an id stands; new ids


def owner(entity: Entity) -> str:
    return "jobs" if entity.has_owners else ""


@pytest.fixture
def vanished(mirror: Mirror) -> dict[str, int]:
    """In each list one record has vanished (returned by name), one changed, two are new."""
    vanished = {}
    for entity in STANDARD:
        name, of = entity.name, owner(entity)
        ids = [
            line["record"]["id"] if of else line["id"] for line in mirror.listed(name) if line.get("owner", of) == of
        ]
        vanished[name], *_, changed = ids
        mirror.source.delete(name, ids=[vanished[name]], owner=of)
        mirror.source.touch(name, ids=[changed], owner=of)
        for new in NEW:
            mirror.source.set(name, new, {}, owner=of)
    return vanished


def test_the_log_counts_in_every_module_what_the_source_was_told_to_do(
    mirror: Mirror, vanished: dict[str, int]
) -> None:
    for entity in STANDARD:
        mirror.source.raw(entity.name, BROKEN, '{"name": "nobody"}', owner=owner(entity))
    mirror.sync(full=True)
    rows = mirror.rows("""
        select module, records_created, records_updated, records_deleted, records_failed,
            records_fetched - records_unchanged
        from st_sync_log where records_failed > 0""")
    assert sorted(rows) == sorted((name, 2, 1, 0, 1, 4) for name in vanished)  # nobody may be the one that is missing


def test_a_deletion_is_marked_in_every_table_and_a_return_unmarks_it(mirror: Mirror, vanished: dict[str, int]) -> None:
    deleted = " union all ".join(
        f"select '{name}', st_id from st_{name} where deleted_at is not null" for name in TABLES
    )
    mirror.sync(full=True)
    assert dict(mirror.rows(deleted)) == {name: vanished[name] for name in TABLES}
    assert sorted(mirror.rows("select module from st_sync_log where records_deleted = 1")) == [
        (n,) for n in sorted(vanished)
    ]
    for entity in STANDARD:
        mirror.source.set(entity.name, vanished[entity.name], {}, owner=owner(entity))
    outcomes = mirror.sync()
    assert mirror.rows(deleted) == []
    of_lists = [outcome for outcome in outcomes.values() if not outcome.entity.endpoints[0].feed]
    assert {(outcome.created, outcome.updated) for outcome in of_lists} == {(0, 1)}  # a feed's records say more

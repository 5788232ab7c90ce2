"""What the log says of a run, whatever became of it."""

from __future__ import annotations

from mirror import Mirror
from servicetitan_mirror.entities import ENTITIES


def test_a_first_sync_that_is_refused_everywhere_says_why(empty_mirror: Mirror) -> None:
    empty_mirror.source.fault("/v2/tenant/", {"status": 403}, every=1)
    outcomes = empty_mirror.sync()
    assert {outcome.status for outcome in outcomes.values()} == {"failed"}
    assert "tn.crm.customers:r" in (outcomes["customers"].error or "")
    logged = empty_mirror.rows("select module, status, error_message from st_sync_log")
    assert sorted(logged) == sorted((entity.name, "failed", outcomes[entity.name].error) for entity in ENTITIES)

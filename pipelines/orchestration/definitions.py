"""All of it together; what Dagster loads: `dagster code-server start -m orchestration.definitions`."""

from __future__ import annotations

from dagster import Definitions, definitions, in_process_executor

from orchestration.assets import synced
from orchestration.checks import judged
from orchestration.comparing import COMPARISON
from orchestration.network import parts
from orchestration.schedules import jobs, schedules, tenants_sensor
from orchestration.tidying import TIDYING, nightly
from servicetitan_mirror.config import lookup
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.postgres.warehouse import open_warehouse


@definitions
def defs() -> Definitions:
    """What Dagster is to know, of the settings and the dbt project as they are now.

    Raises:
        MirrorError: the database cannot be reached, or dbt cannot read the project.
    """
    lookup.use()
    warehouse = open_warehouse(ROOT)
    found = parts(ROOT, warehouse)
    database = warehouse.place()
    return Definitions(
        assets=[synced(found)],
        asset_checks=[judged(ROOT, found)],
        jobs=[*jobs(found.keys()), COMPARISON, TIDYING],
        schedules=[*schedules(database), nightly],
        sensors=[tenants_sensor(database)],
        executor=in_process_executor,  # a run is one step, and a process of its own already
    )

"""Old runs go: two hundred tenants leave sixty thousand a day."""

from datetime import datetime, timedelta, timezone

from dagster import (
    DefaultScheduleStatus,
    OpExecutionContext,
    RunsFilter,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)
from dagster._core.storage.dagster_run import FINISHED_STATUSES

KEPT = timedelta(days=7)
BATCH = 500


@op(name="delete_old_runs")
def delete_old_runs(context: OpExecutionContext) -> None:
    """Delete the runs that ended more than a week ago, with their events; what the mirror logs of them stays."""
    over = RunsFilter(statuses=[*FINISHED_STATUSES], created_before=datetime.now(timezone.utc) - KEPT)
    deleted = 0
    while ids := context.instance.get_run_ids(over, limit=BATCH):
        for run_id in ids:
            context.instance.delete_run(run_id)
        deleted += len(ids)
    context.add_output_metadata({"deleted": deleted})


@job(executor_def=in_process_executor)
def tidy() -> None:
    """Delete old runs."""
    delete_old_runs()


TIDYING = tidy
nightly = ScheduleDefinition(
    name="tidying_nightly", job=tidy, cron_schedule="40 3 * * *", default_status=DefaultScheduleStatus.RUNNING
)

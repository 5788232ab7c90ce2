"""When what is run: changes every five minutes, everything by night, a comparison by week, and new tenants at once.

A tenant of whom a run waits or is at work gets no second one, so that a long sync leaves no queue behind it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from dagster import (
    AssetKey,
    AssetSelection,
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    define_asset_job,
    schedule,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.configured import is_night, partitions
from orchestration.names import CHANGES, COMPARE, DATABASE, EVERYTHING, JUDGE, SYNC, TENANT, TENANTS

EVERY, NIGHTLY, WEEKLY, JUDGED = "*/5 * * * *", "0,15,30,45 * * * *", "0 5 * * 0", "3-58/5 * * * *"
QUARTER = timedelta(minutes=15)
LOOK = 30  # seconds between two looks for new tenants
UNDERWAY = [
    DagsterRunStatus.QUEUED, DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]  # fmt: skip
RUNNING = DefaultScheduleStatus.RUNNING


def jobs(keys: Collection[AssetKey]) -> list[UnresolvedAssetJobDefinition]:
    """The jobs that sync one tenant, and the one that judges all."""
    everything = AssetSelection.assets(*keys).without_checks()
    return [
        define_asset_job(
            CHANGES,
            everything,
            config=_sync(triggered_by="scheduled"),
            description="Sync what changed.",
            partitions_def=TENANTS,
        ),
        define_asset_job(
            EVERYTHING,
            everything,
            config=_sync(full=True, wait=900.0, triggered_by="scheduled"),
            description="Read everything again, and find what was deleted.",
            partitions_def=TENANTS,
        ),
        define_asset_job(JUDGE, AssetSelection.checks_for_assets(*keys), description="Judge how the mirror stands."),
    ]


def schedules(database: str) -> list[ScheduleDefinition]:
    """The schedules; `database` is the tag by which the queue counts."""

    @schedule(job_name=CHANGES, cron_schedule=EVERY, default_status=RUNNING)
    def changes_every_five_minutes(context: ScheduleEvaluationContext) -> Iterable[RunRequest] | SkipReason:
        idle = _idle(context.instance)
        return [*_requests(idle, database)] or SkipReason("Every tenant is being synced.")

    @schedule(job_name=EVERYTHING, cron_schedule=NIGHTLY, execution_timezone="UTC", default_status=RUNNING)
    def everything_nightly(context: ScheduleEvaluationContext) -> Iterable[RunRequest] | SkipReason:
        """At `full_at` by each tenant's own clock."""
        now = context.scheduled_execution_time
        due = [tenant for tenant in partitions() if is_night(tenant, now, QUARTER)]
        return [*_requests(due, database)] or SkipReason("It is night for no tenant.")

    @schedule(job_name=COMPARE, cron_schedule=WEEKLY, default_status=RUNNING)
    def comparison_weekly(context: ScheduleEvaluationContext) -> Iterable[RunRequest]:
        return _requests(partitions(), database)

    @schedule(job_name=JUDGE, cron_schedule=JUDGED, default_status=RUNNING)
    def judged_every_five_minutes(context: ScheduleEvaluationContext) -> RunRequest:
        return RunRequest()

    return [changes_every_five_minutes, everything_nightly, comparison_weekly, judged_every_five_minutes]


def tenants_sensor(database: str) -> SensorDefinition:
    """The sensor that lets the partitions follow the settings."""

    @sensor(job_name=CHANGES, minimum_interval_seconds=LOOK, default_status=DefaultSensorStatus.RUNNING)
    def tenants_of_the_settings(context: SensorEvaluationContext) -> SensorResult | SkipReason:
        """A tenant who was added is synced at once, in full since nothing of it was ever read."""
        known, there = set(context.instance.get_dynamic_partitions(str(TENANTS.name))), partitions()
        added = [tenant for tenant in there if tenant not in known]
        gone = sorted(known - {*there})
        if not added and not gone:
            return SkipReason(f"{len(there)} tenants, as before.")
        return SensorResult(
            run_requests=[*_requests(added, database, is_tick=False)],
            dynamic_partitions_requests=[
                *([TENANTS.build_add_request(added)] if added else []),
                *([TENANTS.build_delete_request(gone)] if gone else []),
            ],
        )

    return tenants_of_the_settings


def _requests(tenants: Iterable[str], database: str, is_tick: bool = True) -> Iterator[RunRequest]:
    """A run for each; of a schedule's tick, with the key by which a tick that was cut off starts none twice."""
    for tenant in tenants:
        tags = {TENANT: tenant, DATABASE: database}
        yield RunRequest(run_key=tenant if is_tick else None, partition_key=tenant, tags=tags)


def _idle(instance: DagsterInstance) -> Sequence[str]:
    """The tenants of whom no run waits or is at work."""
    runs = instance.get_runs(RunsFilter(statuses=UNDERWAY))
    busy = {run.tags.get(TENANT) or run.tags.get("dagster/partition") for run in runs}
    known = instance.get_dynamic_partitions(str(TENANTS.name))
    return [tenant for tenant in known if tenant not in busy]


def _sync(**options: Any) -> dict[str, Any]:
    return {"ops": {SYNC: {"config": options}}}

"""Runs on several machines: each is a task of Celery, and a worker that died is noticed.

dagster-celery's launcher takes a run for alive as long as the broker has its task as begun, which is for ever once the
worker's machine is gone. So we ask the worker that began it, and a run whose worker is silent has failed: Dagster then
starts it anew elsewhere (`run_retries`).
"""

from __future__ import annotations

from typing import Any

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

ANSWER = 3  # seconds in which a worker says that it is there
TRIES = 3
GONE = "The worker {} does not answer any more."


class WatchedCeleryRunLauncher(CeleryRunLauncher):
    """Starts runs as tasks of Celery, and asks their workers whether they live."""

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """As Celery has it; of a run at work, also whether its worker answers."""
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, "The run has no task yet.")
        known: CheckRunHealthResult = super().check_run_worker_health(run)
        if known.status != WorkerStatus.RUNNING:
            return known
        worker = _worker(self.celery.AsyncResult(run.tags[DAGSTER_CELERY_TASK_ID_TAG]).info)
        if worker is None or any(self._answers(worker) for _ in range(TRIES)):
            return known
        return CheckRunHealthResult(WorkerStatus.FAILED, GONE.format(worker))

    def _answers(self, worker: str) -> bool:
        return bool(self.celery.control.ping(destination=[worker], timeout=ANSWER))


def _worker(info: Any) -> str | None:
    """The name of the worker that began a task, as its result's `meta` has it."""
    return info.get("hostname") if isinstance(info, dict) else None

"""The Celery app of the workers: `celery -A orchestration.celery_app worker -Q dagster -c 4 -n north@%h`.

A task is acknowledged when it has ended, so that a worker holds none that another could begin. A run that the broker
then delivers twice is nothing to the second worker: Dagster knows that it has begun.
"""

from __future__ import annotations

import os
from typing import Any

from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task

BROKER = "SERVICETITAN_DAGSTER_BROKER"  # the variable with the broker's address
DEFAULT_BROKER = "redis://127.0.0.1:6379/0"
LONGEST = 4 * 3600  # seconds after which a broker of Redis takes a worker for gone; longer than any sync
SETTINGS: dict[str, Any] = {
    "task_acks_late": True,
    "worker_prefetch_multiplier": 1,
    "broker_transport_options": {"visibility_timeout": LONGEST},
    "result_backend_transport_options": {"visibility_timeout": LONGEST},
    "broker_connection_retry_on_startup": True,
    "task_default_queue": "dagster",
}


def broker() -> str:
    """The broker's address."""
    return os.environ.get(BROKER) or DEFAULT_BROKER


app = make_app({"broker": broker(), "backend": broker(), "config_source": SETTINGS})
execute_job = create_execute_job_task(app)
resume_job = create_resume_job_task(app)

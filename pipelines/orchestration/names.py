"""How things are called in Dagster."""

from __future__ import annotations

from dagster import AssetKey, DynamicPartitionsDefinition

from servicetitan_mirror.postgres.warehouse import RAW

TENANTS = DynamicPartitionsDefinition(name="tenants")
TENANT = "servicetitan/tenant"  # tags of a run, by which the queue limits how many are at work
DATABASE = "servicetitan/database"
RECORDS, CALLS, SECONDS = "servicetitan/records", "servicetitan/calls", "servicetitan/seconds"
OUTCOME = "servicetitan/outcome"

SYNC, CHANGES, EVERYTHING = "sync", "changes", "everything"  # the step; the jobs
COMPARE, JUDGE = "compare", "judge"


def landed(entity: str) -> AssetKey:
    """The asset of a landed table."""
    return AssetKey([RAW, entity])


def modelled(schema: str, relation: str) -> AssetKey:
    """The asset of what dbt makes."""
    return AssetKey([schema, relation])

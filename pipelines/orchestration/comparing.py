"""The weekly comparison with ServiceTitan: `reconcile --deep` of one tenant as a run of its own.

What it finds stands in st_reconciliation, from which the asset check `agrees` is judged.
"""

from dagster import Config, Failure, JobDefinition, OpExecutionContext, in_process_executor, job, op

from orchestration import commands
from orchestration.assets import AT_WORK, RETRIES
from orchestration.commands import LOCKED, WRONG
from orchestration.names import COMPARE, TENANTS


class HowToCompare(Config):
    """What the run asks of the comparison."""

    deep: bool = True
    fix: bool = False
    wait: float = 900.0


@op(name="reconcile", retry_policy=RETRIES)
def reconcile(context: OpExecutionContext, config: HowToCompare) -> None:
    """Compare one tenant's mirror with ServiceTitan, record by record; what differs does not fail the run."""
    arguments = ["reconcile", "--json", "--tenant", context.partition_key, "--wait", str(config.wait)]
    arguments += ["--deep"] * config.deep + ["--fix"] * config.fix
    said = commands.run(arguments, lambda line, level: getattr(context.log, level, context.log.info)(line))
    modules = (said.answer or {}).get("modules", [])
    differing = {each["module"]: each["missing"] + each["extra"] + each["stale"] for each in modules}
    context.add_output_metadata({"lists": len(differing), "differing": sum(differing.values())})
    if said.code == LOCKED:
        context.log.warning(AT_WORK)
    elif not modules:
        raise Failure(said.last or "It was cut off.", allow_retries=said.code != WRONG)


@job(name=COMPARE, partitions_def=TENANTS, executor_def=in_process_executor)
def compare() -> None:
    """Compare the mirror with ServiceTitan."""
    reconcile()


COMPARISON: JobDefinition = compare

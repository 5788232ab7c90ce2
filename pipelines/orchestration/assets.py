"""The assets: one step syncs one tenant, and what became of each module is a materialization.

They are events, not outputs of the step: of an output Dagster would look up the versions of all that an asset reads,
with a dozen connections of its own for each, and a run would take three times as long as its sync.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetsDefinition,
    AssetSpec,
    Backoff,
    Config,
    Failure,
    Jitter,
    RetryPolicy,
    multi_asset,
)

from orchestration import commands
from orchestration.commands import LOCKED, WRONG, Said
from orchestration.configured import partitions, settings_of
from orchestration.names import CALLS, OUTCOME, RECORDS, SECONDS, SYNC, TENANTS, landed
from orchestration.network import Part
from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.raw.log import MODELS

COUNTS = ("fetched", "created", "updated", "unchanged", "deleted", "failed", "failures_open")
RETRIES = RetryPolicy(max_retries=2, delay=30, backoff=Backoff.EXPONENTIAL, jitter=Jitter.PLUS_MINUS)
AT_WORK = "Another sync of this tenant is at work; it does what this one would have done."
Modules = Mapping[str, Mapping[str, Any]]


class HowToSync(Config):
    """What the run asks of the sync."""

    full: bool = False
    wait: float = 0.0
    triggered_by: str = "manual"

    @property
    def is_routine(self) -> bool:
        """Whether it is one of the many that mostly find nothing new."""
        return self.triggered_by == "scheduled" and not self.full


def synced(parts: Mapping[AssetKey, Part]) -> AssetsDefinition:
    """The assets of all parts, which one sync makes together."""

    @multi_asset(
        name=SYNC,
        specs=[_spec(part) for part in parts.values()],
        partitions_def=TENANTS,
        can_subset=True,
        retry_policy=RETRIES,
    )
    def sync(context: AssetExecutionContext, config: HowToSync) -> Iterator[AssetMaterialization]:
        selected = [part for key, part in parts.items() if key in context.selected_asset_keys]
        only = [] if len(selected) == len(parts) else ["--only", ",".join(_lists(selected, context.partition_key))]
        said = _run(context, config, only)
        modules: Modules = {module["module"]: module for module in (said.answer or {}).get("modules", [])}
        _tag(context, said, modules)
        if said.code == LOCKED:
            context.log.warning(AT_WORK)
            return
        for part, told in _materialized(selected, modules, said, config.is_routine and not only):
            yield AssetMaterialization(part.key, metadata=told, partition=context.partition_key)
        _check(said, modules)

    return sync


def _spec(part: Part) -> AssetSpec:
    return AssetSpec(
        part.key,
        deps=sorted(part.reads),
        group_name=part.group,
        kinds={"postgres", "dlt" if part.kind == "landed" else "dbt"},
        description=_description(part),
        skippable=True,
    )


def _description(part: Part) -> str:
    if part.kind != "landed":
        return f"A {part.kind} of the dbt project{'' if part.is_ours else ', one of your own'}."
    (name,) = part.entities
    paths = ", ".join(endpoint.path for endpoint in BY_NAME[name].endpoints)
    return f"The records of {paths}, as they came."


def _lists(selected: Collection[Part], partition: str) -> list[str]:
    """The lists that make the selected assets, as far as the tenant has chosen them."""
    partitions()
    chosen = [entity.name for entity in settings_of(partition).chosen]
    return [name for name in chosen if any(name in part.entities for part in selected)] or chosen


def _run(context: AssetExecutionContext, config: HowToSync, only: list[str]) -> Said:
    arguments = ["sync", "--json", "--tenant", context.partition_key, *only, *(["--full"] if config.full else [])]
    arguments += ["--wait", str(config.wait), "--triggered-by", config.triggered_by]
    return commands.run(arguments, lambda line, level: getattr(context.log, level, context.log.info)(line))


def _tag(context: AssetExecutionContext, said: Said, modules: Modules) -> None:
    """What the run was about, so that runs can be found by it."""
    tags = {
        OUTCOME: {0: "completed", LOCKED: "another sync at work"}.get(said.code, "failed"),
        RECORDS: str(sum(module["fetched"] for module in modules.values())),
        CALLS: str(sum(module["api_calls"] for module in modules.values())),
        SECONDS: str((said.answer or {}).get("seconds", "")),
    }
    context.instance.add_run_tags(context.run_id, tags)


def _materialized(
    selected: Collection[Part], modules: Modules, said: Said, is_routine: bool
) -> Iterator[tuple[Part, dict[str, Any]]]:
    """What the sync brought up to date: all lists of the asset that this tenant has were completed.

    Of the routine only what changed, or two hundred tenants would fill the event log with what did not.
    """
    done = {name for name, module in modules.items() if module["status"] == "completed"}
    own = modules.get(MODELS.name, {"details": {}})["details"]
    for part in selected:
        there = part.entities & modules.keys()
        if not modules or there - done or (part.entities and not there) or part.key.path[-1] in own:
            continue
        if is_routine and not any(map(_is_news, [modules[name] for name in there] or modules.values())):
            continue
        (module,) = [modules[name] for name in there] if part.kind == "landed" else [{}]
        yield part, _metadata(part, module, said)


def _is_news(module: Mapping[str, Any]) -> bool:
    changed = any(module[count] for count in ("created", "updated", "deleted"))
    return bool(changed or module["sync_type"] == "full")


def _metadata(part: Part, module: Mapping[str, Any], said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {"run of st_sync_log": said.run or ""}
    if part.kind == "landed":
        found |= {count: int(module[count]) for count in COUNTS}
        found |= {
            "sync_type": module["sync_type"],
            "calls": int(module["api_calls"]),
            "seconds": round(module["seconds"], 3),
        }
        found |= {"notes": "; ".join(module["notes"])} if module["notes"] else {}
    return found


def _check(said: Said, modules: Modules) -> None:
    """Fail as the command did. A module that failed is the next sync's to catch up; what was cut off is tried again."""
    if said.code == 0:
        return
    failed = {name: str(module["error"]) for name, module in modules.items() if module["status"] == "failed"}
    error = (said.answer or {}).get("error") or said.last or "It was cut off."
    why = "; ".join(f"{name}: {problem}" for name, problem in failed.items()) or str(error)
    by_asset = {landed(name).to_user_string(): problem for name, problem in failed.items()}
    raise Failure(why, metadata=by_asset, allow_retries=not modules and said.code != WRONG)

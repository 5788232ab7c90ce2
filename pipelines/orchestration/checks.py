"""Asset checks over all tenants: one step reads what the mirror says of itself, and judges every asset by it.

A check holds only if it holds for every tenant of the settings; its metadata names those for whom it does not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    multi_asset_check,
)
from psycopg2.extensions import connection as Connection

from orchestration.configured import partitions, settings_of
from orchestration.network import Part
from servicetitan_mirror.entities import BY_NAME
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.operation.health import Condition, conditions
from servicetitan_mirror.postgres.warehouse import RAW, open_warehouse, query

OF_LISTS = {
    "completed": (("failed", "abandoned", "guard", "token"), "The last run of the module was completed: st_sync_log."),
}
OF_TABLES = {
    "fresh": (("old",), "The data is not older than alert_max_age: the cursors of its lists."),
    "built": (("missing", "unbuilt"), "All that landed can be queried."),
    "converted": (("failures", "rejected"), "Every value was converted, every record landed: st_sync_failures."),
}
AGREES = "agrees"
MILD = ("converted", AGREES)  # of single records: the data arrives all the same


class Wrong(NamedTuple):
    """What is wrong for a tenant."""

    tenant: str
    sentence: str


def judged(root: Path, parts: Mapping[AssetKey, Part]) -> AssetChecksDefinition:
    """The checks of all assets that stand for a list or for its table."""

    @multi_asset_check(name="judge_all", specs=[*_specs(parts)], can_subset=True)
    def judge(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        with closing(open_warehouse(root).connect("servicetitan dagster")) as connection:
            ids = _ids()
            wrong = _conditions(connection, ids)
            agreeing = _reconciled(connection, ids)
        for key in sorted(context.selected_asset_check_keys):
            subject = key.asset_key.path[-1]
            if key.name == AGREES:
                if subject in agreeing:
                    yield _result(key.asset_key, key.name, agreeing[subject], len(ids))
            else:
                yield _result(key.asset_key, key.name, wrong[key.name, subject], len(ids))

    return judge


def _specs(parts: Mapping[AssetKey, Part]) -> Iterator[AssetCheckSpec]:
    for part in parts.values():
        if part.kind == "landed":
            said = "Nothing was missing, extra or stale when it was last compared: st_reconciliation."
            yield AssetCheckSpec(AGREES, asset=part.key, description=said)
        for name, (_, description) in _of(part).items():
            yield AssetCheckSpec(name, asset=part.key, description=description)


def _of(part: Part) -> Mapping[str, tuple[tuple[str, ...], str]]:
    if part.kind == "landed":
        return OF_LISTS
    is_table = part.is_ours and part.key.path[-1].removeprefix("st_") in part.entities
    return OF_TABLES if is_table else {}


def _ids() -> dict[int, str]:
    """The tenants by their ids; one whose settings are wrong has none, and is the sync's to complain of."""
    found = {}
    for partition in partitions():
        try:
            found[settings_of(partition).tenant_id] = partition
        except ConfigurationError:
            continue
    return found


def _conditions(connection: Connection, ids: Mapping[int, str]) -> Mapping[tuple[str, str], list[Wrong]]:
    """What is wrong, by check and by module or table; of refused credentials, all modules."""
    found = defaultdict[tuple[str, str], list[Wrong]](list)
    of_kind = {kind: check for check, (kinds, _) in {**OF_LISTS, **OF_TABLES}.items() for kind in kinds}
    for tenant_id, name in ids.items():
        for one in conditions(connection, settings_of(name).oldest, tenant_id):
            for subject in _subjects(one):
                found[of_kind[one.kind], subject].append(Wrong(name, one.sentence))
    return found


def _subjects(one: Condition) -> list[str]:
    return [*BY_NAME] if one.kind == "token" else [one.subject]


def _reconciled(connection: Connection, ids: Mapping[int, str]) -> dict[str, list[Wrong]]:
    """By module that was ever compared, for whom it differed and was not mended since."""
    if query(connection, f"select to_regclass('{RAW}.reconciliations')") == [(None,)]:
        return {}
    found: dict[str, list[Wrong]] = {}
    for tenant_id, module, missing, extra, stale, fixed, problem in query(connection, _LATEST, ([*ids],)):
        wrong = found.setdefault(module, [])
        if problem or missing + extra + stale > fixed:
            wrong.append(Wrong(ids[tenant_id], problem or f"{missing} missing, {extra} extra, {stale} stale"))
    return found


def _result(asset: AssetKey, name: str, wrong: list[Wrong], tenants: int) -> AssetCheckResult:
    metadata: dict[str, Any] = {"tenants": tenants, "tenants in trouble": len(wrong)}
    severity = AssetCheckSeverity.WARN if name in MILD else AssetCheckSeverity.ERROR
    return AssetCheckResult(
        passed=not wrong,
        asset_key=asset,
        check_name=name,
        severity=severity,
        metadata=metadata | {one.tenant: one.sentence for one in wrong},
        description="; ".join(f"{one.tenant}: {one.sentence}" for one in wrong[:3]) or None,
    )


_LATEST = f"""
select distinct on (tenant_id, module) tenant_id, module, missing, extra, stale, fixed, problem
from {RAW}.reconciliations where tenant_id = any(%s) order by tenant_id, module, reconciled_at desc
"""

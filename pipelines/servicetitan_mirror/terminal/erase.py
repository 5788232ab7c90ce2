"""`servicetitan erase`: asks, has one customer erased, builds the tables, and says what became of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click
from psycopg2.extensions import connection as Connection

from servicetitan_mirror.config.loading import load_tenant_id
from servicetitan_mirror.entities import BY_NAME, PUBLISHED
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.operation.wording import many
from servicetitan_mirror.postgres.warehouse import Warehouse, locked, opened, query
from servicetitan_mirror.raw import pending_loads
from servicetitan_mirror.raw.erasing import Erased, belonging, elsewhere, erase
from servicetitan_mirror.raw.schema import prepare
from servicetitan_mirror.tables import optional
from servicetitan_mirror.tables.builds import Transformer
from servicetitan_mirror.terminal.guard import FAILED
from servicetitan_mirror.terminal.tenants import ids_of


@dataclass
class Done:
    """What an erasure did: rows that changed by table, rows of others that still name the customer, what failed."""

    erased: Erased
    rows: dict[str, int]
    elsewhere: dict[str, int]
    problems: list[str] = field(default_factory=list)


def run_erase(root: Path, customers: Sequence[int], wanted: Sequence[str], sure: bool, as_json: bool) -> int:
    """Erase customers of one tenant; returns the exit code.

    Raises:
        ConfigurationError: it is not said of which tenant, or nobody can be asked.
        LockedError: a sync of the tenant is running.
    """
    tenant_id, warehouse = _only(wanted), opened(root)
    with locked(warehouse, tenant_id) as connection:
        prepare(connection)
        ids = belonging(connection, tenant_id, customers)
        if not sure:
            _ask(ids, customers, tenant_id, warehouse)
        done = _erase(connection, warehouse, root, tenant_id, customers)
    shutil.rmtree(warehouse.folder(root) / str(tenant_id), ignore_errors=True)  # what loads have left
    click.echo(json.dumps(_told(tenant_id, done), indent=2) if as_json else _said(tenant_id, done))
    return FAILED if done.problems else 0


def _only(wanted: Sequence[str]) -> int:
    ids = [*dict.fromkeys(ids_of(wanted))]
    tenant_id = ids[0] if len(ids) == 1 else None if ids else load_tenant_id()
    if tenant_id is None:
        raise ConfigurationError("Say of which tenant, and of one only: servicetitan erase --customer ID --tenant NAME")
    return tenant_id


def _ask(ids: dict[str, list[int]], customers: Sequence[int], tenant_id: int, warehouse: Warehouse) -> None:
    merged = sorted({*ids["customers"]} - {*customers})
    also = f", merged with {_listed(merged)}" if merged else ""
    click.echo(
        f"Of tenant {tenant_id} in {warehouse.place()}, customer {_listed(customers)}{also}, with "
        f"{many(len(ids['locations']), 'location')}, will be erased for good, here and in what is read of them later.",
        err=True,
    )
    try:
        answer = click.prompt("Type the customer's id to go on", default="", show_default=False, err=True)
    except click.Abort:
        raise ConfigurationError("Nothing was erased: nobody answered. To go on without asking: --yes") from None
    if answer.strip() not in map(str, customers):
        raise ConfigurationError("Nothing was erased: that is not the customer's id.")


def _erase(connection: Connection, warehouse: Warehouse, root: Path, tenant_id: int, customers: Sequence[int]) -> Done:
    ((began,),) = query(connection, "select clock_timestamp()")
    erased = erase(connection, tenant_id, customers)
    done = Done(erased, dict(erased.counts), {})
    if pending_loads.due(connection, tenant_id):
        lists = optional.in_use(connection, root)
        with closing(Transformer(warehouse, root, lists=lists)) as transformer:
            done.problems += map(str, transformer.build(connection, tenant_id))
            done.problems += (
                f"{name}: {why}" for name, why in (transformer.build_downstream(connection) or {}).items()
            )
        tables = [entity.table for entity in PUBLISHED] + [f"st_{name}" for name in lists if name in BY_NAME]
        for table in tables:
            if query(connection, "select to_regclass(%s)", (f"public.{table}",)) != [(None,)]:
                written = f"select count(*) from public.{table} where tenant_id = %s and local_synced_at >= %s"
                ((rows,),) = query(connection, written, (tenant_id, began))
                done.rows |= {f"public.{table}": rows} if rows else {}
    done.elsewhere = elsewhere(connection, erased.words)
    return done


def _told(tenant_id: int, done: Done) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        **done.erased.ids,
        "rows": done.rows,
        "elsewhere": done.elsewhere,
        "problems": done.problems,
    }


def _said(tenant_id: int, done: Done) -> str:
    lines = [f"{rows:>12,}  {table}" for table, rows in done.rows.items()] or ["Nothing of it was left to erase."]
    lines.append(f"erased, and kept erased: customer {_listed(done.erased.ids['customers'])} of tenant {tenant_id}")
    lines += [
        f"Still named in {table}, which is not the mirror's: {many(rows, 'row')}."
        for table, rows in done.elsewhere.items()
    ]
    lines += [f"Not built yet: {problem}. The next sync tries again." for problem in done.problems]
    return "\n".join(lines)


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(map(str, ids))

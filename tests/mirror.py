"""A simulator and the database that mirrors it, as one thing that tests can ask questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import BY_NAME, STANDARD
from servicetitan_mirror.options import Options
from servicetitan_mirror.postgres.warehouse import RAW, Warehouse, query
from servicetitan_mirror.raw.outcomes import Outcome
from servicetitan_mirror.sync import Sync
from servicetitan_simulator import Simulator

CUSTOMERS = 20
ANCHOR = "2026-11-20T12:00:00Z"
CREDENTIALS = ("tenant_id", "client_id", "client_secret", "app_key")
FED = {entity.name for entity in STANDARD if entity.endpoints[0].feed}


def simulator(customers: int = CUSTOMERS, **settings: Any) -> Simulator:
    """A simulator whose business is always the same, without its own rate limit."""
    return Simulator(customers, seed=7, anchor=ANCHOR, **{"requests_per_second": 0, **settings})


def repr_of(record: dict[str, Any]) -> str:
    """A text by which records without an id are put in an order."""
    return json.dumps(record, sort_keys=True, default=str)


@dataclass
class Mirror:
    """Sync `source` into `warehouse`, and compare the two."""

    source: Simulator
    warehouse: Warehouse
    root: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def configured(self) -> Settings:
        """The settings that reach the simulator."""
        settings = Settings()
        values = {
            **self.source.credentials._asdict(),
            "tenant_id": int(self.source.tenant_id),
            "api_url": self.source.url,
            "auth_url": self.source.url,
            "requests_per_second": 1000.0,
            "page_size": 50,
            "patience": 5,
            "distribution": os.environ.get("SOURCES__SERVICETITAN__DISTRIBUTION"),
            **self.settings,
        }
        for name, value in values.items():
            setattr(settings, name, value)
        return settings

    def environment(self) -> dict[str, str]:
        """What the command needs to reach the simulator and the database."""
        names = (
            *self.source.credentials._fields,
            "tenant_id",
            "api_url",
            "auth_url",
            "requests_per_second",
            "page_size",
        )
        configured = self.configured()
        settings = {f"SOURCES__SERVICETITAN__{name.upper()}": str(getattr(configured, name)) for name in names}
        return {**os.environ, **settings, "DESTINATION__POSTGRES__CREDENTIALS": self.warehouse.url()}

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command line."""
        return subprocess.run(
            [sys.executable, str(self.root / "pipelines" / "servicetitan.py"), *arguments],
            env={**self.environment(), **environment},
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def sync(self, **options: Any) -> dict[str, Outcome]:
        """One sync; the outcome of each module."""
        sync = Sync(self.configured(), self.warehouse, self.root, Options(**options))
        return {outcome.entity.name: outcome for outcome in sync.run()}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with closing(self.warehouse.connect()) as connection:
            return query(connection, sql)

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (only,) = self.rows(sql)
        return only

    def landed(self, entity: str) -> list[Any]:
        """The records that the mirror holds and does not call deleted, in key order."""
        owner = "entity_type" if BY_NAME[entity].has_owners else "null"
        sql = f"select {owner}, record::text from {RAW}.{entity} {self._of_it} and deleted_at is null order by 1, id"
        records = [(kind, json.loads(text, parse_float=Decimal)) for kind, text in self.rows(sql)]
        for _, record in records if entity in FED else []:
            record.pop("active", None)  # which only the feed's rows have
        found = [{"owner": kind, "record": record} if kind else record for kind, record in records]
        return sorted(found, key=repr_of) if BY_NAME[entity].endpoints[0].told_by else found

    @property
    def _of_it(self) -> str:
        return f"where tenant_id = {self.source.tenant_id}"

    def listed(self, entity: str) -> list[Any]:
        """The records that the source lists, in key order."""
        records = self.source.records(entity)
        if BY_NAME[entity].endpoints[0].told_by:
            return sorted(records, key=repr_of)
        if not BY_NAME[entity].has_owners:
            return records
        return sorted(records, key=lambda line: (line["owner"], line["record"]["id"]))

    def differences(self) -> list[str]:
        """Entities in which mirror and source are not equal."""
        names = [entity.name for entity in STANDARD]
        return [name for name in names if self.landed(name) != self.listed(name)]

    def is_built(self, entity: str) -> bool:
        """Whether its table holds each landed row once, as it landed, and nothing else."""
        key = ", ".join(BY_NAME[entity].key[:-1])
        landed = f"select {key}, id, record, deleted_at, first_seen_at from {RAW}.{entity}"
        shown = f"select {key}, st_id, full_data, deleted_at, local_created_at from st_{entity}"
        return self.rows(f"({landed} except all {shown}) union all ({shown} except all {landed})") == []

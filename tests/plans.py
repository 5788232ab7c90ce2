"""What PostgreSQL's own log says of the plans of all statements that ran, those inside functions among them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from servers import Debian15, new_database
from servicetitan_mirror.postgres.warehouse import Warehouse, query

LOGGED = re.compile(r"^.*[|]LOG:  duration: \S+ ms  plan:\n((?:\t.*\n)+)", re.MULTILINE)
EXPLAINED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_verbose": "on",
    "auto_explain.log_format": "json",
}


@dataclass
class Explained:
    """A new database of a Debian server, whose log explains each statement that runs in it."""

    server: Debian15
    warehouse: Warehouse = field(init=False)
    _read: int = 0

    def __post_init__(self) -> None:
        self.warehouse = new_database(self.server.warehouse)
        name = self.warehouse.parameters["dbname"]
        with closing(self.server.warehouse.connect()) as connection:
            query(connection, "alter system set log_line_prefix = '%d|'")
            query(connection, "select pg_reload_conf()")
            for setting, value in EXPLAINED.items():
                query(connection, f"alter database {name} set {setting} = '{value}'")
        self.plans()

    def plans(self) -> list[dict[str, Any]]:
        """The text and the plan of each statement since the last call."""
        log = (self.server.folder / "log").read_text()
        said, self._read = log[self._read :], len(log)
        return [json.loads(plan) for plan in LOGGED.findall(said)]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes, from the top."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The tables that the plan reads, each with the conditions by which it does: `public.st_jobs`, `(...) (...)`."""
    for node in nodes(plan):
        if "Relation Name" in node and node["Node Type"] != "ModifyTable":
            conditions = [node[name] for name in ("Index Cond", "Recheck Cond", "Filter") if name in node]
            yield f"{node['Schema']}.{node['Relation Name']}", " ".join(conditions)

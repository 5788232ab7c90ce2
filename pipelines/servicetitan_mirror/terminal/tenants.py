"""A sync of several tenants: each in a process of its own, so that none can hold up, stop or break another.

What a process does comes back as its JSON; its log lines go to standard error as they are, each with the tenant's name.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console

from servicetitan_mirror.config import tenants
from servicetitan_mirror.config.loading import load_tenant_id, load_tenants_at_once
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.forked import Forked
from servicetitan_mirror.operation.wording import together
from servicetitan_mirror.options import Options
from servicetitan_mirror.places import ONE_OF_SEVERAL, ROOT
from servicetitan_mirror.postgres.warehouse import opened
from servicetitan_mirror.terminal.guard import FAILED, LOCKED, WRONG, Tracebacks
from servicetitan_mirror.terminal.report import COUNTS
from servicetitan_mirror.terminal.screen import Column, console, table

STOPPED = "Stopped; what has landed stays, the next sync goes on from there."
SEVERITY = (0, LOCKED, FAILED, WRONG)  # each outweighs those before it
STATUS = {0: "completed", LOCKED: "another sync is at work", FAILED: "failed", WRONG: "settings are wrong"}
COLUMNS = (
    Column("tenant", text=True),
    Column("id", spare=6),
    Column("modules", spare=4),
    *(Column(count, spare=spare) for count, spare in zip(COUNTS, (0, 3, 2, 5, 1, 0), strict=True)),
    Column("seconds", spare=3),
    Column("status", text=True),
)


@dataclass(frozen=True)
class Result:
    """What became of a tenant: the exit code of its process and what that said, `modules` as a sync's JSON has them."""

    tenant: str
    tenant_id: int | None
    exit_code: int
    seconds: float
    error: str | None
    modules: list[dict[str, Any]]


def chosen(wanted: Sequence[str]) -> list[str | None]:
    """The tenants that are meant by names or ids, all without any; None is the one that has no name.

    Raises:
        ConfigurationError: one of them is not in the settings.
    """
    known = tenants.names()
    if not known:
        for other in {*wanted} - {str(load_tenant_id())}:
            raise ConfigurationError(f"There is one tenant in the settings, without a name; {other} is not its id.")
        return [None]
    by_id = {str(id_or_none(name)): name for name in known} if any(map(str.isdecimal, wanted)) else {}
    found = [tenants.resolved(by_id.get(tenant, tenant)) for tenant in wanted or known]
    return [*dict.fromkeys(found)]


def ids_of(wanted: Sequence[str]) -> list[int]:
    """The ids of tenants that are named or given by their ids, which the settings need not know.

    Raises:
        ConfigurationError: a name is not in the settings, or has no id there.
    """
    return [int(tenant) if tenant.isdecimal() else _id_of(tenant) for tenant in wanted]


def configured_ids(wanted: Sequence[str]) -> list[int]:
    """As `ids_of`; without any wanted, those of all tenants in the settings, where these know one.

    Raises:
        ConfigurationError: a name is not in the settings, or one of them has no id there.
    """
    if wanted or tenants.names():
        return ids_of(wanted or tenants.names())
    tenant_id = load_tenant_id()
    return [tenant_id] if tenant_id else []


def _id_of(name: str) -> int:
    if tenant_id := load_tenant_id(name):
        return tenant_id
    raise ConfigurationError(f"The tenant {name} has no tenant_id in the settings.")


def is_one_of_several() -> bool:
    """Whether this process syncs one tenant beside others."""
    return ONE_OF_SEVERAL in os.environ


class Syncs:
    """Syncs of the named tenants, `at_once` at most at the same time."""

    def __init__(self, names: Sequence[str], options: Options, at_once: int) -> None:
        self._names = names
        self._command = [*(("--debug",) if Tracebacks.shown else ()), "sync", "--json", *_arguments(options)]
        self._at_once = at_once
        self._running: set[Forked] = set()
        self._stopping = threading.Event()

    def run(self) -> list[Result]:
        """Run them all to their ends; SIGTERM or SIGINT asks those at work to end, and no other begins."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with ThreadPoolExecutor(self._at_once) as pool:
            running = [pool.submit(self._run, name) for name in self._names]
            while wait(running, 0.2).not_done:
                pass  # signals are heard meanwhile
        return [done.result() for done in running]

    def _stop(self, *_: object) -> None:
        self._stopping.set()
        for process in [*self._running]:
            process.terminate()

    def _run(self, name: str) -> Result:
        began = time.monotonic()
        if self._stopping.is_set():
            return Result(name, id_or_none(name), FAILED, 0.0, "Stopped before it began.", [])
        process = Forked([*self._command, "--tenant", name], keeps_output=True)
        self._running.add(process)
        if self._stopping.is_set():
            process.terminate()
        said, ended = _read(process.output()), process.wait()
        self._running.discard(process)
        code = ended if ended in STATUS else FAILED
        error = said.get("error")
        if code and not said:
            error = STOPPED if self._stopping.is_set() else "Its process was cut off; its last lines may say why."
        return Result(name, id_or_none(name), code, round(time.monotonic() - began, 3), error, said.get("modules", []))


def run_several(names: Sequence[str], options: Options, as_json: bool) -> int:
    """Sync the named tenants and show what became of each; returns the worst exit code.

    Raises:
        ConfigurationError: the database cannot be used, or what all tenants have in common is wrong.
    """
    at_once = load_tenants_at_once()
    opened(ROOT)
    began = time.monotonic()
    results = Syncs(names, options, at_once).run()
    code = max((result.exit_code for result in results), key=SEVERITY.index)
    seconds = time.monotonic() - began
    if as_json:
        said = {"seconds": round(seconds, 3), "exit_code": code, "tenants": [vars(result) for result in results]}
        click.echo(json.dumps(said, indent=2))
    else:
        print_results(console(sys.stdout), results)
        click.echo(f"{seconds:.1f} seconds")
    return code


def print_results(screen: Console, results: Sequence[Result]) -> None:
    """A row for each tenant, and below the table what went wrong."""
    styles = ["red" if result.exit_code else "" for result in results]
    screen.print(table(screen, COLUMNS, map(_row, results), styles=styles))
    for result in results:
        failed = [(module["module"], str(module["error"])) for module in result.modules if module["status"] == "failed"]
        for line in [*filter(None, [result.error]), *together(failed, len(result.modules))]:
            screen.print(f"{result.tenant}: {line}", style="red", soft_wrap=True)


def error_json(problem: str) -> str:
    """What a process that syncs one of several prints in place of its outcomes."""
    return json.dumps({"error": problem, "modules": []})


def _row(result: Result) -> list[str]:
    counts = [f"{sum(module[count] for module in result.modules):,}" for count in COUNTS]
    done = sum(module["status"] == "completed" for module in result.modules)
    modules = f"{done} of {len(result.modules)}" if result.modules else ""
    return [
        result.tenant,
        str(result.tenant_id or ""),
        modules,
        *counts,
        f"{result.seconds:.1f}",
        STATUS[result.exit_code],
    ]


def _arguments(options: Options) -> list[str]:
    """The options of a sync as they are typed."""
    full = ["--full"] if options.full else []
    only = ["--only", ",".join(options.only)] if options.only else []
    since = ["--since", options.since.isoformat()] if options.since else []
    return [*full, *only, *since, "--triggered-by", options.triggered_by, "--wait", str(options.wait)]


def id_or_none(name: str) -> int | None:
    """The id of a tenant by its name; None where its settings are wrong."""
    try:
        return load_tenant_id(name)
    except ConfigurationError:
        return None


def _read(written: str) -> dict[str, Any]:
    try:
        said = json.loads(written)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

"""Ends or halts the real command at a named point, and says whether what it left behind was mended.

    python crash.py ROOT BATCH 'kill before 3 servicetitan_mirror.raw.cursors:advance' -- --full

A point is a deed (kill or halt), before or after, which call, and a function. The launcher wraps the function and
changes nothing else: command, server and database are the real ones. `halt` is SIGSTOP, so that a test can do
something to the database while the command stands still in the middle of its work. A function of dbt, which runs in
a process of its own, ends or halts the command all the same.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicetitan_mirror import sync
from servicetitan_mirror.entities import PUBLISHED, STANDARD
from servicetitan_mirror.postgres.warehouse import RAW, query

if TYPE_CHECKING:
    from mirror import Mirror

EVERY_POINT = os.environ.get("CRASH_POINTS") == "all"
MERGES = "(merge|insert) into"  # as the statements of loads and tables begin, however these are spread
IN_DBT = "servicetitan_mirror.tables.dbt_process" in sys.orig_argv
DEEDS = {"kill": signal.SIGKILL, "halt": signal.SIGSTOP}


@dataclass(frozen=True)
class Point:
    """A moment of a sync: before or after the n-th call of `module:function`."""

    place: str
    when: str = "before"
    call: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.call} {self.place}"


@dataclass
class Run:
    """The command in a process of its own; it does not outlive the `with` block."""

    process: subprocess.Popen[str]

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *problem: object) -> None:
        with self.process:  # which closes its pipes
            self.process.kill()

    def end(self, seconds: float = 90) -> tuple[int, str]:
        """Its exit code and everything it said, once it has ended by itself."""
        said, complaints = self.process.communicate(timeout=seconds)
        return self.process.returncode, said + complaints

    def wait_until_halted(self) -> Run:
        """Itself, once it stands still at its point."""
        state = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        assert state and state.si_code == os.CLD_STOPPED, f"it never came to its point: {self.end()}"
        return self

    def resume(self) -> Run:
        """Itself, going on after a halt."""
        self.process.send_signal(signal.SIGCONT)
        return self


def a_few_or_all(few: list[Any], more: list[Any]) -> list[Any]:
    """The cases of this run of the tests: a few, or with CRASH_POINTS=all every one."""
    return few + more if EVERY_POINT else few


def start(
    mirror: Mirror, *arguments: str, kill: Point | None = None, halt: Point | None = None, batch: int = sync.BATCH
) -> Run:
    """Start the command, to be killed or halted at a point; `batch` is how many records make a load."""
    points = [f"{deed} {point}" for deed, point in (("kill", kill), ("halt", halt)) if point]
    in_dbt = [point for point in points if " dbt." in point]
    ours = [point for point in points if point not in in_dbt]
    command = [sys.executable, __file__, str(mirror.root), str(batch), *ours, "--", *arguments]
    here = Path(__file__).parent
    path = [mirror.root / "pipelines", here, *([here / "in_dbt"] if in_dbt else [])]
    environment = {
        **mirror.environment(),
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "DBT_POINTS": "\n".join(in_dbt),
    }
    pipe = subprocess.PIPE
    return Run(subprocess.Popen(command, env=environment, cwd=mirror.root, stdout=pipe, stderr=pipe, text=True))


def is_clear(said: str) -> bool:
    """Whether what a command said is meant for its user: no traceback, and nothing of a record."""
    return "Traceback" not in said and "modifiedOn" not in said


def run_until_killed(mirror: Mirror, point: Point, *arguments: str, batch: int = sync.BATCH) -> None:
    """A command that is killed at a point."""
    with start(mirror, *arguments, kill=point, batch=batch) as run:
        code, said = run.end()
    assert code == -signal.SIGKILL, f"it never came to {point}: {said}"


def what_is_wrong(mirror: Mirror) -> dict[str, Any]:
    """All in which the mirror is not what a sync that was never interrupted leaves; nothing, if all is well."""
    found = {
        "not what the source lists": mirror.differences(),
        "not what has landed": [entity.name for entity in PUBLISHED if not mirror.is_built(entity.name)],
        "wrong in their typed columns": [name for name, sql in TYPED.items() if mirror.row(sql) != (0,)],
        "open rows of the log": mirror.rows(f"select module from {RAW}.sync_log where status = 'started'"),
        "pending loads": mirror.rows(f"select entity, load_id from {RAW}.pending_loads"),
        "counts that do not add up": mirror.rows(COUNTS),
        "lists that are due": mirror.rows(f"select list from {RAW}.sync_cursors where full_due or cursor is null"),
        "who still holds a lock": mirror.rows("select pid from pg_locks where locktype = 'advisory'"),
    }
    return {what: which for what, which in found.items() if which}


def make_changes(mirror: Mirror) -> None:
    """Something of every kind that a sync of changes finds."""
    mirror.source.touch("customers", count=3)
    mirror.source.touch("customer_contacts", count=2)
    mirror.source.touch("appointment_assignments", count=2)
    mirror.source.deactivate("campaigns")
    mirror.source.add("jobs", count=2)
    mirror.source.live(5)


def log_of(mirror: Mirror) -> dict[tuple[str, str], str]:
    """What the log says of each module of each run."""
    if not is_there(mirror, "sync_log"):
        return {}
    rows = mirror.rows(f"select run_id, module, status from {RAW}.sync_log")
    return {(run, module): status for run, module, status in rows}


def is_there(mirror: Mirror, table: str) -> bool:
    """Whether a table of the raw schema is there."""
    return mirror.row(f"select to_regclass('{RAW}.{table}') is not null") == (True,)


def read_in_full(mirror: Mirror, since: str) -> set[str]:
    """The entities of which every list was read in full since a moment."""
    late = f"coalesce(full_synced_at, '-infinity') > '{since}'"
    return {
        name for (name,) in mirror.rows(f"select entity from {RAW}.sync_cursors group by 1 having bool_and({late})")
    }


def left_behind(mirror: Mirror) -> str:
    """What a dead run left: its rows of the log, pending loads, what it landed and which lists are done."""
    if not is_there(mirror, "pending_loads"):
        return "no raw schema yet"
    log = mirror.rows(f"""
        select status, count(*) from {RAW}.sync_log
        where run_id = (select run_id from {RAW}.sync_log order by started_at desc limit 1) group by 1 order by 1""")
    loads = mirror.row(f"select count(distinct load_id), count(*) from {RAW}.pending_loads")
    there = [entity.name for entity in STANDARD if is_there(mirror, entity.name)]
    rows = {name: mirror.row(f"select count(*) from {RAW}.{name} where {PENDING.format(name)}")[0] for name in there}
    due = mirror.row(f"select count(*) filter (where full_due), count(*) from {RAW}.sync_cursors")
    return f"log {dict(log)}; pending {loads}; pending rows {sum(rows.values())}; lists due {due}"


def end_connections(mirror: Mirror, name: str) -> int:
    """End all connections of an application name to the mirror's database; how many there were."""
    return mirror.row(f"""
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and application_name like '{name}' and pid <> pg_backend_pid()""")[0]


def wait_until(mirror: Mirror, sql: str, seconds: float = 30) -> None:
    """Wait until a query answers true."""
    end = time.monotonic() + seconds
    with closing(mirror.warehouse.connect("a test")) as connection:
        while query(connection, sql) != [(True,)]:
            assert time.monotonic() < end, f"it did not happen in time: {sql}"
            time.sleep(0.02)


@contextmanager
def table_locked(mirror: Mirror, table: str) -> Iterator[None]:
    """Let everybody who writes to a table wait."""
    with closing(mirror.warehouse.connect("a test")) as connection:
        query(connection, f"begin; lock table {table} in share mode")
        yield


def waits_for_a_lock(name: str, statement: str) -> str:
    """Whether a connection of an application waits for a lock in the middle of a statement."""
    return f"""
        select count(*) > 0 from pg_stat_activity
        where wait_event_type = 'Lock' and application_name like '{name}' and query ~* '{statement}'"""


def _wrong(entity: str, *differences: str) -> str:
    return f"""
        select count(*) from {RAW}.{entity} as landed join st_{entity} as shown
        on (shown.tenant_id, shown.st_id) = (landed.tenant_id, landed.id) where {" or ".join(differences)}"""


def _differ(column: str, key: str, kind: str) -> str:
    return f"shown.{column} is distinct from (record ->> '{key}')::{kind}"


TYPED = {
    "campaigns": _wrong("campaigns", _differ("name", "name", "text"), _differ("active", "active", "boolean")),
    "jobs": _wrong(
        "jobs",
        _differ("customer_id", "customerId", "bigint"),
        _differ("job_number", "jobNumber", "text"),
        _differ("st_modified_on", "modifiedOn", "timestamptz"),
    ),
    "customers": _wrong(
        "customers",
        _differ("name", "name", "text"),
        f"""shown.email is distinct from (
            select contact.record ->> 'value' from {RAW}.customer_contacts as contact
            where (contact.record ->> 'customerId')::bigint = landed.id and contact.record ->> 'type' = 'Email'
                and contact.deleted_at is null order by contact.id limit 1)""",
    ),
    "appointments": _wrong(
        "appointments",
        f"""shown.technician_ids <> array(
            select distinct (part.record ->> 'technicianId')::bigint from {RAW}.appointment_assignments as part
            where (part.record ->> 'appointmentId')::bigint = landed.id and (part.record ->> 'active')::boolean
                and part.deleted_at is null order by 1)""",
    ),
}
PENDING = f"(tenant_id, _dlt_load_id) in (select tenant_id, load_id from {RAW}.pending_loads where entity = '{{}}')"
COUNTS = f"""
    select module, run_id from {RAW}.sync_log
    where records_created + records_updated + records_unchanged + records_failed <> records_fetched"""


def trap(deed: str, when: str, call: str, place: str) -> None:
    """Wrap a function so that this process kills or halts itself before or after a call of it."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module))
    original, calls = getattr(owner, name), itertools.count(1)

    @functools.wraps(original)
    def trapped(*arguments: Any, **options: Any) -> Any:
        due = next(calls) == int(call)
        if due and when == "before":
            send_to_command(DEEDS[deed])
        result = original(*arguments, **options)
        if due and when == "after":
            send_to_command(DEEDS[deed])
        return result

    setattr(owner, name, trapped)


def send_to_command(deed: signal.Signals) -> None:
    """Send it to the command; the signal may reach another thread first, so this one must not run on meanwhile."""
    os.kill(os.getppid() if IN_DBT else os.getpid(), deed)
    time.sleep(0.2)


def main(root: str, batch: str, *rest: str) -> None:
    """Set the traps and run the command."""
    border = rest.index("--")
    sync.BATCH = int(batch)
    for point in rest[:border]:
        trap(*point.split())
    command = Path(root) / "pipelines" / "servicetitan.py"
    sys.argv = [str(command), *rest[border + 1 :]]
    runpy.run_path(str(command), run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])

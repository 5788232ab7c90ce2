"""dbt in a process of its own, which does what it is told: `python -m servicetitan_mirror.tables.dbt_process`.

It neither slows the threads that read the API nor keeps their memory, and it ends when the process that started it
ends: the end of its standard input says so. What it is told and what it answers are JSON objects, one a line:

    {"parse": ARGUMENTS}  ──▶  {"nodes": [...]}, as `lineage` describes them
    {"run": ARGUMENTS}    ──▶  {"done": ID} as each node ends, then {"failed": {ID: "..."}}

or {"error": "..."}, what kept dbt from working at all.

ARGUMENTS are dbt's, an ID is that of a node; what was parsed last is not parsed again. No answer holds a value of any
row.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import re
import signal
import sys
import threading
from contextlib import redirect_stdout
from graphlib import CycleError
from typing import Any, TextIO

LONGEST = 2000  # characters of a message: a contract that is broken lists its columns

TELLING = threading.Lock()


def main() -> None:
    """Do what the lines of standard input tell, until they end."""
    gc.disable()  # the process ends soon, and a fifth of its time went into looking for what it could free
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to us too; who started us decides
    manifest: Any = None
    orders: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=[orders], daemon=True).start()
    output = sys.stdout
    with redirect_stdout(sys.stderr):
        from dbt.cli.main import dbtRunner

        _leave_tests_out()
        while True:
            ((order, arguments),) = json.loads(orders.get()).items()
            known = None if order == "parse" else manifest
            result = dbtRunner(known, [lambda event: _hear(event, output)]).invoke(arguments)
            if order == "parse":
                manifest = result.result if result.success else None
                _tell(output, _parsed(result))
            else:
                _tell(output, _ran(result))


def _leave_tests_out() -> None:
    """A sync runs no data test, to parse them is a quarter of dbt's parsing, and a broken one would end it."""
    from dbt.parser.schema_generic_tests import SchemaGenericTestParser

    setattr(SchemaGenericTestParser, "parse_versioned_tests", lambda self, block: None)  # noqa: B010


def _parsed(result: Any) -> dict[str, Any]:
    from servicetitan_mirror.tables import lineage

    if not result.success:
        return {"error": _why(result)}
    try:
        return {"nodes": lineage.of_manifest(result.result)}
    except CycleError as error:
        return {"error": f"These read each other: {' → '.join(error.args[1])}."}


def _ran(result: Any) -> dict[str, Any]:
    nodes = getattr(result.result, "results", None)
    return {"failed": _failed(nodes)} if nodes else {"error": _why(result)}


def _hear(event: Any, output: TextIO) -> None:
    if event.info.name == "NodeFinished":
        _tell(output, {"done": event.data.node_info.unique_id})


def _tell(output: TextIO, answer: dict[str, Any]) -> None:
    with TELLING:  # dbt's threads end models at once
        print(json.dumps(answer), file=output, flush=True)


def _failed(nodes: list[Any]) -> dict[str, str]:
    """Why each node was not built; one that was skipped, because of what another said."""
    bad = {node.node.unique_id: node for node in nodes if node.status not in ("success", "pass", "no-op")}
    said = {key: _one_line(node.message or "") for key, node in bad.items() if node.status != "skipped"}
    because = next(iter(said.values()), "dbt did not say why")
    return {key: said.get(key) or because for key in bad}


def _why(result: Any) -> str:
    return _one_line(str(result.exception or "dbt did not say why"))


def _one_line(text: str) -> str:
    line = " ".join(re.sub("compiled code at .*|> in macro .*", "", text, flags=re.DOTALL).split())[:LONGEST]
    return line if line.endswith(".") else f"{line}."


def _listen(orders: queue.Queue[str]) -> None:
    for line in sys.stdin:
        orders.put(line)
    os._exit(1)


if __name__ == "__main__":
    main()

"""dbt in a process of its own: `python -m servicetitan_mirror.tables.dbt_process run --select ...`.

It neither slows the threads that read the API nor keeps their memory, and it ends when the process that started
it ends: the end of its standard input says so. Its output is JSON objects, one a line: `done`, a model that has ended,
and last under `failed` why each model was not built, by its name, or `error`, what kept dbt from running. None holds a
value of any row.
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sys
import threading
from contextlib import redirect_stdout
from typing import Any, TextIO

LONGEST = 2000  # characters of a message: a contract that is broken lists its columns

TELLING = threading.Lock()


def main(arguments: list[str]) -> None:
    """Run dbt's command line and print what became of the models."""
    gc.disable()  # the process ends soon, and a fifth of its time went into looking for what it could free
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to us too; who started us decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    output = sys.stdout
    with redirect_stdout(sys.stderr):
        from dbt.cli.main import dbtRunner

        result = dbtRunner(callbacks=[lambda event: _tell(event, output)]).invoke(arguments)
    nodes = getattr(result.result, "results", None)
    print(json.dumps({"failed": _failed(nodes)} if nodes else {"error": _one_line(str(result.exception))}))


def _tell(event: Any, output: TextIO) -> None:
    if event.info.name == "NodeFinished":
        with TELLING:  # dbt's threads end models at once
            print(json.dumps({"done": event.data.node_info.node_name}), file=output, flush=True)


def _failed(nodes: list[Any]) -> dict[str, str]:
    """Why each node was not built; one that was skipped, because of what another said."""
    bad = {node.node.name: node for node in nodes if node.status not in ("success", "pass")}
    said = {name: _one_line(node.message or "") for name, node in bad.items() if node.status != "skipped"}
    because = next(iter(said.values()), "dbt did not say why")
    return {name: said.get(name) or because for name in bad}


def _one_line(text: str) -> str:
    line = " ".join(re.sub("compiled code at .*|> in macro .*", "", text, flags=re.DOTALL).split())[:LONGEST]
    return line if line.endswith(".") else f"{line}."


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

"""dbt in a process of its own: `python -m servicetitan_mirror.dbt_process run --select ...`.

It neither slows the threads that read the API nor keeps their memory, and it ends when the process that started
it ends: the end of its standard input says so. Its output is one JSON object, the status of each model, or
`error`, the name of what kept dbt from running.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import redirect_stdout


def main(arguments: list[str]) -> None:
    """Run dbt's command line and print what became of the models."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to us too; who started us decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with redirect_stdout(sys.stderr):
        from dbt.cli.main import dbtRunner

        result = dbtRunner().invoke(arguments)
    nodes = getattr(result.result, "results", None)
    said = {node.node.name: str(node.status) for node in nodes} if nodes else {"error": type(result.exception).__name__}
    print(json.dumps(said))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

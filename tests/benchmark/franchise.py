"""The tenants of a franchise: `python -m benchmark.franchise 200` serves so many small businesses whose ids clash.

It prints their addresses as JSON, then serves until its standard input ends.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack

from servicetitan_simulator import Simulator

CUSTOMERS = 2  # of each


def main(count: int) -> None:
    """Serve tenants 1 to `count`, all with the same records."""
    with ExitStack() as running:
        sources = [Simulator(CUSTOMERS, tenant_id=str(1 + n), requests_per_second=0) for n in range(count)]
        urls = [running.enter_context(source).url for source in sources]
        print(json.dumps(urls), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""The page as a command: it says where it is, and ends at a signal."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from servicetitan_mirror.postgres.warehouse import opened
from servicetitan_mirror.terminal.tenants import ids_of
from servicetitan_mirror.web.server import listen, load_password, serve


def run_serve(root: Path, host: str, port: int, max_age: timedelta, wanted: Sequence[str], demo: bool) -> None:
    """Serve until SIGINT or SIGTERM, of the tenants that are meant by names or ids, or of all.

    Raises:
        ConfigurationError: it cannot listen there, or would be seen by others without a password.
    """
    password = load_password()
    listener = listen(host, port, password)
    warehouse = opened(root, demo)
    place = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn stops at them, then raises them again
    serve(warehouse, listener, password, max_age, ids_of(wanted), lambda: click.echo(f"serving {place}"))

"""The simulator as a command: it says which settings reach it."""

from __future__ import annotations

import errno

from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_simulator import APP_KEY, CLIENT_ID, CLIENT_SECRET, TENANT_ID
from servicetitan_simulator import serve as serve_simulator


def serve(customers: int, port: int, seed: int, changes_per_minute: float) -> None:
    """Serve a made-up tenant on loopback until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: the port is not free.
    """
    try:
        serve_simulator(customers, port, seed, changes_per_minute, ready=_print_settings)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        problem = "in use" if error.errno == errno.EADDRINUSE else "not for everyone to use"
        raise ConfigurationError(
            f"Port {port} is {problem}: name another one with --port; 0 picks a free one."
        ) from None


def _print_settings(url: str) -> None:
    settings = {
        "tenant_id": TENANT_ID,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "app_key": APP_KEY,
        "api_url": url,
        "auth_url": url,
    }
    print("It accepts these settings; paste them into another terminal:", flush=True)
    print("\n".join(f"export {variable(name)}={value}" for name, value in settings.items()), flush=True)

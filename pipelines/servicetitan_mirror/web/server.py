"""Where the page is served: on loopback, or elsewhere with a password."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable, Collection
from datetime import timedelta

import uvicorn

from servicetitan_mirror.config.checks import Password
from servicetitan_mirror.config.reading import read_setting, reject_unknown
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.postgres.warehouse import Warehouse
from servicetitan_mirror.web.application import application
from servicetitan_mirror.web.metrics import Metrics
from servicetitan_mirror.web.watch import Watch

SECTION = ("serve",)
RULES = {"password": Password()}


def load_password() -> str | None:
    """The password of the page; None where none is set.

    Raises:
        ConfigurationError: it cannot be one, or stands where it does not belong.
    """
    reject_unknown(SECTION, RULES)
    password: str | None = read_setting(SECTION, "password", RULES["password"], None, secret=True)
    return password


def listen(host: str, port: int, password: str | None) -> socket.socket:
    """A socket that listens there; port 0 picks a free one.

    Raises:
        ConfigurationError: there is no such address here, the port is taken, or others could see it without a password.
    """
    try:
        (family, kind, protocol, _, address) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if password is None and not ipaddress.ip_address(address[0]).is_loopback:
            raise ConfigurationError(_OPEN.format(host=host))
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        return listener
    except OSError as error:
        taken = {errno.EADDRINUSE: "is in use", errno.EACCES: "is not for everyone to use"}.get(error.errno or 0)
        port_taken = f"Port {port} {taken}: name another one with --port."
        raise ConfigurationError(port_taken if taken else f"{host} is no address of this machine.") from None


def serve(
    warehouse: Warehouse,
    listener: socket.socket,
    password: str | None,
    max_age: timedelta,
    tenants: Collection[int] = (),
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM; calls `ready` once it listens."""
    metrics = Metrics()
    watch = Watch(warehouse, max_age, tenants, told=metrics.count)
    Server(application(watch, metrics, password), ready).run(sockets=[listener])


class Server(uvicorn.Server):
    """uvicorn, calling `ready` once it listens. Whoever is still answered when it ends has a few seconds."""

    def __init__(self, app: object, ready: Callable[[], object]) -> None:
        quiet = {"access_log": False, "log_level": "critical", "server_header": False, "lifespan": "off"}
        super().__init__(uvicorn.Config(app, timeout_graceful_shutdown=3, limit_concurrency=100, **quiet))  # type: ignore[arg-type]
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self._ready()


_OPEN = (
    "Others could see the page on {host}, so it needs a password there: set SERVE__PASSWORD, or password under [serve] "
    "in secrets.toml. On 127.0.0.1 it needs none."
)

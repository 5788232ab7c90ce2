"""Runs the simulator on a loopback port: `serve` blocks, `Simulator` lives in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from . import clock
from .api.application import Api
from .client import SimulatorClient
from .control.routes import routes
from .settings import TENANT_ID, Settings
from .simulation import Simulation

HOST = "127.0.0.1"


def application(simulation: Simulation) -> Starlette:
    """The whole server as an ASGI application; the steady changes run while it is up."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        changing = asyncio.create_task(simulation.live())
        yield
        changing.cancel()

    return Starlette(routes=[*routes(simulation), Mount("/", app=Api(simulation))], lifespan=lifespan)


class Server(uvicorn.Server):
    """uvicorn on a socket of its own, calling `when_ready` once it listens."""

    def __init__(self, simulation: Simulation, port: int, when_ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                application(simulation),
                access_log=False,
                log_level="critical",
                date_header=False,
                server_header=False,
                timeout_keep_alive=75,
            )
        )
        self.socket = _listen(port)
        self.url = f"http://{HOST}:{self.socket.getsockname()[1]}"
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then tells."""
        await super().startup(sockets)
        self._when_ready()

    def serve_forever(self) -> None:
        """Blocks until it is told to exit."""
        self.run(sockets=[self.socket])


def _listen(port: int) -> socket.socket:
    """A loopback socket; asyncio sends small answers at once only when it is declared as TCP."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def serve(
    customers: int = 1000,
    port: int = 0,
    seed: int = 1,
    changes_per_minute: float = 0,
    anchor: str | None = None,
    ready: Callable[[str], object] = lambda url: None,
    **settings: Any,
) -> None:
    """Serves until SIGINT or SIGTERM; prints one line when ready, then calls `ready`. Port 0 takes a free one.

    anchor: the ISO date on which the made-up history ends, today without it. settings: see settings.Settings.
    """
    simulation = _simulation(customers, seed, anchor, settings | {"changes_per_minute": changes_per_minute})
    size = f"{customers:,} customers, {simulation.store.total():,} records"

    def say() -> None:
        print(f"simulator ready on {server.url} ({size})", flush=True)
        ready(server.url)

    server = Server(simulation, port, say)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn stops at them, then raises them again
    server.serve_forever()
    server.socket.close()


class Simulator(SimulatorClient):
    """A simulator in this process for the time of a `with` block."""

    def __init__(
        self, customers: int = 1000, seed: int = 1, port: int = 0, anchor: str | None = None, **settings: Any
    ) -> None:
        ready = threading.Event()
        self._server = Server(_simulation(customers, seed, anchor, settings), port, ready.set)
        super().__init__(self._server.url, settings.get("tenant_id", TENANT_ID))
        self._ready = ready
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Simulator:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._server.should_exit = True
        self._thread.join()
        self._server.socket.close()


def _simulation(customers: int, seed: int, anchor: str | None, settings: dict[str, Any]) -> Simulation:
    end = clock.ticks(anchor) if anchor else None
    return Simulation(customers, seed, Settings().changed(settings), end)

"""The control path `/_control/...`: what a test or a demo does to the business, the server and the counters.

    POST touch, add, deactivate, delete, merge, set, raw, live    -> {"ids": [...]}
    GET  counts?every, records/{entity}?active=any, calls, settings
    POST faults, settings    DELETE faults, calls

JSON in and out, no token; a request that makes no sense answers 400 {"error": text}.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..api import faults
from ..optional import is_known
from ..simulation import Simulation
from ..store import decode, encode
from .changes import ControlError

PREFIX = "/_control"
_ACTIVE = {"any": None, "true": True, "false": False}
Handler = Callable[[Simulation, Request], Awaitable[Any]]


async def _act(simulation: Simulation, request: Request) -> Any:
    arguments = decode(await request.body() or b"{}")
    if not isinstance(arguments, dict):
        raise ControlError("an object is expected")
    return simulation.perform(request.path_params["action"], arguments)


async def _counts(simulation: Simulation, request: Request) -> Any:
    return simulation.counts(every="every" in request.query_params)


async def _records(simulation: Simulation, request: Request) -> Any:
    entity, active = request.path_params["entity"], request.query_params.get("active", "any").lower()
    if not is_known(entity) or active not in _ACTIVE:
        raise ControlError(f"no such entity or active: {entity}, {active}")
    return Response(b"".join(simulation.lines(entity, _ACTIVE[active])), media_type="application/x-ndjson")


async def _add_fault(simulation: Simulation, request: Request) -> Any:
    simulation.rules.append(faults.rule(await request.body()))
    return {"rules": len(simulation.rules)}


async def _clear_faults(simulation: Simulation, _: Request) -> Any:
    simulation.rules.clear()
    return {"rules": 0}


async def _set(simulation: Simulation, request: Request) -> Any:
    simulation.set(simulation.settings.changed(msgspec.json.decode(await request.body())))
    return simulation.settings


async def _settings(simulation: Simulation, _: Request) -> Any:
    return simulation.settings


async def _calls(simulation: Simulation, _: Request) -> Any:
    return simulation.traffic.report()


async def _reset_calls(simulation: Simulation, _: Request) -> Any:
    simulation.traffic.reset()
    return simulation.traffic.report()


_HANDLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/counts", _counts),
    ("GET", "/records/{entity}", _records),
    ("POST", "/faults", _add_fault),
    ("DELETE", "/faults", _clear_faults),
    ("GET", "/settings", _settings),
    ("POST", "/settings", _set),
    ("GET", "/calls", _calls),
    ("DELETE", "/calls", _reset_calls),
    ("POST", "/{action}", _act),
)


def routes(simulation: Simulation) -> list[Route]:
    """The control path's routes."""
    return [
        Route(PREFIX + path, _endpoint(simulation, handler), methods=[method]) for method, path, handler in _HANDLERS
    ]


def _endpoint(simulation: Simulation, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            made = await handler(simulation, request)
        except (ControlError, msgspec.DecodeError) as problem:
            return Response(encode({"error": str(problem)}), 400, media_type="application/json")
        return made if isinstance(made, Response) else Response(encode(made), media_type="application/json")

    return answer

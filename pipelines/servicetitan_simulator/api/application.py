"""The API's own half of the server: a call comes in, an answer goes out, faults in between.

    path -> endpoint -> rules due -> (delay, actions) -> token, key, tenant, scope, rate -> page -> faults -> send

Every answer carries a Date header from the simulator's clock.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .. import optional
from ..endpoints import ENDPOINTS, FEEDS, Endpoint
from ..simulation import Simulation
from ..store import encode
from . import feeds, query
from .access import check_scope, check_tenant
from .errors import UNKNOWN_PATH, ApiError, gateway
from .faults import REMOVED, Deed

TOKEN_PATH = "/connect/token"
_PATH = re.compile(r"/([\w-]+/v\d)/tenant/([^/]+)/(.+)")
_ENDPOINTS = {(f"{each.module}/{each.version}", each.name): each for each in ENDPOINTS + FEEDS}
_HTML = "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass
class Answer:
    """What will be sent; `envelope` is there while the body is a list's own."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"
    envelope: dict[str, object] | None = None
    cut: bool = False


class Api:
    """The ASGI application for everything but the control path."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one call."""
        request = Request(scope, receive)
        answer = await self._answer(request)
        self.simulation.traffic.statuses[str(answer.status)] += 1
        await _send(answer, self.simulation.clock.http_date(), send)

    async def _answer(self, request: Request) -> Answer:
        simulation, path = self.simulation, request.url.path
        endpoint, tenant = _find(path)
        deeds = self._arrive(path, endpoint)
        for deed in deeds:
            await self._before(deed)
        if path == TOKEN_PATH:
            answer = await _caught(self._token(request))
        else:
            await asyncio.sleep(simulation.settings.latency)
            answer = await _caught(self._page(request, endpoint, tenant))
        for deed in deeds:
            _spoil(answer, deed)
            if deed.when == "after":
                simulation.perform_all(deed.actions)
        return answer

    def _arrive(self, path: str, endpoint: Endpoint | None) -> list[Deed]:
        """Counts the call and returns the deeds of the rules that are due."""
        traffic = self.simulation.traffic
        if path == TOKEN_PATH:
            traffic.tokens += 1
        else:
            traffic.arrive(path, endpoint.entity if endpoint else "")
        entity = "token" if path == TOKEN_PATH else endpoint.entity if endpoint else ""
        return [rule.do for rule in self.simulation.rules if rule.due(path, entity)]

    async def _before(self, deed: Deed) -> None:
        if deed.revoke_tokens:
            self.simulation.access.revoke_all()
        if deed.when == "before":
            self.simulation.perform_all(deed.actions)
        if deed.delay:
            await asyncio.sleep(deed.delay)

    async def _token(self, request: Request) -> dict[str, object]:
        if request.method != "POST":
            raise gateway(404, UNKNOWN_PATH)
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        simulation, authorization = self.simulation, request.headers.get("authorization", "")
        return simulation.access.token(form, authorization, simulation.clock.now(), simulation.settings)

    async def _page(self, request: Request, endpoint: Endpoint | None, tenant: str) -> dict[str, object]:
        simulation = self.simulation
        if endpoint is None or request.method != "GET":
            raise gateway(404, UNKNOWN_PATH)
        simulation.access.check(request.headers, simulation.clock.now())
        check_tenant(tenant, simulation.settings)
        check_scope(endpoint.scope, simulation.settings)
        simulation.traffic.admit(simulation.settings)
        table, parameters = simulation.store[endpoint.table], dict(request.query_params)
        if endpoint.kind == "feed":
            wish = feeds.parse(endpoint, parameters)
            return feeds.answer(table, wish, simulation.clock.now(), simulation.settings)
        answer = query.bare if endpoint.kind == "bare" else query.answer
        return answer(table, query.parse(endpoint, parameters, simulation.settings))


def _find(path: str) -> tuple[Endpoint | None, str]:
    match = _PATH.fullmatch(path)
    if match is None:
        return None, ""
    return _ENDPOINTS.get((match[1], match[3])) or optional.served(match[1], match[3]), match[2]


async def _caught(work: Awaitable[dict[str, object]]) -> Answer:
    """The answer of a call: its body, or the error that it ended in."""
    try:
        body = await work
    except ApiError as error:
        return Answer(error.status, error.body, error.headers)
    return Answer(200, encode(body), envelope=body)


def _spoil(answer: Answer, deed: Deed) -> None:
    """Does to the answer what the deed says."""
    if deed.status:
        _fail(answer, deed)
    elif deed.envelope and answer.envelope is not None:
        changed = answer.envelope | deed.envelope
        answer.body = encode({key: value for key, value in changed.items() if value != REMOVED})
    if deed.body is not None:
        answer.body = deed.body.encode()
    if deed.truncate:
        answer.body = answer.body[: len(answer.body) // 2]
    answer.cut = answer.cut or deed.cut


def _fail(answer: Answer, deed: Deed) -> None:
    answer.status, answer.envelope = deed.status, None
    answer.body = encode({"status": deed.status, "title": deed.title})
    if deed.html:
        answer.body, answer.content_type = _HTML.format(title=deed.title).encode(), "text/html"
    if deed.retry_after:
        answer.headers["Retry-After"] = deed.retry_after


async def _send(answer: Answer, date: str, send: Send) -> None:
    """A cut answer promises the whole body and ends in its middle: the server then closes the connection."""
    headers = {"Date": date, "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
    pairs = [(key.lower().encode(), value.encode()) for key, value in (headers | answer.headers).items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    body = answer.body[: len(answer.body) // 2] if answer.cut else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": answer.cut})

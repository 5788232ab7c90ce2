"""The addresses: `/`, `/report` and `/docs` for people, `/healthz` for programs, `/metrics` for Prometheus.

With a password everything asks for it (HTTP basic, whatever the user's name). Without one only this machine is
answered, and only by a name of its own: a page elsewhere could otherwise let a browser read this one under a name that
it turned to loopback.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.places import ROOT
from servicetitan_mirror.report.page import POLICY_SERVED
from servicetitan_mirror.tables.dbt_access import target
from servicetitan_mirror.web.metrics import Metrics
from servicetitan_mirror.web.page import POLICY, render
from servicetitan_mirror.web.reporter import Reporter
from servicetitan_mirror.web.watch import Answer, Watch

# dbt's page is one file, too, whose scripts are not ours to name; it may not ask anybody for anything either
POLICY_DOCS = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def application(watch: Watch, metrics: Metrics, password: str | None) -> Starlette:
    """The whole server as an ASGI application. Looking takes time, so each request has a thread."""
    reporter = Reporter(watch)

    def page(_: Request) -> Response:
        return HTMLResponse(render(watch.answer(), watch.place, watch.max_age))

    def report(_: Request) -> Response:
        try:
            return HTMLResponse(reporter.page(), headers={"content-security-policy": POLICY_SERVED})
        except MirrorError as error:
            return PlainTextResponse(str(error), 503)

    def documentation(_: Request) -> Response:
        made = Path(os.environ.get("DBT_TARGET_PATH") or target(ROOT)) / "static_index.html"
        if not made.is_file():
            return PlainTextResponse("Not written yet: servicetitan dbt docs generate --static writes it.", 404)
        return FileResponse(made, headers={"content-security-policy": POLICY_DOCS})

    def healthz(_: Request) -> Response:
        said = health(watch.answer())
        return JSONResponse(said, 200 if said["ok"] else 503)

    def metrics_of(_: Request) -> Response:
        return Response(metrics.text(watch.answer()), media_type=PROMETHEUS)

    paths = {"/": page, "/report": report, "/docs": documentation, "/healthz": healthz, "/metrics": metrics_of}
    routes = [Route(path, answer) for path, answer in paths.items()]
    return Starlette(routes=routes, middleware=[Middleware(Doorkeeper, password=password)])


def health(answer: Answer) -> dict[str, object]:
    """Whether data arrives: no condition but those of single records, and a database that answers."""
    found = [one for tenant in answer.seen.tenants for one in tenant.state.conditions] if answer.seen else []
    said = [f"tenant {one.tenant_id}: {one.subject}: {one.sentence}" for one in found]
    if answer.trouble:
        return {"ok": False, "problems": [answer.trouble]}
    if answer.seen and not answer.seen.tenants:
        return {"ok": False, "problems": ["Nothing was synced into this database yet."]}
    return {"ok": not any(one.stops_data for one in found), "problems": said}


class Doorkeeper:
    """Lets in who may see it, and tells browsers how to treat it."""

    def __init__(self, app: ASGIApp, password: str | None) -> None:
        self._app = app
        self._password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope))

        async def guarded_send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers: list[tuple[bytes, bytes]] = message.setdefault("headers", [])  # type: ignore[assignment]
                said = {name for name, _ in headers}
                headers.extend(header for header in HEADERS if header[0] not in said)
            await send(message)

        await (refusal or self._app)(scope, receive, guarded_send)  # type: ignore[arg-type]

    def _refusal(self, headers: Headers) -> Response | None:
        if self._password is None:
            if _host(headers.get("host", "")) in LOCAL_NAMES:
                return None
            return PlainTextResponse("Under this name the page needs a password: set SERVE__PASSWORD.", 421)
        if hmac.compare_digest(_password(headers.get("authorization", "")), self._password.encode()):
            return None
        challenge = {"www-authenticate": 'Basic realm="servicetitan", charset="UTF-8"'}
        return PlainTextResponse("A password is needed.", 401, challenge)


def _host(host: str) -> str:
    return host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]")


def _password(authorization: str) -> bytes:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


HEADERS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]

"""A proxy between the sync and the simulator that rewrites answers by rule: headers, bytes, single fields.

    with Proxy(source) as proxy:
        proxy.rewrite("customers", lambda answer: answer.record(3).update(id="1000777"))
        proxy.rewrite("token", lambda answer: answer.refuse(503), calls=[1])

A rule names an entity, "token" or a part of the path, and may hold for some calls only. It gets the answer of the
simulator, to change it; the last word on what is sent is the answer's.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from servicetitan_simulator import Simulator
from servicetitan_simulator.endpoints import ENDPOINTS

TOKEN = "token"
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass
class Answer:
    """What will be sent. `parameters` are the call's own; `pause` are seconds between any two bytes of the body."""

    path: str
    parameters: dict[str, str]
    status: int
    headers: dict[str, str]
    body: bytes
    pause: float = 0.0
    cut: bool = False
    _page: Any = field(default=None, repr=False)

    @property
    def page(self) -> dict[str, Any]:
        """The envelope, or another JSON object; what is changed in it is sent."""
        if self._page is None:
            self._page = json.loads(self.body, parse_float=Decimal)
        return self._page  # type: ignore[no-any-return]

    @property
    def records(self) -> list[Any]:
        """The records of the page."""
        return self.page["data"]  # type: ignore[no-any-return]

    def record(self, place: int) -> dict[str, Any]:
        """One record of the page; an empty one of no consequence where the page is shorter."""
        return self.records[place] if -len(self.records) <= place < len(self.records) else {}

    def replace(self, old: bytes, new: bytes, count: int = 1) -> None:
        """Replace bytes of the body as it would be sent."""
        self.body, self._page = self.written().replace(old, new, count), None

    def refuse(self, status: int, body: bytes = b"", content_type: str = "application/json", **headers: str) -> None:
        """Another answer altogether. Underscores in the names of headers stand for hyphens."""
        self.status, self.body, self._page = status, body, None
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.headers = {"Date": self.headers["Date"], "Content-Type": content_type, **named}

    def written(self) -> bytes:
        """The body as it is sent."""
        return self.body if self._page is None else _encode(self._page)


Rewriting = Callable[[Answer], object]


@dataclass
class Rule:
    """A rewriting and the calls for which it holds; none named are all."""

    path: str
    rewriting: Rewriting
    calls: Collection[int]
    seen: int = 0

    def is_due(self, path: str) -> bool:
        """Count this call; whether the rule holds for it."""
        if self.path not in path:
            return False
        self.seen += 1
        return not self.calls or self.seen in self.calls


class Proxy:
    """The proxy for the time of a `with` block; `heard` are the requests that reached it: method, path, headers."""

    def __init__(self, source: Simulator) -> None:
        self.heard: list[tuple[str, str, dict[str, str]]] = []
        self._source = source
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def rewrite(self, path: str, rewriting: Rewriting, calls: Collection[int] = ()) -> None:
        """Add a rule; rules act in the order in which they were added."""
        with self._lock:
            self._rules.append(Rule(self._paths().get(path, path), rewriting, calls))

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _paths(self) -> dict[str, str]:
        paths = {e.entity: e.path(self._source.tenant_id) + "?" for e in ENDPOINTS if not e.owner}
        return {**paths, TOKEN: "/connect/token"}

    def _due(self, path: str) -> Iterator[Rewriting]:
        with self._lock:
            yield from [rule.rewriting for rule in self._rules if rule.is_due(path)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.heard.append((self.command, self.path, dict(self.headers)))
                answer = proxy._ask(self.command, self.path, dict(self.headers), body)
                for rewriting in proxy._due(self.path):
                    rewriting(answer)
                _send(self, answer)

            do_POST = do_GET

            def log_message(self, format: str, *values: object) -> None:
                """Say nothing."""

        return Handler

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        where = urlsplit(self._source.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        try:
            asked = urlsplit(path)._replace(scheme="", netloc="").geturl()  # whole where we are asked as a real proxy
            known = {**headers, "Host": where.netloc, "Accept-Encoding": "identity"}
            connection.request(method, asked, body, known)
            got = connection.getresponse()
            content, kept = got.read(), {"date": "Date", "content-type": "Content-Type", "retry-after": "Retry-After"}
            known = {kept[name.lower()]: value for name, value in got.getheaders() if name.lower() in kept}
        finally:
            connection.close()
        parameters = {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}
        return Answer(path, parameters, got.status, known, content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = answer.written()
    handler.log_request = lambda *_: None  # type: ignore[method-assign,assignment]
    handler.send_response_only(answer.status)
    for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    if answer.cut:
        body = body[: len(body) // 2]
    for byte in [body] if not answer.pause else [body[at : at + 1] for at in range(len(body))]:
        handler.wfile.write(byte)
        handler.wfile.flush()
        time.sleep(answer.pause)
    if answer.cut:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

"""HTTP as a program needs it that carries secrets, and that must never wait or grow without an end.

requests is made for convenience: it follows redirections, takes credentials, proxies and certificates from files and
variables of its surroundings, keeps cookies, and waits as long as a byte comes now and then. Nothing of that is wanted
here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from http.cookiejar import DefaultCookiePolicy
from socket import SHUT_RDWR
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from servicetitan_mirror.api.problems import Transient
from servicetitan_mirror.api.unreachable import WRONG_ADDRESS, cause
from servicetitan_mirror.config.settings import Settings

CONNECTIONS = 64  # that are kept open
LARGEST_ANSWER = 256 * 2**20  # bytes
LARGE = 8 * 2**20  # bytes; an answer that is larger asks whether there is room for it
_CHUNK = 2**18

_call = threading.local()  # `deadline`: the Deadline of the call that this thread is making


class TooLarge(Exception):
    """An answer is larger than it may be."""


class WrongAddress(Exception):
    """An address in the settings cannot be asked at all."""


class Deadline:
    """Ends a call that is not over in time, however slowly its answer trickles; `passed` says that it did."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.socket: Any = None
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        _call.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._timer.cancel()
        _call.deadline = None

    def _pass(self) -> None:
        self.passed = True
        with suppress(OSError, AttributeError):
            self.socket.shutdown(SHUT_RDWR)


class _Watched:
    """A connection that shows its socket to the deadline of the call that it carries."""

    sock: Any

    def request(self, *arguments: Any, **options: Any) -> None:
        deadline = getattr(_call, "deadline", None)
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        if deadline:
            deadline.socket = self.sock
        super().request(*arguments, **options)  # type: ignore[misc]


class _WatchedConnection(_Watched, HTTPConnection):
    pass


class _WatchedSecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _WatchedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        self._watch(manager)
        return manager

    @staticmethod
    def _watch(manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Session(requests.Session):
    """A session that asks only the address it is given; proxy and certificates are those of the settings."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = "servicetitan-mirror"
        self.verify = settings.ca_file or True
        if settings.proxy:
            self.proxies = {"http": settings.proxy, "https": settings.proxy}
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(pool_maxsize=CONNECTIONS))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere: whoever reads the answer sees the redirection itself."""
        return None


def fetch(
    send: Callable[[], requests.Response], url: str, seconds: float, may_grow: Callable[[], bool] = lambda: False
) -> tuple[requests.Response, bytearray]:
    """Send a request and read its whole answer in `seconds`, connection included.

    `send` makes a streamed request; `may_grow` is asked once, when the body turns out to be larger than LARGE bytes.

    Raises:
        WrongAddress: the address cannot be asked at all.
        TooLarge: the body is larger than LARGEST_ANSWER, or may not grow.
        Transient: no whole answer came; its text says why.
    """
    with Deadline(seconds) as deadline:
        try:
            answer = send()
            with closing(answer):
                body = _read(answer, may_grow)
        except WRONG_ADDRESS:
            raise WrongAddress from None
        except (requests.RequestException, HTTPError, OSError) as error:
            reason = None if deadline.passed else cause(error, url, seconds)
            raise Transient(reason or f"no whole answer within {seconds:g} seconds") from None
        if deadline.passed:  # where a body ends with its connection, ours looks like its end
            raise Transient(f"no whole answer within {seconds:g} seconds")
    return answer, body


def _read(answer: requests.Response, may_grow: Callable[[], bool]) -> bytearray:
    body, asked = bytearray(), False
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > LARGE and not asked:
            asked = True
            if not may_grow():
                raise TooLarge
        if len(body) > LARGEST_ANSWER:
            raise TooLarge
    return body

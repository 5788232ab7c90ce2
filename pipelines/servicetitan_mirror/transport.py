"""HTTP as a program needs it that carries secrets, and that must never wait or grow without an end.

requests is made for convenience: it follows redirections, takes credentials, proxies and certificates from the
surroundings' files and variables, keeps cookies, and waits as long as a byte comes now and then. None of it here.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from socket import SHUT_RDWR
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from servicetitan_mirror.settings import Settings

CONNECTIONS = 64  # that are kept open
LARGEST_ANSWER = 256 * 2**20  # bytes
LARGE = 8 * 2**20  # bytes; of answers that are larger, one at a time is in memory
_CHUNK = 2**18

_call = threading.local()  # `deadline`: the Deadline of the call that this thread is making


class TooLarge(Exception):
    """An answer is larger than LARGEST_ANSWER."""


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
    ConnectionCls = _WatchedConnection  # type: ignore[assignment]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecureConnection  # type: ignore[assignment]


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
    """A session that goes nowhere but where it is told to; proxy and certificates are those of the settings."""

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


class OneAtATime:
    """Large answers: one at a time is in memory, that of the list with the lowest order first."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._arrivals = itertools.count()
        self._taken = False

    def take(self, order: int, goes_on: Callable[[], bool]) -> bool:
        """Wait for the turn; False when `goes_on` says that nobody needs the answer any more."""
        with self._turn:
            mine = (order, next(self._arrivals))
            heapq.heappush(self._waiting, mine)
            try:
                while self._taken or self._waiting[0] != mine:
                    self._turn.wait(0.2)
                    if not goes_on():
                        return False
                self._taken = True
                return True
            finally:
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)

    def give(self) -> None:
        """The large answer is in memory no more."""
        with self._turn:
            self._taken = False
            self._turn.notify_all()


def read_body(answer: requests.Response, may_grow: Callable[[], bool]) -> bytearray:
    """The whole body. `may_grow` is asked once, when it turns out to be larger than LARGE.

    Raises:
        TooLarge: it is larger than LARGEST_ANSWER, or may not grow.
        requests.RequestException: the connection ended before it did.
    """
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

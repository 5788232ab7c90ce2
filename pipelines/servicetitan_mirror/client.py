"""One call of the API: rate limit, patience, and errors that say what to do.

dlt's RESTClient makes the request and carries the authentication. Its retries cannot be used: ServiceTitan
writes the wait of a 429 into the body's title, a 401 asks for a new token, and a truncated answer is a
transient failure too, so the retry goes around the call and the decoding of its answer.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import requests
import tenacity
from dlt.sources.helpers.rest_client.client import RESTClient
from requests.adapters import HTTPAdapter

from servicetitan_mirror.answers import LONGEST_WAIT, Transient, asked_wait, problem
from servicetitan_mirror.auth import TokenAuth
from servicetitan_mirror.backlog import LISTS_AT_ONCE
from servicetitan_mirror.clock import server_time
from servicetitan_mirror.entities import Endpoint
from servicetitan_mirror.errors import BrokenListError, EndpointError
from servicetitan_mirror.landing import repair
from servicetitan_mirror.rate_limit import FIRST, RateLimit, Stopped
from servicetitan_mirror.settings import Settings

FRESH_TOKENS = 3  # that a call is tried with; other calls may meet a revocation meanwhile
AT_ONCE = 64  # calls of one list under way, however slow the answers are


class Envelope(msgspec.Struct):
    """A page as ServiceTitan wraps it. `data` keeps each record's own bytes, so that every digit survives."""

    page: int
    pageSize: int
    hasMore: bool
    data: list[msgspec.Raw]
    totalCount: int | None = None


@dataclass(frozen=True)
class Answer:
    """A page and the server's clock when it was sent."""

    envelope: Envelope
    sent_at: datetime | None


@dataclass
class Calls:
    """What one list has cost: calls, and how many of them were answered with 429. Several threads count.

    Of the calls that wait for the rate limit, those of the list with the lowest `order` go first.
    """

    order: int = 0
    made: int = 0
    throttled: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, made: int = 0, throttled: int = 0) -> None:
        """Add to the counts."""
        with self._lock:
            self.made += made
            self.throttled += throttled


class Client:
    """Reads pages for all threads of a sync: one session, one token, one rate limit."""

    def __init__(self, settings: Settings) -> None:
        self.stopping = threading.Event()
        self.tenant_id = settings.tenant_id
        self.page_size = settings.page_size
        self._settings = settings
        self._limit = RateLimit(settings.requests_per_second, self.stopping)
        self._pool = ThreadPoolExecutor(AT_ONCE * LISTS_AT_ONCE, thread_name_prefix="page")
        self._latency = 0.0
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=64))
        self.auth = TokenAuth(settings, session)
        self._rest = RESTClient(settings.api_host, auth=self.auth, session=session)
        self._decoder = msgspec.json.Decoder(Envelope)

    def ahead(self, endpoint: Endpoint, pages: Iterable[Mapping[str, str]], calls: Calls) -> Iterator[Answer]:
        """Pages in their order, read several at once: as many as it takes to use the rate limit with slow answers."""
        waiting: deque[Future[Answer]] = deque()
        for params in pages:
            waiting.append(self._pool.submit(self.page, endpoint, params, calls))
            if len(waiting) > min(self._limit.calls_in(self._latency), AT_ONCE):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """Give up what is still under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def page(self, endpoint: Endpoint, params: Mapping[str, str], calls: Calls) -> Answer:
        """One page of a list.

        Raises:
            ConfigurationError: the token endpoint refuses the credentials.
            RefusedError: 401 with a fresh token, or 404.
            BrokenListError: the answer is JSON but not a page, or the server calls the request wrong.
            EndpointError: 403, or no answer within `patience` seconds of trying.
            Stopped: `stopping` was set meanwhile.
        """
        try:
            return self._patiently()(self._attempt, endpoint, params, calls)
        except Transient as last:
            raise EndpointError(f"{endpoint.path}: {last}; gave up after {self._settings.patience} s.") from None

    def _patiently(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient),
            wait=_wait,
            stop=tenacity.stop_after_delay(self._settings.patience),
            sleep=self.pause,
            reraise=True,
        )

    def pause(self, seconds: float) -> None:
        """Wait; raises Stopped when the sync is asked to end meanwhile."""
        if self.stopping.wait(seconds):
            raise Stopped

    def _attempt(self, endpoint: Endpoint, params: Mapping[str, str], calls: Calls) -> Answer:
        answer = self._send(endpoint, params, calls)
        for _ in range(FRESH_TOKENS):
            if answer.status_code != requests.codes.unauthorized:
                break
            self.auth.refused(answer.request)
            answer = self._send(endpoint, params, calls)
        if answer.status_code == requests.codes.ok:
            return Answer(self._decode(endpoint, answer.content), server_time(answer))
        if answer.status_code == requests.codes.too_many_requests:
            calls.count(throttled=1)
            self._limit.hold(min(asked_wait(answer), LONGEST_WAIT))
        raise problem(endpoint, answer, self._settings.tenant_id)

    def _send(self, endpoint: Endpoint, params: Mapping[str, str], calls: Calls) -> requests.Response:
        self._limit.wait(calls.order if calls.made else FIRST)
        calls.count(made=1)
        url, began = endpoint.url(self._settings.tenant_id), time.monotonic()
        try:
            answer = self._rest.get(url, params=dict(params), timeout=self._settings.timeout)
            self._latency = 0.8 * self._latency + 0.2 * (time.monotonic() - began)
            return answer
        except requests.RequestException as error:
            raise Transient(f"no answer ({type(error).__name__})") from None

    def _decode(self, endpoint: Endpoint, body: bytes) -> Envelope:
        try:
            try:
                return self._decoder.decode(body)
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError:  # perhaps for a single character, which must not cost the whole page
                return self._decoder.decode(repair(body))
        except msgspec.ValidationError as error:
            raise BrokenListError(f"{endpoint.path}: the answer is not a page of a list ({error}).") from None
        except msgspec.DecodeError:
            raise Transient("the answer was cut short or is not JSON") from None


def _wait(state: tenacity.RetryCallState) -> float:
    """What the server asked for, at least an exponential back-off with jitter."""
    error = state.outcome.exception() if state.outcome else None
    back_off = tenacity.wait_exponential_jitter(multiplier=0.5, max=60, jitter=0.5)(state)
    return max(back_off, error.wait if isinstance(error, Transient) else 0.0)


def pages_expected(envelope: Envelope) -> int | None:
    """How many pages the list has by its total and its echoed page size; None without a total."""
    if envelope.totalCount is None or envelope.pageSize < 1:
        return None
    return max(1, math.ceil(envelope.totalCount / envelope.pageSize))

"""One call of the API: rate limit, patience, and errors that say what to do.

dlt's RESTClient makes the request and carries the authentication. Its retries cannot be used: ServiceTitan
writes the wait of a 429 into the body's title, a 401 asks for a new token, and a truncated answer is a
transient failure too, so the retry goes around the call and the decoding of its answer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import requests
import tenacity
from dlt.sources.helpers.rest_client.client import RESTClient
from tenacity.stop import stop_base

from servicetitan_mirror.api.auth import TokenAuth
from servicetitan_mirror.api.envelope import Envelope, read_envelope
from servicetitan_mirror.api.large_answers import Room, Seat
from servicetitan_mirror.api.problems import DOUBTED, LONGEST_WAIT, Doubtful, Transient, asked_wait, problem
from servicetitan_mirror.api.rate_limit import FIRST, RateLimit
from servicetitan_mirror.api.transport import LARGE, LARGEST_ANSWER, Session, TooLarge, WrongAddress, fetch
from servicetitan_mirror.clock import UTC, earlier, server_time
from servicetitan_mirror.config.settings import Settings, variable
from servicetitan_mirror.entities import Endpoint
from servicetitan_mirror.errors import BrokenListError, ConfigurationError, EndpointError, Stopped

FRESH_TOKENS = 3  # that a call is tried with; other calls may meet a revocation meanwhile
AT_ONCE = 64  # calls of one list under way, however slow the answers are
READ_AHEAD = 20 * 2**20  # bytes of one list's answers that are read before their turn
THREADS = 3 * AT_ONCE  # few lists read ahead at a time


@dataclass
class Answer:
    """A page; `sent_at` is the server's clock when it was sent, or ours where it names none.

    `asked_at` is the earlier of the two clocks when it was asked for. Used as a context, it is in memory until its end.
    """

    envelope: Envelope
    sent_at: datetime
    asked_at: datetime
    seat: Seat

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *problem: object) -> None:
        self.seat.give()


@dataclass
class Calls:
    """What one list has cost: calls, and how many of them were answered with 429. Several threads count.

    Of the calls that wait for the rate limit, those of the list with the lowest `order` go first. `next_page` is the
    one that the list cannot go on without, once it `is_turn`; `over` says that it needs none any more.
    """

    order: int = 0
    made: int = 0
    throttled: int = 0
    largest: int = 0
    next_page: int = 1
    over: bool = False
    is_turn: Callable[[], bool] = lambda: True
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, made: int = 0, throttled: int = 0, size: int = 0) -> None:
        """Add to the counts; `size` is that of an answer in bytes."""
        with self._lock:
            self.made += made
            self.throttled += throttled
            self.largest = max(self.largest, size)


class Client:
    """Reads pages for all threads of a sync: one session, one token, one rate limit."""

    def __init__(self, settings: Settings) -> None:
        self.stopping = threading.Event()
        self.tenant_id = settings.tenant_id
        self.page_size = settings.page_size
        self._settings = settings
        self._limit = RateLimit(settings.requests_per_second, self.stopping)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._room = Room()
        self._latency = 0.0
        session = Session(settings)
        self._auth = TokenAuth(settings, session, self._patiently)
        self._rest = RESTClient(settings.api_host, auth=self._auth, session=session)

    def log_in(self) -> datetime:
        """Get a token, without which no list can be read; returns when it was given, the moment a sync begins.

        It is the earlier of the server's clock and ours, for it becomes the cursor of every list.

        Raises:
            ConfigurationError: the token endpoint refuses the client id or secret.
            EndpointError: no token came within `patience` seconds of trying.
            Stopped: the sync is asked to end meanwhile.
        """
        return self._auth.log_in()

    def ahead(self, ask: Callable[[int], Answer], last: Callable[[], int], calls: Calls) -> Iterator[Answer]:
        """Pages from the second on, without an end, read several at once: as many as it takes to use the rate limit.

        `ask` reads a page, `last` is the last one that the list is expected to have: later ones are read one by one.
        """
        waiting: deque[Future[Answer]] = deque()
        page = 2
        try:
            while True:
                while not waiting or (page <= last() and len(waiting) < self._worth_having(calls)):
                    waiting.append(self._pool.submit(ask, page))
                    page += 1
                calls.next_page = page - len(waiting)
                yield waiting.popleft().result()
        finally:
            for unwanted in waiting:
                unwanted.cancel()

    def _worth_having(self, calls: Calls) -> int:
        """How many calls of a list are worth having under way, by the latency and the size of its answers."""
        room = READ_AHEAD // max(calls.largest, 1) if calls.largest <= LARGE else 0
        return min(self._limit.calls_in(self._latency) + 1, AT_ONCE, room)

    def close(self) -> None:
        """Give up what is still under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def page(self, endpoint: Endpoint, path: str, params: Mapping[str, str], page: int, calls: Calls) -> Answer:
        """One page of a list: the `page`-th answer from `path`, which is the endpoint's own or that of its feed.

        Raises:
            ConfigurationError: the token endpoint refuses the credentials.
            RefusedError: 401 with a fresh token, or 404.
            RefusedParameters: the server calls the request wrong.
            BrokenListError: the answer is JSON but not a page.
            EndpointError: 403, or no answer within `patience` seconds of trying.
            Stopped: `stopping` was set meanwhile.
        """
        try:
            return self._patiently()(self._attempt, endpoint, path, params, page, calls)
        except Doubtful as believed:
            raise believed.final from None
        except Transient as last:
            raise EndpointError(f"{endpoint.path}: {last}; gave up after {self._settings.patience} s.") from None

    def _patiently(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((Transient, Doubtful)),
            wait=_wait,
            stop=_Believed() | tenacity.stop_after_delay(self._settings.patience),
            sleep=self.pause,
            reraise=True,
        )

    def pause(self, seconds: float) -> None:
        """Wait; raises Stopped when the sync is asked to end meanwhile."""
        if self.stopping.wait(seconds):
            raise Stopped

    def _attempt(self, endpoint: Endpoint, path: str, params: Mapping[str, str], page: int, calls: Calls) -> Answer:
        asked_at, seat = datetime.now(UTC), self._seat(page, calls)
        try:
            answer, body = self._authorized(endpoint, path, params, calls, seat)
            if answer.status_code == requests.codes.ok:
                sent_at = server_time(answer)
                return Answer(_decode(endpoint, body), sent_at or asked_at, earlier(sent_at, asked_at), seat)
        except BaseException:
            seat.give()
            raise
        seat.give()
        if answer.status_code == requests.codes.too_many_requests:
            calls.count(throttled=1)
            self._limit.hold(min(asked_wait(answer, body), LONGEST_WAIT))
        raise problem(endpoint, answer, body, self._settings.tenant_id)

    def _seat(self, page: int, calls: Calls) -> Seat:
        is_next = lambda: calls.next_page >= page and calls.is_turn()  # noqa: E731
        is_needed = lambda: not (calls.over or self.stopping.is_set())  # noqa: E731
        return Seat(self._room, calls.order, is_next, is_needed)

    def _authorized(
        self, endpoint: Endpoint, path: str, params: Mapping[str, str], calls: Calls, seat: Seat
    ) -> tuple[requests.Response, bytearray]:
        """The answer, with as many new tokens as it takes."""
        for _ in range(FRESH_TOKENS):
            answer, body = self._send(endpoint, path, params, calls, seat)
            if answer.status_code != requests.codes.unauthorized:
                return answer, body
            self._auth.refused(answer.request)
        return self._send(endpoint, path, params, calls, seat)

    def _send(
        self, endpoint: Endpoint, path: str, params: Mapping[str, str], calls: Calls, seat: Seat
    ) -> tuple[requests.Response, bytearray]:
        self._auth.token()  # which may take its time, and is not the call's
        self._limit.wait(calls.order if calls.made else FIRST)
        calls.count(made=1)
        host, seconds, began = self._settings.api_host, self._settings.timeout, time.monotonic()
        send = lambda: self._rest.get(path, params=dict(params), timeout=seconds, stream=True)  # noqa: E731
        try:
            answer, body = fetch(send, host, seconds, seat.take)
        except WrongAddress:
            raise ConfigurationError(f"{variable('api_url')}: {host} is not an address that can be asked.") from None
        except TooLarge:
            raise BrokenListError(_TOO_LARGE.format(path=endpoint.path)) from None
        self._latency = 0.8 * self._latency + 0.2 * (time.monotonic() - began)
        calls.count(size=len(body))
        return answer, body


def _decode(endpoint: Endpoint, body: bytearray) -> Envelope:
    try:
        return read_envelope(body)
    except msgspec.ValidationError as error:
        raise Doubtful(BrokenListError(f"{endpoint.path}: the answer is not a page of a list ({error}).")) from None
    except msgspec.DecodeError:
        raise Transient("the answer was cut short or is not JSON") from None


def _wait(state: tenacity.RetryCallState) -> float:
    """What the server asked for, at least an exponential back-off with jitter."""
    error = state.outcome.exception() if state.outcome else None
    back_off = tenacity.wait_exponential_jitter(multiplier=0.5, max=60, jitter=0.5)(state)
    return max(back_off, error.wait if isinstance(error, Transient) else 0.0)


class _Believed(stop_base):
    """Whether a doubtful answer has come often enough."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        return isinstance(error, Doubtful) and retry_state.attempt_number >= DOUBTED


_TOO_LARGE = (
    f"{{path}}: an answer is larger than {LARGEST_ANSWER // 2**20} MB. Ask for fewer records at once: "
    f"{variable('page_size')}."
)

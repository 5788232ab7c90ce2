"""One call of the API: rate limit, patience, and errors that say what to do.

dlt's RESTClient makes the request and carries the authentication. Its retries cannot be used: ServiceTitan writes the
wait of a 429 into the body's title, a 401 asks for a new token, and a truncated answer is a failure that passes too, so
the retry goes around the call and the decoding of its answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
import requests
from dlt.sources.helpers.rest_client.client import RESTClient

from servicetitan_mirror.api.auth import TokenAuth
from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.envelope import Envelope, read_envelope
from servicetitan_mirror.api.large_answers import Room, Seat
from servicetitan_mirror.api.patience import Patience
from servicetitan_mirror.api.problems import LONGEST_WAIT, Doubtful, Transient, asked_wait, problem
from servicetitan_mirror.api.protection import Protection
from servicetitan_mirror.api.rate_limit import FIRST, RateLimit
from servicetitan_mirror.api.read_ahead import ReadAhead
from servicetitan_mirror.api.transport import LARGEST_ANSWER, Session, TooLarge, WrongAddress, fetch
from servicetitan_mirror.clock import UTC, earlier, server_time
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.entities import Endpoint
from servicetitan_mirror.errors import BrokenListError, ConfigurationError, EndpointError

FRESH_TOKENS = 3  # that a call is tried with; other calls may meet a revocation meanwhile


@dataclass
class Answer:
    """A page. Used as a context, it is in memory until the context ends.

    Attributes:
        envelope: the page itself.
        sent_at: when it was sent, by the server's clock, or by ours where the answer names no time.
        asked_at: when it was asked for, by the earlier of the two clocks.
        seat: its place in memory, which it leaves at the end.
        protection: what of its records may land.
    """

    envelope: Envelope
    sent_at: datetime
    asked_at: datetime
    seat: Seat
    protection: Protection

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *problem: object) -> None:
        self.seat.leave()


@dataclass(frozen=True)
class _Call:
    """One call: the page-th answer from `path`, as part of the `calls` of its list."""

    endpoint: Endpoint
    path: str
    params: Mapping[str, str]
    page: int
    calls: Calls


class Client:
    """Reads pages for all threads of a sync: one session, one token, one rate limit. `stopping` ends all waiting."""

    def __init__(self, settings: Settings) -> None:
        self.stopping = threading.Event()
        self.tenant_id = settings.tenant_id
        self.page_size = settings.page_size
        self.protection = Protection.of(settings)
        self._settings = settings
        self._limit = RateLimit(settings.requests_per_second, self.stopping)
        self._patience = Patience(settings.patience, self.stopping)
        self._ahead = ReadAhead(self._limit)
        self._room = Room()
        session = Session(settings)
        self._auth = TokenAuth(settings, session, self._patience)
        self._rest = RESTClient(settings.api_host, auth=self._auth, session=session)

    def log_in(self) -> datetime:
        """Get a token, without which no list can be read; returns when it was given: the moment at which a sync begins.

        It is the earlier of the server's clock and ours, for it becomes the cursor of every list.

        Raises:
            ConfigurationError: the token endpoint refuses the client id or secret.
            EndpointError: no token came within `patience` seconds of trying.
            Stopped: the sync is asked to end meanwhile.
        """
        return self._auth.log_in()

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
            return self._patience(self._attempt, _Call(endpoint, path, params, page, calls))
        except Doubtful as believed:
            raise believed.final from None
        except Transient as last:
            raise EndpointError(f"{endpoint.path}: {last}; gave up after {self._settings.patience} s.") from None

    def ahead(self, ask: Callable[[int], Answer], last: Callable[[], int], calls: Calls) -> Iterator[Answer]:
        """Pages from the second on, several read at once: see ReadAhead.pages."""
        return self._ahead.pages(ask, last, calls)

    def pause(self, seconds: float) -> None:
        """Wait; raises Stopped when the sync is asked to end meanwhile."""
        self._patience.pause(seconds)

    def close(self) -> None:
        """Cancel the calls that have not been sent yet, and wait for none."""
        self._ahead.close()

    def _attempt(self, call: _Call) -> Answer:
        asked_at, seat = datetime.now(UTC), self._seat(call)
        try:
            answer, body = self._authorized(call, seat)
            if answer.status_code == requests.codes.ok:
                sent_at = server_time(answer)
                envelope = _decode(call.endpoint, body)
                return Answer(envelope, sent_at or asked_at, earlier(sent_at, asked_at), seat, self.protection)
        except BaseException:
            seat.leave()
            raise
        seat.leave()
        if answer.status_code == requests.codes.too_many_requests:
            call.calls.count(throttled=1)
            self._limit.hold(min(asked_wait(answer, body), LONGEST_WAIT))
        raise problem(call.endpoint, answer, body, self._settings.tenant_id)

    def _seat(self, call: _Call) -> Seat:
        calls = call.calls
        is_next = lambda: calls.next_page >= call.page and calls.is_turn()  # noqa: E731
        is_needed = lambda: not (calls.ended or self.stopping.is_set())  # noqa: E731
        return Seat(self._room, calls.order, is_next, is_needed)

    def _authorized(self, call: _Call, seat: Seat) -> tuple[requests.Response, bytearray]:
        """The answer, with as many new tokens as it takes."""
        for _ in range(FRESH_TOKENS):
            answer, body = self._send(call, seat)
            if answer.status_code != requests.codes.unauthorized:
                return answer, body
            self._auth.refused(answer.request)
        return self._send(call, seat)

    def _send(self, call: _Call, seat: Seat) -> tuple[requests.Response, bytearray]:
        self._auth.token()  # which may take its time, and is not the call's
        calls = call.calls
        self._limit.wait(calls.order if calls.made else FIRST)
        calls.count(made=1)
        host, seconds, sent = self._settings.api_host, self._settings.timeout, time.monotonic()
        send = lambda: self._rest.get(call.path, params=dict(call.params), timeout=seconds, stream=True)  # noqa: E731
        try:
            answer, body = fetch(send, host, seconds, seat.take)
        except WrongAddress:
            raise ConfigurationError(f"{variable('api_url')}: {host} is not an address that can be asked.") from None
        except TooLarge:
            raise BrokenListError(_TOO_LARGE.format(path=call.endpoint.path)) from None
        self._ahead.answered(time.monotonic() - sent)
        calls.count(size=len(body))
        return answer, body


def _decode(endpoint: Endpoint, body: bytearray) -> Envelope:
    try:
        return read_envelope(body, endpoint.is_paged)
    except msgspec.ValidationError as error:
        raise Doubtful(BrokenListError(f"{endpoint.path}: the answer is not a page of a list ({error}).")) from None
    except msgspec.DecodeError:
        raise Transient("the answer was cut short or is not JSON") from None


_TOO_LARGE = (
    f"{{path}}: an answer is larger than {LARGEST_ANSWER // 2**20} MB. Ask for fewer records at once: "
    f"{variable('page_size')}."
)

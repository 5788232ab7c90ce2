"""The access token: one per process, renewed a minute before it expires or when a call is refused.

ServiceTitan's tokens live 900 s, there is no refresh token, and new tokens are throttled, so all threads
share one. dlt's own OAuth2ClientCredentials renews exactly at the expiry, without a lock and not on a 401.
"""

from __future__ import annotations

import json
import math
import threading
import time
from datetime import datetime

import requests
from requests.auth import AuthBase

from servicetitan_mirror.api.patience import Patience
from servicetitan_mirror.api.problems import Doubtful, Transient, asked_wait, in_the_way, is_passing
from servicetitan_mirror.api.transport import Session, TooLarge, WrongAddress, fetch
from servicetitan_mirror.clock import UTC, earlier, server_time
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.config.settings import Settings
from servicetitan_mirror.errors import ConfigurationError, EndpointError, MirrorError

LEEWAY = 60.0  # seconds before its expiry at which a token is renewed
LIFETIME = 900.0  # seconds that ServiceTitan's tokens live, where the answer does not say
LONGEST_LIFETIME = 86_400.0


class TokenAuth(AuthBase):
    """Puts the bearer token and the app key on a prepared request, so that neither is in a logged header."""

    def __init__(self, settings: Settings, session: Session, patience: Patience) -> None:
        self._settings = settings
        self._session = session
        self._patience = patience
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0
        self._given_at: datetime | None = None
        self._failed: tuple[float, MirrorError] | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """What requests asks of an authentication."""
        request.headers["Authorization"] = f"Bearer {self.token()}"
        request.headers["ST-App-Key"] = self._settings.app_key
        return request

    def log_in(self) -> datetime:
        """Get a first token; returns when it was given, by the earlier of the server's clock and ours.

        Whoever has logged in already and holds a token still, gets the same moment. Raises what `token` raises.
        """
        with self._lock:
            if self._given_at is None or time.monotonic() >= self._renew_at:
                self._given_at = self._renew()
            return self._given_at

    def token(self) -> str:
        """The current token.

        Raises:
            ConfigurationError: the token endpoint refuses the client id or secret (it answers 400, not 401).
            EndpointError: no token came within `patience` seconds of trying.
            Stopped: the sync is asked to end meanwhile.
        """
        asked = time.monotonic()
        with self._lock:
            if time.monotonic() >= self._renew_at:
                if self._failed and self._failed[0] >= asked:
                    raise self._failed[1]  # others waited for this token too: they need not try one by one
                self._renew()
            return self._token

    def refused(self, request: requests.PreparedRequest) -> None:
        """A call was answered 401: renew, unless another thread already has."""
        with self._lock:
            if request.headers.get("Authorization") == f"Bearer {self._token}":
                self._renew_at = 0.0

    def _renew(self) -> datetime:
        """Get a new token; returns when it was given."""
        host = self._settings.token_url
        try:
            return self._patience(self._ask)
        except Transient as last:
            error: MirrorError = EndpointError(f"{host}: {last}; gave up after {self._patience.seconds} s.")
        except Doubtful as believed:
            error = believed.final
        except MirrorError as final:
            error = final
        self._failed = (time.monotonic(), error)
        raise error from None

    def _ask(self) -> datetime:
        url, asked_at = self._settings.token_url, datetime.now(UTC)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
        }
        send = lambda: self._session.post(url, data=form, timeout=self._settings.timeout, stream=True)  # noqa: E731
        try:
            answer, body = fetch(send, url, self._settings.timeout)
        except WrongAddress:
            raise ConfigurationError(f"{variable('auth_url')}: {url} is not an address that can be asked.") from None
        except TooLarge:
            raise Doubtful(EndpointError(f"{url} did not answer with a token.")) from None
        self._judge(answer, body)
        self._keep(body)
        return earlier(server_time(answer), asked_at)

    def _judge(self, answer: requests.Response, body: bytearray) -> None:
        """Raise what an answer other than a token means."""
        status, url = answer.status_code, self._settings.token_url
        if is_passing(answer):
            raise Transient(f"answered {status}", asked_wait(answer, body))
        if obstacle := in_the_way(answer, body):
            raise Doubtful(EndpointError(f"{url}: {obstacle}"))
        if status in (requests.codes.bad_request, requests.codes.unauthorized):
            raise ConfigurationError(_REFUSED.format(url=url, status=status))
        if status != requests.codes.ok:
            raise Doubtful(EndpointError(f"{url}: answered {status}. Look at {variable('auth_url')}."))

    def _keep(self, body: bytearray) -> None:
        try:
            said = json.loads(body)
            token, lifetime = said["access_token"], said.get("expires_in")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            token, lifetime = None, None
        if not (isinstance(token, str) and token.isascii() and token.isprintable() and token.strip()):
            raise Doubtful(EndpointError(f"{self._settings.token_url} did not answer with a token."))
        self._token = token
        seconds = _seconds(lifetime)
        self._renew_at = time.monotonic() + max(seconds - LEEWAY, seconds / 2)


def _seconds(lifetime: object) -> float:
    """How long a token lives by `expires_in`, which may be anything."""
    try:
        seconds = float(lifetime)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return LIFETIME
    return min(seconds, LONGEST_LIFETIME) if math.isfinite(seconds) and seconds > 0 else LIFETIME


CREDENTIALS_REFUSED = "ServiceTitan refuses the client id or secret"
_REFUSED = (
    f"{CREDENTIALS_REFUSED} ({{url}} answered {{status}}).\n"
    f"Look at {variable('client_id')} and {variable('client_secret')}: both are bound to one tenant and one "
    f"environment, so look at {variable('environment')} too."
)

"""The access token: one per process, renewed a minute before it expires or when a call is refused.

ServiceTitan's tokens live 900 s, there is no refresh token, and new tokens are throttled, so all threads
share one. dlt's own OAuth2ClientCredentials renews exactly at the expiry, without a lock and not on a 401.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

import requests
from requests.auth import AuthBase

from servicetitan_mirror.clock import server_time
from servicetitan_mirror.errors import ConfigurationError, EndpointError
from servicetitan_mirror.settings import Settings, variable

LEEWAY = 60.0  # seconds before its expiry at which a token is renewed


class TokenAuth(AuthBase):
    """Puts the bearer token and the app key on a prepared request, so that neither is in a logged header."""

    def __init__(self, settings: Settings, session: requests.Session) -> None:
        self._settings = settings
        self._session = session
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0
        self.first_answer: datetime | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """What requests asks of an authentication."""
        request.headers["Authorization"] = f"Bearer {self.token()}"
        request.headers["ST-App-Key"] = self._settings.app_key
        return request

    def token(self) -> str:
        """The current token.

        Raises:
            ConfigurationError: the token endpoint refuses the client id or secret (it answers 400, not 401).
            EndpointError: the token endpoint answers anything else that is not a token.
        """
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._renew()
            return self._token

    def refused(self, request: requests.PreparedRequest) -> None:
        """Forget the token of a call that was answered with 401, unless another thread has renewed it already."""
        with self._lock:
            if request.headers.get("Authorization") == f"Bearer {self._token}":
                self._renew_at = 0.0

    def _renew(self) -> None:
        answer = self._session.post(
            self._settings.token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret,
            },
            timeout=self._settings.timeout,
        )
        if answer.status_code in (400, 401):
            raise ConfigurationError(_REFUSED.format(url=self._settings.token_url, status=answer.status_code))
        if answer.status_code != requests.codes.ok:
            answer.raise_for_status()
        self._keep(answer)

    def _keep(self, answer: requests.Response) -> None:
        try:
            body = answer.json()
            self._token = str(body["access_token"])
            lifetime = float(body.get("expires_in", 900))
        except (ValueError, KeyError, TypeError):
            raise EndpointError(f"{self._settings.token_url} did not answer with a token.") from None
        self._renew_at = time.monotonic() + max(lifetime - LEEWAY, lifetime / 2)
        self.first_answer = self.first_answer or server_time(answer)


_REFUSED = (
    "ServiceTitan refuses the client id or secret ({url} answered {status}).\n"
    f"Look at {variable('client_id')} and {variable('client_secret')}: both are bound to one tenant and one "
    f"environment, so look at {variable('environment')} too."
)

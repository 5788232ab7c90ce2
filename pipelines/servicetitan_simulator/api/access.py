"""Who may call: tokens, the app key, the tenant and the scopes.

Source: ServiceTitan's authentication pages (client credentials only, 900 s, no refresh token). That wrong
credentials answer 400 and a missing scope 403 "Scope validation failed" was seen live; the 401 bodies are inferred.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping

from .. import clock
from ..optional import scopes
from ..settings import APP_KEY, CLIENT_ID, CLIENT_SECRET, Settings
from .errors import ApiError, gateway, not_found


class Access:
    """The tokens handed out so far: token -> ticks of its end."""

    def __init__(self) -> None:
        self._tokens: dict[str, int] = {}

    def token(self, form: Mapping[str, str], authorization: str, now: int, settings: Settings) -> dict[str, object]:
        """The body of a good `/connect/token`. Raises ApiError(400)."""
        credentials = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        if credentials != (CLIENT_ID, CLIENT_SECRET):
            raise ApiError(400, {"error": "invalid_client"})
        if form.get("grant_type") != "client_credentials":
            raise ApiError(400, {"error": "unsupported_grant_type"})
        token = secrets.token_urlsafe(32)
        self._tokens[token] = now + int(settings.token_lifetime * clock.SECOND)
        granted = " ".join(scope for scope in scopes() if scope not in settings.removed_scopes)
        life = int(settings.token_lifetime)
        return {"access_token": token, "expires_in": life, "token_type": "Bearer", "scope": granted}

    def check(self, headers: Mapping[str, str], now: int) -> None:
        """Raises ApiError(401) unless there are a living bearer token and the app key."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or self._tokens.get(token, 0) <= now:
            raise gateway(401, "Unauthorized")
        if headers.get("st-app-key") != APP_KEY:
            raise gateway(401, "Access denied due to missing or invalid ST-App-Key.")

    def revoke_all(self) -> None:
        """Every token is bad from now on."""
        self._tokens.clear()


def check_tenant(tenant: str, settings: Settings) -> None:
    """Raises ApiError(404) for another tenant than the simulator's."""
    if tenant != settings.tenant_id:
        raise not_found()


def check_scope(scope: str, settings: Settings) -> None:
    """Raises ApiError(403) that names the scope."""
    if scope in settings.removed_scopes:
        raise gateway(403, f"Scope validation failed: the token lacks {scope}.")


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password

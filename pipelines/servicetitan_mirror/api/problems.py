"""What an answer other than a page means: an error that says what to do, or one that is worth another try.

| answer | what is done |
|---|---|
| 429, 408, 425, any 5xx, none at all, cut short | tried again for `patience` seconds (Transient) |
| a web page, no page at all, 2xx but 200, 3xx, 4xx but 400 | believed after DOUBTED tries (Doubtful) |
| 400 | believed: it names what the server does not like (RefusedParameters) |

A doubtful answer may come from something before ServiceTitan, or in the middle of a list that answered well before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import requests

from servicetitan_mirror.clock import parse_http_date, server_time
from servicetitan_mirror.config.reading import variable
from servicetitan_mirror.entities import Endpoint
from servicetitan_mirror.errors import BrokenListError, EndpointError, MirrorError, RefusedError

LONGEST_WAIT = 120.0  # seconds that one answer can make us wait, whatever it says
DOUBTED = 3  # times that a doubtful answer is met before it is believed
_PASSING = (requests.codes.request_timeout, requests.codes.too_early, requests.codes.too_many_requests)
_IN_THE_WAY = "a web page came instead of ServiceTitan's JSON: something before it answers, a firewall or a proxy"


class Transient(Exception):
    """Worth another try; `wait` is what the server asked for, in seconds."""

    def __init__(self, problem: str, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.wait = min(wait, LONGEST_WAIT)


class Doubtful(Exception):
    """Worth a few more tries; then `final` is what it means."""

    def __init__(self, final: MirrorError) -> None:
        super().__init__(str(final))
        self.final = final


class RefusedParameters(BrokenListError):
    """The server answers 400: it calls some of the request's parameters wrong; `names` are those it names."""

    def __init__(self, message: str, names: Iterable[str]) -> None:
        super().__init__(message)
        self.names = frozenset(names)


def asked_wait(answer: requests.Response, body: bytes | bytearray) -> float:
    """Seconds by the Retry-After header (seconds or a date), else by the title of a 429, else 0."""
    header = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header):
        return float(header)
    until, now = parse_http_date(header), server_time(answer)
    if until and now:
        return max((until - now).total_seconds(), 0.0)
    title = re.search(rb"[Tt]ry again in ([0-9]{1,9}) second", body[:1000])
    return float(title.group(1)) if title else 0.0


def is_web_page(answer: requests.Response, body: bytes | bytearray) -> bool:
    """Whether the answer is for a browser; ServiceTitan's own are JSON, but for the pages of an outage."""
    return "html" in answer.headers.get("Content-Type", "").lower() or body[:200].lstrip()[:1] == b"<"


def is_passing(answer: requests.Response) -> bool:
    """Whether the status says by itself that it will pass."""
    return answer.status_code in _PASSING or answer.status_code >= requests.codes.server_error


def problem(endpoint: Endpoint, answer: requests.Response, body: bytes | bytearray, tenant_id: int) -> Exception:
    """The error that an answer other than 200 means."""
    status, path = answer.status_code, endpoint.path
    if is_passing(answer):
        return Transient(f"answered {status}", asked_wait(answer, body))
    if status == requests.codes.bad_request and not is_web_page(answer, body):
        names = _named_parameters(body)
        named = f" and names {', '.join(names)}" if names else ""
        return RefusedParameters(f"{path}: answered 400{named}.", names)
    return Doubtful(_meaning(endpoint, answer, body, tenant_id))


def _meaning(endpoint: Endpoint, answer: requests.Response, body: bytes | bytearray, tenant_id: int) -> EndpointError:
    status, path = answer.status_code, endpoint.path
    if answer.is_redirect:
        return EndpointError(f"{path}: {redirected(answer)}")
    if status < requests.codes.multiple_choices:
        return BrokenListError(f"{path}: answered {status} without a page.")
    if is_web_page(answer, body):
        return EndpointError(f"{path}: {status}, but {_IN_THE_WAY}. Look at {variable('api_url')} and the network.")
    if status == requests.codes.unauthorized:
        return RefusedError(f"{path}: 401 with a fresh token. Look at {variable('app_key')}.")
    if status == requests.codes.forbidden:
        return EndpointError(
            f"{path}: 403. The app lacks the scope {endpoint.scope}: add it in ServiceTitan's developer portal and let "
            "the tenant's admin approve the new version."
        )
    if status == requests.codes.not_found:
        return RefusedError(
            f"{path}: 404. Look at {variable('tenant_id')} ({tenant_id}) and {variable('environment')}."
        )
    return BrokenListError(f"{path}: answered {status}.")


def redirected(answer: requests.Response) -> str:
    """A redirection in words; it is never followed, for it would carry the app key or the secret along."""
    host = urlsplit(answer.headers.get("Location", "")).hostname or "another path"
    return f"{answer.status_code} sends us to {host}, where no secret of ours goes. Look at {variable('api_url')}."


def in_the_way(answer: requests.Response, body: bytes | bytearray) -> str | None:
    """What stands between us and ServiceTitan, in words; None if the answer looks like ServiceTitan's."""
    if answer.is_redirect:
        return redirected(answer)
    return f"{answer.status_code}, but {_IN_THE_WAY}." if is_web_page(answer, body) else None


def _named_parameters(body: bytes | bytearray) -> list[str]:
    try:
        return sorted(map(str, json.loads(body)["errors"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return []

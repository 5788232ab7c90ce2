"""What an answer other than a page means: an error that says what to do, or worth another try."""

from __future__ import annotations

import re

import requests

from servicetitan_mirror.clock import server_time
from servicetitan_mirror.entities import Endpoint
from servicetitan_mirror.errors import BrokenListError, EndpointError, RefusedError
from servicetitan_mirror.settings import variable

LONGEST_WAIT = 120.0  # seconds that one answer can make us wait, whatever it says


class Transient(Exception):
    """Worth another try; `wait` is what the server asked for, in seconds."""

    def __init__(self, problem: str, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.wait = min(wait, LONGEST_WAIT)


def asked_wait(answer: requests.Response) -> float:
    """Seconds by the Retry-After header (seconds or a date), else by the title of a 429, else 0."""
    header = answer.headers.get("Retry-After", "")
    if re.fullmatch(r"\d+(\.\d+)?", header):
        return float(header)
    until = server_time(_Dated(header)) if header else None
    now = server_time(answer)
    if until and now:
        return max((until - now).total_seconds(), 0.0)
    title = re.search(rb"[Tt]ry again in (\d+) second", answer.content[:1000])
    return float(title.group(1)) if title else 0.0


def problem(endpoint: Endpoint, answer: requests.Response, tenant_id: int) -> Exception:
    """The error that an answer other than 200 means."""
    status = answer.status_code
    if status == requests.codes.too_many_requests or status >= requests.codes.server_error:
        return Transient(f"answered {status}", asked_wait(answer))
    if status == requests.codes.unauthorized:
        return RefusedError(f"{endpoint.path}: 401 with a fresh token. Look at {variable('app_key')}.")
    if status == requests.codes.forbidden:
        return EndpointError(
            f"{endpoint.path}: 403. The app lacks the scope {endpoint.scope}: add it in ServiceTitan's developer "
            "portal and let the tenant's admin approve the new version."
        )
    if status == requests.codes.not_found:
        return RefusedError(
            f"{endpoint.path}: 404. Look at {variable('tenant_id')} ({tenant_id}) and {variable('environment')}."
        )
    return BrokenListError(f"{endpoint.path}: answered {status}{_named_parameters(answer)}.")


def _named_parameters(answer: requests.Response) -> str:
    try:
        names = sorted(map(str, answer.json()["errors"]))
    except (ValueError, KeyError, TypeError):
        return ""
    return f" and names {', '.join(names)}"


class _Dated(requests.Response):
    """A header value as if it were a `Date`."""

    def __init__(self, date: str) -> None:
        super().__init__()
        self.headers["Date"] = date

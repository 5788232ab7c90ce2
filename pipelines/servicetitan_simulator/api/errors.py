"""The error answers, in the three shapes that ServiceTitan uses.

    ApiError
    ├── gateway(status, title)         {"status", "title"}: rate limit, unknown path, token, scope
    ├── invalid({parameter: text})     ApiErrorResponse with `errors`: a bad parameter
    └── not_found()                    ApiErrorResponse: no such record or tenant

The texts marked "live" in ServiceTitan clients' public sources are word for word; type and title of the 400 and 404
are the ASP.NET defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

UNKNOWN_PATH = "Unable to match incoming request to an operation."
_RFC = "https://tools.ietf.org/html/rfc7231#section-6.5."
_TRACE = "00-0000000000000000-00"


class ApiError(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = orjson.dumps(body)
        self.headers = dict(headers or {})


def gateway(status: int, title: str, headers: Mapping[str, str] | None = None) -> ApiError:
    """The short form that the gateway in front of the API uses."""
    return ApiError(status, {"status": status, "title": title}, headers)


def invalid(problems: Mapping[str, str]) -> ApiError:
    """400 that names each bad parameter."""
    return _application(400, "1", "One or more validation errors occurred.", {k: [v] for k, v in problems.items()})


def not_found() -> ApiError:
    """404 of the application, not of the gateway."""
    return _application(404, "4", "Not Found", {})


def _application(status: int, section: str, title: str, problems: Mapping[str, list[str]]) -> ApiError:
    head = {"type": _RFC + section, "title": title, "status": status, "traceId": _TRACE}
    return ApiError(status, {**head, "errors": problems, "data": {}})

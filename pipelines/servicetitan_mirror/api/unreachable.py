"""Why no answer came, in words: the host, and what the network said."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions

# What is wrong with the address itself: no patience helps.
WRONG_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidProxyURL,
    UnicodeError,
)


def cause(error: BaseException, url: str, seconds: float) -> str:
    """`api.servicetitan.io: the name cannot be resolved`; `seconds` is the limit of a call."""
    return f"{urlsplit(url).netloc.rpartition('@')[2]}: {_words(list(_chain(error)), seconds)}"


def _words(errors: list[BaseException], seconds: float) -> str:
    for kind, words in _KINDS:
        for error in errors:
            if isinstance(error, kind):
                reason = getattr(error, "verify_message", None) or getattr(error, "reason", None)
                detail = f" ({reason})" if isinstance(error, ssl.SSLError) and isinstance(reason, str) else ""
                return words.format(seconds=f"{seconds:g}") + detail
    return f"no answer ({type(errors[0]).__name__})"


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "its certificate is not valid"),
    (ssl.SSLError, "no secure connection"),
    (exceptions.NameResolutionError, "the name cannot be resolved"),
    (socket.gaierror, "the name cannot be resolved"),
    (requests.exceptions.ProxyError, "the proxy does not connect us"),
    (ConnectionRefusedError, "the connection is refused"),
    (exceptions.ConnectTimeoutError, "no connection within {seconds} seconds"),
    (requests.exceptions.ReadTimeout, "no answer within {seconds} seconds"),
    (exceptions.ReadTimeoutError, "no answer within {seconds} seconds"),
    (requests.exceptions.ContentDecodingError, "the answer cannot be unpacked"),
    (exceptions.ProtocolError, "the connection was cut"),
    (requests.exceptions.ChunkedEncodingError, "the connection was cut"),
    (ConnectionError, "the connection was cut"),
    (OSError, "no connection"),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it wraps and what caused it, as requests and urllib3 nest them."""
    seen: set[int] = set()
    left = [error]
    while left:
        error = left.pop(0)
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        wrapped = [getattr(error, "reason", None), *error.args]
        left += [each for each in wrapped if isinstance(each, BaseException)] + [error.__cause__, error.__context__]

"""One call of a webhook: it is answered within seconds or counts as not made, and no message names its address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from servicetitan_mirror.api.transport import Deadline, Session
from servicetitan_mirror.config.settings import Settings

SECONDS = 5.0  # for a call
LATEST = 2 * SECONDS  # for all of them: a name that cannot be resolved waits longer than any call may


def post(settings: Settings, url: str, text: str) -> str | None:
    """Write a text, as Slack's incoming webhooks and those made like them take it; returns what went wrong."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _call(settings, lambda session: session.post(url, json={"text": escaped}, timeout=SECONDS, stream=True))


def ping(settings: Settings, url: str, event: str = "") -> str | None:
    """Ask for a ping address, or for that of an event (`start`, `fail`) below it; returns what went wrong."""
    parts = urlsplit(url)
    path = "/".join(filter(None, [parts.path.rstrip("/"), event]))
    place = parts._replace(path=path).geturl()
    return _call(settings, lambda session: session.get(place, timeout=SECONDS, stream=True))


def at_once(calls: Sequence[Callable[[], str | None]]) -> list[str | None]:
    """What each of the calls returns; of those that are not back after LATEST seconds, that."""
    problems: list[str | None] = [_NO_ANSWER] * len(calls)

    def make(place: int) -> None:
        problems[place] = calls[place]()

    threads = [threading.Thread(target=make, args=[place], daemon=True) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LATEST)
    return [*problems]


def _call(settings: Settings, send: Callable[[Session], requests.Response]) -> str | None:
    try:
        with Session(settings) as session, Deadline(SECONDS), closing(send(session)) as answer:
            status = answer.status_code
    except (requests.RequestException, HTTPError, OSError, ValueError):  # whose texts name the address
        return _NO_ANSWER
    return None if status // 100 == 2 else f"answered {status}"


_NO_ANSWER = f"no answer within {SECONDS:g} seconds"

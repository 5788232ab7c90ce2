"""Headless Chromium, spoken to over a pipe by its own protocol, so that nothing but Debian's package is needed."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
OPTIONS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"


class Page:
    """One page of a browser."""

    def __init__(self, to_browser: int, from_browser: BufferedReader) -> None:
        self._out, self._in = to_browser, from_browser
        self._numbers, self._rest, self._session = itertools.count(1), b"", ""
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Log", "Runtime", "Network"):
            self.ask(f"{domain}.enable", {})

    def open(self, url: str, width: int = 1280, dark: bool = False) -> None:
        """Load it, as wide as that, in light or dark."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.ask("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.events.clear()
        self.ask("Page.navigate", {"url": url})
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """What an expression of JavaScript is in the page, a promise's result included."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        return self.ask("Runtime.evaluate", asked)["result"].get("value")

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        data = self.ask("Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
        path.write_bytes(base64.b64decode(data))

    def said(self) -> list[str]:
        """What the console shows since the page was opened: errors, and what the policy forbade."""
        return [
            event["params"]["entry"]["text"] if event["method"] == "Log.entryAdded" else json.dumps(event["params"])
            for event in self.events
            if event["method"] in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        ]

    def requested(self) -> list[str]:
        """The addresses that were asked for since the page was opened."""
        asked = [event for event in self.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in asked]

    def ask(self, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """One call of the browser's protocol."""
        number = next(self._numbers)
        call = {"id": number, "method": method, "params": parameters}
        os.write(self._out, json.dumps(call | ({"sessionId": self._session} if self._session else {})).encode() + b"\0")
        for message in self._messages():
            if message.get("id") == number:
                assert "result" in message, message
                return message["result"]
            self.events.append(message)
        raise EOFError("the browser has ended")

    def wait_for(self, method: str) -> None:
        """Wait until an event has come."""
        if not any(event.get("method") == method for event in self.events):
            for message in self._messages():
                self.events.append(message)
                if message.get("method") == method:
                    return

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" not in self._rest:
                part = self._in.read1(1 << 20)
                if not part:
                    return
                self._rest += part
            message, self._rest = self._rest.split(b"\0", 1)
            yield json.loads(message)


@contextmanager
def browser() -> Iterator[Page]:
    """A browser of its own, with one page."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = f"exec {CHROMIUM} {OPTIONS} --user-data-dir='{profile}' 3<&{theirs_in} 4>&{theirs_out}"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(["bash", "-c", command], pass_fds=(theirs_in, theirs_out), **quiet)
        os.close(theirs_in)
        os.close(theirs_out)
        with os.fdopen(ours_in, "rb") as answers, os.fdopen(ours_out, "wb") as calls:
            try:
                yield Page(calls.fileno(), answers)
            finally:
                process.terminate()
                process.wait()

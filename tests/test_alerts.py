"""Alerts: each condition is said once to each webhook, and once when it is over; no webhook harms a sync."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mirror import CREDENTIALS, Mirror
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.errors import MirrorError
from servicetitan_mirror.operation import webhooks
from servicetitan_mirror.operation.announcer import Announcer
from servicetitan_mirror.operation.standing import standing
from servicetitan_mirror.options import Options
from servicetitan_mirror.sync import Sync
from test_worker import end, start_worker, wait_for

LACKING = (
    "campaigns: marketing/campaigns: 403. The app lacks the scope tn.mrk.campaigns:r: add it in ServiceTitan's "
    "developer portal and let the tenant's admin approve the new version."
)
DEAD = "http://127.0.0.1:9/hush"


class Listener:
    """A web server that answers by path; `heard` are the calls: path and the JSON that was posted, if any was."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                listener.heard.append((self.path, json.loads(body) if body else None))
                if self.path == "/slow":
                    time.sleep(2)
                self.send_response({"/moved": 302, "/broken": 500}.get(self.path, 204))
                self.send_header("Location", "/ok")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, format: str, *values: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def texts(self, path: str = "/ok") -> list[str]:
        """What a webhook was told since it was last asked, as texts."""
        texts = [said["text"] for where, said in self.heard if where == path]
        self.heard = [call for call in self.heard if call[0] != path]
        return texts


@pytest.fixture
def listener() -> Iterator[Listener]:
    running = Listener()
    yield running
    running.server.shutdown()
    running.server.server_close()


def sync(mirror: Mirror, **options: Any) -> list[str]:
    """A sync as the command runs it; what it said of its alerts."""
    said: list[str] = []
    announcer = Announcer(mirror.configured(), said.append, mirror.warehouse)
    try:
        running = Sync(mirror.configured(), mirror.warehouse, mirror.root, Options(**options), None, announcer.began)
        announcer.ended(all(outcome.status == "completed" for outcome in running.run()))
    except MirrorError:
        announcer.ended(well=False)
    return said


def text(mirror: Mirror, *lines: str) -> str:
    name = mirror.configured().tenant
    named = f"{name} ({mirror.source.tenant_id})" if name else mirror.source.tenant_id
    return "\n".join([f"ServiceTitan mirror, tenant {named}:", *lines])


def test_what_is_wrong_is_said_once_and_once_when_it_is_over(mirror: Mirror, listener: Listener) -> None:
    mirror.settings |= {"alert_urls": f"{listener.url}/ok", "ping_url": f"{listener.url}/ping", "tenant": "north"}
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    assert sync(mirror) + sync(mirror) == []
    assert [call for call in listener.heard if call[0] == "/ok"] == [("/ok", {"text": text(mirror, f"• {LACKING}")})]
    assert listener.texts() == [text(mirror, f"• {LACKING}")]
    mirror.source.settings(removed_scopes=[])
    sync(mirror)
    sync(mirror)
    assert listener.texts() == [text(mirror, "No longer:", f"• {LACKING}")]
    assert [path for path, _ in listener.heard[4:]] == ["/ping/start", "/ping", "/ping/start", "/ping"]
    assert mirror.rows("select kind, subject, sentence, said_at <= over_at from st_alerts") == [
        ("failed", "campaigns", LACKING.partition(": ")[2], True)
    ]


def test_each_condition_is_said(mirror: Mirror, listener: Listener) -> None:
    mirror.settings |= {"alert_urls": f"{listener.url}/ok", "alert_max_age": "1h"}
    jobs, customers = mirror.listed("jobs"), mirror.listed("customers")
    mirror.source.delete("payments", ids=[payment["id"] for payment in mirror.listed("payments")[:25]])
    mirror.source.set("jobs", jobs[0]["id"], {"paidBy": "<Ann> & Bo"})
    mirror.source.set("jobs", jobs[1]["id"], {"paidBy": None, "total": "a lot"})
    mirror.source.raw("customers", customers[0]["id"], '{"name": "no id", "modifiedOn": "2030-01-01T00:00:00Z"}')
    mirror.rows("update raw_servicetitan.sync_log set status = 'started' where module = 'invoices'")
    mirror.rows("update raw_servicetitan.sync_cursors set cursor = '2026-01-31 06:00+00' where entity = 'estimates'")
    sync(mirror, full=True)
    first, second = listener.texts()
    assert first.splitlines()[1] == "• invoices: was cut off; the next sync goes on from there"
    assert first.splitlines()[2].startswith("• st_estimates: the data is ")
    assert second == text(
        mirror,
        "• payments: 25 records no longer listed, so none is marked as deleted: too many at once. If they are really "
        "gone, run once: SOURCES__SERVICETITAN__MAX_DELETED_SHARE=1 servicetitan --full --only payments",
        "• st_customers: 1 record could not land: see st_rejected_records",
        "• st_jobs: 1 value could not be converted: see st_sync_failures",
        "• jobs.paidBy: came, and ServiceTitan's specification of May 2026 does not know it: see st_schema_drift",
        "• jobs.total: came with another type than ServiceTitan's specification of May 2026 has: see st_schema_drift",
        "No longer:",
        *(line for line in first.splitlines()[1:]),
    )


def test_refused_credentials_are_said_once_however_many_modules_wait_for_them(
    mirror: Mirror, listener: Listener
) -> None:
    mirror.settings |= {"alert_urls": f"{listener.url}/ok", "client_secret": "cs1.wrong"}
    sync(mirror)
    sync(mirror)
    assert listener.texts() == [
        text(
            mirror,
            f"• token: ServiceTitan refuses the client id or secret ({mirror.source.url}/connect/token answered 400). "
            "Look at SOURCES__SERVICETITAN__CLIENT_ID and SOURCES__SERVICETITAN__CLIENT_SECRET: both are bound to one "
            "tenant and one environment, so look at SOURCES__SERVICETITAN__ENVIRONMENT too.",
        )
    ]


def test_new_fields_are_no_problem_of_the_mirror(mirror: Mirror) -> None:
    mirror.source.set("jobs", mirror.listed("jobs")[0]["id"], {"paidBy": "Ann"})
    mirror.sync()
    with closing(mirror.warehouse.connect()) as connection:
        (state,) = standing(connection)
    said = "jobs: fields of records have come, gone or changed: see st_schema_drift"
    assert (state.ok, state.conditions, state.warnings) == (True, [], [said])


def test_a_webhook_that_fails_is_named_by_its_place_and_tried_again(
    mirror: Mirror, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.5)
    urls = [f"{listener.url}/{path}" for path in ("ok", "broken", "moved", "slow")]
    mirror.settings |= {"alert_urls": " ".join([*urls, DEAD]), "ping_url": DEAD}
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    again, silence = "The next sync tries again.", "no answer within 5 seconds"
    assert sorted(sync(mirror)) == [
        f"alert_urls, number 2: answered 500. {again}",
        f"alert_urls, number 3: answered 302. {again}",
        f"alert_urls, number 4: {silence}. {again}",
        f"alert_urls, number 5: {silence}. {again}",
        f"ping_url: {silence}.",
        f"ping_url: {silence}.",
    ]
    mirror.settings |= {"alert_urls": " ".join(urls[:3]), "ping_url": None}
    sync(mirror)
    listened = [path for path, _ in listener.heard]
    assert [listened.count(f"/{path}") for path in ("ok", "moved")] == [1, listened.count("/broken")]
    assert listened.count("/broken") >= 2


def test_the_command_alerts_and_names_no_webhook(mirror: Mirror, listener: Listener) -> None:
    mirror.source.settings(removed_scopes=["tn.mrk.campaigns:r"])
    urls = f"{listener.url}/ok, {listener.url}/hush?key=hush, {DEAD}"
    ran = mirror.command(
        "--debug", "sync", SOURCES__SERVICETITAN__ALERT_URLS=urls, SOURCES__SERVICETITAN__PING_URL=DEAD
    )
    assert (ran.returncode, listener.texts()) == (1, [text(mirror, f"• {LACKING}")])
    assert "alert_urls, number 3: no answer within 5 seconds. The next sync tries again." in ran.stderr
    assert "hush" not in ran.stdout + ran.stderr
    wrong = mirror.command("sync", SOURCES__SERVICETITAN__ALERT_URLS="http://example.com/hush")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "The environment variable SOURCES__SERVICETITAN__ALERT_URLS is wrong; it must be https addresses as the "
        "services show them, with commas between them (http:// only for this machine).\n",
    )


def test_the_worker_says_once_that_no_sync_can_begin_and_once_when_one_can(tmp_path: Path, listener: Listener) -> None:
    settings = {f"SOURCES__SERVICETITAN__{name.upper()}": "1" for name in CREDENTIALS}
    settings |= {"SOURCES__SERVICETITAN__ALERT_URLS": f"{listener.url}/ok", "HOME": str(tmp_path)}
    settings |= {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://nobody@127.0.0.1:9/none"}
    runs, mended = tmp_path / "runs", tmp_path / "mended"
    command = f"import os; open({str(runs)!r}, 'a').write('x'); raise SystemExit(not os.path.exists({str(mended)!r}))"
    worker = start_worker(command, **settings)
    wait_for(lambda: runs.exists() and runs.stat().st_size >= 3)
    mended.touch()
    wait_for(lambda: len(listener.heard) == 2)
    assert "ended with exit code 1\n" in end(worker)
    down, over = listener.texts()
    assert down.startswith("ServiceTitan mirror: no sync can begin. PostgreSQL cannot be reached: ")
    assert over == "ServiceTitan mirror: No longer: no sync could begin."


def test_several_webhooks_may_be_given_in_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CREDENTIALS:
        monkeypatch.setenv(f"SOURCES__SERVICETITAN__{name.upper()}", "1")
    two = ["https://a.example/x?y=1", "https://b.example"]
    for text in (json.dumps(two), ", ".join(two), " ".join(two)):
        monkeypatch.setenv("SOURCES__SERVICETITAN__ALERT_URLS", text)
        assert load_settings().webhooks == two
